/* SPDX-License-Identifier: Apache-2.0
 *
 * simulate_report.h - what a simulation counted, as tables for people or JSON for programs.
 */
#pragma once

#include "base/scope.h"
#include "simulation/tally.h"

/* What was asked for, for the head of the report. */
struct simulate_about {
    int64_t people, months, seed;
    struct date from;
    const char *without; /* or NULL */
    double seconds;
};

void simulate_report_text(const struct simulate_about *about, const struct tally *tally);
MUST_CHECK enum status simulate_report_json(struct scope *scope, const struct simulate_about *about,
                                            const struct tally *tally);
