/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.h - the store beside reality: at the end of each month, would checks answer what the count
 * of the day took for granted?
 *
 * Everybody insured is read back from the store and put to the real decisions of a check; of some
 * the card is looked up as a check does. A difference fails the run: then either the count or the
 * service is wrong.
 */
#pragma once

#include "simulation/society.h"

/* Compares everybody as of today, the last day of a month; counts into society->month. */
MUST_CHECK enum status audit_month(struct society *society);

const char *audit_difference_name(enum audit_difference difference); /* "card" ... */
const char *audit_difference_ja(enum audit_difference difference);
const char *audit_difference_en(enum audit_difference difference);
