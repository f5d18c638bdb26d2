/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void descriptor_drop(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* Reads until size bytes or the end; false on an error. */
static bool read_all(int descriptor, char *bytes, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t count = read(descriptor, bytes + *got, size - *got);
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR)
            return false;
        *got += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool write_all(int descriptor, struct text content)
{
    size_t at = 0;

    while (at < content.size) {
        ssize_t count = write(descriptor, content.bytes + at, content.size - at);
        if (count < 0 && errno != EINTR)
            return false;
        at += count > 0 ? (size_t)count : 0;
    }
    return true;
}

enum status file_read(struct scope *scope, const char *path, size_t limit, struct text *out)
{
    CLEANUP(descriptor_drop) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about = {0};
    char *bytes = NULL;
    size_t got = 0;

    if (descriptor < 0 || fstat(descriptor, &about) != 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read '%s': %s", path,
                          strerrordesc_np(errno));
    if (!S_ISREG(about.st_mode))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "'%s' is not a file", path);
    if (about.st_size < 0 || (size_t)about.st_size > limit)
        return scope_fail(scope, CAUSE_BODY_TOO_LARGE, "'%s' is larger than %zu bytes", path,
                          limit);
    TRY(scope_alloc(scope, (size_t)about.st_size + 1, 1, &bytes));
    if (!read_all(descriptor, bytes, (size_t)about.st_size, &got))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read '%s': %s", path,
                          strerrordesc_np(errno));
    *out = (struct text){bytes, got};
    return STATUS_OK;
}

/* The content in a temporary file with the mode, on the disk. */
static bool write_temporary(char *temporary, struct text content, unsigned mode)
{
    CLEANUP(descriptor_drop) int descriptor = mkostemp(temporary, O_CLOEXEC);

    return descriptor >= 0 && fchmod(descriptor, mode) == 0 && write_all(descriptor, content) &&
           fsync(descriptor) == 0;
}

enum status file_write(struct scope *scope, const char *path, struct text content, unsigned mode)
{
    struct text name = {0};
    char *temporary = NULL;
    int problem = 0;

    TRY(text_format(scope, &name, "%s.XXXXXX", path));
    TRY(scope_copy(scope, name.bytes, name.size, &temporary));
    if (write_temporary(temporary, content, mode) && rename(temporary, path) == 0)
        return STATUS_OK;
    problem = errno;
    unlink(temporary);
    return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot write '%s': %s", path,
                      strerrordesc_np(problem));
}
