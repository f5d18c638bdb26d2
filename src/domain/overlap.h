/* SPDX-License-Identifier: Apache-2.0
 *
 * overlap.h - what does not fit in a person's coverages: two at a time, none for a time, and a
 * loss that was registered too late.
 *
 * Each finding is told to the insurer on either side of it. Of two coverages on one day the one
 * issued later counts, then the one acquired later (coverage_later_issued()). Pure.
 * Source: insurers-and-documents 2.3; 11 (7); 12.1 (15).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "domain/person.h"
#include "domain/rule.h"

/* Our limit: findings of one person; more are not told. */
#define OVERLAP_FINDINGS_MAX 64

enum overlap_kind {
    OVERLAP_LIVE,      /* 二重加入: both hold on the day */
    OVERLAP_ENDED,     /* both held for a time */
    OVERLAP_GAP,       /* none held for a time between two */
    OVERLAP_LATE_LOSS, /* 喪失の遅れ: registered after 5 + 5 days */
    OVERLAP_KIND_COUNT
};

/* When the loss of a coverage was registered, where it is known. */
struct coverage_loss {
    int64_t person_id, coverage_id;
    struct instant registered;
};

struct overlap_facts {
    const struct person *person; /* person_id and coverages */
    const struct coverage_loss *losses;
    size_t loss_count;
    struct date on;    /* seen on this day: what begins later is not looked at */
    struct date since; /* what ended before it is not told */
};

/* One side of a finding is the insurer of mine, the other that of other. */
struct overlap_finding {
    enum overlap_kind kind;
    const struct coverage *mine;  /* gap: before it; late loss: the one lost */
    const struct coverage *other; /* NULL: a late loss that met no other coverage */
    struct date first, last;      /* days of it, both included; last: on, for what still goes on */
    bool mine_counts;             /* overlaps: mine was issued later */
};

/* "live", "overlap", "gap", "late_loss". */
const char *overlap_kind_name(enum overlap_kind kind);

/* Writes at most OVERLAP_FINDINGS_MAX findings, in the order of their kinds; returns the count. */
size_t overlap_find(const struct overlap_facts *facts, struct overlap_finding *out);

/* What one side is told: of mine (true), or of other. */
const struct rule *overlap_rule(const struct overlap_finding *finding, bool mine);

/* Days of a finding, first and last counted. */
int overlap_days(const struct overlap_finding *finding);
