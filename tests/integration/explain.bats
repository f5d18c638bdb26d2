# shikaku number and shikaku explain: what a number is, which share, what a check answers and why.

setup_file() {
    export store=$BATS_FILE_TMPDIR/store.db
    "$EXPLAIN_STORE" "$store"
}

# by_numbers BIRTH OPTIONS...: the family's numbers, typed in another way than registered
by_numbers() {
    birth=$1
    shift
    run "$SHIKAKU" explain check --store "sqlite:$store" --insurer ' ０６139992' --symbol '12/34' \
        --number '５６７８' --birth "$birth" --on 2026-11-05 "$@"
}

by_card() {
    serial=$1
    shift
    run "$SHIKAKU" explain check --store "sqlite:$store" --issuer 1 --serial "$serial" \
        --on 2026-11-05 "$@"
}

# is CODE VALUE...: exit code, then the values of the JSON members .validity .rule
is() {
    [ "$status" -eq "$1" ]
    [ "$(echo "$output" | jq -r '"\(.validity // "none") \(.rule)"')" = "$2" ]
}

@test "E1: numbers that hold are valid, in both languages, without names" {
    by_numbers 1985-02-03
    [ "$status" -eq 0 ]
    [[ "$output" == *"規則 / rule: E1.valid"* ]]
    [[ "$output" == *"資格は有効です"* ]]
    [[ "$output" == *"the coverage holds on the day"* ]]
    [[ "$output" == *"出典 / source: E1"* ]]
    [[ "$output" == *"窓口では / at the desk:"* ]]
    [[ "$output" != *試験* ]]
}

@test "E1, E4: JSON names the decision, the share and, with consent, the limit" {
    by_numbers 1985-02-03 --json
    is 0 '1 E1.valid'
    [ "$(echo "$output" | jq -r '"\(.share) \(.share_rule) \(.limit) \(.from)"')" = \
        '30 E1.share_general null 2020-04-01' ]
    by_numbers 1985-02-03 --consent-limit --json
    [ "$(echo "$output" | jq -r .limit)" = A03 ]
}

@test "E1: lost, before the start, nobody and several are told with exit code 1" {
    by_numbers 1986-02-03 --json
    is 1 '2 E1.late_registration'
    [ "$(echo "$output" | jq -r '"\(.until) \(.unconfirmed)"')" = '2026-11-01 late_registration' ]
    by_numbers 1986-02-03 --json --on 2026-10-31
    is 0 '1 E1.valid'
    by_numbers 1986-02-03 --json --on 2020-03-31
    is 1 '4 E1.before_start'
    by_numbers 1999-09-09 --json
    is 1 '4 E1.none'
    by_numbers 2017-05-09 --json
    is 1 '5 E1.several'
    [ "$(echo "$output" | jq -r .remark)" = SKK-7005 ]
    by_numbers 2017-05-09 --branch ３ --json
    is 0 '1 E1.valid'
}

@test "E9: insurers that the system does not know" {
    by_numbers 1985-02-03 --json --insurer 03139995
    is 1 '4 E9.day_labourer'
    by_numbers 1985-02-03 --json --insurer 07139991 --on 2024-12-01
    is 1 '4 E9.before_sdf'
}

@test "K1, K2, K3, R1: a card's life decides, then its registration" {
    by_card 101 --json
    is 0 '1 E1.valid'
    [ "$(echo "$output" | jq -r '"\(.phase) \(.expires) \(.grace_ends)"')" = \
        'valid 2029-02-03 2029-05-31' ]
    by_card 103 --json
    is 0 '1 K2.grace'
    [ "$(echo "$output" | jq -r '"\(.phase) \(.remark)"')" = 'grace SKK-7002' ]
    by_card 102 --json
    is 1 'none K3.lapsed'
    [ "$(echo "$output" | jq -r '"\(.refusal) \(.unconfirmed)"')" = \
        'SKK-3008 certificate_not_renewed' ]
    by_card 105 --json
    is 1 'none R1.not_registered'
    by_card 999
    [ "$status" -eq 1 ]
    [[ "$output" == *SKK-3012* ]]
}

@test "explain check: wrong input is told with exit code 2, a missing store with 3" {
    run "$SHIKAKU" explain check --store "sqlite:$store" --insurer 06139992
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-9001* ]]
    by_numbers 1985-02-03 --insurer 06139993
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-1105* ]]
    by_numbers 1985-02-03 --symbol 123456789012345678901
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-1108* ]]
    by_numbers 1985-02-30
    [ "$status" -eq 2 ]
    by_card 101 --insurer 06139992
    [ "$status" -eq 2 ]
    run "$SHIKAKU" explain check --insurer 06139992 --number 1 --birth 1985-02-03
    [ "$status" -eq 2 ]
    run "$SHIKAKU" explain check --store "sqlite:$BATS_TEST_TMPDIR/none.db" --serial 1
    [ "$status" -eq 3 ]
    [ ! -e "$BATS_TEST_TMPDIR/none.db" ]
}

@test "number check: a verdict a number, exit code 1 where one is not good" {
    run "$SHIKAKU" number check insurer 06139992 139998
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 2 ]
    run "$SHIKAKU" number check insurer 06139992 06139993 77777777 12a
    [ "$status" -eq 1 ]
    [[ "${lines[0]}" == "06139992 good "* ]]
    [[ "${lines[1]}" == "06139993 wrong_check_digit "* ]]
    [[ "${lines[2]}" == "77777777 unknown_sentinel "* ]]
    [[ "${lines[3]}" == "12a not_digits "* ]]
    run "$SHIKAKU" number check --json institution 1319912349 1319912340
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq -c 'map(.verdict)')" = '["good","wrong_check_digit"]' ]
    run "$SHIKAKU" number check insurers 06139992
    [ "$status" -eq 2 ]
    run "$SHIKAKU" number check insurer
    [ "$status" -eq 2 ]
    run "$SHIKAKU" number check --json insurer $'\xff\xfe'
    [ "$status" -eq 2 ]
}

@test "number make: what is made is good, and a seed repeats it" {
    for kind in insurer institution public recipient individual; do
        "$SHIKAKU" number make $kind --count 200 --seed 5 >"$BATS_TEST_TMPDIR/first"
        "$SHIKAKU" number make $kind --count 200 --seed 5 | cmp - "$BATS_TEST_TMPDIR/first"
        [ "$(sort -u "$BATS_TEST_TMPDIR/first" | wc -l)" -gt 190 ]
        xargs "$SHIKAKU" number check $kind <"$BATS_TEST_TMPDIR/first" >/dev/null
    done
    [ "$("$SHIKAKU" number make recipient)" != "$("$SHIKAKU" number make recipient)" ]
    run "$SHIKAKU" number make recipient --count 0
    [ "$status" -eq 2 ]
}

@test "explain number: the right check digit and whose number it is" {
    run "$SHIKAKU" explain number insurer 06139993 --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq -r '"\(.verdict) \(.check_digit)"')" = 'wrong_check_digit 2' ]
    run "$SHIKAKU" explain number insurer 39139993
    [ "$status" -eq 0 ]
    [[ "$output" == *後期高齢者医療* ]]
    run "$SHIKAKU" explain number insurer ''
    [ "$status" -eq 1 ]
}

@test "explain rule: one by its id, all without, each with source and desk" {
    run "$SHIKAKU" explain rule K2.grace
    [ "$status" -eq 0 ]
    [[ "$output" == *"規則 / rule: K2.grace"*"出典 / source: K2"*"窓口では / at the desk:"* ]]
    run "$SHIKAKU" explain rule
    [[ "$output" == *"E1.valid"*"資格は有効です"* ]]
    run "$SHIKAKU" explain rule --json
    [ "$(echo "$output" | jq 'map(select(.source and .desk_ja and .desk_en)) | length')" -gt 20 ]
    for wrong in K9.none '' 'E1.valid ' E1; do
        run "$SHIKAKU" explain rule "$wrong"
        [ "$status" -eq 2 ]
    done
}

@test "explain policy: every value has its source" {
    run "$SHIKAKU" explain policy
    [[ "$output" == *"OLD_CARD_LAST_DAY"*"20251201"* ]]
    run "$SHIKAKU" explain policy --json
    [ "$(echo "$output" | jq '.[] | select(.name == "REFORM_DAY").value')" -eq 20241202 ]
    [ "$(echo "$output" | jq 'map(select(.source == null)) | length')" -eq 0 ]
}

@test "a group of commands has help" {
    run "$SHIKAKU" explain --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"explain check"*"explain copayment"* ]]
    [[ "$output" != *"number make"* ]]
    for wrong in expl explainer ''; do
        run "$SHIKAKU" "$wrong" --help
        [ "$status" -eq 2 ]
    done
}

@test "explain copayment: share, rule and the days it changes" {
    run "$SHIKAKU" explain copayment --birth 1955-09-01 --on 2025-08-31 --json
    [ "$status" -eq 0 ]
    [ "$(echo "$output" | jq -r '"\(.share) \(.rule) \(.elderly_first)"')" = \
        '30 E1.share_general 2025-09-01' ]
    run "$SHIKAKU" explain copayment --birth 1955-09-01 --on 2025-09-01 --certificate-share 30 --json
    [ "$(echo "$output" | jq -r '"\(.share) \(.rule)"')" = '30 E4.share_elderly' ]
    run "$SHIKAKU" explain copayment --birth 1990-01-01 --kind 05 --json
    [ "$(echo "$output" | jq -r '"\(.share) \(.rule)"')" = '100 E1.share_special_expense' ]
    run "$SHIKAKU" explain copayment --birth 1944-02-03 --insurer 39139993 --certificate-share 20 --json
    [ "$(echo "$output" | jq -r '"\(.share) \(.rule)"')" = '20 E1.share_late_elderly' ]
    run "$SHIKAKU" explain copayment --birth 2022-02-03 --on 2026-11-05
    [[ "$output" == *"未就学児は2割負担"* ]]
    for wrong in '--birth 2022-02-30' '--on 2026-11-05' '--birth 1990-01-01 --law 5' \
        '--birth 1990-01-01 --insurer 06139993' '--birth 1990-01-01 --certificate-share 101'; do
        run "$SHIKAKU" explain copayment $wrong
        [ "$status" -eq 2 ]
    done
}
