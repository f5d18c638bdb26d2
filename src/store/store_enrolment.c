/* SPDX-License-Identifier: Apache-2.0
 *
 * Enrolment by an insurer: is the key or the number known, a person that is all new, parts that are
 * taken away. A new person is a run of inserts and nothing else: registration files are long.
 */
#include <string.h>

#include "domain/insured_number.h"
#include "store/store_columns.h"
#include "store/store_member.h"
#include "store/store_put.h"
#include "store/store_register.h"

/* --- what is known ------------------------------------------------------------------------------
 */

static const struct query find_member = {QUERY_MEMBER, "SELECT " MEMBER_NAMES " FROM member "
                                                       "WHERE insurer = $1 AND member_key = $2"};

static const struct query find_key = {
    QUERY_PERSON_KEY_FIND, "SELECT link, person_id, recorded FROM person_key WHERE link = $1"};

enum status store_find_enrolment(struct scope *scope, struct store *store,
                                 struct insurer_number insurer, struct text key, struct text link,
                                 struct enrolment *out)
{
    const struct cell member[] = {CELL_OF_TEXT(text_of(insurer.digits)), CELL_OF_TEXT(key)};
    const struct cell code = CELL_OF_TEXT(link);
    struct row_list members = {.table = TABLE_MEMBER};
    struct row_list links = {.table = TABLE_PERSON_KEY};
    const struct request requests[] = {{&find_member, member, 2, row_keep, &members},
                                       {&find_key, &code, 1, row_keep, &links}};

    if (!text_is_utf8(key) || !text_is_utf8(link)) /* no engine has such a key */
        return scope_fail(scope, CAUSE_TEXT_WRONG, "a member's key is no text");
    TRY(store_run(scope, store, requests, text_empty(link) ? 1 : 2));
    *out = (struct enrolment){.member_found = members.count > 0, .link_found = links.count > 0};
    if (out->member_found)
        out->member = (struct member){.insurer = insurer,
                                      .key = members.cells[1].text,
                                      .person_id = members.cells[2].number,
                                      .identity = (int)members.cells[3].number,
                                      .recorded = {members.cells[4].number}};
    if (out->link_found)
        out->link_person = links.cells[1].number;
    return STATUS_OK;
}

static enum status read_number(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != 1 || cells[0].kind != CELL_NUMBER || cells[0].number < 0)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a number was expected");
    *(int64_t *)context = cells[0].number;
    return STATUS_OK;
}

enum status store_next_person_id(struct scope *scope, struct store *store, int64_t *out)
{
    static const struct query next = {QUERY_PERSON_NEXT,
                                      "SELECT COALESCE(MAX(person_id), 0) + 1 FROM person"};
    int64_t found = 0;
    const struct request request = {.query = &next, .read = read_number, .context = &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

enum status store_next_coverage_id(struct scope *scope, struct store *store, int64_t person_id,
                                   int64_t *out)
{
    static const struct query next = {
        QUERY_COVERAGE_NEXT,
        "SELECT COALESCE(MAX(coverage_id), 0) + 1 FROM (SELECT coverage_id FROM coverage "
        "WHERE person_id = $1 UNION ALL SELECT coverage_id FROM coverage_history "
        "WHERE person_id = $1) ids"};
    const struct cell id = CELL_OF_NUMBER(person_id);
    int64_t found = 0;
    const struct request request = {&next, &id, 1, read_number, &found};

    TRY(store_run(scope, store, &request, 1));
    *out = found;
    return STATUS_OK;
}

/* --- a new person -------------------------------------------------------------------------------
 */

static const struct query put_key = {
    QUERY_KEY_PUT,
    "INSERT INTO coverage_key (insurer, symbol, number, birth, person_id, coverage_id, branch) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (insurer, symbol, number, birth, person_id, coverage_id) "
    "DO UPDATE SET branch = excluded.branch"};

static const struct query put_link = {
    QUERY_PERSON_KEY_PUT, "INSERT INTO person_key (link, person_id, recorded) VALUES ($1, $2, $3) "
                          "ON CONFLICT (link) DO NOTHING"};

static const struct query put_clock = {QUERY_CLOCK_PUT,
                                       "INSERT INTO registration_clock (" CLOCK_NAMES ") "
                                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                                       "ON CONFLICT (person_id, coverage_id, event) DO NOTHING"};

static const struct query request_check = {
    QUERY_REGISTER_REQUEST,
    "INSERT INTO register_check (person_id, waiting, requested, compared, difference, rule, "
    "reason, reason_by, reason_class, recorded) "
    "VALUES ($1, 1, $2, 0, 0, '', '', '', 0, $2) "
    "ON CONFLICT (person_id) DO UPDATE SET waiting = 1, requested = excluded.requested"};

/* Room for the rows of one person, side by side. */
struct adding {
    struct change change;
    struct cell *cells;
    size_t left;
};

static enum status add_row(struct scope *scope, struct adding *adding, enum table_id table,
                           const struct query *query)
{
    size_t count = table_of(table)->count;

    TRY(row_check_put(scope, table, adding->cells));
    TRY(change_add(scope, &adding->change, query, adding->cells, count));
    adding->cells += count;
    adding->left -= count;
    return STATUS_OK;
}

static enum status add_coverages(struct scope *scope, struct adding *adding,
                                 const struct person *person)
{
    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct cell *coverage = adding->cells;
        struct key_texts *texts = NULL;
        cells_of_coverage(person->person_id, &person->coverages[i], scope->now, adding->cells);
        TRY(add_row(scope, adding, TABLE_COVERAGE, change_put_query(TABLE_COVERAGE)));
        TRY(scope_alloc(scope, 1, sizeof *texts, &texts));
        TRY(cells_of_key(scope, coverage, person->birth.yyyymmdd, texts, adding->cells));
        TRY(add_row(scope, adding, TABLE_KEY, &put_key));
    }
    return STATUS_OK;
}

static enum status add_parts(struct scope *scope, struct adding *adding,
                             const struct person *person)
{
    for (size_t i = 0; i < person->elderly_count; i++) {
        cells_of_elderly(person->person_id, &person->elderly[i], scope->now, adding->cells);
        TRY(add_row(scope, adding, TABLE_ELDERLY, change_put_query(TABLE_ELDERLY)));
    }
    for (size_t i = 0; i < person->limit_count; i++) {
        cells_of_limit(person->person_id, &person->limits[i], scope->now, adding->cells);
        TRY(add_row(scope, adding, TABLE_LIMIT, change_put_query(TABLE_LIMIT)));
    }
    for (size_t i = 0; i < person->disease_count; i++) {
        cells_of_disease(person->person_id, &person->diseases[i], scope->now, adding->cells);
        TRY(add_row(scope, adding, TABLE_DISEASE, change_put_query(TABLE_DISEASE)));
    }
    return STATUS_OK;
}

static enum status add_member(struct scope *scope, struct adding *adding,
                              const struct new_member *added)
{
    const struct cell link[PERSON_KEY_COLUMNS] = {CELL_OF_TEXT(added->link),
                                                  CELL_OF_NUMBER(added->person->person_id),
                                                  CELL_OF_NUMBER(scope->now.microseconds)};

    cells_of_member(added->member, scope->now, adding->cells);
    TRY(add_row(scope, adding, TABLE_MEMBER, change_put_query(TABLE_MEMBER)));
    memcpy(adding->cells, link, sizeof link);
    TRY(add_row(scope, adding, TABLE_PERSON_KEY, &put_link));
    for (size_t i = 0; i < added->clock_count; i++) {
        cells_of_clock(&added->clocks[i], adding->cells);
        TRY(add_row(scope, adding, TABLE_CLOCK, &put_clock));
    }
    if (!added->compare)
        return STATUS_OK;
    adding->cells[0] = CELL_OF_NUMBER(added->person->person_id);
    adding->cells[1] = CELL_OF_NUMBER(scope->now.microseconds);
    return change_add(scope, &adding->change, &request_check, adding->cells, 2);
}

static unsigned holds_of(const struct person *person)
{
    return (person->elderly_count ? HOLDS_ELDERLY : 0U) | (person->limit_count ? HOLDS_LIMIT : 0U) |
           (person->disease_count ? HOLDS_DISEASE : 0U);
}

/* Cells that all rows of the person take together. */
static size_t cells_needed(const struct new_member *added)
{
    const struct person *person = added->person;

    return PERSON_COLUMNS + person->coverage_count * (COVERAGE_COLUMNS + KEY_COLUMNS) +
           person->elderly_count * ELDERLY_COLUMNS + person->limit_count * LIMIT_COLUMNS +
           person->disease_count * DISEASE_COLUMNS + MEMBER_COLUMNS + PERSON_KEY_COLUMNS +
           added->clock_count * CLOCK_COLUMNS + REGISTER_CHECK_COLUMNS;
}

static enum status add_all(struct scope *scope, struct store *store, const void *value)
{
    const struct new_member *added = value;
    struct adding adding = {.left = cells_needed(added)};

    TRY(scope_alloc(scope, adding.left, sizeof *adding.cells, &adding.cells));
    cells_of_person(added->person, holds_of(added->person), scope->now, adding.cells);
    TRY(add_row(scope, &adding, TABLE_PERSON, change_put_query(TABLE_PERSON)));
    TRY(add_coverages(scope, &adding, added->person));
    TRY(add_parts(scope, &adding, added->person));
    TRY(add_member(scope, &adding, added));
    return change_run(scope, store, &adding.change);
}

enum status store_add_member(struct scope *scope, struct store *store,
                             const struct new_member *added)
{
    return store_change(scope, store, add_all, added);
}

/* --- parts that are taken away ------------------------------------------------------------------
 */

static const struct query one_coverage = {
    QUERY_COVERAGE_ONE,
    "SELECT " COVERAGE_NAMES " FROM coverage WHERE person_id = $1 AND coverage_id = $2"};

static const struct query one_elderly = {
    QUERY_ELDERLY_ONE,
    "SELECT " ELDERLY_NAMES
    " FROM elderly_certificate WHERE person_id = $1 AND coverage_id = $2 AND valid_from = $3"};

static const struct query one_limit = {
    QUERY_LIMIT_ONE,
    "SELECT " LIMIT_NAMES
    " FROM limit_certificate WHERE person_id = $1 AND coverage_id = $2 AND valid_from = $3"};

static const struct query one_disease = {
    QUERY_DISEASE_ONE,
    "SELECT " DISEASE_NAMES " FROM specified_disease WHERE person_id = $1 AND coverage_id = $2 "
    "AND category = $3 AND valid_from = $4"};

/* All of a coverage, whatever the birth date was: the key is derived, and has no history. */
static const struct query drop_key = {
    QUERY_KEY_DROP, "DELETE FROM coverage_key WHERE insurer = $1 AND symbol = $2 AND number = $3 "
                    "AND person_id = $4 AND coverage_id = $5"};

static const struct {
    enum table_id table;
    const struct query *one;
} parts[] = {
    [PART_COVERAGE] = {TABLE_COVERAGE, &one_coverage},
    [PART_ELDERLY] = {TABLE_ELDERLY, &one_elderly},
    [PART_LIMIT] = {TABLE_LIMIT, &one_limit},
    [PART_DISEASE] = {TABLE_DISEASE, &one_disease},
};

static enum status add_key_drop(struct scope *scope, struct change *change,
                                const struct cell *coverage)
{
    struct key_texts *texts = NULL;
    struct cell key[KEY_COLUMNS];
    struct cell *values = NULL;

    TRY(scope_alloc(scope, 1, sizeof *texts, &texts));
    TRY(scope_alloc(scope, 5, sizeof *values, &values));
    TRY(cells_of_key(scope, coverage, 0, texts, key));
    memcpy(values, key, 3 * sizeof *values);
    memcpy(values + 3, coverage, 2 * sizeof *values); /* person_id, coverage_id */
    return change_add(scope, change, &drop_key, values, 5);
}

static enum status drop_part(struct scope *scope, struct store *store, const void *value)
{
    const struct part_key *key = value;
    const struct cell day = CELL_OF_NUMBER(key->valid_from.yyyymmdd);
    const struct cell category = CELL_OF_NUMBER(key->category);
    bool disease = key->part == PART_DISEASE;
    const struct cell cells[] = {CELL_OF_NUMBER(key->person_id), CELL_OF_NUMBER(key->coverage_id),
                                 disease ? category : day, day};
    enum table_id table = parts[key->part].table;
    struct row_list rows = {.table = table};
    struct change change = {0};
    const struct request request = {parts[key->part].one, cells, table_of(table)->key, row_keep,
                                    &rows};

    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    if (key->part == PART_COVERAGE)
        TRY(add_key_drop(scope, &change, rows.cells));
    TRY(change_drop(scope, &change, table, rows.cells));
    return change_run(scope, store, &change);
}

enum status store_drop_part(struct scope *scope, struct store *store, const struct part_key *key)
{
    return store_change(scope, store, drop_part, key);
}
