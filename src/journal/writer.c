/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/writer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/inspect.h"

#define DEFAULT_SEGMENT_BYTES ((size_t)64 << 20)

/* Removes what a crash left behind the last whole record; none of it was acknowledged. */
static enum status remove_unfinished(struct scope *scope, struct writer *writer)
{
    static const unsigned char zeros[4096];

    for (uint64_t at = writer->offset; at < writer->segment_end;) {
        uint64_t left = writer->segment_end - at;
        size_t part = left < sizeof zeros ? (size_t)left : sizeof zeros;
        if (!folder_write_at(writer->fd, zeros, part, at))
            return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE,
                              "journal: cannot remove an unfinished record");
        at += part;
    }
    return STATUS_OK;
}

static enum status open_last_segment(struct scope *scope, struct writer *writer,
                                     const struct inspected *found)
{
    struct stat stat = {0};

    TRY(folder_open_segment(scope, writer->folder, found->last, &writer->fd));
    if (fstat(writer->fd, &stat) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot read a file's size");
    writer->segment = found->last;
    writer->segment_end = (uint64_t)stat.st_size;
    writer->offset = found->end;
    writer->chain = found->chain;
    if (found->report.fault == JOURNAL_UNFINISHED)
        TRY(remove_unfinished(scope, writer));
    /* what a killed process had written may still be in memory only */
    if (fdatasync(writer->fd) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot sync a segment: %s",
                          folder_error());
    return STATUS_OK;
}

static enum status begin(struct scope *scope, struct writer *writer, const struct inspected *found)
{
    struct head head = found->head;

    if (!found->has_head) {
        head = (struct head){.segment = 1, .offset = SEGMENT_HEADER_SIZE};
        if (getrandom(head.id, sizeof head.id, 0) != (ssize_t)sizeof head.id ||
            !chain_begin(&writer->hasher, head.id, &writer->chain))
            return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot make an id");
        memcpy(head.hash, writer->chain.hash, sizeof head.hash);
        TRY(folder_write_head(scope, writer->folder, &writer->hasher, &head));
    }
    writer->checkpoint = head;
    return chain_begin(&writer->hasher, head.id, &writer->chain)
               ? STATUS_OK
               : scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "SHA-256 is not available");
}

static enum status recover(struct scope *scope, struct writer *writer)
{
    struct inspection order = {
        .folder = writer->folder, .hasher = &writer->hasher, .tail_only = true};
    struct inspected found = {0};
    const struct journal_report *report = &found.report;

    TRY(inspect(scope, &order, &found));
    if (found.fresh)
        return begin(scope, writer, &found);
    if (report->fault != JOURNAL_WHOLE && report->fault != JOURNAL_UNFINISHED)
        return scope_fail(scope, CAUSE_JOURNAL_CORRUPT,
                          "journal: %s: file '%s', offset %llu, record %llu",
                          journal_fault_name(report->fault), report->file,
                          (unsigned long long)report->offset, (unsigned long long)report->sequence);
    writer->checkpoint = found.head;
    TRY(open_last_segment(scope, writer, &found));
    return writer_checkpoint(scope, writer);
}

enum status writer_open(struct scope *scope, const char *directory, size_t segment_bytes,
                        struct writer *out)
{
    CLEANUP(writer_close) struct writer writer = WRITER_NONE;

    writer.segment_bytes = segment_bytes ? segment_bytes : DEFAULT_SEGMENT_BYTES;
    if (writer.segment_bytes < SEGMENT_SIZE_MIN || writer.segment_bytes > SEGMENT_SIZE_MAX)
        return scope_fail(scope, CAUSE_CONFIGURATION, "journal: segments have %d to %zu bytes",
                          SEGMENT_SIZE_MIN, SEGMENT_SIZE_MAX);
    writer.folder = malloc(sizeof *writer.folder);
    if (!writer.folder)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    *writer.folder = FOLDER_NONE;
    TRY(hasher_open(scope, &writer.hasher));
    TRY(folder_open_write(scope, directory, writer.folder));
    folder_remove_prepared(writer.folder);
    TRY(spare_open(scope, writer.folder, writer.segment_bytes, &writer.spare));
    TRY(recover(scope, &writer));
    *out = writer;
    writer = WRITER_NONE;
    return STATUS_OK;
}

void writer_close(struct writer *writer)
{
    spare_close(writer->spare);
    if (writer->fd >= 0)
        close(writer->fd);
    hasher_close(&writer->hasher);
    if (writer->folder)
        folder_close(writer->folder);
    free(writer->folder);
    *writer = WRITER_NONE;
}

static enum status next_segment(struct scope *scope, struct writer *writer)
{
    struct segment_header header = {
        .number = writer->segment + 1,
        .first = writer->chain.next,
        .size = writer->segment_bytes,
        .made = scope->now,
    };
    int fd = -1;

    if (header.number > FOLDER_SEGMENT_LAST)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: no more file numbers");
    memcpy(header.id, writer->checkpoint.id, sizeof header.id);
    memcpy(header.before, writer->chain.hash, sizeof header.before);
    TRY(spare_take(scope, writer->spare, &fd));
    if (folder_name_segment(scope, writer->folder, &writer->hasher, &header, fd) != STATUS_OK) {
        close(fd);
        return STATUS_UNAVAILABLE;
    }
    if (writer->fd >= 0)
        close(writer->fd);
    writer->fd = fd;
    writer->segment = header.number;
    writer->segment_end = header.size;
    writer->offset = SEGMENT_HEADER_SIZE;
    return STATUS_OK;
}

/* Gives the records their places in the chain, as many as the segment has room for. */
static bool seal(struct writer *writer, struct batch *batch, struct writer_part *part)
{
    uint64_t group = writer->chain.next;
    uint64_t room = writer->segment_end - writer->offset;

    if (room > RECORD_GROUP_MAX)
        room = RECORD_GROUP_MAX;
    part->count = 0;
    part->size = 0;
    for (size_t i = part->first; i < batch->count; i++) {
        size_t size = batch->waiters[i].size;
        if (size > room - part->size)
            break;
        if (!record_seal(&writer->hasher, batch->bytes + part->at + part->size, size,
                         writer->chain.next, group, writer->chain.hash))
            return false;
        writer->chain.next++;
        part->count++;
        part->size += size;
    }
    return true;
}

enum status writer_put(struct scope *scope, struct writer *writer, struct batch *batch,
                       struct writer_part *part)
{
    uint64_t room = writer->segment ? writer->segment_end - writer->offset : 0;

    if (room < batch->waiters[part->first].size)
        TRY(next_segment(scope, writer));
    if (!seal(writer, batch, part) ||
        !folder_write_at(writer->fd, batch->bytes + part->at, part->size, writer->offset) ||
        fdatasync(writer->fd) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "journal: cannot write records: %s",
                          folder_error());
    writer->offset += part->size;
    if (writer->offset > writer->segment_end / 2)
        spare_begin(writer->spare);
    return STATUS_OK;
}

enum status writer_checkpoint(struct scope *scope, struct writer *writer)
{
    struct head head = {
        .segment = writer->segment, .count = writer->chain.next - 1, .offset = writer->offset};

    if (head.count == writer->checkpoint.count)
        return STATUS_OK;
    memcpy(head.id, writer->checkpoint.id, sizeof head.id);
    memcpy(head.hash, writer->chain.hash, sizeof head.hash);
    TRY(folder_write_head(scope, writer->folder, &writer->hasher, &head));
    writer->checkpoint = head;
    return STATUS_OK;
}
