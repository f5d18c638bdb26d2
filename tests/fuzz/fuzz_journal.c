/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_journal.c - aims at the readers of the journal's files: walk_segment(), entry_read(),
 * head_read(); corpus: tests/data/journal/. The bytes are one file of a journal.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "journal/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What we read as an entry, we can write, and it is the same. */
static int same_again(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    unsigned char again[ENTRY_SIZE_MAX];

    (void)context;
    (void)sequence;
    if (entry_write(entry, again) == 0)
        abort();
    return 0;
}

/* promised: records that the checkpoint says there are behind the segment's first. */
static void walk_bytes(struct hasher *hasher, struct segment segment, uint64_t promised)
{
    struct segment_header header = {0};
    struct head head = {.segment = 1};
    struct walk walk = {.hasher = hasher, .head = &head, .resume = true, .visit = same_again};

    /* a checkpoint that fits the header, so that the records are reached */
    if (segment_header_read(hasher, segment.bytes, segment.size, &header)) {
        segment.number = header.number;
        memcpy(head.id, header.id, sizeof head.id);
        memcpy(head.hash, header.before, sizeof head.hash);
        head.count = header.first - 1 + promised;
    }
    if (walk_segment(&walk, &segment) != (walk.fault == JOURNAL_WHOLE && !walk.stopped))
        abort();
    if (walk.fault_offset > segment.size || walk.end > segment.size)
        abort();
    (void)segment_holds(hasher, &segment, SEGMENT_HEADER_SIZE, 2);
}

static void read_entry(const uint8_t *bytes, size_t size)
{
    unsigned char again[ENTRY_SIZE_MAX];
    struct entry_texts texts;
    struct journal_entry entry = {0};

    if (!entry_read(bytes, size, &texts, &entry))
        return;
    if (entry_write(&entry, again) != size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    CLEANUP(hasher_close) struct hasher hasher = {0};
    struct head head = {0};
    unsigned char *copy = malloc(size ? size : 1);

    if (!copy || hasher_open(&scope, &hasher) != STATUS_OK)
        abort();
    if (size > 0)
        memcpy(copy, bytes, size);
    walk_bytes(&hasher, (struct segment){1, true, copy, size, size}, 0);
    walk_bytes(&hasher, (struct segment){1, true, copy, size, size}, 100);
    walk_bytes(&hasher, (struct segment){1, false, copy, size, size}, 0);
    (void)head_read(&hasher, copy, size, &head);
    read_entry(bytes, size);
    if (size > SEGMENT_HEADER_SIZE + RECORD_PAYLOAD_AT)
        read_entry(bytes + SEGMENT_HEADER_SIZE + RECORD_PAYLOAD_AT,
                   size - SEGMENT_HEADER_SIZE - RECORD_PAYLOAD_AT);
    free(copy);
    return 0;
}
