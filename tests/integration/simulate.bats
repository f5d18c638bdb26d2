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

@test "d1_ each paper was issued through the register of papers, once, and that of a 75th birthday is there on the day" {
    store=$BATS_TEST_TMPDIR/papers.sqlite
    "$SHIKAKU" simulate --people 1500 --months 18 --seed 3 --store "$store" --json >"$BATS_TEST_TMPDIR/papers.json"
    total=$(jq '[.total.papers | to_entries[] | select(.key | test("^[TN]")) | .value] | add' "$BATS_TEST_TMPDIR/papers.json")
    [ "$total" -gt 1000 ]
    [ "$(sqlite3 "$store" 'SELECT count(*) FROM document WHERE issued > 0')" = "$total" ]
    [ "$(sqlite3 "$store" 'SELECT count(DISTINCT rule) FROM document')" -ge 8 ]
    # no two certificates that hold on one day for one membership
    [ "$(sqlite3 "$store" "SELECT count(*) FROM document a JOIN document b USING (person_id, kind, coverage_id)
        WHERE a.kind = 1 AND a.state = 2 AND b.state = 2 AND a.serial < b.serial
        AND a.valid_from <= b.valid_until AND b.valid_from <= a.valid_until")" = 0 ]
    birthdays="FROM coverage c JOIN person p USING (person_id) WHERE c.insurer LIKE '39%'
        AND c.held_from = p.birth + 750000 AND c.held_from BETWEEN 20250101 AND 20260301 AND c.held_until > c.held_from"
    [ "$(sqlite3 "$store" "SELECT count(*) $birthdays")" -gt 10 ]
    [ "$(sqlite3 "$store" "SELECT count(*) $birthdays AND NOT EXISTS (SELECT 1 FROM document d
        WHERE d.person_id = c.person_id AND d.insurer = c.insurer AND d.kind = 1
        AND d.issued BETWEEN 20240101 AND c.held_from - 1 AND c.held_from BETWEEN d.valid_from AND d.valid_until)")" = 0 ]
}

@test "an unknown rule and a day out of range are named" {
    run "$SHIKAKU" simulate --people 100 --months 1 --without T9
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6401* ]]
    run "$SHIKAKU" simulate --people 100 --months 1 --from 2019-01-01
    [ "$status" -eq 2 ]
}
