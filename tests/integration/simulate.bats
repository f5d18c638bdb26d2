# shikaku simulate, as programs and people call it.

bats_require_minimum_version 1.5.0

@test "d4_ under all rules nobody falls through, and the report says so in both languages" {
    run --separate-stderr "$SHIKAKU" simulate --people 800 --months 15 --seed 4
    [ "$status" -eq 0 ]
    [[ "$output" == *だれも受診の手段を失わず*"Nobody was without a means"* ]]
    [[ "$output" == *2025-12*total*届出・登録待ち*"longest run in days"* ]]
    [ -z "$stderr" ] # no progress where nobody looks
}

@test "d4_ without group C somebody does, and the exit code says so" {
    run --separate-stderr "$SHIKAKU" simulate --people 2000 --months 15 --without T3 --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq '.seamless')" = false ]
    [ "$(echo "$output" | jq '.total.person_days.none > 0 and .total.papers.T3 == 0')" = true ]
    [ "$(echo "$output" | jq '[.total.none_by_reason[]] | add == '"$(echo "$output" |
        jq .total.person_days.none)")" = true ]
}

@test "the months add up, and the same order gives the same report" {
    "$SHIKAKU" simulate --people 500 --months 6 --seed 9 --json >"$BATS_TEST_TMPDIR/one"
    "$SHIKAKU" simulate --people 500 --months 6 --seed 9 --json >"$BATS_TEST_TMPDIR/two"
    cmp "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
    jq -e '(.by_month | length) == 6 and .by_month[0].month == "2024-10" and
        ([.by_month[].person_days.pending] | add) == .total.person_days.pending and
        ([.by_month[].events.death] | add) == .total.events.death' "$BATS_TEST_TMPDIR/one"
}

@test "the store can be kept, and must be empty" {
    "$SHIKAKU" simulate --people 300 --months 2 --store "$BATS_TEST_TMPDIR/kept.sqlite"
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/kept.sqlite" 'SELECT count(*) >= 300 FROM person')" = 1 ]
    run "$SHIKAKU" simulate --people 300 --months 2 --store "$BATS_TEST_TMPDIR/kept.sqlite"
    [ "$status" -ne 0 ]
}

@test "an unknown rule and a day out of range are named" {
    run "$SHIKAKU" simulate --people 100 --months 1 --without T9
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6401* ]]
    run "$SHIKAKU" simulate --people 100 --months 1 --from 2019-01-01
    [ "$status" -eq 2 ]
}
