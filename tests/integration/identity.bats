# How a holder is identified: the terminal, the played face device (which compares nothing), the
# staff's password and switch, and what the service's journal keeps of it.

bats_require_minimum_version 1.5.0

setup_file() {
    export DIR=$(mktemp -d)
    export WORLD=$DIR/world FOLDER=$DIR/terminal
    "$SHIKAKU" world --people 10 --cards 0 --dir "$WORLD" >"$DIR/world.out" 2>&1 3>&-
    echo correct-horse | "$SHIKAKU" visual-mode password --out "$DIR/visual.hash"
    rm -f "$DIR/service.ready"
    "$SHIKAKU" serve --config "$WORLD/serve.conf" --listen-port 0 \
        >"$DIR/service.ready" 2>"$DIR/service.log" 3>&- &
    echo $! >"$DIR/service.pid"
    wait_until grep -q ready "$DIR/service.ready"
    echo 'identify: cancel' >"$DIR/script"
    "$SHIKAKU" face-device --socket "$DIR/face.socket" --script "$DIR/script" \
        >"$DIR/device.out" 2>"$DIR/device.log" 3>&- &
    echo $! >"$DIR/device.pid"
    wait_until grep -q ready "$DIR/device.out"
    start_terminal "$FOLDER" --face-device "$DIR/face.socket" --face-wait-seconds 1 \
        --visual-password "$DIR/visual.hash" --log-level debug
}

teardown_file() {
    for pid in "$DIR"/*.pid; do
        kill "$(cat "$pid")" 2>/dev/null || true
    done
    sleep 0.3
    rm -rf "$DIR"
}

# start_terminal FOLDER OPTIONS...
start_terminal() {
    local folder=$1
    shift
    rm -f "$folder.ready"
    "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --folder "$folder" \
        --service "https://127.0.0.1:$(sed 's/.*://' "$DIR/service.ready")" "$@" \
        >"$folder.ready" 2>>"$folder.log" 3>&- &
    echo $! >"$folder.pid"
    wait_until grep -q ready "$folder.ready"
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

# device LINE...: the device's script from the next card on; what it was asked before is forgotten
device() {
    printf '%s\n' "$@" >"$DIR/script"
    : >"$DIR/device.out"
}

asked() {
    grep -c "^asked $1" "$DIR/device.out" || true
}

# card NAME: a card as it was issued
card() {
    cp "$WORLD/cards/$1.card" "$FOLDER/reader/"
    echo "card = $1.card"
}

# present LINE...: and waits for the result
present() {
    rm -f "$FOLDER/reader/desk.result"
    printf '%s\n' "$@" >"$FOLDER/reader/desk.tmp"
    mv "$FOLDER/reader/desk.tmp" "$FOLDER/reader/desk.present"
    wait_until test -f "$FOLDER/reader/desk.result"
}

result() {
    jq -r "$1" "$FOLDER/reader/desk.result"
}

@test "e2_ the holder picks face, the device's match and the consents lead to the answer" {
    device 'identify: pick mode=face' 'compare: face result=match' \
        'consent: consented items=limit,medication'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.validity) \(.mode) \(.code)"')" = "1 face " ]
    [ "$(result '.milliseconds | keys | length')" = 6 ]
    grep -q '^asked identify session=.* card=plastic modes=face,pin,visual$' "$DIR/device.out"
    grep -q '^asked end .*result=answered validity=1 code=none number=000' "$DIR/device.out"
    "$SHIKAKU" audit show "$WORLD/journal" | tail -1 | grep -q 'mode=face .*consents=9 '
}

@test "e2_ no match: again, then the PIN; comparisons are bounded" {
    device 'identify: pick mode=face' 'identify: pick mode=pin' 'compare: face result=no-match' \
        'pin: digits pin=1234' 'consent: consented items=none'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.validity) \(.mode) \(.pin_tries_left)"')" = "1 pin 3" ]
    grep -q '^asked identify .*cause=SKK-3122' "$DIR/device.out"
    device 'identify: pick mode=face' 'compare: face result=no-face'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.code) \(.number)"')" = "SKK-3123 912" ]
    [ "$(asked compare)" = 3 ]
}

@test "e2_ a failed face, and the staff take over with the facility's password" {
    device 'identify: pick mode=face' \
        'identify: staff account=desk-07 password=correct-horse' \
        'compare: face result=no-match' 'look: looked result=alike' 'consent: consented items=none'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.validity) \(.mode) \(.staff)"')" = "1 visual desk-07" ]
    "$SHIKAKU" audit show "$WORLD/journal" | tail -1 | grep -q 'mode=visual staff=desk-07 '
    device 'identify: staff account=desk-07 password=correct-horse' 'look: looked result=other'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.code) \(.staff)"')" = "SKK-3126 desk-07" ]
}

@test "e2_ a wrong PIN shows the tries, is not repeated, and one left stops it" {
    device 'identify: pick mode=pin' 'pin: digits pin=8642' 'pin: cancel'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.code) \(.pin_tries_left)"')" = "SKK-3130 2" ]
    grep -q '^asked pin .*tries=2 .*cause=SKK-3103' "$DIR/device.out"
    device 'identify: pick mode=pin' 'pin: digits pin=8642' 'warn: cancel'
    present 'card = valid-employee.card' 'mode = ask'
    [ "$(result .pin_tries_left)" = 1 ]
    device 'identify: pick mode=pin' 'warn: cancel'
    present 'card = valid-employee.card' 'mode = ask'
    [ "$(result .pin_tries_left)" = 1 ]
    [ "$(asked pin)" = 0 ]
    device 'identify: pick mode=pin' 'identify: pick mode=face' 'warn: last-try' \
        'pin: digits pin=8642' 'compare: face result=match' 'consent: consented items=none'
    present 'card = valid-employee.card' 'mode = ask'
    [ "$(result '"\(.validity) \(.mode) \(.pin_tries_left)"')" = "1 face 0" ]
    grep -q '^asked identify .*modes=face,visual cause=SKK-3104' "$DIR/device.out"
    run ! grep -r 8642 "$FOLDER" "$FOLDER.log" "$DIR/device.out"
}

@test "e2_ a card without PIN has face and visual, a phone its own PIN" {
    device 'identify: pick mode=pin' 'identify: pick mode=face' 'compare: face result=match' \
        'consent: consented items=none'
    present "$(card pinless)" 'mode = ask'
    [ "$(result '"\(.validity) \(.mode)"')" = "1 face" ]
    grep -q '^asked identify .*card=pinless modes=face,visual$' "$DIR/device.out"
    jq '.label = "JPKIAPGPSETOKEN"' "$WORLD/cards/valid-employee.card" >"$FOLDER/reader/phone.card"
    device 'identify: pick mode=pin' 'pin: digits pin=1234' 'consent: consented items=none'
    present 'card = phone.card' 'mode = ask'
    [ "$(result '"\(.validity) \(.mode)"')" = "1 pin" ]
    grep -q '^asked identify .*card=phone modes=pin$' "$DIR/device.out"
    present 'card = phone.card' 'mode = visual' 'staff = desk-07' 'password = correct-horse'
    [ "$(result '"\(.code) \(.number)"')" = "SKK-3121 910" ]
    present 'card = phone.card' 'mode = pin' 'pin = 1234'
    [ "$(result .validity)" = 1 ]
}

@test "k1_k2_ the warning is told with its days, and in the grace no consents are asked for" {
    device 'identify: pick mode=face' 'compare: face result=match' \
        'consent: consented items=medication'
    present "$(card cert-alert)" 'mode = ask'
    [ "$(result '"\(.validity) \(.warning.kind) \(.warning.code)"')" = "1 renew SKK-7001" ]
    [ "$(asked consent)" = 1 ]
    : >"$DIR/device.out"
    present "$(card cert-grace)" 'mode = ask'
    [ "$(result '"\(.validity) \(.warning.kind) \(.warning.code)"')" = "1 grace SKK-7002" ]
    [ "$(result '.warning.days >= 0 and (.warning.ja | contains("資格の確認のみ"))')" = true ]
    [ "$(asked consent)" = 0 ]
    grep -q '^asked end .*warning=grace days=' "$DIR/device.out"
    wait_until grep -q '"kind":"grace"' "$FOLDER/work/status.json"
    present "$(card cert-lapsed)" 'mode = ask'
    [ "$(result '"\(.code) \(.number) \(.warning)"')" = "SKK-3008 006 null" ]
}

@test "e2_ a device that is broken, gone or slow is told, and burns no PIN" {
    for row in 'face result=broken:SKK-3124' 'gone:SKK-3125' 'slow:SKK-3131'; do
        device 'identify: pick mode=face' "compare: ${row%:*}"
        present "$(card valid-employee)" 'mode = ask'
        [ "$(result .code)" = "${row#*:}" ]
    done
    [ "$(jq .auth_tries "$FOLDER/reader/valid-employee.card")" = 3 ]
}

@test "e2_ the administrator's switch makes every check visual until it is switched back" {
    present 'visual = on' 'staff = admin-1'
    [ "$(result '"\(.code) \(.visual)"')" = "SKK-3127 off" ]
    present 'visual = on' 'staff = admin-1' 'password = correct-horse'
    [ "$(result '"\(.code) \(.visual) \(.staff)"')" = " on admin-1" ]
    wait_until grep -q '"visual":{"on":true,"staff":"admin-1"' "$FOLDER/work/status.json"
    device 'look: looked result=alike' 'consent: consented items=none'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result '"\(.validity) \(.mode) \(.staff)"')" = "1 visual admin-1" ]
    [ "$(asked identify)" = 0 ]
    present 'card = valid-employee.card' 'mode = visual'
    [ "$(result '"\(.validity) \(.staff)"')" = "1 admin-1" ]
    present 'visual = off' 'staff = admin-1'
    [ "$(result .visual)" = off ]
    present 'card = valid-employee.card' 'mode = visual'
    [ "$(result .code)" = SKK-3128 ]
    present 'card = valid-employee.card' 'mode = visual' 'staff = desk-07'
    [ "$(result .code)" = SKK-3127 ]
    present 'card = valid-employee.card' 'mode = visual' 'staff = desk-07' \
        'password = correct-horse'
    [ "$(result '"\(.validity) \(.staff)"')" = "1 desk-07" ]
    run ! grep -rE 'correct-horse' "$FOLDER" "$FOLDER.log" "$DIR/visual.hash" "$DIR/device.out"
}

@test "e2_ without a device a stated face is believed, or refused, as the terminal is set" {
    FOLDER=$DIR/plain
    start_terminal "$FOLDER"
    present "$(card valid-employee)" 'mode = face'
    [ "$(result .validity)" = 1 ]
    present 'card = valid-employee.card' 'mode = visual'
    [ "$(result '"\(.validity) \(.staff)"')" = "1 unnamed" ]
    present 'card = valid-employee.card' 'mode = ask'
    [ "$(result .code)" = SKK-9002 ]
    FOLDER=$DIR/strict
    start_terminal "$FOLDER" --face-without-device refuse
    present "$(card valid-employee)" 'mode = face'
    [ "$(result .code)" = SKK-3132 ]
    run -2 "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --reader-mode ask
    run -2 "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --face-without-device maybe
    run -2 "$SHIKAKU" face-device --socket "$DIR/x" --says perhaps
    run -2 "$SHIKAKU" visual-mode password --out "$DIR/x" <<<short
    [ ! -e "$DIR/x" ]
}

@test "e2_ wrong passwords are counted, and then none is taken for a minute" {
    device 'identify: staff account=desk-07 password=wrong-horse'
    present "$(card valid-employee)" 'mode = ask'
    [ "$(result .code)" = SKK-3133 ]
    [ "$(asked identify)" = 6 ]
    run ! grep -i sanitizer "$FOLDER.log" "$DIR/device.log"
}
