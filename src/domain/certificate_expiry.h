/* SPDX-License-Identifier: Apache-2.0
 *
 * certificate_expiry.h - K1: the last day of an authentication certificate, decided at its issue.
 *
 * The earliest of: the fifth birthday after the day of issue; the sixth, where it is a renewal (the
 * former one has less than three months left and has not ended); the last day of the card itself.
 * Source: card-and-pki 2.3. Pure. Proven by: tests/unit/domain/test_certificate_expiry.c.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "domain/rule.h"

/* What the day of expiry hangs on. */
struct certificate_order {
    struct date birth;
    struct date issued;       /* day of issue, Japan */
    struct date former;       /* day of expiry of a former certificate that still holds, or NONE */
    struct date card_expires; /* last day of the card, or NONE: not looked at */
};

/* A day, and the rule that gave it. */
struct certificate_expiry {
    struct date expires;
    const struct rule *rule; /* K1.expires_*, never NULL */
};

/* Decides the last day of a certificate. Cannot fail; birth and issued are days of the calendar. */
struct certificate_expiry certificate_expiry_of(const struct certificate_order *order);

/* The first day on which a certificate can be renewed: the day after three months before its end.
 */
struct date certificate_renewable_from(struct date expires);

/* True where a certificate issued that day in place of one that ends on former is a renewal. */
bool certificate_is_renewal(struct date former, struct date issued);
