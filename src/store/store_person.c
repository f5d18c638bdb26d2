/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_person.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_columns.h"
#include "store/store_put.h"

#define FIRST_COVERAGES 4

/* --- reading ------------------------------------------------------------------------------------
 */

void person_reading_begin(struct person_reading *reading)
{
    *reading = (struct person_reading){
        .elderly = {.table = TABLE_ELDERLY},
        .limits = {.table = TABLE_LIMIT},
        .diseases = {.table = TABLE_DISEASE},
    };
}

enum status person_reading_coverage(struct scope *scope, struct person_reading *reading,
                                    struct cell *cells)
{
    if (reading->count == COVERAGE_HISTORY_MAX)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "more than %d coverages of one person",
                          COVERAGE_HISTORY_MAX);
    if (reading->count == reading->capacity) {
        size_t capacity = reading->capacity ? reading->capacity * 2 : FIRST_COVERAGES;
        struct coverage *wider = NULL;
        TRY(scope_alloc(scope, capacity, sizeof *wider, &wider));
        if (reading->count > 0)
            memcpy(wider, reading->coverages, reading->count * sizeof *wider);
        reading->coverages = wider;
        reading->capacity = capacity;
    }
    TRY(row_take(scope, TABLE_COVERAGE, cells));
    coverage_of_cells(cells, &reading->coverages[reading->count++]);
    return STATUS_OK;
}

enum status person_reading_take(struct scope *scope, struct person_reading *reading,
                                struct cell *cells)
{
    struct cell *coverage = cells + PERSON_COLUMNS;

    if (!reading->found) {
        TRY(row_take(scope, TABLE_PERSON, cells));
        person_of_cells(cells, &reading->person);
        reading->holds = person_holds(cells);
        reading->found = true;
    }
    return coverage[0].kind == CELL_NULL ? STATUS_OK
                                         : person_reading_coverage(scope, reading, coverage);
}

#define PART_LIMIT " LIMIT 513" /* one more than PERSON_CERTIFICATES_MAX */

static const struct query find_elderly = {
    QUERY_ELDERLY,
    "SELECT " ELDERLY_NAMES " FROM elderly_certificate WHERE person_id = $1" PART_LIMIT};

static const struct query find_limit = {
    QUERY_LIMIT, "SELECT " LIMIT_NAMES " FROM limit_certificate WHERE person_id = $1" PART_LIMIT};

static const struct query find_disease = {
    QUERY_DISEASE,
    "SELECT " DISEASE_NAMES " FROM specified_disease WHERE person_id = $1" PART_LIMIT};

/* Writes requests for the tables that holds names; returns how many, at most 3. */
static size_t write_parts(struct person_reading *reading, const struct cell *person_id,
                          struct request *out)
{
    const struct {
        unsigned bit;
        const struct query *query;
        struct row_list *list;
    } parts[] = {
        {HOLDS_ELDERLY, &find_elderly, &reading->elderly},
        {HOLDS_LIMIT, &find_limit, &reading->limits},
        {HOLDS_DISEASE, &find_disease, &reading->diseases},
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (reading->holds & parts[i].bit)
            out[count++] = (struct request){.query = parts[i].query,
                                            .values = person_id,
                                            .value_count = 1,
                                            .read = row_keep,
                                            .context = parts[i].list};
    return count;
}

static enum status run_held(struct scope *scope, struct store *store,
                            struct person_reading *reading, const struct request *first, bool held)
{
    struct request requests[4] = {*first};
    struct cell id = {0};
    size_t parts = 0;

    TRY(store_run(scope, store, first, 1));
    if (!reading->found || !reading->holds)
        return STATUS_OK;
    id = CELL_OF_NUMBER(reading->person.person_id);
    parts = write_parts(reading, &id, requests + 1);
    if (held)
        return store_run(scope, store, requests + 1, parts);
    /* the first again, in one round with the others: what it said may have changed since */
    reading->found = false;
    reading->count = 0;
    return store_run(scope, store, requests, 1 + parts);
}

enum status person_reading_run(struct scope *scope, struct store *store,
                               struct person_reading *reading, const struct request *first)
{
    bool held = store_hold(store);
    enum status status = run_held(scope, store, reading, first, held);

    if (held)
        store_release(store);
    return status;
}

static enum status give_elderly(struct scope *scope, const struct row_list *rows,
                                struct person *out)
{
    struct elderly_certificate *items = NULL;

    TRY(scope_alloc(scope, rows->count, sizeof *items, &items));
    for (size_t i = 0; i < rows->count; i++)
        elderly_of_cells(row_at(rows, i), &items[i]);
    out->elderly = items;
    out->elderly_count = rows->count;
    return STATUS_OK;
}

static enum status give_limits(struct scope *scope, const struct row_list *rows, struct person *out)
{
    struct limit_certificate *items = NULL;

    TRY(scope_alloc(scope, rows->count, sizeof *items, &items));
    for (size_t i = 0; i < rows->count; i++)
        limit_of_cells(row_at(rows, i), &items[i]);
    out->limits = items;
    out->limit_count = rows->count;
    return STATUS_OK;
}

static enum status give_diseases(struct scope *scope, const struct row_list *rows,
                                 struct person *out)
{
    struct specified_disease *items = NULL;

    TRY(scope_alloc(scope, rows->count, sizeof *items, &items));
    for (size_t i = 0; i < rows->count; i++)
        disease_of_cells(row_at(rows, i), &items[i]);
    out->diseases = items;
    out->disease_count = rows->count;
    return STATUS_OK;
}

static bool too_many(const struct row_list *rows)
{
    return rows->count > PERSON_CERTIFICATES_MAX;
}

static int by_coverage_id(const void *a, const void *b)
{
    int64_t one = ((const struct coverage *)a)->coverage_id;
    int64_t other = ((const struct coverage *)b)->coverage_id;

    return (one > other) - (one < other);
}

enum status person_reading_end(struct scope *scope, struct person_reading *reading,
                               struct person *out)
{
    struct person person = reading->person;

    /* engines give rows as their plan has them; sorting a few here spares them an ORDER BY */
    if (reading->count > 1)
        qsort(reading->coverages, reading->count, sizeof *reading->coverages, by_coverage_id);

    if (too_many(&reading->elderly) || too_many(&reading->limits) || too_many(&reading->diseases))
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "more than %d certificates of one person",
                          PERSON_CERTIFICATES_MAX);
    person.coverages = reading->coverages;
    person.coverage_count = reading->count;
    if (reading->elderly.count > 0)
        TRY(give_elderly(scope, &reading->elderly, &person));
    if (reading->limits.count > 0)
        TRY(give_limits(scope, &reading->limits, &person));
    if (reading->diseases.count > 0)
        TRY(give_diseases(scope, &reading->diseases, &person));
    *out = person;
    return STATUS_OK;
}

/* One row a coverage, the person before each; one row with NULLs where there is no coverage. */
static const struct query find_person = {
    QUERY_PERSON, "SELECT " PERSON_JOINED_NAMES ", " COVERAGE_JOINED_NAMES " FROM person p "
                  "LEFT JOIN coverage v ON v.person_id = p.person_id "
                  "WHERE p.person_id = $1 LIMIT 513"};

static enum status take_person(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    if (count != PERSON_COLUMNS + COVERAGE_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "person has other columns");
    return person_reading_take(scope, context, cells);
}

enum status store_find_person(struct scope *scope, struct store *store, int64_t person_id,
                              struct person *out)
{
    const struct cell id = CELL_OF_NUMBER(person_id);
    struct person_reading reading;
    const struct request request = {&find_person, &id, 1, take_person, &reading};

    person_reading_begin(&reading);
    TRY(person_reading_run(scope, store, &reading, &request));
    if (!reading.found)
        return STATUS_NOT_FOUND;
    return person_reading_end(scope, &reading, out);
}

/* --- putting ------------------------------------------------------------------------------------
 */

/* What the store holds of a person, as rows, and what becomes of it. */
struct person_rows {
    struct row_list persons, coverages, elderly, limits, diseases;
    size_t former_coverages; /* of the store; those behind are new */
};

static enum status keep_person(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct person_rows *rows = context;
    struct cell *coverage = cells + PERSON_COLUMNS;

    if (count != PERSON_COLUMNS + COVERAGE_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "person has other columns");
    if (rows->persons.count == 0)
        TRY(row_keep(scope, cells, PERSON_COLUMNS, &rows->persons));
    return coverage[0].kind == CELL_NULL
               ? STATUS_OK
               : row_keep(scope, coverage, COVERAGE_COLUMNS, &rows->coverages);
}

static enum status read_former(struct scope *scope, struct store *store, const struct cell *id,
                               struct person_rows *rows)
{
    const struct request requests[] = {
        {&find_person, id, 1, keep_person, rows},
        {&find_elderly, id, 1, row_keep, &rows->elderly},
        {&find_limit, id, 1, row_keep, &rows->limits},
        {&find_disease, id, 1, row_keep, &rows->diseases},
    };

    *rows = (struct person_rows){
        .persons = {.table = TABLE_PERSON},
        .coverages = {.table = TABLE_COVERAGE},
        .elderly = {.table = TABLE_ELDERLY},
        .limits = {.table = TABLE_LIMIT},
        .diseases = {.table = TABLE_DISEASE},
    };
    TRY(store_run(scope, store, requests, sizeof requests / sizeof requests[0]));
    rows->former_coverages = rows->coverages.count;
    return too_many(&rows->coverages)
               ? scope_fail(scope, CAUSE_STORE_CORRUPT, "more than %d coverages of one person",
                            COVERAGE_HISTORY_MAX)
               : STATUS_OK;
}

static enum status put_parts(struct scope *scope, struct change *change, struct person_rows *rows,
                             const struct person *person)
{
    struct cell cells[COLUMNS_MAX];

    for (size_t i = 0; i < person->coverage_count; i++) {
        cells_of_coverage(person->person_id, &person->coverages[i], scope->now, cells);
        TRY(change_put(scope, change, &rows->coverages, cells));
    }
    for (size_t i = 0; i < person->elderly_count; i++) {
        cells_of_elderly(person->person_id, &person->elderly[i], scope->now, cells);
        TRY(change_put(scope, change, &rows->elderly, cells));
    }
    for (size_t i = 0; i < person->limit_count; i++) {
        cells_of_limit(person->person_id, &person->limits[i], scope->now, cells);
        TRY(change_put(scope, change, &rows->limits, cells));
    }
    for (size_t i = 0; i < person->disease_count; i++) {
        cells_of_disease(person->person_id, &person->diseases[i], scope->now, cells);
        TRY(change_put(scope, change, &rows->diseases, cells));
    }
    if (rows->coverages.count > COVERAGE_HISTORY_MAX || too_many(&rows->elderly) ||
        too_many(&rows->limits) || too_many(&rows->diseases))
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG, "more than %d coverages or certificates",
                          COVERAGE_HISTORY_MAX);
    return STATUS_OK;
}

static unsigned holds_of(const struct person_rows *rows)
{
    return (rows->elderly.count ? HOLDS_ELDERLY : 0U) | (rows->limits.count ? HOLDS_LIMIT : 0U) |
           (rows->diseases.count ? HOLDS_DISEASE : 0U);
}

static const struct query delete_key = {
    QUERY_KEY_DELETE, "DELETE FROM coverage_key WHERE insurer = $1 AND symbol = $2 "
                      "AND number = $3 AND birth = $4 AND person_id = $5 AND coverage_id = $6"};

static const struct query put_key = {
    QUERY_KEY_PUT,
    "INSERT INTO coverage_key (insurer, symbol, number, birth, person_id, coverage_id, branch) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (insurer, symbol, number, birth, person_id, coverage_id) "
    "DO UPDATE SET branch = excluded.branch"};

static enum status new_key(struct scope *scope, const struct cell *coverage, int64_t birth,
                           struct cell **out)
{
    struct key_texts *texts = NULL;

    TRY(scope_alloc(scope, 1, sizeof *texts, &texts));
    TRY(scope_alloc(scope, KEY_COLUMNS, sizeof **out, out));
    return cells_of_key(scope, coverage, birth, texts, *out);
}

/* former: the key as the store has it, or NULL. */
static enum status put_one_key(struct scope *scope, struct change *change,
                               const struct cell *former, const struct cell *coverage,
                               int64_t birth)
{
    struct cell *key = NULL;

    TRY(new_key(scope, coverage, birth, &key));
    if (former && cells_equal(former, key, KEY_COLUMNS))
        return STATUS_OK;
    if (former && !cells_equal(former, key, table_of(TABLE_KEY)->key))
        TRY(change_add(scope, change, &delete_key, former, table_of(TABLE_KEY)->key));
    return change_add(scope, change, &put_key, key, KEY_COLUMNS);
}

/* A coverage's key as it was. */
struct former_key {
    struct cell *cells;
};

static enum status former_keys(struct scope *scope, const struct person_rows *rows,
                               struct former_key **out)
{
    struct former_key *keys = NULL;

    TRY(scope_alloc(scope, rows->former_coverages + 1, sizeof *keys, &keys));
    for (size_t i = 0; i < rows->former_coverages; i++)
        TRY(new_key(scope, row_at(&rows->coverages, i), person_birth(rows->persons.cells),
                    &keys[i].cells));
    *out = keys;
    return STATUS_OK;
}

/* A changed birth date changes the keys of all coverages, not only of those that are put. */
static enum status put_keys(struct scope *scope, struct change *change,
                            const struct person_rows *rows, const struct former_key *former,
                            struct date birth)
{
    for (size_t i = 0; i < rows->coverages.count; i++)
        TRY(put_one_key(scope, change, i < rows->former_coverages ? former[i].cells : NULL,
                        row_at(&rows->coverages, i), birth.yyyymmdd));
    return STATUS_OK;
}

static enum status put_person(struct scope *scope, struct store *store, const void *value)
{
    const struct person *person = value;
    struct cell id = CELL_OF_NUMBER(person->person_id);
    struct person_rows rows;
    struct change change = {0};
    struct cell cells[PERSON_COLUMNS];
    struct former_key *keys = NULL;

    TRY(read_former(scope, store, &id, &rows));
    TRY(former_keys(scope, &rows, &keys));
    TRY(put_parts(scope, &change, &rows, person));
    cells_of_person(person, holds_of(&rows), scope->now, cells);
    TRY(change_put(scope, &change, &rows.persons, cells));
    TRY(put_keys(scope, &change, &rows, keys, person->birth));
    return change_run(scope, store, &change);
}

enum status store_put_person(struct scope *scope, struct store *store, const struct person *person)
{
    return store_change(scope, store, put_person, person);
}
