/* SPDX-License-Identifier: Apache-2.0
 *
 * household.h - one invented household: who lives there, how old they are, where, by what names.
 *
 * Household types and ages are fitted so that the population has Japan's age pyramid. All draws
 * come from the household's own stream: the same seed, number and day give the same people.
 */
#pragma once

#include "base/scope.h"
#include "domain/person.h"
#include "world/draw.h"
#include "world/place.h"

#define HOUSEHOLD_MAX 7

enum household_role { ROLE_HEAD, ROLE_SPOUSE, ROLE_CHILD, ROLE_PARENT };

/* Members in the order head, spouse, children, parents. Texts and people live in the scope. */
struct household {
    uint64_t seed, number;
    struct date on; /* the world's date T */
    struct place place;
    struct person people[HOUSEHOLD_MAX];
    enum household_role roles[HOUSEHOLD_MAX];
    int ages[HOUSEHOLD_MAX]; /* full years on T */
    size_t count;
};

/*
 * Makes a household: names, births, address, flags; person ids from first_person_id on. Coverages
 * come from membership.h, cards from card_life.h. Fails only where the scope is full.
 */
MUST_CHECK enum status household_make(struct scope *scope, uint64_t seed, uint64_t number,
                                      struct date on, int64_t first_person_id,
                                      struct household *out);
