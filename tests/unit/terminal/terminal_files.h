/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal_files.h - a terminal's folders in a temporary place, and what a test puts and finds
 * there.
 */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/text.h"
#include "terminal/folder.h"

static char base[64];
static struct folders folders;
static const char *const not_apart[FOLDER_COUNT];

static inline int folders_setup(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);

    (void)state;
    log_set_level(LOG_ERROR);
    snprintf(base, sizeof base, "/tmp/shikaku-terminal-XXXXXX");
    if (!mkdtemp(base))
        return -1;
    return folders_open(&scope, base, not_apart, &folders) == STATUS_OK ? 0 : -1;
}

static inline int remove_one_file(const char *path, const struct stat *status, int kind,
                                  struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline int folders_teardown(void **state)
{
    (void)state;
    folders_close(&folders);
    return nftw(base, remove_one_file, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file straight under its name, as most receipt computers do. */
static inline void put(enum folder folder, const char *name, struct text bytes)
{
    int file = openat(folders.fds[folder], name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, bytes.bytes, bytes.size), bytes.size);
    close(file);
}

static inline bool exists(enum folder folder, const char *name)
{
    return faccessat(folders.fds[folder], name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static inline void take_away(enum folder folder, const char *name)
{
    assert_int_equal(unlinkat(folders.fds[folder], name, 0), 0);
}

/* Files in a folder, the lock and the status aside. */
static inline size_t count(enum folder folder)
{
    DIR *list = opendir(folders.paths[folder]);
    size_t files = 0;

    assert_non_null(list);
    for (struct dirent *found = readdir(list); found; found = readdir(list))
        files += found->d_name[0] != '.' && strcmp(found->d_name, "terminal.lock") != 0;
    closedir(list);
    return files;
}

/* The file's bytes with a NUL, in a buffer that the next call uses again. */
static inline const char *content(enum folder folder, const char *name)
{
    static char bytes[100000];
    int file = openat(folders.fds[folder], name, O_RDONLY);
    ssize_t size = file >= 0 ? read(file, bytes, sizeof bytes - 1) : -1;

    assert_true(size >= 0);
    bytes[size] = '\0';
    close(file);
    return bytes;
}

static inline bool holds(enum folder folder, const char *name, const char *words)
{
    return strstr(content(folder, name), words) != NULL;
}
