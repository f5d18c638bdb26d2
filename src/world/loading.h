/* SPDX-License-Identifier: Apache-2.0
 *
 * loading.h - brings insurers, institutions and people into an empty store.
 */
#pragma once

#include "world/card_maker.h"
#include "world/population.h"
#include "world/progress.h"
#include "world/residents.h"

struct store;

/* What is loaded, and what comes of it. */
struct loading {
    struct store *store; /* opened to create, empty */
    const struct population_order *population;
    const atomic_bool *stop;   /* may be NULL */
    struct progress *progress; /* may be NULL */
    struct card_job *jobs;     /* filled: cards for the first people whose certificate is good */
    size_t job_count, job_limit;
    struct residents *residents; /* filled: the resident register; NULL = none */
};

/* The cast's insurers and institutions, and the invented ones; returns how many. */
MUST_CHECK enum status loading_register(struct scope *scope, struct store *store,
                                        const struct insurer_list *insurers, int64_t people,
                                        struct date on, int64_t *insurer_count,
                                        int64_t *institution_count);

/* The cast and the people. Nothing of it can be seen before it succeeds. */
MUST_CHECK enum status loading_people(struct scope *scope, struct loading *loading);
