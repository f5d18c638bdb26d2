/* SPDX-License-Identifier: Apache-2.0
 *
 * steps.h - what happens of itself as days go by: the papers of a day, and the end of a month.
 *
 * The real rules over the real store, for the commands and for a simulation alike. A step on a day
 * is idempotent: twice gives the same as once, and a step that was killed is taken up again. People
 * come in runs, so that memory stays flat.
 *
 *   day_step()   D1, D2: the papers that are due by the day are entered, followed and, where
 *                ordered, issued.
 *   month_end()  in month_end.h: R2 and K3 at the end of the month, the papers of the next month,
 *                and the lists for all insurers.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/store_standing.h"

struct step_order {
    struct date on;
    bool issue;                    /* what is due is issued on the day: printed and posted */
    struct insurer_number insurer; /* of this insurer alone; empty = all */
    const atomic_bool *stop;       /* set: end after the run under way, unfinished; or NULL */
    /* after each run of people: how many so far; or NULL */
    void (*progress)(void *context, int64_t people);
    void *context;
    /* each paper that is due or was issued in this step, for a clerk's list; or NULL */
    enum status (*paper)(struct scope *scope, void *context, const struct standing *standing,
                         const struct issue *issue);
};

struct step_figures {
    int64_t people;
    int64_t executed;  /* deregistrations carried out (R2) */
    int64_t failed;    /* that found no registration to end */
    int64_t lapsed;    /* registrations that ended with their certificate (K3), or their card */
    int64_t documents; /* papers that were entered into the register */
    int64_t changed;   /* papers whose state changed: issued, replaced, void ... */
};

/* The papers of a day. store: opened to write; no transaction open. */
MUST_CHECK enum status day_step(struct scope *scope, struct store *store,
                                const struct step_order *order, struct step_figures *out);
