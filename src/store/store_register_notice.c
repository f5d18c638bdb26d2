/* SPDX-License-Identifier: Apache-2.0
 *
 * What the resident register told of: notices, the filings they changed, and how far the feed was
 * read.
 */
#include "store/store_register.h"
#include "store/store_rows.h"

#define NOTICE_NAMES "person_id, sequence, kind, day, protection, recorded"

static const struct query put_notice = {
    QUERY_NOTICE_PUT, "INSERT INTO register_notice (" NOTICE_NAMES ") "
                      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, sequence) "
                      "DO NOTHING RETURNING sequence"};

static enum status note_fresh(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    (void)scope;
    (void)cells;
    (void)count;
    *(bool *)context = true;
    return STATUS_OK;
}

static enum status change_notice(struct scope *scope, struct store *store, const void *value)
{
    const struct notice_change *change = value;
    const struct register_notice *notice = &change->notice;
    const int64_t now = scope->now.microseconds;
    const struct cell cells[REGISTER_NOTICE_COLUMNS] = {
        CELL_OF_NUMBER(notice->person_id),  CELL_OF_NUMBER(notice->sequence),
        CELL_OF_NUMBER(notice->kind),       CELL_OF_NUMBER(notice->day.yyyymmdd),
        CELL_OF_NUMBER(notice->protection), CELL_OF_NUMBER(now)};
    const struct request put = {&put_notice, cells, REGISTER_NOTICE_COLUMNS, note_fresh,
                                change->fresh};

    *change->fresh = false;
    TRY(row_check_put(scope, TABLE_REGISTER_NOTICE, cells));
    TRY(store_run(scope, store, &put, 1));
    return *change->fresh && change->book
               ? store_put_protection(scope, store, notice->person_id, change->book)
               : STATUS_OK;
}

enum status store_put_register_notice(struct scope *scope, struct store *store,
                                      const struct notice_change *change)
{
    return store_change(scope, store, change_notice, change);
}

static enum status list(struct scope *scope, struct store *store, const struct request *request_,
                        struct register_notice **out, size_t *count)
{
    struct row_list rows = {.table = TABLE_REGISTER_NOTICE};
    struct request request = *request_;
    struct register_notice *notices = NULL;

    request.read = row_keep;
    request.context = &rows;
    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *notices, &notices));
    for (size_t i = 0; i < rows.count; i++) {
        const struct cell *cells = row_at(&rows, i);
        notices[i] = (struct register_notice){
            .person_id = cells[0].number,
            .sequence = cells[1].number,
            .kind = (int)cells[2].number,
            .day = DATE((int32_t)cells[3].number),
            .protection = (unsigned)cells[4].number,
            .recorded = {cells[5].number},
        };
    }
    *out = notices;
    *count = rows.count;
    return STATUS_OK;
}

enum status store_list_person_notices(struct scope *scope, struct store *store, int64_t person_id,
                                      struct register_notice **out, size_t *count)
{
    static const struct query of_person = {QUERY_NOTICE_OF_PERSON,
                                           "SELECT " NOTICE_NAMES " FROM register_notice "
                                           "WHERE person_id = $1 ORDER BY sequence LIMIT 1000"};
    const struct cell id = CELL_OF_NUMBER(person_id);
    const struct request request = {.query = &of_person, .values = &id, .value_count = 1};

    return list(scope, store, &request, out, count);
}

enum status store_list_register_notices(struct scope *scope, struct store *store, int64_t after,
                                        size_t limit, struct register_notice **out, size_t *count)
{
    static const struct query above = {QUERY_NOTICES,
                                       "SELECT " NOTICE_NAMES " FROM register_notice "
                                       "WHERE sequence > $1 ORDER BY sequence LIMIT $2"};
    const struct cell values[] = {CELL_OF_NUMBER(after), CELL_OF_NUMBER((int64_t)limit)};
    const struct request request = {.query = &above, .values = values, .value_count = 2};

    if (limit < 1 || limit > REGISTER_LIST_MAX)
        return scope_fail(scope, CAUSE_INTERNAL, "a list of 1 to %d", REGISTER_LIST_MAX);
    return list(scope, store, &request, out, count);
}

/* --- how far the feed was read ------------------------------------------------------------------
 */

static enum status take_cursor(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != 1 || cells[0].kind != CELL_NUMBER || cells[0].number < 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "the register's cursor is no number");
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

enum status store_find_register_cursor(struct scope *scope, struct store *store, int64_t *out)
{
    static const struct query find = {
        QUERY_REGISTER_CURSOR, "SELECT value FROM store_state WHERE name = 'register_cursor'"};
    int64_t found = 0;
    const struct request request = {.query = &find, .read = take_cursor, .context = &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

static enum status change_cursor(struct scope *scope, struct store *store, const void *value)
{
    static const struct query put = {
        QUERY_REGISTER_CURSOR_PUT,
        "UPDATE store_state SET value = $1 WHERE name = 'register_cursor'"};
    const struct cell cursor = CELL_OF_NUMBER(*(const int64_t *)value);
    const struct request request = {.query = &put, .values = &cursor, .value_count = 1};

    return store_run(scope, store, &request, 1);
}

enum status store_put_register_cursor(struct scope *scope, struct store *store, int64_t cursor)
{
    return store_change(scope, store, change_cursor, &cursor);
}
