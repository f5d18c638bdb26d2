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
