/* SPDX-License-Identifier: Apache-2.0
 *
 * world.h - makes a world: people, cards, keys, samples and configurations in one folder.
 */
#pragma once

#include <stdatomic.h>

#include "base/scope.h"

/* The first T whose documented answers hold: the cast has papers of the summer before the reform.
 */
#define WORLD_FIRST_DAY DATE(20240801)

struct world_order {
    const char *directory;
    const char *store; /* URL, or NULL: store.sqlite in the folder */
    uint64_t seed;
    int64_t people;          /* beside the cast */
    int64_t cards;           /* of them, how many get a card with real keys */
    struct date on;          /* T */
    bool force;              /* replace a world that is there */
    int64_t register_limit;  /* worlds of more people get no resident register */
    const atomic_bool *stop; /* becomes true: stop and tidy up; may be NULL */
};

/* What was made, for the report. */
struct world_figures {
    int64_t people, institutions, insurers, cards;
    double people_rate, seconds;
};

/*
 * Makes the world. Where it fails or is stopped, what was made is removed again (a store elsewhere
 * is left to its engine, which shows nothing of an unfinished load). Fails with FOLDER_TAKEN,
 * ALREADY_EXISTS (its store has people), USAGE, FILE_UNAVAILABLE, STORE_UNAVAILABLE.
 */
MUST_CHECK enum status world_make(struct scope *scope, const struct world_order *order,
                                  struct world_figures *out);
