/* SPDX-License-Identifier: Apache-2.0
 *
 * member_draft.h - one member as the rows of a registration file change it.
 *
 * Rows of one key that stand together are applied to a draft one by one, each with its finding, and
 * written at once: member_draft_write(). A row that is refused leaves the draft as it was. What
 * goes to the store is only what differs; a new person is a run of inserts. The individual number
 * becomes a link code at once and is kept nowhere.
 * Source: insurers-and-documents 2.3, 2.4 and 12.2.
 */
#pragma once

#include "format/registration_file.h"
#include "register/link_code.h"
#include "register/register_client.h"
#include "store/store_member.h"
#include "store/store_protection.h"

/* Most rows of one key that are taken at once; the next ones make a draft of their own. */
#define DRAFT_ROWS_MAX 256

/* What holds for all rows of a load. */
struct draft_context {
    struct store *store;
    struct insurer_number insurer;
    const struct link_key *key;
    struct register_client *lookup; /* or NULL: nobody is asked */
    int64_t next_person;            /* id for the next new person; of this transaction */
    bool dry_run;
};

struct member_draft {
    struct draft_context *context;
    struct text key;
    bool member_known;  /* the insurer has this key */
    bool person_stored; /* the person is in the store */
    struct member member;
    struct person person; /* its arrays are the four below */
    struct coverage *coverages;
    struct elderly_certificate *elderly;
    struct limit_certificate *limits;
    struct specified_disease *diseases;
    size_t room;                     /* entries behind those that were read: one a row */
    int64_t next_coverage;           /* id for the next new coverage, 0 = not asked yet */
    char first_link[LINK_CODE_SIZE]; /* of the first row, looked up with its key; "" = none */
    int64_t first_holder;            /* whose it is, -1 = nobody's */
    char link[LINK_CODE_SIZE];       /* of the row that registers the person */
    bool link_new, person_changed, member_changed, member_dropped, compare;
    struct protection_book filings; /* of the person; items NULL = not read yet */
    bool filings_changed;
    struct text
        no_doubt; /* 理由付き疑いなし: clears the difference that was found; "" = not told */
    struct part_key *dropped; /* parts of the store that are taken away */
    size_t dropped_count;
    struct registration_clock *clocks;
    size_t clock_count;
};

/* Begins a draft for rows (1 to DRAFT_ROWS_MAX) of one key; first: the first of them. */
MUST_CHECK enum status member_draft_begin(struct scope *scope, struct draft_context *context,
                                          const struct registration_row *first, size_t rows,
                                          struct member_draft *out);
/* Applies a row. A finding that refuses leaves the draft as it was; only the store fails. */
MUST_CHECK enum status member_draft_apply(struct scope *scope, struct member_draft *draft,
                                          const struct registration_row *row,
                                          struct registration_finding *finding);
/* Writes what differs; inside of a transaction. */
MUST_CHECK enum status member_draft_write(struct scope *scope, struct member_draft *draft);
