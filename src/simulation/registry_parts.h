/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_parts.h - shared by registry.c and registry_card.c: the registry, and one change in it.
 */
#pragma once

#include "simulation/registry.h"

#define FOLDER_SIZE 256
#define COVERAGES_EACH 100 /* coverage ids of a person: person_id * 100 + n */

struct registry {
    struct store *store;
    struct scope *scope; /* of the whole run: failures go there */
    struct scope round;  /* of one change */
    uint64_t memberships;
    char folder[FOLDER_SIZE]; /* "" where the store is elsewhere */
    bool open;
};

/* A person's row while it is changed. */
struct change_of {
    struct registry *registry;
    struct scope *scope; /* of this change */
    struct date today;
    const struct resident *resident;
    struct person person;
    struct coverage *coverages; /* a copy with room for one more */
};

typedef enum status (*changer)(struct change_of *change, const void *value);

/* The person's row, with room for one more coverage; and back. */
MUST_CHECK enum status registry_read_person(struct change_of *change);
MUST_CHECK enum status registry_put_person(const struct change_of *change);
/* Runs one change in a scope of its own; a failure is the whole run's. */
MUST_CHECK enum status registry_run(struct registry *registry, struct date today,
                                    const struct resident *resident, changer make,
                                    const void *value);
