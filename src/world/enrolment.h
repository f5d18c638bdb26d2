/* SPDX-License-Identifier: Apache-2.0
 *
 * enrolment.h - registration files of a world's people: what their insurers would send.
 *
 * The same seed, number of people and date make the people of `shikaku world`, with the individual
 * numbers of its resident register. One file an insurer: N.csv in the layout of
 * docs/registration-files.md. Day labourers have none (E9).
 */
#pragma once

#include <stdatomic.h>

#include "domain/number.h"
#include "world/progress.h"

struct enrolment_order {
    const char *directory; /* made where missing; files in it are replaced */
    uint64_t seed;
    int64_t people;             /* beside the cast */
    struct date on;             /* T: the files are of this day */
    struct insurer_number only; /* one insurer's file; "" = all */
    bool cast;                  /* the fixed cast too */
    const atomic_bool *stop;    /* may be NULL */
    struct progress *progress;  /* people; may be NULL */
};

struct enrolment_figures {
    int64_t files, rows, members;
};

/* Writes the files. Memory is flat. Fails with FILE_UNAVAILABLE, or stopped with UNAVAILABLE. */
MUST_CHECK enum status enrolment_write(struct scope *scope, const struct enrolment_order *order,
                                       struct enrolment_figures *out);
