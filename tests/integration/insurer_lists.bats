# shikaku insurer overdue, over a small store: what insurers are told of late registrations.

setup_file() {
    export W=$(mktemp -d)
    export STORE=sqlite:$W/store.db
    "$LIST_STORE" "$STORE"
}

teardown_file() {
    rm -rf "$W"
}

# overdue OPTIONS...: JSON lines
overdue() {
    "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --json "$@"
}

@test "e1_ the delay of an employer and that of the insurer are told apart" {
    overdue --insurer 06139992 >"$W/rows"
    [ "$(jq -r 'select(.kind == "event") | "\(.symbol) \(.key) \(.event) \(.notice_days) \(.registration_days) \(.registered)"' "$W/rows" | sort)" = \
"乙 K-3 loss 4 10 null
甲 K-1 acquisition 9 0 2026-10-20
甲 K-2 acquisition 0 3 2026-10-14" ]
    [ "$(jq -r 'select(.kind == "office") | "\(.symbol) \(.events) \(.notices_late) \(.notice_days_most) \(.registrations_late) \(.registration_days_most) \(.open)"' "$W/rows" | sort)" = \
"乙 1 1 4 1 10 1
甲 2 1 9 1 3 0" ]
    [ "$(jq -r 'select(.kind == "insurer") | "\(.name) \(.notifier) \(.events) \(.open)"' "$W/rows")" = \
        '架空健康保険組合 employer 3 1' ]
}

@test "e1_ all insurers are counted; a household has fourteen days" {
    overdue >"$W/rows"
    [ "$(jq -r '"\(.kind) \(.insurer) \(.notifier) \(.events) \(.notice_days_most)"' "$W/rows")" = \
"insurer 06139992 employer 3 9
insurer 139998 household 1 6
total null null 4 null" ]
    [ "$(overdue --insurer 139998 | jq -r 'select(.kind == "event") | .key')" = -345-01 ]
    [ "$("$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-26 --insurer 01139997 --json |
        jq -r 'select(.kind == "event") | "\(.registration_days) \(.registered)"')" = '1 null' ]
    [ "$(overdue --since 2026-02-01 --insurer 06139992 | jq -r 'select(.key == "K-5") | .notice_days')" = 54 ]
}

@test "the clerk reads the list in both languages, and nobody's name" {
    run "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --insurer 06139992
    [ "$status" -eq 0 ]
    [[ "$output" == *'事業主 +9日 / the employer +9 days'* ]]
    [[ "$output" == *'保険者 +10日 / the insurer +10 days'* ]]
    [[ "$output" == *'未 / not yet'* ]]
    [[ "$output" != *試験* ]]
}

@test "an insurer that the store does not have is refused" {
    run "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --insurer 06139999
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6501* ]]
}
