# Every answer that tells of a person, for people under the protection flags (insurers-and-documents
# 2.5) and comparison classes (2.4): reads like the table of docs/protection.md. Each is asked as its
# client asks it. Names, addresses, postal codes and birth dates are markers that nobody else has.

# Route names of src/http/routes.c, by the row of the table that tells what they show.
ROUTES_SHOWN='card mobile_check mobile_results numbers portal_consents portal_registration portal_status web_check'
ROUTES_NOBODY='card_challenge file_confirm file_head file_options file_patch file_remove file_reply file_state
    files_create files_list files_options healthz metrics mobile_activation mobile_challenge mobile_code
    mobile_withdrawal portal_challenge web_challenge'
# Commands that read people of a store and print, and the others.
COMMANDS_SHOWN='audit_show explain_check insurer_deregister insurer_invitations insurer_list insurer_need insurer_overdue
    insurer_overlaps insurer_papers insurer_same_person month_end register_differences register_notices'
COMMANDS_NOBODY='audit_verify card_uses card_emulate card_issue card_renew card_respond card_revoke card_show demo
    explain_certificate explain_copayment explain_desk explain_document explain_number explain_policy
    explain_rule explain_service_class face_device insurer_load insurer_policy_set insurer_policy_show insurer_sample insurer_send
    insurer_status store_upgrade number_check
    number_make register_changes register_compare register_link register_no_doubt register_record
    register_serve serve simulate terminal visual_password world'

EVERYBODY='plain hidden refused class1 class2 class3'

setup_file() {
    export DIR=$(mktemp -d)
    "$SMALL_WORLD" "$DIR"
    "$PROTECTION_PEOPLE" "$DIR"
    export TODAY=$(TZ=JST-9 date +%Y%m%d)
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$DIR/link.key"
    chmod 600 "$DIR/link.key"
    "$SHIKAKU" serve --certificate "$DIR/server.pem" --key "$DIR/server.key" \
        --client-ca "$DIR/client-ca.pem" --store "sqlite:$DIR/store.db" --journal "$DIR/journal" \
        --card-ca "$DIR/card-ca.pem" --listen-port 0 --spool "$DIR/spool" \
        --link-key "$DIR/link.key" >"$DIR/ready" 2>"$DIR/log" 3>&- &
    echo $! >"$DIR/pid"
    for _ in $(seq 300); do
        grep -q ready "$DIR/ready" && break
        sleep 0.1
    done
    export URL=$(sed -n 's/^ready //p' "$DIR/ready")
}

teardown_file() {
    kill -TERM "$(cat "$DIR/pid")"
    for _ in $(seq 200); do
        kill -0 "$(cat "$DIR/pid")" 2>/dev/null || break
        sleep 0.1
    done
    rm -rf "$DIR"
}

# --- the markers ----------------------------------------------------------------------------------

row() {
    case $1 in
    plain) echo '公開　花子|ｺｳｶｲ|標識県公開市一丁目|901-0001|5001|19850203' ;;
    hidden) echo '不開示　花子|ﾌｶｲｼﾞ|標識県秘密市二丁目|901-0002|5002|19850204' ;;
    refused) echo '不可　花子|ﾌｶ |標識県秘密市三丁目|901-0003|5003|19850205' ;;
    class1) echo '区分一　花子|ｸﾌﾞﾝｲﾁ|標識県秘密市四丁目|901-0004|5004|19850206' ;;
    class2) echo '区分二　花子|ｸﾌﾞﾝﾆ|標識県公開市五丁目|901-0005|5005|19850207' ;;
    class3) echo '区分三　花子|ｸﾌﾞﾝｻﾝ|標識県公開市六丁目|901-0006|5006|19850208' ;;
    esac
}

of() { row "$1" | cut -d'|' -f"$2"; }
has() { grep -qF -- "$1" "$DIR/answer"; }
lacks() { ! has "$1"; } # a negation alone would not fail a test

tells_name() { has "$(of "$1" 1)" && has "$(of "$1" 2)"; }
tells_address() { has "$(of "$1" 3)" && has "$(of "$1" 4)"; }
hides_address() { ! has "$(of "$1" 3)" && ! has "$(of "$1" 4)"; }

# Neither who nor where, and no second insurer
hides_person() {
    hides_address "$1" && ! has "$(of "$1" 1)" && ! has "$(of "$1" 2)" && ! has InsurerName
}

# An error of that code and not a word more: no flag, no registration, no consent
refused_with() {
    [ "$code" = 403 ] && has "<ErrorCode>$2</ErrorCode>" && hides_person "$1" &&
        lacks Flg && ! has Registration && ! has ConsentInfo && ! has QualificationValidity
}

value() { xmllint --xpath "string(//$1)" "$DIR/answer"; }
medical() { value PharmacistsInfoConsFlg; }

# --- the clients ----------------------------------------------------------------------------------

# as WHO PATH [CURL-ARGUMENTS...]: $code and $DIR/answer
as() {
    local who=$1 path=$2
    shift 2
    code=$(curl -sS --max-time 20 --cacert "$DIR/client-ca.pem" --cert "$DIR/$who.pem" \
        --key "$DIR/$who.key" -o "$DIR/answer" -w '%{http_code}' \
        -H 'Content-Type: application/xml' "$@" "$URL$path")
}

# numbers PERSON INSURER
numbers() {
    cat >"$DIR/request" <<END
<XmlMsg><MessageHeader><QualificationConfirmationDate>$TODAY</QualificationConfirmationDate>
<MedicalInstitutionCode>1319912349</MedicalInstitutionCode></MessageHeader>
<MessageBody><QualificationConfirmSearchInfo><InsurerNumber>$2</InsurerNumber>
<InsuredCardSymbol>12</InsuredCardSymbol>
<InsuredIdentificationNumber>$(of "$1" 5)</InsuredIdentificationNumber>
<Birthdate>$(of "$1" 6)</Birthdate>
<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>
</QualificationConfirmSearchInfo></MessageBody></XmlMsg>
END
    as institution /v1/eligibility/numbers --data-binary "@$DIR/request"
}

# proof PERSON CHALLENGE-CLIENT CHALLENGE-PATH KIND...: what the card proves, in $DIR/request
proof() {
    local person=$1 who=$2 path=$3
    shift 3
    as "$who" "$path" --data-binary "@$DIR/device"
    [ "$code" = 200 ]
    cp "$DIR/answer" "$DIR/challenge"
    "$SMALL_WORLD" "$DIR" proof "$person" "$DIR/challenge" "$@" >"$DIR/request"
}

by_card() {
    : >"$DIR/device"
    proof "$1" institution /v1/eligibility/card/challenge all
    as institution /v1/eligibility/card --data-binary "@$DIR/request"
}

# at_portal PERSON OPERATION
at_portal() {
    : >"$DIR/device"
    proof "$1" portal /v1/portal/challenge portal
    as portal "/v1/portal/$2" --data-binary "@$DIR/request"
}

on_web() {
    echo '<XmlMsg><MessageBody><MobileDevice><MedicalInstitutionCode>1319912349</MedicalInstitutionCode></MobileDevice></MessageBody></XmlMsg>' >"$DIR/device"
    proof "$1" portal /v1/mobile/web/challenge web
    as portal /v1/mobile/web/check --data-binary "@$DIR/request"
}

# A device of the institution, activated: its identifier and secret
activate() {
    echo '<XmlMsg><MessageBody><MobileDevice><ServiceClass>2</ServiceClass></MobileDevice></MessageBody></XmlMsg>' >"$DIR/device"
    as institution /v1/mobile/code --data-binary "@$DIR/device"
    local activation=$(value ActivationCode)
    echo "<XmlMsg><MessageBody><MobileDevice><MedicalInstitutionCode>1319912349</MedicalInstitutionCode><ActivationCode>$activation</ActivationCode></MobileDevice></MessageBody></XmlMsg>" >"$DIR/device"
    as institution /v1/mobile/activation --data-binary "@$DIR/device"
    identifier=$(value DeviceIdentifier)
    secret=$(value DeviceSecret)
    echo "<XmlMsg><MessageBody><MobileDevice><MedicalInstitutionCode>1319912349</MedicalInstitutionCode><DeviceIdentifier>$identifier</DeviceIdentifier><DeviceSecret>$secret</DeviceSecret></MobileDevice></MessageBody></XmlMsg>" >"$DIR/device"
}

on_device() {
    proof "$1" institution /v1/mobile/challenge mobile "$identifier" "$secret"
    as institution /v1/mobile/check --data-binary "@$DIR/request"
}

results() {
    cat >"$DIR/request" <<END
<XmlMsg><MessageHeader><MedicalInstitutionCode>1319912349</MedicalInstitutionCode></MessageHeader>
<MessageBody><QualificationConfirmSearchInfo><ConsentDateFrom>$TODAY</ConsentDateFrom>
<ConsentDateTo>$TODAY</ConsentDateTo></QualificationConfirmSearchInfo></MessageBody></XmlMsg>
END
    as institution /v1/mobile/results --data-binary "@$DIR/request"
}

# --- nothing is left out --------------------------------------------------------------------------

sorted() { tr -s ' \n' '\n\n' | sed '/^$/d' | sort; }

@test "every route of the service stands in the table" {
    diff <(sed -n '/^const struct route routes/,/^};/p' "$SHIKAKU_ROOT/src/http/routes.c" | tr -d '\n' |
        sed 's/ \{4\}{"/\n{"/g' | sed -n 's/^{"[A-Z]*", [^,]*, "\([a-z_]*\)".*/\1/p' | sort) \
        <(echo "$ROUTES_SHOWN $ROUTES_NOBODY" | sorted)
    [ "$(grep -c '^    {"[A-Z]*", ' "$SHIKAKU_ROOT/src/http/routes.c")" = "$(echo "$ROUTES_SHOWN $ROUTES_NOBODY" | sorted | wc -l)" ]
}

@test "every command stands in the table" {
    diff <(sed -n 's/^    &command_\([a-z_]*\),/\1/p' "$SHIKAKU_ROOT/src/command/commands.c" | sort) \
        <(echo "$COMMANDS_SHOWN $COMMANDS_NOBODY" | sorted)
    for command in $COMMANDS_SHOWN; do
        grep -qF "$(echo "$command" | sed 's/_/ /; s/^month end/month-end/; s/_/-/')" "$SHIKAKU_ROOT/docs/protection.md"
    done
}

# --- the desk -------------------------------------------------------------------------------------

@test "e1_ numbers: an address but under a flag, nothing in class 1" {
    for insurer in 06139992 139998; do
        for person in plain class2 class3; do
            numbers $person $insurer
            tells_name $person
            tells_address $person
        done
        for person in hidden refused; do
            numbers $person $insurer
            [ "$(value QualificationValidity)" = 1 ]
            tells_name $person
            hides_address $person
        done
        numbers class1 $insurer
        [ "$(value QualificationValidity)" = 4 ]
        hides_person class1
    done
}

@test "e1_ card: no address under non-disclosure, refused under a refusal, no medical information in a class" {
    by_card plain
    tells_name plain
    tells_address plain
    [ "$(medical)" = 1 ]
    by_card hidden
    tells_name hidden
    hides_address hidden
    by_card refused
    refused_with refused SKK-3011
    by_card class1
    [ "$(value QualificationValidity)" = 4 ]
    hides_person class1
    for person in class2 class3; do
        by_card $person
        tells_address $person
        [ "$(value ProcessingResultCode)" = SKK-7004 ]
        [ "$(medical)" = 0 ]
    done
}

# --- phones, tablets, and the consents given there ------------------------------------------------

# checked COMMAND: the row "desk by card" in class 2
checked() {
    $1 plain
    tells_address plain
    [ "$(medical)" = 1 ]
    $1 hidden
    [ "$(value QualificationValidity)" = 1 ]
    hides_address hidden
    $1 refused
    refused_with refused SKK-3011
    $1 class1
    [ "$(value QualificationValidity)" = 4 ]
    hides_person class1
    for person in class2 class3; do
        $1 $person
        tells_address $person
        [ "$(medical)" = 0 ]
    done
}

@test "e3_ the web page and a device show what a card shows" {
    checked on_web
    activate
    [ -n "$secret" ]
    checked on_device
}

@test "e3_ a consent given before a flag shows no more than the flag lets" {
    for person in plain hidden class2 class3; do on_web $person; done
    results
    tells_address plain
    tells_name hidden
    hides_address hidden
    hides_address refused
    # flags and classes that came after the consent
    sqlite3 "$DIR/store.db" "UPDATE person SET protection = 2 WHERE person_id = 500;
        UPDATE person SET register_difference = 1 WHERE person_id = 501"
    results
    sqlite3 "$DIR/store.db" "UPDATE person SET protection = 0 WHERE person_id = 500;
        UPDATE person SET register_difference = 0 WHERE person_id = 501"
    for person in plain hidden; do
        hides_address $person
        lacks "$(of $person 1)"
    done
    tells_address class2
    [ "$(grep -o '<PharmacistsInfoConsFlg>1' "$DIR/answer" | wc -l)" = 0 ]
}

# --- the portal -----------------------------------------------------------------------------------

@test "p1_ the portal shows no address, nothing under a refusal, neither name nor coverage in class 1" {
    for operation in status registration; do
        for person in plain hidden class2 class3; do
            at_portal $person $operation
            [ "$code" = 200 ]
            tells_name $person
            has CoverageInfo
            hides_address $person
        done
        at_portal class1 $operation
        [ "$code" = 200 ]
        hides_person class1
        lacks CoverageInfo
        at_portal refused $operation
        refused_with refused SKK-3011
    done
}

@test "p1_ where a consent was given is not told to who holds a refused card" {
    on_web plain
    at_portal plain consents
    has '<MedicalInstitutionCode>1319912349<'
    at_portal refused consents
    refused_with refused SKK-3011
    lacks 1319912349
    sqlite3 "$DIR/store.db" 'UPDATE person SET protection = 2 WHERE person_id = 500'
    at_portal plain consents
    sqlite3 "$DIR/store.db" 'UPDATE person SET protection = 0 WHERE person_id = 500'
    refused_with plain SKK-3011
    lacks 1319912349
}

# --- what tells of nobody -------------------------------------------------------------------------

@test "challenges, figures, health and an insurer's files tell of nobody" {
    for request in 'institution /v1/eligibility/card/challenge' 'portal /v1/portal/challenge'; do
        as $request -X POST
        [ "$code" = 200 ]
        cat "$DIR/answer" >>"$DIR/all"
    done
    for request in 'operator /metrics' 'operator /healthz' 'insurer /v1/insurer/files'; do
        as $request -H 'Tus-Resumable: 1.0.0'
        [ "$code" = 200 ]
        cat "$DIR/answer" >>"$DIR/all"
    done
    cp "$DIR/all" "$DIR/answer"
    for person in $EVERYBODY; do hides_person $person; done
}

# --- the insurers' lists --------------------------------------------------------------------------

# told COMMAND...: the output of a command over the store is the answer
told() {
    "$SHIKAKU" "$@" --store "sqlite:$DIR/store.db" >"$DIR/answer" 2>&1
}

@test "e1_ overlaps: the other insurer is told, under a flag the dates alone" {
    for format in --json ''; do
        told insurer overlaps --on "$(TZ=JST-9 date +%F)" $format
        for person in $EVERYBODY; do
            has "K-$person"
            hides_address $person
            lacks "$(of $person 1)"
        done
    done
    told insurer overlaps --on "$(TZ=JST-9 date +%F)" --json
    other() { jq -r "select(.key == \"K-$1\") | \"\(.other)\(.other_name)\"" "$DIR/answer"; }
    [ "$(other plain)" = '139998標識県秘密市国民健康保険' ]
    for person in class1 class2 class3; do [ -n "$(other $person)" ]; done
    for person in hidden refused; do [ -z "$(other $person)" ]; done
    told insurer overlaps --on "$(TZ=JST-9 date +%F)" --out "$DIR/lists"
    grep -q '^K-plain,.*標識県秘密市国民健康保険' "$DIR"/lists/*/06139992.csv
    [ -z "$(grep -E '^K-(hidden|refused),.*(139998|標識県)' "$DIR"/lists/*/06139992.csv)" ]
}

@test "d4_ r2_ status, papers, overdue, needs, requests, month-end name the key and no person" {
    local on=$(TZ=JST-9 date +%F)
    told insurer list --insurer 06139992 --on "$on"
    cp "$DIR/answer" "$DIR/all"
    told insurer papers --insurer 06139992 --on "$on" --json
    cat "$DIR/answer" >>"$DIR/all"
    [ "$(jq -r 'select(.key == "K-refused").trigger' "$DIR/answer")" = T5 ]
    [ "$(jq -r 'select(.key == "K-refused").issued' "$DIR/answer")" = null ]
    told insurer papers --insurer 06139992 --on "$on" --issue
    cat "$DIR/answer" >>"$DIR/all"
    told insurer overdue --insurer 06139992 --on "$on"
    cat "$DIR/answer" >>"$DIR/all"
    for person in $EVERYBODY; do
        "$SHIKAKU" insurer need --store "sqlite:$DIR/store.db" --insurer 06139992 --need applied \
            "K-$person" >>"$DIR/all"
        "$SHIKAKU" insurer deregister --store "sqlite:$DIR/store.db" --insurer 06139992 \
            "K-$person" >>"$DIR/all" || true
        "$SHIKAKU" insurer deregister --store "sqlite:$DIR/store.db" --insurer 139998 \
            "12-$(of $person 5)-01" >>"$DIR/all" || true
    done
    cp "$DIR/store.db" "$DIR/end.db"
    "$SHIKAKU" month-end --store "sqlite:$DIR/end.db" --out "$DIR/months" \
        --on "$(date -d "$(TZ=JST-9 date +%Y-%m-01) +1 month -1 day" +%F)" >>"$DIR/all"
    cat "$DIR"/months/*/*.csv >>"$DIR/all"
    cp "$DIR/all" "$DIR/answer"
    for person in $EVERYBODY; do
        has "K-$person"
        hides_address $person
        lacks "$(of $person 1)"
        lacks "$(of $person 6)"
    done
}

@test "e1_ explain check tells the decision and no person, in class 1 not even that" {
    for person in $EVERYBODY; do
        told explain check --insurer 06139992 --symbol 12 --number "$(of $person 5)" \
            --birth "$(of $person 6 | sed 's/\(....\)\(..\)/\1-\2-/')" --json || true
        hides_address $person
        lacks "$(of $person 1)"
        [ "$(jq .validity "$DIR/answer")" = "$([ $person = class1 ] && echo 4 || echo 1)" ]
    done
}

@test "differences, notices, journal and log name nobody" {
    numbers hidden 06139992
    told register differences --json
    cp "$DIR/answer" "$DIR/all"
    told register notices --json
    cat "$DIR/answer" "$DIR/log" >>"$DIR/all"
    "$SHIKAKU" audit show "$DIR/journal" --count 100000 >>"$DIR/all"
    grep -q check_by_numbers "$DIR/all"
    cp "$DIR/all" "$DIR/answer"
    for person in $EVERYBODY; do
        hides_person $person
        lacks "$(of $person 6)"
    done
}
