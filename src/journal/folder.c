/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_NEW_NAME "HEAD.new"
#define SEGMENT_NEW_NAME "journal.new"
#define LOCK_NAME "LOCK"
#define ZERO_CHUNK (65536)

static void fd_drop(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Hands a descriptor over, out of the reach of its clean-up. */
static int fd_take(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

static void directory_drop(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

const char *folder_error(void)
{
    const char *text = strerrordesc_np(errno);

    return text ? text : "unknown error";
}

static enum status cannot(struct scope *scope, enum cause cause, const char *what)
{
    return scope_fail(scope, cause, "journal: cannot %s: %s", what, folder_error());
}

enum status folder_open_read(struct scope *scope, const char *path, struct folder *out)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return cannot(scope, CAUSE_FILE_UNAVAILABLE, "open the directory");
    *out = (struct folder){fd, -1};
    return STATUS_OK;
}

/* Makes the new name of a directory durable in its parent. */
static bool sync_parent(int fd)
{
    CLEANUP(fd_drop) int parent = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return parent >= 0 && fsync(parent) == 0;
}

static enum status take_lock(struct scope *scope, int directory, int *out)
{
    CLEANUP(fd_drop)
    int fd = openat(directory, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "open the lock file");
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE,
                          "the journal is in use by another process");
    *out = fd_take(&fd);
    return STATUS_OK;
}

enum status folder_open_write(struct scope *scope, const char *path, struct folder *out)
{
    CLEANUP(folder_close) struct folder folder = FOLDER_NONE;
    bool made = mkdir(path, 0700) == 0;

    if (!made && errno != EEXIST)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "make the directory");
    folder.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder.fd < 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "open the directory");
    if (made && !sync_parent(folder.fd))
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "make the directory durable");
    TRY(take_lock(scope, folder.fd, &folder.lock));
    *out = (struct folder){fd_take(&folder.fd), fd_take(&folder.lock)};
    return STATUS_OK;
}

void folder_close(struct folder *folder)
{
    fd_drop(&folder->lock);
    fd_drop(&folder->fd);
}

void folder_segment_name(uint32_t number, char out[FOLDER_NAME_SIZE])
{
    snprintf(out, FOLDER_NAME_SIZE, "journal-%08u.log", number);
}

/* The number in a segment's name, 0 for any other name. */
static uint32_t segment_number(const char *name)
{
    static const char prefix[] = "journal-";
    char again[FOLDER_NAME_SIZE];
    uint32_t number = 0;

    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return 0;
    for (name += sizeof prefix - 1; *name >= '0' && *name <= '9'; name++) {
        if (number > FOLDER_SEGMENT_LAST / 10)
            return 0;
        number = number * 10 + (uint32_t)(*name - '0');
    }
    folder_segment_name(number, again);
    return strcmp(name, ".log") == 0 && strlen(again) == 20 ? number : 0;
}

static bool segment_exists(const struct folder *folder, uint32_t number)
{
    char name[FOLDER_NAME_SIZE];

    folder_segment_name(number, name);
    return faccessat(folder->fd, name, F_OK, 0) == 0;
}

enum status folder_list(struct scope *scope, const struct folder *folder,
                        struct folder_listing *out)
{
    CLEANUP(directory_drop) DIR *directory = NULL;
    CLEANUP(fd_drop) int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct folder_listing listing = {0};
    uint32_t count = 0;

    if (fd >= 0)
        directory = fdopendir(fd);
    if (!directory)
        return cannot(scope, CAUSE_FILE_UNAVAILABLE, "list the directory");
    (void)fd_take(&fd); /* the directory stream closes it */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        uint32_t number = segment_number(entry->d_name);
        if (number > listing.last)
            listing.last = number;
        count += number > 0;
    }
    if (count != listing.last)
        for (listing.missing = 1; segment_exists(folder, listing.missing);)
            listing.missing++;
    *out = listing;
    return STATUS_OK;
}

enum status folder_read_head(struct scope *scope, const struct folder *folder,
                             struct hasher *hasher, struct head *out, enum folder_head *state)
{
    unsigned char bytes[HEAD_SIZE + 1];
    CLEANUP(fd_drop)
    int fd = openat(folder->fd, FOLDER_HEAD_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    ssize_t size = 0;

    if (fd < 0 && errno == ENOENT) {
        *state = FOLDER_HEAD_MISSING;
        return STATUS_OK;
    }
    if (fd >= 0)
        size = pread(fd, bytes, sizeof bytes, 0);
    if (fd < 0 || size < 0)
        return cannot(scope, CAUSE_FILE_UNAVAILABLE, "read HEAD");
    *state = head_read(hasher, bytes, (size_t)size, out) ? FOLDER_HEAD_GOOD : FOLDER_HEAD_CHANGED;
    return STATUS_OK;
}

bool folder_write_at(int fd, const void *bytes, size_t size, uint64_t offset)
{
    const unsigned char *at = bytes;

    while (size > 0) {
        ssize_t count = pwrite(fd, at, size, (off_t)offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        at += count;
        size -= (size_t)count;
        offset += (uint64_t)count;
    }
    return true;
}

static int open_new(const struct folder *folder, const char *name)
{
    return openat(folder->fd, name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
}

enum status folder_write_head(struct scope *scope, const struct folder *folder,
                              struct hasher *hasher, const struct head *head)
{
    unsigned char bytes[HEAD_SIZE];
    CLEANUP(fd_drop) int fd = open_new(folder, HEAD_NEW_NAME);

    if (fd < 0 || !head_write(hasher, head, bytes) ||
        !folder_write_at(fd, bytes, sizeof bytes, 0) || fdatasync(fd) != 0 ||
        renameat(folder->fd, HEAD_NEW_NAME, folder->fd, FOLDER_HEAD_NAME) != 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "write HEAD");
    return STATUS_OK;
}

/* Writes zeros, not only reserves: records then change no file metadata, and syncs are cheaper. */
static bool fill_with_zeros(int fd, uint64_t size)
{
    static const unsigned char zeros[ZERO_CHUNK];
    uint64_t at = 0;

    if (posix_fallocate(fd, 0, (off_t)size) != 0)
        return false;
    while (at < size) {
        size_t part = size - at < ZERO_CHUNK ? (size_t)(size - at) : ZERO_CHUNK;
        if (!folder_write_at(fd, zeros, part, at))
            return false;
        at += part;
    }
    return true;
}

enum status folder_prepare_segment(struct scope *scope, const struct folder *folder, uint64_t bytes,
                                   int *fd)
{
    CLEANUP(fd_drop) int made = open_new(folder, SEGMENT_NEW_NAME);

    if (made < 0 || !fill_with_zeros(made, bytes) || fsync(made) != 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "make a segment");
    *fd = fd_take(&made);
    return STATUS_OK;
}

enum status folder_name_segment(struct scope *scope, const struct folder *folder,
                                struct hasher *hasher, const struct segment_header *header, int fd)
{
    char name[FOLDER_NAME_SIZE];
    unsigned char bytes[SEGMENT_HEADER_SIZE];

    folder_segment_name(header->number, name);
    if (!segment_header_write(hasher, header, bytes) ||
        !folder_write_at(fd, bytes, sizeof bytes, 0) || fdatasync(fd) != 0 ||
        renameat(folder->fd, SEGMENT_NEW_NAME, folder->fd, name) != 0 || fsync(folder->fd) != 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "name a segment");
    return STATUS_OK;
}

void folder_remove_prepared(const struct folder *folder)
{
    unlinkat(folder->fd, SEGMENT_NEW_NAME, 0);
}

enum status folder_open_segment(struct scope *scope, const struct folder *folder, uint32_t number,
                                int *fd)
{
    char name[FOLDER_NAME_SIZE];
    int opened = 0;

    folder_segment_name(number, name);
    opened = openat(folder->fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0)
        return cannot(scope, CAUSE_JOURNAL_UNAVAILABLE, "open a segment for writing");
    *fd = opened;
    return STATUS_OK;
}
