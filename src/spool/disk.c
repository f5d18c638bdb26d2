/* SPDX-License-Identifier: Apache-2.0
 *
 * disk.c - the thread that touches the spool folder for everybody: one job after another, in the
 * order they came. So what was asked of a file last sees what was sent to it before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/log.h"
#include "spool/spool_parts.h"

/* A long part becomes durable in steps, so that its end has not all of it to wait for. */
#define SYNC_BYTES (INT64_C(16) * 1024 * 1024)
#define SWEEP_SECONDS 60
#define HOUR_MICROSECONDS (INT64_C(3600) * 1000000)
#define NOTE_MEMORY ((size_t)16 * 1024)
#define DATA_MODE 0600

void spool_submit(struct spool *spool, struct spool_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&spool->lock);
    if (spool->last)
        spool->last->next = job;
    else
        spool->first = job;
    spool->last = job;
    pthread_cond_signal(&spool->disk_wake);
    pthread_mutex_unlock(&spool->lock);
}

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

static int open_data(const struct spool *spool, const char *id, int flags)
{
    char name[SPOOL_PART_NAME];

    spool_part_name(id, SPOOL_DATA, name);
    return openat(spool->folder, name, flags | O_CLOEXEC | O_NOFOLLOW, DATA_MODE);
}

/* No room is left for a file, for whatever reason the system has. */
static bool is_full(int problem)
{
    return problem == ENOSPC || problem == EDQUOT || problem == EFBIG;
}

/* What went wrong with the folder, for the operator. */
static enum cause disk_failed(const char *what)
{
    int problem = errno;

    LOG(ERROR, NULL, "spool: the disk failed", "what='%s' reason='%s'", what,
        strerrordesc_np(problem));
    return is_full(problem) ? CAUSE_SPOOL_FULL : CAUSE_SPOOL_UNAVAILABLE;
}

static enum cause write_note(const struct spool *spool, const struct spool_entry *entry)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(NOTE_MEMORY);

    if (spool_write_note(&scope, spool, entry) == STATUS_OK)
        return CAUSE_NONE;
    log_failure(&scope, "spool: a note was not written");
    return CAUSE_SPOOL_UNAVAILABLE;
}

/* --- create -------------------------------------------------------------------------------------
 */

static int files_of(const struct spool *spool, struct insurer_number insurer)
{
    int count = 0;

    for (size_t i = 0; i < spool->count; i++)
        count += insurer_number_equal(spool->files[i]->seen.insurer, insurer);
    return count;
}

static enum cause no_room(struct spool *spool, const struct spool_entry *entry)
{
    const struct spool_options *options = &spool->options;
    enum cause cause = CAUSE_NONE;

    pthread_mutex_lock(&spool->lock);
    if (files_of(spool, entry->insurer) >= options->files_per_insurer)
        cause = CAUSE_UPLOAD_TOO_MANY;
    else if (spool->count >= (size_t)options->files ||
             entry->length > options->quota - spool->bytes)
        cause = CAUSE_SPOOL_FULL;
    pthread_mutex_unlock(&spool->lock);
    return cause;
}

static bool make_id(char out[SPOOL_ID_SIZE])
{
    unsigned char random[(SPOOL_ID_SIZE - 1) / 2];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    hex_write(random, sizeof random, out);
    return true;
}

static enum cause make_file(struct spool *spool, struct spool_entry *entry)
{
    CLEANUP(descriptor_drop) int file = -1;
    enum cause cause = CAUSE_NONE;
    bool added = false;

    if (!make_id(entry->id))
        return disk_failed("chance");
    file = open_data(spool, entry->id, O_WRONLY | O_CREAT | O_EXCL);
    if (file < 0)
        return disk_failed("create");
    cause = write_note(spool, entry); /* syncs the folder, the data's name with it */
    if (cause == CAUSE_NONE) {
        pthread_mutex_lock(&spool->lock);
        added = spool_add(spool, entry);
        pthread_mutex_unlock(&spool->lock);
    }
    if (added)
        return CAUSE_NONE;
    spool_remove_part(spool, entry->id, SPOOL_NOTE);
    spool_remove_part(spool, entry->id, SPOOL_DATA);
    return cause == CAUSE_NONE ? CAUSE_MEMORY_LIMIT : cause;
}

static enum cause create(struct spool *spool, struct spool_job *job)
{
    struct spool_entry *entry = &job->entry;
    enum cause cause = CAUSE_NONE;

    if (entry->length > spool->options.file_limit)
        return CAUSE_UPLOAD_TOO_LARGE;
    cause = no_room(spool, entry);
    if (cause != CAUSE_NONE)
        return cause;
    entry->state = SPOOL_RECEIVING;
    entry->created = entry->changed = job->now;
    return make_file(spool, entry);
}

/* --- settle, confirm, remove --------------------------------------------------------------------
 */

static bool find(struct spool *spool, struct spool_job *job)
{
    const struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, job->entry.insurer, job->entry.id);
    if (file)
        job->entry = file->seen;
    pthread_mutex_unlock(&spool->lock);
    return file != NULL;
}

static enum cause settle(struct spool *spool, struct spool_job *job)
{
    CLEANUP(descriptor_drop) int file = -1;

    if (!find(spool, job))
        return CAUSE_UPLOAD_UNKNOWN;
    if (job->entry.state != SPOOL_RECEIVING)
        return CAUSE_NONE;
    file = open_data(spool, job->entry.id, O_WRONLY);
    return file >= 0 && fdatasync(file) == 0 ? CAUSE_NONE : disk_failed("sync");
}

/* The file's entry becomes the job's, as long as it is there. */
static void publish(struct spool *spool, const struct spool_job *job)
{
    struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, job->entry.insurer, job->entry.id);
    if (file) {
        file->retry = (struct instant){0};
        spool_change(spool, file, &job->entry);
    }
    pthread_cond_signal(&spool->load_wake);
    pthread_mutex_unlock(&spool->lock);
}

static enum cause confirm(struct spool *spool, struct spool_job *job)
{
    enum cause cause = CAUSE_NONE;

    if (!find(spool, job))
        return CAUSE_UPLOAD_UNKNOWN;
    if (job->entry.state != SPOOL_ASKING)
        return CAUSE_UPLOAD_NOT_ASKED;
    job->entry.state = SPOOL_WAITING;
    job->entry.confirmed = true;
    job->entry.cause = CAUSE_NONE;
    job->entry.changed = job->now;
    cause = write_note(spool, &job->entry);
    if (cause == CAUSE_NONE)
        publish(spool, job);
    return cause;
}

/* The note goes first: parts without one are nothing. */
static void remove_parts(const struct spool *spool, const char *id)
{
    spool_remove_part(spool, id, SPOOL_NOTE);
    spool_remove_part(spool, id, SPOOL_DATA);
    spool_remove_part(spool, id, SPOOL_REPLY);
    fsync(spool->folder);
}

static enum cause drop(struct spool *spool, struct spool_job *job)
{
    struct spool_file *file = NULL;
    enum cause cause = CAUSE_UPLOAD_UNKNOWN;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, job->entry.insurer, job->entry.id);
    if (file) {
        job->entry = file->seen;
        cause = file->seen.state == SPOOL_LOADING ? CAUSE_UPLOAD_LOADING : CAUSE_NONE;
    }
    if (file && cause == CAUSE_NONE)
        spool_take_out(spool, file);
    pthread_mutex_unlock(&spool->lock);
    if (cause == CAUSE_NONE)
        remove_parts(spool, job->entry.id);
    return cause;
}

/* --- writers ------------------------------------------------------------------------------------
 */

static bool write_all(int file, const unsigned char *bytes, size_t size, int64_t at)
{
    size_t done = 0;

    while (done < size) {
        ssize_t wrote = pwrite(file, bytes + done, size - done, at + (int64_t)done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        done += (size_t)wrote;
    }
    return true;
}

static bool owns(const struct spool_file *file, const struct spool_writer *writer)
{
    return file && file->owner == writer->owner;
}

/* Tells the table how far the writer is; false where the file is another's by now, or gone. */
static bool tell(struct spool *spool, const struct spool_writer *writer, size_t more,
                 struct instant now)
{
    const struct spool_job *job = &writer->job;
    struct spool_file *file = NULL;
    bool ours = false;

    pthread_mutex_lock(&spool->lock);
    file = spool_lookup(spool, job->entry.insurer, job->entry.id);
    ours = owns(file, writer);
    if (file && ours) {
        file->seen.offset = writer->offset;
        file->seen.changed = file->last_byte = now;
        spool->received += more;
    }
    pthread_mutex_unlock(&spool->lock);
    return ours;
}

static enum cause sync_part(struct spool_writer *writer)
{
    if (fdatasync(writer->file) != 0)
        return disk_failed("sync");
    writer->durable = writer->offset;
    return CAUSE_NONE;
}

static enum cause write_part(struct spool *spool, struct spool_writer *writer)
{
    size_t used = writer->used;

    writer->used = 0;
    if (!tell(spool, writer, 0, writer->job.now))
        return CAUSE_UPLOAD_LOCKED;
    if (writer->file < 0)
        writer->file = open_data(spool, writer->job.entry.id, O_WRONLY);
    if (writer->file < 0 || !write_all(writer->file, writer->buffer, used, writer->offset))
        return disk_failed("write");
    writer->offset += (int64_t)used;
    if (!tell(spool, writer, used, writer->job.now))
        return CAUSE_UPLOAD_LOCKED;
    return writer->offset - writer->durable >= SYNC_BYTES ? sync_part(writer) : CAUSE_NONE;
}

/* What did not reach the disk does not count; whole files wait to be loaded. */
static void release(struct spool *spool, struct spool_writer *writer)
{
    struct spool_job *job = &writer->job;
    struct spool_file *file = NULL;

    pthread_mutex_lock(&spool->lock);
    spool->writers--;
    file = spool_lookup(spool, job->entry.insurer, job->entry.id);
    if (owns(file, writer)) {
        file->owner = 0;
        file->seen.offset = writer->durable;
        if (file->seen.offset == file->seen.length)
            file->seen.state = SPOOL_WAITING;
        job->entry = file->seen;
        pthread_cond_signal(&spool->load_wake);
    } else if (job->cause == CAUSE_NONE)
        job->cause = CAUSE_UPLOAD_LOCKED;
    pthread_mutex_unlock(&spool->lock);
}

static void end_part(struct spool *spool, struct spool_writer *writer)
{
    struct spool_job *job = &writer->job;

    if (job->cause == CAUSE_NONE)
        job->cause = write_part(spool, writer);
    if (job->cause == CAUSE_NONE) /* also where it brought nothing: one before it may have */
        job->cause = sync_part(writer);
    if (writer->file >= 0)
        close(writer->file);
    writer->file = -1;
    release(spool, writer);
}

/* --- the thread ---------------------------------------------------------------------------------
 */

static void run_job(struct spool *spool, struct spool_job *job)
{
    struct spool_writer *writer = job->writer;

    switch (job->task) {
    case SPOOL_CREATE:
        job->cause = create(spool, job);
        break;
    case SPOOL_SETTLE:
        job->cause = settle(spool, job);
        break;
    case SPOOL_CONFIRM:
        job->cause = confirm(spool, job);
        break;
    case SPOOL_REMOVE:
        job->cause = drop(spool, job);
        break;
    case SPOOL_WRITE:
        if (job->cause == CAUSE_NONE)
            job->cause = write_part(spool, writer);
        break;
    case SPOOL_END:
        end_part(spool, writer);
        break;
    }
    if (writer && writer->abandoned)
        free(writer);
    else
        job->done(job->context);
}

static bool is_old(const struct spool *spool, const struct spool_file *file, struct instant now)
{
    const struct spool_entry *entry = &file->seen;
    int64_t hours = spool->options.receive_hours;

    if (entry->state == SPOOL_WAITING || entry->state == SPOOL_LOADING || file->owner != 0)
        return false;
    if (entry->state == SPOOL_DONE || entry->state == SPOOL_REFUSED)
        hours = INT64_C(24) * spool->options.keep_days;
    return now.microseconds - entry->changed.microseconds > hours * HOUR_MICROSECONDS;
}

/* Takes one old file out of the table; false where there is none. */
static bool take_old(struct spool *spool, struct instant now, char id[SPOOL_ID_SIZE])
{
    bool found = false;

    pthread_mutex_lock(&spool->lock);
    for (size_t i = 0; i < spool->count && !found; i++)
        if (is_old(spool, spool->files[i], now)) {
            memcpy(id, spool->files[i]->seen.id, SPOOL_ID_SIZE);
            spool_take_out(spool, spool->files[i]);
            found = true;
        }
    pthread_mutex_unlock(&spool->lock);
    return found;
}

static void sweep(struct spool *spool)
{
    char id[SPOOL_ID_SIZE];

    while (take_old(spool, instant_now(), id)) {
        remove_parts(spool, id);
        LOG(INFO, NULL, "spool: an old file was removed", "file='%s'", id);
    }
}

/* The next job; NULL where there was none for a while, or never will be (*end). */
static struct spool_job *next_job(struct spool *spool, bool *end)
{
    struct timespec until = {0};
    struct spool_job *job = NULL;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SWEEP_SECONDS;
    pthread_mutex_lock(&spool->lock);
    while (!spool->first && !spool->closing &&
           pthread_cond_timedwait(&spool->disk_wake, &spool->lock, &until) == 0)
        ;
    job = spool->first;
    if (job)
        spool->first = job->next;
    if (!spool->first)
        spool->last = NULL;
    *end = !job && spool->closing;
    pthread_mutex_unlock(&spool->lock);
    return job;
}

void *spool_disk_thread(void *spool)
{
    bool end = false;

    sweep(spool);
    while (!end) {
        struct spool_job *job = next_job(spool, &end);
        if (job)
            run_job(spool, job);
        else if (!end)
            sweep(spool);
    }
    return NULL;
}
