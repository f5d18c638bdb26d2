/* SPDX-License-Identifier: Apache-2.0
 *
 * card_status.c - the path of a check: what is kept, else the responder, else what was known.
 */
#include "proof/card_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "proof/card_status_parts.h"
#include "proof/ocsp.h"

#define SECOND INT64_C(1000000)
/* A CRL that does not say when the next one comes is followed by one each day (card-and-pki 2.4).
 */
#define LIST_DAY (86400 * SECOND)

static void count(_Atomic uint64_t *figure)
{
    atomic_fetch_add_explicit(figure, 1, memory_order_relaxed);
}

/* --- asking --- */

void status_url(const char *url, int issuer, char out[STATUS_URL_MAX + 16])
{
    const char *mark = strstr(url, "%d");

    if (mark)
        snprintf(out, STATUS_URL_MAX + 16, "%.*s%d%s", (int)(mark - url), url, issuer, mark + 2);
    else
        snprintf(out, STATUS_URL_MAX + 16, "%s", url);
}

static enum status ask(struct scope *scope, struct card_status *status, struct status_key key,
                       int milliseconds, struct revocation *out)
{
    char url[STATUS_URL_MAX + 16];
    struct ocsp_question question = {0};
    struct fetch_request request = {.url = url,
                                    .content_type = "application/ocsp-request",
                                    .milliseconds = milliseconds,
                                    .limit = OCSP_ANSWER_MAX};
    struct text answer = {0};

    status_url(status->ocsp_url, key.issuer, url);
    TRY(ocsp_question_make(scope, key.issuer, key.serial, &question));
    TRY(ocsp_question_write(scope, status->trust, &question, &request.body));
    TRY(fetcher_get(scope, status->fetcher, &request, &answer));
    return ocsp_answer_read(scope, status->trust, &question, answer, out);
}

/* Returns the failures in a row before this one ended or went on. */
static int count_for_breaker(struct card_status *status, struct status_key key, bool good)
{
    int before = 0;

    pthread_mutex_lock(&status->lock);
    before = status->failures;
    if (good) {
        status->failures = 0;
    } else {
        status->failures += status->failures < BREAKER_FAILURES;
        status->probe = key;
    }
    pthread_mutex_unlock(&status->lock);
    return before;
}

enum status status_ask(struct scope *scope, struct card_status *status, struct status_key key,
                       int milliseconds, struct revocation *out)
{
    enum status result = ask(scope, status, key, milliseconds, out);
    int before = count_for_breaker(status, key, result == STATUS_OK);

    count(&status->figures.asked);
    if (result == STATUS_OK) {
        status_cache_put(status->cache, key, out, scope->now);
        if (before == BREAKER_FAILURES)
            LOG(INFO, scope, "the OCSP responder answers again", "issuer='%d'", key.issuer);
        return STATUS_OK;
    }
    count(&status->figures.failed);
    if (before == BREAKER_FAILURES - 1)
        log_failure(scope, "the OCSP responder is away: checks go by what is known");
    return result;
}

bool status_breaker_open(struct card_status *status)
{
    bool open = false;

    pthread_mutex_lock(&status->lock);
    open = status->failures >= BREAKER_FAILURES;
    pthread_mutex_unlock(&status->lock);
    return open;
}

/* --- deciding --- */

/* What is known without asking. */
struct known {
    bool kept, listed;
    struct status_entry entry; /* where kept */
    struct revocation list;    /* where listed: there is a CRL of the issuer */
};

/* What was heard before is asked for anew in the background: the last quarter of its age. */
static struct instant refresh_before(const struct card_status *status, struct instant now)
{
    return (struct instant){now.microseconds - status->age / 4 * 3};
}

static struct known look(struct card_status *status, struct status_key key, struct instant now)
{
    struct known known = {0};
    const struct crl *list = NULL;

    known.kept = status_cache_find(status->cache, key, refresh_before(status, now), &known.entry);
    pthread_rwlock_rdlock(&status->lists_lock);
    list = status->lists[key.issuer - 1];
    known.listed = list != NULL;
    if (list)
        known.list = crl_find(list, key.serial);
    pthread_rwlock_unlock(&status->lists_lock);
    return known;
}

static bool entry_fresh(const struct card_status *status, const struct status_entry *entry,
                        struct instant now)
{
    return now.microseconds - entry->heard.microseconds <= status->age &&
           (entry->said.until.microseconds == 0 ||
            entry->said.until.microseconds >= now.microseconds);
}

static bool list_fresh(const struct revocation *list, struct instant now)
{
    int64_t until = list->until.microseconds;

    return now.microseconds <= (until ? until : list->as_of.microseconds + LIST_DAY);
}

static enum status tell(const struct revocation *said, struct instant as_of, bool degraded,
                        struct card_standing *out)
{
    *out = (struct card_standing){said->state, said->reason, as_of, degraded};
    return STATUS_OK;
}

/* The responder is away: the youngest word within the grace, and a revocation of any age. */
static enum status tell_known(struct scope *scope, struct card_status *status,
                              const struct known *known, struct card_standing *out)
{
    const struct status_entry *entry = &known->entry;
    int64_t oldest = scope->now.microseconds - status->grace;
    bool kept = known->kept &&
                (entry->heard.microseconds >= oldest || entry->said.state == REVOCATION_REVOKED);
    bool listed = known->listed && known->list.as_of.microseconds >= oldest;

    if (!kept && !listed) {
        count(&status->figures.refused);
        return scope_fail(scope, CAUSE_CARD_STATUS_UNCONFIRMED, "%s",
                          known->kept || known->listed ? "what is known is too old"
                                                       : "nothing is known of it");
    }
    count(&status->figures.degraded);
    if (kept && (!listed || entry->said.state == REVOCATION_REVOKED ||
                 entry->heard.microseconds >= known->list.as_of.microseconds))
        return tell(&entry->said, entry->heard, true, out);
    return tell(&known->list, known->list.as_of, true, out);
}

/* Asks, unless that is of no use now. A failure is taken back: others may know. */
static bool heard(struct scope *scope, struct card_status *status, struct status_key key,
                  struct card_standing *out)
{
    struct revocation said = {0};

    if (status_breaker_open(status))
        return false;
    if (status_ask(scope, status, key, ASK_MILLISECONDS, &said) != STATUS_OK) {
        scope_forgive(scope);
        return false;
    }
    tell(&said, scope->now, false, out);
    return true;
}

enum status card_status_find(struct scope *scope, struct card_status *status, struct status_key key,
                             struct card_standing *out)
{
    const struct known known = look(status, key, scope->now);

    if (known.listed && known.list.state == REVOCATION_REVOKED)
        return tell(&known.list, known.list.as_of, false, out);
    if (known.kept && entry_fresh(status, &known.entry, scope->now)) {
        count(&status->figures.kept);
        if (!known.entry.asked_anew && *status->ocsp_url &&
            known.entry.heard.microseconds < refresh_before(status, scope->now).microseconds)
            status_refresh_soon(status, key);
        return tell(&known.entry.said, known.entry.heard, false, out);
    }
    if (!*status->ocsp_url && known.listed && list_fresh(&known.list, scope->now))
        return tell(&known.list, known.list.as_of, false, out);
    if (*status->ocsp_url && heard(scope, status, key, out))
        return STATUS_OK;
    return tell_known(scope, status, &known, out);
}

/* --- open and close --- */

static enum status copy_url(struct scope *scope, const char *url, char out[STATUS_URL_MAX])
{
    if (!url || !*url)
        return STATUS_OK;
    if (!fetch_url_ok(url) || strlen(url) >= STATUS_URL_MAX)
        return scope_fail(scope, CAUSE_CONFIGURATION,
                          "an address http://, https:// or file:///: '%.100s'", url);
    snprintf(out, STATUS_URL_MAX, "%s", url);
    return STATUS_OK;
}

static enum status start(struct scope *scope, struct card_status *status)
{
    for (int issuer = 1; *status->crl_url && issuer <= card_trust_count(status->trust); issuer++)
        status_load_list(status, issuer);
    if (pthread_create(&status->keeper, NULL, status_keep, status) != 0)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no thread");
    status->started = true;
    return STATUS_OK;
}

static enum status fill(struct scope *scope, const struct card_status_options *options,
                        struct card_status *status)
{
    TRY(copy_url(scope, options->ocsp_url, status->ocsp_url));
    TRY(copy_url(scope, options->crl_url, status->crl_url));
    status->age = options->age * SECOND;
    status->grace = options->grace * SECOND;
    status->cache = status_cache_make(options->cache);
    if (!status->cache)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    return start(scope, status);
}

enum status card_status_open(struct scope *scope, struct card_trust *trust, struct fetcher *fetcher,
                             const struct card_status_options *options, struct card_status **out)
{
    struct card_status *status = calloc(1, sizeof *status);
    pthread_condattr_t attributes;
    enum status result = STATUS_OK;

    if (!status)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status->trust = trust;
    status->fetcher = fetcher;
    pthread_rwlock_init(&status->lists_lock, NULL);
    pthread_mutex_init(&status->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&status->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    result = fill(scope, options, status);
    if (result == STATUS_OK)
        *out = status;
    else
        card_status_close(status);
    return result;
}

void card_status_close(struct card_status *status)
{
    if (!status)
        return;
    pthread_mutex_lock(&status->lock);
    status->stop = true;
    pthread_cond_signal(&status->changed);
    pthread_mutex_unlock(&status->lock);
    if (status->started)
        pthread_join(status->keeper, NULL);
    for (int i = 0; i < STATUS_ISSUERS_MAX; i++)
        crl_free(status->lists[i]);
    status_cache_free(status->cache);
    pthread_cond_destroy(&status->changed);
    pthread_mutex_destroy(&status->lock);
    pthread_rwlock_destroy(&status->lists_lock);
    free(status);
}

static uint64_t get(const _Atomic uint64_t *figure)
{
    return atomic_load_explicit(figure, memory_order_relaxed);
}

struct card_status_figures card_status_figures(struct card_status *status)
{
    struct card_status_figures figures = {0};

    if (!status)
        return figures;
    figures = (struct card_status_figures){
        .kept = get(&status->figures.kept),
        .asked = get(&status->figures.asked),
        .failed = get(&status->figures.failed),
        .degraded = get(&status->figures.degraded),
        .refused = get(&status->figures.refused),
        .lists = get(&status->figures.lists),
        .lists_failed = get(&status->figures.lists_failed),
        .away = status_breaker_open(status),
    };
    pthread_rwlock_rdlock(&status->lists_lock);
    for (int i = 0; i < STATUS_ISSUERS_MAX; i++)
        figures.listed += status->lists[i] ? crl_count(status->lists[i]) : 0;
    pthread_rwlock_unlock(&status->lists_lock);
    return figures;
}
