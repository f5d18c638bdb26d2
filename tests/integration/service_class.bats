# E3 at work: terminals of different facilities present the same card in the three classes.

setup_file() {
    export W=$(mktemp -d)
    "$SHIKAKU" world --people 50 --cards 0 --seed 7 --dir "$W/w" >/dev/null 2>&1
    sed -i 's/^listen-port.*/listen-port = 0/' "$W/w/serve.conf"
    "$SHIKAKU" serve --config "$W/w/serve.conf" >"$W/ready" 2>"$W/serve.log" 3>&- &
    echo $! >"$W/serve.pid"
    wait_for "$W/ready"
    export URL=$(sed -n 's/^ready //p' "$W/ready")
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

# present INSTITUTION CLASS MODE: the card cert-valid at a terminal of that place; sets result, face
present() {
    local name=$1-$2
    if [ ! -e "$W/$name.pid" ]; then
        "$SHIKAKU" terminal --config "$W/w/terminal.conf" --service "$URL" --folder "$W/$name" \
            --institution "$1" --certificate "$W/w/pki/institutions/$1.pem" \
            --key "$W/w/pki/institutions/$1.key" --service-class "$2" \
            >"$W/$name.ready" 2>"$W/$name.log" 3>&- &
        echo $! >"$W/$name.pid"
        wait_for "$W/$name.ready"
    fi
    sed "s/^mode *=.*/mode = $3/" "$W/w/samples/presentations/cert-valid.present" \
        >"$W/$name/work/card.tmp"
    grep -q '^pin' "$W/$name/work/card.tmp" || echo 'pin = 1234' >>"$W/$name/work/card.tmp"
    rm -f "$W/$name/reader/$3.result"
    mv "$W/$name/work/card.tmp" "$W/$name/reader/$3.present"
    wait_for "$W/$name/reader/$3.result"
    result=$(jq -r '"\(.validity) \(.code)"' "$W/$name/reader/$3.result")
    face=$W/$name/face/$(jq -r '.face_file // "none"' "$W/$name/reader/$3.result")
}

medical_consent() {
    xmllint --xpath 'string(//PharmacistsInfoConsFlg)' "$face"
}

@test "e3_ a clinic checks in class 1, and may in class 2, both with medical information" {
    present 1319912349 1 pin
    [ "$result" = "1 " ]
    [ "$(medical_consent)" = 1 ]
    present 1319912349 2 pin
    [ "$result" = "1 " ]
    [ "$(medical_consent)" = 1 ]
    present 1319912349 3 pin
    [[ "$result" == *SKK-2010 ]]
}

@test "e3_ a judo-therapy clinic sees eligibility only, and in class 3 only" {
    present 1379910019 3 pin
    [ "$result" = "1 " ]
    [ "$(medical_consent)" = 0 ]
    present 1379910019 1 pin
    [[ "$result" == *SKK-2010 ]]
    present 1379910019 2 pin
    [[ "$result" == *SKK-2010 ]]
}

@test "e2_ e3_ a phone or tablet knows no face mode, but visual" {
    present 1379910019 3 face
    [[ "$result" == *SKK-2011 ]]
    present 1379910019 3 visual
    [ "$result" = "1 " ]
}

@test "e3_ home nursing uses class 2, a rebuilt clinic class 3 while its measure runs" {
    present 1369910011 2 pin
    [ "$result" = "1 " ]
    present 1369910011 1 pin
    [[ "$result" == *SKK-2010 ]]
    present 1319912042 3 pin
    [ "$result" = "1 " ]
    present 1319912059 3 pin
    [[ "$result" == *SKK-2010 ]]
}

@test "e3_ the journal names the class" {
    for pid in "$W"/1*.pid; do kill "$(cat "$pid")"; done
    kill "$(cat "$W/serve.pid")"
    sleep 2
    "$SHIKAKU" audit verify "$W/w/journal"
    "$SHIKAKU" audit show "$W/w/journal" >"$W/entries"
    grep -q 'check_by_card.*institution=1379910019.*class=3.*validity=valid' "$W/entries"
    grep -q 'check_by_card.*institution=1379910019.*class=1.*cause=SKK-2010' "$W/entries"
}
