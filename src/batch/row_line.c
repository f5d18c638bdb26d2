/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/row_line.h"

#include <stdio.h>

static void put_char(struct row_line *line, char byte)
{
    if (line->size == line->room)
        line->full = true;
    else
        line->bytes[line->size++] = byte;
}

static bool needs_quotes(struct text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] == ',' || text.bytes[i] == '"')
            return true;
    return false;
}

void row_line_text(struct row_line *line, struct text text)
{
    bool quotes = needs_quotes(text);

    if (line->begun)
        put_char(line, ',');
    line->begun = true;
    if (quotes)
        put_char(line, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == '"')
            put_char(line, '"');
        if ((unsigned char)text.bytes[i] < ' ')
            put_char(line, ' ');
        else
            put_char(line, text.bytes[i]);
    }
    if (quotes)
        put_char(line, '"');
}

void row_line_part(struct row_line *line, struct text text, size_t most)
{
    if (text.size > most) {
        text.size = most;
        while (text.size > 0 && ((unsigned char)text.bytes[text.size] & 0xC0) == 0x80)
            text.size--;
    }
    row_line_text(line, text);
}

void row_line_number(struct row_line *line, long number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%ld", number);
    row_line_text(line, text_of(digits));
}

void row_line_date(struct row_line *line, struct date date)
{
    if (!date_is(date) || date_compare(date, DATE_NEVER) == 0)
        row_line_text(line, TEXT(""));
    else
        row_line_number(line, date.yyyymmdd);
}

size_t row_line_end(struct row_line *line)
{
    put_char(line, '\n');
    return line->full ? 0 : line->size;
}
