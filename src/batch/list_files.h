/* SPDX-License-Identifier: Apache-2.0
 *
 * list_files.h - files of rows for thousands of insurers at once, in flat memory.
 *
 * Each file: `H,1,insurer,created,rows` (rows with ten digits), the rows, `T,rows,sha256` (of the
 * bytes between the two lines), as in a registration file. Rows of an insurer are gathered and
 * appended in pieces; no more than one file is open at a time.
 */
#pragma once

#include "store/store.h"

#define LIST_SHA256_HEX 65

struct list_files; /* opaque */

struct list_files_order {
    const char *folder; /* exists */
    const char *suffix; /* a constant: names are INSURER SUFFIX .csv; "", or "-" and letters */
    const struct insurer *insurers;
    size_t count;
    struct date created; /* the day that the header states */
    bool sparse;         /* an insurer without rows gets no file; else one without rows */
};
/* Begins files. Memory: at most 64 MiB of rows, whatever the number of insurers. */
MUST_CHECK enum status list_files_begin(struct scope *scope, const struct list_files_order *order,
                                        struct list_files **out);
/* Adds a row; one of an insurer that is not among them is passed over, and counted. */
MUST_CHECK enum status list_files_add(struct scope *scope, struct list_files *files,
                                      struct insurer_number insurer, const char *row, size_t size);
/* Rows that were passed over. */
int64_t list_files_passed(const struct list_files *files);
struct list_file_figures {
    struct insurer_number insurer;
    const char *suffix; /* as it was begun; NULL where the file was read back */
    int64_t rows;
    char sha256[LIST_SHA256_HEX];
};
/* Writes what is left, headers and trailers, all files in the order of the insurers. */
MUST_CHECK enum status list_files_finish(struct scope *scope, struct list_files *files,
                                         struct list_file_figures **out, size_t *count);
/* Reads a file: is it whole, and what does it hold? false where its trailer does not fit. */
bool list_file_check(const char *path, struct list_file_figures *out);
/* Accepts NULL. */
void list_files_drop(struct list_files *files);
