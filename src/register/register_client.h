/* SPDX-License-Identifier: Apache-2.0
 *
 * register_client.h - the resident register (住基ネット照会, the role of J-LIS) as others ask it.
 *
 * Batches over HTTPS with client certificates; the messages are those of docs/resident-register.md.
 * One client is one kept connection and belongs to one thread. Behind the ops stands libcurl; a
 * test puts a register of its own in its place. Individual numbers (個人番号) go to the register
 * and come back from it only here; they are never in a failure or a log, and what was sent is
 * wiped.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "domain/register_comparison.h"

/* Most people in one request; more is the caller's to cut. */
#define REGISTER_BATCH_MAX 200
/* Most changes in one answer. */
#define REGISTER_CHANGES_MAX 500
/* Hexadecimal digits of a link code: see link_code.h. */
#define REGISTER_LINK_SIZE 64

enum register_found { REGISTER_FOUND_NONE, REGISTER_FOUND_ONE, REGISTER_FOUND_SEVERAL };

/* A resident as the register answers. Texts live in the scope. */
struct register_person {
    struct text number; /* 個人番号, 12 digits; told to insurers only, else empty */
    struct text link;   /* link code, 64 hexadecimal digits */
    struct register_identity identity;
    struct text municipality; /* 市区町村コード, 5 digits */
    bool supported;           /* 支援措置: the address is under protection */
    struct date died;         /* or DATE_NONE */
};

/* The answer on one of a batch; person is set where exactly one was found. */
struct register_finding {
    enum register_found found;
    struct register_person person;
};

/* A record to compare: known by its individual number or, beyond the insurer, by its link code. */
struct register_record {
    struct text number; /* 12 digits, or empty */
    struct text link;   /* 64 hexadecimal digits, or empty */
    struct register_identity reported;
};

enum register_change_kind {
    REGISTER_CHANGE_ADDRESS = 1,       /* 転入・転居: the address is another */
    REGISTER_CHANGE_NAME = 2,          /* 氏名変更 */
    REGISTER_CHANGE_DEATH = 3,         /* 死亡 */
    REGISTER_CHANGE_SUPPORT_SET = 4,   /* 支援措置 began */
    REGISTER_CHANGE_SUPPORT_ENDED = 5, /* 支援措置 ended */
    REGISTER_CHANGE_KIND_LAST = 5
};

struct register_change {
    int64_t sequence; /* its place in the feed, 1 and up */
    struct text link; /* whose, 64 hexadecimal digits */
    enum register_change_kind kind;
    struct date day; /* on which it took effect */
};

/* A page of the feed, in ascending sequence. */
struct register_changes {
    struct register_change *items;
    size_t count; /* 0 to REGISTER_CHANGES_MAX */
    int64_t next; /* ask from here the next time */
    bool more;    /* there are more already */
};

struct register_client;

/* Every call fails with REGISTER_AWAY where nothing usable came back, REGISTER_REFUSED where the
 * register does not answer us. out: count entries, in the order asked, in the scope. */
struct register_ops {
    const char *name; /* "https" */
    enum status (*by_number)(struct scope *, struct register_client *, const struct text *numbers,
                             size_t count, struct register_finding **out);
    enum status (*by_items)(struct scope *, struct register_client *,
                            const struct register_identity *items, size_t count,
                            struct register_finding **out);
    enum status (*compare)(struct scope *, struct register_client *,
                           const struct register_record *records, size_t count,
                           struct register_comparison **out);
    enum status (*changes)(struct scope *, struct register_client *, int64_t since,
                           struct register_changes *out);
    void (*close)(struct register_client *);
};

struct register_client {
    const struct register_ops *ops; /* every member set */
};

/* Looks people up by their individual number; insurers only. count: 1 to REGISTER_BATCH_MAX. */
MUST_CHECK enum status register_by_number(struct scope *scope, struct register_client *client,
                                          const struct text *numbers, size_t count,
                                          struct register_finding **out);

/*
 * Looks people up by the five items, all of which must be equal after normalising; three of five
 * are no match (what the mix-ups of 2023 came from). Insurers only: the answer has the number.
 */
MUST_CHECK enum status register_by_items(struct scope *scope, struct register_client *client,
                                         const struct register_identity *items, size_t count,
                                         struct register_finding **out);

/* Compares records with the register. The register decides by domain/register_comparison.h. */
MUST_CHECK enum status register_compare_batch(struct scope *scope, struct register_client *client,
                                              const struct register_record *records, size_t count,
                                              struct register_comparison **out);

/* What changed since a place of the feed; 0 = from the beginning. */
MUST_CHECK enum status register_list_changes(struct scope *scope, struct register_client *client,
                                             int64_t since, struct register_changes *out);

/* Who we are, and whom we trust. Texts live as long as the client. */
struct register_address {
    const char *url;         /* "https://host:port", without a path */
    const char *ca;          /* PEM, pinned: no other CA counts */
    const char *certificate; /* PEM, ours: an insurer's or the operator's */
    const char *key;
    int timeout; /* seconds, for a whole request */
};

/*
 * Makes a client; connects at the first question. curl_global_init() must have been called. Fails:
 * CONFIGURATION (address, a file that cannot be read), MEMORY_LIMIT.
 */
MUST_CHECK enum status register_client_open(struct scope *scope,
                                            const struct register_address *address,
                                            struct register_client **out);
/* Accepts NULL. */
void register_client_close(struct register_client *client);
