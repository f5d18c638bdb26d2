/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h - records of comma-separated values (RFC 4180) out of a stream, one at a time.
 *
 * Memory is flat: one buffer, whatever the file's length. A record ends with LF or CR LF; a value
 * in quotes may hold commas, line ends and doubled quotes. Strict where RFC 4180 is: a quote inside
 * of an unquoted value, or anything between a closing quote and the comma, is refused.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

#define CSV_RECORD_MAX ((size_t)16 * 1024) /* bytes, line end included */
#define CSV_FIELDS_MAX 32                  /* values in a record */

/* Hands over up to size bytes; *filled = 0 at the end. Fails as it likes. */
typedef enum status (*csv_fill)(struct scope *scope, void *context, char *room, size_t size,
                                size_t *filled);

struct csv_reader {
    csv_fill fill;
    void *context;
    char *buffer; /* in the scope of csv_begin() */
    size_t at, end;
    int64_t offset;  /* of the next record in the stream, bytes */
    int64_t records; /* that were handed over: what a failure names */
    bool ended;
};

struct csv_record {
    struct text fields[CSV_FIELDS_MAX];
    size_t count;
};

MUST_CHECK enum status csv_begin(struct scope *scope, csv_fill fill, void *context,
                                 struct csv_reader *out);

/*
 * The next record as it stands, line end included; borrowed until the next call. NOT_FOUND at the
 * end. Fails with REGISTRATION_CSV (longer than CSV_RECORD_MAX, quotes left open), or as fill did.
 */
MUST_CHECK enum status csv_next(struct scope *scope, struct csv_reader *reader, struct text *raw);

/*
 * Splits a record into values that live in the scope. Fails with REGISTRATION_CSV (quotes where
 * none may be, more than CSV_FIELDS_MAX values).
 */
MUST_CHECK enum status csv_split(struct scope *scope, struct text raw, struct csv_record *out);

/* Writes one value, in quotes where it needs them. */
void csv_write(struct text_buffer *buffer, struct text value);
