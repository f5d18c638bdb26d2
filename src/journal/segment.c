/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/bytes.h"

#define ZERO_CHUNK ((size_t)65536)
#define PAGE ((size_t)4096) /* what the kernel copies at once, near enough */
/* Kept behind the last byte that is not zero: a record may end in zeros. */
#define SLACK RECORD_SIZE_MAX

static void fd_drop(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool read_at(int fd, unsigned char *bytes, size_t size, size_t at)
{
    ssize_t count = 0;

    do
        count = pread(fd, bytes, size, (off_t)at);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)size;
}

/* Where the last chunk that is not all zeros ends, looking from the end; SIZE_MAX on failure. */
static size_t find_extent(int fd, size_t size)
{
    unsigned char chunk[ZERO_CHUNK];
    size_t end = size;

    while (end > 0) {
        size_t start = (end - 1) / ZERO_CHUNK * ZERO_CHUNK;
        size_t extent = 0;
        if (!read_at(fd, chunk, end - start, start))
            return SIZE_MAX;
        extent = bytes_extent(chunk, end - start);
        if (extent > 0)
            return start + extent;
        end = start;
    }
    return 0;
}

/*
 * The same, looking from the start: ends at zeros that are longer than what is written at once, so
 * that nothing that was written can lie behind them.
 */
static size_t find_settled_extent(int fd, size_t size)
{
    unsigned char chunk[ZERO_CHUNK];
    size_t extent = 0;

    for (size_t start = 0; start < size && start <= extent + RECORD_GROUP_MAX;
         start += ZERO_CHUNK) {
        size_t part = size - start < ZERO_CHUNK ? size - start : ZERO_CHUNK;
        size_t used = 0;
        if (!read_at(fd, chunk, part, start))
            return SIZE_MAX;
        used = bytes_extent(chunk, part);
        if (used > 0)
            extent = start + used;
    }
    return extent;
}

static bool read_backwards(int fd, unsigned char *bytes, size_t size)
{
    size_t end = size;

    while (end > 0) {
        size_t start = (end - 1) / PAGE * PAGE;
        if (!read_at(fd, bytes + start, end - start, start))
            return false;
        end = start;
    }
    return true;
}

/* The part that is kept: up to the last byte that is not zero, and a record's size more. */
static enum status read_bytes(struct scope *scope, int fd, bool settled, struct segment *segment)
{
    size_t size =
        segment->file_size > SEGMENT_SIZE_MAX ? SEGMENT_SIZE_MAX : (size_t)segment->file_size;
    size_t extent = settled ? find_settled_extent(fd, size) : find_extent(fd, size);

    if (extent == SIZE_MAX)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "journal: cannot read a segment: %s",
                          folder_error());
    segment->size = size - extent < SLACK + 8 ? size : (extent + SLACK) / 8 * 8;
    segment->bytes = malloc(segment->size ? segment->size : 1);
    if (!segment->bytes)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    if (!read_backwards(fd, segment->bytes, segment->size))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "journal: cannot read a segment: %s",
                          folder_error());
    return STATUS_OK;
}

/* Hands the bytes over, out of the reach of the clean-up. */
static struct segment take(struct segment *segment)
{
    struct segment taken = *segment;

    segment->bytes = NULL;
    return taken;
}

enum status segment_read(struct scope *scope, const struct folder *folder, uint32_t number,
                         bool settled, struct segment *out)
{
    char name[FOLDER_NAME_SIZE];
    CLEANUP(fd_drop) int fd = -1;
    CLEANUP(segment_drop) struct segment segment = {.number = number};
    struct stat stat = {0};

    folder_segment_name(number, name);
    fd = openat(folder->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "journal: cannot open a segment: %s",
                          folder_error());
    segment.file_size = (uint64_t)stat.st_size;
    TRY(read_bytes(scope, fd, settled, &segment));
    *out = take(&segment);
    return STATUS_OK;
}

void segment_drop(struct segment *segment)
{
    free(segment->bytes);
    segment->bytes = NULL;
}
