/* SPDX-License-Identifier: Apache-2.0
 *
 * operation.h - what the operations share, inside this folder: the service's parts, the worker's,
 * and the steps that are the same in all of them.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "service/insurer_names.h"
#include "service/service.h"

struct service {
    struct scope scope; /* owns the texts of options */
    struct service_options options;
    struct journal *journal;
    struct card_trust *trust;
    struct challenge_table *challenges;
    pthread_mutex_t names_lock; /* for names */
    struct insurer_names *names;
    _Atomic uint64_t names_version; /* moves on with each reload */
    _Atomic uint64_t store_errors;
};

/* Institutions that a worker found registered lately. */
#define KNOWN_INSTITUTIONS 1024
struct known_institution {
    struct institution_code code;
    struct service_place place; /* what kind of facility it is (E3) */
    struct instant found;
};

struct service_worker {
    struct service *service;
    struct store *store;         /* NULL while it could not be opened */
    struct instant store_opened; /* last attempt */
    bool store_lost;             /* to be opened anew */
    struct insurer_names *names; /* ours until the version moves on */
    uint64_t names_version;
    struct known_institution known[KNOWN_INSTITUTIONS]; /* by hash of the code */
};

/* Fills what an outcome's record has in every case; recorded where the caller is known. */
void outcome_begin(const struct scope *scope, const struct service_request *request,
                   enum journal_operation operation, struct service_outcome *outcome);

/* Makes the worker fit for a request: store open, names as of the last reload. */
MUST_CHECK enum status worker_begin(struct scope *scope, struct service_worker *worker);

/* May they? Role institution, the code that the certificate names, and registered (E3). */
MUST_CHECK enum status caller_may_ask(struct scope *scope, struct service_worker *worker,
                                      const struct caller *caller,
                                      struct institution_code institution);

/*
 * May this place check a card in this class and mode on a day (E3)? Comes after caller_may_ask().
 * *medical: whether medical information can be seen. Fails with CLASS_NOT_ALLOWED or
 * MODE_NOT_IN_CLASS.
 */
MUST_CHECK enum status place_may_use(struct scope *scope, struct service_worker *worker,
                                     const struct oqs_card_inquiry *inquiry, bool *medical);

/* Fails with DATE_WRONG for a day that no check by numbers can be for. */
MUST_CHECK enum status day_of_numbers(struct scope *scope, struct date on);
/* The same by card: the holder stands at the desk. */
MUST_CHECK enum status day_of_card(struct scope *scope, struct date on);

/* Turns a decision into the outcome: record and body. answer has its header filled. */
MUST_CHECK enum status outcome_answer(struct scope *scope, struct service_worker *worker,
                                      const struct service_request *request,
                                      struct oqs_answer *answer,
                                      const struct eligibility *eligibility,
                                      struct service_outcome *outcome);

/* Turns the scope's failure into the outcome: record and body (segment 9). */
void outcome_fail(struct scope *scope, struct service_worker *worker, enum oqs_syntax syntax,
                  const struct oqs_partial *partial, struct service_outcome *outcome);
