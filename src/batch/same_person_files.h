/* SPDX-License-Identifier: Apache-2.0
 *
 * same_person_files.h - what same_people_read() tells, as one file an insurer.
 *
 *   OUT/same-person-yyyy-mm-dd/INSURER.csv   .../index.csv   what lies there
 *
 * Rows (row_line.h): own key, rule, own key of the other record (empty where it is not the
 * insurer's), what was found, what to do (Japanese), the same in English. Whole or not at all, as
 * the lists of a month (month_folder.h, list_files.h).
 */
#pragma once

#include "batch/same_people.h"

struct same_person_files_order {
    const char *out;
    const struct insurer *insurers; /* who get a file, also where they have no row */
    size_t count;
};

/* find.row is not called. Fails as same_people_read(), the folder (LIST_OTHER) and the files do. */
MUST_CHECK enum status same_person_files_write(struct scope *scope, struct store *store,
                                               const struct same_people_order *find,
                                               const struct same_person_files_order *order,
                                               struct same_people_figures *out);
