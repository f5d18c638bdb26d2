/* SPDX-License-Identifier: Apache-2.0
 *
 * file_source.h - a registration file on disk, read from any record on.
 */
#pragma once

#include "format/registration_file.h"

struct file_source {
    int file; /* descriptor, -1 = none */
    int64_t size;
    struct csv_reader reader;
};

/* Opens a regular file, or where path is NULL takes over one that is open; close() closes a
 * duplicate. Fails with FILE_UNAVAILABLE. */
MUST_CHECK enum status file_source_open(struct scope *scope, const char *path, int descriptor,
                                        struct file_source *out);
/* Goes to a byte at which a record begins. */
MUST_CHECK enum status file_source_seek(struct scope *scope, struct file_source *source,
                                        int64_t offset);
/* Accepts what was not opened. */
void file_source_close(struct file_source *source);

/* How far a file is: bytes while it is checked, then rows while they are loaded. */
enum file_stage { FILE_CHECKED_BYTES, FILE_LOADED_ROWS };
struct file_watch {
    void (*progress)(void *context, enum file_stage stage, int64_t done,
                     int64_t total); /* or NULL */
    void *context;
};

/* What a whole file is, found before a row of it is believed. */
struct file_facts {
    struct registration_header header;
    char sha256[65];
    int64_t first_byte; /* of the first row */
    int64_t lessening;  /* rows that take an item, or something registered, away */
};

/*
 * Reads the whole file once: header, number of rows, trailer, hash. Fails with REGISTRATION_HEADER,
 * REGISTRATION_CSV, REGISTRATION_CUT, REGISTRATION_COUNT, REGISTRATION_HASH.
 */
MUST_CHECK enum status file_source_verify(struct scope *scope, struct file_source *source,
                                          const struct file_watch *watch, struct file_facts *out);
