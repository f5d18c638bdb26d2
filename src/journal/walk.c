/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/walk.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "journal/bytes.h"

/* A hash does not end in eight zero bytes by chance: a record that does was cut, not changed. */
#define CUT_ZEROS 8

bool chain_begin(struct hasher *hasher, const unsigned char id[JOURNAL_ID_SIZE], struct chain *out)
{
    out->next = 1;
    return hasher_hash(hasher, id, JOURNAL_ID_SIZE, out->hash);
}

static bool fault_at(struct walk *walk, enum journal_fault fault, uint64_t sequence,
                     uint32_t segment, uint64_t offset)
{
    walk->fault = fault;
    walk->fault_sequence = sequence;
    walk->fault_segment = segment;
    walk->fault_offset = offset;
    return false;
}

void hash_text(const unsigned char hash[JOURNAL_HASH_SIZE], char out[JOURNAL_HASH_TEXT_SIZE])
{
    hex_write(hash, JOURNAL_HASH_SIZE, out);
}

/* Where the chain stands at the checkpoint, its hash must be the checkpoint's. */
static bool agrees_with_head(const struct walk *walk)
{
    return walk->chain.next - 1 != walk->head->count ||
           memcmp(walk->chain.hash, walk->head->hash, JOURNAL_HASH_SIZE) == 0;
}

static bool agrees_with_anchor(const struct walk *walk)
{
    char hash[JOURNAL_HASH_TEXT_SIZE];

    if (!walk->anchor || walk->chain.next - 1 != walk->anchor->records)
        return true;
    hash_text(walk->chain.hash, hash);
    return strcmp(hash, walk->anchor->hash) == 0;
}

/* Takes the chain up where a segment says that it begins. */
static bool resume(struct walk *walk, const struct segment_header *header)
{
    walk->resume = false;
    walk->chain.next = header->first;
    memcpy(walk->chain.hash, header->before, JOURNAL_HASH_SIZE);
    return header->first - 1 <= walk->head->count && agrees_with_head(walk);
}

/* A whole header of our journal: does the segment belong here? */
static bool place_segment(struct walk *walk, const struct segment *segment,
                          const struct segment_header *header)
{
    uint64_t next = walk->chain.next;

    if (header->first > next && walk->end > 0)
        return fault_at(walk, JOURNAL_MISSING, next, segment->number - 1, walk->end);
    if (header->first != next)
        return fault_at(walk, JOURNAL_CHANGED, next, segment->number, 0);
    if (memcmp(header->before, walk->chain.hash, sizeof header->before) != 0)
        return fault_at(walk, JOURNAL_CHANGED, next > 1 ? next - 1 : next, segment->number, 0);
    if (segment->file_size > header->size)
        return fault_at(walk, JOURNAL_CHANGED, next, segment->number, header->size);
    return true;
}

static bool read_header(struct walk *walk, const struct segment *segment,
                        struct segment_header *out)
{
    struct segment_header header = {0};
    uint64_t next = walk->chain.next;

    if (!segment_header_read(walk->hasher, segment->bytes, segment->size, &header)) {
        bool cut = segment->last &&
                   bytes_extent(segment->bytes, segment->size) + CUT_ZEROS <= SEGMENT_HEADER_SIZE;
        return fault_at(walk, cut ? JOURNAL_CUT : JOURNAL_CHANGED, next, segment->number, 0);
    }
    if (header.number != segment->number)
        return fault_at(walk, JOURNAL_REORDERED, next, segment->number, 0);
    if (memcmp(header.id, walk->head->id, sizeof header.id) != 0 ||
        (walk->resume && !resume(walk, &header)))
        return fault_at(walk, JOURNAL_CHANGED, next, segment->number, 0);
    *out = header;
    return place_segment(walk, segment, &header);
}

/* Takes a record whose own hash holds: is it the one that must come? */
static bool follow(struct walk *walk, const struct segment *segment, size_t at,
                   const struct record *record)
{
    struct entry_texts texts;
    struct journal_entry entry = {0};
    uint64_t next = walk->chain.next;

    if (record->sequence != next)
        return fault_at(walk, record->sequence < next ? JOURNAL_REORDERED : JOURNAL_MISSING, next,
                        segment->number, at);
    if (memcmp(record->before, walk->chain.hash, JOURNAL_HASH_SIZE) != 0)
        return fault_at(walk, JOURNAL_CHANGED, next > 1 ? next - 1 : next, segment->number, at);
    memcpy(walk->chain.hash, record->hash, JOURNAL_HASH_SIZE);
    walk->chain.next++;
    if (!agrees_with_head(walk) || !agrees_with_anchor(walk))
        return fault_at(walk, JOURNAL_CHANGED, next, segment->number, at);
    walk->records++;
    walk->end = at + record->size;
    if (!walk->visit || next <= walk->skip)
        return true;
    walk->unreadable = !entry_read(record->payload, record->payload_size, &texts, &entry);
    walk->stopped = walk->unreadable || walk->visit(walk->context, next, &entry) != 0;
    walk->visited = next;
    walk->visited_segment = segment->number;
    memcpy(walk->visited_hash, record->hash, JOURNAL_HASH_SIZE);
    return !walk->stopped;
}

/* Is there, behind an offset, a record that was written after that of the given sequence was
 * durable? */
static bool later_group(struct hasher *hasher, const struct segment *segment, size_t at,
                        uint64_t sequence)
{
    struct record record = {0};

    for (; at + RECORD_SIZE_MIN <= segment->size; at += 8)
        if (record_peek(segment->bytes + at, segment->size - at, &record) &&
            record.group > sequence &&
            record_read(hasher, segment->bytes + at, segment->size - at, &record))
            return true;
    return false;
}

/* Do the bytes at an offset look like a record whose end is not there? */
static bool record_was_cut(const struct segment *segment, size_t at, size_t extent)
{
    struct record record = {0};
    size_t size = RECORD_SIZE_MIN;

    if (record_peek(segment->bytes + at, segment->size - at, &record))
        size = record.size;
    return extent + CUT_ZEROS <= size;
}

/* What the bytes behind the last good record of a segment are. */
static bool judge_rest(struct walk *walk, const struct segment *segment, size_t at)
{
    uint64_t next = walk->chain.next;
    size_t extent = bytes_extent(segment->bytes + at, segment->size - at);
    bool promised = next <= walk->head->count;

    if (walk->file_short)
        return fault_at(walk, segment->last ? JOURNAL_CUT : JOURNAL_MISSING, next, segment->number,
                        at);
    if (extent == 0 && segment->last && promised)
        return fault_at(walk, JOURNAL_CUT, next, segment->number, at);
    if (extent == 0)
        return true; /* a record missing at the end of a segment shows in the next one's header */
    if (segment->last && !promised && !later_group(walk->hasher, segment, at, next))
        return fault_at(walk, JOURNAL_UNFINISHED, next, segment->number, at);
    if (segment->last && record_was_cut(segment, at, extent))
        return fault_at(walk, JOURNAL_CUT, next, segment->number, at);
    return fault_at(walk, JOURNAL_CHANGED, next, segment->number, at);
}

bool walk_segment(struct walk *walk, const struct segment *segment)
{
    struct record record = {0};
    size_t at = SEGMENT_HEADER_SIZE;
    struct segment_header header = {0};

    if (!read_header(walk, segment, &header))
        return false;
    while (record_read(walk->hasher, segment->bytes + at, segment->size - at, &record)) {
        if (!follow(walk, segment, at, &record))
            return false;
        at += record.size;
    }
    walk->end = at;
    walk->file_short = segment->file_size < header.size;
    return judge_rest(walk, segment, at);
}

bool segment_holds(struct hasher *hasher, const struct segment *segment, size_t offset,
                   uint64_t sequence)
{
    struct record record = {0};

    for (size_t at = offset; at + RECORD_SIZE_MIN <= segment->size; at += 8)
        if (record_peek(segment->bytes + at, segment->size - at, &record) &&
            record.sequence == sequence &&
            record_read(hasher, segment->bytes + at, segment->size - at, &record))
            return true;
    return false;
}

/* A record that is not where it belongs: gone, or further on? A file that lost only its empty rest
 * has its next record in the next file. */
static enum status tell_missing_from_reordered(struct scope *scope, const struct folder *folder,
                                               struct walk *walk, uint32_t until)
{
    size_t from = walk->fault_offset;

    for (uint32_t number = walk->fault_segment; number <= until; number++) {
        CLEANUP(segment_drop) struct segment segment = {0};
        TRY(segment_read(scope, folder, number, false, &segment));
        if (segment_holds(walk->hasher, &segment, from, walk->fault_sequence)) {
            walk->fault = walk->file_short ? JOURNAL_CHANGED : JOURNAL_REORDERED;
            return STATUS_OK;
        }
        from = SEGMENT_HEADER_SIZE;
    }
    return STATUS_OK;
}

enum status walk_folder(struct scope *scope, const struct folder *folder, struct walk *walk,
                        const struct walk_range *range)
{
    bool more = true;

    for (uint32_t number = range->first; more && number <= range->until; number++) {
        CLEANUP(segment_drop) struct segment segment = {0};
        TRY(segment_read(scope, folder, number, range->settled, &segment));
        segment.last = number == range->last;
        more = walk_segment(walk, &segment);
    }
    if (walk->fault == JOURNAL_MISSING)
        TRY(tell_missing_from_reordered(scope, folder, walk, range->until));
    if (walk->unreadable)
        return scope_fail(scope, CAUSE_JOURNAL_CORRUPT,
                          "journal: record %llu is whole, but this version cannot read it",
                          (unsigned long long)(walk->chain.next - 1));
    return STATUS_OK;
}
