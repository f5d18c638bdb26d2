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
    struct fetcher *fetcher;    /* NULL where nobody is to be asked */
    struct card_status *status; /* NULL: the store's state decides alone */
    struct challenge_table *challenges;
    pthread_mutex_t names_lock; /* for names */
    struct insurer_names *names;
    _Atomic uint64_t names_version; /* moves on with each reload */
    _Atomic uint64_t store_errors;
    pthread_mutex_t writer_lock; /* for writer */
    struct store *writer;        /* NULL before the first change, and after a failed one */
    _Atomic uint64_t changes;
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

/* Makes a challenge for an institution, or the portal, and the answer that carries it. */
MUST_CHECK enum status challenge_give(struct scope *scope, struct service_worker *worker,
                                      enum oqs_syntax syntax, struct institution_code asked,
                                      struct service_outcome *outcome);
/* Single use: the challenge is gone after this, whatever else is wrong. asked: whose it must be. */
MUST_CHECK enum status card_proof_take(struct scope *scope, struct service_worker *worker,
                                       struct institution_code asked,
                                       const struct oqs_card_inquiry *inquiry,
                                       struct challenge *out);
/*
 * E1, E2: the card signed this challenge, here and now; whose it is, and what the issuer says of
 * its certificate. The inquiry's institution is that of the signed block; entry has the terminal,
 * and gets the person, and whether the issuer's word is an old one. Fails with the 3xxx cause of
 * what does not hold.
 */
MUST_CHECK enum status card_proof_holder(struct scope *scope, struct service_worker *worker,
                                         const struct oqs_card_inquiry *inquiry,
                                         const struct challenge *challenge,
                                         struct journal_entry *entry, struct card_holder *out);
/* True for an address whose links may be believed: https, or this machine. */
bool card_link_url_ok(const char *url);
/*
 * Q4: the store does not know a serial; where the issuer's link service tells the one before it and
 * the store knows that, the link is kept and the holder found. NOT_FOUND where there is no link.
 */
MUST_CHECK enum status card_follow_link(struct scope *scope, struct service_worker *worker,
                                        const struct card_identity *identity,
                                        struct card_holder *out);
/*
 * K1-K3: asks the issuer, if one is named, about a certificate that could be used that day; what it
 * says goes before what the store was told (card_revocation.c). Fails with CARD_STATUS_UNCONFIRMED.
 */
MUST_CHECK enum status card_ask_issuer(struct scope *scope, struct service_worker *worker,
                                       struct date on, struct journal_entry *entry,
                                       struct card_holder *holder);

/* K1-K3, E1: what holds of a card's holder; fails where the card cannot be used that day. */
MUST_CHECK enum status decide_by_card(struct scope *scope, struct store *store,
                                      const struct card_holder *holder, struct date on,
                                      unsigned consents, struct eligibility *out);
/* What a proof states, into the request's record. */
MUST_CHECK enum status record_inquiry(struct scope *scope, const struct oqs_card_inquiry *inquiry,
                                      struct journal_entry *entry);
/* E3: what of the consents asked for counts; in class 3 none does. medical: see place_may_use(). */
unsigned consents_of_class(enum service_class class, bool medical, unsigned asked);
/* P1: from a request of the portal to the holder of a card that works (portal.c). */
MUST_CHECK enum status portal_identify(struct scope *scope, struct service_worker *worker,
                                       const struct service_request *request,
                                       struct oqs_partial *partial,
                                       struct oqs_card_inquiry *inquiry, struct card_holder *holder,
                                       struct journal_entry *entry);

/* A change of the store, in a transaction that service_write() opens and ends. */
typedef enum status (*service_change)(struct scope *scope, struct store *store, void *context);
/*
 * Changes the store, one change at a time. Fails as change does, or with SERVICE_BUSY where others
 * take too long or the store cannot be changed now.
 */
MUST_CHECK enum status service_write(struct scope *scope, struct service *service,
                                     service_change change, void *context);

/* R1: who wants to register, how and where. */
struct registration_wish {
    struct card_holder *holder; /* the person is registered in it, too */
    enum identity_mode mode;
    enum registration_way way;
    struct date on;
};
/*
 * R1: registers, unless that was done before; with a record of its own, made of the request's
 * (asked). *made: it was done here. Fails where the rules refuse it.
 */
MUST_CHECK enum status register_holder(struct scope *scope, struct service_worker *worker,
                                       const struct registration_wish *wish,
                                       const struct journal_entry *asked, bool *made);
/* The registration made last, or NULL. */
MUST_CHECK enum status registration_last(struct scope *scope, struct store *store,
                                         int64_t person_id, const struct registration **out);
/* Fails with CARD_NOT_REGISTERED, and the rule of how the last registration ended, or else rule. */
MUST_CHECK enum status fail_unregistered(struct scope *scope, struct store *store,
                                         int64_t person_id, const struct rule *rule);

/* Turns a decision into the outcome: record and body. answer has its header filled. */
MUST_CHECK enum status outcome_answer(struct scope *scope, struct service_worker *worker,
                                      const struct service_request *request,
                                      struct oqs_answer *answer,
                                      const struct eligibility *eligibility,
                                      struct service_outcome *outcome);

/* Turns the scope's failure into the outcome: record and body (segment 9). */
void outcome_fail(struct scope *scope, struct service_worker *worker, enum oqs_syntax syntax,
                  const struct oqs_partial *partial, struct service_outcome *outcome);
