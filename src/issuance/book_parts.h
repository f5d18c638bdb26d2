/* SPDX-License-Identifier: Apache-2.0
 *
 * book_parts.h - what the book's files share: the handle, and a statement of integers.
 */
#pragma once

#include <sqlite3.h>

#include "issuance/book.h"

#define BOOK_VALUES_MAX 12

struct book {
    sqlite3 *db;
};

/* The columns of a certificate, in the order that book_certificate_of() reads. */
#define BOOK_CERTIFICATE                                                                           \
    "serial, generation, holder, phone, not_before, expires, state, revoked, reason, successor"
#define BOOK_CERTIFICATE_COLUMNS 10

/* Takes one row; a failure ends the reading. */
typedef enum status (*book_row_taker)(struct scope *scope, const int64_t *row, void *context);

/* A statement with its values. */
struct book_query {
    const char *sql;
    int64_t values[BOOK_VALUES_MAX];
    int value_count, columns;
    book_row_taker take; /* NULL: no rows */
    void *context;
};

MUST_CHECK enum status book_run(struct scope *scope, struct book *book,
                                const struct book_query *query);
struct book_certificate book_certificate_of(const int64_t *row);
