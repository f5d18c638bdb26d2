/* SPDX-License-Identifier: Apache-2.0
 *
 * store_register.h - link codes, comparisons with the resident register, and what flows back.
 *
 * Who registers a person puts the link code of the individual number and requests a check; the
 * comparison takes those who wait, in order of person_id, and settles them. Outside of a
 * transaction each change is one of its own.
 */
#pragma once

#include "store/store_protection.h"

/* Most people that one call lists. */
#define REGISTER_LIST_MAX 1000

/* --- whose number it is ---------------------------------------------------------------------- */

/* A person's link code: 64 lower-case hexadecimal digits. */
struct person_key {
    struct text link;
    int64_t person_id;
};

/* Fails with ALREADY_EXISTS where the code is another person's; the same again changes nothing. */
MUST_CHECK enum status store_put_person_key(struct scope *scope, struct store *store,
                                            const struct person_key *key);
/* NOT_FOUND where nobody has the code. */
MUST_CHECK enum status store_find_person_key(struct scope *scope, struct store *store,
                                             struct text link, int64_t *person_id);
/* The newest code of a person; NOT_FOUND where there is none. */
MUST_CHECK enum status store_find_link(struct scope *scope, struct store *store, int64_t person_id,
                                       struct text *out);
/* The same while a new world is loaded (store_load_begin); codes in any order, each once. */
MUST_CHECK enum status store_load_person_key(struct scope *scope, struct store *store,
                                             const struct person_key *key);

/* --- comparisons ----------------------------------------------------------------------------- */

struct register_check {
    int64_t person_id;
    bool waiting;
    struct instant requested, compared; /* compared: 0 = never */
    int difference;                     /* 0 none, 1 to 3: as found, whatever the reason */
    struct text rule;                   /* id, or empty */
    struct text reason, reason_by;      /* 理由付き疑いなし, or empty */
    int reason_class;                   /* the class that the reason was given for, 0 = none */
    struct instant recorded;
};

/* Puts a person into the queue (again). What an earlier comparison found stays until then. */
MUST_CHECK enum status store_request_register_check(struct scope *scope, struct store *store,
                                                    int64_t person_id);
/* Puts everybody into it who has a link code (全件照合, as in autumn 2023). */
MUST_CHECK enum status store_request_all_register_checks(struct scope *scope, struct store *store);
/* NOT_FOUND where the person was never to be compared. */
MUST_CHECK enum status store_find_register_check(struct scope *scope, struct store *store,
                                                 int64_t person_id, struct register_check *out);
/* Those who wait, person_id above after, ascending, at most limit (to REGISTER_LIST_MAX). */
MUST_CHECK enum status store_list_register_waiting(struct scope *scope, struct store *store,
                                                   int64_t after, size_t limit,
                                                   struct register_check **out, size_t *count);
/* Those with a difference for which no reason was given, in the same way. */
MUST_CHECK enum status store_list_register_differences(struct scope *scope, struct store *store,
                                                       int64_t after, size_t limit,
                                                       struct register_check **out, size_t *count);
MUST_CHECK enum status store_count_register_waiting(struct scope *scope, struct store *store,
                                                    int64_t *out);
/*
 * Writes what a comparison found, or a reason that was given: the check's compared, difference,
 * rule and reason, recorded = now, and what person.register_difference becomes (effective). It
 * waits no longer, but where it was requested at another time than the check says: anew since it
 * was read.
 */
struct register_outcome {
    struct register_check check;
    int effective; /* 0 to 3 */
};
MUST_CHECK enum status store_settle_register_check(struct scope *scope, struct store *store,
                                                   const struct register_outcome *outcome);

/* --- what flows back -------------------------------------------------------------------------- */

/* Of enum register_change_kind, what batches read. */
enum { REGISTER_NOTICE_ADDRESS = 1, REGISTER_NOTICE_DEATH = 3 };

struct register_notice {
    int64_t person_id;
    int64_t sequence;
    int kind; /* enum register_change_kind */
    struct date day;
    unsigned protection; /* PROTECTION_ bits that it added, or took */
    struct instant recorded;
};

/* Keeps a notice and makes these the person's filings; a notice that is there already changes
 * nothing (then *fresh is false). */
struct notice_change {
    struct register_notice notice;
    const struct protection_book *book; /* or NULL: they stay */
    bool *fresh;
};
MUST_CHECK enum status store_put_register_notice(struct scope *scope, struct store *store,
                                                 const struct notice_change *change);
/* All notices of a person, ascending; at most REGISTER_LIST_MAX. */
MUST_CHECK enum status store_list_person_notices(struct scope *scope, struct store *store,
                                                 int64_t person_id, struct register_notice **out,
                                                 size_t *count);
/* Notices of the feed above a sequence, ascending, at most limit. */
MUST_CHECK enum status store_list_register_notices(struct scope *scope, struct store *store,
                                                   int64_t after, size_t limit,
                                                   struct register_notice **out, size_t *count);
/* Up to where the feed was taken in. */
MUST_CHECK enum status store_find_register_cursor(struct scope *scope, struct store *store,
                                                  int64_t *out);
MUST_CHECK enum status store_put_register_cursor(struct scope *scope, struct store *store,
                                                 int64_t cursor);
