/* SPDX-License-Identifier: Apache-2.0
 *
 * month_folder.h - the folder of one month's lists: made beside its place, moved there when whole.
 *
 *   OUT/yyyy-mm/INSURER.csv  one list an insurer        OUT/yyyy-mm/index.csv  what lies there
 *   OUT/yyyy-mm/INSURER-invitations.csv  another list of the same insurer
 *   OUT/.yyyy-mm.part/       while it is made           OUT/.month-end.lock    one at a time
 *
 * Lists of a day lie in a folder of their own in the same way: OUT/NAME.
 *
 * Who reads OUT sees no month, or a whole one, whatever was killed when.
 */
#pragma once

#include "batch/list_files.h"

#define MONTH_PATH_SIZE 400

struct month_folder {
    char part[MONTH_PATH_SIZE], whole[MONTH_PATH_SIZE], lock_path[MONTH_PATH_SIZE];
    int lock; /* -1 = not held */
};

/*
 * Takes the lock and makes an empty folder for the parts; what a killed run left is removed. Fails
 * with FILE_UNAVAILABLE, MONTH_END_RUNS where another holds the lock.
 */
MUST_CHECK enum status month_folder_begin(struct scope *scope, const char *out, struct date month,
                                          struct month_folder *folder);
/* The same, of a folder with this name: "overlaps-2026-11-25". */
MUST_CHECK enum status month_folder_begin_named(struct scope *scope, const char *out,
                                                const char *name, struct month_folder *folder);

/* What an index states in all. */
struct month_index {
    int64_t lists, rows; /* of the lists without a suffix */
    int64_t invitations; /* rows of the others */
};
/*
 * Is the month whole in its place? *found false: it is not there. Reads every list and compares its
 * hash with the index; LIST_OTHER where one differs or is missing.
 */
MUST_CHECK enum status month_folder_check(struct scope *scope, const struct month_folder *folder,
                                          bool *found, struct month_index *out);
/*
 * Writes the index and moves the folder to its place; where the same lists lie there already they
 * stay, others fail with LIST_OTHER.
 */
MUST_CHECK enum status month_folder_publish(struct scope *scope, const struct month_folder *folder,
                                            const struct list_file_figures *figures, size_t count);
/* Lets the lock go, and the parts where they were not published. */
void month_folder_end(struct month_folder *folder);
