# shikaku insurer: registration files as a clerk loads them, and what the desk is answered then.

setup_file() {
    export FILES=$BATS_FILE_TMPDIR/files
    export KEY=$BATS_FILE_TMPDIR/link.key
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$KEY"
    chmod 600 "$KEY"
    "$SHIKAKU" insurer sample --dir "$FILES" --people 0 --on 2026-11-05
}

setup() {
    export STORE=sqlite:$BATS_TEST_TMPDIR/store.sqlite
    export REPLY=$BATS_TEST_TMPDIR/reply.csv
}

# load FILE OPTIONS...
load() {
    file=$1
    shift
    "$SHIKAKU" insurer load "$file" --store "$STORE" --link-key "$KEY" --reply "$REPLY" \
        --today 2026-11-05 "$@"
}

# sealed FILE: rows on standard input, header and trailer around them
sealed() {
    cat >"$BATS_TEST_TMPDIR/rows"
    count=$(wc -l <"$BATS_TEST_TMPDIR/rows")
    { echo "H,1,${insurer:-06139992},20261105,$count"; cat "$BATS_TEST_TMPDIR/rows"; } >"$1"
    hash=$(sha256sum "$1" | cut -c1-64)
    echo "T,$count,$hash" >>"$1"
}

rows_of() {
    sed '1d;$d' "$1"
}

# validity INSURER SYMBOL NUMBER BIRTH OPTIONS...
validity() {
    "$SHIKAKU" explain check --store "$STORE" --insurer "$1" --symbol "$2" --number "$3" \
        --birth "$4" --on 2026-11-05 --json "${@:5}" | jq -r .validity
}

@test "E1, E4: files of the cast, loaded into an empty store, answer checks as documented" {
    for file in "$FILES"/06139992.csv "$FILES"/139998.csv; do
        load "$file" --create >/dev/null
    done
    [ "$(validity 06139992 架電12 12345 1985-05-10)" = 1 ]
    [ "$(validity 06139992 架電13 777 1992-09-17)" = 2 ] ||
        [ "$(validity 06139992 架電13 777 1992-09-17)" = 3 ]
    [ "$(validity 06139992 架電12 99999 1985-05-10)" = 4 ]
    [ "$("$SHIKAKU" insurer status --store "$STORE" --json | jq -r '.[].state_en' | sort -u)" = done ]
}

@test "E1: three wrong rows are three refusals that say what to correct; exit code 1" {
    rows_of "$FILES/06139992.csv" >"$BATS_TEST_TMPDIR/good"
    {
        cat "$BATS_TEST_TMPDIR/good"
        echo 'P,N,bad-1,,,123456789012,架空　太郎,ｶｸｳ ﾀﾛｳ,,,1,,19800203,,架空区１,1,'
        echo 'C,U,1,,,,20251131,,,'
        echo 'L,N,1,,,01,B01,20260801,20260801,20270731,'
    } | sealed "$BATS_TEST_TMPDIR/file.csv"
    run load "$BATS_TEST_TMPDIR/file.csv" --create --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq .refused)" = 3 ]
    good=$(wc -l <"$BATS_TEST_TMPDIR/good")
    [ "$(echo "$output" | jq '.accepted + .warned')" = "$good" ]
    [ "$(grep -c '^[0-9]*,2,' "$REPLY")" = 3 ]
    grep -q "^$((good + 1)),2,SKK-6030,individual_number,\"個人番号が誤っています" "$REPLY"
    grep -q "^$((good + 2)),2,SKK-6026,issued," "$REPLY"
    grep -q "^$((good + 3)),2,SKK-6037,category,.*The class does not fit the age" "$REPLY"
    rows=$((good + 3))
    [ "$(tail -n 1 "$REPLY" | cut -d, -f1-3,6)" = \
        "T,$rows,$(head -n -1 "$REPLY" | sha256sum | cut -c1-64),3" ]
    [ "$(wc -l <"$REPLY")" = $((good + 5)) ]
    ! grep -q 123456789012 "$REPLY"
}

@test "E1: the same file again changes nothing" {
    load "$FILES/06139992.csv" --create >/dev/null
    before=$(sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" .dump | sha256sum)
    run load "$FILES/06139992.csv" --json
    [ "$status" -eq 0 ]
    [ "$(echo "$output" | jq .loaded_before)" = true ]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" .dump | sha256sum)" = "$before" ]
}

@test "E1: a file that is cut off, or another insurer's, is refused as a whole; exit code 2" {
    size=$(wc -c <"$FILES/06139992.csv")
    head -c $((size - 70)) "$FILES/06139992.csv" >"$BATS_TEST_TMPDIR/cut.csv"
    run load "$BATS_TEST_TMPDIR/cut.csv" --create
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6003* ]]
    run load "$FILES/06139992.csv" --insurer 139998
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-6002* ]]
    run load "$BATS_TEST_TMPDIR/no-such-file.csv"
    [ "$status" -ne 0 ]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" 'SELECT COUNT(*) FROM person')" = 0 ]
}

@test "E1: an item lost by many stops the file until that is confirmed" {
    load "$FILES/06139992.csv" --create >/dev/null
    rows_of "$FILES/06139992.csv" | sed -n 's/^C,N,\([^,]*\),.*/C,U,\1,,,,-,-,-,/p' |
        sealed "$BATS_TEST_TMPDIR/loses.csv"
    run load "$BATS_TEST_TMPDIR/loses.csv"
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-6007* ]]
    [[ "$output" == *--confirm-mass-change* ]]
    run "$SHIKAKU" insurer status --store "$STORE" --insurer 06139992
    [[ "$output" == *mass-change* ]]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" \
        'SELECT COUNT(*) FROM coverage_history')" = 0 ]
    load "$BATS_TEST_TMPDIR/loses.csv" --confirm-mass-change >/dev/null
}

@test "E1: a dry run answers each row and keeps nothing" {
    load "$FILES/06139992.csv" --create --dry-run >/dev/null
    [ "$(wc -l <"$REPLY")" = "$(wc -l <"$FILES/06139992.csv")" ]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" 'SELECT COUNT(*) FROM person')" = 0 ]
}

@test "E9: day labourers have no file, and one of theirs is refused" {
    [ -z "$(ls "$FILES" | grep -E '^0[34]......\.csv')" ]
    insurer=03130010
    rows_of "$FILES/139998.csv" | sealed "$BATS_TEST_TMPDIR/file.csv"
    run load "$BATS_TEST_TMPDIR/file.csv" --create
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6009* ]]
}

@test "E1: what was answered on a day, and why, is told after the coverage was cancelled" {
    sealed "$BATS_TEST_TMPDIR/new.csv" <<'END'
P,N,k1,20261101,20261103,123456789018,架空　花子,ｶｸｳ ﾊﾅｺ,,,2,2,19850510,100-9999,東京都架空区見本町１－２－３,1,
Q,N,k1,20261101,20261103,架12,345,01,1,架空　花子,20261101,,,,
END
    sealed "$BATS_TEST_TMPDIR/cancel.csv" <<'END'
Q,X,k1,20261101,20261119,,,,,,,,,,
END
    load "$BATS_TEST_TMPDIR/new.csv" --create
    "$SHIKAKU" insurer load "$BATS_TEST_TMPDIR/cancel.csv" --store "$STORE" --link-key "$KEY" \
        --today 2026-11-20
    person=$(sqlite3 "${STORE#sqlite:}" 'SELECT person_id FROM person')
    told() {
        run "$SHIKAKU" explain check --store "$STORE" --person "$person" --on 2026-11-05 --json "$@"
                [ "$(jq -r '"\(.validity) \(.rule)"' <<<"$output")" = "$answer" ]
    }
    answer='1 E1.valid' told --known 2026-11-05
    answer='1 E1.valid' told --known 2026-11-19T23:00:00.000000Z
    answer='4 E1.none' told --known 2026-11-20
    answer='4 E1.none' told
    run "$SHIKAKU" explain check --store "$STORE" --person "$person" --known 2026-11-04
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-6209* ]]
    run "$SHIKAKU" explain check --store "$STORE" --person "$person" --known yesterday
    [ "$status" = 2 ]
    [[ "$output" == *"--known: a day"* ]]
}

# kill_until_done START STEP: loads file.csv into a new store again and again, each time killed START
# and 0 to 6 times STEP milliseconds after its beginning, until one load ends first; $kills tells how many
kill_until_done() {
    rm -f "$REPLY"* "${STORE#sqlite:}"*
    load "$FILES/139998.csv" --create --dry-run >/dev/null # makes the schema
    rm -f "$REPLY"
    for ((kills = 0; kills < 100; kills++)); do
        "$SHIKAKU" insurer load "$BATS_TEST_TMPDIR/file.csv" --store "$STORE" --link-key "$KEY" \
            --reply "$REPLY" --today 2026-11-05 --checkpoint 150 >/dev/null 2>&1 3>&- &
        pid=$!
        delay=$(($1 + $2 * (kills % 7)))
        sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
        kill -9 "$pid" 2>/dev/null || break
        wait "$pid" 2>/dev/null || true
    done
}

# A kill -9 at any time, then the same command: --today holds the clock, so every byte can be told.
@test "E1: a load killed at many points goes on to the same reply and the same store" {
    "$SHIKAKU" insurer sample --dir "$BATS_TEST_TMPDIR/many" --people 6000 --seed 9 \
        --on 2026-11-05 >/dev/null
    for file in $(ls -S "$BATS_TEST_TMPDIR"/many/*.csv | head -n 20); do
        rows_of "$file" | sed "s/^\(.\),N,/\1,N,$(basename "$file" .csv)-/"
    done >"$BATS_TEST_TMPDIR/all"
    sealed "$BATS_TEST_TMPDIR/file.csv" <"$BATS_TEST_TMPDIR/all"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/all")" -gt 2000 ]

    begun=$(date +%s%3N)
    run load "$BATS_TEST_TMPDIR/file.csv" --create --checkpoint 150
    whole=$(($(date +%s%3N) - begun))
    [ "$status" -le 1 ]
    mv "$REPLY" "$BATS_TEST_TMPDIR/wanted.csv"
    begun=$(date +%s%3N)
    run load "$BATS_TEST_TMPDIR/file.csv" # done before: what starting and checking takes
    start=$(($(date +%s%3N) - begun))
    sqlite3 "$BATS_TEST_TMPDIR/store.sqlite" .dump >"$BATS_TEST_TMPDIR/wanted.sql"

    # A machine that got faster since the measurement leaves few kills: then again, in smaller steps.
    STORE=sqlite:$BATS_TEST_TMPDIR/killed.sqlite
    for steps in 40 120 360; do
        kill_until_done "$start" $(((whole - start) / steps))
        echo "# $kills kills; starting $start ms, all $whole ms in $steps steps"
        [ "$kills" -lt 5 ] || break
    done
    [ "$kills" -ge 5 ]
    run load "$BATS_TEST_TMPDIR/file.csv" --checkpoint 150
    [ "$status" -le 1 ]
    cmp "$REPLY" "$BATS_TEST_TMPDIR/wanted.csv"
    sqlite3 "$BATS_TEST_TMPDIR/killed.sqlite" .dump | cmp - "$BATS_TEST_TMPDIR/wanted.sql"
}
