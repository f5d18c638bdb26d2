/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - UTF-8 text with its length, and a buffer to write into.
 *
 * A text is borrowed: it points into a scope, a row or a constant. It need not end in NUL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"

struct text {
    const char *bytes; /* UTF-8; may be NULL where size is 0 */
    size_t size;       /* bytes */
};

/* A text from a string constant. */
#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

/* For printf: printf("%.*s", TEXT_ARGS(t)). */
#define TEXT_ARGS(t) (int)(t).size, (t).bytes

struct text text_of(const char *string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text text, const char *string);
bool text_starts_with(struct text text, const char *prefix);
bool text_empty(struct text text);

/* Without blanks (space, tab, CR, LF) at both ends. */
struct text text_trim(struct text text);

/* True for 1 or more ASCII digits and nothing else. */
bool text_is_digits(struct text text);

/* Reads 1 to 18 ASCII digits; false for anything else. */
bool text_read_number(struct text text, int64_t *out);

/* True for well-formed UTF-8 without NUL, surrogates or overlong forms. */
bool text_is_utf8(struct text text);

/* Count of code points; the text must be UTF-8. */
size_t text_length(struct text text);

/* Reads the code point at *at (bytes) and moves on; 0 at the end. The text must be UTF-8. */
uint32_t text_next(struct text text, size_t *at);

/* Copies into the scope; out is NUL-terminated behind its size. */
MUST_CHECK enum status text_copy(struct scope *scope, struct text text, struct text *out);

/* printf into the scope. */
MUST_CHECK enum status text_format(struct scope *scope, struct text *out, const char *format, ...)
    PRINTF_LIKE(3, 4);

/*
 * A growing buffer in a scope. Writing never fails by itself: the first failure is kept and
 * text_buffer_end() reports it, so that writers read as a list of what they write.
 */
struct text_buffer {
    struct scope *scope;
    char *bytes;
    size_t size, capacity;
    enum status status;
};

struct text_buffer text_buffer_begin(struct scope *scope, size_t capacity);
void text_buffer_add(struct text_buffer *buffer, struct text text);
void text_buffer_add_string(struct text_buffer *buffer, const char *string);
void text_buffer_add_char(struct text_buffer *buffer, char byte);
void text_buffer_add_format(struct text_buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* out is NUL-terminated behind its size. */
MUST_CHECK enum status text_buffer_end(struct text_buffer *buffer, struct text *out);
