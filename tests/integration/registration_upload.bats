# Registration files over HTTPS, sent with plain curl: broken off, gone on, loaded, answered.

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$DIR/link.key"
    chmod 600 "$DIR/link.key"
    "$SHIKAKU" insurer sample --dir "$DIR/files" --people 0
    cp "$DIR/store.db" "$DIR/before.db"
    start
}

teardown_file() {
    kill -TERM "$(cat "$DIR/pid")"
    wait_for_end
    ! grep -l Sanitizer "$DIR/log"
    "$SHIKAKU" audit verify "$DIR/journal"
    rm -rf "$DIR"
}

# start: process id and address are in $DIR/pid and $DIR/url
start() {
    rm -f "$DIR/ready"
    "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" \
        --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" --journal "$DIR/journal" \
        --card-ca "$DIR/card-ca.pem" --listen-port 0 --spool "$DIR/spool" \
        --link-key "$DIR/link.key" --spool-file-limit 1000000 >"$DIR/ready" 2>>"$DIR/log" 3>&- &
    echo $! >"$DIR/pid"
    for _ in $(seq 300); do
        grep -q ready "$DIR/ready" && break
        sleep 0.1
    done
    sed -n 's/^ready //p' "$DIR/ready" >"$DIR/url"
}

wait_for_end() {
    for _ in $(seq 200); do
        kill -0 "$(cat "$DIR/pid")" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}

# as WHO METHOD PATH CURL-ARGUMENTS...: $code, the answer in $DIR/answer, its header in $DIR/header
as() {
    local who=$1 method=(-X "$2") path=$3
    [ "$2" = HEAD ] && method=(-I)
    shift 3
    code=$(curl -sS --max-time 20 --cacert "$DIR/client-ca.pem" --cert "$DIR/$who.pem" \
        --key "$DIR/$who.key" -D "$DIR/header" -o "$DIR/answer" -w '%{http_code}' "${method[@]}" \
        -H "Tus-Resumable: ${tus:-1.0.0}" "$@" "$(cat "$DIR/url")$path")
}

field() {
    tr -d '\r' <"$DIR/header" | sed -n "s/^$1: //Ip"
}

# create FILE: $at is its path at the service
create() {
    as insurer POST /v1/insurer/files -H "Upload-Length: $(stat -c %s "$1")" \
        -H "Upload-Metadata: filename $(basename "$1" | tr -d '\n' | base64)"
    at=$(field location)
}

# part OFFSET: bytes on standard input
part() {
    as insurer PATCH "$at" -H "Upload-Offset: $1" \
        -H 'Content-Type: application/offset+octet-stream' --data-binary @-
}

# state WANTED: waits until the file has it
state() {
    for _ in $(seq 150); do
        as insurer GET "$at"
        [ "$(jq -r .state "$DIR/answer")" = "$1" ] && return 0
        sleep 0.1
    done
    cat "$DIR/answer"
    return 1
}

@test "E1: a file that is broken off by the end of the service goes on, is loaded and answered" {
    file=$DIR/files/06139992.csv
    size=$(stat -c %s "$file")
    create "$file"
    [ "$code" = 201 ]
    part 0 < <(head -c $((size / 2)) "$file")
    [ "$code" = 204 ]
    [ "$(field upload-offset)" = $((size / 2)) ]
    kill -KILL "$(cat "$DIR/pid")"
    wait_for_end
    start
    as insurer HEAD "$at"
    [ "$code" = 200 ]
    [ "$(field upload-offset)" = $((size / 2)) ]
    [ "$(field upload-length)" = "$size" ]
    part $((size / 2)) < <(tail -c +$((size / 2 + 1)) "$file")
    [ "$code" = 204 ]
    [ "$(field upload-offset)" = "$size" ]
    state done
    rows=$(($(wc -l <"$file") - 2))
    [ "$(jq -r .rows "$DIR/answer")" = "$rows" ]
    [ "$(jq -r '.accepted + .refused' "$DIR/answer")" = "$rows" ]
    as insurer GET "$at/reply"
    [ "$code" = 200 ]
    # a line a row, and but for the time in the last column what `insurer load` answers; its own hash
    [ "$(wc -l <"$DIR/answer")" = $((rows + 2)) ]
    "$SHIKAKU" insurer load "$file" --store "sqlite:$DIR/before.db" --link-key "$DIR/link.key" \
        --reply "$DIR/expected" >/dev/null || [ $? = 1 ]
    diff <(head -n -1 "$DIR/answer" | sed 's/,[0-9]*$//') \
        <(head -n -1 "$DIR/expected" | sed 's/,[0-9]*$//')
    [ "$(tail -n 1 "$DIR/answer" | cut -d, -f1-3)" = \
        "T,$rows,$(head -n -1 "$DIR/answer" | sha256sum | cut -c1-64)" ]
    cp "$DIR/answer" "$DIR/reply"
    [ "$("$SHIKAKU" insurer status --store "sqlite:$DIR/store.db" --json |
        jq -r '.[] | select(.insurer == "06139992") | .state_en')" = done ]
    ! ls "$DIR"/spool/*.data
}

@test "E1: the same file again changes nothing and has the same reply" {
    create "$DIR/files/06139992.csv"
    part 0 <"$DIR/files/06139992.csv"
    [ "$code" = 204 ]
    state done
    [ "$(jq -r .loaded_before "$DIR/answer")" = true ]
    as insurer GET "$at/reply"
    [ "$code" = 200 ]
    cmp "$DIR/answer" "$DIR/reply"
}

@test "E1: another insurer sees nothing of a file, and no other role has a way here" {
    create "$DIR/files/06139992.csv"
    part 0 < <(head -c 10 "$DIR/files/06139992.csv")
    for request in "HEAD $at" "GET $at" "GET $at/reply" "POST $at/confirm" "DELETE $at"; do
        as insurer-other $request
        [ "$code" = 404 ]
    done
    as insurer-other GET /v1/insurer/files
    [ "$(jq -r '.files | length' "$DIR/answer")" = 0 ]
    as insurer-other PATCH "$at" -H 'Upload-Offset: 10' \
        -H 'Content-Type: application/offset+octet-stream' --data-binary x
    [ "$code" = 404 ]
    as institution GET /v1/insurer/files
    [ "$code" = 403 ]
    as insurer HEAD "$at"
    [ "$(field upload-offset)" = 10 ]
    as insurer DELETE "$at"
    [ "$code" = 204 ]
    as insurer HEAD "$at"
    [ "$code" = 404 ]
}

@test "E1: wrong offsets, lengths and versions are refused and change nothing" {
    create "$DIR/files/06139992.csv"
    part 0 < <(head -c 10 "$DIR/files/06139992.csv")
    part 5 < <(head -c 10 "$DIR/files/06139992.csv")
    [ "$code" = 409 ]
    [ "$(jq -r .code "$DIR/answer")" = SKK-6606 ]
    part 10 <"$DIR/files/06139992.csv"
    [ "$code" = 413 ]
    [ "$(jq -r .code "$DIR/answer")" = SKK-6608 ]
    as insurer HEAD "$at"
    [ "$(field upload-offset)" = 10 ]
    as insurer POST "$at/confirm"
    [ "$code" = 409 ]
    as insurer DELETE "$at"
    as insurer POST /v1/insurer/files -H 'Upload-Length: 1000001'
    [ "$code" = 413 ]
    [ "$(jq -r .code "$DIR/answer")" = SKK-6609 ]
    as insurer POST /v1/insurer/files -H 'Upload-Length: many'
    [ "$code" = 400 ]
    tus=0.2.2 as insurer POST /v1/insurer/files -H 'Upload-Length: 5'
    [ "$code" = 412 ]
    as insurer OPTIONS /v1/insurer/files
    [ "$code" = 204 ]
    [ "$(field tus-max-size)" = 1000000 ]
}

@test "E1: a damaged file and another insurer's are refused as a whole, with the reason" {
    sed 's/20241202/20241203/' "$DIR/files/06139992.csv" | head -n -1 >"$DIR/cut.csv"
    for pair in cut.csv:SKK-6003 files/139998.csv:SKK-6002; do
        create "$DIR/${pair%:*}"
        part 0 <"$DIR/${pair%:*}"
        [ "$code" = 204 ]
        state refused
        [ "$(jq -r .reason.code "$DIR/answer")" = "${pair#*:}" ]
        as insurer GET "$at/reply"
        [ "$code" = 404 ]
    done
}

@test "E1: a mass change asks, and is loaded once its insurer confirms it" {
    file=$DIR/loses.csv
    sed -n 's/^C,N,\([^,]*\),.*/C,U,\1,,,,-,-,-,/p' "$DIR/files/06139992.csv" >"$DIR/rows"
    count=$(wc -l <"$DIR/rows")
    { echo "H,1,06139992,20261105,$count"; cat "$DIR/rows"; } >"$file"
    hash=$(sha256sum "$file" | cut -c1-64)
    echo "T,$count,$hash" >>"$file"
    create "$file"
    part 0 <"$file"
    state asking
    [ "$(jq -r .reason.code "$DIR/answer")" = SKK-6007 ]
    as insurer-other POST "$at/confirm"
    [ "$code" = 404 ]
    as insurer POST "$at/confirm"
    [ "$code" = 200 ]
    state done
    [ "$(jq -r .rows "$DIR/answer")" = "$count" ]
}
