# R2, K3, D1, D2, D4: the end of a month over a whole store, killed and begun again.

setup_file() {
    export DIR=$(mktemp -d)
    "$SHIKAKU" world --people 300 --cards 0 --seed 5 --on 2026-11-25 --dir "$DIR/w" >/dev/null 2>&1
    export KEY=$(sed -n 's/^valid-employee,06139992,\([^,]*\),\([^,]*\),\([^,]*\),.*/\1-\2-\3/p' \
        "$DIR/w/samples/cast.csv")
    "$SHIKAKU" insurer deregister --store "sqlite:$DIR/w/store.sqlite" --insurer 06139992 \
        --on 2026-11-25 "$KEY" >/dev/null
    # some have lost their coverage in September, and have none since
    sqlite3 "$DIR/w/store.sqlite" 'UPDATE coverage SET held_until = 20260901 + person_id % 28,
        loss_reason = 99 WHERE held_until = 99991231 AND person_id > 100 AND person_id % 15 = 1;
        PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    cp "$DIR/w/store.sqlite" "$DIR/killed.sqlite"
    end_month whole 2026-11-30
    end_month whole 2026-12-31
}

teardown_file() {
    rm -rf "$DIR"
}

# end_month NAME DAY: over NAME.sqlite (whole: the world's own store), lists in NAME/
end_month() {
    store=$DIR/$1.sqlite
    [ "$1" = whole ] && store=$DIR/w/store.sqlite
    "$SHIKAKU" month-end --store "sqlite:$store" --on "$2" --out "$DIR/$1" --json >"$DIR/$1.json"
}

@test "r2_ request, month-end, and the list of the month after shows DONE" {
    grep -q "^$KEY,00,1,.*,REQUESTED,20261125,0,1,T2," "$DIR/whole/2026-11/06139992.csv"
    grep -q "^$KEY,00,0,,.*,DONE,20261125,0,1,T2," "$DIR/whole/2026-12/06139992.csv"
    [ "$("$SHIKAKU" insurer list --store "sqlite:$DIR/w/store.sqlite" --insurer 06139992 \
        --on 2027-01-01 --json "$KEY" | jq -r '"\(.registered) \(.deregistration)"')" = 'false DONE' ]
}

@test "d4_ every list is whole, and the index says what lies there" {
    cd "$DIR/whole/2026-12"
    [ "$(ls | wc -l)" = "$(wc -l <index.csv)" ]
    while IFS=, read -r insurer file rows sha256; do
        [ "$insurer" = insurer ] && continue
        [ "$(head -n 1 "$file")" = "$(printf 'H,1,%s,20270101,%010d' "$insurer" "$rows")" ]
        [ "$(tail -n 1 "$file")" = "T,$rows,$sha256" ]
    done < <(awk -F, 'NR == 1 || $3 > 0' index.csv)
    [ "$(sed '1d;$d' 06139992.csv | sha256sum | cut -d ' ' -f 1)" = \
        "$(sed -n 's/^06139992,06139992.csv,.*,//p' index.csv)" ]
    "$SHIKAKU" insurer list --store "sqlite:$DIR/w/store.sqlite" --insurer 06139992 \
        --on 2027-01-01 | diff - <(sed '1d;$d' 06139992.csv)
}

@test "d4_ the cities are told in December of those who lost their coverage in September" {
    [ "$(jq .invitations "$DIR/whole.json")" -gt 5 ]
    cd "$DIR/whole"
    [ "$(awk -F, '/-invitations/ { rows += $3 } END { print rows }' 2026-12/index.csv)" = \
        "$(jq .invitations "$DIR/whole.json")" ]
    for list in $(awk -F, '/-invitations/ && $3 > 0 { print $2 }' 2026-12/index.csv); do
        [ "$(sed '1d;$d' 2026-12/$list | cut -d, -f3 | cut -c1-6 | sort -u)" = 202609 ]
        "$SHIKAKU" insurer invitations --store "sqlite:$DIR/w/store.sqlite" --on 2027-01-01 \
            --insurer ${list%-*} --out "$DIR/demand" >/dev/null
        cmp 2026-12/$list "$DIR/demand/invitations-2027-01-01/${list%-*}.csv"
        rm -r "$DIR/demand"
    done
}

@test "d4_ done twice it says so, into another folder it writes the same bytes" {
    end_month whole 2026-12-31
    [ "$(jq .again "$DIR/whole.json")" = true ]
    "$SHIKAKU" month-end --store "sqlite:$DIR/w/store.sqlite" --on 2026-12-31 --out "$DIR/more" \
        --json >"$DIR/more.json"
    [ "$(jq .again "$DIR/more.json")" = false ]
    [ "$(jq 'del(.again)' "$DIR/more.json")" = "$(jq 'del(.again)' "$DIR/whole.json")" ]
    diff -r "$DIR/whole/2026-12" "$DIR/more/2026-12"
}

@test "d4_ killed at any point and begun again it comes to the same lists" {
    for day in 2026-11-30 2026-12-31; do
        for point in 0.02 0.07 0.15 0.3; do
            "$SHIKAKU" month-end --store "sqlite:$DIR/killed.sqlite" --on $day \
                --out "$DIR/killed" >/dev/null 2>&1 3>&- &
            sleep $point
            kill -9 $! 2>/dev/null || true
            wait $! 2>/dev/null || true
        done
        end_month killed $day
    done
    diff -r "$DIR/whole" "$DIR/killed"
    [ "$(jq 'del(.again)' "$DIR/killed.json")" = "$(jq 'del(.again)' "$DIR/whole.json")" ]
    for table in document deregistration_request; do
        for store in w/store killed; do
            sqlite3 "$DIR/$store.sqlite" "SELECT * FROM $table ORDER BY 1, 2, 3" |
                sed 's/|[0-9]*$//' >"$DIR/$(basename $store).$table"
        done
        cmp "$DIR/store.$table" "$DIR/killed.$table"
    done
}

@test "d4_ lists that were changed are not passed off as those of the month" {
    cp -r "$DIR/whole" "$DIR/forged"
    sed -i 's/,VALID,/,GRACE,/' "$DIR/forged/2026-12/06139992.csv"
    run "$SHIKAKU" month-end --store "sqlite:$DIR/w/store.sqlite" --on 2026-12-31 \
        --out "$DIR/forged"
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-6309* ]]
    run "$SHIKAKU" month-end --store "sqlite:$DIR/w/store.sqlite" --on 2026-12-30 --out "$DIR/x"
    [[ "$output" == *SKK-6314* ]]
}
