# The insurer's whole month on both engines: the same world, files and commands, once with SQLite and once with a
# PostgreSQL whose locale sorts as Japanese does; replies, lists and tables are the same byte for byte.
# Runs under with_postgres.sh.

setup_file() {
    export W=$(mktemp -d)
    export HOST=$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$SHIKAKU_POSTGRES")
    export SOCIETY=06139992
    mkdir "$W/sqlite" "$W/postgres"
    empty_database month
    "$SHIKAKU" insurer sample --dir "$W/files" --people 1200 --seed 9 --no-cast --on 2026-11-05 >/dev/null
    printf '%064d' 7 >"$W/link.key"
    chmod 600 "$W/link.key"
    write_society
}

teardown_file() {
    [ ! -f "$W/serve.pid" ] || kill "$(cat "$W/serve.pid")" 2>/dev/null
    rm -rf "$W"
}

empty_database() { # NAME
    psql -qh "$HOST" -U shikaku postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 TEMPLATE template0
        ENCODING UTF8 LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'ja-JP'"
}

# url ENGINE [NAME]
url() {
    if [ "$1" = sqlite ]; then
        echo "sqlite:$W/${2:-month}.sqlite"
    else
        echo "postgresql:///${2:-month}?host=$HOST&user=shikaku"
    fi
}

# sealed FILE: rows of the society on standard input, header and trailer around them
sealed() {
    cat >"$W/rows"
    count=$(wc -l <"$W/rows")
    { echo "H,1,$SOCIETY,20261105,$count"; cat "$W/rows"; } >"$1"
    hash=$(sha256sum "$1" | cut -c1-64)
    echo "T,$count,$hash" >>"$1"
}

# number N: the individual number that begins with these up to 11 digits, with its check digit
number() {
    awk -v n="$1" 'BEGIN {
        body = sprintf("%011d", n)
        for (i = 1; i <= 11; i++)
            sum += substr(body, 12 - i, 1) * (i <= 6 ? i + 1 : i - 5)
        print body (sum % 11 <= 1 ? 0 : 11 - sum % 11)
    }'
}

# Keys and symbols that bytes sort otherwise than a dictionary; late notices, a loss, a wrong row.
write_society() {
    {
        n=10
        for key in b-1 B-2 a-3 A-4 ｱ-5 あ-6 ア-7 甲-8 _9 10; do
            n=$((n + 1))
            echo "P,N,$key,,,$(number "9000$n"),架空　花子,ｶｸｳ ﾊﾅｺ,,,2,,198001$n,100-9999,架空区$n,1,"
            echo "Q,N,$key,,202610$n,記$key,$n,00,1,架空　花子,20261001,,,,"
        done
        echo 'Q,L,a-3,,20261104,,,,,,,,20261020,03,'
        echo 'C,U,b-1,,,,20251131,,,'
    } | sealed "$W/society.csv"
}

# both NAME COMMAND...: runs it in each engine's folder; exit code, output and messages are the same
both() {
    name=$1
    shift
    for engine in sqlite postgres; do
        (cd "$W/$engine" && "$SHIKAKU" "$@" --store "$(url "$engine")") \
            >"$W/$engine/$name.out" 2>"$W/$engine/$name.err" && code=0 || code=$?
        echo "$code" >"$W/$engine/$name.code"
    done
    for what in code out err; do
        diff "$W/sqlite/$name.$what" "$W/postgres/$name.$what"
    done
    [ "$code" -le "${worst:-0}" ] || { cat "$W/postgres/$name.err"; false; }
}

# table SQL [NAME]: the same rows in both; prints how many
table() {
    sqlite3 "$W/${2:-month}.sqlite" "$1" >"$W/sqlite/table"
    psql -qAth "$HOST" -U shikaku "${2:-month}" -c "$1" >"$W/postgres/table"
    cmp "$W/sqlite/table" "$W/postgres/table" >&2
    wc -l <"$W/postgres/table"
}

@test "e1_ a world is the same on both engines" {
    for engine in sqlite postgres; do
        "$SHIKAKU" world --people 1500 --cards 0 --seed 5 --on 2026-11-05 --dir "$W/$engine/w" \
            --store "$(url "$engine")" >/dev/null 2>"$W/$engine/world.err"
        grep -q "^store = ${engine%sql}" "$W/$engine/w/serve.conf"
        [ ! -e "$W/$engine/w/store.sqlite" ]
    done
    [ "$(table 'SELECT * FROM person ORDER BY person_id')" -gt 1500 ]
    [ "$(table 'SELECT * FROM coverage ORDER BY person_id, coverage_id')" -gt 1500 ]
    [ "$(table 'SELECT * FROM authentication_certificate ORDER BY issuer, serial')" -gt 500 ]
}

@test "e9_ registration files are answered alike, row by row, and leave the same members" {
    for file in $(ls -S "$W"/files/*.csv | head -n 12) "$W/society.csv"; do
        worst=1 both "load-$(basename "$file")" insurer load "$file" --link-key "$W/link.key" \
            --reply "$(basename "$file")" --today 2026-11-05 --checkpoint 100 --json
        cmp "$W/sqlite/$(basename "$file")" "$W/postgres/$(basename "$file")"
    done
    [ "$(jq .refused "$W/postgres/load-society.csv.out")" = 1 ]
    [ "$(grep -c '^[0-9]*,1,SKK-710' "$W/postgres/society.csv")" -gt 0 ]
    worst=1 both again insurer load "$W/society.csv" --link-key "$W/link.key" --reply again.csv --json
    [ "$(jq .loaded_before "$W/postgres/again.out")" = true ]
    both status insurer status --json
    [ "$(table 'SELECT * FROM member ORDER BY person_id')" -gt 300 ]
    [ "$(table 'SELECT * FROM registration_clock ORDER BY person_id, coverage_id, event')" -gt 300 ]
    [ "$(table 'SELECT * FROM coverage ORDER BY person_id, coverage_id')" -gt 2000 ]
    [ "$(table 'SELECT * FROM coverage_history ORDER BY person_id, coverage_id, recorded')" -gt 0 ]
    [ "$(table 'SELECT * FROM register_check ORDER BY person_id')" -gt 300 ]
}

@test "e9_ an item lost by many stops the file on both until that is confirmed" {
    file=$(ls -S "$W"/files/*.csv | head -n 1)
    sed -n 's/^C,N,\([^,]*\),.*/C,U,\1,,,,-,-,-,/p' "$file" >"$W/lost.rows"
    SOCIETY=$(basename "$file" .csv) sealed "$W/loses.csv" <"$W/lost.rows"
    worst=2 both loses insurer load "$W/loses.csv" --link-key "$W/link.key" --reply loses.csv --today 2026-11-06
    grep -q SKK-6007 "$W/postgres/loses.err"
    both loses insurer load "$W/loses.csv" --link-key "$W/link.key" --reply loses.csv --today 2026-11-06 \
        --confirm-mass-change --json
    cmp "$W/sqlite/loses.csv" "$W/postgres/loses.csv"
    [ "$(table 'SELECT * FROM coverage_history ORDER BY person_id, coverage_id, recorded, superseded')" -gt 50 ]
}

@test "r2_ r3_ requests for deregistration, single and bulk, are answered alike" {
    both members insurer list --insurer "$SOCIETY" --on 2026-11-06
    [ "$(wc -l <"$W/postgres/members.out")" -gt 15 ]
    cut -d, -f1 "$W/postgres/members.out" | grep -v ^a-3 | sed 's/$/,2026-11-08,1/' >"$W/requests.csv"
    printf '%s\n' nobody 'b-1,20269901' >>"$W/requests.csv"
    worst=1 both file insurer deregister --insurer "$SOCIETY" --on 2026-11-09 --file "$W/requests.csv" --json
    [ "$(jq -r .code "$W/postgres/file.out" | grep -c '^ok$')" -gt 2 ]
    ok=$(jq -r 'select(.code == "ok") | .key' "$W/postgres/file.out")
    worst=1 both twice insurer deregister --insurer "$SOCIETY" --on 2026-11-12 --json $ok
    grep -q SKK-6302 "$W/postgres/twice.out"
    both withdrawn insurer deregister --insurer "$SOCIETY" --on 2026-11-13 --withdraw --json "${ok%%$'\n'*}"
    [ "$(table 'SELECT person_id, request_id, requested, received, channel, proxy, state, executes, error
        FROM deregistration_request ORDER BY person_id, request_id')" -gt 2 ]
}

@test "d1_ d2_ papers are due to the same people, and are issued once on both" {
    both need insurer need --insurer "$SOCIETY" --need applied --since 2026-11-10 B-2 甲-8
    both due insurer papers --insurer "$SOCIETY" --on 2026-11-14 --json
    [ "$(grep -c '"due"' "$W/postgres/due.out")" -gt 5 ]
    both issued insurer papers --insurer "$SOCIETY" --on 2026-11-14 --issue --json
    [ "$(grep -c '"issued":"2026-11-14"' "$W/postgres/issued.out")" -gt 5 ]
    both issued-again insurer papers --insurer "$SOCIETY" --on 2026-11-14 --issue --json
    cmp "$W/postgres/issued.out" "$W/postgres/issued-again.out"
    both tomorrow insurer papers --insurer "$SOCIETY" --on 2026-11-15 --issue
    [ ! -s "$W/postgres/tomorrow.out" ]
}

@test "e1_ delays, overlaps and gaps are told alike" {
    both overdue insurer overdue --on 2026-11-25 --json
    both overdue-society insurer overdue --on 2026-11-25 --insurer "$SOCIETY"
    [ "$(wc -l <"$W/postgres/overdue-society.out")" -gt 10 ]
    both overlaps insurer overlaps --on 2026-11-25 --json
    [ "$(wc -l <"$W/postgres/overlaps.out")" -gt 5 ]
    both overlap-files insurer overlaps --on 2026-11-25 --out lists
}

@test "d4_ two months are ended with the same lists, killed on the way or not" {
    for day in 2026-11-30 2026-12-31; do
        for point in 0.05 0.15; do
            "$SHIKAKU" month-end --store "$(url postgres)" --on $day --out "$W/postgres/lists" >/dev/null 2>&1 3>&- &
            sleep $point
            kill -9 $! 2>/dev/null || true
            wait $! 2>/dev/null || true
        done
        for engine in sqlite postgres; do
            (cd "$W/$engine" && "$SHIKAKU" month-end --store "$(url "$engine")" --on $day --out lists --json) |
                jq 'del(.again)' >"$W/$engine/month"
        done
        cmp "$W/sqlite/month" "$W/postgres/month"
        both "list-$day" insurer list --insurer "$SOCIETY" --on "$(date -d "$day + 1 day" +%F)"
    done
    [ "$(jq .deregistered "$W/postgres/month")" -gt 0 ]
    diff -r "$W/sqlite/lists" "$W/postgres/lists"
    [ "$(table 'SELECT person_id, kind, serial, insurer, coverage_id, reason, rule, due, latest, issued, valid_from,
        valid_until, state, returned, replaced_by, special FROM document ORDER BY person_id, kind, serial')" -gt 100 ]
    [ "$(table 'SELECT person_id, used_from, used_until, way, ended FROM registration ORDER BY person_id, used_from')" -gt 0 ]
    worst=2 both before month-end --on 2026-11-30 --out elsewhere
}

@test "e9_ a load killed on PostgreSQL goes on to the same reply and the same members" {
    for file in "$W"/files/*.csv; do
        sed '1d;$d' "$file" | sed "s/^\(.\),N,/\1,N,$(basename "$file" .csv)-/"
    done | sealed "$W/long.csv"
    load=(insurer load "$W/long.csv" --link-key "$W/link.key" --create --today 2026-11-05 --checkpoint 20)
    "$SHIKAKU" "${load[@]}" --store "$(url sqlite long)" --reply "$W/sqlite/long.csv" >/dev/null || [ $? = 1 ]
    for _ in $(seq 5); do # until one was killed before it had ended
        empty_database long
        rm -f "$W/postgres/long.csv"
        "$SHIKAKU" "${load[@]}" --store "$(url postgres long)" --reply "$W/postgres/long.csv" >/dev/null 2>&1 3>&- &
        for _ in $(seq 3000); do
            [ ! -s "$W/postgres/long.csv" ] || break
            sleep 0.01
        done
        kill -9 $! 2>/dev/null || true
        wait $! 2>/dev/null || true
        "$SHIKAKU" "${load[@]}" --store "$(url postgres long)" --reply "$W/postgres/long.csv" --json \
            >"$W/postgres/long.json" || [ $? = 1 ]
        [ "$(jq .resumed "$W/postgres/long.json")" != true ] || break
    done
    [ "$(jq .resumed "$W/postgres/long.json")" = true ]
    cmp "$W/sqlite/long.csv" "$W/postgres/long.csv"
    for order in 'member ORDER BY person_id' 'coverage ORDER BY person_id, coverage_id' \
        'registration_clock ORDER BY person_id, coverage_id, event'; do
        [ "$(table "SELECT * FROM $order" long)" -gt 500 ]
    done
}

# as METHOD PATH CURL-ARGUMENTS...: code is the answer's; its header is in $W/header, it itself in $W/answer
as() {
    local method=$1 path=$2
    shift 2
    code=$(curl -sS --max-time 20 --cacert "$pki/network-ca.pem" --cert "$pki/insurers/$SOCIETY.pem" \
        --key "$pki/insurers/$SOCIETY.key" -H 'Tus-Resumable: 1.0.0' -X "$method" "$@" -D "$W/header" \
        -o "$W/answer" -w '%{http_code}' "$address$path")
}

# upload ENGINE: starts its service, sends the society's second file, waits for the reply, stops the service
upload() {
    local pki=$W/$1/w/pki address at
    sed -i 's/^listen-port.*/listen-port = 0/' "$W/$1/w/serve.conf"
    : >"$W/ready"
    "$SHIKAKU" serve --config "$W/$1/w/serve.conf" >"$W/ready" 2>"$W/$1/serve.log" 3>&- &
    echo $! >"$W/serve.pid"
    for _ in $(seq 300); do grep -q ready "$W/ready" && break; sleep 0.1; done
    address=$(sed -n 's/^ready //p' "$W/ready")
    as POST /v1/insurer/files -H "Upload-Length: $(stat -c %s "$W/more.csv")"
    [ "$code" = 201 ]
    at=$(tr -d '\r' <"$W/header" | sed -n 's/^location: //Ip')
    as PATCH "$at" -H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' \
        --data-binary "@$W/more.csv"
    [ "$code" = 204 ]
    for _ in $(seq 300); do
        as GET "$at"
        [ "$(jq -r .state "$W/answer")" != done ] || break
        sleep 0.1
    done
    jq '{state, rows, accepted, warned, refused}' "$W/answer" >"$W/$1/uploaded"
    as GET "$at/reply"
    sed '$d;s/,[0-9]*$//' "$W/answer" >"$W/$1/upload.csv" # but for the time from which it is visible
    kill -TERM "$(cat "$W/serve.pid")"
    wait "$(cat "$W/serve.pid")"
    rm "$W/serve.pid"
}

@test "e9_ a file sent to the service is loaded and answered alike" {
    {
        echo "P,N,c-1,,,$(number 900099),架空　三郎,ｶｸｳ ｻﾌﾞﾛｳ,,,1,,19800203,100-9999,架空区１,1,"
        echo 'Q,N,c-1,,20261103,新,900,00,1,架空　三郎,20261101,,,,'
        echo 'Q,N,c-2,,20261103,新,901,00,1,架空　四郎,20261101,,,,'
    } | sealed "$W/more.csv"
    upload sqlite
    upload postgres
    cmp "$W/sqlite/uploaded" "$W/postgres/uploaded"
    [ "$(jq -c '[.state, .rows, .refused]' "$W/postgres/uploaded")" = '["done",3,1]' ]
    cmp "$W/sqlite/upload.csv" "$W/postgres/upload.csv"
    both check explain check --insurer "$SOCIETY" --symbol 新 --number 900 --birth 1980-02-03 --on 2026-11-05 --json
    [ "$(jq .validity "$W/postgres/check.out")" = 1 ]
}

@test "e1_ the demo checks cards and numbers in a world whose store is PostgreSQL" {
    empty_database demo
    "$SHIKAKU" world --people 50 --cards 1 --dir "$W/demo" --store "$(url postgres demo)" >/dev/null 2>&1
    "$SHIKAKU" demo --dir "$W/demo" --once --port 0 >"$W/demo.out" 2>"$W/demo.err"
    [ "$(grep -c '^ok  ' "$W/demo.out")" -ge 9 ]
    ! grep -q 'NOT AS EXPECTED' "$W/demo.out"
    [ ! -e "$W/demo/store.sqlite" ]
}
