/* SPDX-License-Identifier: Apache-2.0
 *
 * store_standing.h - deregistration, papers, batches: their rows, and standings in runs.
 *
 * What a batch reads it reads in runs of people, by ranges of person_id: bounded, restartable, the
 * same on both engines. Puts keep the former row in the history; outside of a transaction each is
 * one of its own.
 */
#pragma once

#include "domain/standing.h"
#include "store/store.h"

/* --- deregistration (R2, R3) ------------------------------------------------------------------ */

/* By request_id; none is not a failure. */
MUST_CHECK enum status store_list_deregistrations(struct scope *scope, struct store *store,
                                                  int64_t person_id,
                                                  struct deregistration_request **out,
                                                  size_t *count);
MUST_CHECK enum status store_put_deregistration(struct scope *scope, struct store *store,
                                                const struct deregistration_request *request);

/* --- papers (D1, D2, D4) ---------------------------------------------------------------------- */

/* By kind and serial; at most 512. */
MUST_CHECK enum status store_list_issues(struct scope *scope, struct store *store,
                                         int64_t person_id, struct issue **out, size_t *count);
/* Puts all; ALREADY_EXISTS where a reason was served before. */
struct issue_run {
    const struct issue *issues; /* of one person */
    size_t count;
};
MUST_CHECK enum status store_put_issues(struct scope *scope, struct store *store,
                                        const struct issue_run *run);
/*
 * For batches, in their transaction: rows of many people whose former state they have read there.
 * fresh: it is not in the store yet.
 */
struct issue_change {
    const struct issue *issue;
    bool fresh;
};
MUST_CHECK enum status store_write_issues(struct scope *scope, struct store *store,
                                          const struct issue_change *changes, size_t count);
MUST_CHECK enum status store_list_needs(struct scope *scope, struct store *store, int64_t person_id,
                                        struct need_row **out, size_t *count);
MUST_CHECK enum status store_put_need(struct scope *scope, struct store *store,
                                      const struct need_row *need);

/* --- what insurers decide for themselves (insurer_policy.h) ----------------------------------- */

/* All of them; insurers without settings have no row. */
MUST_CHECK enum status store_list_policies(struct scope *scope, struct store *store,
                                           struct insurer_policies *out);
MUST_CHECK enum status store_list_policies_of(struct scope *scope, struct store *store,
                                              struct insurer_number insurer,
                                              struct insurer_policies *out);
/* Fails with INSURER_POLICY_WRONG where the law does not allow them. */
MUST_CHECK enum status store_put_policy(struct scope *scope, struct store *store,
                                        const struct insurer_policy *policy);

/* --- who has these numbers -------------------------------------------------------------------- */

/*
 * Coverages of an insurer with this symbol and number (normalised), whatever the birth date; at
 * most
 * 64. The key's birth and branch are not looked at.
 */
MUST_CHECK enum status store_list_insured(struct scope *scope, struct store *store,
                                          const struct insured_key *key, struct insured_match **out,
                                          size_t *count);

/* --- standings -------------------------------------------------------------------------------- */

#define STANDING_RUN 4096 /* people of one run, at most */

struct standing_run {
    const struct standing *standings; /* ascending person_id */
    size_t count;
    int64_t next; /* first person_id of the next run */
    bool last;    /* nobody has a higher person_id */
};

/* The run that begins at a person_id. All of one state; needs some 2 MiB. */
MUST_CHECK enum status store_read_standings(struct scope *scope, struct store *store, int64_t from,
                                            struct standing_run *out);
/* The highest person_id, for a line of progress; -1 where there is nobody. */
MUST_CHECK enum status store_find_last_person(struct scope *scope, struct store *store,
                                              int64_t *out);
/* One person's; NOT_FOUND. */
MUST_CHECK enum status store_find_standing(struct scope *scope, struct store *store,
                                           int64_t person_id, struct standing *out);

/* --- where a batch stands --------------------------------------------------------------------- */

struct job {
    const char *kind; /* "month_end" ... */
    struct date day;
    bool done;
    int64_t next_person; /* people below it are done */
    int64_t executed, failed, lapsed, documents, changed;
};

/* NOT_FOUND where it has not begun. kind and day of job are the key. */
MUST_CHECK enum status store_find_job(struct scope *scope, struct store *store, struct job *job);
/* The latest day of a kind, begun or done; DATE_NONE where there is none. */
MUST_CHECK enum status store_find_last_job(struct scope *scope, struct store *store,
                                           const char *kind, struct date *out);
MUST_CHECK enum status store_put_job(struct scope *scope, struct store *store,
                                     const struct job *job);
