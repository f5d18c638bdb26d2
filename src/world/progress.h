/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h - a line that tells how far a long job is: on a terminal only, on standard error.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

struct progress {
    const char *what;    /* "people" */
    int64_t total, base; /* base: what was done before it began */
    atomic_llong done;
    struct instant begun;
    _Atomic int64_t shown; /* when the line was last written, microseconds */
    bool visible;          /* standard error is a terminal */
};

void progress_begin(struct progress *progress, const char *what, int64_t total);
/* A job of which a part was done before: it counts for the bar, not for the rate. */
void progress_begin_at(struct progress *progress, const char *what, int64_t total, int64_t base);
/* Counts so many more; writes the line now and then. Safe from many threads. */
void progress_add(struct progress *progress, int64_t more);
/* Takes the line away; returns the rate, units a second. */
double progress_end(struct progress *progress);
