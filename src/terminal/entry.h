/* SPDX-License-Identifier: Apache-2.0
 *
 * entry.h - the files in req/ that a terminal knows, in the order of their coming, and the queue.
 *
 * Plain lists without a lock: exchange.h holds its own while it uses them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/claim.h"
#include "terminal/folder.h"
#include "terminal/request_name.h"

/* Entries at once; further files wait in req/ until there is room. */
#define ENTRIES_MAX 4096
#define ENTRY_BUCKETS 1024

enum entry_state {
    ENTRY_NEW,      /* due as soon as a worker is free */
    ENTRY_SETTLING, /* cut, too large or misnamed: due when it has not changed for a while */
    ENTRY_QUEUED,
    ENTRY_WORKING,
    ENTRY_AWAY,     /* the service, or the file, could not be reached: due at next_try */
    ENTRY_BLOCKED,  /* a result of its name lies in res/ */
    ENTRY_ANSWERED, /* its answer is in work/, its name in res/ is taken */
    ENTRY_PLACED,   /* its result is in res/: touched at next_try */
    ENTRY_OVER,     /* swept away next */
};

/* A file in req/, from its first sight to its result's last touch. Times: see exchange.h. */
struct entry {
    struct entry *next; /* in order of first sight */
    struct entry *same_bucket;
    struct entry *queued; /* behind it in the queue */
    char name[REQUEST_NAME_MAX];
    struct request_name read;
    enum entry_state state;
    struct file_identity identity; /* as last seen; of the claim once there is one */
    int64_t changed_at;            /* when identity was last seen to change */
    int64_t due_since;             /* when it was first due; 0 = not yet */
    int64_t next_try;              /* ENTRY_AWAY, ENTRY_PLACED */
    int64_t delay;                 /* last one between tries */
    bool stable;                   /* told to the worker: take it as it is */
    bool last_try;                 /* told to the worker: if it fails, answer so */
    bool give_up;                  /* told to the worker: do not even try; others did, in vain */
    bool seen;                     /* by this look at req/ */
};

struct entries {
    struct entry *first, **last;
    struct entry *buckets[ENTRY_BUCKETS];
    size_t count;
    struct entry *queue_first, **queue_last;
    size_t queued;
};

void entries_begin(struct entries *entries);
/* Frees all. */
void entries_end(struct entries *entries);
struct entry *entries_find(const struct entries *entries, const char *name);
/* NULL where there is no room; the file is seen again by the next look. */
struct entry *entries_add(struct entries *entries, const char *name,
                          const struct request_name *read, int64_t now);
/* Frees those that are ENTRY_OVER. */
void entries_sweep(struct entries *entries);

/* Puts an entry at the end of the queue: ENTRY_QUEUED. */
void entries_queue(struct entries *entries, struct entry *entry);
/* Takes the first off the queue: ENTRY_WORKING; NULL where the queue is empty. */
struct entry *entries_take(struct entries *entries);

struct claim entry_claim(const struct entry *entry);
/* Its files in work/ decide what is next, not the file in req/. */
bool entry_has_claim(const struct entry *entry);
/* Not answered yet. */
bool entry_waits(const struct entry *entry);
/* Why it waits, for work/status.json: "queued", "incomplete", "result_not_collected" ... */
const char *entry_state_name(enum entry_state state);
