/* SPDX-License-Identifier: Apache-2.0
 *
 * writer.c - a request that sends bytes to a file: it fills a buffer, which the disk's thread
 * writes. The last of two that send to one file wins only where the first was silent for a while:
 * its network may be gone without our being told.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool/spool_parts.h"

/* A writer from which nothing came for so long may be followed by another. Our choice. */
#define SILENCE_MICROSECONDS (INT64_C(10) * 1000000)
/* What came is written after so long, however little it is. */
#define DUE_MICROSECONDS (INT64_C(1) * 1000000)

static enum cause part_refusal(const struct spool *spool, const struct spool_file *file,
                               const struct spool_part *part, struct instant now)
{
    if (!file)
        return CAUSE_UPLOAD_UNKNOWN;
    if (file->seen.state != SPOOL_RECEIVING)
        return CAUSE_UPLOAD_COMPLETE;
    if (file->owner != 0 && now.microseconds - file->last_byte.microseconds < SILENCE_MICROSECONDS)
        return CAUSE_UPLOAD_LOCKED;
    if (part->offset != file->seen.offset)
        return CAUSE_UPLOAD_OFFSET;
    if (part->length > file->seen.length - file->seen.offset)
        return CAUSE_UPLOAD_TOO_LONG;
    return spool->writers < spool->options.writers ? CAUSE_NONE : CAUSE_SPOOL_BUSY;
}

/* With the lock held. */
static enum cause begin(struct spool *spool, const struct spool_part *part, struct instant now,
                        struct spool_writer *writer, int64_t *out_offset)
{
    struct spool_file *file = spool_lookup(spool, part->insurer, part->id);
    enum cause cause = part_refusal(spool, file, part, now);

    if (file)
        *out_offset = file->seen.offset;
    if (!file || cause != CAUSE_NONE)
        return cause;
    file->owner = ++spool->next_owner;
    file->last_byte = now;
    writer->owner = file->owner;
    writer->job.entry = file->seen;
    writer->offset = writer->durable = file->seen.offset;
    writer->left = file->seen.length - file->seen.offset;
    spool->writers++;
    return CAUSE_NONE;
}

enum status spool_writer_open(struct scope *scope, struct spool *spool,
                              const struct spool_part *part, struct spool_writer **out,
                              int64_t *out_offset)
{
    struct spool_writer *writer = malloc(sizeof *writer);
    enum cause cause = CAUSE_NONE;

    if (!writer)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for a writer");
    memset(writer, 0, offsetof(struct spool_writer, buffer));
    writer->spool = spool;
    writer->file = -1;
    writer->job.writer = writer;
    pthread_mutex_lock(&spool->lock);
    cause = begin(spool, part, scope->now, writer, out_offset);
    pthread_mutex_unlock(&spool->lock);
    if (cause != CAUSE_NONE) {
        free(writer);
        return scope_fail(scope, cause, "%s", "");
    }
    *out = writer;
    return STATUS_OK;
}

size_t spool_writer_take(struct spool_writer *writer, const void *bytes, size_t size)
{
    size_t room = SPOOL_BUFFER - writer->used;

    if (size > room)
        size = room;
    if (writer->used == 0)
        writer->begun = instant_now();
    memcpy(writer->buffer + writer->used, bytes, size);
    writer->used += size;
    writer->left -= (int64_t)size;
    return size;
}

bool spool_writer_too_long(const struct spool_writer *writer, size_t more)
{
    return (int64_t)more > writer->left;
}

bool spool_writer_due(const struct spool_writer *writer, struct instant now)
{
    return writer->used == SPOOL_BUFFER ||
           (writer->used > 0 && now.microseconds - writer->begun.microseconds >= DUE_MICROSECONDS);
}

static void submit(struct spool_writer *writer, enum spool_task task, spool_done done,
                   void *context)
{
    writer->job.task = task;
    writer->job.now = instant_now();
    writer->job.done = done;
    writer->job.context = context;
    spool_submit(writer->spool, &writer->job);
}

void spool_writer_flush(struct spool_writer *writer, spool_done done, void *context)
{
    submit(writer, SPOOL_WRITE, done, context);
}

void spool_writer_end(struct spool_writer *writer, spool_done done, void *context)
{
    writer->ended = true;
    submit(writer, SPOOL_END, done, context);
}

enum cause spool_writer_cause(const struct spool_writer *writer)
{
    return writer->job.cause;
}

const struct spool_entry *spool_writer_entry(const struct spool_writer *writer)
{
    return &writer->job.entry;
}

void spool_writer_close(struct spool_writer *writer)
{
    if (!writer)
        return;
    if (writer->ended) {
        free(writer);
        return;
    }
    writer->ended = true;
    writer->abandoned = true; /* the disk's thread frees it */
    submit(writer, SPOOL_END, NULL, NULL);
}
