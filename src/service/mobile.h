/* SPDX-License-Identifier: Apache-2.0
 *
 * mobile.h - what the operations of phones and tablets share, inside this folder.
 */
#pragma once

#include "service/operation.h"

/* Which device says that it speaks, and with what secret. */
struct mobile_claim {
    struct institution_code institution;
    struct text device, secret;
};

/*
 * Makes sure of it, and sees to it that what comes is recorded under the institution. Fails with
 * DEVICE_UNKNOWN.
 */
MUST_CHECK enum status mobile_device_speaks(struct scope *scope, struct service_worker *worker,
                                            const struct mobile_claim *claim,
                                            struct service_outcome *outcome,
                                            struct mobile_device *out);
