# K1-K3 from end to end: issuer, service and terminal run; a card is renewed, or revoked, and laid on again.

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 50 --cards 0 --seed 7 --dir "$W/w" >/dev/null 2>&1
    start respond card respond --issuer "$W/w/pki" --listen-port 0
    local issuer=$URL
    start serve serve --config "$W/w/serve.conf" --listen-port 0 --ocsp-url "$issuer/ocsp" \
        --crl-url "$issuer/crl/%d.crl" --link-url "$issuer"
    start terminal terminal --config "$W/w/terminal.conf" --service "$URL" --folder "$W/t"
}

teardown_file() {
    kill $(cat "$W"/*.pid) 2>/dev/null
    sleep 1
    rm -rf "$W"
}

# start NAME WORDS...: runs it until it is ready; its address in URL
start() {
    local name=$1
    shift
    rm -f "$W/$name.ready"
    "$SHIKAKU" "$@" >"$W/$name.ready" 2>"$W/$name.log" 3>&- &
    echo $! >"$W/$name.pid"
    wait_for "$W/$name.ready"
    URL=$(sed -n 's/^ready //p' "$W/$name.ready")
}

wait_for() {
    for _ in $(seq 300); do
        [ -s "$1" ] && return 0
        sleep 0.1
    done
    cat "$W"/*.log >&2
    return 1
}

# lay CARD NAME: presents the card; its result in result
lay() {
    cp "$W/w/samples/presentations/$1.present" "$W/t/reader/.$2"
    mv "$W/t/reader/.$2" "$W/t/reader/$2.present"
    wait_for "$W/t/reader/$2.result"
    result=$(jq -r '"\(.validity) \(.code) \(.warning.kind)"' "$W/t/reader/$2.result")
}

@test "k2_ a card in its grace is renewed and used at once: the registration is its holder's" {
    lay cert-grace before
    [ "$result" = "1 SKK-7002 grace" ]
    "$SHIKAKU" card renew --issuer "$W/w/pki" "$W/w/cards/cert-grace.card"
    lay cert-grace after
    [ "$result" = "1  null" ]
}

@test "k3_ a lapsed card that is renewed must be registered again" {
    lay cert-lapsed lapsed
    [[ "$result" == "0 SKK-"* ]] || { echo "$result"; cat "$W"/t/reader/*.result; false; }
    "$SHIKAKU" card renew --issuer "$W/w/pki" "$W/w/cards/cert-lapsed.card"
    lay cert-lapsed renewed
    [[ "$result" == "0 SKK-"* ]] || { echo "$result"; cat "$W"/t/reader/*.result; false; }
    [ "$(jq -r .code "$W/t/reader/lapsed.result")" != "$(jq -r .code "$W/t/reader/renewed.result")" ]
}

@test "k1_ a card that was lost and revoked is refused" {
    "$SHIKAKU" card revoke --issuer "$W/w/pki" --reason keyCompromise "$W/w/cards/cert-alert.card"
    lay cert-alert revoked
    [[ "$result" == "0 SKK-"* ]] || { echo "$result"; cat "$W"/t/reader/*.result; false; }
    jq -e '.message.ja | contains("失効")' "$W/t/reader/revoked.result"
}
