/* SPDX-License-Identifier: Apache-2.0
 *
 * overlap_files.h - what the overlap finder tells, as one file an insurer.
 *
 *   OUT/overlaps-yyyy-mm-dd/INSURER.csv   rows of overlap_row.h   .../index.csv   what lies there
 *
 * Written as the lists of a month are (month_folder.h, list_files.h): whole or not at all.
 */
#pragma once

#include "batch/overlaps.h"

struct overlap_files_order {
    const char *out;
    const struct insurer *insurers; /* who get a file, also where they have no row */
    size_t count;
};

/* find.row is not called. Fails as overlaps_read(), the folder (LIST_OTHER) and the files do. */
MUST_CHECK enum status overlap_files_write(struct scope *scope, struct store *store,
                                           const struct overlaps_order *find,
                                           const struct overlap_files_order *order,
                                           struct overlaps_figures *out);
