/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.h - counters of the way in, in Prometheus text format. Counting is lock-free.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "base/text.h"
#include "http/routes.h"

#define METRICS_CODES 16
#define METRICS_BUCKETS 14
#define METRICS_VALIDITIES 7

typedef _Atomic uint64_t counter;

/* One route's: requests by HTTP code, and how long they took. */
struct route_metrics {
    counter codes[METRICS_CODES + 1]; /* as in metrics.c; the last is any other */
    counter buckets[METRICS_BUCKETS + 1];
    counter microseconds;
};

struct metrics {
    struct route_metrics routes[ROUTES_MAX + 1]; /* the last: no such route */
    counter checks[2][METRICS_VALIDITIES];       /* by numbers, by card; by validity */
    counter failures[CAUSE_COUNT];
    counter connections_made;
    _Atomic int64_t connections;
    _Atomic int64_t under_way;
};

/* Counts an answered request; route may be NULL. */
void metrics_count(struct metrics *metrics, const struct route *route,
                   const struct service_outcome *outcome, int64_t microseconds);

/* Writes everything, the service's own figures included; spool may be NULL. */
MUST_CHECK enum status metrics_write(struct scope *scope, const struct metrics *metrics,
                                     const struct service_figures *figures,
                                     const struct spool_figures *spool, struct text *out);
