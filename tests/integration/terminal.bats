# A terminal between a receipt computer (this file) and the service, in a world made for the test.

setup_file() {
    export DIR=$(mktemp -d)
    export WORLD=$DIR/world
    "$SHIKAKU" world --people 10 --cards 0 --dir "$WORLD" >"$DIR/world.out" 2>&1 3>&-
    start_service 0
    export PORT=$(sed 's/.*://' "$DIR/service.ready")
    start_terminal "$DIR/main"
}

teardown_file() {
    for pid in "$DIR"/*.pid; do
        stop "$pid"
    done
    rm -rf "$DIR"
}

# start_service PORT
start_service() {
    rm -f "$DIR/service.ready"
    "$SHIKAKU" serve --config "$WORLD/serve.conf" --listen-port "$1" \
        >"$DIR/service.ready" 2>>"$DIR/service.log" 3>&- &
    echo $! >"$DIR/service.pid"
    wait_until grep -q ready "$DIR/service.ready"
}

# start_terminal FOLDER OPTIONS...: its log is FOLDER.log
start_terminal() {
    local folder=$1
    shift
    rm -f "$folder.ready"
    "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --service "https://127.0.0.1:$PORT" \
        --folder "$folder" "$@" >"$folder.ready" 2>>"$folder.log" 3>&- &
    echo $! >"$folder.pid"
    wait_until grep -q ready "$folder.ready"
}

# stop PIDFILE: asks it to end; its exit code
stop() {
    [ -f "$1" ] || return 0
    local pid=$(cat "$1")
    rm "$1"
    kill "$pid" 2>/dev/null || return 0
    wait_until ended "$pid"
}

ended() {
    ! kill -0 "$1" 2>/dev/null
}

# wait_until COMMAND...: twenty seconds at most
wait_until() {
    for _ in $(seq 400); do
        "$@" && return 0
        sleep 0.05
    done
    echo "waited in vain: $*"
    return 1
}

none() {
    [ -z "$(ls "$1")" ]
}

missing() {
    [ ! -e "$1" ]
}

xpath() {
    xmllint --xpath "string(//$2)" "$1"
}

# ask FOLDER SAMPLE SUFFIX: a sample request under a suffix of ours
ask() {
    cp "$WORLD/samples/requests/OQSsiquc01req_$2.xml" "$1/req/OQSsiquc01req_$3.xml"
}

# answer FOLDER SUFFIX: waits for it and prints its path
answer() {
    wait_until test -f "$1/res/OQSsiquc01res_$2.xml" || return 1
    echo "$1/res/OQSsiquc01res_$2.xml"
}

# code FILE: the code of an answer, or nothing
code() {
    xmllint --xpath 'string(//ErrorCode | //ProcessingResultCode)' "$1"
}

# The whole cast is asked in sandbox.bats; here is what the terminal adds.

@test "e1_e5_ a request by numbers is answered under its suffix, and goes" {
    ask "$DIR/main" validemployee 202611050001
    file=$(answer "$DIR/main" 202611050001)
    [ "$(xpath "$file" QualificationValidity)" = 1 ]
    [ "$(xpath "$file" MedicalInstitutionCode)" = 1319912349 ]
    [ "$(xpath "$file" ArbitraryFileIdentifier)" = validemployee ]
    [ "$(xpath "$file" ReferenceClassification)" = 2 ]
    wait_until none "$DIR/main/req"
}

@test "e1_k3_ a card gives a face file and a result; a refused one the reason only" {
    for card in valid-employee-card cert-lapsed; do
        cp "$WORLD/samples/presentations/$card.present" "$DIR/main/reader/"
        wait_until test -f "$DIR/main/reader/$card.result"
        [ ! -e "$DIR/main/reader/$card.present" ]
        jq -e '.message.ja != "" and .message.en != "" and .reader == "emulated"' \
            "$DIR/main/reader/$card.result"
    done
    face=$(jq -r .face_file "$DIR/main/reader/valid-employee-card.result")
    [[ "$face" =~ ^OQSsiquc01res_face_1319912349[0-9a-f]{20}_[0-9]{14}\.xml$ ]]
    [ "$(xpath "$DIR/main/face/$face" ReferenceClassification)" = 1 ]
    [ -n "$(xpath "$DIR/main/face/$face" Name)" ]
    [ "$(ls "$DIR/main/face" | wc -l)" = 1 ]
    [ "$(jq -r '"\(.segment) \(.code) \(.face_file)"' "$DIR/main/reader/cert-lapsed.result")" = \
        "9 SKK-3008 null" ]
}

@test "e2_ wrong PINs count down, and the last try is not taken unasked" {
    cp "$WORLD/cards/valid-employee.card" "$DIR/main/reader/"
    for expected in "SKK-3103 2" "SKK-3103 1" "SKK-3106 1"; do
        rm -f "$DIR/main/reader/wrong.result"
        printf 'card = valid-employee.card\nmode = pin\npin = 9999\n' >"$DIR/main/reader/wrong.tmp"
        mv "$DIR/main/reader/wrong.tmp" "$DIR/main/reader/wrong.present"
        wait_until test -f "$DIR/main/reader/wrong.result"
        [ "$(jq -r '"\(.code) \(.pin_tries_left)"' "$DIR/main/reader/wrong.result")" = "$expected" ]
    done
    for mode in face visual; do
        printf 'card = valid-employee.card\nmode = %s\nconsent = limit\n' $mode \
            >"$DIR/main/reader/$mode.present"
        wait_until test -f "$DIR/main/reader/$mode.result"
        [ "$(jq -r .validity "$DIR/main/reader/$mode.result")" = 1 ]
    done
}

@test "e5_ requests in the habits of real programs are answered" {
    local samples=$WORLD/samples/requests req=$DIR/main/req
    for habit in 2026110500001.xml Habit8aB.XML habit2.xml habit3.xml habit6.xml; do
        cp "$samples/OQSsiquc01req_$habit" "$req/"
        file=$(answer "$DIR/main" "${habit%.*}")
        [ "$(xpath "$file" SegmentOfResult)" = 1 ]
        [ -n "$(xpath "$file" QualificationValidity)" ]
    done
    # 4: written under another name, then renamed
    cp "$samples/OQSsiquc01req_habit4.xml.tmp" "$req/"
    sleep 0.3
    [ -f "$req/OQSsiquc01req_habit4.xml.tmp" ]
    mv "$req/OQSsiquc01req_habit4.xml.tmp" "$req/OQSsiquc01req_habit4.xml"
    [ "$(xpath "$(answer "$DIR/main" habit4)" SegmentOfResult)" = 1 ]
    # 5: in two pieces, half a second apart
    {
        cat "$samples/OQSsiquc01req_habit5.xml.part1"
        sleep 0.5
        cat "$samples/OQSsiquc01req_habit5.xml.part2"
    } >"$req/OQSsiquc01req_habit5.xml"
    [ "$(xpath "$(answer "$DIR/main" habit5)" SegmentOfResult)" = 1 ]
    wait_until none "$req"
}

@test "e5_ a result that was not collected is never overwritten: the request waits, and is shown" {
    local first=$DIR/main/res/OQSsiquc01res_twice.xml
    ask "$DIR/main" validemployee twice
    answer "$DIR/main" twice
    wait_until none "$DIR/main/req"
    before=$(sha256sum "$first")
    ask "$DIR/main" unknown twice
    wait_until grep -q '"OQSsiquc01req_twice.xml","reason":"result_not_collected"' \
        "$DIR/main/work/status.json"
    [ "$(sha256sum "$first")" = "$before" ]
    [ -f "$DIR/main/req/OQSsiquc01req_twice.xml" ]
    rm "$first"
    [ "$(xpath "$(answer "$DIR/main" twice)" QualificationValidity)" = 4 ]
    wait_until none "$DIR/main/req"
}

@test "e5_ a watcher sees whole files only" {
    : >"$DIR/seen"
    for i in $(seq 20); do
        ask "$DIR/main" validemployee "watch$i"
    done
    for _ in $(seq 400); do
        cat "$DIR"/main/res/OQSsiquc01res_watch*.xml 2>/dev/null |
            awk '/<XmlMsg>/ { open++ } /<\/XmlMsg>/ { shut++ } END { print open - shut }' >>"$DIR/seen"
        [ "$(ls "$DIR/main/res" | grep -c watch)" = 20 ] && break
    done
    [ "$(ls "$DIR/main/res" | grep -c watch)" = 20 ]
    [ "$(sort -u "$DIR/seen")" = 0 ]
}

@test "e5_ a result is touched three tenths of a second after it appears" {
    ask "$DIR/main" validemployee touched
    file=$(answer "$DIR/main" touched)
    wait_until only_lock_and_status "$DIR/main/work"
    placed=$(date -d "$(grep 'request answered' "$DIR/main.log" | tail -n 1 | cut -d' ' -f1)" +%s%3N)
    touched=$(date -d "$(stat -c %y "$file")" +%s%3N)
    echo "placed $placed touched $touched"
    [ $((touched - placed)) -ge 200 ]
}

@test "hostile requests are answered with an error or an answer, and do no harm" {
    for sample in "$WORLD"/samples/hostile/OQSsiquc01req_*.xml; do
        cp "$sample" "$DIR/main/req/"
    done
    truncate -s 50M "$DIR/main/req/OQSsiquc01req_large.xml"
    wait_until none "$DIR/main/req"
    [ "$(code "$(answer "$DIR/main" large)")" = SKK-1006 ]
    [ "$(code "$(answer "$DIR/main" otherinstitution)")" = SKK-2001 ]
    for sample in cut empty entitybomb externalentity nested nosuchday nulbytes twobodies \
        wrongencoding; do
        file=$(answer "$DIR/main" $sample)
        [ "$(xpath "$file" SegmentOfResult)" = 9 ]
        [ "$(xpath "$file" ProcessingResultStatus)" = 2 ]
        [[ "$(code "$file")" =~ ^SKK-1[0-9]{3}$ ]]
    done
    kill -0 "$(cat "$DIR/main.pid")"
}

@test "other families are answered as unsupported, wrong names rejected with what to correct" {
    ask "$DIR/main" validemployee other
    answer "$DIR/main" other
    for family in OQSsiimm01 OQSmuquc01 OQSmuquc02 YZKsiquc01 TKKsiquc01; do
        cp "$WORLD/samples/requests/OQSsiquc01req_validemployee.xml" \
            "$DIR/main/req/${family}req_77.xml"
        wait_until test -f "$DIR/main/res/${family}res_77.xml"
        [ "$(code "$DIR/main/res/${family}res_77.xml")" = SKK-1201 ]
        [ "$(xpath "$DIR/main/res/${family}res_77.xml" MedicalInstitutionCode)" = 1319912349 ]
    done
    echo '<XmlMsg/>' >"$DIR/main/req/OQSsiquc01req_with-hyphen.xml"
    echo 'a list' >"$DIR/main/req/list.txt"
    wait_until test -f "$DIR/main/rejected/OQSsiquc01req_with-hyphen.xml.txt"
    grep -q SKK-1202 "$DIR/main/rejected/OQSsiquc01req_with-hyphen.xml.txt"
    grep -q '英数字' "$DIR/main/rejected/OQSsiquc01req_with-hyphen.xml.txt"
    [ -f "$DIR/main/req/list.txt" ]
    rm "$DIR/main/req/list.txt"
}

@test "e5_ a site with Shift_JIS gets CP932, and is told of what it cannot hold" {
    start_terminal "$DIR/sjis" --encoding shift_jis
    ask "$DIR/sjis" hardname hard
    ask "$DIR/sjis" validemployee plain
    file=$(answer "$DIR/sjis" hard)
    plain=$(answer "$DIR/sjis" plain)
    head -c 100 "$file" | grep -q 'encoding="Shift_JIS"'
    iconv -f CP932 -t UTF-8 "$file" >"$DIR/hard.utf8"
    grep -q '<CharacterCodeIdentifier>1<' "$DIR/hard.utf8"
    grep -q '<Name>髙﨑　●次' "$DIR/hard.utf8"
    grep -q '<ProcessingResultCode>SKK-7007<' "$DIR/hard.utf8"
    iconv -f CP932 -t UTF-8 "$plain" | grep -q '<Name>山田　花子<'
    [ "$(iconv -f CP932 -t UTF-8 "$plain" | grep -c SKK-7007)" = 0 ]
    grep -qE "replaced='[1-9]" "$DIR/sjis.log"
    # the same person in UTF-8, exactly
    ask "$DIR/main" hardname hardexact
    grep -q '髙﨑　𠮷' "$(answer "$DIR/main" hardexact)"
    # by card
    cp "$WORLD/samples/presentations/valid-employee-card.present" "$DIR/sjis/reader/"
    wait_until test -f "$DIR/sjis/reader/valid-employee-card.result"
    face=$(jq -r .face_file "$DIR/sjis/reader/valid-employee-card.result")
    iconv -f CP932 -t UTF-8 "$DIR/sjis/face/$face" | grep -q '<Name>山田　花子<'
    stop "$DIR/sjis.pid"
}

@test "c5_ while the service is away requests are kept, and answered when it is back" {
    stop "$DIR/service.pid"
    ask "$DIR/main" validemployee away
    wait_until grep -q '"service":"away"' "$DIR/main/work/status.json"
    [ -f "$DIR/main/req/OQSsiquc01req_away.xml" ]
    [ ! -e "$DIR/main/res/OQSsiquc01res_away.xml" ]
    # at the reader the desk is told at once
    cp "$WORLD/samples/presentations/valid-employee-card.present" "$DIR/main/reader/away.present"
    wait_until test -f "$DIR/main/reader/away.result"
    [ "$(jq -r .code "$DIR/main/reader/away.result")" = SKK-4001 ]
    start_service "$PORT"
    [ "$(xpath "$(answer "$DIR/main" away)" QualificationValidity)" = 1 ]
    wait_until none "$DIR/main/req"
    wait_until grep -q '"service":"reachable"' "$DIR/main/work/status.json"
}

@test "c5_ after the limit the answer says that the service is away; nothing is lost before" {
    rm -f "$DIR/giveup.ready"
    "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --service https://127.0.0.1:1 \
        --folder "$DIR/giveup" --give-up-seconds 600 >"$DIR/giveup.ready" 2>"$DIR/giveup.log" 3>&- &
    echo $! >"$DIR/giveup.pid"
    wait_until grep -q ready "$DIR/giveup.ready"
    ask "$DIR/giveup" validemployee 1
    wait_until grep -q SKK-4001 "$DIR/giveup.log"
    stop "$DIR/giveup.pid"
    [ -f "$DIR/giveup/req/OQSsiquc01req_1.xml" ]
    none "$DIR/giveup/res"
    rm -f "$DIR/giveup.ready"
    "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --service https://127.0.0.1:1 \
        --folder "$DIR/giveup" --give-up-seconds 2 >"$DIR/giveup.ready" 2>"$DIR/giveup.log" 3>&- &
    echo $! >"$DIR/giveup.pid"
    file=$(answer "$DIR/giveup" 1)
    [ "$(code "$file")" = SKK-4001 ]
    [ "$(xpath "$file" SegmentOfResult)" = 9 ]
    [ "$(xpath "$file" MedicalInstitutionCode)" = 1319912349 ]
    stop "$DIR/giveup.pid"
    none "$DIR/giveup/req"
}

@test "a service of another CA is not spoken to" {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$DIR/other.key" -out "$DIR/other.pem" \
        -days 2 -subj /CN=other 2>/dev/null
    start_terminal "$DIR/pinned" --ca "$DIR/other.pem" --give-up-seconds 0
    ask "$DIR/pinned" validemployee 1
    [ "$(code "$(answer "$DIR/pinned" 1)")" = SKK-4001 ]
    stop "$DIR/pinned.pid"
}

@test "killed again and again, every request gets one answer" {
    start_terminal "$DIR/killed"
    for i in $(seq 60); do
        ask "$DIR/killed" validemployee "k$i"
    done
    for pause in 0.01 0.03 0.05 0.08 0.12 0.2; do
        sleep $pause
        kill -9 "$(cat "$DIR/killed.pid")"
        wait_until ended "$(cat "$DIR/killed.pid")"
        # a receipt computer collects meanwhile
        for file in "$DIR"/killed/res/*.xml; do
            [ -f "$file" ] || continue
            [ "$(xpath "$file" SegmentOfResult)" = 1 ]
            [ ! -e "$DIR/collected/$(basename "$file")" ]
            mkdir -p "$DIR/collected"
            mv "$file" "$DIR/collected/"
        done
        start_terminal "$DIR/killed"
    done
    wait_until none "$DIR/killed/req"
    wait_until only_lock_and_status "$DIR/killed/work"
    stop "$DIR/killed.pid"
    for file in "$DIR"/killed/res/*.xml; do
        [ -f "$file" ] || continue
        [ ! -e "$DIR/collected/$(basename "$file")" ]
        mkdir -p "$DIR/collected"
        mv "$file" "$DIR/collected/"
    done
    [ "$(ls "$DIR/collected" | wc -l)" = 60 ]
}

only_lock_and_status() {
    [ "$(ls "$1" | grep -cvE '^(terminal.lock|status.json)$')" = 0 ]
}

@test "a second terminal on the same folders is refused" {
    run "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$DIR/main"
    [ "$status" -eq 3 ]
    [[ "$output" == *SKK-4008* ]]
}

@test "wrong settings are refused with what is wrong" {
    run "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$DIR/x" --encoding latin1
    [ "$status" -eq 2 ]
    [[ "$output" == *"utf-8 or shift_jis"* ]]
    run "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$DIR/x" --institution 1319912340
    [ "$status" -eq 2 ]
    run "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$DIR/x" --key /nonexistent
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-9002* ]]
    run "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$DIR/x" \
        --service http://127.0.0.1:1
    [ "$status" -eq 2 ]
    run "$SHIKAKU" terminal --folder "$DIR/x"
    [ "$status" -eq 2 ]
    [[ "$output" == *--service* ]]
    [ ! -e "$DIR/x/terminal.lock" ]
}

@test "results that nobody collects are removed after their time, with a notice" {
    mkdir -p "$DIR/left/res"
    echo '<XmlMsg/>' >"$DIR/left/res/OQSsiquc01res_old.xml"
    echo '<XmlMsg/>' >"$DIR/left/res/OQSsiquc01res_new.xml"
    touch -d '3 minutes ago' "$DIR/left/res/OQSsiquc01res_old.xml"
    start_terminal "$DIR/left" --stay-minutes 2
    wait_until missing "$DIR/left/res/OQSsiquc01res_old.xml"
    grep -q OQSsiquc01res_old.xml "$DIR/left/res/DEL_OQSsiquc01res_old.xml.txt"
    grep -q '削除' "$DIR/left/res/DEL_OQSsiquc01res_old.xml.txt"
    [ -f "$DIR/left/res/OQSsiquc01res_new.xml" ]
    stop "$DIR/left.pid"
}

@test "folders may be set apart" {
    mkdir -p "$DIR/apart/inbox" "$DIR/apart/outbox"
    start_terminal "$DIR/apart/rest" --req "$DIR/apart/inbox" --res "$DIR/apart/outbox"
    cp "$WORLD/samples/requests/OQSsiquc01req_validemployee.xml" "$DIR/apart/inbox/"
    wait_until test -f "$DIR/apart/outbox/OQSsiquc01res_validemployee.xml"
    wait_until none "$DIR/apart/inbox"
    stop "$DIR/apart/rest.pid"
}

@test "the log holds no person, no number, no PIN and no suffix of a request" {
    for log in "$DIR"/*.log; do
        # what is only a measure may look like a PIN
        sed "s/milliseconds='[0-9]*'//" "$log" >"$DIR/log.measured"
        [ "$(grep -cE '山田|高橋|ﾔﾏﾀﾞ|0012345|pin ?=|validemployee' "$DIR/log.measured")" = 0 ]
        [ "$(grep -cwE '1234|9999' "$DIR/log.measured")" = 0 ]
    done
}

@test "asked to stop, it stops in good order" {
    local pid=$(cat "$DIR/main.pid")
    kill -TERM "$pid"
    wait_until ended "$pid"
    grep -q stopping "$DIR/main.log"
    only_lock_and_status "$DIR/main/work"
    start_terminal "$DIR/main"
}
