/* SPDX-License-Identifier: Apache-2.0
 *
 * card_use.h - how often a person used the card, by month: a count, no day, no institution.
 *
 * What the late elderly's record of use is made of (D1, D2; insurers-and-documents 5, row 10).
 * Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

struct monthly_uses {
    int64_t person_id;
    int32_t month; /* yyyymm, Japan time */
    int64_t uses;  /* checks by card that were answered, 1 and up */
};

int32_t card_use_month(struct date day);
/* Uses in so many months, of which the last is that of a day. uses: of one person. */
int card_uses_until(const struct monthly_uses *uses, size_t count, struct date day, int months);
/* The first month that is kept on a day; those before it are of no use to any paper. */
int32_t card_use_first_month(struct date on);
