# The emulated card in the machine's PC/SC service, with programs that know nothing of us: pcscd,
# vsmartcard-vpcd, OpenSC; then the terminal on the same reader. pcscd needs root and is there once
# a machine: this file starts it and ends it.

bats_require_minimum_version 1.5.0

setup_file() {
    export DIR=$(mktemp -d)
    export WORLD=$DIR/world HOME=$DIR XDG_CACHE_HOME=$DIR/cache
    # OpenSC as it is, asking for one kind of card only: 9 commands a signature instead of 38
    export ONLY_JPKI=$DIR/opensc.conf
    cat >"$ONLY_JPKI" <<'END'
app default {
    card_drivers = jpki;
    framework pkcs15 {
        use_file_caching = no;
        builtin_emulators = jpki;
    }
}
END
    "$SHIKAKU" world --people 10 --cards 0 --dir "$WORLD" >"$DIR/world.out" 2>&1 3>&-
    rm -f "$DIR/service.ready"
    "$SHIKAKU" serve --config "$WORLD/serve.conf" --listen-port 0 \
        >"$DIR/service.ready" 2>"$DIR/service.log" 3>&- &
    echo $! >"$DIR/service.pid"
    wait_until grep -q ready "$DIR/service.ready"
    export PORT=$(sed 's/.*://' "$DIR/service.ready")
    start_pcscd
}

teardown_file() {
    for pid in "$DIR"/*.pid; do
        stop "$pid"
    done
    rm -rf "$DIR"
}

setup() {
    export OPENSC_CONF=$ONLY_JPKI
}

teardown() {
    stop "$DIR/terminal.pid"
    take_card
}

start_pcscd() {
    pcscd -f >>"$DIR/pcscd.log" 2>&1 3>&- &
    echo $! >"$DIR/pcscd.pid"
    wait_until listening 35963
}

listening() {
    (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null
}

# put_card NAME OPTIONS...: a copy of a world's card, or the card of that name as it was left
put_card() {
    local name=$1
    shift
    [ -f "$DIR/$name.card" ] || cp "$WORLD/cards/$name.card" "$DIR/$name.card"
    : >"$DIR/card.ready"
    "$SHIKAKU" card emulate --vpcd "$@" "$DIR/$name.card" \
        >"$DIR/card.ready" 2>"$DIR/card.log" 3>&- &
    echo $! >"$DIR/card.pid"
    wait_until grep -q ready "$DIR/card.ready"
}

take_card() {
    stop "$DIR/card.pid" || return 1
    wait_until empty_reader
}

empty_reader() {
    opensc-tool -l | grep -q '^0 *No'
}

# stop PIDFILE [SIGNAL]
stop() {
    [ -f "$1" ] || return 0
    local pid=$(cat "$1")
    rm "$1"
    kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
    wait_until ended "$pid"
}

# Gone, or only its name is left because nobody has asked for its exit code.
ended() {
    ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"
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

# apdu HEX...: the status words of a run of commands, in one connection
apdu() {
    local options=()
    for command in "$@"; do
        options+=(-s "$command")
    done
    opensc-tool "${options[@]}" | sed -n 's/^Received (SW1=0x\(..\), SW2=0x\(..\)).*/\1\2/p' |
        paste -sd' '
}

tries_left() {
    pkcs15-tool --list-pins | sed -n 's/.*Tries left *: //p' | paste -sd' '
}

# certificate MEMBER: of the card file valid-employee, DER
certificate() {
    jq -r ".$1" "$DIR/valid-employee.card" | base64 -d
}

# start_terminal OPTIONS...
start_terminal() {
    rm -rf "$DIR/terminal"
    rm -f "$DIR/terminal.ready"
    "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --service "https://127.0.0.1:$PORT" \
        --folder "$DIR/terminal" --card-reader pcsc "$@" \
        >"$DIR/terminal.ready" 2>"$DIR/terminal.log" 3>&- &
    echo $! >"$DIR/terminal.pid"
    wait_until grep -q ready "$DIR/terminal.ready"
}

# present NAME LINE...
present() {
    local name=$1
    shift
    rm -f "$DIR/terminal/reader/$name.result"
    printf '%s\n' "$@" >"$DIR/presentation"
    cp "$DIR/presentation" "$DIR/terminal/reader/$name.present"
}

# result NAME FILTER
result() {
    wait_until test -f "$DIR/terminal/reader/$1.result" || return 1
    jq -r "$2" "$DIR/terminal/reader/$1.result"
}

@test "e2_ OpenSC as it is installed knows the card among all others" {
    put_card valid-employee
    unset OPENSC_CONF
    [ "$(opensc-tool -n)" = jpki ]
    [ "$(tries_left)" = "3 5" ]
}

@test "e2_ OpenSC reads pins, and certificates byte for byte" {
    put_card valid-employee
    [ "$(tries_left)" = "3 5" ]
    [ "$(pkcs15-tool --list-certificates | grep -c '^X.509')" = 4 ]
    for pair in 01:auth_certificate 03:auth_ca 04:sign_ca; do
        pkcs15-tool --read-certificate "${pair%:*}" | openssl x509 -outform der |
            cmp - <(certificate "${pair#*:}")
    done
    run -0 pkcs15-tool --verify-pin --auth-id 02 --pin ABC123 --read-certificate 02
    echo "$output" | sed -n '/^-----BEGIN/,/^-----END/p' | openssl x509 -outform der |
        cmp - <(certificate sign_certificate)
}

@test "e2_ signatures that OpenSC has made verify with openssl" {
    put_card valid-employee
    echo "何かの文" >"$DIR/text"
    openssl dgst -sha256 -binary "$DIR/text" >"$DIR/hash"
    (printf '\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20'
        cat "$DIR/hash") >"$DIR/info"
    certificate auth_certificate | openssl x509 -inform der -noout -pubkey >"$DIR/auth.pub"
    certificate sign_certificate | openssl x509 -inform der -noout -pubkey >"$DIR/sign.pub"
    pkcs15-crypt -s -k 1 --sha-256 --pkcs1 -p 1234 -R -i "$DIR/hash" -o "$DIR/auth1"
    pkcs11-tool --sign --slot-index 0 --pin 1234 --mechanism RSA-PKCS -i "$DIR/info" \
        -o "$DIR/auth2"
    pkcs11-tool --sign --slot-index 0 --pin 1234 --mechanism SHA256-RSA-PKCS -i "$DIR/text" \
        -o "$DIR/auth3"
    pkcs11-tool --sign --slot-index 1 --pin ABC123 --mechanism SHA256-RSA-PKCS -i "$DIR/text" \
        -o "$DIR/sign1"
    for made in auth1 auth2 auth3 sign1; do
        openssl dgst -sha256 -verify "$DIR/${made%?}.pub" -signature "$DIR/$made" "$DIR/text"
    done
    cmp "$DIR/auth1" "$DIR/auth2"
    run ! openssl dgst -sha256 -verify "$DIR/auth.pub" -signature "$DIR/sign1" "$DIR/text"
}

@test "e2_ wrong PINs count down, and neither an end nor kill -9 gives a try back" {
    cp "$WORLD/cards/valid-employee.card" "$DIR/victim.card"
    put_card victim
    for left in 2 1; do
        run ! pkcs15-tool --verify-pin --auth-id 01 --pin 9999
        [ "$(tries_left)" = "$left 5" ]
        stop "$DIR/card.pid" "$([ $left = 2 ] && echo KILL || echo INT)"
        wait_until empty_reader
        put_card victim
        [ "$(tries_left)" = "$left 5" ]
    done
    run ! pkcs15-tool --verify-pin --auth-id 01 --pin 9999
    [ "$(tries_left)" = "0 5" ]
    run ! pkcs15-tool --verify-pin --auth-id 01 --pin 1234
    [ "$(apdu 00A4040C0AD392F000260100000001 0020009804 002000980431323334)" = \
        "9000 63C0 6984" ]
    run ! pkcs15-crypt -s -k 1 --sha-256 --pkcs1 -p 1234 -R -i "$DIR/hash" -o "$DIR/none"
    [ ! -s "$DIR/none" ]
    pkcs15-tool --read-certificate 01 >/dev/null
    run -0 pkcs15-tool --verify-pin --auth-id 02 --pin ABC123
}

@test "e2_ a right PIN before the last try brings the tries back" {
    cp "$WORLD/cards/valid-employee.card" "$DIR/careful.card"
    put_card careful
    run ! pkcs15-tool --verify-pin --auth-id 01 --pin 9999
    run ! pkcs15-tool --verify-pin --auth-id 01 --pin 9999
    [ "$(tries_left)" = "1 5" ]
    run -0 pkcs15-tool --verify-pin --auth-id 01 --pin 1234
    [ "$(tries_left)" = "3 5" ]
}

@test "e2_ a card without PIN is known, shows no try and opens nothing" {
    put_card pinless
    [ "$(opensc-tool -n)" = jpki ]
    [ "$(tries_left)" = "0 0" ]
    pkcs15-tool --read-certificate 01 | openssl x509 -noout
    run ! pkcs15-tool --read-certificate 02
    run ! pkcs15-crypt -s -k 1 --sha-256 --pkcs1 -p 1234 -R -i "$DIR/hash" -o "$DIR/none"
    [ ! -s "$DIR/none" ]
    # EF 0008: no certificate for signatures
    run -0 opensc-tool -s 00A4040C0AD392F000260100000001 -s 00A4020C020008 -s 00B0000003
    [[ "$output" == *"00 8F 00"* ]]
}

@test "the documented commands answer with the documented status words" {
    put_card valid-employee
    local jpki=00A4040C0AD392F000260100000001
    # short ids: read, empty VERIFY, VERIFY, sign in each scheme; another scheme; after reselection
    local hash=20$(printf '00%.0s' $(seq 32))
    [ "$(apdu $jpki 00B08A0000 00200098 002000980431323334 802A0097${hash}00 802A0197${hash}00 \
        802A0297${hash}00 802A0397${hash}00 802A0497${hash}00 802A0597${hash}00 \
        802A0697${hash}00 802A02970100 $jpki 802A0097${hash}00)" = \
        "9000 9000 63C3 9000 9000 9000 9000 9000 9000 9000 6A86 6700 9000 6982" ]
    # CHANGE REFERENCE DATA only after VERIFY, and what is set then holds
    [ "$(apdu $jpki 002401980435363738 002000980431323334 002401980435363738 $jpki \
        002000980435363738 002401980431323334)" = "9000 6982 9000 9000 9000 9000 9000" ]
    # challenges, foreign applications, unknown commands and classes, files that are not there
    [ "$(apdu $jpki 0084000008 0084000000 00CA3F0000 00D60000 C0A40000 00A4020C020003 \
        00A4020C020017 00B0000004 00A4020C02000A 00B07FFF04 00A4040C05A000000001)" = \
        "9000 9000 9000 6A88 6D00 6E00 6A82 9000 6986 9000 6B00 6A82" ]
    # the common application: serial, municipality, and the day the card ends
    run -0 opensc-tool -s 00A4040C0AD3921000310001010100 -s 00A4020C020001 -s 00B2010400
    record=$(echo "$output" | sed -n 's/^\(3[0-9] \)\{1,16\} *//p' | tr -d '\n')
    [ "$record" = "$(jq -r '.card_number + .municipality + .card_expires' \
        "$DIR/valid-employee.card")" ]
}

@test "e2_ phones: Android shows its certificate after the PIN only, an iPhone says goodbye" {
    local jpki=00A4040C0AD392F000260100000001 read="00A4020C02000A 00B0000004"
    jq '.label = "JPKIAPGPSETOKEN"' "$WORLD/cards/valid-employee.card" >"$DIR/android.card"
    put_card android
    # shellcheck disable=SC2086 # two commands
    [ "$(apdu $jpki $read 002000980431323334 $read 80FC0000)" = \
        "9000 9000 6982 9000 9000 9000 6700" ]
    take_card
    jq '.label = "JPKIAPIOSTOKEN"' "$WORLD/cards/valid-employee.card" >"$DIR/iphone.card"
    put_card iphone
    # shellcheck disable=SC2086
    [ "$(apdu $jpki $read 80FC0000)" = "9000 9000 9000 9000" ]
}

@test "e2_ OpenSC knows a phone, reads its certificate after the PIN and signs with it" {
    jq '.label = "JPKIAPGPSETOKEN"' "$WORLD/cards/valid-employee.card" >"$DIR/phone.card"
    put_card phone
    [ "$(opensc-tool -n)" = jpki ]
    [ "$(tries_left)" = "3 5" ]
    run ! pkcs15-tool --read-certificate 01
    run -0 pkcs15-tool --verify-pin --auth-id 01 --pin 1234 --read-certificate 01
    echo "$output" | sed -n '/^-----BEGIN/,/^-----END/p' | openssl x509 -noout -pubkey >"$DIR/phone.pub"
    echo "何かの文" >"$DIR/text"
    openssl dgst -sha256 -binary "$DIR/text" >"$DIR/hash"
    pkcs15-crypt -s -k 1 --sha-256 --pkcs1 -p 1234 -R -i "$DIR/hash" -o "$DIR/phone.sig"
    openssl dgst -sha256 -verify "$DIR/phone.pub" -signature "$DIR/phone.sig" "$DIR/text"
}

@test "every command can be logged, without PINs" {
    put_card valid-employee --log-apdu
    pkcs15-crypt -s -k 1 --sha-256 --pkcs1 -p 1234 -R -i "$DIR/hash" -o "$DIR/auth1"
    run ! pkcs15-tool --verify-pin --auth-id 02 --pin SECRET9
    apdu 00A4040C0AD392F000260100000001 002000980431323334 802400980435363738 0020
    grep -q "command='00200080+5 hidden' answer='9000'" "$DIR/card.log"
    grep -q "command='802A0080" "$DIR/card.log"
    run ! grep -E '31323334|35363738|5345435245|1234|SECRET' "$DIR/card.log"
}

@test "without a reader the card says what is missing, with exit code 3" {
    run -3 "$SHIKAKU" card emulate --vpcd --wait-seconds 0 --port 35999 \
        "$WORLD/cards/valid-employee.card"
    [[ "$output" == *SKK-4010*pcscd* ]]
    run -2 "$SHIKAKU" card emulate --atr 00 "$WORLD/cards/valid-employee.card"
    run -2 "$SHIKAKU" card emulate "$WORLD/world.json"
    run -2 "$SHIKAKU" card emulate
    put_card valid-employee
    run -3 "$SHIKAKU" card emulate --wait-seconds 1 "$WORLD/cards/pinless.card"
    [[ "$output" == *SKK-4011* ]]
    run -3 "$SHIKAKU" card emulate --port 35964 "$DIR/valid-employee.card"
    [[ "$output" == *SKK-3111* ]]
}

@test "SIGINT and SIGTERM take the card out and end the terminal in good order" {
    for signal in INT TERM; do
        start_terminal
        put_card valid-employee
        for program in card terminal; do
            pid=$(cat "$DIR/$program.pid")
            rm "$DIR/$program.pid"
            kill -$signal "$pid"
            wait "$pid"
        done
        run ! grep -i sanitizer "$DIR/card.log" "$DIR/terminal.log"
        wait_until empty_reader
    done
}

@test "e1_e2_ from the card on the reader to the answer file, in every mode" {
    start_terminal
    put_card valid-employee
    for mode in pin visual face; do
        present desk "mode = $mode" 'consent = limit' "$([ $mode = pin ] && echo pin = 1234)"
        [ "$(result desk '"\(.reader) \(.validity) \(.mode)"')" = "pcsc 1 $mode" ]
        [ "$(xmllint --xpath 'string(//ReferenceClassification)' \
            "$DIR/terminal/face/$(result desk .face_file)")" = 1 ]
        take_card
        put_card valid-employee
    done
    [ "$(ls "$DIR/terminal/face" | wc -l)" = 3 ]
}

@test "e2_ tries are shown, the last is not taken unasked, and the PIN is nowhere left" {
    cp "$WORLD/cards/valid-employee.card" "$DIR/shown.card"
    start_terminal --log-level debug
    put_card shown
    for expected in "SKK-3103 2" "SKK-3103 1" "SKK-3106 1"; do
        present desk 'mode = pin' 'pin = 9876'
        [ "$(result desk '"\(.code) \(.pin_tries_left)"')" = "$expected" ]
    done
    present desk 'mode = pin' 'pin = 9876' 'last-try = yes'
    [ "$(result desk '"\(.code) \(.pin_tries_left)"')" = "SKK-3104 0" ]
    present desk 'mode = visual'
    [ "$(result desk .validity)" = 1 ]
    run ! grep -r 9876 "$DIR/terminal" "$DIR/terminal.log" "$DIR/card.log"
    take_card
    put_card pinless
    present desk 'mode = pin' 'pin = 1234'
    [ "$(result desk .code)" = SKK-3105 ]
    present desk 'mode = face'
    [ "$(result desk .validity)" = 1 ]
}

@test "e2_ a card that was answered must go before another presentation counts" {
    start_terminal --reader-wait-seconds 1
    put_card valid-employee
    present desk 'mode = visual'
    [ "$(result desk .validity)" = 1 ]
    present desk 'mode = pin' 'pin = 9999'
    [ "$(result desk .code)" = SKK-3114 ]
    [ "$(jq .auth_tries "$DIR/valid-employee.card")" = 3 ]
    take_card
    present desk 'mode = visual'
    [ "$(result desk .code)" = SKK-3110 ]
}

@test "a card that nothing was said about is checked in the mode that is set" {
    start_terminal --reader-mode visual
    put_card valid-employee
    [ "$(result card '"\(.mode) \(.validity)"')" = "visual 1" ]
    run -2 "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --reader-mode pin
    run -2 "$SHIKAKU" terminal --config "$WORLD/terminal.conf" --card-reader camera
}

# start_device LINE...: the played face device, which compares nothing
start_device() {
    printf '%s\n' "$@" >"$DIR/script"
    "$SHIKAKU" face-device --socket "$DIR/face.socket" --script "$DIR/script" \
        >"$DIR/device.out" 2>"$DIR/device.log" 3>&- &
    echo $! >"$DIR/device.pid"
    wait_until grep -q ready "$DIR/device.out"
}

@test "e2_ unattended: a card is put down, the holder picks at the face device" {
    start_device 'identify: pick mode=face' 'compare: face result=match' \
        'consent: consented items=none'
    start_terminal --face-device "$DIR/face.socket" --reader-mode ask
    put_card valid-employee
    [ "$(result card '"\(.mode) \(.validity)"')" = "face 1" ]
    wait_until grep -q '"reader":{"state":"card"' "$DIR/terminal/work/status.json"
    stop "$DIR/device.pid"
}

@test "e2_ a card that is taken away while its holder is asked ends that, and costs no try" {
    start_device 'identify: pick mode=pin' 'pin: slow'
    start_terminal --face-device "$DIR/face.socket" --reader-mode ask
    put_card valid-employee
    wait_until grep -q '^asked pin' "$DIR/device.out"
    take_card
    [ "$(result card '"\(.code) \(.number)"')" = "SKK-3129 918" ]
    [ "$(jq .auth_tries "$DIR/valid-employee.card")" = 3 ]
    wait_until grep -q '"reader":{"state":"empty"' "$DIR/terminal/work/status.json"
    stop "$DIR/device.pid"
}

@test "reader and service may go and come back" {
    start_terminal --reader-wait-seconds 20
    put_card valid-employee --wait-seconds 20
    stop "$DIR/pcscd.pid"
    wait_until grep -q 'no card reader' "$DIR/terminal.log"
    present desk 'mode = visual'
    start_pcscd
    [ "$(result desk .validity)" = 1 ]
    [ "$(grep -c ready "$DIR/card.ready")" = 2 ]
}

@test "of several readers those of the name count" {
    start_terminal --reader-name 'PCD 00 01' --reader-wait-seconds 1
    put_card pinless
    present desk 'mode = visual'
    [ "$(result desk .code)" = SKK-3110 ]
    take_card
    put_card pinless --port 35964
    present desk 'mode = visual'
    [ "$(result desk .validity)" = 1 ]
    stop "$DIR/terminal.pid"
    start_terminal --reader-name 'No such' --reader-wait-seconds 1
    present desk 'mode = visual'
    [ "$(result desk .code)" = SKK-4012 ]
}

@test "protocol T=0 serves the PIN; what it cannot carry is told" {
    start_terminal
    put_card valid-employee --atr 3B00
    present desk 'mode = visual'
    [ "$(result desk .code)" = SKK-3101 ]
    grep -q 'T=0 carries no extended commands' "$DIR/terminal.log"
    present desk 'mode = pin' 'pin = 1234'
    [ "$(result desk '"\(.validity) \(.pin_tries_left)"')" = "1 3" ]
}

@test "a card of another kind, and one that falls silent, are told" {
    start_terminal
    rm -f "$DIR/card.ready"
    "$CARD_PLAYED" 35963 stranger >"$DIR/card.ready" 3>&- &
    echo $! >"$DIR/card.pid"
    wait_until grep -q ready "$DIR/card.ready"
    present desk 'mode = visual'
    [ "$(result desk '"\(.code) \(.number)"')" = "SKK-3102 002" ]
    take_card
    rm -f "$DIR/card.ready"
    "$CARD_PLAYED" 35963 silent >"$DIR/card.ready" 3>&- &
    echo $! >"$DIR/card.pid"
    wait_until grep -q ready "$DIR/card.ready"
    present desk 'mode = visual'
    [ "$(result desk .code)" = SKK-3112 ]
    take_card
    put_card valid-employee
    present desk 'mode = visual'
    [ "$(result desk .validity)" = 1 ]
}

# The bar of 300 ms is for bench/card.sh on a quiet machine. Other work has this one at the same time, under
# sanitizers too; but 40 ms lost at each command would show: the best of three measurements counts.
@test "e1_ each step's share of a check is known, and none of them stalls" {
    for _ in 1 2 3; do
        "$SHIKAKU_ROOT/bench/card.sh" --rounds 5 --shikaku "$SHIKAKU" --dir "$DIR/bench" |
            tee "$DIR/times"
        for step in card challenge identify sign service file rest all; do
            grep -q "^$step " "$DIR/times"
        done
        within=$(awk '$1 == "all" { print $2 <= 1000 }' "$DIR/times")
        [ "$within" = 1 ] && break
    done
    [ "$within" = 1 ]
}
