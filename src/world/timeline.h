/* SPDX-License-Identifier: Apache-2.0
 *
 * timeline.h - one earner's memberships of insurers, one after the other.
 */
#pragma once

#include "world/household.h"
#include "world/insurer_list.h"

#define TIMELINE_MAX 5

/* The first day of the online system; what was lost before it is not registered. */
#define SYSTEM_BEGINS DATE(20201001)

/* Membership of an insurer under one symbol and number; family members share it. */
struct membership {
    const struct world_insurer *insurer;
    struct text symbol, number; /* in the scope */
    struct date from, until;    /* until: first day not covered, or DATE_NEVER */
    enum loss_reason loss;
    enum certificate_kind kind;
};

struct timeline {
    struct membership items[TIMELINE_MAX]; /* oldest first */
    size_t count;
    bool employee; /* the newest is an employee's insurance */
};

/* What a timeline is made for. */
struct timeline_order {
    const struct household *household;
    const struct insurer_list *insurers;
    int slot;             /* 0 to 7: whose, within the household */
    int age;              /* of the earner */
    bool employee;        /* now with an employee's insurance */
    struct date earliest; /* no membership begins before */
};

MUST_CHECK enum status timeline_make(struct scope *scope, struct draw *draw,
                                     const struct timeline_order *order, struct timeline *out);

/* Symbol and number of a household's membership, as its insurer writes them; unique in a world. */
MUST_CHECK enum status membership_write_numbers(struct scope *scope, struct draw *draw,
                                                const struct world_insurer *insurer,
                                                uint64_t household, int slot, struct text *symbol,
                                                struct text *number);
