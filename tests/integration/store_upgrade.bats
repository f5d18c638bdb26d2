# shikaku store upgrade: the database of an older release.

# older VERSION: a store with the migrations up to that one, as a release of that time left it
older() {
    local sql=$SHIKAKU_ROOT/src/store/sql file
    {
        echo 'CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied BIGINT NOT NULL);'
        for file in "$sql"/000[1-"$1"]_*.sql; do
            cat "$file"
            echo "INSERT INTO schema_version VALUES ($(basename "$file" | cut -c4), '$(basename "$file")', 1);"
        done
        echo "INSERT INTO insurer VALUES ('06139992', '架空健康保険組合', 1);"
    } | sqlite3 "$DB"
}

setup() {
    DB=$BATS_TEST_TMPDIR/store.sqlite
    newest=$(ls "$SHIKAKU_ROOT"/src/store/sql/*.sql | tail -n 1 | xargs basename | cut -c1-4)
    newest=$((10#$newest))
}

@test "E1: a store of an older release is refused, upgraded, and then serves" {
    older 4
    run "$SHIKAKU" insurer status --store "sqlite:$DB"
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-5004*"shikaku store upgrade"* ]]
    run "$SHIKAKU" store upgrade --store "sqlite:$DB" --json
    [ "$status" = 0 ]
    [ "$(jq .schema <<<"$output")" = "$newest" ]
    "$SHIKAKU" insurer status --store "sqlite:$DB"
    [ "$(sqlite3 "$DB" 'SELECT name FROM insurer')" = 架空健康保険組合 ]
    [ "$(sqlite3 "$DB" 'SELECT count(*) FROM schema_version')" = "$newest" ]
}

@test "E1: an upgrade run again changes nothing" {
    older 6
    "$SHIKAKU" store upgrade --store "sqlite:$DB"
    sqlite3 "$DB" .dump >"$BATS_TEST_TMPDIR/before"
    "$SHIKAKU" store upgrade --store "sqlite:$DB"
    sqlite3 "$DB" .dump | cmp - "$BATS_TEST_TMPDIR/before"
}

@test "E1: a newer store, another database and a missing one are left alone" {
    older 6
    sqlite3 "$DB" "INSERT INTO schema_version VALUES (9000, 'later', 1)"
    run "$SHIKAKU" store upgrade --store "sqlite:$DB"
    [ "$status" -ne 0 ]
    [[ "$output" == *SKK-5004* ]]
    sqlite3 "$BATS_TEST_TMPDIR/other.sqlite" 'CREATE TABLE notes (line TEXT)'
    run "$SHIKAKU" store upgrade --store "sqlite:$BATS_TEST_TMPDIR/other.sqlite"
    [ "$status" -ne 0 ]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/other.sqlite" .tables)" = notes ]
    run "$SHIKAKU" store upgrade --store "sqlite:$BATS_TEST_TMPDIR/missing.sqlite"
    [ "$status" -ne 0 ]
    [ ! -e "$BATS_TEST_TMPDIR/missing.sqlite" ]
}
