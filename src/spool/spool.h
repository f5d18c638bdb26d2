/* SPDX-License-Identifier: Apache-2.0
 *
 * spool.h - files that insurers send, from the first byte to the reply.
 *
 * A file is created with its length, grows as its bytes come, waits, is loaded by one background
 * thread, and leaves a reply. Its bytes lie in the spool folder and never in memory; what is told
 * as received is on the disk. Two threads of its own do what takes time: one touches the disk for
 * the callers, one loads. Whoever calls here waits for neither, so that a check that is served by
 * the same thread does not either. Files may hold individual numbers (個人番号): only the owner of
 * the folder can read them, and they are removed as soon as they are loaded or refused.
 * Source: insurers-and-documents 1.1 and 12.2.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"
#include "domain/number.h"
#include "journal/journal.h"

#define SPOOL_ID_SIZE 33    /* 32 hexadecimal digits of chance, and NUL */
#define SPOOL_NAME_SIZE 201 /* bytes of a file's name at its sender, and NUL */
#define SPOOL_HASH_SIZE 65  /* SHA-256 in hexadecimal digits, and NUL */

/* The numbers are in the folder. */
enum spool_state {
    SPOOL_RECEIVING = 1,
    SPOOL_WAITING = 2, /* to be loaded, for the first time or again */
    SPOOL_LOADING = 3,
    SPOOL_DONE = 4,
    SPOOL_REFUSED = 5, /* the file as a whole: cause says why */
    SPOOL_ASKING = 6,  /* a mass change: the sender must confirm it */
    SPOOL_STATE_LAST = 6
};

/* What is known of a file. */
struct spool_entry {
    char id[SPOOL_ID_SIZE];
    struct insurer_number insurer;
    char name[SPOOL_NAME_SIZE];   /* as the sender calls it, UTF-8; "" = not told */
    char sha256[SPOOL_HASH_SIZE]; /* of the whole file, as the sender tells; "" = not told */
    int64_t length, offset;       /* bytes announced, and received */
    enum spool_state state;
    bool confirmed; /* a mass change is meant */
    struct instant created, changed;
    enum cause cause; /* REFUSED, ASKING: why; WAITING: why not yet */
    int64_t rows, rows_done, accepted, warned, refused;
    bool loaded_before; /* the same content was registered already: nothing was changed */
    char content[SPOOL_HASH_SIZE]; /* of what was loaded */
    int64_t reply_size;            /* bytes; 0 = there is none */
};

/* "receiving", "waiting" ... */
const char *spool_state_name(enum spool_state state);

/* --- loading -----------------------------------------------------------------------------------
 */

/* What became of a load. */
enum spool_verdict {
    SPOOL_LOADED,
    SPOOL_WRONG, /* the file is refused; cause */
    SPOOL_ASKS,  /* it takes much away: cause */
    SPOOL_LATER, /* something is away, or we are told to stop: cause; it is tried again */
};

struct spool_order {
    const char *file, *reply; /* paths */
    struct insurer_number insurer;
    bool confirmed;
    const char *sha256;      /* what the file must have; "" = not told */
    const atomic_bool *stop; /* becomes true: end soon, with LATER */
    void (*progress)(void *context, int64_t rows_done, int64_t rows);
    void *context; /* of progress */
};

struct spool_outcome {
    enum cause cause;
    int64_t rows, accepted, warned, refused;
    bool loaded_before;
    char content[SPOOL_HASH_SIZE];
};

/* Loads a file; called by the loading thread only, one file at a time. */
struct spool_loader {
    enum spool_verdict (*load)(void *context, const struct spool_order *order,
                               struct spool_outcome *out);
    void *context;
};

/* --- the spool ---------------------------------------------------------------------------------
 */

struct spool_options {
    const char *directory; /* made where missing, mode 0700 */
    int64_t quota;         /* bytes of all files and replies together */
    int64_t file_limit;    /* bytes of a file */
    int files;             /* kept at most */
    int files_per_insurer;
    int writers;       /* files that are received at the same time */
    int receive_hours; /* after its last byte an unfinished file is removed */
    int keep_days;     /* after its end a file's state and reply are removed */
    struct spool_loader loader;
    struct journal *journal; /* borrowed: what was loaded is recorded */
};

struct spool; /* opaque; any thread */

/*
 * Opens the folder, finds what was left in it, and starts the threads. Fails: FILE_UNAVAILABLE,
 * SPOOL_IN_USE (another process has it).
 */
MUST_CHECK enum status spool_open(struct scope *scope, const struct spool_options *options,
                                  struct spool **out);
/* What was received is on disk; a load under way ends behind its transaction. Accepts NULL. */
void spool_close(struct spool *spool);

const struct spool_options *spool_options(const struct spool *spool);
/* When an unfinished file will be removed, if nothing comes. */
struct instant spool_expiry(const struct spool *spool, const struct spool_entry *entry);

/* A file of an insurer. Fails with UPLOAD_UNKNOWN; another's file is as unknown as none. */
MUST_CHECK enum status spool_find(struct scope *scope, struct spool *spool,
                                  struct insurer_number insurer, const char *id,
                                  struct spool_entry *out);
/* All files of an insurer, the newest first. */
MUST_CHECK enum status spool_list(struct scope *scope, struct spool *spool,
                                  struct insurer_number insurer, struct spool_entry **out,
                                  size_t *count);
/* Opens the reply; the descriptor is the caller's. Fails with UPLOAD_UNKNOWN, UPLOAD_NO_REPLY. */
MUST_CHECK enum status spool_open_reply(struct scope *scope, struct spool *spool,
                                        struct insurer_number insurer, const char *id, int *out,
                                        int64_t *size);

/* Counters for metrics. */
struct spool_figures {
    int64_t files[SPOOL_STATE_LAST + 1]; /* by state */
    int64_t bytes;                       /* used of the quota */
    int64_t writers;
    uint64_t received; /* bytes, since the start */
    uint64_t loaded;   /* files, since the start */
    uint64_t rows;
};
struct spool_figures spool_figures(struct spool *spool);

/* --- what touches the disk ----------------------------------------------------------------------
 */

enum spool_task {
    SPOOL_CREATE,  /* entry: insurer, length, name, sha256; its id is set */
    SPOOL_SETTLE,  /* what was received is made durable; entry says how much */
    SPOOL_CONFIRM, /* a mass change is meant: ASKING becomes WAITING */
    SPOOL_REMOVE,  /* file, state and reply; not while it is loaded */
    SPOOL_WRITE,   /* inside: a writer's bytes */
    SPOOL_END,     /* inside: a writer ends */
};

/* Called on the disk's thread when a job is done. */
typedef void (*spool_done)(void *context);

struct spool_writer;

/* A job; the caller's, until done is called. Failures: UPLOAD_..., SPOOL_... in cause. */
struct spool_job {
    enum spool_task task;
    struct spool_entry entry; /* in: insurer and id; out: how the file stands */
    struct instant now;
    enum cause cause; /* out */
    spool_done done;
    void *context;
    struct spool_writer *writer; /* inside */
    struct spool_job *next;      /* inside */
};

void spool_submit(struct spool *spool, struct spool_job *job);

/*
 * Begins to receive: at a file's offset, length bytes (-1: not known). Fails: UPLOAD_UNKNOWN,
 * UPLOAD_OFFSET (*out_offset is where it stands), UPLOAD_COMPLETE, UPLOAD_TOO_LONG, UPLOAD_LOCKED
 * (another request sends to it, and was not silent for long), SPOOL_BUSY.
 */
struct spool_part {
    struct insurer_number insurer;
    const char *id;
    int64_t offset, length;
};
MUST_CHECK enum status spool_writer_open(struct scope *scope, struct spool *spool,
                                         const struct spool_part *part, struct spool_writer **out,
                                         int64_t *out_offset);
/* Takes bytes into its buffer, as many as fit; returns how many. */
size_t spool_writer_take(struct spool_writer *writer, const void *bytes, size_t size);
/* More bytes were sent than the file has left; nothing of them was taken. */
bool spool_writer_too_long(const struct spool_writer *writer, size_t more);
/* The buffer is full, or holds something for too long: flush. */
bool spool_writer_due(const struct spool_writer *writer, struct instant now);
/* Writes the buffer; the writer must not be touched until done is called. */
void spool_writer_flush(struct spool_writer *writer, spool_done done, void *context);
/* Writes the rest and makes all durable; a file that is whole waits to be loaded from then on. */
void spool_writer_end(struct spool_writer *writer, spool_done done, void *context);
/* What failed so far, or CAUSE_NONE. Not while something is under way. */
enum cause spool_writer_cause(const struct spool_writer *writer);
/* Where the file stands after the end. */
const struct spool_entry *spool_writer_entry(const struct spool_writer *writer);
/* Frees it; one that has not ended is ended, by the disk's thread. Accepts NULL. */
void spool_writer_close(struct spool_writer *writer);
