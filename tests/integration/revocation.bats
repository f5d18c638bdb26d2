# Revocation as the desk meets it: the service asks an unmodified `openssl ocsp` responder and reads the
# lists of `openssl ca`, goes on by what it knows while they are away, and refuses when that is too old.

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    export TODAY=$(TZ=JST-9 date +%Y%m%d)
    make_issuer
}

teardown_file() {
    rm -rf "$DIR"
}

teardown() {
    [ -z "${RESPONDER:-}" ] || kill "$RESPONDER" 2>/dev/null || true
    [ -z "${PID:-}" ] || stop "$PID"
}

# --- the issuer: openssl's own tools over the world's card CA ---

# The serials of the small world: valid, alert, grace and unregistered cards.
VALID=03E8 ALERT=03E9 GRACE=03EA

make_issuer() {
    cat >"$DIR/ca.cnf" <<END
[ca]
default_ca = card
[card]
database = $DIR/index.txt
crlnumber = $DIR/crlnumber
default_md = sha256
default_crl_days = 1
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
END
    echo 01 >"$DIR/crlnumber"
    : >"$DIR/index.txt"
    : >"$DIR/index.txt.attr"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DIR/ocsp.key" \
        -subj /CN=responder -out "$DIR/ocsp.csr" 2>"$DIR/openssl.log"
    printf 'extendedKeyUsage = OCSPSigning\nkeyUsage = digitalSignature\n' >"$DIR/ocsp.ext"
    openssl x509 -req -in "$DIR/ocsp.csr" -CA "$DIR/card-ca.pem" -CAkey "$DIR/card-ca.key" \
        -set_serial 9000 -days 30 -extfile "$DIR/ocsp.ext" -out "$DIR/ocsp.pem" 2>>"$DIR/openssl.log"
}

# index STATE SERIAL [STATE SERIAL]...: V, or R,reason
index() {
    : >"$DIR/index.txt"
    while [ $# -gt 0 ]; do
        case $1 in
        R*) printf 'R\t400101000000Z\t260101000000Z%s\t%s\tunknown\t/CN=x\n' "${1#R}" "$2" ;;
        *) printf 'V\t400101000000Z\t\t%s\tunknown\t/CN=x\n' "$2" ;;
        esac >>"$DIR/index.txt"
        shift 2
    done
}

# list [OPTIONS]: the CRL of the index
list() {
    openssl ca -config "$DIR/ca.cnf" -gencrl -keyfile "$DIR/card-ca.key" -cert "$DIR/card-ca.pem" \
        -out "$DIR/crl.pem" "$@" 2>>"$DIR/openssl.log"
    openssl crl -in "$DIR/crl.pem" -outform DER -out "$DIR/crl-1.new"
    mv "$DIR/crl-1.new" "$DIR/crl-1.der"
}

# responder [PORT]: starts it; RESPONDER and OCSP are its process and address
responder() {
    openssl ocsp -index "$DIR/index.txt" -CA "$DIR/card-ca.pem" -rsigner "$DIR/ocsp.pem" \
        -rkey "$DIR/ocsp.key" -port "${1:-0}" >"$DIR/responder" 2>&1 3>&- &
    RESPONDER=$!
    for _ in $(seq 100); do
        grep -qi 'accept.*:' "$DIR/responder" && break
        sleep 0.05
    done
    OCSP=http://127.0.0.1:$(sed -n 's/^ACCEPT .*:\([0-9][0-9]*\).*/\1/p' "$DIR/responder")
}

responder_away() {
    kill "$RESPONDER"
    wait "$RESPONDER" 2>/dev/null || true
    RESPONDER=
}

# --- the service ---

# start OPTIONS...: PID and URL
start() {
    rm -rf "$DIR/journal"
    rm -f "$DIR/ready"
    "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" --threads 2 \
        --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" --journal "$DIR/journal" \
        --card-ca "$DIR/card-ca.pem" --listen-port 0 "$@" >"$DIR/ready" 2>"$DIR/log" 3>&- &
    PID=$!
    for _ in $(seq 300); do
        grep -q ready "$DIR/ready" && break
        sleep 0.1
    done
    URL=$(sed -n 's/^ready //p' "$DIR/ready")
}

stop() {
    kill -TERM "$1"
    for _ in $(seq 200); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    ! grep -l Sanitizer "$DIR/log"
    "$SHIKAKU" audit verify "$DIR/journal"
}

as() {
    local who=$1
    shift
    code=$(curl -sS --max-time 20 --cacert "$DIR/client-ca.pem" --cert "$DIR/$who.pem" \
        --key "$DIR/$who.key" -o "$DIR/answer" -w '%{http_code}' "$@")
}

value() {
    xmllint --xpath "string(//$1)" "$DIR/answer"
}

metric() {
    as operator "$URL/metrics"
    sed -n "s/^$1 //p" "$DIR/answer"
}

# check CARD: the whole of it, as a terminal does it
check() {
    as institution -X POST "$URL/v1/eligibility/card/challenge"
    cp "$DIR/answer" "$DIR/challenge"
    "$SMALL_WORLD" "$DIR" proof "$1" "$DIR/challenge" >"$DIR/request"
    as institution --data-binary "@$DIR/request" -H 'Content-Type: application/xml' \
        "$URL/v1/eligibility/card"
}

# covered REMARK: an up-to-date answer
covered() {
    [ "$code" = 200 ]
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value ProcessingResultCode)" = "$1" ]
    [ -z "$(value RevocationCheckDegraded)" ]
}

# degraded REMARK: an answer by an old word, which says how old
degraded() {
    [ "$code" = 200 ]
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value ProcessingResultCode)" = "$1" ]
    [ "$(value RevocationCheckDegraded)" = 1 ]
    [[ $(value RevocationCheckTime) =~ ^20[0-9]{12}$ ]]
}

refused() {
    [ "$code" = 403 ]
    [ "$(value SegmentOfResult)" = 9 ]
    [ "$(value ErrorCode)" = "$1" ]
    [ -n "$(value ErrorMessage)" ]
}

@test "K1 K2: the responder says good, revoked, renewed, unknown" {
    index V $VALID R,keyCompromise $ALERT R,superseded $GRACE
    responder
    start --ocsp-url "$OCSP"
    check valid
    covered ''
    check alert
    refused SKK-3007
    check grace
    refused SKK-3009
    index V $VALID
    check valid
    covered ''
    [ "$(metric shikaku_ocsp_questions_total)" = 3 ]
    [ "$(metric shikaku_revocation_kept_total)" = 1 ]
    [ "$(metric shikaku_ocsp_failures_total)" = 0 ]
    "$SHIKAKU" audit show "$DIR/journal" | grep SKK-3007
}

@test "K1 K2: a revocation ends a card in its months of grace; who is not known to the responder is the store's" {
    index R $GRACE
    responder
    start --ocsp-url "$OCSP"
    check grace
    refused SKK-3007
    check alert
    covered SKK-7001
    check lapsed
    refused SKK-3008
}

@test "K1: without the responder the last word counts, marked, and then no more" {
    index V $VALID
    responder
    start --ocsp-url "$OCSP" --status-age 1 --status-grace 5
    check valid
    covered ''
    responder_away
    sleep 1.2
    check valid
    degraded SKK-7035
    [ "$(metric shikaku_revocation_degraded_total)" = 1 ]
    check alert
    refused SKK-3035
    for _ in $(seq 50); do
        check valid
        [ "$code" = 200 ] || break
        sleep 0.3
    done
    refused SKK-3035
    [ "$(metric shikaku_revocation_refused_total)" = 2 ]
    for _ in 1 2; do
        check alert
        refused SKK-3035
    done
    [ "$(metric shikaku_ocsp_away)" = 1 ]
    grep -q 'OCSP responder is away' "$DIR/log"
    "$SHIKAKU" audit show "$DIR/journal" | grep degraded
    responder "${OCSP##*:}"
    for _ in $(seq 50); do
        [ "$(metric shikaku_ocsp_away)" = 1 ] || break
        sleep 0.2
    done
    check valid
    covered ''
}

@test "K1: a responder that does not answer holds a check up for a moment only" {
    mkfifo "$DIR/silent"
    sleep 30 >"$DIR/silent" 3>&- &
    local keeper=$!
    # accepts and says nothing: the TLS server waits for a hello that never comes
    openssl s_server -accept 0 -cert "$DIR/server.pem" -key "$DIR/server.key" \
        <"$DIR/silent" >"$DIR/responder" 2>&1 3>&- &
    RESPONDER=$!
    for _ in $(seq 100); do
        grep -q ACCEPT "$DIR/responder" && break
        sleep 0.05
    done
    start --ocsp-url "http://127.0.0.1:$(sed -n 's/^ACCEPT .*:\([0-9][0-9]*\).*/\1/p' "$DIR/responder")"
    local began=$(date +%s%N)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        check valid
        refused SKK-3035
    done
    local took=$((($(date +%s%N) - began) / 1000000))
    kill "$keeper"
    echo "took $took ms"
    [ "$took" -lt 20000 ] # it never answers: one check that waited for it would take that long
    [ "$(metric shikaku_ocsp_questions_total)" -le $((4 + took / 2000)) ] # three, then the background
    [ "$(metric shikaku_ocsp_away)" = 1 ]
}

@test "K1: a list stands in for the responder, and is read anew" {
    index R $ALERT
    list
    start --ocsp-url http://127.0.0.1:1/ --crl-url "file://$DIR/crl-%d.der" --status-age 1
    [ "$(metric shikaku_crl_entries)" = 1 ]
    check valid
    degraded SKK-7035
    check alert
    refused SKK-3007
    index R $ALERT R,superseded $VALID
    list
    for _ in $(seq 50); do
        [ "$(metric shikaku_crl_entries)" = 2 ] && break
        sleep 0.1
    done
    check valid
    refused SKK-3009
}

@test "K1: a list alone is a source; a forged one is none" {
    index R $ALERT
    list
    start --crl-url "file://$DIR/crl-%d.der"
    check valid
    covered ''
    check alert
    refused SKK-3007
    stop "$PID"
    list -crlsec 1
    sleep 1.5
    start --crl-url "file://$DIR/crl-%d.der" --status-grace 60
    check valid
    degraded SKK-7035
    stop "$PID"
    start --crl-url "file://$DIR/crl-%d.der" --status-grace 0
    check valid
    refused SKK-3035
    stop "$PID"
    list
    printf '\x01' | dd of="$DIR/crl-1.der" bs=1 seek=120 conv=notrunc 2>/dev/null
    start --crl-url "file://$DIR/crl-%d.der"
    check valid
    refused SKK-3035
    [ "$(metric shikaku_crl_failures_total)" = 1 ]
}

@test "an address that is none stops the service before it begins" {
    run "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" \
        --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" --journal "$DIR/journal2" \
        --card-ca "$DIR/card-ca.pem" --listen-port 0 --ocsp-url ocsp.example
    [ "$status" -ne 0 ]
    [[ $output == *SKK-* ]]
}
