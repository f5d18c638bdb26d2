/* SPDX-License-Identifier: Apache-2.0
 *
 * membership.h - who in a household is insured with whom, now and before: their coverages.
 *
 * Earners have a history of insurers (job changes, retirement to 国保, gaps, overlaps); their
 * family goes with them; everyone goes to 39 on the 75th birthday. Losses that the new insurer has
 * not registered yet, deaths and public assistance occur at low rates.
 */
#pragma once

#include "world/household.h"
#include "world/insurer_list.h"

/* Most coverages that one person is given. */
#define MEMBERSHIP_COVERAGES_MAX 12

/* Fills coverages of all people of the household; they live in the scope. */
MUST_CHECK enum status membership_assign(struct scope *scope, const struct insurer_list *insurers,
                                         struct household *household);
