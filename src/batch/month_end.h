/* SPDX-License-Identifier: Apache-2.0
 *
 * month_end.h - R2, K3, D1, D2, D4: what happens at the end of a month.
 *
 * In one pass over the people, in runs, each one transaction:
 *   - deregistrations that were entered in the month before are carried out (R2),
 *   - registrations end whose certificate's grace is over (K3), or whose card went back,
 *   - papers that are to be issued in the next month are entered into the register (D1, D2),
 *   - each insurer's list is written, as of the first day of the next month (D4),
 *   - and so is its joining-invitation list (D4, 加入勧奨ファイル; invitations.h).
 *
 * Restartable: a run that was killed is begun again, finds what was done, and comes to the same
 * lists. Done twice it changes nothing.
 */
#pragma once

#include "batch/steps.h"

struct month_end_order {
    struct date day; /* last day of a month */
    const char *out; /* folder for the lists; see month_folder.h */
    const atomic_bool *stop;
    void (*progress)(void *context, int64_t people); /* so many more */
    void *context;
};

struct month_end_figures {
    struct step_figures step;
    int64_t lists, rows;
    int64_t invitations; /* rows of the joining-invitation lists */
    int64_t passed;      /* coverages of insurers that the store does not know */
    bool again;          /* it was done before: the lists were found whole, nothing was changed */
};

/*
 * Fails with MONTH_END_DAY where the day is none, MONTH_END_LATER where a later month was ended
 * already, MONTH_END_RUNS, LIST_OTHER, STEP_STOPPED.
 */
MUST_CHECK enum status month_end(struct scope *scope, struct store *store,
                                 const struct month_end_order *order,
                                 struct month_end_figures *out);
