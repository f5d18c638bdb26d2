/* SPDX-License-Identifier: Apache-2.0
 *
 * card_uses.h - D1, D2: counts uses of the card by person and month, from the journal.
 *
 * A check is already in the journal, durable before it was answered; nothing is written for it a
 * second time. This goes over what was written since the last count. Records are added, and the
 * place behind them noted, in one transaction: each counts once, whether the count is run again,
 * killed, or run twice at the same time, and also where the journal was copied elsewhere.
 *
 * A use is a check by card that was answered, whatever the answer was. Kept is the month, of people
 * of 64 and over (CARD_USE_AGE), for 18 months (CARD_USE_MONTHS): no day, no time, no institution.
 */
#pragma once

#include <stdatomic.h>

#include "store/store.h"

struct card_uses_order {
    const char *journal;     /* folder */
    struct date on;          /* day of the count: what is kept is seen from it; at most today */
    size_t round;            /* uses of one transaction at most; 0 = a million */
    const atomic_bool *stop; /* set: end after the transaction under way, unfinished; or NULL */
};

struct card_uses_figures {
    int64_t records; /* that were read */
    int64_t uses;    /* of them, uses of the months that are kept */
};

/*
 * Up to the journal's present end. Fails with JOURNAL_CORRUPT where the journal is not whole, or
 * does not lead to where it was counted to: what lies before stays counted; FILE_UNAVAILABLE;
 * STEP_STOPPED.
 */
MUST_CHECK enum status card_uses_count(struct scope *scope, struct store *store,
                                       const struct card_uses_order *order,
                                       struct card_uses_figures *out);
