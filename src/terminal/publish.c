/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal/folder.h"

static enum status write_all(struct scope *scope, int file, struct text bytes)
{
    size_t done = 0;

    while (done < bytes.size) {
        ssize_t put = write(file, bytes.bytes + done, bytes.size - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write a file, errno %d",
                              errno);
        done += (size_t)put;
    }
    return STATUS_OK;
}

enum status publish_write(struct scope *scope, int folder, const char *name, struct text bytes)
{
    CLEANUP(descriptor_drop)
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660);

    if (file < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make a file, errno %d", errno);
    TRY(write_all(scope, file, bytes));
    if (fsync(file) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot sync a file, errno %d", errno);
    return STATUS_OK;
}

/* What errno says about a name that could not be taken. */
static enum status place_failed(struct scope *scope)
{
    if (errno == EEXIST)
        return STATUS_CONFLICT;
    if (errno == ENOENT)
        return STATUS_NOT_FOUND;
    return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot place a file, errno %d", errno);
}

/* Two names of one file: a link was made before we were stopped, and its first name remained. */
static bool is_same_file(int from, const char *from_name, int to, const char *to_name)
{
    struct stat a = {0}, b = {0};

    return fstatat(from, from_name, &a, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(to, to_name, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

enum status publish_place(struct scope *scope, int from, const char *from_name, int to,
                          const char *to_name)
{
    if (renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) == 0)
        return STATUS_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return place_failed(scope);
    if (linkat(from, from_name, to, to_name, 0) != 0) {
        int error = errno;
        bool ours = error == EEXIST && is_same_file(from, from_name, to, to_name);
        errno = error;
        if (!ours)
            return place_failed(scope);
    }
    unlinkat(from, from_name, 0);
    return STATUS_OK;
}

void publish_touch(int folder, const char *name)
{
    /* nobody to tell: a reader may have taken the file */
    if (utimensat(folder, name, NULL, AT_SYMLINK_NOFOLLOW) != 0)
        return;
}

void publish_sync(int folder)
{
    /* some network file systems cannot; the file itself was synced */
    if (fsync(folder) != 0)
        return;
}
