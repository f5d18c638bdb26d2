/* SPDX-License-Identifier: Apache-2.0
 *
 * simulation.h - D4 tried out: a population lives day by day under the rules, and everybody without
 * a means to be treated is counted.
 *
 * People's lives come from life.h, what insurers do from office.h (by domain/document.h and the
 * store), and the count from means.h, which trusts neither.
 */
#pragma once

#include <stdatomic.h>

#include "simulation/society.h"

#define SIMULATION_PEOPLE_MAX 1000000
#define SIMULATION_FIRST_DAY DATE(20241001)
#define SIMULATION_LAST_START DATE(20300101)

struct progress;

struct simulation_order {
    struct society_order society; /* its last day is filled in */
    int months;                   /* 1 to TALLY_MONTHS_MAX */
    const atomic_bool *stop;      /* becomes true: stop; may be NULL */
    struct progress *progress;    /* counts days; may be NULL */
};

/* Is this a trigger ("T1" ... "N5") or a rule id that the documents' engine answers with? */
bool simulation_knows_rule(const char *rule);

/*
 * Runs it. Fails with USAGE (order), SIMULATION_RULE_UNKNOWN, ALREADY_EXISTS (the store has
 * people), SIMULATION_TOO_MANY, STORE_UNAVAILABLE.
 */
MUST_CHECK enum status simulation_run(struct scope *scope, const struct simulation_order *order,
                                      struct tally *out);
