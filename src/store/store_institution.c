/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_columns.h"
#include "store/store_put.h"

static const struct query find_institution = {
    QUERY_INSTITUTION, "SELECT " INSTITUTION_NAMES " FROM institution WHERE code = $1"};

enum status store_find_institution(struct scope *scope, struct store *store,
                                   struct institution_code code, struct institution *out)
{
    struct row_list rows = {.table = TABLE_INSTITUTION};
    struct cell key = CELL_OF_TEXT(text_of(code.digits));
    const struct request request = {&find_institution, &key, 1, row_keep, &rows};

    if (!text_is_utf8(key.text))
        return STATUS_NOT_FOUND;
    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    institution_of_cells(row_at(&rows, 0), out);
    return STATUS_OK;
}

static enum status put_institution(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[INSTITUTION_COLUMNS];
    struct row_list rows = {.table = TABLE_INSTITUTION};
    struct change change = {0};
    const struct request request = {&find_institution, cells, 1, row_keep, &rows};

    cells_of_institution(value, scope->now, cells);
    TRY(row_check_put(scope, TABLE_INSTITUTION, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_institution(struct scope *scope, struct store *store,
                                  const struct institution *institution)
{
    return store_change(scope, store, put_institution, institution);
}

static const struct query list_insurers = {QUERY_INSURERS,
                                           "SELECT " INSURER_NAMES " FROM insurer ORDER BY number"};

enum status store_list_insurers(struct scope *scope, struct store *store, struct insurer **out,
                                size_t *count)
{
    struct row_list rows = {.table = TABLE_INSURER};
    const struct request request = {.query = &list_insurers, .read = row_keep, .context = &rows};
    struct insurer *insurers = NULL;

    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *insurers, &insurers));
    for (size_t i = 0; i < rows.count; i++)
        insurer_of_cells(row_at(&rows, i), &insurers[i]);
    *out = insurers;
    *count = rows.count;
    return STATUS_OK;
}

static const struct query find_insurer = {QUERY_INSURER, "SELECT " INSURER_NAMES
                                                         " FROM insurer WHERE number = $1"};

static enum status put_insurer(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[INSURER_COLUMNS];
    struct row_list rows = {.table = TABLE_INSURER};
    struct change change = {0};
    const struct request request = {&find_insurer, cells, 1, row_keep, &rows};

    cells_of_insurer(value, scope->now, cells);
    TRY(row_check_put(scope, TABLE_INSURER, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_insurer(struct scope *scope, struct store *store,
                              const struct insurer *insurer)
{
    return store_change(scope, store, put_insurer, insurer);
}
