# The service over HTTPS, from the certificate to the journal, with a small world made for the test.

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    export TODAY=$(TZ=JST-9 date +%Y%m%d)
    start "$DIR" >"$DIR/started"
    export PID=$(sed -n 1p "$DIR/started") URL=$(sed -n 2p "$DIR/started")
}

teardown_file() {
    stop "$PID" "$DIR"
    rm -rf "$DIR"
}

# start FOLDER OPTIONS...: prints process id and address
start() {
    local folder=$1
    shift
    rm -f "$folder/ready"
    "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" \
        --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" --journal "$folder/journal" \
        --card-ca "$DIR/card-ca.pem" --listen-port 0 "$@" \
        >"$folder/ready" 2>"$folder/log" 3>&- &
    echo $!
    for _ in $(seq 300); do
        grep -q ready "$folder/ready" && break
        sleep 0.1
    done
    sed -n 's/^ready //p' "$folder/ready"
}

# stop PID FOLDER: it ends in good order and leaves a whole journal
stop() {
    kill -TERM "$1"
    wait_for_end "$1"
    ! grep -l Sanitizer "$2/log"
    "$SHIKAKU" audit verify "$2/journal"
}

wait_for_end() {
    for _ in $(seq 200); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}

# as WHO CURL-ARGUMENTS...: the answer is in $DIR/answer, its header in $DIR/header
as() {
    local who=$1
    shift
    code=$(curl -sS --max-time 20 --cacert "$DIR/client-ca.pem" \
        --cert "$DIR/$who.pem" --key "$DIR/$who.key" \
        -D "$DIR/header" -o "$DIR/answer" -w '%{http_code}' "$@")
}

# numbers NUMBER BRANCH BIRTH [INSTITUTION]: a request file
numbers() {
    cat >"$DIR/request" <<END
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<XmlMsg><MessageHeader><QualificationConfirmationDate>$TODAY</QualificationConfirmationDate>
<MedicalInstitutionCode>${4:-1319912349}</MedicalInstitutionCode>
<ArbitraryFileIdentifier>file-1</ArbitraryFileIdentifier></MessageHeader>
<MessageBody><QualificationConfirmSearchInfo><InsurerNumber>06139992</InsurerNumber>
<InsuredCardSymbol>12</InsuredCardSymbol>
<InsuredIdentificationNumber>$1</InsuredIdentificationNumber>
<InsuredBranchNumber>$2</InsuredBranchNumber><Birthdate>$3</Birthdate>
<LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>
</QualificationConfirmSearchInfo></MessageBody></XmlMsg>
END
}

# send WHO: the request file, as XML, to the check by numbers
send() {
    as "$1" --data-binary "@$DIR/request" -H 'Content-Type: application/xml' \
        "$URL/v1/eligibility/numbers"
}

value() {
    xmllint --xpath "string(//$1)" "$DIR/answer"
}

# refused CODE HTTP-CODE: the answer is an OQS error of that code
refused() {
    [ "$code" = "$2" ]
    [ "$(value SegmentOfResult)" = 9 ]
    [ "$(value ErrorCode)" = "$1" ]
    [ -n "$(value ErrorMessage)" ]
}

metric() {
    as operator "$URL/metrics"
    sed -n "s/^$1 //p" "$DIR/answer"
}

# prove CARD [json]: asks for a challenge and leaves what the card proves in $DIR/request
prove() {
    as institution -X POST "$URL/v1/eligibility/card/challenge"
    [ "$code" = 200 ]
    cp "$DIR/answer" "$DIR/challenge"
    "$SMALL_WORLD" "$DIR" proof "$1" "$DIR/challenge" ${2:-} >"$DIR/request"
}

send_card() {
    as institution --data-binary "@$DIR/request" -H 'Content-Type: application/xml' \
        "$URL/v1/eligibility/card"
}

@test "E1 E5: numbers are answered: valid, invalid, none, several" {
    numbers 345 01 19850203
    send institution
    [ "$code" = 200 ]
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value Name)" = '山田　花子' ]
    [ "$(value InsurerName)" = '架空健康保険組合' ]
    [ "$(value ReferenceClassification)" = 2 ]
    [ "$(value ArbitraryFileIdentifier)" = file-1 ]
    numbers 888 01 19700101
    send institution
    [ "$(value QualificationValidity)" = 2 ]
    numbers 999999 01 19700101
    send institution
    [ "$(value QualificationValidity)" = 4 ]
    numbers 777 '' 20150505
    send institution
    [ "$(value QualificationValidity)" = 5 ]
    numbers 777 03 20150505
    send institution
    [ "$(value QualificationValidity)" = 1 ]
}

@test "every answer says its id, its characters and that it is not to be kept" {
    numbers 345 01 19850203
    send institution
    grep -qi '^content-type: application/xml; charset=utf-8' "$DIR/header"
    grep -qi '^cache-control: no-store' "$DIR/header"
    grep -qiE '^x-request-id: [0-9a-f]{16}' "$DIR/header"
}

@test "E1: the JSON twin gives the same answer" {
    jq -n --arg on "$TODAY" '{XmlMsg: {MessageHeader: {QualificationConfirmationDate: $on,
        MedicalInstitutionCode: "1319912349"}, MessageBody: {QualificationConfirmSearchInfo: {
        InsurerNumber: "06139992", InsuredCardSymbol: "12", InsuredIdentificationNumber: "345",
        InsuredBranchNumber: "01", Birthdate: "19850203",
        LimitApplicationCertificateRelatedConsFlg: "0"}}}}' >"$DIR/request"
    as institution --data-binary "@$DIR/request" -H 'Content-Type: application/json' \
        "$URL/v1/eligibility/numbers"
    [ "$code" = 200 ]
    grep -qi '^content-type: application/json; charset=utf-8' "$DIR/header"
    [ "$(jq -r .XmlMsg.MessageBody.QualificationValidity "$DIR/answer")" = 1 ]
    as institution --data-binary '{"a":1,"a":2}' -H 'Content-Type: application/json' \
        "$URL/v1/eligibility/numbers"
    [ "$code" = 400 ]
    [ "$(jq -r .XmlMsg.MessageHeader.ErrorCode "$DIR/answer")" = SKK-1007 ]
}

@test "an institution asks for itself only, and must be registered" {
    numbers 345 01 19850203 "$("$SMALL_WORLD" "$DIR" other)"
    send institution
    refused SKK-2001 403
    send other
    [ "$(value QualificationValidity)" = 1 ]
    numbers 345 01 19850203 "$("$SMALL_WORLD" "$DIR" stranger)"
    send stranger
    refused SKK-2006 403
}

@test "clients without certificate, with an expired, foreign or roleless one are refused" {
    numbers 345 01 19850203
    code=$(curl -sS --cacert "$DIR/client-ca.pem" --data-binary "@$DIR/request" -o "$DIR/answer" \
        -H 'Content-Type: application/xml' -w '%{http_code}' "$URL/v1/eligibility/numbers")
    refused SKK-2002 403
    send expired
    refused SKK-2004 403
    send alien
    refused SKK-2003 403
    send norole
    refused SKK-2003 403
    send server
    refused SKK-2003 403
}

@test "each role sees its own routes only" {
    numbers 345 01 19850203
    for who in insurer operator; do
        send $who
        refused SKK-2005 403
        as $who -X POST "$URL/v1/eligibility/card/challenge"
        refused SKK-2005 403
    done
    as institution "$URL/metrics"
    refused SKK-2005 403
}

@test "only TLS 1.3 is spoken" {
    run curl -sS --cacert "$DIR/client-ca.pem" --tls-max 1.2 "$URL/healthz"
    [ "$status" -ne 0 ]
    curl -sS --cacert "$DIR/client-ca.pem" --tlsv1.3 "$URL/healthz"
}

@test "a request that is refused is recorded once a connection" {
    before=$(metric shikaku_journal_records_total)
    curl -sS --cacert "$DIR/client-ca.pem" "$URL/metrics?[1-5]" >/dev/null
    after=$(metric shikaku_journal_records_total)
    [ "$after" -eq "$((before + 1))" ]
}

@test "bytes that are no request get their code" {
    send_bytes() {
        printf "$1" >"$DIR/request"
        send institution
    }
    send_bytes '<XmlMsg><MessageHeader>'
    refused SKK-1001 400
    send_bytes '<Other/>'
    refused SKK-1004 400
    send_bytes ''
    refused SKK-1001 400
    send_bytes '\000\000\000\000'
    refused SKK-1003 400
    numbers 345 01 19850203
    sed -i 's/19850203/20230229/' "$DIR/request"
    send institution
    refused SKK-1104 400
    numbers 345 01 19850203
    sed -i 's/06139992/06139990/' "$DIR/request"
    send institution
    refused SKK-1105 400
    numbers 345 01 19850203
    sed -i "s/>$TODAY</>20200930</" "$DIR/request"
    send institution
    refused SKK-1104 400
}

@test "an entity bomb, deep nesting and too many bytes are refused" {
    {
        echo '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
        for i in 1 2 3 4 5 6 7 8 9; do
            echo "<!ENTITY a$i \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        done
        echo ']><XmlMsg>&a9;</XmlMsg>'
    } >"$DIR/request"
    send institution
    refused SKK-1002 400
    head -c 60000 /dev/zero | sed 's/\x00\x00\x00/<a>/g' >"$DIR/request"
    send institution
    refused SKK-1005 400
    head -c 300000 /dev/zero | sed 's/\x00\x00\x00/<a>/g' >"$DIR/request" # 100,000 deep
    send institution
    refused SKK-1006 413
    head -c 5000000 /dev/zero >"$DIR/request"
    send institution
    refused SKK-1006 413
    as institution --data-binary "@$DIR/request" -H 'Transfer-Encoding: chunked' \
        "$URL/v1/eligibility/numbers" || true
    as institution "$URL/healthz"
    [ "$code" = 200 ]
}

@test "what is no route is not found, and other media types are refused" {
    as institution "$URL/v1/eligibility/numbers"
    refused SKK-1203 404
    as institution -X POST "$URL/v1/eligibility"
    refused SKK-1203 404
    as institution -X DELETE "$URL/healthz"
    refused SKK-1203 404
    as institution -d x -H 'Content-Type: text/plain' "$URL/v1/eligibility/numbers"
    refused SKK-1204 400
}

@test "E1 E2: a card is answered once a challenge" {
    prove valid
    send_card
    [ "$code" = 200 ]
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value ReferenceClassification)" = 1 ]
    send_card
    refused SKK-3005 403
}

@test "E1: a card's JSON twin is answered" {
    prove valid json
    as institution --data-binary "@$DIR/request" -H 'Content-Type: application/json' \
        "$URL/v1/eligibility/card"
    [ "$code" = 200 ]
    [ "$(jq -r .XmlMsg.MessageBody.QualificationValidity "$DIR/answer")" = 1 ]
}

@test "a signature of something else is refused and uses the challenge up" {
    prove valid
    cp "$DIR/request" "$DIR/good"
    sed -i 's/<IdentityMode>2</<IdentityMode>1</' "$DIR/request"
    send_card
    refused SKK-3004 403
    cp "$DIR/good" "$DIR/request"
    send_card
    refused SKK-3005 403
}

@test "K1 K2 K3: a card's life decides" {
    prove alert
    send_card
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value ProcessingResultCode)" = SKK-7001 ]
    prove grace
    send_card
    [ "$(value QualificationValidity)" = 1 ]
    [ "$(value ProcessingResultCode)" = SKK-7002 ]
    for row in lapsed:SKK-3008 revoked:SKK-3007 superseded:SKK-3009 unregistered:SKK-3010 \
        unknown:SKK-3012 forged:SKK-3001; do
        prove "${row%:*}"
        send_card
        refused "${row#*:}" 403
    done
}

@test "health is told to anyone, figures to operators" {
    [ "$(curl -sS --cacert "$DIR/client-ca.pem" "$URL/healthz")" = ok ]
    numbers 345 01 19850203
    before=$(metric 'shikaku_checks_total{by="numbers",validity="1"}')
    records=$(metric shikaku_journal_records_total)
    send institution
    [ "$(metric 'shikaku_checks_total{by="numbers",validity="1"}')" -eq $((before + 1)) ]
    [ "$(metric shikaku_journal_records_total)" -eq $((records + 1)) ]
    [ "$(metric shikaku_journal_failed)" -eq 0 ]
}

@test "the log names requests, codes and no person" {
    numbers 345 01 19850203
    send institution
    ! grep -qE '山田|花子|19850203|345' "$DIR/log"
    grep -q "code='SKK-" "$DIR/log"
}

@test "many at once are answered, each with its own answer" {
    numbers 345 01 19850203
    curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/institution.pem" \
        --key "$DIR/institution.key" -Z --parallel-max 16 --data-binary "@$DIR/request" \
        -H 'Content-Type: application/xml' -w '%{http_code}\n' -o "$DIR/many_#1" \
        "$URL/v1/eligibility/numbers?[1-400]" >"$DIR/codes"
    [ "$(grep -c '^200$' "$DIR/codes")" -eq 400 ]
    for i in $(seq 400); do
        grep -q '<QualificationValidity>1<' "$DIR/many_$i"
        rm "$DIR/many_$i"
    done
}

@test "too many requests under way are told to come again" {
    mkdir "$DIR/busy"
    start "$DIR/busy" --requests 1 --threads 2 >"$DIR/started"
    busy=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    (
        printf 'POST /v1/eligibility/numbers HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<'
        sleep 3
    ) | openssl s_client -quiet -connect "${address#https://}" -CAfile "$DIR/client-ca.pem" \
        -cert "$DIR/institution.pem" -key "$DIR/institution.key" >/dev/null 2>&1 3>&- &
    sleep 1
    as institution -X POST "$address/v1/eligibility/card/challenge"
    refused SKK-4002 503
    grep -qi '^retry-after: ' "$DIR/header"
    stop "$busy" "$DIR/busy"
}

@test "who sends slowly is cut off, who waits before asking is not" {
    mkdir "$DIR/slow"
    start "$DIR/slow" --request-timeout 2 >"$DIR/started"
    slow=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    talk() {
        openssl s_client -quiet -connect "${address#https://}" -CAfile "$DIR/client-ca.pem" 2>/dev/null
    }
    {
        sleep 4
        printf 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
        sleep 1
    } | talk >"$DIR/answer"
    grep -q '200 OK' "$DIR/answer"
    {
        for word in 'GET /healthz' ' HTTP/1.1\r\n' 'Host: x\r\n' 'Connection: close\r\n' '\r\n'; do
            printf "$word"
            sleep 1
        done
    } | talk >"$DIR/answer" || true
    ! grep -q '200 OK' "$DIR/answer"
    stop "$slow" "$DIR/slow"
}

@test "connections beyond the limits are closed" {
    mkdir "$DIR/crowd"
    start "$DIR/crowd" --connections-per-address 2 --threads 1 >"$DIR/started"
    crowd=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    for _ in 1 2; do
        sleep 6 | openssl s_client -connect "${address#https://}" >/dev/null 2>&1 3>&- &
    done
    sleep 2
    run curl -sS --max-time 3 --cacert "$DIR/client-ca.pem" "$address/healthz"
    [ "$status" -ne 0 ]
    sleep 5
    curl -sS --max-time 10 --cacert "$DIR/client-ca.pem" "$address/healthz"
    stop "$crowd" "$DIR/crowd"
}

@test "where the journal cannot be written nothing is answered" {
    mkdir "$DIR/full"
    start "$DIR/full" --journal-segment 65536 >"$DIR/started"
    full=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    rm -r "$DIR/full/journal"
    numbers 345 01 19850203
    curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/institution.pem" \
        --key "$DIR/institution.key" --data-binary "@$DIR/request" \
        -H 'Content-Type: application/xml' -w '%{http_code}\n' -o "$DIR/answer" \
        "$address/v1/eligibility/numbers?[1-900]" >"$DIR/codes"
    [ "$(tail -n 1 "$DIR/codes")" = 503 ]
    [ "$(sort -u "$DIR/codes" | tr '\n' ' ')" = '200 503 ' ]
    [ "$(value ErrorCode)" = SKK-4004 ]
    ! grep -q '山田' "$DIR/answer"
    as institution "$address/healthz"
    [ "$code" = 503 ]
    kill "$full"
    wait_for_end "$full"
}

@test "a reload brings a new certificate, and refuses who is no longer trusted" {
    mkdir "$DIR/reload"
    for file in server.pem server.key client-ca.pem; do cp "$DIR/$file" "$DIR/reload"; done
    start "$DIR/reload" --certificate "$DIR/reload/server.pem" --key "$DIR/reload/server.key" \
        --client-ca "$DIR/reload/client-ca.pem" >"$DIR/started"
    reloading=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    serial() {
        openssl s_client -connect "${address#https://}" </dev/null 2>/dev/null |
            openssl x509 -noout -serial
    }
    until_log() {
        for _ in $(seq 100); do
            grep -q "$1" "$DIR/reload/log" && return
            sleep 0.1
        done
        return 1
    }
    first=$(serial)
    # broken files: the former certificate stays
    echo broken >"$DIR/reload/server.pem"
    kill -HUP "$reloading"
    until_log 'certificates stay as they were'
    [ "$(serial)" = "$first" ]
    # another certificate, and a client CA that knows none of our clients
    cp "$DIR/institution.pem" "$DIR/reload/server.pem"
    cp "$DIR/institution.key" "$DIR/reload/server.key"
    cp "$DIR/card-ca.pem" "$DIR/reload/client-ca.pem"
    kill -HUP "$reloading"
    until_log 'certificates read'
    [ "$(serial)" != "$first" ]
    numbers 345 01 19850203
    as institution -k --data-binary "@$DIR/request" -H 'Content-Type: application/xml' \
        "$address/v1/eligibility/numbers"
    refused SKK-2003 403
    stop "$reloading" "$DIR/reload"
}

@test "a stop under load answers what is under way and ends in good order" {
    mkdir "$DIR/stop"
    start "$DIR/stop" >"$DIR/started"
    stopping=$(sed -n 1p "$DIR/started")
    address=$(sed -n 2p "$DIR/started")
    numbers 345 01 19850203
    curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/institution.pem" \
        --key "$DIR/institution.key" -Z --parallel-max 8 --data-binary "@$DIR/request" \
        -H 'Content-Type: application/xml' -w '%{http_code} %{exitcode} %{size_download}\n' \
        -o "$DIR/answer" "$address/v1/eligibility/numbers?[1-20000]" \
        >"$DIR/codes" 2>/dev/null 3>&- &
    load=$!
    sleep 1
    stop "$stopping" "$DIR/stop"
    wait "$load" || true
    # whole answers until then, afterwards no connection
    [ "$(grep -c '^200 0 ' "$DIR/codes")" -gt 20 ]
    [ "$(grep '^200 0 ' "$DIR/codes" | sort -u | wc -l)" -eq 1 ]
    ! grep -qE '^200 [1-9]' "$DIR/codes"
    ! grep -q '^5' "$DIR/codes"
    grep -q 'msg="stopping"' "$DIR/stop/log"
    # nothing was answered that is not in the journal, which ends with the service's own last record
    "$SHIKAKU" audit show "$DIR/stop/journal" --count 100000 >"$DIR/records"
    [ "$(grep -c 'validity=' "$DIR/records")" -ge "$(grep -c '^200 0 ' "$DIR/codes")" ]
    tail -n 1 "$DIR/records" | grep -q closed
}

@test "settings: a configuration file, which the command line wins over" {
    "$SHIKAKU" serve --write-sample-config >"$DIR/sample.conf"
    grep -q '^listen-port = 8443' "$DIR/sample.conf"
    cat >"$DIR/serve.conf" <<END
certificate = $DIR/server.pem
key = $DIR/server.key
client-ca = $DIR/client-ca.pem
store = sqlite:$DIR/store.db
journal = $DIR/nowhere/else
card-ca = $DIR/card-ca.pem
listen-port = 1
END
    mkdir "$DIR/configured"
    rm -f "$DIR/configured/ready"
    "$SHIKAKU" serve --config "$DIR/serve.conf" --listen-port 0 --journal "$DIR/configured/journal" \
        >"$DIR/configured/ready" 2>"$DIR/configured/log" 3>&- &
    configured=$!
    for _ in $(seq 100); do
        grep -q ready "$DIR/configured/ready" && break
        sleep 0.1
    done
    curl -sS --cacert "$DIR/client-ca.pem" "$(sed -n 's/^ready //p' "$DIR/configured/ready")/healthz"
    kill "$configured"
    wait "$configured"
    echo 'listen-prot = 1' >"$DIR/wrong.conf"
    run "$SHIKAKU" serve --config "$DIR/wrong.conf"
    [ "$status" -eq 2 ]
    [[ "$output" == *"line 1"* ]]
    run "$SHIKAKU" serve
    [ "$status" -eq 2 ]
    run "$SHIKAKU" serve --config "$DIR/serve.conf" --listen-port 0 --log-level loud
    [ "$status" -eq 2 ]
    run "$SHIKAKU" serve --config "$DIR/serve.conf" --listen-port 0 --certificate "$DIR/store.db" \
        --journal "$DIR/configured/journal"
    [ "$status" -eq 2 ]
}
