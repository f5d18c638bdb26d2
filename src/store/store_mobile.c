/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_columns.h"
#include "store/store_put.h"

static const struct query find_device = {QUERY_DEVICE, "SELECT " DEVICE_NAMES
                                                       " FROM mobile_device WHERE device = $1"};

static const struct query find_by_code = {QUERY_DEVICE_BY_CODE,
                                          "SELECT " DEVICE_NAMES
                                          " FROM mobile_device WHERE code_hash = $1 LIMIT 2"};

static enum status one_device(struct scope *scope, struct store *store, const struct query *query,
                              const char *key, struct mobile_device *out)
{
    struct row_list rows = {.table = TABLE_DEVICE};
    struct cell cell = CELL_OF_TEXT(text_of(key));
    const struct request request = {query, &cell, 1, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    if (rows.count != 1)
        return STATUS_NOT_FOUND;
    device_of_cells(row_at(&rows, 0), out);
    return STATUS_OK;
}

enum status store_find_device(struct scope *scope, struct store *store, const char *device,
                              struct mobile_device *out)
{
    return one_device(scope, store, &find_device, device, out);
}

enum status store_find_device_by_code(struct scope *scope, struct store *store,
                                      const char *code_hash, struct mobile_device *out)
{
    return one_device(scope, store, &find_by_code, code_hash, out);
}

static enum status read_count(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != 1 || cells[0].kind != CELL_NUMBER || cells[0].number < 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a count was expected");
    *(size_t *)context = (size_t)cells[0].number;
    return STATUS_OK;
}

enum status store_count_devices(struct scope *scope, struct store *store,
                                struct institution_code institution, size_t *out)
{
    static const struct query count = {QUERY_DEVICE_COUNT,
                                       "SELECT COUNT(*) FROM mobile_device WHERE institution = $1"};
    struct cell cell = CELL_OF_TEXT(text_of(institution.digits));
    size_t found = 0;
    const struct request request = {&count, &cell, 1, read_count, &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

static enum status put_row(struct scope *scope, struct store *store, const struct query *find,
                           size_t key, struct row_list *rows, const struct cell *cells)
{
    struct change change = {0};
    const struct request request = {find, cells, key, row_keep, rows};

    TRY(row_check_put(scope, rows->table, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(change_put(scope, &change, rows, cells));
    return change_run(scope, store, &change);
}

static enum status put_device(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[DEVICE_COLUMNS];
    struct row_list rows = {.table = TABLE_DEVICE};

    cells_of_device(value, scope->now, cells);
    return put_row(scope, store, &find_device, 1, &rows, cells);
}

enum status store_drop_codes(struct scope *scope, struct store *store,
                             struct institution_code institution)
{
    static const struct query drop = {QUERY_DEVICE_DROP,
                                      "DELETE FROM mobile_device WHERE institution = $1 "
                                      "AND secret_hash = '' AND code_until < $2"};
    const struct cell values[] = {CELL_OF_TEXT(text_of(institution.digits)),
                                  CELL_OF_NUMBER(scope->now.microseconds)};
    const struct request request = {.query = &drop, .values = values, .value_count = 2};

    return store_run(scope, store, &request, 1);
}

enum status store_put_device(struct scope *scope, struct store *store,
                             const struct mobile_device *device)
{
    return store_change(scope, store, put_device, device);
}

/* --- consents --- */

static const struct query find_consent = {QUERY_CONSENT,
                                          "SELECT " CONSENT_NAMES " FROM mobile_consent "
                                          "WHERE person_id = $1 AND institution = $2"};

static enum status put_consent(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[CONSENT_COLUMNS];
    struct row_list rows = {.table = TABLE_CONSENT};

    cells_of_consent(value, scope->now, cells);
    return put_row(scope, store, &find_consent, 2, &rows, cells);
}

enum status store_put_consent(struct scope *scope, struct store *store,
                              const struct mobile_consent *consent)
{
    return store_change(scope, store, put_consent, consent);
}

static enum status give_consents(struct scope *scope, const struct row_list *rows,
                                 struct mobile_consent **out, size_t *count)
{
    struct mobile_consent *items = NULL;

    TRY(scope_alloc(scope, rows->count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows->count; i++)
        consent_of_cells(row_at(rows, i), &items[i]);
    *out = items;
    *count = rows->count;
    return STATUS_OK;
}

enum status store_list_person_consents(struct scope *scope, struct store *store, int64_t person_id,
                                       struct mobile_consent **out, size_t *count)
{
    static const struct query list = {QUERY_CONSENTS_OF_PERSON,
                                      "SELECT " CONSENT_NAMES " FROM mobile_consent "
                                      "WHERE person_id = $1 ORDER BY institution LIMIT 500"};
    struct row_list rows = {.table = TABLE_CONSENT};
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {&list, &id, 1, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    return give_consents(scope, &rows, out, count);
}

enum status store_list_consents(struct scope *scope, struct store *store,
                                struct institution_code institution, int64_t after, int64_t before,
                                struct mobile_consent **out, size_t *count)
{
    static const struct query list = {QUERY_CONSENTS,
                                      "SELECT " CONSENT_NAMES " FROM mobile_consent "
                                      "WHERE institution = $1 AND given > $2 AND given < $3 "
                                      "ORDER BY given LIMIT 21"};
    struct row_list rows = {.table = TABLE_CONSENT};
    const struct cell key[] = {CELL_OF_TEXT(text_of(institution.digits)), CELL_OF_NUMBER(after),
                               CELL_OF_NUMBER(before)};
    const struct request request = {&list, key, 3, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    return give_consents(scope, &rows, out, count);
}
