/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/exchange.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "terminal/desk.h"
#include "terminal/json_text.h"
#include "terminal/publish.h"
#include "terminal/reject.h"
#include "terminal/request_name.h"

#define SCAN_SETTLING 100 /* ms between scans while a file is still being written */
#define SCAN_AT_LEAST 5   /* ms between scans, whatever is due */
#define BUCKETS 1024

enum entry_state {
    ENTRY_NEW,      /* due as soon as a worker is free */
    ENTRY_SETTLING, /* cut, too large or misnamed: due when it has not changed for a while */
    ENTRY_QUEUED,
    ENTRY_WORKING,
    ENTRY_AWAY,     /* the service, or the file, could not be reached: due at next_try */
    ENTRY_BLOCKED,  /* a result of its name lies in res/ */
    ENTRY_ANSWERED, /* its answer is in work/, its name in res/ is taken */
    ENTRY_PLACED,   /* its result is in res/: touched at next_try */
    ENTRY_OVER,
};

static const char *const state_names[] = {
    [ENTRY_NEW] = "queued",        [ENTRY_SETTLING] = "incomplete",
    [ENTRY_QUEUED] = "queued",     [ENTRY_WORKING] = "asking",
    [ENTRY_AWAY] = "service_away", [ENTRY_BLOCKED] = "result_not_collected",
    [ENTRY_PLACED] = "answered",   [ENTRY_ANSWERED] = "result_not_collected",
    [ENTRY_OVER] = "answered",
};

/* A file in req/, from its first sight to its result's last touch. */
struct entry {
    struct entry *next; /* in order of first sight */
    struct entry *same_bucket;
    char name[REQUEST_NAME_MAX];
    struct request_name read;
    enum entry_state state;
    struct file_identity identity; /* as last seen; of the claim once there is one */
    int64_t changed_at;            /* when identity was last seen to change */
    int64_t due_since;             /* when it was first due; 0 = not yet */
    int64_t next_try;              /* ENTRY_AWAY, ENTRY_PLACED */
    int64_t delay;                 /* last one between tries */
    bool stable;                   /* told to the worker: take it as it is */
    bool last_try;                 /* told to the worker: if it fails, answer so */
    bool give_up;                  /* told to the worker: do not even try; others did, in vain */
    bool seen;                     /* by this scan */
    struct entry *queued;          /* behind it in the queue */
};

struct exchange {
    struct exchange_settings settings;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    struct entry *first, **last;
    struct entry *buckets[BUCKETS];
    size_t count;
    struct entry *queue_first, **queue_last;
    size_t queued;
    bool stopping;
    bool listing_failed; /* logged once until it works again */
    struct exchange_figures figures;
};

/* --- the entries ------------------------------------------------------------------------------ */

static size_t bucket_of(const char *name)
{
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211ULL;
    return hash % BUCKETS;
}

static struct entry *entry_find(struct exchange *exchange, const char *name)
{
    struct entry *entry = exchange->buckets[bucket_of(name)];

    while (entry && strcmp(entry->name, name) != 0)
        entry = entry->same_bucket;
    return entry;
}

/* NULL where there is no room; the file is seen again by the next scan. */
static struct entry *entry_add(struct exchange *exchange, const char *name,
                               const struct request_name *read, int64_t now)
{
    struct entry **bucket = &exchange->buckets[bucket_of(name)];
    struct entry *entry = NULL;

    if (exchange->count >= EXCHANGE_ENTRIES_MAX)
        return NULL;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    *entry = (struct entry){.same_bucket = *bucket, .read = *read, .changed_at = now};
    memcpy(entry->name, name, strlen(name) + 1);
    *bucket = entry;
    *exchange->last = entry;
    exchange->last = &entry->next;
    exchange->count++;
    return entry;
}

static void bucket_remove(struct exchange *exchange, const struct entry *entry)
{
    struct entry **at = &exchange->buckets[bucket_of(entry->name)];

    while (*at != entry)
        at = &(*at)->same_bucket;
    *at = entry->same_bucket;
}

/* Frees what is over. */
static void entries_sweep(struct exchange *exchange)
{
    struct entry **at = &exchange->first;

    while (*at) {
        struct entry *entry = *at;
        if (entry->state != ENTRY_OVER) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        bucket_remove(exchange, entry);
        free(entry);
        exchange->count--;
    }
    exchange->last = at;
}

static struct claim claim_of(const struct entry *entry)
{
    struct claim claim = {.identity = entry->identity};

    memcpy(claim.request, entry->name, sizeof claim.request);
    memcpy(claim.result, entry->read.result, sizeof claim.result);
    return claim;
}

/* --- the queue -------------------------------------------------------------------------------- */

static void queue_put(struct exchange *exchange, struct entry *entry)
{
    entry->state = ENTRY_QUEUED;
    entry->queued = NULL;
    *exchange->queue_last = entry;
    exchange->queue_last = &entry->queued;
    exchange->queued++;
    pthread_cond_signal(&exchange->work);
}

static struct entry *queue_take(struct exchange *exchange)
{
    struct entry *entry = exchange->queue_first;

    exchange->queue_first = entry->queued;
    if (!exchange->queue_first)
        exchange->queue_last = &exchange->queue_first;
    exchange->queued--;
    entry->state = ENTRY_WORKING;
    return entry;
}

/* --- scanning --------------------------------------------------------------------------------- */

static bool lies_in_res(const struct exchange *exchange, const struct entry *entry)
{
    struct stat status = {0};

    return fstatat(exchange->settings.folders->fds[FOLDER_RES], entry->read.result, &status,
                   AT_SYMLINK_NOFOLLOW) == 0;
}

static void log_wait(const struct entry *entry, const char *words)
{
    /* a name may hold the institution's number of a patient: the family alone is logged */
    LOG(WARNING, NULL, words, "family='%s'", entry->read.family);
}

static bool has_claim(const struct entry *entry)
{
    return entry->state == ENTRY_ANSWERED || entry->state == ENTRY_PLACED;
}

/* Has the file changed since the last look? Keeps the time of the last change. */
static void look(struct entry *entry, struct file_identity identity, int64_t now)
{
    if (has_claim(entry) || entry->state == ENTRY_WORKING ||
        file_identity_equal(identity, entry->identity))
        return;
    entry->identity = identity;
    entry->changed_at = now;
    entry->stable = false;
    if (entry->state == ENTRY_SETTLING)
        entry->state = ENTRY_NEW;
}

static void reject(struct exchange *exchange, struct entry *entry)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(64UL * 1024);

    if (reject_request(&scope, exchange->settings.folders, entry->name, entry->read.fault) !=
        STATUS_OK) {
        log_failure(&scope, "misnamed request stays in req");
        entry->state = ENTRY_AWAY;
        return;
    }
    LOG(WARNING, &scope, "request rejected", "code='%s' family='%s'",
        failure_text(CAUSE_FILE_NAME_WRONG)->code, entry->read.family);
    exchange->figures.rejected++;
    entry->state = ENTRY_OVER;
}

/* Hands an entry that is due to the workers, unless its result's name is taken or they are busy. */
static void dispatch(struct exchange *exchange, struct entry *entry, int64_t now)
{
    const struct exchange_settings *settings = &exchange->settings;

    if (lies_in_res(exchange, entry)) {
        if (entry->state != ENTRY_BLOCKED)
            log_wait(entry, "request waits: a result of its name was not collected");
        entry->state = ENTRY_BLOCKED;
        entry->due_since = entry->delay = 0;
        return;
    }
    entry->state = ENTRY_NEW;
    if (entry->due_since == 0)
        entry->due_since = now;
    entry->stable = now - entry->changed_at >= settings->settle;
    if (entry->identity.size > settings->request_max && !entry->stable) {
        entry->state = ENTRY_SETTLING;
        return;
    }
    entry->last_try = now - entry->due_since >= settings->give_up;
    entry->give_up = now - entry->due_since >= settings->give_up + EXCHANGE_RETRY_LAST &&
                     exchange->figures.service_away;
    if (exchange->queued < settings->queue_max)
        queue_put(exchange, entry);
}

/* The worker could not reach the service: when is the next try? */
static void schedule_retry(const struct exchange *exchange, struct entry *entry, int64_t now)
{
    int64_t limit = entry->due_since + exchange->settings.give_up;

    entry->delay = entry->delay == 0 ? EXCHANGE_RETRY_FIRST : 2 * entry->delay;
    if (entry->delay > EXCHANGE_RETRY_LAST)
        entry->delay = EXCHANGE_RETRY_LAST;
    entry->next_try = now + entry->delay;
    if (limit > now && entry->next_try > limit)
        entry->next_try = limit;
}

static void retry(struct exchange *exchange, struct entry *entry, int64_t now)
{
    if (entry->next_try == 0)
        schedule_retry(exchange, entry, now);
    if (now < entry->next_try)
        return;
    entry->next_try = 0;
    if (entry->read.kind == REQUEST_MISNAMED)
        reject(exchange, entry);
    else
        dispatch(exchange, entry, now);
}

/* A result without a place: tried again when its name is free. Then the last steps of a claim. */
static void place(struct exchange *exchange, struct entry *entry)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(64UL * 1024);
    const struct claim claim = claim_of(entry);
    enum status status = STATUS_OK;

    if (lies_in_res(exchange, entry))
        return;
    status = claim_place(&scope, exchange->settings.folders, &claim, exchange->settings.step);
    if (status == STATUS_OK) {
        entry->state = ENTRY_PLACED;
        exchange->figures.answered++;
    } else if (status == STATUS_NOT_FOUND) {
        entry->state = ENTRY_NEW; /* withdrawn, or replaced: the next look tells */
    } else if (status != STATUS_CONFLICT) {
        log_failure(&scope, "result cannot be placed");
    }
}

static void finish(struct exchange *exchange, struct entry *entry, int64_t now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(64UL * 1024);
    const struct claim claim = claim_of(entry);

    if (entry->next_try == 0)
        entry->next_try = now + PUBLISH_TOUCH_MILLISECONDS;
    if (now < entry->next_try)
        return;
    entry->state = ENTRY_OVER;
    if (claim_finish(&scope, exchange->settings.folders, &claim, exchange->settings.step) ==
        STATUS_OK)
        return;
    log_failure(&scope, "answered request stays in req");
    entry->state = ENTRY_PLACED;
    entry->next_try = now + EXCHANGE_RETRY_LAST;
}

static void settle(struct exchange *exchange, struct entry *entry, int64_t now)
{
    if (now - entry->changed_at < exchange->settings.settle) {
        entry->state = ENTRY_SETTLING;
        return;
    }
    if (entry->read.kind == REQUEST_MISNAMED)
        reject(exchange, entry);
    else
        dispatch(exchange, entry, now);
}

/* What is due of one entry. */
static void advance(struct exchange *exchange, struct entry *entry, int64_t now)
{
    switch (entry->state) {
    case ENTRY_NEW:
        if (entry->read.kind == REQUEST_MISNAMED)
            settle(exchange, entry, now);
        else
            dispatch(exchange, entry, now);
        break;
    case ENTRY_SETTLING:
        settle(exchange, entry, now);
        break;
    case ENTRY_AWAY:
        retry(exchange, entry, now);
        break;
    case ENTRY_BLOCKED:
        dispatch(exchange, entry, now);
        break;
    case ENTRY_ANSWERED:
        place(exchange, entry);
        break;
    case ENTRY_PLACED:
        finish(exchange, entry, now);
        break;
    case ENTRY_QUEUED:
    case ENTRY_WORKING:
    case ENTRY_OVER:
        break;
    }
}

/* Folders, links and other things that are no files are not requests, whatever their name. */
static void see(struct exchange *exchange, const char *name, int64_t now)
{
    struct request_name read = request_name_read(name);
    struct file_identity identity = {0};
    struct entry *entry = NULL;

    if (read.kind == REQUEST_IGNORED ||
        !folder_find(exchange->settings.folders->fds[FOLDER_REQ], name, &identity))
        return;
    entry = entry_find(exchange, name);
    if (!entry)
        entry = entry_add(exchange, name, &read, now);
    if (!entry)
        return;
    entry->seen = true;
    look(entry, identity, now);
}

/* One look over req/. */
struct sight {
    struct exchange *exchange;
    int64_t now;
};

static enum status see_one(void *sight_, const char *name)
{
    const struct sight *sight = sight_;

    see(sight->exchange, name, sight->now);
    return STATUS_OK;
}

/* False where req/ cannot be listed: then nothing is known of what is gone. */
static bool see_all(struct exchange *exchange, int64_t now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1024);
    struct sight sight = {exchange, now};
    bool failed = false;

    for (struct entry *entry = exchange->first; entry; entry = entry->next)
        entry->seen = false;
    failed =
        folder_visit(&scope, exchange->settings.folders, FOLDER_REQ, see_one, &sight) != STATUS_OK;
    if (failed && !exchange->listing_failed)
        log_failure(&scope, "requests are not seen");
    exchange->listing_failed = failed;
    return !failed;
}

/* A request that its sender took back. Those that a worker holds are noticed by the worker. */
static void drop_withdrawn(struct exchange *exchange)
{
    for (struct entry *entry = exchange->first; entry; entry = entry->next) {
        if (entry->seen || has_claim(entry) || entry->state == ENTRY_QUEUED ||
            entry->state == ENTRY_WORKING || entry->state == ENTRY_OVER)
            continue;
        entry->state = ENTRY_OVER;
        exchange->figures.withdrawn++;
    }
}

/* Milliseconds until this entry wants to be looked at. */
static int64_t patience(const struct exchange *exchange, const struct entry *entry, int64_t now)
{
    if (entry->state == ENTRY_SETTLING)
        return SCAN_SETTLING;
    if (entry->state == ENTRY_AWAY || entry->state == ENTRY_PLACED)
        return entry->next_try - now;
    return exchange->settings.rescan;
}

int64_t exchange_scan(struct exchange *exchange, int64_t now)
{
    int64_t wait = exchange->settings.rescan;

    pthread_mutex_lock(&exchange->mutex);
    if (see_all(exchange, now))
        drop_withdrawn(exchange);
    for (struct entry *entry = exchange->first; entry; entry = entry->next) {
        int64_t own = 0;
        advance(exchange, entry, now);
        own = patience(exchange, entry, now);
        wait = own < wait ? own : wait;
    }
    entries_sweep(exchange);
    pthread_mutex_unlock(&exchange->mutex);
    return wait > SCAN_AT_LEAST ? wait : SCAN_AT_LEAST;
}

/* --- working ---------------------------------------------------------------------------------- */

/* What a worker was given and what it found; the entry itself is the scanning thread's. */
struct job {
    struct claim claim;
    struct request_name read;
    struct file_identity expected;
    bool stable, last_try, give_up;
    bool asked, reached; /* the service */
};

/* Steps 1 to 5 of a claim. */
static enum entry_state publish(struct scope *scope, const struct exchange *exchange,
                                const struct job *job, const struct desk_answer *answer)
{
    const struct exchange_settings *settings = &exchange->settings;
    enum status status =
        claim_answer(scope, settings->folders, &job->claim, answer->bytes, settings->step);

    if (status == STATUS_OK)
        status = claim_place(scope, settings->folders, &job->claim, settings->step);
    if (status == STATUS_OK)
        return ENTRY_PLACED;
    if (status == STATUS_CONFLICT)
        return ENTRY_ANSWERED;
    if (status == STATUS_NOT_FOUND)
        return ENTRY_NEW;
    log_failure(scope, "result cannot be written");
    return ENTRY_AWAY;
}

static enum status make_answer(struct scope *scope, const struct exchange *exchange,
                               struct service_client *client, struct job *job, struct text request,
                               struct desk_answer *out)
{
    enum oqs_encoding encoding = exchange->settings.encoding;
    enum status status = STATUS_OK;

    if (job->give_up)
        return desk_refuse(scope, CAUSE_SERVICE_AWAY, request, encoding, out);
    status = desk_answer(scope, client, job->read.kind, request, encoding, out);
    job->reached = status == STATUS_OK && out->cause == CAUSE_NONE;
    job->asked = job->reached || scope->cause == CAUSE_SERVICE_AWAY;
    if (status == STATUS_OK || (scope->cause == CAUSE_SERVICE_AWAY && !job->last_try))
        return status;
    if (scope->cause == CAUSE_SERVICE_AWAY) {
        scope_forgive(scope);
        return desk_refuse(scope, CAUSE_SERVICE_AWAY, request, encoding, out);
    }
    log_failure(scope, "request cannot be worked on");
    scope_reset(scope);
    return desk_refuse(scope, CAUSE_INTERNAL, (struct text){0}, encoding, out);
}

/* What to do with a file that could not be read; STATUS_OK: answer holds its refusal. */
static enum status refuse_unread(struct scope *scope, const struct exchange *exchange,
                                 const struct job *job, bool stable, struct desk_answer *answer)
{
    enum cause cause = scope->cause;
    bool large = cause == CAUSE_BODY_TOO_LARGE;

    if (large ? !stable : !job->last_try)
        return STATUS_UNAVAILABLE;
    scope_forgive(scope);
    return desk_refuse(scope, cause, (struct text){0}, exchange->settings.encoding, answer);
}

static enum entry_state work_on(struct scope *scope, const struct exchange *exchange,
                                struct service_client *client, struct job *job,
                                struct desk_answer *answer)
{
    const struct exchange_settings *settings = &exchange->settings;
    struct text request = {0};
    bool stable = false;
    enum status status = folder_read(scope, settings->folders->fds[FOLDER_REQ], job->claim.request,
                                     settings->request_max, &request, &job->claim.identity);

    if (status == STATUS_NOT_FOUND)
        return ENTRY_NEW; /* withdrawn: the next look tells */
    stable = job->stable && file_identity_equal(job->claim.identity, job->expected);
    if (status != STATUS_OK) {
        bool large = scope->cause == CAUSE_BODY_TOO_LARGE;
        if (refuse_unread(scope, exchange, job, stable, answer) != STATUS_OK)
            return large ? ENTRY_SETTLING : ENTRY_AWAY;
        return publish(scope, exchange, job, answer);
    }
    if (!desk_looks_whole(request) && !stable)
        return ENTRY_SETTLING;
    status = make_answer(scope, exchange, client, job, request, answer);
    if (status != STATUS_OK) {
        log_failure(scope, "request is tried again later");
        return ENTRY_AWAY;
    }
    return publish(scope, exchange, job, answer);
}

static void log_answer(const struct scope *scope, const struct job *job,
                       const struct desk_answer *answer)
{
    LOG(INFO, scope, "request answered",
        "family='%s' code='%s' detail='%s' replaced='%zu' milliseconds='%lld'", job->read.family,
        failure_text(answer->cause)->code, answer->detail, answer->replaced,
        (long long)(instant_now().microseconds - scope->now.microseconds) / 1000);
}

/* Sleeps until there is a job or the end; NULL: none. */
static struct entry *take_job(struct exchange *exchange, bool wait, struct job *job)
{
    struct entry *entry = NULL;

    while (wait && !exchange->queue_first && !exchange->stopping)
        pthread_cond_wait(&exchange->work, &exchange->mutex);
    if (!exchange->queue_first || exchange->stopping)
        return NULL;
    entry = queue_take(exchange);
    *job = (struct job){.claim = claim_of(entry),
                        .read = entry->read,
                        .expected = entry->identity,
                        .stable = entry->stable,
                        .last_try = entry->last_try,
                        .give_up = entry->give_up};
    return entry;
}

/* What a worker found, into the entry and the figures. */
static void job_done(struct exchange *exchange, struct entry *entry, const struct job *job,
                     enum entry_state state)
{
    entry->state = state;
    entry->next_try = 0;
    if (state == ENTRY_NEW)
        entry->due_since = entry->delay = 0;
    if (state == ENTRY_ANSWERED || state == ENTRY_PLACED)
        entry->identity = job->claim.identity;
    if (state == ENTRY_PLACED)
        exchange->figures.answered++;
    if (job->asked)
        exchange->figures.service_away = !job->reached;
}

bool exchange_work(struct exchange *exchange, struct service_client *client, bool wait)
{
    struct scope scope = {0};
    struct job job = {0};
    struct desk_answer answer = {0};
    struct entry *entry = NULL;
    enum entry_state state = ENTRY_NEW;

    pthread_mutex_lock(&exchange->mutex);
    entry = take_job(exchange, wait, &job);
    pthread_mutex_unlock(&exchange->mutex);
    if (!entry)
        return false;
    scope = scope_begin(DESK_SCOPE_LIMIT);
    state = work_on(&scope, exchange, client, &job, &answer);
    if (state == ENTRY_PLACED || state == ENTRY_ANSWERED)
        log_answer(&scope, &job, &answer);
    scope_end(&scope);
    pthread_mutex_lock(&exchange->mutex);
    job_done(exchange, entry, &job, state);
    pthread_mutex_unlock(&exchange->mutex);
    if (exchange->settings.wake)
        exchange->settings.wake(exchange->settings.wake_context);
    return true;
}

/* --- life ------------------------------------------------------------------------------------- */

/* A claim that the last terminal left. */
static void recover_one(void *context, const struct claim *claim, enum claim_state state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(64UL * 1024);
    struct exchange *exchange = context;
    const struct request_name read = request_name_read(claim->request);
    struct entry *entry = NULL;

    if (state == CLAIM_PLACED && claim_finish(&scope, exchange->settings.folders, claim,
                                              exchange->settings.step) == STATUS_OK)
        return;
    entry = entry_add(exchange, claim->request, &read, 0);
    if (!entry)
        return;
    entry->state = state == CLAIM_PLACED ? ENTRY_PLACED : ENTRY_ANSWERED;
    entry->identity = claim->identity;
    LOG(INFO, NULL, "request goes on where it was stopped", "family='%s'", read.family);
}

enum status exchange_open(struct scope *scope, const struct exchange_settings *settings,
                          struct exchange **out)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    enum status status = STATUS_OK;

    if (!exchange)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    exchange->settings = *settings;
    exchange->last = &exchange->first;
    exchange->queue_last = &exchange->queue_first;
    pthread_mutex_init(&exchange->mutex, NULL);
    pthread_cond_init(&exchange->work, NULL);
    status = claim_recover(scope, settings->folders, recover_one, exchange);
    if (status != STATUS_OK) {
        exchange_close(exchange);
        return status;
    }
    *out = exchange;
    return STATUS_OK;
}

void exchange_close(struct exchange *exchange)
{
    if (!exchange)
        return;
    for (struct entry *entry = exchange->first; entry;) {
        struct entry *next = entry->next;
        free(entry);
        entry = next;
    }
    pthread_cond_destroy(&exchange->work);
    pthread_mutex_destroy(&exchange->mutex);
    free(exchange);
}

void exchange_stop(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->mutex);
    exchange->stopping = true;
    pthread_cond_broadcast(&exchange->work);
    pthread_mutex_unlock(&exchange->mutex);
}

/* --- for the screen --------------------------------------------------------------------------- */

static bool is_waiting(const struct entry *entry)
{
    return entry->state != ENTRY_PLACED && entry->state != ENTRY_OVER;
}

struct exchange_figures exchange_figures(struct exchange *exchange)
{
    struct exchange_figures figures = {0};

    pthread_mutex_lock(&exchange->mutex);
    figures = exchange->figures;
    for (const struct entry *entry = exchange->first; entry; entry = entry->next) {
        figures.waiting += is_waiting(entry);
        figures.blocked += entry->state == ENTRY_BLOCKED || entry->state == ENTRY_ANSWERED;
        figures.away += entry->state == ENTRY_AWAY;
    }
    pthread_mutex_unlock(&exchange->mutex);
    return figures;
}

enum status exchange_write_waiting(struct scope *scope, struct exchange *exchange, struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, 256);
    const char *comma = "";

    text_buffer_add_char(&buffer, '[');
    pthread_mutex_lock(&exchange->mutex);
    for (const struct entry *entry = exchange->first; entry; entry = entry->next) {
        if (!is_waiting(entry))
            continue;
        text_buffer_add_format(&buffer, "%s{\"request\":", comma);
        json_text_add(&buffer, text_of(entry->name));
        text_buffer_add_format(&buffer, ",\"reason\":\"%s\"}", state_names[entry->state]);
        comma = ",";
    }
    pthread_mutex_unlock(&exchange->mutex);
    text_buffer_add_char(&buffer, ']');
    return text_buffer_end(&buffer, out);
}
