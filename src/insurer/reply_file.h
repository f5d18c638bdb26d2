/* SPDX-License-Identifier: Apache-2.0
 *
 * reply_file.h - the reply to a registration file, written row by row.
 *
 * It is on disk before the rows that it answers are committed, and its size is kept with them: a
 * load that broke off cuts it there and goes on. Its last line ends as that of the file does:
 * T,rows,sha256 of all bytes before it (insurers-and-documents 12.2).
 */
#pragma once

#include "format/registration_file.h"
#include "store/store_member.h"

struct reply_file {
    int file; /* descriptor, -1 = none is wanted */
    int64_t size;
    char *buffer;
    size_t used;
    struct evp_md_ctx_st *hash; /* of all bytes so far; NULL without a file */
};

/*
 * Opens path (NULL: no reply is wanted, sizes are counted all the same) and cuts it to the size
 * that is known; 0 begins anew. Fails with FILE_UNAVAILABLE, REGISTRATION_REPLY_GONE.
 */
MUST_CHECK enum status reply_file_open(struct scope *scope, const char *path, int64_t size,
                                       struct reply_file *out);
/* The first line: whose file it answers. */
MUST_CHECK enum status reply_file_begin(struct scope *scope, struct reply_file *reply,
                                        const struct registration_file *file);
MUST_CHECK enum status reply_file_add(struct scope *scope, struct reply_file *reply,
                                      const struct registration_reply *row);
/* The last line: rows, hash, and how many rows of each result. */
MUST_CHECK enum status reply_file_end(struct scope *scope, struct reply_file *reply,
                                      const struct registration_file *file);
/* Everything is on disk after it. */
MUST_CHECK enum status reply_file_sync(struct scope *scope, struct reply_file *reply);
/* Accepts what was not opened. */
void reply_file_close(struct reply_file *reply);
