/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_engine.h"

static enum status read_number(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    int64_t *number = context;

    if (count != 1 || cells[0].kind != CELL_NUMBER)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a number was expected");
    *number = cells[0].number;
    return STATUS_OK;
}

/* The table that counts the migrations; the only one outside of them. */
static enum status make_version_table(struct scope *scope, struct store *store)
{
    return store_script(scope, store,
                        "CREATE TABLE IF NOT EXISTS schema_version ("
                        "version INTEGER NOT NULL PRIMARY KEY, " /* of the migration, 1 and up */
                        "name TEXT NOT NULL, "                   /* its file's name */
                        "applied BIGINT NOT NULL)");             /* microseconds since 1970 UTC */
}

enum status store_schema_version(struct scope *scope, struct store *store, int *known, int *applied)
{
    static const struct query find = {QUERY_SCHEMA_VERSION,
                                      "SELECT COALESCE(MAX(version), 0) FROM schema_version"};
    int64_t number = 0;
    const struct request request = {.query = &find, .read = read_number, .context = &number};

    TRY(store_run(scope, store, &request, 1));
    if (number < 0 || number > 100000)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "the schema version is impossible");
    *known = store_migrations[store_migration_count - 1].version;
    *applied = (int)number;
    return STATUS_OK;
}

static enum status record(struct scope *scope, struct store *store,
                          const struct store_migration *migration)
{
    static const struct query insert = {
        QUERY_SCHEMA_RECORD,
        "INSERT INTO schema_version (version, name, applied) VALUES ($1, $2, $3)"};
    const struct cell values[] = {CELL_OF_NUMBER(migration->version),
                                  CELL_OF_TEXT(text_of(migration->name)),
                                  CELL_OF_NUMBER(scope->now.microseconds)};
    const struct request request = {.query = &insert, .values = values, .value_count = 3};

    return store_run(scope, store, &request, 1);
}

/* One transaction for all that is missing, with its rows in schema_version: whole or not at all. */
static enum status apply_missing(struct scope *scope, struct store *store, const void *value)
{
    int known = 0;
    int applied = 0;

    (void)value;
    TRY(make_version_table(scope, store));
    TRY(store_schema_version(scope, store, &known, &applied));
    for (size_t i = 0; i < store_migration_count; i++)
        if (store_migrations[i].version > applied) {
            TRY(store_script(scope, store, store_migrations[i].sql));
            TRY(record(scope, store, &store_migrations[i]));
        }
    return STATUS_OK;
}

enum status store_migrate(struct scope *scope, struct store *store)
{
    return store_change(scope, store, apply_missing, NULL);
}

enum status store_upgrade(struct scope *scope, struct store *store)
{
    int known = 0;
    int applied = 0;

    TRY(store_schema_version(scope, store, &known, &applied));
    if (applied == 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "there is no store in this database");
    return store_migrate(scope, store);
}

enum status store_check_schema(struct scope *scope, struct store *store)
{
    static const struct query find = {QUERY_STATE_FIND,
                                      "SELECT value FROM store_state WHERE name = 'loading'"};
    int64_t loading = 0;
    const struct request request = {.query = &find, .read = read_number, .context = &loading};
    int known = 0;
    int applied = 0;

    TRY(store_schema_version(scope, store, &known, &applied));
    if (applied != known)
        return scope_fail(scope, CAUSE_STORE_VERSION,
                          "the store has schema %d, this program needs %d", applied, known);
    TRY(store_run(scope, store, &request, 1));
    if (loading != 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT,
                          "the load of this store did not end: remove it and load it anew");
    return STATUS_OK;
}
