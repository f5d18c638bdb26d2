/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_finder.h"

#include "store/store_engine.h"

#define IN_RANGE " WHERE person_id >= $1 AND person_id < $2 "

static const struct query scan_losses = {
    QUERY_SCAN_LOSSES,
    "SELECT person_id, coverage_id, MAX(superseded) FROM coverage_history" IN_RANGE
    "AND held_until = 99991231 GROUP BY person_id, coverage_id "
    "ORDER BY person_id, coverage_id"};

/* A run of items that grows in the scope. */
struct loss_run {
    struct coverage_loss *items;
    size_t count, capacity;
};

static enum status check(struct scope *scope, bool good)
{
    return good ? STATUS_OK
                : scope_fail(scope, CAUSE_STORE_CORRUPT, "a table holds what it should not");
}

static enum status take_loss(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct loss_run *run = context;

    TRY(check(scope, count == 3 && cells[0].kind == CELL_NUMBER && cells[1].kind == CELL_NUMBER &&
                         cells[2].kind == CELL_NUMBER));
    if (run->count == run->capacity) {
        size_t capacity = run->capacity ? run->capacity * 2 : 64;
        struct coverage_loss *wider = NULL;
        TRY(scope_alloc(scope, capacity, sizeof *wider, &wider));
        for (size_t i = 0; i < run->count; i++)
            wider[i] = run->items[i];
        run->items = wider;
        run->capacity = capacity;
    }
    run->items[run->count++] =
        (struct coverage_loss){cells[0].number, cells[1].number, {cells[2].number}};
    return STATUS_OK;
}

enum status store_list_losses(struct scope *scope, struct store *store, int64_t from, int64_t to,
                              struct coverage_loss **out, size_t *count)
{
    const struct cell range[] = {CELL_OF_NUMBER(from), CELL_OF_NUMBER(to)};
    struct loss_run run = {0};
    const struct request request = {&scan_losses, range, 2, take_loss, &run};

    TRY(store_run(scope, store, &request, 1));
    *out = run.items;
    *count = run.count;
    return STATUS_OK;
}

/* --- names --------------------------------------------------------------------------------------
 */

static const struct query scan_names = {
    QUERY_SCAN_NAMES, "SELECT person_id, birth, name_kana FROM person WHERE person_id >= $1 "
                      "ORDER BY person_id LIMIT $2"};

/* Room for as many as were asked for. */
struct name_run {
    struct person_name *items;
    size_t count, limit;
};

static enum status take_name(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct name_run *run = context;
    struct person_name *name = &run->items[run->count];
    char *copy = NULL;

    TRY(check(scope, count == 3 && cells[0].kind == CELL_NUMBER && cells[1].kind == CELL_NUMBER &&
                         cells[2].kind == CELL_TEXT && run->count < run->limit));
    TRY(scope_copy(scope, cells[2].text.bytes, cells[2].text.size, &copy));
    *name = (struct person_name){
        cells[0].number, DATE((int32_t)cells[1].number), {copy, cells[2].text.size}};
    run->count++;
    return STATUS_OK;
}

enum status store_list_names(struct scope *scope, struct store *store, int64_t from, size_t limit,
                             struct person_name **out, size_t *count)
{
    const struct cell values[] = {CELL_OF_NUMBER(from), CELL_OF_NUMBER((int64_t)limit)};
    struct name_run run = {.limit = limit};
    const struct request request = {&scan_names, values, 2, take_name, &run};

    if (limit < 1 || limit > STANDING_RUN)
        return scope_fail(scope, CAUSE_INTERNAL, "a list of 1 to %d", STANDING_RUN);
    TRY(scope_alloc(scope, limit, sizeof *run.items, &run.items));
    TRY(store_run(scope, store, &request, 1));
    *out = run.items;
    *count = run.count;
    return STATUS_OK;
}
