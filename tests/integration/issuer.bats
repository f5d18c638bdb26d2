# The issuer of a world's certificates: its counter, its responder, and a service that listens to it.

bats_require_minimum_version 1.5.0

setup_file() {
    export DIR=$(mktemp -d)
    "$SHIKAKU" world --dir "$DIR/world" --people 20 --cards 1 >"$DIR/made"
    export PKI=$DIR/world/pki CARDS=$DIR/world/cards
}

teardown_file() {
    rm -rf "$DIR"
}

card() {
    local act=$1
    shift
    "$SHIKAKU" card "$act" --issuer "$PKI" --json "$@"
}

@test "K1: a card is issued, shown, revoked; its end stays" {
    run -0 card issue --birth 1985-02-03 "$DIR/new.card"
    serial=$(jq -r .serial <<<"$output")
    [ "$(jq -r .generation <<<"$output")" = 2 ]
    [ "$(jq -r .rule <<<"$output")" = K1.expires_first ]
    [ "$(jq -r .expires <<<"$output" | cut -c5-)" = -02-03 ]
    run -0 card show --serial "$serial"
    [ "$(jq -r .state <<<"$output")" = valid ]
    run -0 card revoke --reason keyCompromise "$DIR/new.card"
    run -0 card show "$DIR/new.card"
    [ "$(jq -r .state <<<"$output")" = revoked ]
    [ "$(jq -r .check <<<"$output")" = false ]
    run -1 --separate-stderr card revoke --reason 1 "$DIR/new.card"
    [[ $stderr == *SKK-3023* ]]
    run -1 --separate-stderr card renew "$DIR/new.card"
    [[ $stderr == *SKK-3023* ]]
}

@test "K1, K2: what the cast's certificates are on a day" {
    run -0 card show "$CARDS/cert-grace.card"
    [ "$(jq -r .state <<<"$output")" = grace ]
    [ "$(jq -r .medical <<<"$output")" = false ]
    run -0 card show "$CARDS/cert-valid.card"
    run -1 --separate-stderr card renew "$CARDS/cert-valid.card"
    [[ $stderr == *SKK-3021* ]]
    run -1 --separate-stderr card show --serial 4
    [[ $stderr == *SKK-3022* ]]
    run -2 card show
    run -2 card show --serial 4 "$CARDS/cert-valid.card"
}

@test "K2: a renewal keeps the card, supersedes the old certificate and names the new one" {
    cp "$CARDS/cert-alert.card" "$DIR/renewed.card"
    run -0 card show "$DIR/renewed.card"
    [ "$(jq -r .state <<<"$output")" = alert ]
    old=$(jq -r .serial <<<"$output")
    run -0 card renew "$DIR/renewed.card"
    new=$(jq -r .serial <<<"$output")
    [ "$(jq -r .former <<<"$output")" = "$old" ]
    [[ $(jq -r .rule <<<"$output") == K1.expires_@(renewed|card) ]]
    run -0 card show --serial "$old"
    [ "$(jq -r .state <<<"$output")" = superseded ]
    [ "$(jq -r .successor <<<"$output")" = "$new" ]
    run -0 card show "$DIR/renewed.card"
    [ "$(jq -r .serial <<<"$output")" = "$new" ]
    [ "$(jq -r .card_number "$DIR/renewed.card")" = "$(jq -r .card_number "$CARDS/cert-alert.card")" ]
    run -0 "$SHIKAKU" card show --issuer "$PKI" --serial "$old"
    [[ $output == *"superseded(4) 更新"* ]]
}

@test "K1: the new certificate verifies against the second generation, the old against the first" {
    run -0 card issue --birth 1990-08-09 "$DIR/second.card"
    jq -r .auth_certificate "$DIR/second.card" | base64 -d >"$DIR/second.der"
    jq -r .auth_certificate "$CARDS/cert-valid.card" | base64 -d >"$DIR/first.der"
    openssl x509 -inform DER -in "$DIR/second.der" -out "$DIR/second.pem"
    openssl x509 -inform DER -in "$DIR/first.der" -out "$DIR/first.pem"
    openssl verify -CAfile "$PKI/card-ca.pem" "$DIR/first.pem" "$DIR/second.pem"
    openssl verify -CAfile "$PKI/card-ca-2.pem" "$DIR/second.pem"
    run ! openssl verify -CAfile "$PKI/card-ca-2.pem" "$DIR/first.pem"
    [ "$(openssl x509 -in "$DIR/second.pem" -noout -ocsp_uri)" = http://127.0.0.1:8444/ocsp ]
}

# --- the responder ---

# respond: starts it; PID and URL
respond() {
    rm -f "$DIR/ready"
    "$SHIKAKU" card respond --issuer "$PKI" --listen-port 0 --request-timeout 1 "$@" \
        >"$DIR/ready" 2>"$DIR/log" 3>&- &
    PID=$!
    for _ in $(seq 100); do
        grep -q ready "$DIR/ready" && break
        sleep 0.05
    done
    URL=$(sed -n 's/^ready //p' "$DIR/ready")
}

teardown() {
    [ -z "${PID:-}" ] && return
    kill -TERM "$PID"
    wait "$PID"
    ! grep -l Sanitizer "$DIR/log"
}

# pem CARD NAME: the certificate of a card file
pem() {
    jq -r .auth_certificate "$1" | base64 -d | openssl x509 -inform DER -out "$DIR/$2.pem"
}

# ca N: the certificate of a generation
ca() {
    if [ "$1" = 1 ]; then openssl x509 -in "$PKI/card-ca.pem" -out "$DIR/ca1.pem"
    else cp "$PKI/card-ca-2.pem" "$DIR/ca2.pem"; fi
}

# ocsp GENERATION ARGUMENTS...: the status by an unmodified client that trusts that CA only
ocsp() {
    local n=$1
    shift
    ca "$n"
    openssl ocsp -url "$URL/ocsp" -issuer "$DIR/ca$n.pem" -CAfile "$DIR/ca$n.pem" "$@" 2>&1
}

@test "K1: openssl ocsp: good, revoked with its reason, unknown; the nonce comes back" {
    respond
    run -0 card issue --birth 1985-02-03 "$DIR/o.card"
    pem "$DIR/o.card" o
    pem "$CARDS/cert-valid.card" valid
    run -0 ocsp 2 -cert "$DIR/o.pem"
    [[ $output == *"Response verify OK"*"o.pem: good"* ]]
    [[ $output != *"WARNING: no nonce"* ]]
    run -0 ocsp 1 -cert "$DIR/valid.pem" -serial 0x4
    [[ $output == *"valid.pem: good"*"0x4: unknown"* ]]
    run -0 ocsp 1 -sha256 -cert "$DIR/valid.pem"
    [[ $output == *"valid.pem: good"* ]]
    card revoke --reason keyCompromise "$DIR/o.card"
    run -0 ocsp 2 -cert "$DIR/o.pem" -resp_text
    [[ $output == *"o.pem: revoked"*"Reason: keyCompromise"* ]]
    [[ $output == *"OCSP Nonce"* ]]
    # a serial of the other generation is not this CA's
    run -0 ocsp 1 -serial "$(jq -n "$(card show "$DIR/o.card" | jq .serial)")"
    [[ $output == *": unknown"* ]]
    # of another CA altogether: nobody here can say
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DIR/x.key" \
        -subj /CN=other -out "$DIR/x.pem" 2>"$DIR/openssl.log"
    run openssl ocsp -url "$URL" -issuer "$DIR/x.pem" -CAfile "$DIR/x.pem" -serial 1
    [[ $output == *unauthorized* ]]
}

@test "K3: an expired certificate is good until the end of its grace, unknown afterwards" {
    respond
    for name in grace lapsed; do
        pem "$CARDS/cert-$name.card" "$name"
        run -0 ocsp 1 -cert "$DIR/$name.pem"
        [[ $output == *"$name.pem: $([ $name = grace ] && echo good || echo unknown)"* ]]
    done
}

@test "OCSP by GET, by POST to either address, and of rubbish" {
    respond
    ca 1
    openssl ocsp -issuer "$DIR/ca1.pem" -serial 4 -no_nonce -reqout "$DIR/request.der"
    encoded=$(base64 -w0 "$DIR/request.der" | jq -Rr @uri)
    curl -sSf "$URL/ocsp/$encoded" -o "$DIR/get.der"
    openssl ocsp -respin "$DIR/get.der" -CAfile "$DIR/ca1.pem" -issuer "$DIR/ca1.pem" -serial 4 |
        grep '4: unknown'
    for path in / /ocsp; do
        curl -sSf -H 'Content-Type: application/ocsp-request' --data-binary "@$DIR/request.der" \
            -D "$DIR/headers" "$URL$path" -o "$DIR/post.der"
        grep -i 'content-type: application/ocsp-response' "$DIR/headers"
        openssl ocsp -respin "$DIR/post.der" -noverify -text | grep 'successful (0x0)'
    done
    for rubbish in 'ocsp/!!!!' ocsp/AAAA "ocsp/$(printf 'A%.0s' $(seq 12000))"; do
        curl -sSf "$URL/$rubbish" -o "$DIR/bad.der"
        openssl ocsp -respin "$DIR/bad.der" -noverify 2>&1 | grep 'malformedrequest (1)'
    done
    run -0 curl -s -o /dev/null -w '%{http_code}' --data-binary @<(head -c 100000 /dev/zero) "$URL/"
    [ "$output" = 413 ]
    run -0 curl -s "$URL/nothing"
    [[ $output == *SKK-1* ]]
}

@test "K2: after a renewal the old one is superseded by OCSP and CRL, and its link is found" {
    respond
    cp "$CARDS/cert-alert.card" "$DIR/link.card"
    pem "$DIR/link.card" old
    # what an earlier test renewed is superseded already
    card renew "$DIR/link.card" || true
    run -0 ocsp 1 -cert "$DIR/old.pem"
    [[ $output == *"old.pem: revoked"*"Reason: superseded"* ]]
    old=$(openssl x509 -in "$DIR/old.pem" -noout -serial | cut -d= -f2)
    run -0 curl -sSf "$URL/links/1/$old"
    [ "$(jq -r .serial <<<"$output")" = "${old##0}" ]
    new=$(jq -r .new_serial <<<"$output")
    [ "$(jq -r .new_issuer <<<"$output")" = 2 ]
    run -0 curl -sSf "$URL/links/2/$new"
    [ "$(jq -r .serial <<<"$output")" = "${old##0}" ]
    run -0 curl -sSf "$URL/links?after=0"
    [ "$(jq -r '.links | map(select(.new_serial == "'"$new"'")) | length' <<<"$output")" = 1 ]
    next=$(jq -r .next <<<"$output")
    run -0 curl -sSf "$URL/links?after=$next"
    [ "$(jq -c .links <<<"$output")" = "[]" ]
    run -0 curl -s -o /dev/null -w '%{http_code}' "$URL/links/1/4"
    [ "$output" = 404 ]
    run -0 curl -s -o /dev/null -w '%{http_code}' "$URL/links?after=x"
    [ "$output" = 400 ]
}

@test "K1: CRLs verify, are kept until the book changes, and openssl verify -crl_check reads them" {
    respond
    ca 1
    ca 2
    run -0 card issue --birth 1985-02-03 "$DIR/c.card"
    pem "$DIR/c.card" c
    list() {
        curl -sSf "$URL/crl/$1.crl" -o "$DIR/$1.crl"
        openssl crl -inform DER -in "$DIR/$1.crl" -CAfile "$DIR/ca$1.pem" -verify -noout 2>&1 |
            grep 'verify OK'
        openssl crl -inform DER -in "$DIR/$1.crl" -out "$DIR/crl$1.pem"
    }
    list 1
    list 2
    check() { openssl verify -crl_check -CAfile "$PKI/card-ca.pem" -CRLfile "$DIR/crl1.pem" -CRLfile "$DIR/crl2.pem" "$@" 2>&1; }
    run -0 check "$DIR/c.pem"
    cp "$DIR/2.crl" "$DIR/before.crl"
    list 2
    cmp "$DIR/2.crl" "$DIR/before.crl"
    card revoke --reason cessationOfOperation "$DIR/c.card"
    list 2
    ! cmp -s "$DIR/2.crl" "$DIR/before.crl"
    run -2 check "$DIR/c.pem"
    [[ $output == *"certificate revoked"* ]]
    openssl crl -in "$DIR/crl2.pem" -noout -text | grep 'Cessation Of Operation'
    run -0 curl -s -o /dev/null -w '%{http_code}' "$URL/crl/3.crl"
    [ "$output" = 404 ]
}

@test "a caller that trickles is cut off, and no serial is in the log" {
    respond
    trickle() {
        (
            trap '' PIPE
            exec 7<>"/dev/tcp/127.0.0.1/${URL##*:}"
            for _ in $(seq 40); do
                printf 'G' >&7 || exit 9
                sleep 0.3
            done
        ) 2>/dev/null
    }
    run -9 trickle
    ca 1
    pem "$CARDS/cert-valid.card" valid
    run -0 ocsp 1 -cert "$DIR/valid.pem"
    serial=$(openssl x509 -in "$DIR/valid.pem" -noout -serial | cut -d= -f2)
    ! grep -i "$serial\|$((16#$serial))" "$DIR/log"
    grep 'ocsp answered' "$DIR/log"
}
