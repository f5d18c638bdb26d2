/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange_work.c - a worker's side: one request from the queue to its result.
 */
#include "base/log.h"
#include "terminal/desk.h"
#include "terminal/exchange_parts.h"

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

    while (wait && !exchange->entries.queue_first && !exchange->stopping)
        pthread_cond_wait(&exchange->work, &exchange->mutex);
    if (!exchange->entries.queue_first || exchange->stopping)
        return NULL;
    entry = entries_take(&exchange->entries);
    *job = (struct job){.claim = entry_claim(entry),
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
