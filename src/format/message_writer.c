/* SPDX-License-Identifier: Apache-2.0 */
#include "format/message_writer.h"

#include <assert.h>
#include <string.h>

#define FIRST_CAPACITY 4096 /* bytes: most answers fit */
#define ESCAPE_MAX 6        /* bytes that one byte of text becomes at most, in either syntax */
#define INDENT_MAX ((size_t)2 * OQS_DEPTH_MAX)
#define NUMBER_DIGITS_MAX 18

static const struct text root = {"XmlMsg", 6};

/* True when size more bytes fit. */
static bool make_room(struct message_writer *writer, size_t size)
{
    size_t capacity = writer->capacity;
    char *grown = NULL;

    if (writer->status != STATUS_OK)
        return false;
    if (size < capacity - writer->size)
        return true;
    while (capacity - writer->size <= size)
        capacity *= 2;
    writer->status = scope_alloc(writer->scope, capacity, 1, &grown);
    if (writer->status != STATUS_OK)
        return false;
    memcpy(grown, writer->bytes, writer->size);
    writer->bytes = grown;
    writer->capacity = capacity;
    return true;
}

/* The put functions write without asking: make_room() was called for all of them. */
static void put(struct message_writer *writer, struct text text)
{
    if (text.size > 0)
        memcpy(writer->bytes + writer->size, text.bytes, text.size);
    writer->size += text.size;
}

static void put_byte(struct message_writer *writer, char byte)
{
    writer->bytes[writer->size++] = byte;
}

static void put_indent(struct message_writer *writer, size_t depth)
{
    memset(writer->bytes + writer->size, ' ', 2 * depth);
    writer->size += 2 * depth;
}

static void put_start_tag(struct message_writer *writer, size_t depth, struct text name)
{
    put_indent(writer, depth);
    put_byte(writer, '<');
    put(writer, name);
    put_byte(writer, '>');
}

static void put_end_tag(struct message_writer *writer, struct text name)
{
    put_byte(writer, '<');
    put_byte(writer, '/');
    put(writer, name);
    put_byte(writer, '>');
    put_byte(writer, '\n');
}

/* What a byte is written as, in XML and in JSON, where it is not itself. */
static const struct {
    char byte;
    const char *as[2]; /* by enum oqs_syntax; NULL = itself */
} escapes[] = {
    {'&', {"&amp;", NULL}}, {'<', {"&lt;", NULL}},  {'>', {"&gt;", NULL}}, {'\r', {"&#13;", "\\r"}},
    {'"', {NULL, "\\\""}},  {'\\', {NULL, "\\\\"}}, {'\t', {NULL, "\\t"}}, {'\n', {NULL, "\\n"}},
};

static const char *escape(enum oqs_syntax syntax, char byte)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i].byte == byte)
            return escapes[i].as[syntax];
    return NULL;
}

/* True for a byte that both syntaxes write as it is. */
static bool is_itself(char byte)
{
    unsigned char code = (unsigned char)byte;

    return code >= 0x20 && code != '&' && code != '<' && code != '>' && code != '"' && code != '\\';
}

/* Well-formed UTF-8 of characters that XML 1.0 has (production 2, Char). */
static bool xml_can_hold(struct text text)
{
    if (!text_is_utf8(text))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
            return false;
        /* U+FFFE and U+FFFF */
        if (byte == 0xEF && memcmp(text.bytes + i, "\xEF\xBF", 2) == 0 &&
            (unsigned char)text.bytes[i + 2] >= 0xBE)
            return false;
    }
    return true;
}

static void put_text(struct message_writer *writer, struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        const char *as = is_itself(text.bytes[i]) ? NULL : escape(writer->syntax, text.bytes[i]);
        if (as)
            put(writer, text_of(as));
        else
            put_byte(writer, text.bytes[i]);
    }
}

/* JSON: the comma before a member, and the object around an item of a list. */
static void put_json_start(struct message_writer *writer, struct message_group *parent,
                           struct text name)
{
    if (parent && parent->member)
        put_byte(writer, ',');
    if (parent)
        parent->member = true;
    if (!parent || parent->list)
        put_byte(writer, '{');
    put_byte(writer, '"');
    put(writer, name);
    put_byte(writer, '"');
    put_byte(writer, ':');
}

static void put_start(struct message_writer *writer, size_t depth)
{
    struct message_group *group = &writer->groups[depth];

    if (writer->syntax == OQS_XML) {
        put_start_tag(writer, depth, group->name);
        put_byte(writer, '\n');
        return;
    }
    put_json_start(writer, depth > 0 ? group - 1 : NULL, group->name);
    put_byte(writer, group->list ? '[' : '{');
}

/* Writes the starts of the groups that were begun and now get their first leaf. */
static bool write_starts(struct message_writer *writer)
{
    while (writer->written < writer->depth) {
        if (!make_room(writer, writer->groups[writer->written].name.size + INDENT_MAX + 8))
            return false;
        put_start(writer, writer->written++);
    }
    return writer->status == STATUS_OK;
}

struct message_writer message_begin_declared(struct scope *scope, struct text encoding)
{
    struct message_writer writer = {.scope = scope, .syntax = OQS_XML, .capacity = FIRST_CAPACITY};

    writer.status = scope_alloc(scope, writer.capacity, 1, &writer.bytes);
    if (make_room(&writer, encoding.size + 64)) {
        put(&writer, TEXT("<?xml version=\"1.0\" encoding=\""));
        put(&writer, encoding);
        put(&writer, TEXT("\" standalone=\"no\"?>\n"));
    }
    message_group(&writer, root);
    return writer;
}

struct message_writer message_begin(struct scope *scope, enum oqs_syntax syntax)
{
    struct message_writer writer = {.scope = scope, .syntax = syntax, .capacity = FIRST_CAPACITY};

    if (syntax == OQS_XML)
        return message_begin_declared(scope, TEXT("UTF-8"));
    writer.status = scope_alloc(scope, writer.capacity, 1, &writer.bytes);
    message_group(&writer, root);
    return writer;
}

static void begin_group(struct message_writer *writer, struct text name, bool list)
{
    assert(writer->depth < OQS_DEPTH_MAX);
    writer->groups[writer->depth++] = (struct message_group){.name = name, .list = list};
}

void message_group(struct message_writer *writer, struct text name)
{
    begin_group(writer, name, false);
}

void message_list(struct message_writer *writer, struct text name)
{
    begin_group(writer, name, true);
}

static void put_end(struct message_writer *writer, const struct message_group *group)
{
    if (writer->syntax == OQS_XML) {
        put_indent(writer, writer->depth);
        put_end_tag(writer, group->name);
        return;
    }
    put_byte(writer, group->list ? ']' : '}');
    if (writer->depth == 0 || writer->groups[writer->depth - 1].list)
        put_byte(writer, '}');
}

void message_group_end(struct message_writer *writer)
{
    const struct message_group *group = NULL;

    assert(writer->depth > 0);
    group = &writer->groups[--writer->depth];
    if (writer->written <= writer->depth)
        return; /* nothing was written into it */
    writer->written--;
    if (make_room(writer, group->name.size + INDENT_MAX + 8))
        put_end(writer, group);
}

static void write_leaf(struct message_writer *writer, struct text name, struct text text)
{
    size_t room = 2 * name.size + ESCAPE_MAX * text.size + INDENT_MAX + 16;

    if (!write_starts(writer) || !make_room(writer, room))
        return;
    if (writer->syntax == OQS_XML) {
        put_start_tag(writer, writer->depth, name);
        put_text(writer, text);
        put_end_tag(writer, name);
        return;
    }
    put_json_start(writer, &writer->groups[writer->depth - 1], name);
    put_byte(writer, '"');
    put_text(writer, text);
    put_byte(writer, '"');
}

void message_required_leaf(struct message_writer *writer, struct text name, struct text text)
{
    if (writer->status == STATUS_OK && !xml_can_hold(text))
        writer->status = scope_fail(writer->scope, CAUSE_TEXT_WRONG, "%.*s holds what XML cannot",
                                    TEXT_ARGS(name));
    write_leaf(writer, name, text);
}

void message_leaf(struct message_writer *writer, struct text name, struct text text)
{
    if (!text_empty(text))
        message_required_leaf(writer, name, text);
}

void message_number(struct message_writer *writer, struct text name, int64_t number, int digits)
{
    char places[NUMBER_DIGITS_MAX + 1];
    size_t first = sizeof places;

    assert(number >= 0 && digits >= 1 && digits <= NUMBER_DIGITS_MAX);
    for (int left = digits; first > 0 && (left > 0 || number > 0); left--) {
        places[--first] = (char)('0' + number % 10);
        number /= 10;
    }
    write_leaf(writer, name, (struct text){places + first, sizeof places - first});
}

enum status message_end(struct message_writer *writer, struct text *out)
{
    while (writer->depth > 0)
        message_group_end(writer);
    if (!make_room(writer, 1))
        return writer->status;
    writer->bytes[writer->size] = '\0';
    *out = (struct text){writer->bytes, writer->size};
    return STATUS_OK;
}
