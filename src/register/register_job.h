/* SPDX-License-Identifier: Apache-2.0
 *
 * register_job.h - comparisons after registration, and what the register's feed brings back.
 *
 * The store has a queue of people to compare. A job takes a batch of it, asks the register by link
 * code, and settles the batch in one transaction: stopped at any place and begun again it goes on,
 * and nothing is done twice. Source: insurers-and-documents 2.4, 2.5.
 */
#pragma once

#include "register/register_client.h"
#include "store/store_register.h"

/* What comparisons found, for the report. */
struct register_tally {
    int64_t compared;
    int64_t classes[4];     /* 0 equal, 1 to 3 */
    int64_t rewritten;      /* of the equal ones: written otherwise */
    int64_t one_name;       /* of the equal ones: one of two names differs */
    int64_t unknown;        /* of class 1: the register does not know the number */
    int64_t past;           /* of class 1: only past coverages, so that only medical stops */
    int64_t reasons;        /* differences that a reason given earlier covers */
    int64_t without_number; /* no link code: cannot be compared */
};

/*
 * Compares one batch of those who wait, person_id above *after, and moves *after to the last of
 * them; *more is false when there was nobody. on: the day on which coverages hold. Fails as the
 * register and the store do; what was settled before stays.
 */
MUST_CHECK enum status register_job_compare(struct scope *scope, struct store *store,
                                            struct register_client *client, struct date on,
                                            int64_t *after, struct register_tally *tally,
                                            bool *more);

/* 理由付き疑いなし: why a difference is no doubt about the person, and who says so. */
struct register_clearing {
    int64_t person_id;
    struct text reason; /* 1 to 512 bytes */
    struct text by;
};
/*
 * Clears a difference: person.register_difference becomes 0, the reason is kept beside what was
 * found; in the transaction that is open, or in one of its own. Fails with
 * REGISTER_PERSON_UNKNOWN (never compared), REGISTER_NO_DIFFERENCE, REGISTER_REASON_MISSING.
 */
MUST_CHECK enum status register_job_clear(struct scope *scope, struct store *store,
                                          const struct register_clearing *clearing);

struct register_feed_tally {
    int64_t taken;                                /* changes of people of ours, new ones */
    int64_t kinds[REGISTER_CHANGE_KIND_LAST + 1]; /* of them */
    int64_t unknown;                              /* of people that the store does not have */
    int64_t flagged;                              /* people whose protection flags changed */
};

/*
 * Takes in one page of the feed from where the store stands: a notice each; a new address or name
 * puts the person into the queue of comparisons; a support measure (支援措置) sets both protection
 * flags of people insured by a municipality or a union of the 75 and older, and its end takes back
 * what it had set. A death is told to the insurer, who ends the coverage; nothing is stopped here.
 */
MUST_CHECK enum status register_job_changes(struct scope *scope, struct store *store,
                                            struct register_client *client,
                                            struct register_feed_tally *tally, bool *more);
