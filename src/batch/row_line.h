/* SPDX-License-Identifier: Apache-2.0
 *
 * row_line.h - a row of a list, cell by cell: parted by commas, quoted where it must be (RFC 4180),
 * LF at its end. A control character in a text becomes a blank, so that no text ends its row.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/text.h"

/* Begun as {.bytes = out, .room = bytes of out}. */
struct row_line {
    char *bytes;
    size_t room, size;
    bool full, begun;
};

void row_line_text(struct row_line *line, struct text text);
/* At most so many bytes of it, whole code points. The text must be UTF-8. */
void row_line_part(struct row_line *line, struct text text, size_t most);
void row_line_number(struct row_line *line, long number);
/* yyyymmdd; nothing for no date and for the open end. */
void row_line_date(struct row_line *line, struct date date);
/* Ends the row; returns its bytes, 0 where it did not fit. */
size_t row_line_end(struct row_line *line);
