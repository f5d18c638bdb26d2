/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_policy.h - what an insurer decides for itself about its papers (方針), within the law.
 *
 * Each settings row holds from a day until the next one of the same insurer; before the first, and
 * for insurers without one, what insurer_policy_default() says. Pure.
 * Source: D1; insurers-and-documents 4.5, 5 (rows 4, 6, 10, 12), 12.1 (11, 18).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "domain/document.h"
#include "domain/number.h"

struct insurer_policy {
    struct insurer_number insurer;
    struct date valid_from; /* first day on which papers are decided by it */
    bool gives_both;        /* row 12: a certificate to everybody, with a registered card too */
    int certificate_years;  /* years a certificate holds, 1 to 5; 0: to the 31 July that follows */
    int expiry_months;      /* T3: months after that of the card certificate's expiry, 1 to 3 */
    int uses_12_months;     /* row 10: uses in twelve months that make a record of use */
    int uses_3_months;      /* of them, in the last three */
    int uses_month;         /* 3 to 6: at its end the uses are counted for the papers of August */
};

/* By insurer, and within one by valid_from. Borrowed. */
struct insurer_policies {
    const struct insurer_policy *items;
    size_t count;
};

/* What holds where an insurer has decided nothing. */
struct insurer_policy insurer_policy_default(enum insurance insurance);
/* The settings that hold on a day; NULL: the default. */
const struct insurer_policy *insurer_policy_on(const struct insurer_policies *policies,
                                               struct insurer_number insurer, struct date on);
/* NULL where the law allows the settings; else what it does not, in English and Japanese. */
const char *insurer_policy_fault(const struct insurer_policy *policy);
