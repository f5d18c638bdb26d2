/* SPDX-License-Identifier: Apache-2.0
 *
 * life.h - what happens to people in a simulation, and what follows from it.
 */
#pragma once

#include "simulation/society.h"

/* Draws what happens in the month that begins today and notes it. */
MUST_CHECK enum status life_draw_month(struct society *society, int month);
/* Lets it happen today, if it still can, and counts it. */
MUST_CHECK enum status life_happens(struct society *society, struct resident *resident,
                                    enum happening what);
/* The card's certificate is new: notes when it will be renewed, or that it will not. */
MUST_CHECK enum status life_plan_renewal(struct society *society, struct resident *resident);
