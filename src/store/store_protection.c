/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_protection.h"

#include <string.h>

#include "store/store_columns.h"
#include "store/store_put.h"

#define ROOM_BEHIND 2 /* a filing of each flag */

static const struct query list_filings = {
    QUERY_FILINGS, "SELECT " FILING_NAMES " FROM protection_filing WHERE person_id = $1 "
                   "ORDER BY source, flag LIMIT 513"};

static const struct query list_ended = {
    QUERY_FILINGS_ENDED, "SELECT DISTINCT person_id FROM protection_filing "
                         "WHERE valid_until < $1 AND person_id > $2 ORDER BY person_id LIMIT $3"};

static const struct query retire_person = {
    QUERY_PROTECTION_RETIRE,
    "INSERT INTO person_history (" PERSON_NAMES ", superseded) SELECT " PERSON_NAMES ", "
    "CASE WHEN recorded > $3 THEN recorded ELSE $3 END FROM person "
    "WHERE person_id = $1 AND protection <> $2"};

static const struct query put_person = {
    QUERY_PROTECTION_PUT,
    "UPDATE person SET protection = $2, recorded = CASE WHEN recorded > $3 THEN recorded "
    "ELSE $3 END WHERE person_id = $1 AND protection <> $2"};

static enum status read_filings(struct scope *scope, struct store *store, int64_t person_id,
                                struct row_list *rows)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {&list_filings, &id, 1, row_keep, rows};

    *rows = (struct row_list){.table = TABLE_FILING};
    TRY(store_run(scope, store, &request, 1));
    if (rows->count > PROTECTION_FILINGS_MAX)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "more than %d filings of one person",
                          PROTECTION_FILINGS_MAX);
    return STATUS_OK;
}

static void cells_of_filing(int64_t person_id, const struct protection_filing *filing,
                            struct instant recorded, struct cell *out)
{
    out[0] = CELL_OF_NUMBER(person_id);
    out[1] = CELL_OF_TEXT(text_of(filing->source));
    out[2] = CELL_OF_NUMBER(filing->flag);
    out[3] = CELL_OF_NUMBER(filing->from.yyyymmdd);
    out[4] = CELL_OF_NUMBER(filing->until.yyyymmdd);
    out[5] = CELL_OF_NUMBER(recorded.microseconds);
}

static struct protection_filing filing_of_cells(const struct cell *cells)
{
    struct protection_filing filing = {.flag = (unsigned)cells[2].number,
                                       .from = DATE((int32_t)cells[3].number),
                                       .until = DATE((int32_t)cells[4].number)};

    memcpy(filing.source, cells[1].text.bytes, cells[1].text.size); /* at most 8: checked */
    return filing;
}

enum status store_find_protection(struct scope *scope, struct store *store,
                                  const struct person *person, struct protection_book *out)
{
    struct protection_book book = {0};
    struct row_list rows;

    TRY(read_filings(scope, store, person->person_id, &rows));
    book.room = rows.count + 2 * person->coverage_count + ROOM_BEHIND;
    TRY(scope_alloc(scope, book.room, sizeof *book.items, &book.items));
    for (size_t i = 0; i < rows.count; i++)
        book.items[book.count++] = filing_of_cells(row_at(&rows, i));
    protection_inherit(&book, person, instant_date(scope->now));
    book.room = book.count + ROOM_BEHIND;
    *out = book;
    return STATUS_OK;
}

/* --- changes ------------------------------------------------------------------------------------
 */

struct protection_change {
    int64_t person_id;
    const struct protection_book *book;
};

static enum status drop_others(struct scope *scope, const struct protection_book *book,
                               const struct row_list *rows, struct change *change)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct protection_filing filing = filing_of_cells(row_at(rows, i));
        if (!protection_find(book, filing.source, filing.flag))
            TRY(change_drop(scope, change, TABLE_FILING, row_at(rows, i)));
    }
    return STATUS_OK;
}

/* What a check reads, with its history. */
static enum status add_person(struct scope *scope, const struct protection_change *changed,
                              struct change *change)
{
    struct cell *cells = NULL;

    TRY(scope_alloc(scope, 3, sizeof *cells, &cells));
    cells[0] = CELL_OF_NUMBER(changed->person_id);
    cells[1] = CELL_OF_NUMBER(protection_on(changed->book, instant_date(scope->now)));
    cells[2] = CELL_OF_NUMBER(scope->now.microseconds);
    TRY(change_add(scope, change, &retire_person, cells, 3));
    return change_add(scope, change, &put_person, cells, 3);
}

static enum status change_protection(struct scope *scope, struct store *store, const void *value)
{
    const struct protection_change *changed = value;
    struct change change = {0};
    struct row_list rows;

    TRY(read_filings(scope, store, changed->person_id, &rows));
    TRY(drop_others(scope, changed->book, &rows, &change));
    for (size_t i = 0; i < changed->book->count; i++) {
        struct cell cells[FILING_COLUMNS];
        cells_of_filing(changed->person_id, &changed->book->items[i], scope->now, cells);
        TRY(change_put(scope, &change, &rows, cells));
    }
    TRY(add_person(scope, changed, &change));
    return change_run(scope, store, &change);
}

enum status store_put_protection(struct scope *scope, struct store *store, int64_t person_id,
                                 const struct protection_book *book)
{
    const struct protection_change change = {person_id, book};

    return store_change(scope, store, change_protection, &change);
}

/* --- what ends ----------------------------------------------------------------------------------
 */

struct id_list {
    int64_t *items;
    size_t count, limit;
};

static enum status take_id(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct id_list *list = context;

    if (count != 1 || cells[0].kind != CELL_NUMBER || list->count == list->limit)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a person's number was expected");
    list->items[list->count++] = cells[0].number;
    return STATUS_OK;
}

enum status store_list_ended_protections(struct scope *scope, struct store *store, struct date day,
                                         int64_t after, size_t limit, int64_t **out, size_t *count)
{
    const struct cell cells[] = {CELL_OF_NUMBER(day.yyyymmdd), CELL_OF_NUMBER(after),
                                 CELL_OF_NUMBER((int64_t)limit)};
    struct id_list list = {.limit = limit};
    const struct request request = {&list_ended, cells, 3, take_id, &list};

    if (limit < 1 || limit > PROTECTION_LIST_MAX)
        return scope_fail(scope, CAUSE_INTERNAL, "a list of 1 to %d", PROTECTION_LIST_MAX);
    TRY(scope_alloc(scope, limit, sizeof *list.items, &list.items));
    TRY(store_run(scope, store, &request, 1));
    *out = list.items;
    *count = list.count;
    return STATUS_OK;
}
