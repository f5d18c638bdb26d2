/* SPDX-License-Identifier: Apache-2.0
 *
 * service.h - the official operations of the central service: decode -> may they? -> decide ->
 * record -> answer. One file an operation; this is what they share.
 *
 * An operation never answers by itself: it fills an outcome with the body to send and the journal
 * entry that must be on disk before the body is sent. The way in (http/) does both.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"
#include "domain/number.h"
#include "format/oqs.h"
#include "journal/journal.h"
#include "proof/card_certificate.h"
#include "proof/card_status.h"
#include "proof/challenge.h"
#include "store/store.h"

/* Bytes one request may use. */
#define SERVICE_SCOPE_LIMIT (1024UL * 1024)

/* Role of a client, from its certificate. */
enum role { ROLE_NONE, ROLE_INSTITUTION, ROLE_INSURER, ROLE_OPERATOR, ROLE_PORTAL };

/* Who speaks on a connection. */
struct caller {
    enum role role;
    struct institution_code institution; /* ROLE_INSTITUTION */
    struct insurer_number insurer;       /* ROLE_INSURER */
    char fingerprint[17];                /* first 16 hex digits of the certificate's SHA-256 */
};

/* What the service is made of; outlives its workers. */
struct service_options {
    const char *store_url;
    const char *journal_directory;
    const char *card_ca_path;
    const char *policy_oid;
    int challenge_lifetime; /* seconds */
    size_t challenge_capacity;
    size_t certificate_cache; /* entries */
    size_t journal_segment;   /* bytes, 0 = default */
    /* Revocation beyond what the store was told; without addresses the store decides alone. */
    struct card_status_options status;
    const char *link_url; /* of the issuer's links from old to new certificates; NULL = none */
};

struct service;        /* shared by all threads */
struct service_worker; /* one a thread: its store connection */

MUST_CHECK enum status service_open(struct scope *scope, const struct service_options *options,
                                    struct service **out);
/* All workers must be closed. Accepts NULL. */
void service_close(struct service *service);
MUST_CHECK enum status service_worker_open(struct scope *scope, struct service *service,
                                           struct service_worker **out);
void service_worker_close(struct service_worker *worker);
struct journal *service_journal(struct service *service);
/* Reads the insurers' names anew (reload); on failure the former ones stay. Any thread. */
MUST_CHECK enum status service_reload(struct scope *scope, struct service *service);

/* Proves that store and journal work. Fails: STORE_UNAVAILABLE, JOURNAL_UNAVAILABLE. */
MUST_CHECK enum status service_health(struct scope *scope, struct service_worker *worker);

/* Counters for metrics. */
struct service_figures {
    struct journal_figures journal;
    struct card_trust_figures certificates;
    struct card_status_figures status; /* all 0 where no source is named */
    uint64_t store_errors;             /* operations that failed because of the store */
    uint64_t changes;                  /* changes made: registrations ... */
};
struct service_figures service_figures(struct service *service);

/* One request of an operation. */
struct service_request {
    const struct caller *caller;
    enum oqs_syntax syntax;
    struct text body;
};

/* What came of it; lives in the request's scope. */
struct service_outcome {
    int http_code;
    struct text body;
    bool recorded;              /* entry must be durable before body is sent */
    struct journal_entry entry; /* operation, validity and cause are set where not recorded too */
};

/* An operation; never fails: failures become an outcome with their code, in OQS form. */
typedef void (*service_operation)(struct scope *scope, struct service_worker *worker,
                                  const struct service_request *request,
                                  struct service_outcome *outcome);

/*
 * The answer to a request that reaches no operation (busy, no such route, journal away): the cause
 * in OQS form, with nothing to record.
 */
void service_refuse(struct scope *scope, enum oqs_syntax syntax, enum cause cause,
                    struct service_outcome *outcome);

/* The same for a client whose certificate was not accepted; recorded as JOURNAL_REFUSED_CLIENT. */
void service_refuse_client(struct scope *scope, const struct caller *caller, enum oqs_syntax syntax,
                           enum cause cause, struct service_outcome *outcome);

/* E1, E5: eligibility by the numbers of a certificate or old card. */
void service_check_by_numbers(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome);
/* A challenge for a card to sign; the request's body is not looked at. */
void service_card_challenge(struct scope *scope, struct service_worker *worker,
                            const struct service_request *request, struct service_outcome *outcome);
/* E1, E2, K1-K3: eligibility by a registered card. */
void service_check_by_card(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome);

/* E3: an activation code for a phone or tablet, issued at the institution's terminal. */
void service_mobile_code(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct service_outcome *outcome);
/* E3: the institution withdraws a device that was lost. */
void service_mobile_withdrawal(struct scope *scope, struct service_worker *worker,
                               const struct service_request *request,
                               struct service_outcome *outcome);
/* E3: a device activates with such a code, once, and gets its secret. */
void service_mobile_activation(struct scope *scope, struct service_worker *worker,
                               const struct service_request *request,
                               struct service_outcome *outcome);
/* E3: a challenge, and a check in class 2 or 3, for a device that was activated. */
void service_mobile_challenge(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome);
void service_mobile_check(struct scope *scope, struct service_worker *worker,
                          const struct service_request *request, struct service_outcome *outcome);
/* E3: the same in class 2 from an institution's page on the web. */
void service_web_challenge(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome);
void service_web_check(struct scope *scope, struct service_worker *worker,
                       const struct service_request *request, struct service_outcome *outcome);
/* E3, class 2: an institution fetches results with the consents that it was given. */
void service_mobile_results(struct scope *scope, struct service_worker *worker,
                            const struct service_request *request, struct service_outcome *outcome);
/* E3, class 2: a person views, renews, withdraws consents at the portal. */
void service_portal_consents(struct scope *scope, struct service_worker *worker,
                             const struct service_request *request,
                             struct service_outcome *outcome);

/* A challenge for a card at the portal; the body is not looked at. */
void service_portal_challenge(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome);
/* P1: what a person sees of themselves. */
void service_portal_status(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome);
/* R1: registers the person of the card, and answers as service_portal_status(). */
void service_portal_registration(struct scope *scope, struct service_worker *worker,
                                 const struct service_request *request,
                                 struct service_outcome *outcome);
