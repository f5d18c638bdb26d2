# R2, R3: what an insurer enters at its terminal, and what it is told.

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    export STORE="sqlite:$DIR/store.db"
}

teardown_file() {
    rm -rf "$DIR"
}

# deregister OPTIONS...: of the society, its JSON lines in result
deregister() {
    status=0
    result=$("$SHIKAKU" insurer deregister --store "$STORE" --insurer 06139992 --json "$@") ||
        status=$?
}

@test "r2_ a request is accepted once, and its days are told" {
    deregister --on 2026-11-10 12-345-01
    [ "$status" = 0 ]
    [ "$(jq -r '"\(.code) \(.executes) \(.list_from) \(.certificate) \(.again)"' <<<"$result")" = \
        'ok 2026-12-31 2027-01-01 true false' ]
    deregister --on 2026-11-10 12-345-01
    [ "$(jq -r '"\(.code) \(.again)"' <<<"$result")" = 'ok true' ]
}

@test "r3_ another request meets an error that tells the dates and no insurer" {
    deregister --on 2026-11-12 12-345-01
    [ "$status" = 1 ]
    [ "$(jq -r '"\(.code) \(.received) \(.executes) \(.certificate)"' <<<"$result")" = \
        'SKK-6302 2026-11-10 2026-12-31 true' ]
    ! grep -q 06139992 <<<"$result"
}

@test "r2_ it is withdrawn to the day before it is carried out" {
    deregister --on 2026-12-31 --withdraw 12-345-01
    [ "$(jq -r .code <<<"$result")" = SKK-6305 ]
    deregister --on 2026-12-30 --withdraw 12-345-01
    [ "$status" = 0 ]
    deregister --on 2026-12-30 --withdraw 12-345-01
    [ "$(jq -r .code <<<"$result")" = SKK-6303 ]
}

@test "r2_ a file is entered row by row, a wrong row does not keep the others out" {
    printf '%s\n' '# key,requested,proxy' 12-345-01,20261201,1 12-1-01 nothing \
        12-345-01,20269901 '12-777-02, 2026-12-02 ,' >"$DIR/requests.csv"
    deregister --on 2026-12-03 --file "$DIR/requests.csv"
    [ "$status" = 1 ]
    [ "$(jq -r .code <<<"$result" | tr '\n' ' ')" = 'ok SKK-6306 SKK-6307 SKK-6310 ok ' ]
    grep -q 'line 5: requested' <<<"$result"
    [ "$(sqlite3 "$DIR/store.db" "SELECT person_id, requested, received, channel, proxy, state
        FROM deregistration_request WHERE state = 2" | tr '\n' ' ')" = \
        '1|20261201|20261203|2|1|2 2|20261202|20261203|2|0|2 ' ]
    deregister --on 2024-10-27 12-888-01
    [ "$(jq -r .code <<<"$result")" = SKK-6301 ]
}

@test "r2_ what is no insurer, no file, no key is said at once" {
    run "$SHIKAKU" insurer deregister --store "$STORE" --insurer 123 1-2-3
    [ "$status" = 2 ]
    run "$SHIKAKU" insurer deregister --store "$STORE" --insurer 06139992
    [ "$status" = 2 ]
    printf '\377\n' >"$DIR/wrong.csv"
    run "$SHIKAKU" insurer deregister --store "$STORE" --insurer 06139992 --file "$DIR/wrong.csv"
    [ "$status" -ne 0 ]
}
