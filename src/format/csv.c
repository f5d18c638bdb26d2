/* SPDX-License-Identifier: Apache-2.0 */
#include "format/csv.h"

#include <string.h>

#define BUFFER_SIZE ((size_t)256 * 1024)

enum status csv_begin(struct scope *scope, csv_fill fill, void *context, struct csv_reader *out)
{
    *out = (struct csv_reader){.fill = fill, .context = context};
    return scope_alloc(scope, BUFFER_SIZE, 1, &out->buffer);
}

/* Moves what is left to the front and reads on; *grew: something came. */
static enum status refill(struct scope *scope, struct csv_reader *reader, bool *grew)
{
    size_t filled = 0;

    *grew = false;
    if (reader->ended)
        return STATUS_OK;
    if (reader->at > 0) {
        memmove(reader->buffer, reader->buffer + reader->at, reader->end - reader->at);
        reader->end -= reader->at;
        reader->at = 0;
    }
    TRY(reader->fill(scope, reader->context, reader->buffer + reader->end,
                     BUFFER_SIZE - reader->end, &filled));
    reader->end += filled;
    reader->ended = filled == 0;
    *grew = filled > 0;
    return STATUS_OK;
}

/* How many quotes stand in a run of bytes. */
static size_t count_quotes(const char *bytes, size_t size)
{
    const char *last = bytes + size;
    size_t count = 0;

    for (const char *quote = memchr(bytes, '"', size); quote;
         quote = memchr(quote + 1, '"', (size_t)(last - quote) - 1))
        count++;
    return count;
}

/* Bytes of the record that begins at the front, line end included; 0 where its end is not there. */
static size_t record_size(const char *bytes, size_t size)
{
    size_t seen = 0;
    size_t quotes = 0;
    const char *line_end = NULL;

    while (seen < size && (line_end = memchr(bytes + seen, '\n', size - seen))) {
        size_t upto = (size_t)(line_end - bytes) + 1;
        quotes += count_quotes(bytes + seen, upto - seen);
        if (quotes % 2 == 0)
            return upto;
        seen = upto;
    }
    return 0;
}

enum status csv_next(struct scope *scope, struct csv_reader *reader, struct text *raw)
{
    size_t size = record_size(reader->buffer + reader->at, reader->end - reader->at);

    while (size == 0 && !reader->ended && reader->end - reader->at <= CSV_RECORD_MAX) {
        bool grew = false;
        TRY(refill(scope, reader, &grew));
        size = record_size(reader->buffer + reader->at, reader->end - reader->at);
    }
    if (size == 0 && reader->ended) { /* the last record need not have a line end */
        size = reader->end - reader->at;
        if (size == 0)
            return STATUS_NOT_FOUND;
        if (count_quotes(reader->buffer + reader->at, size) % 2 != 0)
            return scope_fail(scope, CAUSE_REGISTRATION_CSV,
                              "record %lld: a quote is left open at the end",
                              (long long)reader->records + 1);
    }
    if (size == 0 || size > CSV_RECORD_MAX)
        return scope_fail(scope, CAUSE_REGISTRATION_CSV, "record %lld is longer than %zu bytes",
                          (long long)reader->records + 1, CSV_RECORD_MAX);
    *raw = (struct text){reader->buffer + reader->at, size};
    reader->at += size;
    reader->offset += (int64_t)size;
    reader->records++;
    return STATUS_OK;
}

static size_t without_line_end(struct text raw)
{
    size_t size = raw.size;

    if (size > 0 && raw.bytes[size - 1] == '\n')
        size--;
    if (size > 0 && raw.bytes[size - 1] == '\r')
        size--;
    return size;
}

/* A value in quotes, from behind the first: taken out in place. Returns where it ended. */
static char *unquote(char *at, char *last, struct text *out)
{
    char *write = at;

    out->bytes = at;
    while (at < last && (*at != '"' || (at + 1 < last && at[1] == '"'))) {
        at += *at == '"';
        *write++ = *at++;
    }
    out->size = (size_t)(write - out->bytes);
    return at < last ? at + 1 : last; /* csv_next() counted the quotes: there is one */
}

/* One value; false where quotes stand where none may. *at ends on the comma, or at the last. */
static bool take_value(char **at, char *last, struct text *out)
{
    char *comma = NULL;

    if (*at < last && **at == '"') {
        *at = unquote(*at + 1, last, out);
        return *at == last || **at == ',';
    }
    comma = *at < last ? memchr(*at, ',', (size_t)(last - *at)) : NULL;
    *out = (struct text){*at, (size_t)((comma ? comma : last) - *at)};
    *at += out->size;
    return out->size == 0 || memchr(out->bytes, '"', out->size) == NULL;
}

enum status csv_split(struct scope *scope, struct text raw, struct csv_record *out)
{
    char *at = NULL;
    char *last = NULL;

    TRY(scope_copy(scope, raw.bytes, without_line_end(raw), &at));
    last = at + without_line_end(raw);
    out->count = 0;
    for (;;) {
        if (out->count == CSV_FIELDS_MAX)
            return scope_fail(scope, CAUSE_REGISTRATION_CSV, "a record has more than %d values",
                              CSV_FIELDS_MAX);
        if (!take_value(&at, last, &out->fields[out->count++]))
            return scope_fail(scope, CAUSE_REGISTRATION_CSV, "value %zu has quotes inside",
                              out->count);
        if (at == last)
            return STATUS_OK;
        at++; /* the comma */
    }
}

static bool needs_quotes(struct text value)
{
    for (size_t i = 0; i < value.size; i++)
        if (strchr("\",\r\n", value.bytes[i]) && value.bytes[i] != '\0')
            return true;
    return false;
}

void csv_write(struct text_buffer *buffer, struct text value)
{
    if (!needs_quotes(value)) {
        text_buffer_add(buffer, value);
        return;
    }
    text_buffer_add_char(buffer, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.bytes[i] == '"')
            text_buffer_add_char(buffer, '"');
        text_buffer_add_char(buffer, value.bytes[i]);
    }
    text_buffer_add_char(buffer, '"');
}
