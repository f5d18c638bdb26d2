# The main job as a vendor meets it: one command, answers in the folders.

setup_file() {
    export DEMO=$(mktemp -d)
    "$SHIKAKU" demo --dir "$DEMO/d" --once --people 300 --cards 1 --port 0 >"$DEMO/out" 2>"$DEMO/err" || {
        cat "$DEMO/out" "$DEMO/err" "$DEMO/d/serve.log" "$DEMO/d/terminal.log" >&3
        false
    }
}

teardown_file() {
    rm -rf "$DEMO"
}

xpath() {
    xmllint --xpath "string(//$2)" "$1"
}

@test "e1_ the demo answers every check as documented and leaves its folders" {
    [ "$(grep -c '^ok  ' "$DEMO/out")" -ge 9 ]
    ! grep -q 'NOT AS EXPECTED' "$DEMO/out"
    for folder in terminal/req terminal/res terminal/face journal samples; do
        [ -d "$DEMO/d/$folder" ]
    done
    [ -z "$(ls "$DEMO/d/terminal/req")" ]
}

@test "e1_ a card check lies in face/ as the layout says, with the consents" {
    face=$DEMO/d/terminal/face/$(jq -r .face_file "$DEMO/d/terminal/reader/demo1.result")
    [[ "$(basename "$face")" =~ ^OQSsiquc01res_face_1319912349[0-9a-f]{20}_[0-9]{14}\.xml$ ]]
    [ "$(xpath "$face" ReferenceClassification)" = 1 ]
    [ "$(xpath "$face" SegmentOfResult)" = 1 ]
    [ "$(xpath "$face" CharacterCodeIdentifier)" = 0 ]
    [ -n "$(xpath "$face" Name)" ]
    [ -n "$(xpath "$face" InsurerName)" ]
    [ "$(xpath "$face" PharmacistsInfoConsFlg)" = 1 ]
    [ "$(xmllint --xpath 'count(//*[not(*) and not(text())])' "$face")" = 0 ]
}

@test "the demo names the file in face/ for each card that was answered" {
    [ "$(grep -c 'terminal/face/OQSsiquc01res_face_' "$DEMO/out")" -ge 2 ]
}

@test "e1_ answers by numbers carry the request's suffix, institution and identifier" {
    for answer in "$DEMO"/d/terminal/res/OQSsiquc01res_*.xml; do
        suffix=$(basename "$answer" .xml | sed 's/OQSsiquc01res_//')
        [ "$(xpath "$answer" ArbitraryFileIdentifier)" = "$suffix" ]
        [ "$(xpath "$answer" MedicalInstitutionCode)" = 1319912349 ]
        [ "$(xpath "$answer" ReferenceClassification)" = 2 ]
    done
    for validity in 1 2 3 4 5; do
        grep -q "<QualificationValidity>$validity<" "$DEMO"/d/terminal/res/*.xml
    done
}

@test "k3_ a lapsed certificate and a forged signature are refused with what to do" {
    grep -q 'SKK-3008' "$DEMO"/d/terminal/reader/*.result
    grep -q 'SKK-3004' "$DEMO"/d/terminal/reader/*.result
    jq -e '.message.ja | length > 0' "$DEMO"/d/terminal/reader/*.result
}

@test "c5_ every answer and refusal is in the journal, and the journal is whole" {
    run "$SHIKAKU" audit verify "$DEMO/d/journal"
    [ "$status" -eq 0 ]
    [ "$("$SHIKAKU" audit show "$DEMO/d/journal" | grep -c 'check_by')" -ge 9 ]
}

@test "no personal data and no PIN in logs or journal" {
    ! grep -rqE '山田|ﾔﾏﾀﾞ|0012345|pin=' "$DEMO/d/serve.log" "$DEMO/d/terminal.log"
    ! grep -rqa '山田' "$DEMO/d/journal"
}

@test "a second run takes the world up again" {
    run "$SHIKAKU" demo --dir "$DEMO/d" --once --port 0
    [ "$status" -eq 0 ]
    [[ "$output" != *"making a world"* ]]
}
