/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.h - the leaves of a group as a table: name, kind, where the value stands in a struct.
 *
 * One table serves reader and writer, XML and JSON. Leaves are written in the table's order, the
 * book's, and read in any.
 */
#pragma once

#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"
#include "format/element.h"
#include "format/message_writer.h"

/* What a leaf holds, and the type of the value that its offset points to. */
enum field_kind {
    FIELD_TEXT,        /* struct text: no control characters, at most max characters */
    FIELD_IDENTIFIER,  /* struct text: printable ASCII, at most max, kept byte for byte */
    FIELD_NAME,        /* struct text: ASCII letters, digits, hyphens, at most max */
    FIELD_HEX,         /* struct text: max hexadecimal digits */
    FIELD_BASE64,      /* struct text: min to max bytes */
    FIELD_CHARS,       /* char[]: ASCII and NUL; written only */
    FIELD_DATE,        /* struct date: DATE_NONE is not written */
    FIELD_END_DATE,    /* struct date: DATE_NONE and DATE_NEVER are not written; written only */
    FIELD_TIME,        /* int64_t: yyyyMMddHHmmss */
    FIELD_INSTITUTION, /* struct institution_code */
    FIELD_INSURER,     /* struct insurer_number: eight places, blanks on the left */
    FIELD_FLAG,        /* unsigned: bit is set for 1, not for 0 */
    FIELD_CODE,        /* int or enum: min to max, in digits places; 0 is not written */
    FIELD_HEX_CODE,    /* enum: two hexadecimal digits (OQSCD010); written only */
};

struct field {
    struct text name;
    enum field_kind kind;
    bool required; /* read: must be there and not empty; written: also where the text is empty */
    int min, max;
    int digits;
    unsigned bit;
    size_t offset;
};

/* A row: FIELD("Birthdate", FIELD_DATE, struct oqs_inquiry, key.birth, .required = true). */
#define FIELD(name_, kind_, type_, member_, ...)                                                   \
    {                                                                                              \
        .name = {name_, sizeof(name_) - 1}, .kind = kind_, .offset = offsetof(type_, member_),     \
        __VA_ARGS__                                                                                \
    }

/* Fields in a table at most. */
#define FIELDS_MAX 32

struct field_table {
    const struct field *fields;
    size_t count;
};

#define FIELD_TABLE(fields_) ((struct field_table){(fields_), sizeof(fields_) / sizeof *(fields_)})

/*
 * Reads the leaves of a group into record. Leaves with blanks only are absent. Elements that the
 * table does not have are counted in *unknown. Fails: ELEMENT_MISSING, ELEMENT_REPEATED,
 * VALUE_TOO_LONG, DATE_WRONG, INSURER_NUMBER_WRONG, INSTITUTION_CODE_WRONG, CODE_VALUE_WRONG,
 * TEXT_WRONG; the failure text names the element.
 */
MUST_CHECK enum status fields_read(struct scope *scope, const struct element *group,
                                   struct field_table table, void *record, size_t *unknown);

/* Writes the leaves of record. */
void fields_write(struct message_writer *writer, struct field_table table, const void *record);

/* True for 1 to OQS_IDENTIFIER_MAX printable ASCII characters, one of them not a blank. */
bool field_identifier_ok(struct text text);
