# shikaku world: one folder that the service, a terminal and people can start from.

setup_file() {
    export WORLD_DIR=$(mktemp -d)
    export WORLD=$WORLD_DIR/world
    "$SHIKAKU" world --people 2000 --cards 2 --seed 3 --on 2026-11-05 --dir "$WORLD" \
        >"$WORLD_DIR/report"
}

teardown_file() {
    rm -rf "$WORLD_DIR"
}

people() {
    sqlite3 "$1/store.sqlite" 'SELECT * FROM person ORDER BY person_id;
        SELECT * FROM coverage ORDER BY person_id, coverage_id;
        SELECT * FROM authentication_certificate ORDER BY issuer, serial' | sha256sum
}

@test "the report tells how many people, cards and people a second" {
    grep -q '2000 people and the cast, [0-9]* insurers' "$WORLD_DIR/report"
    grep -q '2 cards' "$WORLD_DIR/report"
    grep -qE '^[0-9]+ people/s' "$WORLD_DIR/report"
    [ "$(jq -c '[.on, .seed, .people, .cards, .finished]' "$WORLD/world.json")" = \
        '["2026-11-05",3,2000,2,true]' ]
}

@test "the same seed, people and date give the same people; keys are fresh" {
    "$SHIKAKU" world --people 2000 --cards 0 --seed 3 --on 2026-11-05 --dir "$WORLD_DIR/again"
    [ "$(people "$WORLD")" = "$(people "$WORLD_DIR/again")" ]
    ! cmp -s "$WORLD/pki/card-ca.key" "$WORLD_DIR/again/pki/card-ca.key"
    ! cmp -s "$WORLD/cards/cert-valid.card" "$WORLD_DIR/again/cards/cert-valid.card"
}

@test "keys are for their owner only" {
    [ "$(stat -c %a "$WORLD/pki")" = 700 ]
    [ "$(stat -c %a "$WORLD/cards")" = 700 ]
    for key in "$WORLD"/pki/*.key "$WORLD"/pki/*/*.key "$WORLD"/pki/*/*.credential; do
        [ "$(stat -c %a "$key")" = 600 ]
    done
}

@test "certificates of the network chain to its authority, the stranger's does not" {
    cd "$WORLD/pki"
    for certificate in server.pem operator.pem institutions/*.pem insurers/*.pem; do
        openssl verify -CAfile network-ca.pem "$certificate"
    done
    run openssl verify -CAfile network-ca.pem stranger.pem
    [ "$status" -ne 0 ]
    run openssl verify -CAfile network-ca.pem expired-client.pem
    [ "$status" -ne 0 ]
    [[ "$output" == *expired* ]]
    openssl x509 -in server.pem -noout -ext subjectAltName | grep -q 'DNS:localhost'
}

@test "every card that the cast's table names is there, signed by the card authority" {
    count=0
    for card in $(cut -d, -f7 "$WORLD/samples/cast.csv" | grep '^cards/' | sort -u); do
        jq -r .auth_certificate "$WORLD/$card" | base64 -d |
            openssl x509 -inform DER -out "$WORLD_DIR/card.pem"
        openssl verify -no_check_time -CAfile "$WORLD/pki/card-ca.pem" "$WORLD_DIR/card.pem"
        count=$((count + 1))
    done
    [ "$count" -ge 22 ]
    [ "$(ls "$WORLD"/cards/person-*.card | wc -l)" -eq 2 ]
}

@test "E1: samples of requests are well-formed XML, hostile ones are there" {
    for request in "$WORLD"/samples/requests/*.xml "$WORLD"/samples/requests/*.tmp \
        "$WORLD"/samples/requests/*.XML; do
        xmllint --noout "$request"
    done
    [ "$(ls "$WORLD"/samples/hostile/*.xml | wc -l)" -ge 10 ]
}

@test "a folder that is not empty is refused, a world is replaced with --force only" {
    mkdir "$WORLD_DIR/mine"
    echo thesis >"$WORLD_DIR/mine/thesis.txt"
    run "$SHIKAKU" world --people 1 --cards 0 --dir "$WORLD_DIR/mine" --force
    [ "$status" -eq 2 ]
    [[ "$output" == *"not a world"* ]]
    [ "$(cat "$WORLD_DIR/mine/thesis.txt")" = thesis ]
    run "$SHIKAKU" world --people 1 --cards 0 --dir "$WORLD_DIR/again"
    [ "$status" -eq 2 ]
    [[ "$output" == *--force* ]]
    "$SHIKAKU" world --people 1 --cards 0 --dir "$WORLD_DIR/again" --force
    [ "$(sqlite3 "$WORLD_DIR/again/store.sqlite" \
        'SELECT count(*) FROM person WHERE person_id > 1000')" -eq 1 ]
}

@test "an interrupt stops it and leaves nothing behind" {
    for signal in INT TERM; do
        "$SHIKAKU" world --people 100000000 --cards 0 --dir "$WORLD_DIR/stopped" 3>&- \
            >/dev/null 2>"$WORLD_DIR/stopped.err" &
        pid=$!
        for _ in $(seq 300); do
            [ "$(stat -c %s "$WORLD_DIR/stopped/store.sqlite" 2>/dev/null || echo 0)" -gt 200000 ] &&
                break
            sleep 0.1
        done
        kill -"$signal" "$pid"
        status=0
        wait "$pid" || status=$?
        [ "$status" -eq 3 ]
        [ ! -e "$WORLD_DIR/stopped" ]
    done
}

@test "a failing store leaves nothing behind" {
    run "$SHIKAKU" world --people 10 --cards 0 --dir "$WORLD_DIR/away" \
        --store sqlite:/nonexistent/folder/store.sqlite
    [ "$status" -eq 3 ]
    [ ! -e "$WORLD_DIR/away" ]
}

@test "the page about the cast is written without a world" {
    "$SHIKAKU" world --write-sandbox-doc "$WORLD_DIR/sandbox.md"
    cmp "$WORLD_DIR/sandbox.md" "$SHIKAKU_ROOT/docs/sandbox.md"
    run "$SHIKAKU" world --people 10
    [ "$status" -eq 2 ]
    run "$SHIKAKU" world --dir "$WORLD_DIR/early" --on 2024-07-31
    [ "$status" -eq 2 ]
    [ ! -e "$WORLD_DIR/early" ]
}
