/* SPDX-License-Identifier: Apache-2.0
 *
 * rates.h - how often things happen to people in a simulation.
 *
 * Births, deaths, moves and changes of insurer are about as in Japan; what tries the rules (losses,
 * returns, deregistrations, flags) happens some times more often, so that a small population meets
 * each path. docs/simulation.md has the table.
 */
#pragma once

#include "simulation/happening.h"
#include "simulation/resident.h"

/* How many of a million such people it happens to in a year; 0 where it cannot. */
int rate_of(const struct resident *resident, enum happening happening, struct date on);
