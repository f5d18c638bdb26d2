/* SPDX-License-Identifier: Apache-2.0
 *
 * loading.c - the thread that loads what was received, one file after another, the one that waits
 * longest first. It runs with less priority than those that answer, and holds the store's write
 * lock only for short transactions (its loader sees to that).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "spool/spool_parts.h"

#define NICENESS 10
/* What failed because something was away is tried again after so long. Our choice. */
#define RETRY_SECONDS 30
#define MEMORY ((size_t)64 * 1024)

/* A load under way. */
struct loading {
    struct spool *spool;
    struct spool_entry entry;
};

/* --- what to load -------------------------------------------------------------------------------
 */

/* With the lock held: who waits longest and may be tried. */
static struct spool_file *oldest(struct spool *spool, struct instant now)
{
    struct spool_file *found = NULL;

    for (size_t i = 0; i < spool->count; i++) {
        struct spool_file *file = spool->files[i];
        if (file->seen.state == SPOOL_WAITING && file->retry.microseconds <= now.microseconds &&
            (!found || file->seen.changed.microseconds < found->seen.changed.microseconds))
            found = file;
    }
    return found;
}

/* Waits for a file; false when the spool closes. */
static bool next_file(struct spool *spool, struct spool_entry *out)
{
    struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    while (!spool->closing && !(file = oldest(spool, instant_now()))) {
        struct timespec until = {0};
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&spool->load_wake, &spool->lock, &until);
    }
    if (file) {
        file->seen.state = SPOOL_LOADING;
        file->seen.cause = CAUSE_NONE;
        *out = file->seen;
    }
    pthread_mutex_unlock(&spool->lock);
    return file != NULL;
}

/* --- what became of it --------------------------------------------------------------------------
 */

static void progress(void *context, int64_t rows_done, int64_t rows)
{
    const struct loading *loading = context;
    struct spool *spool = loading->spool;
    struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, loading->entry.insurer, loading->entry.id);
    if (file) {
        file->seen.rows_done = rows_done;
        file->seen.rows = rows;
    }
    pthread_mutex_unlock(&spool->lock);
}

/* The same content was loaded before: its reply is that of the other file, if it is still here. */
static void borrow_reply(struct spool *spool, const struct spool_entry *entry)
{
    char other[SPOOL_PART_NAME] = "", name[SPOOL_PART_NAME];

    pthread_mutex_lock(&spool->lock);
    for (size_t i = 0; i < spool->count; i++) {
        const struct spool_entry *seen = &spool->files[i]->seen;
        if (seen->state == SPOOL_DONE && seen->reply_size > 0 &&
            insurer_number_equal(seen->insurer, entry->insurer) &&
            strcmp(seen->content, entry->content) == 0)
            spool_part_name(seen->id, SPOOL_REPLY, other);
    }
    pthread_mutex_unlock(&spool->lock);
    spool_part_name(entry->id, SPOOL_REPLY, name);
    if (other[0] && linkat(spool->folder, other, spool->folder, name, 0) != 0)
        LOG(WARNING, NULL, "spool: no second name for a reply", "file='%s'", entry->id);
}

static int64_t reply_size(const struct spool *spool, const char *id)
{
    char name[SPOOL_PART_NAME];
    struct stat about = {0};

    spool_part_name(id, SPOOL_REPLY, name);
    return fstatat(spool->folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 ? about.st_size : 0;
}

static void take_outcome(struct spool *spool, struct spool_entry *entry,
                         const struct spool_outcome *outcome)
{
    entry->rows = entry->rows_done = outcome->rows;
    entry->accepted = outcome->accepted;
    entry->warned = outcome->warned;
    entry->refused = outcome->refused;
    entry->loaded_before = outcome->loaded_before;
    memcpy(entry->content, outcome->content, sizeof entry->content);
    if (entry->loaded_before && reply_size(spool, entry->id) == 0)
        borrow_reply(spool, entry);
    entry->reply_size = reply_size(spool, entry->id);
}

static const enum spool_state states[] = {
    [SPOOL_LOADED] = SPOOL_DONE,
    [SPOOL_WRONG] = SPOOL_REFUSED,
    [SPOOL_ASKS] = SPOOL_ASKING,
    [SPOOL_LATER] = SPOOL_WAITING,
};

/* The file's end becomes durable before anybody is told of it. */
static void keep(struct scope *scope, struct spool *spool, const struct spool_entry *entry)
{
    const struct journal_entry record = {
        .operation = JOURNAL_FILE_LOADED,
        .at = scope->now,
        .request_id = scope->id,
        .institution = entry->insurer.digits,
        .terminal = entry->id,
        .cause = entry->cause,
    };

    if (spool->options.journal &&
        journal_append_wait(scope, spool->options.journal, &record) != STATUS_OK)
        log_failure(scope, "spool: a load was not recorded");
    scope_reset(scope);
    if (spool_write_note(scope, spool, entry) != STATUS_OK)
        log_failure(scope, "spool: a load will be repeated after a restart");
    else if (entry->state != SPOOL_ASKING)
        spool_remove_part(spool, entry->id, SPOOL_DATA);
}

static void publish(struct spool *spool, const struct spool_entry *entry, struct instant retry)
{
    struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, entry->insurer, entry->id);
    if (file) {
        file->retry = retry;
        spool_change(spool, file, entry);
    }
    if (entry->state == SPOOL_DONE) {
        spool->loaded++;
        spool->rows += (uint64_t)(entry->loaded_before ? 0 : entry->rows);
    }
    pthread_mutex_unlock(&spool->lock);
}

static void finish(struct spool *spool, struct spool_entry *entry, enum spool_verdict verdict,
                   const struct spool_outcome *outcome)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(MEMORY);
    struct instant retry = {scope.now.microseconds + INT64_C(1000000) * RETRY_SECONDS};

    entry->state = states[verdict];
    entry->cause = verdict == SPOOL_LOADED ? CAUSE_NONE : outcome->cause;
    if (verdict == SPOOL_LOADED)
        take_outcome(spool, entry, outcome);
    if (verdict != SPOOL_LATER) {
        entry->changed = scope.now;
        keep(&scope, spool, entry);
    }
    publish(spool, entry, retry);
    LOG(INFO, &scope, "spool: a file was taken", "file='%s' insurer='%s' state='%s' code='%s'",
        entry->id, entry->insurer.digits, spool_state_name(entry->state),
        failure_text(entry->cause)->code);
}

static void load_one(struct spool *spool, struct loading *loading)
{
    const struct spool_loader *loader = &spool->options.loader;
    char file[SPOOL_PATH_MAX], reply[SPOOL_PATH_MAX], name[SPOOL_PART_NAME];
    const struct spool_order order = {
        .file = file,
        .reply = reply,
        .insurer = loading->entry.insurer,
        .confirmed = loading->entry.confirmed,
        .sha256 = loading->entry.sha256,
        .stop = &spool->stop,
        .progress = progress,
        .context = loading,
    };
    struct spool_outcome outcome = {.cause = CAUSE_NONE};
    enum spool_verdict verdict = SPOOL_LATER;

    spool_part_name(loading->entry.id, SPOOL_DATA, name);
    snprintf(file, sizeof file, "%s/%s", spool->options.directory, name);
    spool_part_name(loading->entry.id, SPOOL_REPLY, name);
    snprintf(reply, sizeof reply, "%s/%s", spool->options.directory, name);
    verdict = loader->load(loader->context, &order, &outcome);
    finish(spool, &loading->entry, verdict, &outcome);
}

void *spool_load_thread(void *spool_)
{
    struct loading loading = {.spool = spool_};

    setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS); /* of a thread, on Linux */
    while (next_file(loading.spool, &loading.entry))
        load_one(loading.spool, &loading);
    return NULL;
}
