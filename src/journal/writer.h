/* SPDX-License-Identifier: Apache-2.0
 *
 * writer.h - the end of the journal: opens it, recovers it, and puts batches of records behind it.
 *
 * Belongs to one thread at a time. After a failure the state of the disk is not known: the writer
 * must not be used again, only closed.
 */
#pragma once

#include "journal/batch.h"
#include "journal/folder.h"
#include "journal/spare.h"
#include "journal/walk.h"

struct writer {
    struct folder *folder; /* on the heap: the spare's thread looks at it too */
    struct spare *spare;
    struct hasher hasher;
    struct head checkpoint; /* as last written */
    struct chain chain;     /* behind the last durable record */
    uint32_t segment;       /* the one being written, 0 = none yet */
    int fd;
    uint64_t offset;        /* where its next record goes */
    uint64_t segment_end;   /* bytes of that file */
    uint64_t segment_bytes; /* size of the files to come */
};
#define WRITER_NONE ((struct writer){.fd = -1})

/* Opens a directory, recovers, and makes it durable. Fails as journal_open() does. */
MUST_CHECK enum status writer_open(struct scope *scope, const char *directory, size_t segment_bytes,
                                   struct writer *out);
/* Accepts WRITER_NONE. Writes nothing. */
void writer_close(struct writer *writer);

/*
 * Writes records from number first of a batch on, as many as fit into one segment, and makes them
 * durable. count is how many; size is their bytes, and at where they start in the batch.
 */
struct writer_part {
    size_t first, at;   /* in: number and byte of the first record */
    size_t count, size; /* out */
};
MUST_CHECK enum status writer_put(struct scope *scope, struct writer *writer, struct batch *batch,
                                  struct writer_part *part);

/* Writes the checkpoint, where it is not up to date. */
MUST_CHECK enum status writer_checkpoint(struct scope *scope, struct writer *writer);
