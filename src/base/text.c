/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text text_of(const char *string)
{
    return (struct text){string, string ? strlen(string) : 0};
}

bool text_equal(struct text a, struct text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

bool text_is(struct text text, const char *string)
{
    return text_equal(text, text_of(string));
}

bool text_starts_with(struct text text, const char *prefix)
{
    size_t size = strlen(prefix);

    return text.size >= size && memcmp(text.bytes, prefix, size) == 0;
}

bool text_empty(struct text text)
{
    return text.size == 0;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct text text_trim(struct text text)
{
    while (text.size > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

bool text_is_digits(struct text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.size > 0;
}

bool text_read_number(struct text text, int64_t *out)
{
    int64_t number = 0;

    if (text.size > 18 || !text_is_digits(text))
        return false;
    for (size_t i = 0; i < text.size; i++)
        number = number * 10 + (text.bytes[i] - '0');
    *out = number;
    return true;
}

/* Bytes that follow a lead byte, or -1. */
static int continuation_count(unsigned char lead)
{
    if (lead < 0x80)
        return 0;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
}

/* The second byte has a narrower range after some lead bytes: no overlong forms, no surrogates. */
static bool second_ok(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return true;
    }
}

/* How many of the bytes from at on are ASCII without NUL, in steps of eight. */
static size_t ascii_run(const unsigned char *bytes, size_t at, size_t size)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    size_t start = at;
    uint64_t eight = 0;

    for (; size - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        if (((eight | (eight - ones)) & tops) != 0) /* a byte above 0x7F, or a zero */
            break;
    }
    return at - start;
}

bool text_is_utf8(struct text text)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t at = 0;

    for (at = ascii_run(bytes, 0, text.size); at < text.size;) {
        int more = continuation_count(bytes[at]);
        if (bytes[at] == 0 || more < 0 || (size_t)more >= text.size - at)
            return false;
        if (more > 0 && !second_ok(bytes[at], bytes[at + 1]))
            return false;
        for (int i = 1; i <= more; i++)
            if ((bytes[at + (size_t)i] & 0xC0) != 0x80)
                return false;
        at += (size_t)more + 1;
        at += ascii_run(bytes, at, text.size);
    }
    return true;
}

uint32_t text_next(struct text text, size_t *at)
{
    static const unsigned char lead_mask[] = {0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    uint32_t point = 0;
    int more = 0;

    if (*at >= text.size)
        return 0;
    more = continuation_count(bytes[*at]);
    if (more < 0 || (size_t)more >= text.size - *at)
        more = 0;
    point = bytes[*at] & lead_mask[more];
    for (int i = 1; i <= more; i++)
        point = point << 6 | (bytes[*at + (size_t)i] & 0x3FU);
    *at += (size_t)more + 1;
    return point;
}

size_t text_length(struct text text)
{
    size_t count = 0;

    for (size_t at = 0; at < text.size; count++)
        text_next(text, &at);
    return count;
}

enum status text_copy(struct scope *scope, struct text text, struct text *out)
{
    char *copy = NULL;

    TRY(scope_copy(scope, text.bytes, text.size, &copy));
    *out = (struct text){copy, text.size};
    return STATUS_OK;
}

enum status text_format(struct scope *scope, struct text *out, const char *format, ...)
{
    va_list args;
    int size = 0;
    char *made = NULL;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0)
        return scope_fail(scope, CAUSE_INTERNAL, "format of a text");
    TRY(scope_alloc(scope, (size_t)size + 1, 1, &made));
    va_start(args, format);
    vsnprintf(made, (size_t)size + 1, format, args);
    va_end(args);
    *out = (struct text){made, (size_t)size};
    return STATUS_OK;
}

struct text_buffer text_buffer_begin(struct scope *scope, size_t capacity)
{
    struct text_buffer buffer = {.scope = scope, .capacity = capacity ? capacity : 64};

    buffer.status = scope_alloc(scope, buffer.capacity, 1, &buffer.bytes);
    return buffer;
}

/* True when size more bytes (and a NUL) fit. */
static bool make_room(struct text_buffer *buffer, size_t size)
{
    size_t capacity = buffer->capacity;
    char *grown = NULL;

    if (buffer->status != STATUS_OK)
        return false;
    if (size < capacity - buffer->size)
        return true;
    while (capacity - buffer->size <= size)
        capacity *= 2;
    buffer->status = scope_alloc(buffer->scope, capacity, 1, &grown);
    if (buffer->status != STATUS_OK)
        return false;
    memcpy(grown, buffer->bytes, buffer->size);
    buffer->bytes = grown;
    buffer->capacity = capacity;
    return true;
}

void text_buffer_add(struct text_buffer *buffer, struct text text)
{
    if (text.size == 0 || !make_room(buffer, text.size))
        return;
    memcpy(buffer->bytes + buffer->size, text.bytes, text.size);
    buffer->size += text.size;
}

void text_buffer_add_string(struct text_buffer *buffer, const char *string)
{
    text_buffer_add(buffer, text_of(string));
}

void text_buffer_add_char(struct text_buffer *buffer, char byte)
{
    text_buffer_add(buffer, (struct text){&byte, 1});
}

void text_buffer_add_format(struct text_buffer *buffer, const char *format, ...)
{
    va_list args;
    int size = 0;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || !make_room(buffer, (size_t)size))
        return;
    va_start(args, format);
    vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, args);
    va_end(args);
    buffer->size += (size_t)size;
}

enum status text_buffer_end(struct text_buffer *buffer, struct text *out)
{
    if (!make_room(buffer, 0))
        return buffer->status;
    buffer->bytes[buffer->size] = '\0';
    *out = (struct text){buffer->bytes, buffer->size};
    return STATUS_OK;
}
