/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_json.h"

#include "base/hex.h"

#include <assert.h>
#include <string.h>

/* What is read, and where we are. */
struct reading {
    struct scope *scope;
    const char *at, *end;
};

static enum status wrong(const struct reading *reading, const char *why)
{
    return scope_fail(reading->scope, CAUSE_REGISTER_MESSAGE_WRONG, "JSON: %s", why);
}

static void skip_blanks(struct reading *reading)
{
    static const char blanks[] = {' ', '\t', '\r', '\n'};

    while (reading->at < reading->end && memchr(blanks, *reading->at, sizeof blanks))
        reading->at++;
}

static bool take(struct reading *reading, char byte)
{
    skip_blanks(reading);
    if (reading->at == reading->end || *reading->at != byte)
        return false;
    reading->at++;
    return true;
}

/* --- strings ------------------------------------------------------------------------------------
 */

/* The four digits behind \u, or -1. */
static int32_t read_unit(struct reading *reading)
{
    int32_t unit = 0;

    if (reading->end - reading->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*reading->at++);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static size_t write_utf8(int32_t point, char *out)
{
    unsigned bits = (unsigned)point;

    if (bits < 0x80) {
        out[0] = (char)bits;
        return 1;
    }
    if (bits < 0x800) {
        out[0] = (char)(0xC0 | bits >> 6);
        out[1] = (char)(0x80 | (bits & 63));
        return 2;
    }
    if (bits < 0x10000) {
        out[0] = (char)(0xE0 | bits >> 12);
        out[1] = (char)(0x80 | (bits >> 6 & 63));
        out[2] = (char)(0x80 | (bits & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | bits >> 18);
    out[1] = (char)(0x80 | (bits >> 12 & 63));
    out[2] = (char)(0x80 | (bits >> 6 & 63));
    out[3] = (char)(0x80 | (bits & 63));
    return 4;
}

/* A code point behind \u, with its second half where it has one; -1 for half a pair and for NUL. */
static int32_t read_point(struct reading *reading)
{
    int32_t unit = read_unit(reading);
    int32_t low = 0;

    if (unit < 0xD800 || unit > 0xDFFF)
        return unit > 0 ? unit : -1;
    if (unit > 0xDBFF || reading->end - reading->at < 6 || reading->at[0] != '\\' ||
        reading->at[1] != 'u')
        return -1;
    reading->at += 2;
    low = read_unit(reading);
    if (low < 0xDC00 || low > 0xDFFF)
        return -1;
    return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
}

/* Reads an escape behind its backslash; returns the bytes it gives, 0 where it is none. */
static size_t read_escape(struct reading *reading, char *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *found = NULL;
    int32_t point = 0;

    if (reading->at == reading->end)
        return 0;
    if (*reading->at == 'u') {
        reading->at++;
        point = read_point(reading);
        return point > 0 ? write_utf8(point, out) : 0;
    }
    found = memchr(from, *reading->at++, sizeof from - 1);
    if (!found)
        return 0;
    out[0] = to[found - from];
    return 1;
}

/* The quote that ends the string, or NULL. */
static const char *find_quote(const struct reading *reading)
{
    for (const char *at = reading->at; at < reading->end; at++) {
        if (*at == '"')
            return at;
        if (*at == '\\')
            at++;
    }
    return NULL;
}

/* A string never grows: the shortest escape of n bytes has more than n. */
static enum status read_string(struct reading *reading, struct text *out)
{
    const char *quote = NULL;
    char *bytes = NULL;
    size_t size = 0;

    if (!take(reading, '"'))
        return wrong(reading, "a string was expected");
    quote = find_quote(reading);
    if (!quote)
        return wrong(reading, "a string does not end");
    TRY(scope_alloc(reading->scope, (size_t)(quote - reading->at) + 1, 1, &bytes));
    while (reading->at < quote) {
        char byte = *reading->at++;
        size_t more = 1;
        if ((unsigned char)byte < 0x20)
            return wrong(reading, "a control character in a string");
        if (byte == '\\')
            more = read_escape(reading, bytes + size);
        else
            bytes[size] = byte;
        if (more == 0 || reading->at > quote)
            return wrong(reading, "an escape that is none");
        size += more;
    }
    reading->at = quote + 1;
    *out = (struct text){bytes, size};
    return STATUS_OK;
}

/* --- other values ------------------------------------------------------------------------------
 */

static bool take_word(struct reading *reading, const char *word)
{
    size_t size = strlen(word);

    if ((size_t)(reading->end - reading->at) < size || memcmp(reading->at, word, size) != 0)
        return false;
    reading->at += size;
    return true;
}

static enum status read_number(struct reading *reading, struct json_node *out)
{
    struct text digits = {reading->at, 0};

    while (reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9')
        reading->at++;
    digits.size = (size_t)(reading->at - digits.bytes);
    if ((digits.size > 1 && digits.bytes[0] == '0') || !text_read_number(digits, &out->number))
        return wrong(reading, "a whole number of 0 and up, 18 digits at most, was expected");
    out->kind = JSON_NUMBER_NODE;
    return STATUS_OK;
}

static enum status read_scalar(struct reading *reading, struct json_node *out)
{
    if (reading->at < reading->end && *reading->at == '"') {
        out->kind = JSON_STRING_NODE;
        return read_string(reading, &out->text);
    }
    out->kind = JSON_FLAG_NODE;
    out->number = take_word(reading, "true");
    if (out->number == 1 || take_word(reading, "false"))
        return STATUS_OK;
    return read_number(reading, out);
}

const struct json_node *json_member(const struct json_node *object, const char *name)
{
    for (const struct json_node *node = object->first; node; node = node->next)
        if (text_is(node->name, name))
            return node;
    return NULL;
}

/* --- objects and arrays: a stack instead of calls ------------------------------------------------
 */

struct open_node {
    struct json_node *node;
    struct json_node *last; /* child */
};

static enum status read_name(struct reading *reading, const struct json_node *object,
                             struct json_node *out)
{
    TRY(read_string(reading, &out->name));
    for (const struct json_node *node = object->first; node; node = node->next)
        if (text_equal(node->name, out->name))
            return wrong(reading, "a name stands twice");
    return take(reading, ':') ? STATUS_OK : wrong(reading, "a colon was expected");
}

/* Adds a child, with its name where the parent is an object. */
static enum status add_child(struct reading *reading, struct open_node *parent,
                             struct json_node **out)
{
    bool object = parent->node->kind == JSON_OBJECT_NODE;
    struct json_node *child = NULL;

    if (parent->node->count == (object ? REGISTER_JSON_MEMBERS : REGISTER_JSON_ITEMS))
        return wrong(reading, "too many members or items");
    TRY(scope_alloc(reading->scope, 1, sizeof *child, &child));
    if (object)
        TRY(read_name(reading, parent->node, child));
    if (parent->last)
        parent->last->next = child;
    else
        parent->node->first = child;
    parent->last = child;
    parent->node->count++;
    *out = child;
    return STATUS_OK;
}

static bool opens(struct reading *reading, struct json_node *node)
{
    if (take(reading, '{'))
        node->kind = JSON_OBJECT_NODE;
    else if (take(reading, '['))
        node->kind = JSON_ARRAY_NODE;
    else
        return false;
    return true;
}

static bool closes(struct reading *reading, const struct open_node *top)
{
    return take(reading, top->node->kind == JSON_OBJECT_NODE ? '}' : ']');
}

static enum status read_nested(struct reading *reading, struct json_node *root)
{
    struct open_node open[REGISTER_JSON_DEPTH] = {{root, NULL}};
    size_t depth = 1;

    while (depth > 0) {
        struct open_node *top = &open[depth - 1];
        struct json_node *child = NULL;
        if (closes(reading, top)) {
            depth--;
            continue;
        }
        if (top->node->count > 0 && !take(reading, ','))
            return wrong(reading, "a comma was expected");
        TRY(add_child(reading, top, &child));
        assert(child); /* a failure was passed up */
        skip_blanks(reading);
        if (!opens(reading, child))
            TRY(read_scalar(reading, child));
        else if (depth == REGISTER_JSON_DEPTH)
            return wrong(reading, "nested too deep");
        else
            open[depth++] = (struct open_node){child, NULL};
    }
    return STATUS_OK;
}

enum status register_json_read(struct scope *scope, struct text bytes, const struct json_node **out)
{
    struct reading reading = {scope, bytes.bytes, bytes.bytes + bytes.size};
    struct json_node *root = NULL;

    if (bytes.size == 0 || bytes.size > REGISTER_BODY_MAX || !text_is_utf8(bytes))
        return wrong(&reading, "empty, too large, or no UTF-8");
    TRY(scope_alloc(scope, 1, sizeof *root, &root));
    if (!take(&reading, '{'))
        return wrong(&reading, "a message is an object");
    TRY(read_nested(&reading, root));
    skip_blanks(&reading);
    if (reading.at != reading.end)
        return wrong(&reading, "something stands behind the message");
    *out = root;
    return STATUS_OK;
}

void json_add_member(struct text_buffer *buffer, const char *name, struct text value)
{
    text_buffer_add_format(buffer, "\"%s\":\"", name);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.bytes[i];
        if (byte < 0x20)
            text_buffer_add_format(buffer, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            text_buffer_add_format(buffer, "\\%c", byte);
        else
            text_buffer_add_char(buffer, (char)byte);
    }
    text_buffer_add_char(buffer, '"');
}
