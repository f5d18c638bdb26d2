# D1, D2: who gets which paper, as the insurer's clerk sees it: shikaku insurer papers and need.

setup_file() {
    export W=$(mktemp -d)
    export STORE="sqlite:$W/store.sqlite"
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$W/link.key"
    chmod 600 "$W/link.key"
    cat >"$W/file.csv" <<'ROWS'
H,1,06139992,20261105,5
P,N,A-1,,,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,1009999,架空区１,1,
Q,N,A-1,,20261103,１２,345,00,1,髙橋　ハナ,20261101,,,,
P,N,A-2,,,983205673214,架空　次郎,ｶｸｳ ｼﾞﾛｳ,,,1,,19790405,1009999,架空区２,1,
Q,N,A-2,,20261103,１２,346,00,1,架空　次郎,20261101,,,,
F,N,A-2,,,0,1,20261105,
ROWS
    echo "T,5,$(sha256sum "$W/file.csv" | cut -c1-64)" >>"$W/file.csv"
    "$SHIKAKU" insurer load "$W/file.csv" --store "$STORE" --create --link-key "$W/link.key" --today 2026-11-05 >&2
}

teardown_file() {
    rm -rf "$W"
}

papers() {
    "$SHIKAKU" insurer papers --store "$STORE" --insurer 06139992 --json "$@"
}

@test "d1_ a new member without a registered card is owed a certificate, and is told why and by when" {
    result=$(papers --on 2026-11-05 | jq -r 'select(.key == "A-1") | "\(.kind) \(.trigger) \(.state) \(.rule)"')
    [[ "$result" == "certificate T"*" due D1."* ]]
    [ "$(papers --on 2026-11-05 | jq -r 'select(.key == "A-1") | .latest >= .due and .valid_until > "2027"')" = true ]
}

@test "d1_ what is issued is issued once: the same day again tells the same, the next day nothing" {
    [ "$(papers --on 2026-11-05 --issue | jq -r 'select(.key == "A-1") | "\(.state) \(.issued)"')" = 'issued 2026-11-05' ]
    [ "$(papers --on 2026-11-05 --issue | jq -r 'select(.key == "A-1").state')" = issued ]
    [ -z "$(papers --on 2026-11-06 --issue | jq -r 'select(.key == "A-1").state')" ]
    [ "$(sqlite3 "$W/store.sqlite" "SELECT COUNT(*) FROM document WHERE state = 2")" = 1 ]
}

@test "d1_ a protected person's certificate waits until the address was made sure of" {
    [ "$(papers --on 2026-11-07 --issue | jq -r 'select(.key == "A-2") | "\(.trigger) \(.state)"')" = 'T5 due' ]
    "$SHIKAKU" insurer need --store "$STORE" --insurer 06139992 --need address_checked --since 2026-11-08 A-2
    [ "$(papers --on 2026-11-08 --issue | jq -r 'select(.key == "A-2") | "\(.trigger) \(.state)"')" = 'T5 issued' ]
}

@test "d1_ what is no member or no need is said, and does not keep the others out" {
    run "$SHIKAKU" insurer need --store "$STORE" --insurer 06139992 --need helper --since 2026-11-08 nobody A-1
    [ "$status" = 1 ]
    [[ "$output" == *"SKK-6307"*"A-1	ok"* ]]
    run "$SHIKAKU" insurer need --store "$STORE" --insurer 06139992 --need wish A-1
    [ "$status" = 2 ]
    run "$SHIKAKU" insurer papers --store "$STORE" --insurer 06139993
    [ "$status" = 2 ]
}
