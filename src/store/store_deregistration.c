/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_columns.h"
#include "store/store_put.h"
#include "store/store_standing.h"

static const struct query list_requests = {
    QUERY_DEREGISTRATIONS, "SELECT " DEREGISTRATION_NAMES " FROM deregistration_request "
                           "WHERE person_id = $1 ORDER BY request_id LIMIT 513"};

static enum status read_requests(struct scope *scope, struct store *store, int64_t person_id,
                                 struct row_list *rows)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {&list_requests, &id, 1, row_keep, rows};

    *rows = (struct row_list){.table = TABLE_DEREGISTRATION};
    TRY(store_run(scope, store, &request, 1));
    if (rows->count > DEREGISTRATIONS_MAX)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "more than %d requests of one person",
                          DEREGISTRATIONS_MAX);
    return STATUS_OK;
}

enum status store_list_deregistrations(struct scope *scope, struct store *store, int64_t person_id,
                                       struct deregistration_request **out, size_t *count)
{
    struct deregistration_request *items = NULL;
    struct row_list rows;

    TRY(read_requests(scope, store, person_id, &rows));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.count; i++)
        deregistration_of_cells(row_at(&rows, i), &items[i]);
    *out = items;
    *count = rows.count;
    return STATUS_OK;
}

static enum status put_request(struct scope *scope, struct store *store, const void *value)
{
    const struct deregistration_request *request = value;
    struct cell cells[DEREGISTRATION_COLUMNS];
    struct change change = {0};
    struct row_list rows;

    cells_of_deregistration(request, scope->now, cells);
    TRY(row_check_put(scope, TABLE_DEREGISTRATION, cells));
    TRY(read_requests(scope, store, request->person_id, &rows));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_deregistration(struct scope *scope, struct store *store,
                                     const struct deregistration_request *request)
{
    return store_change(scope, store, put_request, request);
}
