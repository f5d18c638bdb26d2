/* SPDX-License-Identifier: Apache-2.0
 *
 * deregister_file.h - a file of requests for deregistration, for bulk entry (R2).
 *
 * UTF-8, a line each: KEY[,REQUESTED[,PROXY]]. KEY as in member_key.h; REQUESTED is the day on
 * which the person asked, yyyymmdd or yyyy-mm-dd, empty = the day of entry; PROXY is 1 where
 * somebody asked for the person, else 0 or empty. Empty lines and those that begin with # say
 * nothing. The layout is ours.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/text.h"

#define DEREGISTER_FILE_MAX (16UL * 1024 * 1024) /* bytes */
#define DEREGISTER_ROWS_MAX 200000

struct deregister_row {
    size_t line; /* 1 and up */
    struct text key;
    struct date requested;
    bool proxy;
    const char *wrong; /* the item that is wrong: "key", "requested", "proxy", "columns"; or NULL */
};

struct deregister_reader {
    struct text file; /* UTF-8 */
    size_t at, line;
};

/* The next row, wrong ones too; false at the end. The texts lie in the file. */
bool deregister_row_next(struct deregister_reader *reader, struct deregister_row *out);
