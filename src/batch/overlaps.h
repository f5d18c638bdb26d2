/* SPDX-License-Identifier: Apache-2.0
 *
 * overlaps.h - the overlap finder: over all people, what does not fit, told to both insurers.
 *
 * People come in runs, so that memory stays flat; it only reads. The same store and day give the
 * same rows in the same order. Source: insurers-and-documents 2.3; 11 (7); 12.1 (15).
 */
#pragma once

#include "batch/overlap_row.h"
#include "store/store.h"

struct overlaps_order {
    struct date on, since;
    struct insurer_number insurer;  /* only what this one is told; "" = all */
    const struct insurer *insurers; /* all of the store, by number: for their names */
    size_t insurer_count;
    enum status (*row)(struct scope *scope, void *context, const struct overlap_row *row);
    void *context;
};

struct overlaps_figures {
    int64_t people;
    int64_t found[OVERLAP_KIND_COUNT]; /* findings, each told once or twice */
    int64_t rows;
    int64_t withheld; /* rows that leave the other insurer out */
};

/* order.row is called for every row. Fails with the store, and as row fails. */
MUST_CHECK enum status overlaps_read(struct scope *scope, struct store *store,
                                     const struct overlaps_order *order,
                                     struct overlaps_figures *out);
