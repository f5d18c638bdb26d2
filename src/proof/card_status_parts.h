/* SPDX-License-Identifier: Apache-2.0
 *
 * card_status_parts.h - what card_status.c (the path of a check) and status_keeper.c (the
 * background thread) share.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "proof/card_status.h"
#include "proof/crl.h"

#define STATUS_ISSUERS_MAX 8
#define STATUS_URL_MAX 512
#define STATUS_QUEUE 256 /* refreshments waiting at most; more are left to the next check */

/* The path of a check waits so long for the responder. */
#define ASK_MILLISECONDS 300
/* The background thread, which nobody waits for. */
#define ASK_SOON_MILLISECONDS 2000
/* Failures in a row until checks ask no more. */
#define BREAKER_FAILURES 3

struct status_figures {
    _Atomic uint64_t kept, asked, failed, degraded, refused, lists, lists_failed;
};

struct card_status {
    struct card_trust *trust;
    struct fetcher *fetcher;
    char ocsp_url[STATUS_URL_MAX], crl_url[STATUS_URL_MAX];
    int64_t age, grace; /* microseconds */
    struct status_cache *cache;
    struct status_figures figures;

    pthread_rwlock_t lists_lock; /* for lists */
    struct crl *lists[STATUS_ISSUERS_MAX];

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    bool stop;
    int failures;            /* in a row */
    struct status_key probe; /* asked about last without an answer */
    size_t first, waiting;   /* of the queue */
    struct status_key queue[STATUS_QUEUE];

    bool started;
    pthread_t keeper;
};

/* Asks the responder about a certificate, keeps the answer, counts for the breaker. */
MUST_CHECK enum status status_ask(struct scope *scope, struct card_status *status,
                                  struct status_key key, int milliseconds, struct revocation *out);
/* True while checks do not ask. */
bool status_breaker_open(struct card_status *status);

/* url with the issuer's number in the place of "%d". */
void status_url(const char *url, int issuer, char out[STATUS_URL_MAX + 16]);

/* Reads the CRL of an issuer anew; a failure is logged and the former list stays. */
void status_load_list(struct card_status *status, int issuer);
/* To be refreshed by the background thread, if it has room. */
void status_refresh_soon(struct card_status *status, struct status_key key);
/* The background thread; argument: the card_status. */
void *status_keep(void *status);
