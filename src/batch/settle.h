/* SPDX-License-Identifier: Apache-2.0
 *
 * settle.h - one person at the end of a day: what changes, and the standing that it leaves.
 */
#pragma once

#include "batch/steps.h"
#include "domain/registration.h"

struct settle_order {
    struct date on;            /* the day that ends */
    bool ends_month;           /* deregistrations are carried out, lapsed registrations end */
    struct issue_order issues; /* seen from the next day on where ends_month */
};

/* What a person's day changed; standing is as it is afterwards. Lives in the scope of its run. */
struct settlement {
    struct standing standing;
    enum registration_end ended; /* LAPSED or RETURNED: the registration ends; else RUNS */
    struct date ends;            /* its last day */
    const struct deregistration_request *requests; /* those that changed */
    size_t request_count;
    struct issue_change *issues; /* those that are new or changed */
    size_t issue_count;
};

MUST_CHECK enum status settle(struct scope *scope, const struct standing *standing,
                              const struct settle_order *order, struct settlement *out);
/* The papers of a person's day, entered into the register too: with what changed in `out`. */
MUST_CHECK enum status settle_papers(struct scope *scope, struct store *store,
                                     const struct standing *standing,
                                     const struct issue_order *order, struct settlement *out);
bool settlement_is_empty(const struct settlement *settlement);
void settlement_count(const struct settlement *settlement, struct step_figures *figures);
/* Writes what changed, but for the papers: those of many people go out together. */
MUST_CHECK enum status settlement_write(struct scope *scope, struct store *store,
                                        const struct settlement *settlement);
