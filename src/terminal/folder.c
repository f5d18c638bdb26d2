/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* One row a folder: files move between it and its partner, so both lie on one file system. */
static const struct {
    const char *name;
    mode_t mode; /* when we make it; the umask is applied */
    enum folder partner;
} rows[FOLDER_COUNT] = {
    [FOLDER_REQ] = {"req", 0770, FOLDER_REQ},    [FOLDER_RES] = {"res", 0770, FOLDER_WORK},
    [FOLDER_FACE] = {"face", 0770, FOLDER_WORK}, [FOLDER_READER] = {"reader", 0770, FOLDER_WORK},
    [FOLDER_WORK] = {"work", 0700, FOLDER_WORK}, [FOLDER_REJECTED] = {"rejected", 0770, FOLDER_REQ},
};

const char *folder_name(enum folder folder)
{
    return rows[folder].name;
}

void descriptor_drop(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static enum status open_one(struct scope *scope, const char *base, const char *apart,
                            enum folder folder, struct folders *out)
{
    char path[4096];
    int size = 0;

    if (!apart && !base)
        return scope_fail(scope, CAUSE_CONFIGURATION, "--folder or --%s is needed",
                          rows[folder].name);
    size = apart ? snprintf(path, sizeof path, "%s", apart)
                 : snprintf(path, sizeof path, "%s/%s", base, rows[folder].name);
    if (size < 0 || (size_t)size >= sizeof path)
        return scope_fail(scope, CAUSE_CONFIGURATION, "path of %s/ is too long", rows[folder].name);
    if (!apart && mkdir(path, rows[folder].mode) != 0 && errno != EEXIST)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make folder '%s', errno %d", path,
                          errno);
    out->paths[folder] = strdup(path);
    if (!out->paths[folder])
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    out->fds[folder] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out->fds[folder] < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open folder '%s', errno %d", path,
                          errno);
    return STATUS_OK;
}

/* A rename is atomic on one file system only. */
static enum status check_partners(struct scope *scope, const struct folders *folders)
{
    for (int i = 0; i < FOLDER_COUNT; i++) {
        struct stat own = {0}, partner = {0};
        if (fstat(folders->fds[i], &own) != 0 ||
            fstat(folders->fds[rows[i].partner], &partner) != 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "folder '%s', errno %d",
                              folders->paths[i], errno);
        if (own.st_dev != partner.st_dev)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE,
                              "%s/ and %s/ must lie on one file system", rows[i].name,
                              rows[rows[i].partner].name);
    }
    return STATUS_OK;
}

/*
 * The lock file guards work/, the lock on req/ itself a second terminal with another work/. Network
 * file systems may not know locks on folders; then the file alone must do.
 */
static enum status lock(struct scope *scope, struct folders *folders)
{
    folders->lock = openat(folders->fds[FOLDER_WORK], "terminal.lock",
                           O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (folders->lock < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open work/terminal.lock, errno %d",
                          errno);
    if (flock(folders->lock, LOCK_EX | LOCK_NB) != 0 ||
        (flock(folders->fds[FOLDER_REQ], LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK))
        return scope_fail(scope, CAUSE_FOLDER_IN_USE, "another terminal serves '%s'",
                          folders->paths[FOLDER_REQ]);
    return STATUS_OK;
}

static enum status open_all(struct scope *scope, const char *base,
                            const char *const apart[FOLDER_COUNT], struct folders *out)
{
    if (base && mkdir(base, 0770) != 0 && errno != EEXIST)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot make folder '%s', errno %d", base,
                          errno);
    for (int i = 0; i < FOLDER_COUNT; i++)
        TRY(open_one(scope, base, apart[i], (enum folder)i, out));
    TRY(check_partners(scope, out));
    return lock(scope, out);
}

enum status folders_open(struct scope *scope, const char *base,
                         const char *const apart[FOLDER_COUNT], struct folders *out)
{
    enum status status = STATUS_OK;

    *out = (struct folders){.lock = -1};
    for (int i = 0; i < FOLDER_COUNT; i++)
        out->fds[i] = -1;
    status = open_all(scope, base, apart, out);
    if (status != STATUS_OK)
        folders_close(out);
    return status;
}

void folders_close(struct folders *folders)
{
    for (int i = 0; i < FOLDER_COUNT; i++) {
        if (folders->paths[i])
            descriptor_drop(&folders->fds[i]);
        free(folders->paths[i]);
        folders->paths[i] = NULL;
    }
    if (folders->lock > 0)
        descriptor_drop(&folders->lock);
}

struct file_identity file_identity_of(const struct stat *status)
{
    return (struct file_identity){.inode = (uint64_t)status->st_ino,
                                  .size = (uint64_t)status->st_size,
                                  .changed = (int64_t)status->st_mtim.tv_sec * 1000000000 +
                                             status->st_mtim.tv_nsec};
}

bool file_identity_equal(struct file_identity a, struct file_identity b)
{
    return a.inode == b.inode && a.size == b.size && a.changed == b.changed;
}

bool folder_find(int folder, const char *name, struct file_identity *out)
{
    struct stat status = {0};

    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return false;
    *out = file_identity_of(&status);
    return true;
}

/* Fills bytes as far as the file goes; a file that shrank meanwhile gives fewer. */
static enum status read_all(struct scope *scope, int file, char *bytes, size_t size, size_t *out)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(file, bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read a file, errno %d", errno);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *out = done;
    return STATUS_OK;
}

enum status folder_read(struct scope *scope, int folder, const char *name, size_t max,
                        struct text *out, struct file_identity *identity)
{
    CLEANUP(descriptor_drop)
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status = {0};
    char *bytes = NULL;
    size_t size = 0;

    if (file < 0 && errno != ENOENT && errno != ELOOP)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot open a file, errno %d", errno);
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return STATUS_NOT_FOUND;
    *identity = file_identity_of(&status);
    if (identity->size > max)
        return scope_fail(scope, CAUSE_BODY_TOO_LARGE, "file of %llu bytes, limit %zu",
                          (unsigned long long)identity->size, max);
    TRY(scope_alloc(scope, (size_t)identity->size + 1, 1, &bytes));
    TRY(read_all(scope, file, bytes, (size_t)identity->size, &size));
    *out = (struct text){bytes, size};
    return STATUS_OK;
}

static void listing_drop(DIR **listing)
{
    if (*listing)
        closedir(*listing);
}

enum status folder_visit(struct scope *scope, const struct folders *folders, enum folder folder,
                         enum status (*visit)(void *context, const char *name), void *context)
{
    CLEANUP(listing_drop) DIR *listing = opendir(folders->paths[folder]);

    if (!listing)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot list %s/, errno %d",
                          rows[folder].name, errno);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone */
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        TRY(visit(context, entry->d_name));
    return STATUS_OK;
}
