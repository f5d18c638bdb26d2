/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.h - the folders of a terminal, the lock on them, and careful reading out of them.
 *
 *   req/       the receipt computer puts requests here; it may lie on a network share
 *   res/       results; face/ results of card presentations; reader/ the emulated reader
 *   work/      answers under way and the lock; on the file system of res/, face/ and reader/
 *   rejected/  misnamed requests; on the file system of req/
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/scope.h"
#include "base/text.h"

enum folder {
    FOLDER_REQ,
    FOLDER_RES,
    FOLDER_FACE,
    FOLDER_READER,
    FOLDER_WORK,
    FOLDER_REJECTED,
    FOLDER_COUNT
};

struct folders {
    char *paths[FOLDER_COUNT];
    int fds[FOLDER_COUNT]; /* open directories */
    int lock;              /* work/terminal.lock, held while open */
};

/*
 * Opens all folders and locks them. Those under base are made where they are missing; one set apart
 * must exist: a share that is not mounted must not become an empty local folder.
 *   base    where a folder lies that is not set apart; may be NULL when all are
 *   apart   one path a folder, NULL = base/<name>
 * Fails: FILE_UNAVAILABLE (cannot be opened, work/ on another file system), CONFIGURATION (no
 * base), FOLDER_IN_USE (another terminal holds them). Nothing stays open after a failure.
 */
MUST_CHECK enum status folders_open(struct scope *scope, const char *base,
                                    const char *const apart[FOLDER_COUNT], struct folders *out);
/* Accepts folders that were zeroed or closed. */
void folders_close(struct folders *folders);
/* "req", "res" ... */
const char *folder_name(enum folder folder);

/* Tells one file under a name from a later one: inode, bytes, nanoseconds of the last change. */
struct file_identity {
    uint64_t inode, size;
    int64_t changed;
};

struct file_identity file_identity_of(const struct stat *status);
bool file_identity_equal(struct file_identity a, struct file_identity b);

/* The identity of a regular file in a folder; false where there is none (links do not count). */
bool folder_find(int folder, const char *name, struct file_identity *out);

/*
 * Reads a regular file of at most max bytes. Fails: STATUS_NOT_FOUND without a cause (gone, or no
 * regular file), BODY_TOO_LARGE (nothing was read), FILE_UNAVAILABLE, MEMORY_LIMIT. out ends in
 * NUL. identity is set also for BODY_TOO_LARGE.
 */
MUST_CHECK enum status folder_read(struct scope *scope, int folder, const char *name, size_t max,
                                   struct text *out, struct file_identity *identity);

/*
 * Calls visit with each name in a folder, in any order, until one fails; passes that failure on.
 * Fails: FILE_UNAVAILABLE where the folder cannot be listed.
 */
MUST_CHECK enum status folder_visit(struct scope *scope, const struct folders *folders,
                                    enum folder folder,
                                    enum status (*visit)(void *context, const char *name),
                                    void *context);

/* For CLEANUP: closes a descriptor that is not -1. */
void descriptor_drop(int *descriptor);
