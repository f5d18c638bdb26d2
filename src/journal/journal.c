/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/journal.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "journal/writer.h"

#define DEFAULT_QUEUE_RECORDS 65536
#define CHECKPOINT_MICROSECONDS 1000000
/* Under load a group gathers for so long, or until it has so many: a sync costs as much CPU as
 * sixty records. A record that comes after a pause goes at once. */
#define GATHER_MICROSECONDS 2000
#define GATHER_ENOUGH 64

struct journal {
    pthread_mutex_t lock; /* guards all members down to figures */
    pthread_cond_t work;  /* the writer thread waits for it */
    struct batch gathering;
    size_t writing; /* records that the writer thread holds */
    size_t wake_at; /* the writer thread wants to be woken at so many gathered; 0 = not at all */
    bool closing, failed;
    struct journal_figures figures;

    size_t queue_records;
    pthread_t thread;
    /* the writer thread's own */
    struct writer writer;
    struct batch batch;
    struct timespec checkpoint_due;
    struct timespec group_due; /* before that, a group waits for others to join */
};

/* The time so many microseconds from now. */
static struct timespec from_now(int64_t microseconds)
{
    struct timespec time = {0};
    int64_t nanoseconds = 0;

    clock_gettime(CLOCK_MONOTONIC, &time);
    nanoseconds = time.tv_nsec + microseconds * 1000;
    time.tv_sec += nanoseconds / 1000000000;
    time.tv_nsec = nanoseconds % 1000000000;
    return time;
}

static bool has_passed(const struct timespec *time)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > time->tv_sec ||
           (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

/* A checkpoint that cannot be written is tried again: the records themselves are on disk. */
static void write_checkpoint(struct journal *journal)
{
    struct scope scope = scope_begin(0);
    bool good = writer_checkpoint(&scope, &journal->writer) == STATUS_OK;

    scope_end(&scope);
    journal->checkpoint_due = from_now(CHECKPOINT_MICROSECONDS);
    pthread_mutex_lock(&journal->lock);
    journal->figures.checkpoint_failed = !good;
    pthread_mutex_unlock(&journal->lock);
}

/* Tells those who wait for records first to until, and lets others take their places. */
static void answer(struct journal *journal, size_t first, size_t until, bool ok)
{
    for (size_t i = first; i < until; i++)
        journal->batch.waiters[i].done(journal->batch.waiters[i].context, ok);
    pthread_mutex_lock(&journal->lock);
    journal->writing -= until - first;
    pthread_mutex_unlock(&journal->lock);
}

static void note_written(struct journal *journal, const struct writer_part *part)
{
    pthread_mutex_lock(&journal->lock);
    journal->figures.records += part->count;
    journal->figures.groups++;
    journal->figures.bytes += part->size;
    pthread_mutex_unlock(&journal->lock);
}

static void note_failed(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->failed = true;
    journal->figures.failed = true;
    pthread_mutex_unlock(&journal->lock);
}

/* Writes what the writer thread holds; false after a failure, when all have been told. */
static bool write_batch(struct journal *journal)
{
    struct writer_part part = {0};
    bool good = true;

    while (part.first < journal->batch.count) {
        struct scope scope = scope_begin(0);
        good = writer_put(&scope, &journal->writer, &journal->batch, &part) == STATUS_OK;
        scope_end(&scope);
        if (!good)
            break;
        note_written(journal, &part);
        answer(journal, part.first, part.first + part.count, true);
        part.first += part.count;
        part.at += part.size;
    }
    if (!good) {
        note_failed(journal);
        answer(journal, part.first, journal->batch.count, false);
    }
    batch_clear(&journal->batch);
    return good;
}

static bool checkpoint_is_old(const struct journal *journal)
{
    return journal->writer.checkpoint.count != journal->writer.chain.next - 1;
}

/* Waits until so many have gathered, or a time has come (NULL = none). The lock is held. */
static void wait_for(struct journal *journal, size_t count, const struct timespec *until)
{
    int waited = 0;

    journal->wake_at = count;
    while (journal->gathering.count < count && !journal->closing && waited == 0)
        waited = until ? pthread_cond_timedwait(&journal->work, &journal->lock, until)
                       : pthread_cond_wait(&journal->work, &journal->lock);
    journal->wake_at = 0;
}

/* Waits for records, or for the time of the next checkpoint; takes what has gathered. */
static bool take_batch(struct journal *journal)
{
    bool more = true;

    pthread_mutex_lock(&journal->lock);
    wait_for(journal, 1, checkpoint_is_old(journal) ? &journal->checkpoint_due : NULL);
    if (journal->gathering.count > 0) {
        wait_for(journal, GATHER_ENOUGH, &journal->group_due);
        journal->group_due = from_now(GATHER_MICROSECONDS);
        struct batch taken = journal->gathering;
        journal->gathering = journal->batch;
        journal->batch = taken;
        journal->writing = taken.count;
    } else {
        more = !journal->closing;
    }
    pthread_mutex_unlock(&journal->lock);
    return more;
}

/* After a failure: whoever queued before it was known is told as well. */
static void refuse_rest(struct journal *journal)
{
    while (take_batch(journal)) {
        answer(journal, 0, journal->batch.count, false);
        batch_clear(&journal->batch);
    }
}

static void *write_all(void *argument)
{
    struct journal *journal = argument;

    while (take_batch(journal)) {
        if (!write_batch(journal)) {
            /* nothing is promised any more: the checkpoint stays where it is */
            journal->writer.chain.next = journal->writer.checkpoint.count + 1;
            refuse_rest(journal);
            return NULL;
        }
        if (checkpoint_is_old(journal) && has_passed(&journal->checkpoint_due))
            write_checkpoint(journal);
    }
    write_checkpoint(journal);
    return NULL;
}

static bool make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    bool good = false;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
           pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return good;
}

static void heap_drop(struct journal **journal)
{
    if (*journal)
        writer_close(&(*journal)->writer);
    free(*journal);
}

enum status journal_open(struct scope *scope, const char *directory,
                         const struct journal_options *options, struct journal **out)
{
    CLEANUP(heap_drop) struct journal *journal = calloc(1, sizeof *journal);
    size_t segment_bytes = options ? options->segment_bytes : 0;

    if (!journal)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    journal->writer = WRITER_NONE;
    journal->queue_records =
        options && options->queue_records ? options->queue_records : DEFAULT_QUEUE_RECORDS;
    journal->checkpoint_due = from_now(CHECKPOINT_MICROSECONDS);
    TRY(writer_open(scope, directory, segment_bytes, &journal->writer));
    if (pthread_mutex_init(&journal->lock, NULL) != 0 || !make_condition(&journal->work) ||
        pthread_create(&journal->thread, NULL, write_all, journal) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot start a thread");
    *out = journal;
    journal = NULL;
    return STATUS_OK;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    pthread_mutex_lock(&journal->lock);
    journal->closing = true;
    pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->lock);
    pthread_join(journal->thread, NULL);
    pthread_cond_destroy(&journal->work);
    pthread_mutex_destroy(&journal->lock);
    batch_drop(&journal->gathering);
    batch_drop(&journal->batch);
    heap_drop(&journal);
}

/* Why a record cannot be taken now, or NULL. The lock is held. */
static const char *refusal(const struct journal *journal)
{
    if (journal->failed)
        return "journal: an earlier write failed";
    if (journal->closing)
        return "journal: it is being closed";
    if (journal->gathering.count + journal->writing >= journal->queue_records)
        return "journal: too many records are under way";
    return NULL;
}

enum status journal_append(struct scope *scope, struct journal *journal,
                           const struct journal_entry *entry, journal_done done, void *context)
{
    unsigned char record[RECORD_SIZE_MAX];
    struct waiter waiter = {done, context, record_write(entry, record)};
    const char *why = NULL;

    if (waiter.size == 0)
        return scope_fail(scope, CAUSE_INTERNAL, "journal: an entry that cannot be written");
    pthread_mutex_lock(&journal->lock);
    why = refusal(journal);
    if (!why && !batch_add(&journal->gathering, record, &waiter))
        why = "journal: the system has no memory";
    if (!why && journal->gathering.count == journal->wake_at)
        pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->lock);
    return why ? scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "%s", why) : STATUS_OK;
}

struct wait {
    sem_t told;
    bool ok;
};

static void tell(void *context, bool ok)
{
    struct wait *wait = context;

    wait->ok = ok;
    sem_post(&wait->told);
}

enum status journal_append_wait(struct scope *scope, struct journal *journal,
                                const struct journal_entry *entry)
{
    struct wait wait = {0};
    enum status status = STATUS_OK;

    if (sem_init(&wait.told, 0, 0) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: no semaphore");
    status = journal_append(scope, journal, entry, tell, &wait);
    if (status == STATUS_OK) {
        while (sem_wait(&wait.told) != 0)
            continue; /* a signal */
        if (!wait.ok)
            status = scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE,
                                "journal: the record could not be written");
    }
    sem_destroy(&wait.told);
    return status;
}

struct journal_figures journal_figures(struct journal *journal)
{
    struct journal_figures figures = {0};

    pthread_mutex_lock(&journal->lock);
    figures = journal->figures;
    pthread_mutex_unlock(&journal->lock);
    return figures;
}
