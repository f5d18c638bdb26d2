# Files sent over HTTPS whose rows have no individual number (個人番号): the service asks the resident
# register, a program of its own, as `insurer load` does (insurers-and-documents 2.4; 12.2).

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 100 --cards 0 --seed 7 --on 2026-11-05 --dir "$W/w" >/dev/null 2>&1
    cp "$W/w/store.sqlite" "$W/before.sqlite"
    start_register
    start_service
    make_file
}

teardown_file() {
    for name in service register; do
        kill "$(cat "$W/$name.pid")"
    done
    ! grep -l Sanitizer "$W"/*.log
    rm -rf "$W"
}

# start NAME COMMAND...: process id, ready line and log in $W/NAME.*
start() {
    local name=$1
    shift
    rm -f "$W/$name.ready"
    "$SHIKAKU" "$@" >"$W/$name.ready" 2>>"$W/$name.log" 3>&- &
    echo $! >"$W/$name.pid"
    for _ in $(seq 600); do
        grep -q ready "$W/$name.ready" && return 0
        sleep 0.1
    done
    return 1
}

# port NAME: where it listens
port() {
    sed -n 's/^ready .*:\([0-9]*\).*/\1/p' "$W/$1.ready"
}

start_register() {
    (cd "$W/w" && start register register serve --config register.conf --listen-port "${1:-0}")
}

start_service() {
    start service serve --config "$W/w/serve.conf" --listen-port 0 --spool "$W/spool" \
        --register "https://127.0.0.1:$(port register)" --register-ca "$W/w/pki/network-ca.pem" \
        --register-certificate "$W/w/pki/insurers/06139992.pem" \
        --register-key "$W/w/pki/insurers/06139992.key"
}

resident() {
    sqlite3 -separator , "$W/w/register.sqlite" "select name, kana, '', '', sex, '', birth, '100-9999',
        $2 from resident where died = 0 order by number limit 1 offset $1"
}

# make_file: two people without their number, the second's address is not the register's
make_file() {
    {
        echo 'H,1,06139992,20261105,4'
        echo "P,N,901,,,,$(resident 120 address),1,"
        echo 'Q,N,901,,,架電９０,0099001,00,1,山田　花子,20261101,,,,'
        echo "P,N,902,,,,$(resident 121 "'東京都架空区見本町０－０'"),1,"
        echo 'Q,N,902,,,架電９０,0099002,00,1,山田　花子,20261101,,,,'
    } >"$W/file.csv"
    echo "T,4,$(sha256sum <"$W/file.csv" | cut -c1-64)" >>"$W/file.csv"
}

as_insurer() {
    curl -sS --max-time 20 --cacert "$W/w/pki/network-ca.pem" --cert "$W/w/pki/insurers/06139992.pem" \
        --key "$W/w/pki/insurers/06139992.key" -H 'Tus-Resumable: 1.0.0' "$@"
}

# send FILE: $at is where it is
send() {
    at=https://127.0.0.1:$(port service)$(as_insurer -D - -o /dev/null -X POST \
        "https://127.0.0.1:$(port service)/v1/insurer/files" \
        -H "Upload-Length: $(stat -c %s "$1")" | tr -d '\r' | sed -n 's/^location: //Ip')
    as_insurer -X PATCH "$at" -H 'Upload-Offset: 0' \
        -H 'Content-Type: application/offset+octet-stream' --data-binary @"$1"
}

# wait_for JQ: until the file's state fits
wait_for() {
    for _ in $(seq 600); do
        as_insurer "$at" >"$W/state"
        jq -e "$1" "$W/state" >/dev/null && return 0
        sleep 0.1
    done
    cat "$W/state"
    return 1
}

# fields of a reply but for the time of its rows
rows() {
    sed '$d;s/,[0-9]*$//' "$1"
}

@test "E1: rows without a number are looked up by the five items, as insurer load does" {
    "$SHIKAKU" insurer load "$W/file.csv" --store "sqlite:$W/before.sqlite" \
        --link-key "$W/w/pki/link.key" --register "https://127.0.0.1:$(port register)" \
        --ca "$W/w/pki/network-ca.pem" --certificate "$W/w/pki/insurers/06139992.pem" \
        --key "$W/w/pki/insurers/06139992.key" --reply "$W/expected" || [ $? = 1 ]
    send "$W/file.csv"
    wait_for '.state == "done"'
    as_insurer "$at/reply" >"$W/reply"
    diff <(rows "$W/reply") <(rows "$W/expected")
    [ "$(jq .accepted "$W/state")" -ge 1 ]
    [ "$(jq .refused "$W/state")" -ge 1 ]
    # the one whose items lead to nobody, and only that one
    ! grep '^R,1,.*SKK-6032' "$W/reply"
    grep -q 'SKK-6032' "$W/reply"
    # no number came back to the insurer, nor into a log
    ! grep -qE '[0-9]{12}(,|$)' <(rows "$W/reply")
    ! grep -q "$(sqlite3 "$W/w/register.sqlite" 'select number from resident order by number limit 1 offset 120')" \
        "$W/service.log"
}

@test "E1: while the register is away a file waits with the reason, and nothing of it is refused" {
    kill "$(cat "$W/register.pid")"
    sed -i '$d;s/20261101/20261102/' "$W/file.csv"
    echo "T,4,$(sha256sum <"$W/file.csv" | cut -c1-64)" >>"$W/file.csv"
    place=$(port register)
    send "$W/file.csv"
    wait_for '.state == "waiting" and .reason.code == "SKK-4041"'
    start_register "$place"
    wait_for '.state == "done"'
}

@test "E1: a register without its certificates is a usage error of serve" {
    run "$SHIKAKU" serve --config "$W/w/serve.conf" --listen-port 0 --spool "$W/spool2" \
        --journal "$W/journal2" --register https://127.0.0.1:1
    [ "$status" = 2 ]
    [[ "$output" == *SKK-9001*--register-ca* ]]
}
