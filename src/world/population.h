/* SPDX-License-Identifier: Apache-2.0
 *
 * population.h - the random people of a world, household by household, in ascending person id.
 */
#pragma once

#include <stdatomic.h>

#include "world/card_life.h"
#include "world/household.h"
#include "world/insurer_list.h"

/* Ids below belong to the cast. */
#define POPULATION_FIRST_ID 1001

struct population_order {
    uint64_t seed;
    int64_t people; /* random people beside the cast */
    struct date on; /* the world's date T */
    const struct insurer_list *insurers;
};

/* A household with everything in it; lives until the visit returns. */
struct population_household {
    struct household household;
    struct card_life cards[HOUSEHOLD_MAX];
};

/* Makes one household; the last person id is out->household.people[count - 1].person_id. */
MUST_CHECK enum status population_make_household(struct scope *scope,
                                                 const struct population_order *order,
                                                 uint64_t number, int64_t first_person_id,
                                                 struct population_household *out);

typedef enum status (*population_visit)(struct scope *scope, void *context,
                                        const struct population_household *household);

/*
 * Makes all people in order and hands each household to visit; the last one is cut to the number of
 * people asked for. stop (may be NULL) ends it early with UNAVAILABLE. Memory stays flat.
 */
MUST_CHECK enum status population_make(struct scope *scope, const struct population_order *order,
                                       const atomic_bool *stop, population_visit visit,
                                       void *context);
