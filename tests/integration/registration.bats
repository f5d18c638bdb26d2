# R1, P1 at work: a card that is not registered is offered registration at the reader, registers at a
# yes, and is checked from then on; the portal has a role of its own.

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 50 --cards 0 --seed 7 --dir "$W/w" >/dev/null 2>&1
    sed -i 's/^listen-port.*/listen-port = 0/' "$W/w/serve.conf"
    "$SHIKAKU" serve --config "$W/w/serve.conf" >"$W/ready" 2>"$W/serve.log" 3>&- &
    echo $! >"$W/serve.pid"
    wait_for "$W/ready"
    export URL=$(sed -n 's/^ready //p' "$W/ready")
    "$SHIKAKU" terminal --config "$W/w/terminal.conf" --service "$URL" --folder "$W/t" \
        >"$W/t.ready" 2>"$W/t.log" 3>&- &
    echo $! >"$W/t.pid"
    wait_for "$W/t.ready"
}

teardown_file() {
    kill $(cat "$W"/*.pid) 2>/dev/null
    sleep 1
    rm -rf "$W"
}

wait_for() {
    for _ in $(seq 300); do
        [ -s "$1" ] && return 0
        sleep 0.1
    done
    cat "$W"/*.log >&2
    return 1
}

# present CARD LINES: sets result to "validity code offered"
present() {
    cp "$W/w/samples/presentations/$1.present" "$W/t/work/card.tmp"
    printf '\n%s\n' "$2" >>"$W/t/work/card.tmp"
    rm -f "$W/t/reader/$1.result"
    mv "$W/t/work/card.tmp" "$W/t/reader/$1.present"
    wait_for "$W/t/reader/$1.result"
    result=$(jq -r '"\(.validity) \(.code) \(.registration_offered)"' "$W/t/reader/$1.result")
}

# ask CLIENT PATH
ask() {
    curl -sS -o "$W/answer" -w '%{http_code}' --cacert "$W/w/pki/network-ca.pem" \
        --cert "$W/w/pki/$1.pem" --key "$W/w/pki/$1.key" -X POST "$URL$2"
}

@test "r1_ the reader offers registration, a yes registers, and it stays" {
    present unregistered ''
    [ "$result" = '0 SKK-3010 true' ]
    present unregistered 'register = no'
    [ "$result" = '0 SKK-3010 true' ]
    present unregistered 'register = yes'
    [ "$result" = '1 SKK-7030 null' ]
    present unregistered ''
    [ "$result" = '1  null' ]
    "$SHIKAKU" audit show "$W/w/journal" | grep -c ' registration .*mode=pin.*rule=R1.registered' |
        grep -qx 1
}

@test "r1_k3_ nobody registers with a certificate that does not work" {
    present cert-lapsed 'register = yes'
    [ "$result" = '0 SKK-3008 null' ]
}

@test "p1_ the portal asks by its own certificate, an institution cannot" {
    [ "$(ask portal /v1/portal/challenge)" = 200 ]
    grep -q '<Nonce>' "$W/answer"
    [ "$(ask institutions/1319912349 /v1/portal/challenge)" = 403 ]
    grep -q SKK-2005 "$W/answer"
    [ "$(ask portal /v1/eligibility/card/challenge)" = 403 ]
}
