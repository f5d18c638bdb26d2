/* SPDX-License-Identifier: Apache-2.0
 *
 * cast_file.h - reads samples/cast.csv of a world: who can be asked about, and how.
 *
 * The file is the same that vendors use; reading it here shows that it says enough.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"

#define CAST_ROWS_MAX 256

/* One row; texts live in the scope and are empty where the file has nothing. */
struct cast_row {
    struct text scenario;
    struct text insurer, symbol, number, branch, birth; /* as they would be typed; birth yyyymmdd */
    struct text card;                                   /* file name below the world's folder */
    struct text mode;                                   /* face, pin, visual */
};

struct cast_file {
    struct cast_row *rows;
    size_t count;
};

/* Fails with FILE_UNAVAILABLE, or CONFIGURATION where a column is missing. */
MUST_CHECK enum status cast_file_read(struct scope *scope, const char *path, struct cast_file *out);

/* The first row of a scenario that has a card (by_card) or numbers; NULL where there is none. */
const struct cast_row *cast_file_find(const struct cast_file *file, const char *scenario,
                                      bool by_card);
