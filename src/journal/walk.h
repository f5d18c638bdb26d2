/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h - follows the journal's chain from record to record and names what is wrong with it.
 *
 * Everything read is taken for hostile: sizes are bounded, a record counts only if its own hash
 * holds. Works on bytes in memory (walk_segment) and on a directory (walk_folder).
 */
#pragma once

#include "journal/journal.h"
#include "journal/segment.h"

/* Where the chain stands. */
struct chain {
    uint64_t next; /* sequence of the record that must come */
    unsigned char hash[JOURNAL_HASH_SIZE];
};

/* Before the first record: hash over the journal's id. */
bool chain_begin(struct hasher *hasher, const unsigned char id[JOURNAL_ID_SIZE], struct chain *out);

/* A hash as 64 hexadecimal digits. */
void hash_text(const unsigned char hash[JOURNAL_HASH_SIZE], char out[JOURNAL_HASH_TEXT_SIZE]);

struct walk {
    struct hasher *hasher;
    const struct head *head;             /* checkpoint; must be a good one */
    const struct journal_anchor *anchor; /* kept outside the journal; may be NULL */
    struct chain chain;
    bool resume; /* take the chain up at the first segment walked, which is not the journal's first
                  */
    journal_visit visit; /* may be NULL */
    void *context;
    uint64_t skip; /* records up to this one are followed, not visited */
    /* the last record that was visited, by its segment and hash; 0 = none yet */
    uint64_t visited;
    uint32_t visited_segment;
    unsigned char visited_hash[JOURNAL_HASH_SIZE];
    bool stopped;    /* the visitor wanted no more */
    bool unreadable; /* an entry whose hash holds, but that this program cannot read */
    enum journal_fault fault;
    uint64_t fault_sequence;
    uint32_t fault_segment; /* 0 = HEAD */
    uint64_t fault_offset;
    bool file_short;  /* the segment walked last has fewer bytes than its header says */
    uint64_t records; /* good ones visited */
    size_t end;       /* offset behind the last good record of the last segment walked */
};

/*
 * Follows one segment. Returns true where the next one may be walked: no fault, not stopped. A
 * record out of order is MISSING here; only who sees the later segments can tell REORDERED.
 */
bool walk_segment(struct walk *walk, const struct segment *segment);

/* True where a record of that sequence, whole in itself, lies at or behind an offset. */
bool segment_holds(struct hasher *hasher, const struct segment *segment, size_t offset,
                   uint64_t sequence);

/* Segments to follow: first to until; last is the number of the journal's last. */
struct walk_range {
    uint32_t first, until, last;
    bool settled; /* nobody writes: see segment_read() */
};

/* Follows segments one after the other. A fault is not a failure. */
MUST_CHECK enum status walk_folder(struct scope *scope, const struct folder *folder,
                                   struct walk *walk, const struct walk_range *range);
