/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.c - the look at req/: what is there, what is due, what is over.
 */
#include "terminal/exchange_parts.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/log.h"
#include "terminal/json_text.h"
#include "terminal/publish.h"
#include "terminal/reject.h"

#define SCAN_SETTLING 100 /* ms between looks while a file is still being written */
#define SCAN_AT_LEAST 5   /* ms between looks, whatever is due */

/* --- looking  --------------------------------------------------------------------------------- */

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

/* Has the file changed since the last look? Keeps the time of the last change. */
static void look(struct entry *entry, struct file_identity identity, int64_t now)
{
    if (entry_has_claim(entry) || entry->state == ENTRY_WORKING ||
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
    if (exchange->entries.queued >= settings->queue_max)
        return;
    entries_queue(&exchange->entries, entry);
    pthread_cond_signal(&exchange->work);
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
    const struct claim claim = entry_claim(entry);
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
    const struct claim claim = entry_claim(entry);

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
    entry = entries_find(&exchange->entries, name);
    if (!entry)
        entry = entries_add(&exchange->entries, name, &read, now);
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

    for (struct entry *entry = exchange->entries.first; entry; entry = entry->next)
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
    for (struct entry *entry = exchange->entries.first; entry; entry = entry->next) {
        if (entry->seen || entry_has_claim(entry) || entry->state == ENTRY_QUEUED ||
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
    for (struct entry *entry = exchange->entries.first; entry; entry = entry->next) {
        int64_t own = 0;
        advance(exchange, entry, now);
        own = patience(exchange, entry, now);
        wait = own < wait ? own : wait;
    }
    entries_sweep(&exchange->entries);
    pthread_mutex_unlock(&exchange->mutex);
    return wait > SCAN_AT_LEAST ? wait : SCAN_AT_LEAST;
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
    entry = entries_add(&exchange->entries, claim->request, &read, 0);
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
    entries_begin(&exchange->entries);
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
    entries_end(&exchange->entries);
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

struct exchange_figures exchange_figures(struct exchange *exchange)
{
    struct exchange_figures figures = {0};

    pthread_mutex_lock(&exchange->mutex);
    figures = exchange->figures;
    for (const struct entry *entry = exchange->entries.first; entry; entry = entry->next) {
        figures.waiting += entry_waits(entry);
        figures.blocked += entry->state == ENTRY_BLOCKED || entry->state == ENTRY_ANSWERED;
        figures.away += entry->state == ENTRY_AWAY;
        figures.finishing += entry->state == ENTRY_PLACED;
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
    for (const struct entry *entry = exchange->entries.first; entry; entry = entry->next) {
        if (!entry_waits(entry))
            continue;
        text_buffer_add_format(&buffer, "%s{\"request\":", comma);
        json_text_add(&buffer, text_of(entry->name));
        text_buffer_add_format(&buffer, ",\"reason\":\"%s\"}", entry_state_name(entry->state));
        comma = ",";
    }
    pthread_mutex_unlock(&exchange->mutex);
    text_buffer_add_char(&buffer, ']');
    return text_buffer_end(&buffer, out);
}
