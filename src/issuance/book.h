/* SPDX-License-Identifier: Apache-2.0
 *
 * book.h - what the issuer knows of each authentication certificate it gave out, in one SQLite
 * file.
 *
 * The issuer's own, apart from the store of the central service: J-LIS knows holders and serials,
 * not insurers. A holder is a number, a birth date (for the expiry rule) and a municipality; no
 * name. One increasing sequence of serials, CA certificates included (card-and-pki 2.2). A row is
 * never deleted. A handle belongs to one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/certificate_life.h"

/* Links of one page, and entries of one CRL, at most. Our limits. */
#define BOOK_LINKS_MAX 1000
#define BOOK_REVOKED_MAX 4000000

/* CRLReason as JPKI uses it (card-and-pki 2.4); removeFromCRL does not exist. */
enum revocation_reason {
    REASON_UNSPECIFIED = 0,
    REASON_KEY_COMPROMISE = 1,
    REASON_CA_COMPROMISE = 2,
    REASON_AFFILIATION_CHANGED = 3,
    REASON_SUPERSEDED = 4, /* renewed */
    REASON_CESSATION = 5,
    REASON_HOLD = 6, /* never lifted */
};

struct book; /* opaque: one connection */

struct book_holder {
    int64_t id;
    struct date birth;
    int municipality; /* five-digit JIS code */
};

struct book_certificate {
    uint64_t serial; /* up to 63 bits */
    int generation;  /* of the CA that signed it, from 1 */
    int64_t holder;
    bool phone;
    struct instant not_before;
    struct date expires;
    enum certificate_state state;
    struct instant revoked; /* or superseded; 0 = not */
    enum revocation_reason reason;
    uint64_t successor; /* 0 = none */
};

/* How others name a certificate. */
struct book_name {
    int generation;
    uint64_t serial;
};

/* That an old and a new certificate belong to one person (Q4). */
struct book_link {
    int64_t number; /* in the order they were made, from 1; numbers may be missing */
    struct instant at;
    struct book_name old, new;
    bool phone; /* the new one lies on a phone, beside the old one, and does not replace it */
};

enum book_mode { BOOK_READ, BOOK_WRITE, BOOK_CREATE };

/* Fails with FILE_UNAVAILABLE, STORE_CORRUPT (another layout), ALREADY_EXISTS (CREATE). */
MUST_CHECK enum status book_open(struct scope *scope, const char *path, enum book_mode mode,
                                 struct book **out);
/* Accepts NULL. A change that was not committed is undone. */
void book_close(struct book *book);

MUST_CHECK enum status book_begin(struct scope *scope, struct book *book);
MUST_CHECK enum status book_commit(struct scope *scope, struct book *book);
void book_rollback(struct book *book);

/* The next serial of the sequence; book_start_serials() sets where it goes on, never back. */
MUST_CHECK enum status book_start_serials(struct scope *scope, struct book *book, uint64_t first);
MUST_CHECK enum status book_take_serial(struct scope *scope, struct book *book, uint64_t *out);
/* The next number of a generation's CRLs. */
MUST_CHECK enum status book_take_crl_number(struct scope *scope, struct book *book, int generation,
                                            uint64_t *out);

/* id 0: the next free one. */
MUST_CHECK enum status book_put_holder(struct scope *scope, struct book *book,
                                       struct book_holder *holder);
/* NOT_FOUND where there is none, as the next ones. */
MUST_CHECK enum status book_find_holder(struct scope *scope, struct book *book, int64_t id,
                                        struct book_holder *out);
/* Fails with ALREADY_EXISTS where the serial is in the book. */
MUST_CHECK enum status book_add_certificate(struct scope *scope, struct book *book,
                                            const struct book_certificate *certificate);
MUST_CHECK enum status book_find_certificate(struct scope *scope, struct book *book,
                                             uint64_t serial, struct book_certificate *out);
/* The holder's certificate on a card (not a phone) that was issued last. */
MUST_CHECK enum status book_find_newest(struct scope *scope, struct book *book, int64_t holder,
                                        struct book_certificate *out);
/* State, revocation, reason and successor of a certificate, as they are in the value. */
MUST_CHECK enum status book_update_certificate(struct scope *scope, struct book *book,
                                               const struct book_certificate *certificate);

MUST_CHECK enum status book_add_link(struct scope *scope, struct book *book, struct instant at,
                                     uint64_t old, uint64_t new);
/*
 * The link that leads to a certificate, and the last one that leads away from it. phones: those to
 * phones as well. NOT_FOUND where there is none.
 */
MUST_CHECK enum status book_find_link_to(struct scope *scope, struct book *book,
                                         struct book_name name, bool phones, struct book_link *out);
MUST_CHECK enum status book_find_link_from(struct scope *scope, struct book *book,
                                           struct book_name name, bool phones,
                                           struct book_link *out);
/* The links of higher numbers, at most BOOK_LINKS_MAX of them, in their order. */
MUST_CHECK enum status book_list_links_after(struct scope *scope, struct book *book, int64_t after,
                                             bool phones, struct book_link **out, size_t *count);

/* Takes a certificate; a failure ends the reading. */
typedef enum status (*book_certificate_taker)(struct scope *scope,
                                              const struct book_certificate *certificate,
                                              void *context);
/*
 * Tells each revoked or superseded certificate of a generation that ended on or after a day, by
 * serial. Fails with MEMORY_LIMIT beyond BOOK_REVOKED_MAX.
 */
MUST_CHECK enum status book_each_revoked(struct scope *scope, struct book *book, int generation,
                                         struct date ends_from, book_certificate_taker take,
                                         void *context);
/* A number that differs once another connection has changed the book since it was last asked. */
MUST_CHECK enum status book_version(struct scope *scope, struct book *book, int64_t *out);
