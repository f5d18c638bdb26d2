# shikaku explain certificate, service-class and desk, as people and programs call them.

explain() {
    run "$SHIKAKU" explain "$@" --json
    [ "$status" -eq 0 ]
}

@test "k1_ k2_ k3_ explain certificate: state by state" {
    while read -r day state check medical warning rule; do
        explain certificate --expires 2025-05-10 --on "$day"
        [ "$(echo "$output" | jq -r '"\(.state) \(.check) \(.medical) \(.warning) \(.rule) \(.grace_ends)"')" = \
            "$state $check $medical $warning $rule 2025-08-31" ]
        echo "$output" | jq -e '.source | length > 0'
    done <<END
2025-02-10 valid true true false K1.valid
2025-02-11 alert true true true K1.alert
2025-05-10 alert true true true K1.alert
2025-05-11 grace true false true K2.grace
2025-08-31 grace true false true K2.grace
2025-09-01 lapsed false false false K3.lapsed
END
}

@test "k2_ explain certificate: a phone has no grace, a revoked certificate nothing" {
    explain certificate --expires 20250510 --on 20250511 --phone
    [ "$(echo "$output" | jq -r .state)" = lapsed ]
    explain certificate --expires 20250510 --on 20250101 --revoked
    [ "$(echo "$output" | jq -r '"\(.state) \(.check)"')" = "revoked false" ]
    run "$SHIKAKU" explain certificate --expires 2025-05-10 --on 2025-06-01
    [[ "$output" == *"grace"*"更新を案内"* ]]
}

@test "e3_ explain service-class: rows of the table" {
    while read -r facility measure class allowed optional medical; do
        explain service-class --facility "$facility" --measure "$measure" --class "$class" --on 2024-12-02
        [ "$(echo "$output" | jq -r '"\(.allowed) \(.optional) \(.medical)"')" = \
            "$allowed $optional $medical" ]
        echo "$output" | jq -e '.rule | startswith("E3.")'
    done <<END
insured_institution 0 1 true false true
pharmacy 0 2 true true true
pharmacy 0 3 false false false
workplace_clinic 0 2 false false false
home_care 0 1 false false false
home_care 0 2 true false true
transitional 3 3 false false false
transitional 4 3 true true false
transitional 2 1 true false true
therapy_clinic 0 3 true false false
mandate_exempt 0 1 false false false
END
}

@test "e6_ explain desk: a case, and the whole table" {
    explain desk --situation card_unreadable --holds card,portal
    [ "$(echo "$output" | jq -r '"\(.row) \(.claim_basis) \(.declaration)"')" = "D3 current false" ]
    explain desk --situation no_information
    [ "$(echo "$output" | jq -r '"\(.row) \(.claim)"')" = "D10 3" ]
    explain desk --all
    [ "$(echo "$output" | jq -r '[.[].row] | unique | length')" -eq 16 ]
    run "$SHIKAKU" explain desk --situation invalid
    [[ "$output" == *"申立書"*"declaration"* ]]
}

@test "e6_ explain desk: each of the sixteen rows, in text and for programs" {
    while read -r row declaration claim options; do
        explain desk --on 2026-11-05 $options
        [ "$(echo "$output" | jq -r '"\(.row) \(.declaration) \(.claim)"')" = "$row $declaration $claim" ]
        echo "$output" | jq -e 'all(.desk_ja, .desk_en, .asked_ja, .asked_en, .pays_ja, .pays_en,
            .claimed_ja, .claimed_en, .payer_ja, .payer_en, .source; length > 0)'
        run "$SHIKAKU" explain desk --on 2026-11-05 $options
        [[ "$output" == *"行 / row: $row"*"窓口では / at the desk:"*"患者の支払い / the patient pays:"*"請求 / the claim:"* ]]
    done <<END
D1 false 1 --situation card_valid --holds card
D2 false 1 --situation face_failed --holds card
D3 false 1 --situation card_unreadable --holds card,portal
D4 false 1 --situation card_unreadable --holds card,notice
D5 false 1 --situation no_card --holds certificate
D6 false 1 --situation no_network --holds card --known same
D7 false 1 --situation reader_broken --holds card --outage-mode
D8 true 1 --situation invalid --holds card --new-coverage-told
D8 false 1 --situation invalid --holds card,notice
D9 true 2 --situation invalid --holds card
D10 true 3 --situation no_information --holds card
D11 true 3 --situation reader_broken --holds card
D12 true 2 --situation no_network --holds card --known changed
D13 false 1 --situation certificate_grace --holds card
D14 false 1 --situation certificate_lapsed --holds certificate
D15 false 1 --situation not_in_system
D16 false 0 --situation no_card
END
}

@test "wrong input is named" {
    for wrong in 'certificate' 'certificate --expires 2025-02-30' \
        'certificate --expires 2025-01-01 --issued 2025-01-02' 'service-class --facility pharmacy' \
        'service-class --facility hotel --class 1' 'service-class --facility transitional --class 1' \
        'service-class --facility pharmacy --measure 2 --class 1' \
        'service-class --facility pharmacy --class 4' 'desk' 'desk --situation fire' \
        'desk --situation invalid --holds passport' 'desk --situation invalid --known perhaps'; do
        run "$SHIKAKU" explain $wrong
        [ "$status" -eq 2 ]
        [[ "$output" == *SKK-9001* ]]
    done
}
