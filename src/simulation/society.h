/* SPDX-License-Identifier: Apache-2.0
 *
 * society.h - everybody in a simulation: residents, their households, the insurers, the calendar.
 *
 * The first people are those of a synthetic world (src/world) of the first day.
 */
#pragma once

#include "simulation/calendar.h"
#include "simulation/registry.h"
#include "simulation/resident.h"
#include "simulation/tally.h"
#include "world/place.h"

struct home {
    uint64_t number; /* of the world's household */
    struct place place;
    uint32_t first; /* resident */
};

struct society {
    struct scope *scope; /* of the whole simulation */
    uint64_t seed;
    struct date first, last, today;
    struct insurer_list insurers;
    struct resident *residents;
    size_t count, capacity;
    struct home *homes;
    size_t home_count, home_capacity;
    struct calendar *calendar;
    struct registry *registry;
    struct tally tally;
    struct tally_month *month;             /* of today */
    const char *without;                   /* trigger or rule id that is not carried out, or NULL */
    const struct insurer_policy *policies; /* one an insurance; NULL: the defaults */
};

struct society_order {
    uint64_t seed;
    int64_t people;
    struct date first, last;
    const char *store;   /* URL, or NULL: a temporary one */
    const char *without; /* or NULL */
    /* what all insurers of an insurance decide: INSURANCE_COUNT of them, or NULL: the defaults */
    const struct insurer_policy *policies;
};

/* Makes the people of the first day, in the store too. */
MUST_CHECK enum status society_make(struct scope *scope, const struct society_order *order,
                                    struct society *out);
/* Ends what is open. */
void society_end(struct society *society);

/* Adds someone who lives in a home; NULL where there is no more room. */
struct resident *society_add(struct society *society, uint32_t home);
uint32_t society_index(const struct society *society, const struct resident *resident);
MUST_CHECK enum status society_note(struct society *society, const struct resident *resident,
                                    struct date day, enum happening what);
/* The scheme of an insurer. */
enum insurance society_insurance(const struct world_insurer *insurer);
