/* SPDX-License-Identifier: Apache-2.0 */
#include "format/fields.h"

#include <assert.h>
#include <string.h>

#include "format/base64.h"

/* Codes are read into and written from int: enums must look like one. */
static_assert(sizeof(enum identity_mode) == sizeof(int), "enums have the size of int");

static bool all_of(struct text text, bool (*one)(unsigned char))
{
    for (size_t i = 0; i < text.size; i++)
        if (!one((unsigned char)text.bytes[i]))
            return false;
    return true;
}

static bool is_printable(unsigned char byte)
{
    return byte >= 0x20 && byte <= 0x7E;
}

static bool is_hex(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}

static bool is_name(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '-';
}

/* No control characters, and none that XML 1.0 cannot hold. The text is UTF-8. */
static bool is_plain(struct text text)
{
    for (size_t at = 0; at < text.size;) {
        uint32_t point = text_next(text, &at);
        if (point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xFFFE || point == 0xFFFF)
            return false;
    }
    return true;
}

static enum status wrong(struct scope *scope, const struct field *field, enum cause cause)
{
    return scope_fail(scope, cause, "element %.*s", TEXT_ARGS(field->name));
}

static enum status read_text(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    if (!is_plain(text))
        return wrong(scope, field, CAUSE_TEXT_WRONG);
    if (text_length(text) > (size_t)field->max)
        return wrong(scope, field, CAUSE_VALUE_TOO_LONG);
    memcpy(slot, &text, sizeof text);
    return STATUS_OK;
}

/* Text of one kind of bytes. */
static enum status read_bytes(struct scope *scope, const struct field *field, struct text text,
                              bool (*one)(unsigned char), void *slot)
{
    if (!all_of(text, one))
        return wrong(scope, field, CAUSE_TEXT_WRONG);
    return read_text(scope, field, text, slot);
}

static enum status read_identifier(struct scope *scope, const struct field *field, struct text text,
                                   void *slot)
{
    /* blanks at the ends are part of it, line ends around it are not */
    return read_bytes(scope, field, all_of(text, is_printable) ? text : text_trim(text),
                      is_printable, slot);
}

static enum status read_name(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    return read_bytes(scope, field, text, is_name, slot);
}

static enum status read_hex(struct scope *scope, const struct field *field, struct text text,
                            void *slot)
{
    TRY(read_bytes(scope, field, text, is_hex, slot));
    if (text.size != (size_t)field->max)
        return wrong(scope, field, CAUSE_TEXT_WRONG);
    return STATUS_OK;
}

static enum status read_base64(struct scope *scope, const struct field *field, struct text text,
                               void *slot)
{
    struct text bytes = {0};
    char *room = NULL;

    TRY(scope_alloc(scope, BASE64_ROOM(text.size), 1, &room));
    if (!base64_read(text, room, &bytes.size))
        return wrong(scope, field, CAUSE_TEXT_WRONG);
    if (bytes.size > (size_t)field->max)
        return wrong(scope, field, CAUSE_VALUE_TOO_LONG);
    if (bytes.size < (size_t)field->min)
        return wrong(scope, field, CAUSE_TEXT_WRONG);
    bytes.bytes = room;
    memcpy(slot, &bytes, sizeof bytes);
    return STATUS_OK;
}

static enum status read_date(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    if (!date_read(text.bytes, text.size, slot))
        return wrong(scope, field, CAUSE_DATE_WRONG);
    return STATUS_OK;
}

static enum status read_time(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    struct date date = DATE_NONE;
    int64_t time = 0;

    if (text.size != 14 || !text_read_number(text, &time) || !date_read(text.bytes, 8, &date) ||
        time / 10000 % 100 > 23 || time / 100 % 100 > 59 || time % 100 > 59)
        return wrong(scope, field, CAUSE_DATE_WRONG);
    memcpy(slot, &time, sizeof time);
    return STATUS_OK;
}

static enum status read_institution(struct scope *scope, const struct field *field,
                                    struct text text, void *slot)
{
    if (institution_code_read(text, slot) != NUMBER_GOOD)
        return wrong(scope, field, CAUSE_INSTITUTION_CODE_WRONG);
    return STATUS_OK;
}

static enum status read_insurer(struct scope *scope, const struct field *field, struct text text,
                                void *slot)
{
    if (insurer_number_read(text, slot) != NUMBER_GOOD)
        return wrong(scope, field, CAUSE_INSURER_NUMBER_WRONG);
    return STATUS_OK;
}

static enum status read_flag(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    unsigned *bits = slot;

    if (!text_is(text, "0") && !text_is(text, "1"))
        return wrong(scope, field, CAUSE_CODE_VALUE_WRONG);
    if (text.bytes[0] == '1')
        *bits |= field->bit;
    return STATUS_OK;
}

static enum status read_code(struct scope *scope, const struct field *field, struct text text,
                             void *slot)
{
    int64_t number = 0;
    int code = 0;

    if (!text_read_number(text, &number) || number < field->min || number > field->max)
        return wrong(scope, field, CAUSE_CODE_VALUE_WRONG);
    code = (int)number;
    memcpy(slot, &code, sizeof code);
    return STATUS_OK;
}

static void write_text(struct message_writer *writer, const struct field *field, const void *slot)
{
    const struct text *text = slot;

    (field->required ? message_required_leaf : message_leaf)(writer, field->name, *text);
}

static void write_base64(struct message_writer *writer, const struct field *field, const void *slot)
{
    const struct text *bytes = slot;
    struct text text = {0};

    if (writer->status == STATUS_OK)
        writer->status = base64_write(writer->scope, *bytes, &text);
    message_leaf(writer, field->name, text);
}

static void write_chars(struct message_writer *writer, const struct field *field, const void *slot)
{
    message_leaf(writer, field->name, text_of(slot));
}

static void write_date(struct message_writer *writer, const struct field *field, const void *slot)
{
    const struct date *date = slot;

    if (date_is(*date))
        message_number(writer, field->name, date->yyyymmdd, 8);
}

static void write_end_date(struct message_writer *writer, const struct field *field,
                           const void *slot)
{
    const struct date *date = slot;

    if (date_before(*date, DATE_NEVER))
        write_date(writer, field, slot);
}

static void write_time(struct message_writer *writer, const struct field *field, const void *slot)
{
    const int64_t *time = slot;

    if (*time > 0)
        message_number(writer, field->name, *time, 14);
}

static void write_institution(struct message_writer *writer, const struct field *field,
                              const void *slot)
{
    const struct institution_code *code = slot;

    message_leaf(writer, field->name, text_of(code->digits));
}

static void write_insurer(struct message_writer *writer, const struct field *field,
                          const void *slot)
{
    const struct insurer_number *insurer = slot;
    char padded[9] = "";

    if (insurer->digits[0] == '\0')
        return;
    insurer_number_pad(*insurer, padded);
    message_leaf(writer, field->name, text_of(padded));
}

static void write_flag(struct message_writer *writer, const struct field *field, const void *slot)
{
    const unsigned *bits = slot;

    message_number(writer, field->name, (*bits & field->bit) != 0, 1);
}

static void write_code(struct message_writer *writer, const struct field *field, const void *slot)
{
    int code = 0;

    memcpy(&code, slot, sizeof code);
    if (code > 0)
        message_number(writer, field->name, code, field->digits);
}

static void write_hex_code(struct message_writer *writer, const struct field *field,
                           const void *slot)
{
    static const char digits[] = "0123456789ABCDEF";
    int code = 0;
    char places[2] = {0};

    memcpy(&code, slot, sizeof code);
    places[0] = digits[code >> 4 & 15];
    places[1] = digits[code & 15];
    message_leaf(writer, field->name, (struct text){places, sizeof places});
}

/* How each kind is read and written. */
static const struct {
    enum status (*read)(struct scope *, const struct field *, struct text, void *);
    void (*write)(struct message_writer *, const struct field *, const void *);
} kinds[] = {
    [FIELD_TEXT] = {read_text, write_text},
    [FIELD_IDENTIFIER] = {read_identifier, write_text},
    [FIELD_NAME] = {read_name, write_text},
    [FIELD_HEX] = {read_hex, write_text},
    [FIELD_BASE64] = {read_base64, write_base64},
    [FIELD_CHARS] = {NULL, write_chars},
    [FIELD_DATE] = {read_date, write_date},
    [FIELD_END_DATE] = {NULL, write_end_date},
    [FIELD_TIME] = {read_time, write_time},
    [FIELD_INSTITUTION] = {read_institution, write_institution},
    [FIELD_INSURER] = {read_insurer, write_insurer},
    [FIELD_FLAG] = {read_flag, write_flag},
    [FIELD_CODE] = {read_code, write_code},
    [FIELD_HEX_CODE] = {NULL, write_hex_code},
};

/* The row of a name, or the count of rows. */
static size_t row_of(struct field_table table, struct text name)
{
    size_t row = 0;

    while (row < table.count && !text_equal(table.fields[row].name, name))
        row++;
    return row;
}

static enum status read_leaf(struct scope *scope, const struct field *field,
                             const struct element *leaf, void *record)
{
    void *slot = (char *)record + field->offset;
    struct text text = leaf->text;

    if (leaf->first)
        return scope_fail(scope, CAUSE_TEXT_WRONG, "element %.*s holds elements",
                          TEXT_ARGS(field->name));
    if (field->kind != FIELD_IDENTIFIER)
        text = text_trim(text);
    assert(kinds[field->kind].read);
    return kinds[field->kind].read(scope, field, text, slot);
}

enum status fields_read(struct scope *scope, const struct element *group, struct field_table table,
                        void *record, size_t *unknown)
{
    bool seen[FIELDS_MAX] = {false};
    bool filled[FIELDS_MAX] = {false};

    assert(table.count <= FIELDS_MAX);
    for (const struct element *leaf = group->first; leaf; leaf = leaf->next) {
        size_t row = row_of(table, leaf->name);
        if (row == table.count) {
            ++*unknown;
            continue;
        }
        if (seen[row])
            return wrong(scope, &table.fields[row], CAUSE_ELEMENT_REPEATED);
        seen[row] = true;
        if (!leaf->first && text_empty(text_trim(leaf->text)))
            continue;
        filled[row] = true;
        TRY(read_leaf(scope, &table.fields[row], leaf, record));
    }
    for (size_t row = 0; row < table.count; row++)
        if (table.fields[row].required && !filled[row])
            return wrong(scope, &table.fields[row], CAUSE_ELEMENT_MISSING);
    return STATUS_OK;
}

void fields_write(struct message_writer *writer, struct field_table table, const void *record)
{
    for (size_t row = 0; row < table.count; row++) {
        const struct field *field = &table.fields[row];
        kinds[field->kind].write(writer, field, (const char *)record + field->offset);
    }
}

bool field_identifier_ok(struct text text)
{
    return text.size <= OQS_IDENTIFIER_MAX && all_of(text, is_printable) &&
           !text_empty(text_trim(text));
}
