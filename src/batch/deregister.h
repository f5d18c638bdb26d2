/* SPDX-License-Identifier: Apache-2.0
 *
 * deregister.h - R2, R3: a request for deregistration (利用登録解除) enters the store, or is
 * withdrawn. The one way for the terminal, the file and the server link.
 */
#pragma once

#include "store/store_standing.h"

struct deregister_order {
    int64_t person_id;
    struct insurer_number insurer;
    struct date on;        /* day of entry: month N; DATE_NONE: today */
    struct date requested; /* the person asked; DATE_NONE: on the day of entry */
    enum deregistration_channel channel;
    bool proxy;
};

/* What the insurer is told. The first insurer of a duplicate is never in it. */
struct deregister_receipt {
    enum cause error; /* CAUSE_NONE, or DEREGISTRATION_ALREADY: then the dates are of the first */
    bool again;       /* the same had been sent before */
    struct date requested, received;
    struct date executes;    /* last day of use */
    struct date list_from;   /* first day of the month whose list shows the outcome: N + 2 */
    const struct rule *rule; /* what was decided; its text is for the clerk */
    /* R3: a certificate of this insurer is entered as due all the same, or is in hand */
    bool certificate;
};

/*
 * Enters a request. In the transaction that is open, or in one of its own. A duplicate is not a
 * failure: it is kept, and told in the receipt; so is one that is sent again (again). Fails with
 * DEREGISTRATION_NOT_OPEN, DATE_WRONG, MEMBER_NOT_FOUND where there is no such person, MEMBER_LEFT
 * where the insurer covers the person neither on the day of asking nor on that of entry,
 * DEREGISTRATION_TOO_MANY.
 */
MUST_CHECK enum status deregister_enter(struct scope *scope, struct store *store,
                                        const struct deregister_order *order,
                                        struct deregister_receipt *out);

struct deregister_withdrawal {
    int64_t person_id;
    struct insurer_number insurer;
    struct date on; /* DATE_NONE: today */
};

/* The same insurer takes its open request back; fails as deregistration_withdraw_decide() says. */
MUST_CHECK enum status deregister_withdraw(struct scope *scope, struct store *store,
                                           const struct deregister_withdrawal *withdrawal,
                                           struct deregister_receipt *out);
