# Every row of the sandbox's cast, asked as its users would: over HTTPS, through the folders in UTF-8
# and in Shift_JIS, and by card at the reader; the answers are those that samples/cast.csv documents.
# Run twice: with a database of SQLite, and, under with_postgres.sh, with one of PostgreSQL.

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 200 --cards 0 --seed 7 --dir "$W/w" \
        ${SHIKAKU_POSTGRES:+--store "postgres:$SHIKAKU_POSTGRES"} >"$W/world.log" 2>&1
    sed -i 's/^listen-port.*/listen-port = 0/' "$W/w/serve.conf"
    "$SHIKAKU" serve --config "$W/w/serve.conf" >"$W/ready" 2>"$W/serve.log" 3>&- &
    echo $! >"$W/serve.pid"
    wait_for "$W/ready"
    export URL=$(sed -n 's/^ready //p' "$W/ready")
    start_terminal utf8 utf-8
    start_terminal sjis shift_jis
}

teardown_file() {
    kill $(cat "$W"/*.pid) 2>/dev/null
    sleep 1
    rm -rf "$W"
}

wait_for() {
    for _ in $(seq 300); do
        [ -s "$1" ] && return 0
        sleep 0.1
    done
    cat "$W"/*.log >&2
    return 1
}

start_terminal() { # NAME ENCODING
    "$SHIKAKU" terminal --config "$W/w/terminal.conf" --service "$URL" --folder "$W/$1" \
        --encoding "$2" >"$W/$1.ready" 2>"$W/$1.log" 3>&- &
    echo $! >"$W/$1.pid"
    wait_for "$W/$1.ready"
}

# rows BY: "scenario validity code" of the rows asked by numbers or by card
rows() {
    awk -F, -v by="$1" 'NR > 1 && (by == "card") == ($7 != "") { print $1, $11 ? $11 : "-", $12 ? $12 : "-" }' \
        "$W/w/samples/cast.csv"
}

# compare FILE SCENARIO VALIDITY CODE: prints what differs
compare() {
    local validity code utf8=$W/compared.xml
    # libxml2 has no CP932 under the name Shift_JIS: receipt computers do
    if head -c 100 "$1" | grep -q Shift_JIS; then
        iconv -f CP932 -t UTF-8 "$1" | sed '1s/Shift_JIS/UTF-8/' >"$utf8"
    else
        cp "$1" "$utf8"
    fi
    validity=$(xmllint --xpath 'string(//QualificationValidity)' "$utf8")
    code=$(xmllint --xpath 'string(//ProcessingResultCode)' "$utf8")
    [ "${validity:--}" = "$3" ] && [ "${code:--}" = "$4" ] ||
        echo "$2: got ${validity:--} ${code:--}, documented $3 $4"
}

@test "e1_ e4_ e5_ e9_ each row by numbers over HTTPS" {
    wrong=$(rows numbers | while read -r scenario validity code; do
        request=$W/w/samples/requests/OQSsiquc01req_$(echo "$scenario" | tr -d -).xml
        curl -sS --cacert "$W/w/pki/network-ca.pem" --cert "$W/w/pki/institutions/1319912349.pem" \
            --key "$W/w/pki/institutions/1319912349.key" -H 'Content-Type: application/xml' \
            --data-binary "@$request" "$URL/v1/eligibility/numbers" >"$W/answer.xml"
        compare "$W/answer.xml" "$scenario" "$validity" "$code"
    done)
    echo "$wrong"
    [ -z "$wrong" ]
    [ "$(rows numbers | wc -l)" -ge 30 ]
}

# through_folders NAME: every row by numbers through one terminal's folders
through_folders() {
    rows numbers | while read -r scenario _; do
        cp "$W/w/samples/requests/OQSsiquc01req_$(echo "$scenario" | tr -d -).xml" "$W/$1/work.tmp"
        mv "$W/$1/work.tmp" "$W/$1/req/OQSsiquc01req_$(echo "$scenario" | tr -d -).xml"
    done
    rows numbers | while read -r scenario validity code; do
        answer=$W/$1/res/OQSsiquc01res_$(echo "$scenario" | tr -d -).xml
        wait_for "$answer" || echo "$scenario: no answer"
        compare "$answer" "$scenario" "$validity" "$code"
    done
}

@test "e1_ e4_ e5_ e9_ each row by numbers through the folders, UTF-8" {
    wrong=$(through_folders utf8)
    echo "$wrong"
    [ -z "$wrong" ]
    [ -z "$(ls "$W/utf8/req")" ]
}

@test "e1_ each row by numbers through the folders, Shift_JIS" {
    wrong=$(through_folders sjis | grep -v '^hard-name: got 1 SKK-7007' || true)
    echo "$wrong"
    [ -z "$wrong" ]
    for answer in "$W"/sjis/res/*.xml; do
        head -c 100 "$answer" | grep -q 'encoding="Shift_JIS"'
        grep -q '<CharacterCodeIdentifier>1<' "$answer"
        iconv -f CP932 -t UTF-8 "$answer" >"$W/check.xml"
    done
    iconv -f CP932 -t UTF-8 "$W/sjis/res/OQSsiquc01res_hardname.xml" | grep -q '髙﨑　●次'
    xmllint --xpath 'string(//Name)' "$W/utf8/res/OQSsiquc01res_hardname.xml" | grep -q '髙﨑.*𠮷'
}

@test "e1_ e2_ k1_ k2_ k3_ each row by card at the reader" {
    for present in "$W"/w/samples/presentations/*.present; do
        cp "$present" "$W/utf8/work/$(basename "$present").tmp"
        mv "$W/utf8/work/$(basename "$present").tmp" "$W/utf8/reader/$(basename "$present")"
    done
    wrong=$(rows card | while read -r scenario validity code; do
        result=$W/utf8/reader/$scenario.result
        wait_for "$result" || echo "$scenario: no result"
        got=$(jq -r '[(.validity | if . == 0 then "-" else tostring end), (.code | if . == "" then "-" else . end)] | join(" ")' "$result")
        [ "$got" = "$validity $code" ] || echo "$scenario: got $got, documented $validity $code"
        face=$(jq -r '.face_file // empty' "$result")
        if [ "$validity" = - ]; then
            [ -z "$face" ] || echo "$scenario: a refused card has a face file"
        else
            xmllint --noout "$W/utf8/face/$face" 2>/dev/null || echo "$scenario: face file"
        fi
    done)
    echo "$wrong"
    [ -z "$wrong" ]
    [ "$(rows card | wc -l)" -ge 20 ]
}

@test "k2_ no medical information in grace, also where the patient consents" {
    face=$W/utf8/face/$(jq -r .face_file "$W/utf8/reader/cert-grace.result")
    [ "$(xmllint --xpath 'string(//PharmacistsInfoConsFlg)' "$face")" = 0 ]
    face=$W/utf8/face/$(jq -r .face_file "$W/utf8/reader/cert-valid.result")
    [ "$(xmllint --xpath 'string(//PharmacistsInfoConsFlg)' "$face")" = 1 ]
}

@test "bad input: each hostile file is answered with its own code, and is journalled" {
    for pair in cut:SKK-1001 empty:SKK-1001 entitybomb:SKK-1002 externalentity:SKK-1002 nested:SKK-1006 \
        nosuchday:SKK-1104 nulbytes:SKK-1003 otherinstitution:SKK-2001 twobodies:SKK-1102 \
        wrongencoding:SKK-1003; do
        name=${pair%%:*}
        cp "$W/w/samples/hostile/OQSsiquc01req_$name.xml" "$W/utf8/req/"
    done
    wrong=$(for pair in cut:SKK-1001 empty:SKK-1001 entitybomb:SKK-1002 externalentity:SKK-1002 nested:SKK-1006 \
        nosuchday:SKK-1104 nulbytes:SKK-1003 otherinstitution:SKK-2001 twobodies:SKK-1102 \
        wrongencoding:SKK-1003; do
        name=${pair%%:*}
        answer=$W/utf8/res/OQSsiquc01res_$name.xml
        wait_for "$answer" || echo "$name: no answer"
        code=$(xmllint --xpath 'string(//ErrorCode)' "$answer")
        segment=$(xmllint --xpath 'string(//SegmentOfResult)' "$answer")
        [ "$code $segment" = "${pair##*:} 9" ] || echo "$name: got $code $segment"
    done)
    echo "$wrong"
    [ -z "$wrong" ]
}

@test "the journal of all this is whole" {
    kill -TERM "$(cat "$W/serve.pid")"
    for _ in $(seq 100); do kill -0 "$(cat "$W/serve.pid")" 2>/dev/null || break; sleep 0.1; done
    run "$SHIKAKU" audit verify "$W/w/journal"
    [ "$status" -eq 0 ]
    [ "$("$SHIKAKU" audit show "$W/w/journal" | grep -c 'check_by')" -ge 100 ]
}

@test "the database is the one that was asked for" {
    if [ -n "${SHIKAKU_POSTGRES:-}" ]; then
        [ ! -e "$W/w/store.sqlite" ]
        grep -q '^store = postgres:' "$W/w/serve.conf"
    else
        [ -s "$W/w/store.sqlite" ]
    fi
}
