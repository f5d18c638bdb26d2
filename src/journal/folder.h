/* SPDX-License-Identifier: Apache-2.0
 *
 * folder.h - the journal's directory: its segments, its checkpoint (HEAD) and its lock.
 *
 * A segment gets its name only when it is complete and durable (full size, header), so a file that
 * is shorter than its header says was cut. HEAD is replaced by renaming. Directory 0700, files
 * 0600.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/record.h"

#define FOLDER_NAME_SIZE 32 /* "journal-00000001.log" and its NUL */
#define FOLDER_SEGMENT_LAST 99999999U
#define FOLDER_HEAD_NAME "HEAD"

struct folder {
    int fd;
    int lock; /* -1 for readers */
};
/* The system's text of errno; safe with threads. */
const char *folder_error(void);

#define FOLDER_NONE ((struct folder){-1, -1})

/* Opens for reading. Fails with FILE_UNAVAILABLE. */
MUST_CHECK enum status folder_open_read(struct scope *scope, const char *path, struct folder *out);
/*
 * Opens for the one writer: makes the directory where it is missing (its parent must exist) and
 * takes the lock. Fails with JOURNAL_UNAVAILABLE, also where another process holds the lock.
 */
MUST_CHECK enum status folder_open_write(struct scope *scope, const char *path, struct folder *out);
/* Releases the lock. Accepts FOLDER_NONE. */
void folder_close(struct folder *folder);

void folder_segment_name(uint32_t number, char out[FOLDER_NAME_SIZE]);

/* Segments there are: the highest number (0 = none), and the first that is missing below it (0). */
struct folder_listing {
    uint32_t last, missing;
};
MUST_CHECK enum status folder_list(struct scope *scope, const struct folder *folder,
                                   struct folder_listing *out);

enum folder_head { FOLDER_HEAD_GOOD, FOLDER_HEAD_MISSING, FOLDER_HEAD_CHANGED };
MUST_CHECK enum status folder_read_head(struct scope *scope, const struct folder *folder,
                                        struct hasher *hasher, struct head *out,
                                        enum folder_head *state);
/* Replaces the checkpoint: a crash leaves the former or the new one, whole. */
MUST_CHECK enum status folder_write_head(struct scope *scope, const struct folder *folder,
                                         struct hasher *hasher, const struct head *head);

/* Makes the file of a segment to come: so many zeros, durable, without a number yet. */
MUST_CHECK enum status folder_prepare_segment(struct scope *scope, const struct folder *folder,
                                              uint64_t bytes, int *fd);
/* Gives a prepared file its header, makes it durable, and gives it its name. */
MUST_CHECK enum status folder_name_segment(struct scope *scope, const struct folder *folder,
                                           struct hasher *hasher,
                                           const struct segment_header *header, int fd);
/* Removes a prepared file that has no name yet, if there is one. */
void folder_remove_prepared(const struct folder *folder);
MUST_CHECK enum status folder_open_segment(struct scope *scope, const struct folder *folder,
                                           uint32_t number, int *fd);
/* Writes all bytes at an offset; false with errno set. */
bool folder_write_at(int fd, const void *bytes, size_t size, uint64_t offset);
