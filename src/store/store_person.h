/* SPDX-License-Identifier: Apache-2.0
 *
 * store_person.h - how a person is gathered from rows; shared by the queries that give one.
 */
#pragma once

#include "store/store_rows.h"

/* A person as rows come in: first person and coverages, then what the person holds. */
struct person_reading {
    bool found;
    struct person person;
    unsigned holds;
    struct coverage *coverages;
    size_t count, capacity;
    struct row_list elderly, limits, diseases;
};

void person_reading_begin(struct person_reading *reading);
/* Takes a person's cells with one coverage's behind them (NULLs where there is none). */
MUST_CHECK enum status person_reading_take(struct scope *scope, struct person_reading *reading,
                                           struct cell *cells);
MUST_CHECK enum status person_reading_coverage(struct scope *scope, struct person_reading *reading,
                                               struct cell *cells);
/*
 * Runs the first request, whose reader fills reading, and then those for the tables that the person
 * holds something in, so that all rows are of one instant.
 */
MUST_CHECK enum status person_reading_run(struct scope *scope, struct store *store,
                                          struct person_reading *reading,
                                          const struct request *first);
MUST_CHECK enum status person_reading_end(struct scope *scope, struct person_reading *reading,
                                          struct person *out);
