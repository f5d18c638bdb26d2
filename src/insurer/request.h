/* SPDX-License-Identifier: Apache-2.0
 *
 * request.h - how a request for deregistration (利用登録解除申請, row D) is handed on.
 */
#pragma once

#include "base/date.h"
#include "base/scope.h"
#include "domain/number.h"

struct store;

struct deregistration_row {
    int64_t person_id;
    struct insurer_number insurer;
    struct date requested, received;
    int channel; /* 1 terminal, 2 file, 3 server link */
    bool proxy, withdrawn;
};

/* Takes a request inside of the transaction of the load. *finding: CAUSE_NONE, or why not. */
struct deregistration_ops {
    enum status (*take)(struct scope *scope, struct store *store,
                        const struct deregistration_row *row, enum cause *finding);
};
