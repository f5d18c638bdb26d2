/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/overlap_row.h"

#include <stdio.h>

struct line {
    char *bytes;
    size_t size;
    bool full, begun;
};

static void put_char(struct line *line, char byte)
{
    if (line->size == OVERLAP_ROW_MAX)
        line->full = true;
    else
        line->bytes[line->size++] = byte;
}

static void begin_cell(struct line *line)
{
    if (line->begun)
        put_char(line, ',');
    line->begun = true;
}

static bool needs_quotes(struct text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] == ',' || text.bytes[i] == '"')
            return true;
    return false;
}

static void put(struct line *line, struct text text)
{
    bool quotes = needs_quotes(text);

    begin_cell(line);
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

static void put_number(struct line *line, long number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%ld", number);
    put(line, text_of(digits));
}

/* yyyymmdd; nothing for no date and for the open end. */
static void put_date(struct line *line, struct date date)
{
    if (!date_is(date) || date_compare(date, DATE_NEVER) == 0)
        put(line, TEXT(""));
    else
        put_number(line, date.yyyymmdd);
}

size_t overlap_row_write(const struct overlap_row *row, char out[OVERLAP_ROW_MAX])
{
    struct line line = {0};

    line.bytes = out;
    put(&line, row->key);
    put(&line, text_of(row->branch));
    put(&line, text_of(overlap_kind_name(row->kind)));
    put(&line, text_of(row->rule->id));
    put_date(&line, row->from);
    put_date(&line, row->until);
    put(&line, text_of(row->other.digits));
    put(&line, row->other_name);
    put_date(&line, row->other_from);
    put_date(&line, row->other_until);
    put_date(&line, row->first);
    put_date(&line, row->last);
    put_number(&line, row->days);
    put(&line, row->counts ? TEXT("1") : TEXT("0"));
    put(&line, text_of(row->rule->title_ja));
    put(&line, text_of(row->rule->desk_ja));
    put(&line, text_of(row->rule->title_en));
    put(&line, text_of(row->rule->desk_en));
    put_char(&line, '\n');
    return line.full ? 0 : line.size;
}
