/* SPDX-License-Identifier: Apache-2.0
 *
 * status_keeper.c - the background thread of a card_status: refreshes what nears its end, asks a
 * responder that was away whether it is there again, and fetches CRLs.
 */
#include <time.h>

#include "base/log.h"
#include "proof/card_status_parts.h"
#include "proof/ocsp.h"

#define SECOND INT64_C(1000000)
/* Memory for one answer, and for a CRL: its bytes, and what growing leaves behind. */
#define ANSWER_SCOPE_LIMIT ((size_t)1 << 20)
#define LIST_SCOPE_LIMIT (4 * CRL_BYTES_MAX)
#define LIST_MILLISECONDS 2000
/* How often the thread looks around, and how often it tries what failed. */
#define TICK_NANOSECONDS 250000000L
#define RETRY_MICROSECONDS (2 * SECOND)

/* --- lists --- */

static enum status fetch_list(struct scope *scope, struct card_status *status, int issuer,
                              struct crl **out)
{
    char url[STATUS_URL_MAX + 16];
    const struct fetch_request request = {
        .url = url, .milliseconds = LIST_MILLISECONDS, .limit = CRL_BYTES_MAX};
    struct text der = {0};

    status_url(status->crl_url, issuer, url);
    TRY(fetcher_get(scope, status->fetcher, &request, &der));
    return crl_read(scope, status->trust, issuer, der, out);
}

/* A list older than the one in use is one played back: it is dropped. */
static void swap_list(struct card_status *status, int issuer, struct crl *list)
{
    struct crl **place = &status->lists[issuer - 1];
    struct crl *former = NULL;

    pthread_rwlock_wrlock(&status->lists_lock);
    former = *place;
    if (former && crl_times(list).as_of.microseconds < crl_times(former).as_of.microseconds)
        former = list;
    else
        *place = list;
    pthread_rwlock_unlock(&status->lists_lock);
    crl_free(former);
}

void status_load_list(struct card_status *status, int issuer)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIST_SCOPE_LIMIT);
    struct crl *list = NULL;

    if (fetch_list(&scope, status, issuer, &list) == STATUS_OK) {
        swap_list(status, issuer, list);
        atomic_fetch_add_explicit(&status->figures.lists, 1, memory_order_relaxed);
        return;
    }
    atomic_fetch_add_explicit(&status->figures.lists_failed, 1, memory_order_relaxed);
    log_failure(&scope, "a CRL was not read; the former one stays");
}

static void load_lists(struct card_status *status)
{
    for (int issuer = 1; issuer <= card_trust_count(status->trust); issuer++)
        status_load_list(status, issuer);
}

/* --- questions --- */

void status_refresh_soon(struct card_status *status, struct status_key key)
{
    pthread_mutex_lock(&status->lock);
    if (status->waiting < STATUS_QUEUE) {
        status->queue[(status->first + status->waiting++) % STATUS_QUEUE] = key;
        pthread_cond_signal(&status->changed);
    }
    pthread_mutex_unlock(&status->lock);
}

/* True where there is a question to ask now; what waits behind an open breaker is forgotten. */
static bool next_question(struct card_status *status, bool probe, struct status_key *out)
{
    bool found = false;

    pthread_mutex_lock(&status->lock);
    if (status->failures >= BREAKER_FAILURES) {
        status->waiting = 0;
        *out = status->probe;
        found = probe;
    } else if (status->waiting > 0) {
        *out = status->queue[status->first];
        status->first = (status->first + 1) % STATUS_QUEUE;
        status->waiting--;
        found = true;
    }
    found = found && !status->stop;
    pthread_mutex_unlock(&status->lock);
    return found;
}

/* What became of it is in the cache and the breaker. */
static bool ask_once(struct card_status *status, struct status_key key)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(ANSWER_SCOPE_LIMIT);
    struct revocation said = {0};

    return status_ask(&scope, status, key, ASK_SOON_MILLISECONDS, &said) == STATUS_OK;
}

/* --- the thread --- */

/* Waits a tick, or for a question; false at the end. */
static bool wait_for_work(struct card_status *status)
{
    struct timespec until = {0};
    bool going_on = false;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&status->lock);
    while (!status->stop && status->waiting == 0 &&
           pthread_cond_timedwait(&status->changed, &status->lock, &until) == 0)
        continue;
    going_on = !status->stop;
    pthread_mutex_unlock(&status->lock);
    return going_on;
}

void *status_keep(void *status_)
{
    struct card_status *status = status_;
    int64_t list_due = instant_now().microseconds + status->age;
    int64_t probe_due = 0;
    struct status_key key = {0};

    while (wait_for_work(status)) {
        int64_t now = instant_now().microseconds;
        while (next_question(status, now >= probe_due, &key))
            if (!ask_once(status, key))
                probe_due = now + RETRY_MICROSECONDS;
        if (*status->crl_url && now >= list_due) {
            load_lists(status);
            list_due = now + status->age;
        }
    }
    return NULL;
}
