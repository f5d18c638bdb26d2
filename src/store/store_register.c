/* SPDX-License-Identifier: Apache-2.0
 *
 * Link codes and the queue of comparisons. Those who write are one at a time (store_begin), so what
 * is read inside of a change still holds when it is written.
 */
#include "store/store_register.h"

#include "store/store_columns.h"
#include "store/store_rows.h"

#define CHECK_NAMES                                                                                \
    "person_id, waiting, requested, compared, difference, rule, reason, reason_by, reason_class, " \
    "recorded"

/* --- link codes --------------------------------------------------------------------------------
 */

static const struct query find_key = {
    QUERY_PERSON_KEY_FIND, "SELECT link, person_id, recorded FROM person_key WHERE link = $1"};

static const struct query find_link = {
    QUERY_PERSON_KEY_OF, "SELECT link, person_id, recorded FROM person_key WHERE person_id = $1 "
                         "ORDER BY recorded DESC, link LIMIT 1"};

static const struct query put_key = {
    QUERY_PERSON_KEY_PUT, "INSERT INTO person_key (link, person_id, recorded) VALUES ($1, $2, $3) "
                          "ON CONFLICT (link) DO NOTHING"};

static enum status find_one(struct scope *scope, struct store *store, const struct query *query,
                            struct cell key, struct row_list *rows)
{
    const struct request request = {query, &key, 1, row_keep, rows};

    TRY(store_run(scope, store, &request, 1));
    return rows->count == 0 ? STATUS_NOT_FOUND : STATUS_OK;
}

static enum status change_key(struct scope *scope, struct store *store, const void *value)
{
    const struct person_key *key = value;
    const struct cell cells[] = {CELL_OF_TEXT(key->link), CELL_OF_NUMBER(key->person_id),
                                 CELL_OF_NUMBER(scope->now.microseconds)};
    const struct request request = {.query = &put_key, .values = cells, .value_count = 3};
    struct row_list rows = {.table = TABLE_PERSON_KEY};

    TRY(row_check_put(scope, TABLE_PERSON_KEY, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(find_one(scope, store, &find_key, cells[0], &rows));
    if (row_at(&rows, 0)[1].number != key->person_id)
        return scope_fail(scope, CAUSE_ALREADY_EXISTS, "the link code is another person's");
    return STATUS_OK;
}

enum status store_put_person_key(struct scope *scope, struct store *store,
                                 const struct person_key *key)
{
    return store_change(scope, store, change_key, key);
}

enum status store_find_person_key(struct scope *scope, struct store *store, struct text link,
                                  int64_t *person_id)
{
    struct row_list rows = {.table = TABLE_PERSON_KEY};

    if (!text_is_utf8(link)) /* no engine has such a key, and one would complain */
        return scope_fail(scope, CAUSE_TEXT_WRONG, "a link code holds bytes that are no text");
    TRY(find_one(scope, store, &find_key, CELL_OF_TEXT(link), &rows));
    *person_id = row_at(&rows, 0)[1].number;
    return STATUS_OK;
}

enum status store_find_link(struct scope *scope, struct store *store, int64_t person_id,
                            struct text *out)
{
    struct row_list rows = {.table = TABLE_PERSON_KEY};

    TRY(find_one(scope, store, &find_link, CELL_OF_NUMBER(person_id), &rows));
    *out = row_at(&rows, 0)[0].text;
    return STATUS_OK;
}

/* --- the queue ---------------------------------------------------------------------------------
 */

static const struct query request_check = {QUERY_REGISTER_REQUEST,
                                           "INSERT INTO register_check (" CHECK_NAMES ") "
                                           "VALUES ($1, 1, $2, 0, 0, '', '', '', 0, $2) "
                                           "ON CONFLICT (person_id) DO UPDATE SET waiting = 1, "
                                           "requested = excluded.requested"};

static enum status change_request(struct scope *scope, struct store *store, const void *value)
{
    const struct cell cells[] = {CELL_OF_NUMBER(*(const int64_t *)value),
                                 CELL_OF_NUMBER(scope->now.microseconds)};
    const struct request request = {.query = &request_check, .values = cells, .value_count = 2};

    return store_run(scope, store, &request, 1);
}

enum status store_request_register_check(struct scope *scope, struct store *store,
                                         int64_t person_id)
{
    return store_change(scope, store, change_request, &person_id);
}

static const struct query request_all = {
    QUERY_REGISTER_REQUEST_ALL,
    "INSERT INTO register_check (" CHECK_NAMES ") "
    "SELECT DISTINCT person_id, 1, $1, 0, 0, '', '', '', 0, $1 FROM person_key "
    "WHERE person_id >= 0 "
    "ON CONFLICT (person_id) DO UPDATE SET waiting = 1, requested = excluded.requested"};

static enum status change_request_all(struct scope *scope, struct store *store, const void *value)
{
    const struct cell now = CELL_OF_NUMBER(scope->now.microseconds);
    const struct request request = {.query = &request_all, .values = &now, .value_count = 1};

    (void)value;
    return store_run(scope, store, &request, 1);
}

enum status store_request_all_register_checks(struct scope *scope, struct store *store)
{
    return store_change(scope, store, change_request_all, NULL);
}

static void check_of_cells(const struct cell *cells, struct register_check *out)
{
    *out = (struct register_check){
        .person_id = cells[0].number,
        .waiting = cells[1].number != 0,
        .requested = {cells[2].number},
        .compared = {cells[3].number},
        .difference = (int)cells[4].number,
        .rule = cells[5].text,
        .reason = cells[6].text,
        .reason_by = cells[7].text,
        .reason_class = (int)cells[8].number,
        .recorded = {cells[9].number},
    };
}

static const struct query find_check = {
    QUERY_REGISTER_CHECK, "SELECT " CHECK_NAMES " FROM register_check WHERE person_id = $1"};

enum status store_find_register_check(struct scope *scope, struct store *store, int64_t person_id,
                                      struct register_check *out)
{
    struct row_list rows = {.table = TABLE_REGISTER_CHECK};

    TRY(find_one(scope, store, &find_check, CELL_OF_NUMBER(person_id), &rows));
    check_of_cells(row_at(&rows, 0), out);
    return STATUS_OK;
}

static const struct query list_waiting = {QUERY_REGISTER_WAITING,
                                          "SELECT " CHECK_NAMES " FROM register_check "
                                          "WHERE waiting = 1 AND person_id > $1 "
                                          "ORDER BY person_id LIMIT $2"};

static const struct query list_differences = {QUERY_REGISTER_DIFFERENCES,
                                              "SELECT " CHECK_NAMES " FROM register_check "
                                              "WHERE difference > 0 AND person_id > $1 "
                                              "AND reason = '' ORDER BY person_id LIMIT $2"};

static enum status list_checks(struct scope *scope, struct store *store, const struct query *query,
                               const struct cell values[2], struct register_check **out,
                               size_t *count)
{
    struct row_list rows = {.table = TABLE_REGISTER_CHECK};
    const struct request request = {query, values, 2, row_keep, &rows};
    struct register_check *checks = NULL;

    if (values[1].number < 1 || values[1].number > REGISTER_LIST_MAX)
        return scope_fail(scope, CAUSE_INTERNAL, "a list of 1 to %d", REGISTER_LIST_MAX);
    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *checks, &checks));
    for (size_t i = 0; i < rows.count; i++)
        check_of_cells(row_at(&rows, i), &checks[i]);
    *out = checks;
    *count = rows.count;
    return STATUS_OK;
}

enum status store_list_register_waiting(struct scope *scope, struct store *store, int64_t after,
                                        size_t limit, struct register_check **out, size_t *count)
{
    const struct cell values[2] = {CELL_OF_NUMBER(after), CELL_OF_NUMBER((int64_t)limit)};

    return list_checks(scope, store, &list_waiting, values, out, count);
}

enum status store_list_register_differences(struct scope *scope, struct store *store, int64_t after,
                                            size_t limit, struct register_check **out,
                                            size_t *count)
{
    const struct cell values[2] = {CELL_OF_NUMBER(after), CELL_OF_NUMBER((int64_t)limit)};

    return list_checks(scope, store, &list_differences, values, out, count);
}

static enum status take_number(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != 1 || cells[0].kind != CELL_NUMBER)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a number was expected");
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

enum status store_count_register_waiting(struct scope *scope, struct store *store, int64_t *out)
{
    static const struct query count = {QUERY_REGISTER_COUNT,
                                       "SELECT COUNT(*) FROM register_check WHERE waiting = 1"};
    int64_t found = 0;
    const struct request request = {.query = &count, .read = take_number, .context = &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

/* --- settling ----------------------------------------------------------------------------------
 */

static const struct query retire_check = {
    QUERY_REGISTER_RETIRE, "INSERT INTO register_check_history (" CHECK_NAMES ", superseded) "
                           "SELECT " CHECK_NAMES ", $2 FROM register_check WHERE person_id = $1 "
                           "AND compared > 0"};

/* Who was requested anew since ($3) keeps waiting. */
static const struct query settle_check = {
    QUERY_REGISTER_SETTLE,
    "UPDATE register_check SET waiting = CASE WHEN requested = $3 THEN 0 ELSE waiting END, "
    "compared = $9, difference = $4, rule = $5, reason = $6, reason_by = $7, reason_class = $8, "
    "recorded = $2 WHERE person_id = $1"};

static const struct query retire_person = {
    QUERY_REGISTER_PERSON_RETIRE,
    "INSERT INTO person_history (" PERSON_NAMES ", superseded) SELECT " PERSON_NAMES ", "
    "CASE WHEN recorded > $3 THEN recorded ELSE $3 END FROM person "
    "WHERE person_id = $1 AND register_difference <> $2"};

static const struct query put_person = {
    QUERY_REGISTER_PERSON_PUT,
    "UPDATE person SET register_difference = $2, recorded = CASE WHEN recorded > $3 THEN recorded "
    "ELSE $3 END WHERE person_id = $1 AND register_difference <> $2"};

static enum status change_settle(struct scope *scope, struct store *store, const void *value)
{
    const struct register_outcome *outcome = value;
    const struct register_check *check = &outcome->check;
    const int64_t now = scope->now.microseconds;
    const struct cell settled[9] = {CELL_OF_NUMBER(check->person_id),
                                    CELL_OF_NUMBER(now),
                                    CELL_OF_NUMBER(check->requested.microseconds),
                                    CELL_OF_NUMBER(check->difference),
                                    CELL_OF_TEXT(check->rule),
                                    CELL_OF_TEXT(check->reason),
                                    CELL_OF_TEXT(check->reason_by),
                                    CELL_OF_NUMBER(check->reason_class),
                                    CELL_OF_NUMBER(check->compared.microseconds)};
    const struct cell person[] = {CELL_OF_NUMBER(check->person_id),
                                  CELL_OF_NUMBER(outcome->effective), CELL_OF_NUMBER(now)};
    const struct cell row[REGISTER_CHECK_COLUMNS] = {
        settled[0], CELL_OF_NUMBER(0), settled[2], settled[8], settled[3],
        settled[4], settled[5],        settled[6], settled[7], settled[1]};
    const struct request requests[] = {
        {.query = &retire_check, .values = settled, .value_count = 2},
        {.query = &settle_check, .values = settled, .value_count = 9},
        {.query = &retire_person, .values = person, .value_count = 3},
        {.query = &put_person, .values = person, .value_count = 3},
    };

    if (outcome->effective < 0 || outcome->effective > 3)
        return scope_fail(scope, CAUSE_INTERNAL, "a difference is 0 to 3");
    TRY(row_check_put(scope, TABLE_REGISTER_CHECK, row));
    return store_run(scope, store, requests, sizeof requests / sizeof requests[0]);
}

enum status store_settle_register_check(struct scope *scope, struct store *store,
                                        const struct register_outcome *outcome)
{
    return store_change(scope, store, change_settle, outcome);
}
