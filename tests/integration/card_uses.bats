# D1, D2, rows 9 and 10: uses of the card, from the check at a reader to the union's papers.

setup_file() {
    export W=$(mktemp -d) UNION=39139993
    "$SHIKAKU" world --people 100 --cards 0 --seed 7 --dir "$W/w" >"$W/world.log" 2>&1
    export STORE="sqlite:$W/w/store.sqlite"
    sqlite3 "$W/w/store.sqlite" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    export PERSON=$(sqlite3 "$W/w/store.sqlite" \
        "SELECT person_id FROM coverage WHERE insurer = '$UNION' AND number = '00012341'")
}

teardown_file() {
    kill $(cat "$W"/*.pid 2>/dev/null) 2>/dev/null || true
    rm -rf "$W"
}

wait_for() {
    for _ in $(seq 600); do
        [ -s "$1" ] && return 0
        sleep 0.1
    done
    cat "$W"/*.log >&2
    return 1
}

serve_and_terminal() {
    sed -i 's/^listen-port.*/listen-port = 0/' "$W/w/serve.conf"
    rm -f "$W/ready"
    "$SHIKAKU" serve --config "$W/w/serve.conf" >"$W/ready" 2>"$W/serve.log" 3>&- &
    echo $! >"$W/serve.pid"
    wait_for "$W/ready"
    rm -f "$W/t.ready"
    "$SHIKAKU" terminal --config "$W/w/terminal.conf" --service "$(sed -n 's/^ready //p' "$W/ready")" \
        --folder "$W/t" >"$W/t.ready" 2>"$W/t.log" 3>&- &
    echo $! >"$W/t.pid"
    wait_for "$W/t.ready"
}

# use_card NAME...: the patient puts the card on the reader once for each
use_card() {
    for name in "$@"; do
        cp "$W/w/samples/presentations/late-elderly-10-card.present" "$W/t/work/$name.tmp"
        mv "$W/t/work/$name.tmp" "$W/t/reader/$name.present"
        wait_for "$W/t/reader/$name.result"
        [ "$(jq .validity "$W/t/reader/$name.result")" = 1 ]
    done
}

count_uses() { # STORE JOURNAL OPTIONS...
    local store=$1 journal=$2
    shift 2
    "$SHIKAKU" card-uses --store "$store" --json "$@" "$journal"
}

# papers_of DAY: kind and trigger that the union owes the person, seen on a day
papers_of() {
    "$SHIKAKU" insurer papers --store "$STORE" --insurer $UNION --on "$1" --json |
        jq -r 'select(.key | test("00012341")) | "\(.kind) \(.trigger)"'
}

uses_of() { # FILE: all that is kept
    sqlite3 "$1" 'SELECT person_id, month, uses FROM card_use ORDER BY 1, 2'
}

@test "d1_ d2_ row 10: five uses at a reader bring a certificate, the sixth a notice" {
    serve_and_terminal
    year=$(TZ=JST-9 date +%Y)
    [ "$(TZ=JST-9 date +%-m)" -le 5 ] || year=$((year + 1))
    "$SHIKAKU" insurer papers --store "$STORE" --insurer $UNION --issue >/dev/null # of this year
    "$SHIKAKU" insurer policy set --store "$STORE" --insurer $UNION --use-record 6,0 >/dev/null
    use_card one two three four five
    [ "$(count_uses "$STORE" "$W/w/journal" | jq .uses)" = 5 ]
    [ "$(papers_of $year-07-01)" = 'certificate T7' ]
    use_card six
    [ "$(count_uses "$STORE" "$W/w/journal" | jq .uses)" = 1 ]
    [ "$(papers_of $year-07-01)" = 'notice N5' ]
    kill $(cat "$W/t.pid") $(cat "$W/serve.pid")
    rm "$W/t.pid" "$W/serve.pid"
}

@test "d1_ the same journal counts once: again, as a copy, and while more is written" {
    cp "$W/w/store.sqlite" "$W/once.sqlite"
    "$USE_JOURNAL" "$W/j" "$PERSON" 20260310 30 "$PERSON" 20260410 40
    count_uses "$W/once.sqlite" "$W/j" --on 2026-07-01
    before=$(uses_of "$W/once.sqlite")
    [[ "$before" == *"$PERSON|202603|30"*"$PERSON|202604|40"* ]]
    [ "$(count_uses "$W/once.sqlite" "$W/j" --on 2026-07-01 | jq -c .)" = '{"records":0,"uses":0}' ]
    cp -r "$W/j" "$W/copy"
    count_uses "$W/once.sqlite" "$W/copy" --on 2026-07-01
    [ "$(uses_of "$W/once.sqlite")" = "$before" ]
    "$USE_JOURNAL" "$W/j" "$PERSON" 20260510 2
    [ "$(count_uses "$W/once.sqlite" "$W/j" --on 2026-07-01 | jq .uses)" = 2 ]
}

@test "d1_ no day, no time and no institution is kept, nor months that no paper asks for" {
    cp "$W/w/store.sqlite" "$W/kept.sqlite"
    young=$(sqlite3 "$W/kept.sqlite" 'SELECT max(person_id) FROM person WHERE birth > 19800101')
    "$USE_JOURNAL" "$W/old" "$PERSON" 20250131 9 "$PERSON" 20250201 1 "$young" 20260401 5
    count_uses "$W/kept.sqlite" "$W/old" --on 2026-07-01
    [ "$(uses_of "$W/kept.sqlite" | grep "^$PERSON|2025")" = "$PERSON|202502|1" ]
    [ -z "$(uses_of "$W/kept.sqlite" | grep "^$young|")" ]
    [ "$(sqlite3 "$W/kept.sqlite" 'SELECT group_concat(name) FROM pragma_table_info("card_use")')" = \
        person_id,month,uses ]
    "$USE_JOURNAL" "$W/next" "$PERSON" 20260801 1
    count_uses "$W/kept.sqlite" "$W/next" --on 2026-08-01
    [ -z "$(uses_of "$W/kept.sqlite" | grep "^$PERSON|2025")" ]
}

@test "d1_ killed at any point and begun again it counts the same" {
    "$USE_JOURNAL" "$W/long" "$PERSON" 20260310 300 "$PERSON" 20260410 300
    for store in whole killed; do cp "$W/w/store.sqlite" "$W/$store.sqlite"; done
    count_uses "$W/whole.sqlite" "$W/long" --on 2026-07-01
    for point in 0.005 0.01 0.02 0.03 0.05 0.08 0.12; do
        count_uses "$W/killed.sqlite" "$W/long" --on 2026-07-01 >/dev/null 2>&1 3>&- &
        sleep $point
        kill -9 $! 2>/dev/null || true
        wait $! 2>/dev/null || true
    done
    count_uses "$W/killed.sqlite" "$W/long" --on 2026-07-01
    [ "$(uses_of "$W/killed.sqlite")" = "$(uses_of "$W/whole.sqlite")" ]
}

@test "d1_ a journal that was changed is refused, and what was counted stays" {
    cp "$W/once.sqlite" "$W/changed.sqlite"
    before=$(uses_of "$W/changed.sqlite")
    file=$(ls "$W"/j/journal-*.log | tail -n 1)
    printf 'x' | dd of="$file" bs=1 seek=300 conv=notrunc 2>/dev/null
    run count_uses "$W/changed.sqlite" "$W/j" --on 2026-07-01
    [ "$status" -eq 1 ]
    [[ "$output" == *SKK-5002* ]]
    [ "$(uses_of "$W/changed.sqlite")" = "$before" ]
    run count_uses "$W/changed.sqlite" "$W/none"
    [ "$status" -eq 3 ]
}

@test "d2_ month-end counts first, and says until when uses were counted" {
    cp "$W/w/store.sqlite" "$W/month.sqlite"
    "$USE_JOURNAL" "$W/m" "$PERSON" 20260620 4
    "$SHIKAKU" month-end --store "$W/month.sqlite" --on 2026-06-30 --out "$W/lists" \
        --journal "$W/m" --json >"$W/month.json"
    [ "$(jq -r .uses_counted "$W/month.json")" != null ]
    uses_of "$W/month.sqlite" | grep -q "^$PERSON|202606|4"
}
