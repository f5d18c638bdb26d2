# shikaku explain document, as programs and people call it.

document() { # OPTIONS...: prints kind, trigger, state, due, latest, valid_until of each document
    "$SHIKAKU" explain document --json "$@" |
        jq -r '.documents[] | "\(.kind) \(.trigger) \(.state) \(.due) \(.latest) \(.valid_until)"'
}

@test "d1_ d4_ groups A, B, C and the late elderly" {
    [ "$(document --on 2025-01-10 --age 40 --old-card-expires 2025-12-01)" = \
        "eligibility_certificate T1 held 2025-11-02 2025-12-01 2030-12-01" ]
    [ "$(document --on 2025-03-10 --age 40 --registered yes --deregistration-requested 2025-03-05)" = \
        "eligibility_certificate T2 due 2025-03-05 2025-04-30 2030-03-04" ]
    [ "$(document --on 2025-07-01 --age 40 --registered yes --certificate-expires 20250510)" = \
        "eligibility_certificate T3 due 2025-06-05 2025-08-31 2030-06-04" ]
    [ "$(document --on 2025-07-10 --age 80 --registered yes --old-card-expires 2025-07-31)" = \
        "eligibility_certificate T7 due 2025-07-01 2025-07-31 2026-07-31" ]
    [ "$(document --on 2026-01-10 --age 40 --registered yes --protection | cut -d' ' -f1-3)" = \
        "eligibility_certificate T5 due" ]
}

@test "d2_ notices, and who gets none" {
    [ "$(document --on 2025-01-10 --age 40 --registered yes)" = \
        "eligibility_notice N1 due 2024-09-09 2025-03-31 null" ]
    [ -z "$(document --on 2026-01-10 --age 40 --registered yes --notice-held)" ]
    [ -z "$(document --on 2026-01-10 --age 40 --insurance day_labourer)" ]
    run "$SHIKAKU" explain document --on 2026-01-10 --age 40 --insurance day_labourer --json
    [ "$(echo "$output" | jq -r '"\(.rule) \(.documents | length)"')" = "D1.none_day_labourer 0" ]
    echo "$output" | jq -e '.source | length > 0'
}

@test "d1_ for people, in both languages" {
    run "$SHIKAKU" explain document --on 2025-07-01 --birth 1985-02-03 --registered yes \
        --certificate-expires 2025-05-10
    [ "$status" -eq 0 ]
    [[ "$output" == *資格確認書*eligibility_certificate*2025-08-31*"group C"* ]]
}

@test "wrong facts are named" {
    for wrong in '--insurance fish' '--registered perhaps' '--age 40 --birth 1985-02-03' \
        '--on 2025-02-30' '--age 200' '--certificate-expires soon'; do
        run "$SHIKAKU" explain document $wrong
        [ "$status" -eq 2 ]
        [[ "$output" == *SKK-9001* ]]
    done
}

@test "facts that cannot be together are named" {
    for wrong in '--birth 2030-01-01' '--age 80 --insurance employee' '--age 76 --insurance community' \
        '--age 40 --insurance late_elderly' '--uses-12-months 3 --uses-3-months 5' \
        '--age 40 --enrolled 1950-01-01'; do
        run "$SHIKAKU" explain document --on 2026-01-10 $wrong
        [ "$status" -eq 2 ]
        [[ "$output" == *SKK-9001* ]]
    done
    [ "$(document --on 2025-09-10 --birth 1955-03-03 --insurance late_elderly --enrolled 2023-04-01 \
        --registered yes)" = "eligibility_certificate T7 overdue 2025-07-01 2025-07-31 2026-07-31" ]
}

@test "other names of an option lead to it" {
    while read -r written meant; do
        run "$SHIKAKU" explain document "$written" 2026-01-10
        [ "$status" -eq 2 ]
        [[ "$output" == *"did you mean $meant?"* ]]
    done <<'END'
--birth-date --birth
--birthdate --birth
--date --on
--today --on
--not-registered --registered no
--cert-expires --certificate-expires
--certificate-expiry --certificate-expires
--old-card --old-card-expires
--deregistered --deregistration-requested
--helper-needed --helper
END
}
