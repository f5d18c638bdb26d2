/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_member.h"

#include <string.h>

#include "store/store_columns.h"
#include "store/store_put.h"

static const struct query find_member = {QUERY_MEMBER, "SELECT " MEMBER_NAMES " FROM member "
                                                       "WHERE insurer = $1 AND member_key = $2"};

static const struct query list_members = {
    QUERY_MEMBERS, "SELECT " MEMBER_NAMES " FROM member WHERE insurer = $1 AND member_key > $2 "
                   "ORDER BY member_key LIMIT $3"};

static const struct query list_person = {QUERY_MEMBERS_OF_PERSON,
                                         "SELECT " MEMBER_NAMES " FROM member "
                                         "WHERE person_id = $1 ORDER BY insurer, member_key "
                                         "LIMIT 1000"};

static const struct query count_members = {QUERY_MEMBER_COUNT,
                                           "SELECT COUNT(*) FROM member WHERE insurer = $1"};

static struct insurer_number insurer_of(const struct cell *cell)
{
    struct insurer_number number = {0};

    memcpy(number.digits, cell->text.bytes, cell->text.size); /* 6 or 8 digits: checked */
    return number;
}

static struct cell insurer_cell(const struct insurer_number *insurer)
{
    return CELL_OF_TEXT(text_of(insurer->digits));
}

static void member_of_cells(const struct cell *cells, struct member *out)
{
    *out = (struct member){
        .insurer = insurer_of(&cells[0]),
        .key = cells[1].text,
        .person_id = cells[2].number,
        .identity = (int)cells[3].number,
        .recorded = {cells[4].number},
    };
}

static enum status run_list(struct scope *scope, struct store *store, const struct request *request,
                            struct member **out, size_t *count)
{
    const struct row_list *rows = request->context;
    struct member *members = NULL;

    TRY(store_run(scope, store, request, 1));
    TRY(scope_alloc(scope, rows->count + 1, sizeof *members, &members));
    for (size_t i = 0; i < rows->count; i++)
        member_of_cells(row_at(rows, i), &members[i]);
    *out = members;
    *count = rows->count;
    return STATUS_OK;
}

/* No engine has such a key, and one would complain. */
static enum status must_be_text(struct scope *scope, struct text key)
{
    return text_is_utf8(key) ? STATUS_OK
                             : scope_fail(scope, CAUSE_TEXT_WRONG, "a member's key is no text");
}

enum status store_find_member(struct scope *scope, struct store *store,
                              struct insurer_number insurer, struct text key, struct member *out)
{
    const struct cell cells[] = {insurer_cell(&insurer), CELL_OF_TEXT(key)};
    struct row_list rows = {.table = TABLE_MEMBER};
    const struct request request = {&find_member, cells, 2, row_keep, &rows};

    TRY(must_be_text(scope, key));
    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    member_of_cells(rows.cells, out);
    return STATUS_OK;
}

enum status store_list_person_members(struct scope *scope, struct store *store, int64_t person_id,
                                      struct member **out, size_t *count)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    struct row_list rows = {.table = TABLE_MEMBER};
    const struct request request = {&list_person, &id, 1, row_keep, &rows};

    return run_list(scope, store, &request, out, count);
}

enum status store_list_members(struct scope *scope, struct store *store,
                               struct insurer_number insurer, struct text after, size_t limit,
                               struct member **out, size_t *count)
{
    size_t most = limit < MEMBER_LIST_MAX ? limit : MEMBER_LIST_MAX;
    const struct cell cells[] = {insurer_cell(&insurer), CELL_OF_TEXT(after),
                                 CELL_OF_NUMBER((int64_t)most)};
    struct row_list rows = {.table = TABLE_MEMBER};
    const struct request request = {&list_members, cells, 3, row_keep, &rows};

    TRY(must_be_text(scope, after));
    return run_list(scope, store, &request, out, count);
}

static enum status read_count(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != 1 || cells[0].kind != CELL_NUMBER || cells[0].number < 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a count was expected");
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

enum status store_count_members(struct scope *scope, struct store *store,
                                struct insurer_number insurer, int64_t *out)
{
    const struct cell cell = insurer_cell(&insurer);
    int64_t found = 0;
    const struct request request = {&count_members, &cell, 1, read_count, &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

void cells_of_member(const struct member *member, struct instant recorded, struct cell *out)
{
    out[0] = insurer_cell(&member->insurer);
    out[1] = CELL_OF_TEXT(member->key);
    out[2] = CELL_OF_NUMBER(member->person_id);
    out[3] = CELL_OF_NUMBER(member->identity);
    out[4] = CELL_OF_NUMBER(recorded.microseconds);
}

static enum status put_member(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[MEMBER_COLUMNS];
    struct row_list rows = {.table = TABLE_MEMBER};
    struct change change = {0};
    const struct request request = {&find_member, cells, 2, row_keep, &rows};

    cells_of_member(value, scope->now, cells);
    TRY(row_check_put(scope, TABLE_MEMBER, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_member(struct scope *scope, struct store *store, const struct member *member)
{
    return store_change(scope, store, put_member, member);
}

static enum status drop_member(struct scope *scope, struct store *store, const void *value)
{
    const struct member *member = value;
    const struct cell cells[] = {insurer_cell(&member->insurer), CELL_OF_TEXT(member->key)};
    struct row_list rows = {.table = TABLE_MEMBER};
    struct change change = {0};
    const struct request request = {&find_member, cells, 2, row_keep, &rows};

    TRY(must_be_text(scope, member->key));
    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    TRY(change_drop(scope, &change, TABLE_MEMBER, rows.cells));
    return change_run(scope, store, &change);
}

enum status store_drop_member(struct scope *scope, struct store *store,
                              struct insurer_number insurer, struct text key)
{
    const struct member member = {.insurer = insurer, .key = key};

    return store_change(scope, store, drop_member, &member);
}

/* --- the 5 + 5 day clock ------------------------------------------------------------------------
 */

static const struct query put_clock = {QUERY_CLOCK_PUT,
                                       "INSERT INTO registration_clock (" CLOCK_NAMES ") "
                                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                                       "ON CONFLICT (person_id, coverage_id, event) DO NOTHING"};

static const struct query list_late = {
    QUERY_CLOCKS_LATE, "SELECT " CLOCK_NAMES " FROM registration_clock "
                       "WHERE insurer = $1 AND late > 0 AND received >= $2 AND received <= $3 "
                       "ORDER BY symbol, received, person_id, coverage_id, event LIMIT 1000"};

void cells_of_clock(const struct registration_clock *clock, struct cell *out)
{
    const struct cell cells[CLOCK_COLUMNS] = {
        CELL_OF_NUMBER(clock->person_id),
        CELL_OF_NUMBER(clock->coverage_id),
        CELL_OF_NUMBER(clock->event),
        insurer_cell(&clock->insurer),
        CELL_OF_TEXT(clock->symbol),
        CELL_OF_NUMBER(clock->happened.yyyymmdd),
        CELL_OF_NUMBER(clock->received.yyyymmdd),
        CELL_OF_NUMBER(clock->registered.microseconds),
        CELL_OF_NUMBER(clock->late),
    };

    memcpy(out, cells, sizeof cells);
}

static enum status change_clock(struct scope *scope, struct store *store, const void *value)
{
    struct cell cells[CLOCK_COLUMNS];
    const struct request request = {
        .query = &put_clock, .values = cells, .value_count = CLOCK_COLUMNS};

    cells_of_clock(value, cells);
    TRY(row_check_put(scope, TABLE_CLOCK, cells));
    return store_run(scope, store, &request, 1);
}

enum status store_put_clock(struct scope *scope, struct store *store,
                            const struct registration_clock *clock)
{
    return store_change(scope, store, change_clock, clock);
}

static void clock_of_cells(const struct cell *cells, struct registration_clock *out)
{
    *out = (struct registration_clock){
        .person_id = cells[0].number,
        .coverage_id = cells[1].number,
        .event = (enum clock_event)cells[2].number,
        .insurer = insurer_of(&cells[3]),
        .symbol = cells[4].text,
        .happened = DATE((int32_t)cells[5].number),
        .received = DATE((int32_t)cells[6].number),
        .registered = {cells[7].number},
        .late = (int)cells[8].number,
    };
}

enum status store_list_late_clocks(struct scope *scope, struct store *store,
                                   const struct clock_search *search,
                                   struct registration_clock **out, size_t *count)
{
    const struct cell cells[] = {insurer_cell(&search->insurer),
                                 CELL_OF_NUMBER(search->from.yyyymmdd),
                                 CELL_OF_NUMBER(search->to.yyyymmdd)};
    struct row_list rows = {.table = TABLE_CLOCK};
    const struct request request = {&list_late, cells, 3, row_keep, &rows};
    struct registration_clock *clocks = NULL;

    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *clocks, &clocks));
    for (size_t i = 0; i < rows.count; i++)
        clock_of_cells(row_at(&rows, i), &clocks[i]);
    *out = clocks;
    *count = rows.count;
    return STATUS_OK;
}

/* Nothing stands before an event 0. */
static const struct query next_late = {
    QUERY_CLOCKS_LATE_NEXT,
    "SELECT " CLOCK_NAMES " FROM registration_clock "
    "WHERE insurer = $1 AND late > 0 AND received >= $2 AND received <= $3 "
    "AND (symbol, received, person_id, coverage_id, event) > ($4, $5, $6, $7, $8) "
    "ORDER BY symbol, received, person_id, coverage_id, event LIMIT 1000"};

enum status store_next_late_clocks(struct scope *scope, struct store *store,
                                   const struct clock_search *search,
                                   const struct registration_clock *after,
                                   struct registration_clock **out, size_t *count)
{
    const struct registration_clock before_all = {.symbol = TEXT(""), .person_id = -1};
    const struct registration_clock *from = after ? after : &before_all;
    const struct cell cells[] = {
        insurer_cell(&search->insurer),          CELL_OF_NUMBER(search->from.yyyymmdd),
        CELL_OF_NUMBER(search->to.yyyymmdd),     CELL_OF_TEXT(from->symbol),
        CELL_OF_NUMBER(from->received.yyyymmdd), CELL_OF_NUMBER(from->person_id),
        CELL_OF_NUMBER(from->coverage_id),       CELL_OF_NUMBER(from->event),
    };
    struct row_list rows = {.table = TABLE_CLOCK};
    const struct request request = {&next_late, cells, 8, row_keep, &rows};
    struct registration_clock *clocks = NULL;

    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *clocks, &clocks));
    for (size_t i = 0; i < rows.count; i++)
        clock_of_cells(row_at(&rows, i), &clocks[i]);
    *out = clocks;
    *count = rows.count;
    return STATUS_OK;
}
