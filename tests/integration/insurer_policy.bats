# D1, D4: what an insurer decides for itself (方針), as its clerk sets it and as the papers follow it.

setup_file() {
    export W=$(mktemp -d)
    export STORE="sqlite:$W/w/store.sqlite"
    "$SHIKAKU" world --people 300 --cards 0 --seed 5 --on 2026-11-25 --dir "$W/w" >/dev/null 2>&1
    export TOWN=139998
}

teardown_file() {
    rm -rf "$W"
}

policy() {
    local verb=$1
    shift
    "$SHIKAKU" insurer policy "$verb" --store "$STORE" --insurer "$@"
}

papers() {
    "$SHIKAKU" insurer papers --store "$STORE" --insurer "$@" --json
}

@test "d1_ what nobody set is the default, and is shown as such" {
    [ "$(policy show 06139992 --json | jq -c '[.valid_from, .gives_both, .certificate_years, .expiry_months]')" = \
        '[null,false,5,1]' ]
    [[ "$(policy show $TOWN)" == *7月31日* ]]
}

@test "d1_ settings hold from their day on, and what was set before stays" {
    policy set 06139992 --from 2026-12-01 --certificate-validity 4 >/dev/null
    policy set 06139992 --from 2027-04-01 --expiry-months 2 >/dev/null
    [ "$(policy show 06139992 --on 2026-11-30 --json | jq .certificate_years)" = 5 ]
    [ "$(policy show 06139992 --on 2026-12-01 --json | jq -c '[.certificate_years, .expiry_months]')" = '[4,1]' ]
    [ "$(policy show 06139992 --on 2027-04-01 --json | jq -c '[.certificate_years, .expiry_months]')" = '[4,2]' ]
    [ "$(policy show 06139992 --all --json | jq -c '[.[].valid_from]')" = '["2026-12-01","2027-04-01"]' ]
    policy set 06139992 --from 2026-12-01 --certificate-validity 3 >/dev/null
    [ "$(sqlite3 "$W/w/store.sqlite" 'SELECT certificate_years FROM insurer_policy_history')" = 4 ]
}

@test "d1_ what the law does not allow is refused in both languages, and nothing is set" {
    before=$(policy show 06139992 --all --json)
    run policy set 06139992 --certificate-validity 6
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6330*five\ years*5年以内* ]]
    run policy set 39139993 --certificate-validity 2
    [ "$status" -eq 2 ]
    run policy set 06139992 --expiry-months 4
    [ "$status" -eq 2 ]
    run policy set 06139992
    [ "$status" -eq 2 ]
    run policy set 06139990 --give-both yes
    [ "$status" -eq 2 ]
    [ "$(policy show 06139992 --all --json)" = "$before" ]
}

@test "d1_ a city that gives everybody a certificate does so from its day on, and not before (row 12)" {
    policy set $TOWN --from 2026-12-10 --give-both yes >/dev/null
    [ -z "$(papers $TOWN --on 2026-12-09 | jq -r 'select(.rule == "D1.both").key')" ]
    papers $TOWN --on 2026-12-10 >"$W/both"
    [ "$(jq -r 'select(.rule == "D1.both") | "\(.kind) \(.state) \(.valid_until)"' "$W/both" | sort -u)" = \
        'certificate due 2027-07-31' ]
}

@test "d1_ papers hold as long as their insurer says" {
    policy set $TOWN --from 2026-12-20 --certificate-validity 1 >/dev/null
    "$SHIKAKU" explain document --insurance community --birth 1984-02-03 --on 2026-12-20 \
        --applied 2026-12-20 --registered yes --certificate-validity 1 --json |
        jq -e '.documents[0].valid_until == "2027-12-19"'
    papers 06139992 --on 2026-12-31 >"$W/years"
    jq -rs '.[] | select(.kind == "certificate" and .due >= "2026-12-31") | "\(.valid_from) \(.valid_until)"' "$W/years" |
        while read -r from until; do
            [ "$(date -d "$from + 3 years - 1 day" +%F)" \> "$until" ] || [ "$(date -d "$from + 3 years - 1 day" +%F)" = "$until" ]
        done
}

@test "d4_ insurers that wait for the last month of the grace leave nobody without a means" {
    "$SHIKAKU" simulate --people 800 --months 15 --seed 4 --expiry-months 3 --json |
        jq -e '.seamless and .total.papers.T3 > 0'
}

@test "d4_ certificates that all end in July, or after a year, are followed in time" {
    for validity in july 1; do
        "$SHIKAKU" simulate --people 800 --months 15 --seed 4 --certificate-validity $validity --json |
            jq -e '.seamless'
    done
}
