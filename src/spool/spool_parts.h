/* SPDX-License-Identifier: Apache-2.0
 *
 * spool_parts.h - inside this folder: the table of files, its two threads, and the folder.
 *
 * Who touches what: the table and all entries are under `lock`. The disk thread alone creates,
 * writes and removes; the loading thread alone touches the file that is LOADING. Neither holds the
 * lock while it waits for the disk.
 */
#pragma once

#include <pthread.h>

#include "spool/spool.h"

/* Bytes of a writer's buffer. */
#define SPOOL_BUFFER ((size_t)256 * 1024)
#define SPOOL_PATH_MAX 4096

struct spool_file {
    struct spool_entry seen;
    uint64_t owner;           /* the writer that sends to it, 0 = none */
    struct instant last_byte; /* of that writer */
    struct instant retry;     /* WAITING: not before this */
};

struct spool {
    struct scope scope; /* owns directory */
    struct spool_options options;
    int folder; /* descriptor, locked against other processes */
    pthread_mutex_t lock;
    pthread_cond_t disk_wake, load_wake;
    struct spool_file **files; /* in no order */
    size_t count, capacity;
    struct spool_job *first, *last; /* of the disk's queue */
    uint64_t next_owner;
    int64_t bytes, writers;
    uint64_t received, loaded, rows;
    bool closing;
    atomic_bool stop; /* closing, as the loader sees it */
    pthread_t disk, load;
    bool disk_runs, load_runs;
};

struct spool_writer {
    struct spool *spool;
    struct spool_job job;
    uint64_t owner;
    int file;             /* descriptor, -1 = not opened yet */
    int64_t offset;       /* where the buffer's first byte belongs */
    int64_t durable;      /* bytes before it are on the disk */
    int64_t left;         /* bytes the file still wants behind the buffer */
    struct instant begun; /* when the buffer's first byte came */
    size_t used;
    bool ended, abandoned;
    unsigned char buffer[SPOOL_BUFFER];
};

/* --- with the lock held ------------------------------------------------------------------------
 */

/* NULL where the insurer has no such file. */
struct spool_file *spool_lookup(struct spool *spool, struct insurer_number insurer, const char *id);
/* False without memory. The file's bytes count from now on. */
MUST_CHECK bool spool_add(struct spool *spool, const struct spool_entry *entry);
/* Takes it out and frees it. */
void spool_take_out(struct spool *spool, struct spool_file *file);
/* What a file takes of the quota. */
int64_t spool_weight(const struct spool_entry *entry);
/* Changes an entry and keeps the quota right. */
void spool_change(struct spool *spool, struct spool_file *file, const struct spool_entry *to);

/* --- the folder ---------------------------------------------------------------------------------
 */

enum spool_part_kind { SPOOL_DATA, SPOOL_REPLY, SPOOL_NOTE, SPOOL_NOTE_NEW };
/* The name of a part in the folder, into SPOOL_ID_SIZE + 16 bytes. */
#define SPOOL_PART_NAME (SPOOL_ID_SIZE + 16)
void spool_part_name(const char *id, enum spool_part_kind kind, char out[SPOOL_PART_NAME]);

/* Reads what is in the folder into the table; what does not belong together is removed. */
MUST_CHECK enum status spool_scan(struct scope *scope, struct spool *spool);
/* Writes a file's note so that a crash leaves the old one or the new. */
MUST_CHECK enum status spool_write_note(struct scope *scope, const struct spool *spool,
                                        const struct spool_entry *entry);
/* A note as text, and back; false where it is none. */
MUST_CHECK enum status spool_note_write(struct scope *scope, const struct spool_entry *entry,
                                        struct text *out);
bool spool_note_read(struct text text, struct spool_entry *out);
void spool_remove_part(const struct spool *spool, const char *id, enum spool_part_kind kind);

void *spool_disk_thread(void *spool);
void *spool_load_thread(void *spool);
