# The resident register as a program of its own, asked over HTTPS by the operator and by insurers
# (insurers-and-documents 2.4; docs/resident-register.md).

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 100 --cards 0 --seed 7 --on 2026-11-05 --dir "$W/w" >/dev/null 2>&1
    cd "$W/w"
    "$SHIKAKU" register serve --config register.conf --listen-port 0 >"$W/ready" 2>"$W/register.log" 3>&- &
    echo $! >"$W/register.pid"
    for _ in $(seq 300); do
        [ -s "$W/ready" ] && break
        sleep 0.1
    done
    export URL=$(sed -n 's/^ready //p' "$W/ready")
    ask compare --all --json >"$W/first.json"
}

teardown_file() {
    kill "$(cat "$W/register.pid")"
    rm -rf "$W"
}

# ask COMMAND...: the operator asks the register for the world's store
ask() {
    local command=$1
    shift
    "$SHIKAKU" register "$command" --store "sqlite:$W/w/store.sqlite" --register "$URL" \
        --ca "$W/w/pki/network-ca.pem" --certificate "$W/w/pki/operator.pem" \
        --key "$W/w/pki/operator.key" "$@" 2>/dev/null
}

differences() {
    "$SHIKAKU" register differences --store "sqlite:$W/w/store.sqlite" --json
}

register() {
    sqlite3 "$W/w/register.sqlite" "$1"
}

# post ROLE PATH BODY: the HTTP code, and the answer in $W/answer
post() {
    curl -sS -o "$W/answer" -w '%{http_code}' --cacert "$W/w/pki/network-ca.pem" \
        ${1:+--cert "$W/w/pki/$1.pem" --key "$W/w/pki/$1.key"} \
        -H 'Content-Type: application/json' --data-binary @- "$URL$2" <<<"$3"
}

@test "d4_ everybody is compared, and the cast's differences are found" {
    [ "$(jq .compared "$W/first.json")" -ge 140 ]
    [ "$(jq .class_1 "$W/first.json")" -ge 1 ]
    [ "$(jq .class_2 "$W/first.json")" -ge 1 ]
    [ "$(jq '.equal + .class_1 + .class_2 + .class_3' "$W/first.json")" = \
        "$(jq .compared "$W/first.json")" ]
    [ "$(differences | jq -s 'map(select(.person == 27))[0].class')" = 1 ]
}

@test "d4_ nobody waits twice: a second comparison has nothing to do" {
    [ "$(ask compare --json | jq .compared)" = 0 ]
}

@test "d4_ a move flows back, is told to the insurer, and is class 3 until the insurer corrects" {
    link=$(register "select link from resident where supported = 0 and died = 0 order by number limit 1 offset 100")
    "$SHIKAKU" register record --store "$W/w/register.sqlite" --link "$link" --on 2026-11-01 \
        --address "東京都架空区転居町９－９－９" --municipality 13101
    [ "$(ask changes --json | jq .address)" = 1 ]
    person=$("$SHIKAKU" register notices --store "sqlite:$W/w/store.sqlite" --json |
        jq 'select(.kind == "address").person')
    [ "$(ask compare --json | jq .class_3)" = 1 ]
    [ "$(differences | jq "select(.person == $person).class")" = 3 ]
    "$SHIKAKU" register no-doubt --store "sqlite:$W/w/store.sqlite" --by "架空保険者" --reason "転居届を確認" "$person"
    [ -z "$(differences | jq "select(.person == $person)")" ]
    # the change was taken in once
    [ "$(ask changes --json | jq .taken)" = 0 ]
}

@test "d4_ a death is told to the insurer, whose it is to end the coverage" {
    link=$(register "select link from resident where supported = 0 and died = 0 order by number limit 1 offset 110")
    "$SHIKAKU" register record --store "$W/w/register.sqlite" --link "$link" --death --on 2026-11-02
    [ "$(ask changes --json | jq .death)" = 1 ]
    [ "$("$SHIKAKU" register notices --store "sqlite:$W/w/store.sqlite" --json |
        jq -r 'select(.kind == "death").day')" = 2026-11-02 ]
}

@test "d4_ an insurer asks by number and by all five items; three of five match nobody" {
    row=$(register "select json_object('name', name, 'kana', kana, 'address', address, 'birth', cast(birth as text),
        'sex', sex) from resident where died = 0 order by number limit 1 offset 120")
    number=$(register "select number from resident where died = 0 order by number limit 1 offset 120")
    [ "$(post insurers/06139992 /v1/by-number "{\"version\":1,\"numbers\":[{\"number\":\"$number\"}]}")" = 200 ]
    [ "$(jq -r '.findings[0].name' "$W/answer")" = "$(jq -r .name <<<"$row")" ]
    [ "$(post insurers/06139992 /v1/by-items "{\"version\":1,\"items\":[$row]}")" = 200 ]
    [ "$(jq -r '.findings[0].number' "$W/answer")" = "$number" ]
    other=$(jq -c '.name = "架空　別人" | .address = "架空"' <<<"$row")
    [ "$(post insurers/06139992 /v1/by-items "{\"version\":1,\"items\":[$other]}")" = 200 ]
    [ "$(jq -r '.findings[0].found' "$W/answer")" = none ]
}

@test "r1_ who may not ask is not answered: no certificate, an institution; the operator by number" {
    [ "$(post "" /v1/changes '{"version":1,"since":0}')" = 403 ]
    [ "$(post institutions/1319910012 /v1/changes '{"version":1,"since":0}')" = 403 ]
    [ "$(post operator /v1/by-number '{"version":1,"numbers":[{"number":"123456789018"}]}')" = 403 ]
    [ "$(jq -r .code "$W/answer")" = SKK-6201 ]
}

@test "d4_ the register away: a clear failure, exit code 3, and nothing is changed" {
    before=$(differences | sha256sum)
    run "$SHIKAKU" register compare --store "sqlite:$W/w/store.sqlite" --register https://127.0.0.1:1 \
        --ca "$W/w/pki/network-ca.pem" --certificate "$W/w/pki/operator.pem" --key "$W/w/pki/operator.key" --all
    [ "$status" = 3 ]
    [[ "$output" == *SKK-* ]]
    [ "$(differences | sha256sum)" = "$before" ]
}

@test "d4_ no individual number is in the store, its journal or the register's log" {
    register "select number from resident" >"$W/numbers"
    sqlite3 "$W/w/store.sqlite" .dump >"$W/dump"
    run grep -Fqf "$W/numbers" "$W/dump" "$W/register.log"
    [ "$status" = 1 ]
}

@test "d4_ reasons in another encoding than UTF-8 are refused, and told what they must be" {
    printf '27,\x8d\x87\x88\xd3\n' >"$W/reasons.csv" # CP932
    run "$SHIKAKU" register no-doubt --store "sqlite:$W/w/store.sqlite" --by "架空保険者" --file "$W/reasons.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6210*UTF-8* ]]
    [[ "$output" != *CP932* ]]
}
