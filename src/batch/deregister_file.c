/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/deregister_file.h"

#include <string.h>

#define COLUMNS_MAX 3
#define KEY_SIZE_MAX 512

/* The line at reader->at without its end; moves on. */
static bool next_line(struct deregister_reader *reader, struct text *out)
{
    const char *begin = NULL;
    const char *end = NULL;

    if (reader->at >= reader->file.size)
        return false;
    begin = reader->file.bytes + reader->at;
    end = memchr(begin, '\n', reader->file.size - reader->at);
    *out = (struct text){begin, end ? (size_t)(end - begin) : reader->file.size - reader->at};
    reader->at += out->size + 1;
    reader->line++;
    *out = text_trim(*out);
    return true;
}

/* Columns of a line; more than there are make COLUMNS_MAX + 1. */
static size_t split(struct text line, struct text columns[COLUMNS_MAX])
{
    size_t count = 0;

    while (count < COLUMNS_MAX) {
        const char *comma = line.size > 0 ? memchr(line.bytes, ',', line.size) : NULL;
        size_t size = comma ? (size_t)(comma - line.bytes) : line.size;
        columns[count++] = text_trim((struct text){line.bytes, size});
        if (!comma)
            return count;
        line = (struct text){comma + 1, line.size - size - 1};
    }
    return COLUMNS_MAX + 1;
}

static bool read_day(struct text text, struct date *out)
{
    char digits[8];

    *out = DATE_NONE;
    if (text_empty(text))
        return true;
    if (text.size != 10 || text.bytes[4] != '-' || text.bytes[7] != '-')
        return date_read(text.bytes, text.size, out);
    memcpy(digits, text.bytes, 4);
    memcpy(digits + 4, text.bytes + 5, 2);
    memcpy(digits + 6, text.bytes + 8, 2);
    return date_read(digits, sizeof digits, out);
}

static bool read_proxy(struct text text, bool *out)
{
    *out = text_is(text, "1");
    return text_empty(text) || *out || text_is(text, "0");
}

bool deregister_row_next(struct deregister_reader *reader, struct deregister_row *out)
{
    struct text columns[COLUMNS_MAX] = {{0}};
    struct text line = {0};
    size_t count = 0;

    do {
        if (!next_line(reader, &line))
            return false;
    } while (text_empty(line) || line.bytes[0] == '#');
    count = split(line, columns);
    *out = (struct deregister_row){.line = reader->line, .key = columns[0]};
    if (count > COLUMNS_MAX)
        out->wrong = "columns";
    else if (text_empty(out->key) || out->key.size > KEY_SIZE_MAX)
        out->wrong = "key";
    else if (!read_day(columns[1], &out->requested))
        out->wrong = "requested";
    else if (!read_proxy(columns[2], &out->proxy))
        out->wrong = "proxy";
    return true;
}
