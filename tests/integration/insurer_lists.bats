# shikaku insurer overdue, overlaps and invitations, over a small store: what insurers are told.

setup_file() {
    export W=$(mktemp -d)
    export STORE=sqlite:$W/store.db
    "$LIST_STORE" "$STORE"
}

teardown_file() {
    rm -rf "$W"
}

# overdue OPTIONS...: JSON lines
overdue() {
    "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --json "$@"
}

@test "e1_ the delay of an employer and that of the insurer are told apart" {
    overdue --insurer 06139992 >"$W/rows"
    [ "$(jq -r 'select(.kind == "event") | "\(.symbol) \(.key) \(.event) \(.notice_days) \(.registration_days) \(.registered)"' "$W/rows" | sort)" = \
"乙 K-3 loss 4 10 null
甲 K-1 acquisition 9 0 2026-10-20
甲 K-2 acquisition 0 3 2026-10-14" ]
    [ "$(jq -r 'select(.kind == "office") | "\(.symbol) \(.events) \(.notices_late) \(.notice_days_most) \(.registrations_late) \(.registration_days_most) \(.open)"' "$W/rows" | sort)" = \
"乙 1 1 4 1 10 1
甲 2 1 9 1 3 0" ]
    [ "$(jq -r 'select(.kind == "insurer") | "\(.name) \(.notifier) \(.events) \(.open)"' "$W/rows")" = \
        '架空健康保険組合 employer 3 1' ]
}

@test "e1_ all insurers are counted; a household has fourteen days" {
    overdue >"$W/rows"
    [ "$(jq -r '"\(.kind) \(.insurer) \(.notifier) \(.events) \(.notice_days_most)"' "$W/rows")" = \
"insurer 06139992 employer 3 9
insurer 139998 household 1 6
total null null 4 null" ]
    [ "$(overdue --insurer 139998 | jq -r 'select(.kind == "event") | .key')" = -345-01 ]
    [ "$("$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-26 --insurer 01139997 --json |
        jq -r 'select(.kind == "event") | "\(.registration_days) \(.registered)"')" = '1 null' ]
    [ "$(overdue --since 2026-02-01 --insurer 06139992 | jq -r 'select(.key == "K-5") | .notice_days')" = 54 ]
}

@test "the clerk reads the list in both languages, and nobody's name" {
    run "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --insurer 06139992
    [ "$status" -eq 0 ]
    [[ "$output" == *'事業主 +9日 / the employer +9 days'* ]]
    [[ "$output" == *'保険者 +10日 / the insurer +10 days'* ]]
    [[ "$output" == *'未 / not yet'* ]]
    [[ "$output" != *試験* ]]
}

@test "an insurer that the store does not have is refused" {
    run "$SHIKAKU" insurer overdue --store "$STORE" --on 2026-11-25 --insurer 06139999
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6501* ]]
}

# overlaps OPTIONS...: JSON lines
overlaps() {
    "$SHIKAKU" insurer overlaps --store "$STORE" --on 2026-11-25 --json "$@"
}

@test "e1_ of two live coverages both insurers are told which counts" {
    overlaps >"$W/found"
    [ "$(jq -r 'select(.finding == "live" and (.withheld | not)) | "\(.insurer) \(.key) \(.rule) \(.other) \(.other_name) \(.first) \(.days) \(.counts)"' "$W/found")" = \
"06139992 K-20 E1.overlap_yields 01139997 協会けんぽ架空支部 2026-10-01 56 false
01139997 12-345-01 E1.overlap_counts 06139992 架空健康保険組合 2026-10-01 56 true" ]
}

@test "e1_ gaps and late losses are told to either side" {
    overlaps >"$W/found"
    [ "$(jq -r 'select(.finding == "gap" or .finding == "late_loss") | "\(.insurer) \(.rule) \(.other) \(.first) \(.last) \(.days)"' "$W/found")" = \
"06139992 E1.gap_before 139998 2026-10-01 2026-10-10 10
139998 E1.gap_after 06139992 2026-10-01 2026-10-10 10
06139992 E1.late_loss 139998 2026-10-01 2026-11-20 51
139998 E1.late_loss_next 06139992 2026-10-01 2026-11-20 51" ]
    [ "$(jq -c 'select(.kind == "total") | [.people, .live, .overlap, .gap, .late_loss, .rows, .withheld]' "$W/found")" = \
        '[32,2,0,1,1,8,2]' ]
    [ "$(overlaps --on 2026-11-19 | jq -c 'select(.kind == "total") | .late_loss')" = 0 ]
}

@test "under a protection flag the other insurer is left out" {
    [ "$(overlaps | jq -r 'select(.kind == "finding" and .withheld) | "\(.insurer) [\(.other)\(.other_name)] \(.other_from)"')" = \
"06139992 [] 2026-10-01
139998 [] 2020-04-01" ]
    run "$SHIKAKU" insurer overlaps --store "$STORE" --on 2026-11-25
    [ "$status" -eq 0 ]
    [[ "$output" == *'保護のため表示しません / withheld under a protection flag'* ]]
    [[ "$output" != *試験* ]]
}

@test "each insurer gets a file, whole, with its own rows; the same again is the same" {
    overlaps --out "$W/lists" >"$W/found"
    local folder=$W/lists/overlaps-2026-11-25
    [ "$(jq -r .kind "$W/found")" = total ]
    [ "$(cd "$folder" && echo *)" = '01139997.csv 06139992.csv 139998.csv 39139991.csv index.csv' ]
    [ "$(grep -c . "$folder/39139991.csv")" = 2 ]
    [ "$(head -1 "$folder/06139992.csv")" = 'H,1,06139992,20261125,0000000004' ]
    [ "$(sed -n '2,$p' "$folder/06139992.csv" | cut -d, -f1,3-14 | sed '$d')" = \
"K-20,live,E1.overlap_yields,20200401,,01139997,協会けんぽ架空支部,20261001,,20261001,20261125,56,0
K-21,gap,E1.gap_before,20200401,20261001,139998,架空区,20261011,,20261001,20261010,10,0
K-22,late_loss,E1.late_loss,20200401,20261001,139998,架空区,20261001,,20261001,20261120,51,0
K-23,live,E1.overlap_yields,20200401,,,,20261001,,20261001,20261125,56,0" ]
    [ "$(tail -1 "$folder/06139992.csv")" = "T,4,$(sed '1d;$d' "$folder/06139992.csv" | sha256sum | cut -d' ' -f1)" ]
    run ! grep -rq 試験 "$folder"
    overlaps --out "$W/lists" >"$W/again"
    cmp "$W/found" "$W/again"
    run overlaps --since 2026-11-20 --insurer 139998 --out "$W/lists"
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-6309* ]]
}

@test "one insurer is told only of its own members; an unknown one is refused" {
    [ "$(overlaps --insurer 01139997 | jq -r '[.kind, .insurer] | join(" ")')" = \
"finding 01139997
total " ]
    run "$SHIKAKU" insurer overlaps --store "$STORE" --on 2026-11-25 --insurer 06139999
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-6501* ]]
}

# invitations OPTIONS...: JSON lines
invitations() {
    "$SHIKAKU" insurer invitations --store "$STORE" --json "$@"
}

@test "d4_ a city is told by name whom to invite, in the third month after that of the loss" {
    run invitations --on 2026-11-01 --since 2026-11-01
    [ "$status" = 2 ]
    [[ "$output" == *SKK-9001*"--since: a day before"* ]]
    invitations --on 2026-11-01 --insurer 139998 >"$W/rows"
    [ "$(jq -r '"\(.key) \(.rule) \(.lost) \(.reason) \(.name) \(.kana) \(.birth) \(.sex) \(.postal_code) \(.address)"' "$W/rows")" = \
"C-41 D4.invite 2026-07-01 99 試験　花子 ｼｹﾝ ﾊﾅｺ 1985-03-16 2 100-0000 東京都架空区試験１－２－３
 D4.invite 2026-07-31 3 試験　花子 ｼｹﾝ ﾊﾅｺ 1985-03-17 2 100-0000 東京都架空区試験１－２－３" ]
    [ "$(invitations --on 2026-10-31 --insurer 139998 | jq -r .lost)" = 2026-06-30 ]
    [ "$(invitations --on 2026-12-01 --insurer 139998 | jq -r .lost)" = 2026-08-01 ]
    [ "$(invitations --on 2026-12-01 --since 2026-09-30 --insurer 139998 | jq -r .lost | xargs)" = \
        '2026-06-30 2026-07-01 2026-07-31 2026-08-01' ]
    run ! grep -q 06139992 "$W/rows"
}

@test "d4_ of the protected and of doubtful residence the former insurer is told, without a name" {
    invitations --on 2026-11-01 --insurer 06139992 >"$W/rows"
    [ "$(jq -r '"\(.key) \(.rule) \(.name)\(.kana)\(.address)\(.postal_code)\(.birth)"' "$W/rows")" = \
"K-48 D4.invite_former null
K-49 D4.invite_former null
K-50 D4.invite_former null
K-51 D4.invite_former null" ]
    [ "$(jq -c 'del(.key)' "$W/rows" | sort -u | grep -c .)" = 1 ] # the flag does not show
    [ "$(invitations --on 2026-11-01 | jq -c 'select(.kind == "total") | [.people, .by_city, .protected, .doubtful, .no_city]')" = \
        '[32,2,1,2,1]' ]
    run "$SHIKAKU" insurer invitations --store "$STORE" --on 2026-11-01
    [ "$status" -eq 0 ]
    [ "$(grep -c 試験 <<<"$output")" = 2 ]
    [[ "$output" == *'保護 / protected 1'* ]]
}

@test "d4_ invitations in files: whole, counted and hashed; the same again is the same" {
    invitations --on 2026-11-01 --out "$W/lists" >"$W/total"
    local folder=$W/lists/invitations-2026-11-01
    [ "$(cd "$folder" && echo *)" = '01139997.csv 06139992.csv 139998.csv 39139991.csv index.csv' ]
    [ "$(head -1 "$folder/139998.csv")" = 'H,1,139998,20261101,0000000002' ]
    [ "$(sed -n 2p "$folder/139998.csv" | cut -d, -f1-10)" = \
        'C-41,D4.invite,20260701,99,試験　花子,ｼｹﾝ ﾊﾅｺ,19850316,2,100-0000,東京都架空区試験１－２－３' ]
    [ "$(sed -n 2p "$folder/06139992.csv" | cut -d, -f1-10)" = 'K-48,D4.invite_former,20260715,99,,,,,,' ]
    [ "$(tail -1 "$folder/139998.csv")" = "T,2,$(sed '1d;$d' "$folder/139998.csv" | sha256sum | cut -d' ' -f1)" ]
    [ "$(sed '1d;$d' "$folder/39139991.csv")" = '' ]
    cp -r "$folder" "$W/before"
    invitations --on 2026-11-01 --out "$W/lists" | cmp - "$W/total"
    diff -r "$folder" "$W/before"
    run invitations --on 2026-11-01 --since 2026-01-01 --out "$W/lists"
    [[ "$output" == *SKK-6309* ]]
}

# same_person OPTIONS...: JSON lines
same_person() {
    "$SHIKAKU" insurer same-person --store "$STORE" --on 2026-11-25 --json "$@"
}

@test "e1_ one person under two records is told to the insurers of both, by their own keys" {
    same_person >"$W/twice"
    [ "$(jq -r 'select(.kind == "same_person") | "\(.pair) \(.insurer) \(.key) \(.answer) [\(.other_key)]"' "$W/twice")" = \
"1 06139992 K-60 certain []
1 01139997 A-61 certain []
2 06139992 K-62 probable [K-63]
2 06139992 K-63 probable [K-62]
3 06139992 K-64 certain []" ]
    [ "$(jq -c 'select(.kind == "total") | [.people, .certain, .probable, .rows, .one_sided]' "$W/twice")" = '[32,2,1,5,1]' ]
}

@test "e1_ an insurer is told nothing of the other record, nor of a flag that is not its own" {
    same_person --insurer 01139997 >"$W/twice"
    [ "$(jq -r .key "$W/twice")" = A-61 ]
    run ! grep -qE 'K-6|06139992|pair|試験' "$W/twice"
    run "$SHIKAKU" insurer same-person --store "$STORE" --on 2026-11-25
    [ "$status" -eq 0 ]
    [[ "$output" == *'保護の届出が一方だけ / a flag on one record only 1'* ]]
    [[ "$output" != *試験　* ]]
}

@test "e1_ same persons in files: whole, counted and hashed; the same again is the same" {
    same_person --out "$W/lists" >"$W/total"
    local folder=$W/lists/same-person-2026-11-25
    [ "$(head -1 "$folder/06139992.csv")" = 'H,1,06139992,20261125,0000000004' ]
    [ "$(sed '1d;$d' "$folder/06139992.csv" | cut -d, -f1-3)" = \
"K-60,E1.same_person_certain,
K-62,E1.same_person_probable,K-63
K-63,E1.same_person_probable,K-62
K-64,E1.same_person_certain," ]
    [ "$(tail -1 "$folder/01139997.csv")" = "T,1,$(sed '1d;$d' "$folder/01139997.csv" | sha256sum | cut -d' ' -f1)" ]
    cp -r "$folder" "$W/twice-before"
    same_person --out "$W/lists" | cmp - "$W/total"
    diff -r "$folder" "$W/twice-before"
}
