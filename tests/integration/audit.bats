# shikaku audit: a journal at rest is verified and shown; each kind of damage has its name.

setup() {
    dir=$(mktemp -d)
    "$JOURNAL_LOAD" "$dir/journal" 50 4096
    last=$dir/journal/journal-00000003.log
}

teardown() {
    rm -r "$dir"
}

# overwrite FILE OFFSET BYTES...
overwrite() {
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

verify() {
    run "$SHIKAKU" audit verify "$dir/journal" "$@"
}

@test "a whole journal is whole, in both languages, with an anchor to keep" {
    verify
    [ "$status" -eq 0 ]
    [[ "$output" == *"監査記録は完全です: 50件"* ]]
    [[ "$output" == *"The journal is whole: 50 records"* ]]
    anchor=$(echo "$output" | sed -n 's/^--anchor //p')
    "$JOURNAL_LOAD" "$dir/journal" 5 4096
    verify --anchor "$anchor"
    [ "$status" -eq 0 ]
    [[ "$output" == *"55 records"* ]]
}

@test "another journal in its place is found by the anchor" {
    verify --json
    anchor=$(echo "$output" | jq -r '"\(.records):\(.hash)"')
    rm -r "$dir/journal"
    "$JOURNAL_LOAD" "$dir/journal" 50 4096
    verify
    [ "$status" -eq 0 ]
    verify --anchor "$anchor"
    [ "$status" -eq 1 ]
    [[ "$output" == *"監査記録が変更されています: 記録 50"* ]]
}

@test "a changed byte is CHANGED, with record, file and offset" {
    overwrite "$dir/journal/journal-00000001.log" 200 'X'
    verify
    [ "$status" -eq 1 ]
    [[ "$output" == *"監査記録が変更されています"* ]]
    [[ "$output" == *"The journal was changed: record 1, file journal-00000001.log, offset 128"* ]]
    verify --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq -r '.fault, .records, .sequence')" = "$(printf 'changed\n0\n1')" ]
}

@test "a missing file is MISSING, exchanged files are out of order, a short one is cut" {
    mv "$dir/journal/journal-00000002.log" "$dir/away"
    verify --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq -r '.fault, .file')" = "$(printf 'missing\njournal-00000002.log')" ]
    mv "$last" "$dir/journal/journal-00000002.log"
    mv "$dir/away" "$last"
    verify --json
    [ "$status" -eq 1 ]
    [ "$(echo "$output" | jq -r .fault)" = reordered ]
    mv "$last" "$dir/away"
    mv "$dir/journal/journal-00000002.log" "$last"
    mv "$dir/away" "$dir/journal/journal-00000002.log"
    truncate -s 1000 "$last"
    verify
    [ "$status" -eq 1 ]
    [[ "$output" == *"監査記録の末尾が失われています"* ]]
}

@test "records are shown, a line each, by institution, from a number, so many" {
    run "$SHIKAKU" audit show "$dir/journal"
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 50 ]
    [[ "${lines[0]}" == "1 2026-11-05T03:00:00.000000Z check_by_card request="* ]]
    [[ "${lines[0]}" == *" institution=1311234567 client=00112233445566aa terminal=T1 mode=pin on=2026-11-05 person=1 coverage=10 validity=valid rule=E1.valid" ]]
    run "$SHIKAKU" audit show "$dir/journal" --institution 2712345678 --from 4 --count 3
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 3 ]
    [[ "${lines[0]}" == 6\ * && "${lines[1]}" == 9\ * && "${lines[2]}" == 12\ * ]]
}

@test "show stops at a fault and says so" {
    overwrite "$last" 200 'X'
    run "$SHIKAKU" audit show "$dir/journal"
    [ "$status" -eq 1 ]
    [[ "$output" == *"The journal was changed"* ]]
}

@test "what cannot be read is exit code 3, a wrong anchor 2" {
    run "$SHIKAKU" audit verify "$dir/none"
    [ "$status" -eq 3 ]
    mkdir "$dir/empty"
    run "$SHIKAKU" audit verify "$dir/empty"
    [ "$status" -eq 3 ]
    verify --anchor 50:abc
    [ "$status" -eq 2 ]
    verify --anchor nonsense
    [ "$status" -eq 2 ]
}
