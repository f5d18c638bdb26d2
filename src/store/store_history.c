/* SPDX-License-Identifier: Apache-2.0
 *
 * What we believed at an instant: current rows that were there already, and rows of the history
 * that were not yet replaced. recorded <= instant < superseded; for each key at most one row is.
 */
#include "store/store_columns.h"
#include "store/store_person.h"

/* $1 person, $2 instant */
#define AS_OF(names, table)                                                                        \
    "SELECT " names " FROM " table " WHERE person_id = $1 AND recorded <= $2 "                     \
    "UNION ALL "                                                                                   \
    "SELECT " names " FROM " table "_history WHERE person_id = $1 AND recorded <= $2 "             \
    "AND superseded > $2 LIMIT 513"

static const struct query person_as_of = {QUERY_PERSON_AS_OF, AS_OF(PERSON_NAMES, "person")};
static const struct query coverage_as_of = {QUERY_COVERAGE_AS_OF,
                                            AS_OF(COVERAGE_NAMES, "coverage")};
static const struct query elderly_as_of = {QUERY_ELDERLY_AS_OF,
                                           AS_OF(ELDERLY_NAMES, "elderly_certificate")};
static const struct query limit_as_of = {QUERY_LIMIT_AS_OF,
                                         AS_OF(LIMIT_NAMES, "limit_certificate")};
static const struct query disease_as_of = {QUERY_DISEASE_AS_OF,
                                           AS_OF(DISEASE_NAMES, "specified_disease")};

static enum status take_person(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct person_reading *reading = context;

    if (count != PERSON_COLUMNS || reading->found)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "two persons at one instant");
    TRY(row_take(scope, TABLE_PERSON, cells));
    person_of_cells(cells, &reading->person);
    reading->found = true;
    return STATUS_OK;
}

static enum status take_coverage(struct scope *scope, struct cell *cells, size_t count,
                                 void *context)
{
    if (count != COVERAGE_COLUMNS)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "coverage has other columns");
    return person_reading_coverage(scope, context, cells);
}

enum status store_find_person_as_of(struct scope *scope, struct store *store, int64_t person_id,
                                    struct instant believed, struct person *out)
{
    const struct cell key[] = {CELL_OF_NUMBER(person_id), CELL_OF_NUMBER(believed.microseconds)};
    struct person_reading reading;
    const struct request requests[] = {
        {&person_as_of, key, 2, take_person, &reading},
        {&coverage_as_of, key, 2, take_coverage, &reading},
        {&elderly_as_of, key, 2, row_keep, &reading.elderly},
        {&limit_as_of, key, 2, row_keep, &reading.limits},
        {&disease_as_of, key, 2, row_keep, &reading.diseases},
    };

    person_reading_begin(&reading);
    TRY(store_run(scope, store, requests, sizeof requests / sizeof requests[0]));
    return reading.found ? person_reading_end(scope, &reading, out) : STATUS_NOT_FOUND;
}
