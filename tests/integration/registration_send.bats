# shikaku insurer send: registration files to the service over a network that breaks, disks that are
# full, and clients that do not belong there; real programs on both ends (insurers-and-documents 12.2).

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$DIR/link.key"
    chmod 600 "$DIR/link.key"
    "$SHIKAKU" insurer sample --dir "$DIR/files" --people 0
    big_file 6000
    start
}

teardown_file() {
    stop
    ! grep -l Sanitizer "$DIR"/*.log
    "$SHIKAKU" audit verify "$DIR/journal"
    rm -rf "$DIR"
}

# start OPTION...: process id and address are in $DIR/pid and $DIR/url; $blocks: largest file (KiB)
start() {
    rm -f "$DIR/ready"
    (
        trap '' XFSZ
        [ -z "$blocks" ] || ulimit -f "$blocks"
        exec "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" \
            --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" \
            --journal "$DIR/journal" --card-ca "$DIR/card-ca.pem" --spool "$DIR/spool" \
            --link-key "$DIR/link.key" --listen-port "${port:-0}" --journal-segment 65536 "$@"
    ) >"$DIR/ready" 2>>"$DIR/serve.log" 3>&- &
    echo $! >"$DIR/pid"
    for _ in $(seq 600); do
        grep -q ready "$DIR/ready" && break
        sleep 0.1
    done
    sed -n 's/^ready //p' "$DIR/ready" >"$DIR/url"
}

# stop [SIGNAL]
stop() {
    kill "-${1:-TERM}" "$(cat "$DIR/pid")"
    for _ in $(seq 300); do
        kill -0 "$(cat "$DIR/pid")" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}

# big_file ROWS [YEAR]: people that are refused one by one (no number, no register), in $DIR/big.csv
big_file() {
    {
        echo "H,1,06139992,20261105,$1"
        seq "$1" | sed 's/.*/P,N,9&,,,,,架空　太郎,ｶｸｳ ﾀﾛｳ,,,1,,19850510,100-9999,東京都架空区見本町１－２－３,1,/'
    } >"$DIR/big.csv"
    echo "T,$1,$(sha256sum <"$DIR/big.csv" | cut -c1-64)" >>"$DIR/big.csv"
}

# send FILE OPTION...: as the insurer $who; $status and $output; $DIR/result is the JSON
send() {
    local file=$1
    shift
    run "$SHIKAKU" insurer send "$file" --service "${url:-$(cat "$DIR/url")}" \
        --ca "$DIR/client-ca.pem" --certificate "$DIR/${who:-insurer}.pem" \
        --key "$DIR/${who:-insurer}.key" --reply "$DIR/reply.csv" --json "$@"
    sed -n '/^{/,/^}/p' <<<"$output" >"$DIR/result"
    echo "$output"
}

result() {
    jq -r "$1" "$DIR/result"
}

# files JQ: of what the service has of the insurer
files() {
    curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/insurer.pem" --key "$DIR/insurer.key" \
        "$(cat "$DIR/url")/v1/insurer/files" | jq -r "$1"
}

# wait_until COMMAND...
wait_until() {
    for _ in $(seq 600); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

# A file is under way, and a good part of it is there
part_way() {
    find "$DIR/spool" -name '*.data' -size +200000c | grep -q .
}

# cut_proxy BYTES: a proxy that breaks its only connection after so many bytes from the client
cut_proxy() {
    rm -f "$DIR/proxy.port" # of the one before
    "$CUT_PROXY" "$(sed 's/.*://' "$DIR/url")" "$1" >"$DIR/proxy.port" 2>/dev/null 3>&- &
    echo $! >"$DIR/proxy.pid"
    wait_until test -s "$DIR/proxy.port"
    url=https://127.0.0.1:$(cat "$DIR/proxy.port")
}

@test "E1: a file is sent, loaded and answered; the reply is that of insurer load" {
    cp "$DIR/store.db" "$DIR/before.db"
    file=$DIR/files/06139992.csv
    send "$file"
    [ "$(result .state)" = done ]
    [ "$(result .sent)" = "$(stat -c %s "$file")" ]
    [ "$status" = "$([ "$(result .refused)" = 0 ] && echo 0 || echo 1)" ]
    "$SHIKAKU" insurer load "$file" --store "sqlite:$DIR/before.db" --link-key "$DIR/link.key" \
        --reply "$DIR/expected" >/dev/null || [ $? = 1 ]
    diff <(sed '$d;s/,[0-9]*$//' "$DIR/reply.csv") <(sed '$d;s/,[0-9]*$//' "$DIR/expected")
    [ "$(stat -c %a "$DIR/reply.csv")" = 600 ]
    [ -z "$(ls "$DIR" | grep '\.part$')" ]
}

@test "E1: a file that is loaded already is told so, nothing is sent, and the reply comes again" {
    mv "$DIR/reply.csv" "$DIR/first.csv"
    send "$DIR/files/06139992.csv"
    [ "$(result .loaded_before)" = true ]
    [ "$(result .sent)" = 0 ]
    cmp "$DIR/reply.csv" "$DIR/first.csv"
    [ "$(files '.files | length')" = 1 ]
}

@test "E1: a connection that breaks in the middle is followed by the rest only" {
    cut_proxy 500000
    send "$DIR/big.csv" --patience 60
    size=$(stat -c %s "$DIR/big.csv")
    [ "$status" = 1 ]
    [ "$(result .refused)" = 6000 ]
    [[ "$output" == *SKK-6621* ]]
    # what passed the proxy behind the cut is less than the file: the rest, and the questions
    behind=$(sed -n 2p "$DIR/proxy.port")
    [ "$behind" -gt 1000 ]
    [ "$behind" -lt $((size - 300000)) ]
    kill "$(cat "$DIR/proxy.pid")"
}

@test "E1: after kill -9 of the sender the same command sends only the rest" {
    big_file 6001
    size=$(stat -c %s "$DIR/big.csv")
    cut_proxy 600000,stall
    "$SHIKAKU" insurer send "$DIR/big.csv" --service "$url" --ca "$DIR/client-ca.pem" \
        --certificate "$DIR/insurer.pem" --key "$DIR/insurer.key" >/dev/null 2>&1 3>&- &
    sender=$!
    wait_until part_way
    kill -9 "$sender" "$(cat "$DIR/proxy.pid")"
    url=
    send "$DIR/big.csv" --patience 60
    [ "$status" = 1 ]
    [ "$(result .found)" -gt 200000 ]
    [ "$(result .sent)" = $((size - $(result .found))) ]
    [ "$(result .refused)" = 6001 ]
}

@test "E1: a service that is killed and comes back gets the rest by the sender that waited" {
    big_file 6002
    port=$(sed 's/.*://' "$DIR/url")
    cut_proxy 600000,stall
    "$SHIKAKU" insurer send "$DIR/big.csv" --service "$url" --ca "$DIR/client-ca.pem" --json \
        --certificate "$DIR/insurer.pem" --key "$DIR/insurer.key" --patience 120 --timeout 5 \
        --reply "$DIR/reply.csv" >"$DIR/result" 2>"$DIR/sender.log" 3>&- &
    sender=$!
    wait_until part_way
    stop KILL
    wait_until grep -q SKK-6621 "$DIR/sender.log"
    start
    wait "$sender" || [ $? = 1 ]
    [ "$(result .refused)" = 6002 ]
    [ "$(result .sent)" -lt "$(stat -c %s "$DIR/big.csv")" ]
    kill "$(cat "$DIR/proxy.pid")"
}

@test "E1: --no-wait ends when the service has the file, and the same command fetches the reply" {
    big_file 6003
    send "$DIR/big.csv" --no-wait
    [ "$status" = 0 ]
    [ "$(result .sent)" = "$(stat -c %s "$DIR/big.csv")" ]
    rm -f "$DIR/reply.csv"
    send "$DIR/big.csv"
    [ "$status" = 1 ]
    [ "$(result .sent)" = 0 ]
    [ "$(wc -l <"$DIR/reply.csv")" = 6005 ]
}

@test "E1: two senders of one file at once: both have its reply, and it is registered once" {
    big_file 6004
    for i in 1 2; do
        "$SHIKAKU" insurer send "$DIR/big.csv" --service "$(cat "$DIR/url")" --json \
            --ca "$DIR/client-ca.pem" --certificate "$DIR/insurer.pem" --key "$DIR/insurer.key" \
            --reply "$DIR/reply$i.csv" --patience 120 >"$DIR/result$i" 2>/dev/null 3>&- &
        pids[$i]=$!
    done
    for i in 1 2; do
        wait "${pids[$i]}" || [ $? = 1 ]
    done
    cmp "$DIR/reply1.csv" "$DIR/reply2.csv"
    [ "$(wc -l <"$DIR/reply1.csv")" = 6006 ]
    [ "$(files "[.files[] | select(.sha256 == \"$(jq -r .sha256 "$DIR/result1")\") |
        select(.loaded_before | not)] | length")" = 1 ]
}

@test "E1: bytes that changed on their way are refused by their hash; sent again they are taken" {
    sed 's/2026/2025/' "$DIR/files/06139992.csv" >"$DIR/other.csv"
    hash=$(head -c 1000 "$DIR/big.csv" | sha256sum | cut -c1-64)
    at=$(curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/insurer.pem" --key "$DIR/insurer.key" \
        -H 'Tus-Resumable: 1.0.0' -D - -o /dev/null -X POST "$(cat "$DIR/url")/v1/insurer/files" \
        -H 'Upload-Length: 1000' -H "Upload-Metadata: sha256 $(printf %s "$hash" | base64 -w0)" |
        tr -d '\r' | sed -n 's/^location: //Ip')
    tail -c 1000 "$DIR/big.csv" | curl -sS --cacert "$DIR/client-ca.pem" --cert "$DIR/insurer.pem" \
        --key "$DIR/insurer.key" -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' -X PATCH \
        -H 'Content-Type: application/offset+octet-stream' --data-binary @- "$(cat "$DIR/url")$at"
    wait_until eval '[ "$(files ".files[0].state")" = refused ]'
    [ "$(files '.files[0].reason.code')" = SKK-6620 ]
    # the sender does not take that refusal for its own file's
    head -c 1000 "$DIR/big.csv" >"$DIR/part.csv"
    send "$DIR/part.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6003* || "$output" == *SKK-6006* ]]
}

@test "E1: a certificate of one insurer with another's file: refused, and neither has anything of it" {
    before=$("$SHIKAKU" insurer status --store "sqlite:$DIR/store.db" --json | sha256sum)
    who=insurer-other send "$DIR/files/06139992.csv"
    [ "$status" = 1 ]
    [[ "$output" == *SKK-6002* ]]
    [ "$("$SHIKAKU" insurer status --store "sqlite:$DIR/store.db" --json | sha256sum)" = "$before" ]
    [ -z "$(ls "$DIR"/spool/*.data 2>/dev/null)" ]
}

@test "E1: a client that is no insurer, a foreign CA, no service there: each is told, soon" {
    who=institution send "$DIR/big.csv" --patience 0
    [ "$status" = 1 ]
    [[ "$output" == *SKK-2005* ]]
    run "$SHIKAKU" insurer send "$DIR/big.csv" --service "$(cat "$DIR/url")" \
        --ca "$DIR/card-ca.pem" --certificate "$DIR/insurer.pem" --key "$DIR/insurer.key"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6622* ]]
    url=http://127.0.0.1:1 send "$DIR/big.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-9001*"--service: https://"* ]]
    url=https://127.0.0.1:1 send "$DIR/big.csv" --patience 0
    [ "$status" = 3 ]
    [[ "$output" == *SKK-6621* ]]
    : >"$DIR/empty.csv"
    send "$DIR/empty.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6003* ]]
}

@test "E1: a mass change stops, and is loaded when it is sent with the confirmation" {
    sed -n 's/^C,N,\([^,]*\),.*/C,U,\1,,,,-,-,-,/p' "$DIR/files/06139992.csv" >"$DIR/rows"
    count=$(wc -l <"$DIR/rows")
    { echo "H,1,06139992,20261105,$count"; cat "$DIR/rows"; } >"$DIR/loses.csv"
    echo "T,$count,$(sha256sum <"$DIR/loses.csv" | cut -c1-64)" >>"$DIR/loses.csv"
    send "$DIR/loses.csv"
    [ "$status" = 1 ]
    [[ "$output" == *SKK-6007* ]]
    send "$DIR/loses.csv" --confirm-mass-change
    [ "$(result .state)" = done ]
    [ "$(result .sent)" = 0 ]
}

@test "E1: a disk that gets full is told as that; with room again the same command goes on" {
    big_file 20000
    stop
    blocks=2048 start
    send "$DIR/big.csv" --patience 3
    [ "$status" = 3 ]
    [[ "$output" == *SKK-6612* ]]
    stop
    start
    send "$DIR/big.csv" --patience 120
    [ "$status" = 1 ]
    [ "$(result .refused)" = 20000 ]
    [ "$(wc -l <"$DIR/reply.csv")" = 20002 ]
}

@test "E1: limits of a file, of an insurer and of all: each is told by its name" {
    stop
    start --spool-file-limit 100000
    big_file 6010
    send "$DIR/big.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6609* ]]
    stop
    start --spool-files-per-insurer 1
    send "$DIR/big.csv"
    [ "$status" = 2 ]
    [[ "$output" == *SKK-6611* ]]
    stop
    start --spool-quota 1048576
    big_file 12000
    send "$DIR/big.csv" --patience 1
    [ "$status" = 3 ]
    [[ "$output" == *SKK-6612* ]]
    stop
    start
}

@test "E1: an unfinished file that is removed after its time is sent anew" {
    big_file 6020
    cut_proxy 600000,stall
    "$SHIKAKU" insurer send "$DIR/big.csv" --service "$url" --ca "$DIR/client-ca.pem" \
        --certificate "$DIR/insurer.pem" --key "$DIR/insurer.key" >/dev/null 2>&1 3>&- &
    sender=$!
    wait_until part_way
    kill -9 "$sender" "$(cat "$DIR/proxy.pid")"
    id=$(files '.files[0].id')
    stop
    old=$(($(date +%s) - 7200))
    sed -i "s/^\(created\|changed\) .*/\1 ${old}000000/" "$DIR/spool/$id.note"
    touch -d "@$old" "$DIR/spool/$id.data"
    start --spool-hours 1
    wait_until test ! -e "$DIR/spool/$id.data"
    url= send "$DIR/big.csv"
    [ "$(result .found)" = 0 ]
    [ "$(result .sent)" = "$(stat -c %s "$DIR/big.csv")" ]
    [ "$(result .refused)" = 6020 ]
}
