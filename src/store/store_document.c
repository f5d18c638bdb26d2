/* SPDX-License-Identifier: Apache-2.0
 *
 * The register of papers, the needs that no other table holds, and the way from a member's numbers
 * to the person.
 */
#include <string.h>

#include "store/store_columns.h"
#include "store/store_put.h"
#include "store/store_standing.h"

static const struct query list_issues = {QUERY_DOCUMENTS, "SELECT " DOCUMENT_NAMES
                                                          " FROM document WHERE person_id = $1 "
                                                          "ORDER BY kind, serial LIMIT 512"};
static const struct query list_needs = {QUERY_NEEDS, "SELECT " NEED_NAMES
                                                     " FROM document_need WHERE person_id = $1 "
                                                     "ORDER BY need, since LIMIT 512"};

static enum status read_rows(struct scope *scope, struct store *store, const struct query *query,
                             int64_t person_id, struct row_list *rows)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {query, &id, 1, row_keep, rows};

    return store_run(scope, store, &request, 1);
}

enum status store_list_issues(struct scope *scope, struct store *store, int64_t person_id,
                              struct issue **out, size_t *count)
{
    struct row_list rows = {.table = TABLE_DOCUMENT};
    struct issue *items = NULL;

    TRY(read_rows(scope, store, &list_issues, person_id, &rows));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.count; i++)
        issue_of_cells(row_at(&rows, i), &items[i]);
    *out = items;
    *count = rows.count;
    return STATUS_OK;
}

enum status store_list_needs(struct scope *scope, struct store *store, int64_t person_id,
                             struct need_row **out, size_t *count)
{
    struct row_list rows = {.table = TABLE_NEED};
    struct need_row *items = NULL;

    TRY(read_rows(scope, store, &list_needs, person_id, &rows));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.count; i++)
        need_of_cells(row_at(&rows, i), &items[i]);
    *out = items;
    *count = rows.count;
    return STATUS_OK;
}

static enum status put_issues(struct scope *scope, struct store *store, const void *value)
{
    const struct issue_run *run = value;
    struct row_list rows = {.table = TABLE_DOCUMENT};
    struct change change = {0};
    struct cell *cells = NULL;

    if (run->count == 0)
        return STATUS_OK;
    TRY(read_rows(scope, store, &list_issues, run->issues[0].person_id, &rows));
    TRY(scope_alloc(scope, run->count * DOCUMENT_COLUMNS, sizeof *cells, &cells));
    for (size_t i = 0; i < run->count; i++) {
        cells_of_issue(&run->issues[i], scope->now, cells + i * DOCUMENT_COLUMNS);
        TRY(change_put(scope, &change, &rows, cells + i * DOCUMENT_COLUMNS));
    }
    return change_run(scope, store, &change);
}

enum status store_put_issues(struct scope *scope, struct store *store, const struct issue_run *run)
{
    return store_change(scope, store, put_issues, run);
}

/* Requests of one round: more would fill a connection's buffers on both sides. */
#define WRITE_ROUND 256

enum status store_write_issues(struct scope *scope, struct store *store,
                               const struct issue_change *changes, size_t count)
{
    struct cell *cells = NULL;

    TRY(scope_alloc(scope, count * DOCUMENT_COLUMNS + 1, sizeof *cells, &cells));
    for (size_t i = 0; i < count;) {
        struct change change = {0};
        for (; i < count && change.count < WRITE_ROUND; i++) {
            struct cell *row = cells + i * DOCUMENT_COLUMNS;
            cells_of_issue(changes[i].issue, scope->now, row);
            TRY(change_write(scope, &change, TABLE_DOCUMENT, row, changes[i].fresh));
        }
        TRY(change_run(scope, store, &change));
    }
    return STATUS_OK;
}

static enum status put_need(struct scope *scope, struct store *store, const void *value)
{
    const struct need_row *need = value;
    struct row_list rows = {.table = TABLE_NEED};
    struct cell cells[NEED_COLUMNS];
    struct change change = {0};

    cells_of_need(need, scope->now, cells);
    TRY(row_check_put(scope, TABLE_NEED, cells));
    TRY(read_rows(scope, store, &list_needs, need->person_id, &rows));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_need(struct scope *scope, struct store *store, const struct need_row *need)
{
    return store_change(scope, store, put_need, need);
}

/* --- who has these numbers -------------------------------------------------------------------- */

static const struct query list_insured = {
    QUERY_INSURED, "SELECT insurer, symbol, number, birth, person_id, coverage_id, branch "
                   "FROM coverage_key WHERE insurer = $1 AND symbol = $2 AND number = $3 "
                   "ORDER BY person_id, coverage_id LIMIT 64"};

enum status store_list_insured(struct scope *scope, struct store *store,
                               const struct insured_key *key, struct insured_match **out,
                               size_t *count)
{
    const struct cell values[] = {
        CELL_OF_TEXT(text_of(key->insurer.digits)),
        CELL_OF_TEXT(text_of(key->symbol)),
        CELL_OF_TEXT(text_of(key->number)),
    };
    struct row_list rows = {.table = TABLE_KEY};
    const struct request request = {&list_insured, values, 3, row_keep, &rows};
    struct insured_match *items = NULL;

    for (size_t i = 0; i < 3; i++)
        if (!text_is_utf8(values[i].text))
            return scope_fail(scope, CAUSE_TEXT_WRONG, "a number holds bytes that are no text");
    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows.count; i++) {
        const struct cell *cells = row_at(&rows, i);
        items[i].person_id = cells[4].number;
        items[i].coverage_id = cells[5].number;
        if (cells[6].text.size > 0)
            memcpy(items[i].branch, cells[6].text.bytes, sizeof items[i].branch - 1);
    }
    *out = items;
    *count = rows.count;
    return STATUS_OK;
}
