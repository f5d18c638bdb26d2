/* SPDX-License-Identifier: Apache-2.0
 *
 * calendar.h - what is to happen to whom on which day of a simulation.
 *
 * On each day first what happens to people, then what the offices do; each in the order it was
 * noted.
 */
#pragma once

#include "base/scope.h"
#include "simulation/happening.h"

struct calendar_entry {
    uint32_t resident; /* index */
    enum happening what;
};

struct calendar; /* in the scope it was made in */

/* For the days from first to last; capacity: entries that are noted at one time, at most. */
MUST_CHECK enum status calendar_make(struct scope *scope, struct date first, struct date last,
                                     size_t capacity, struct calendar **out);
/*
 * Notes something. What lies before the first day or after the last is left out. Fails with
 * SIMULATION_TOO_MANY where the capacity is used up.
 */
MUST_CHECK enum status calendar_note(struct scope *scope, struct calendar *calendar,
                                     struct date day, uint32_t resident, enum happening what);
/*
 * Takes the next entry of a day; false where none is left. What is noted for the same day meanwhile
 * comes too.
 */
bool calendar_take(struct calendar *calendar, struct date day, struct calendar_entry *out);
