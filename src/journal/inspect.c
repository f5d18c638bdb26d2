/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/inspect.h"

#include <stdio.h>
#include <string.h>

static void report_fault(struct inspected *out, enum journal_fault fault, uint64_t sequence,
                         uint32_t segment, uint64_t offset)
{
    char name[FOLDER_NAME_SIZE] = FOLDER_HEAD_NAME;

    if (segment > 0)
        folder_segment_name(segment, name);
    out->report.fault = fault;
    out->report.sequence = sequence;
    out->report.offset = offset;
    snprintf(out->report.file, sizeof out->report.file, "%s", name);
}

/* Faults that need no look into a segment. False where one was found, or nothing is there. */
static bool inspect_names(const struct folder_listing *listing, enum folder_head head,
                          struct inspected *out)
{
    out->has_head = head == FOLDER_HEAD_GOOD;
    out->last = listing->last;
    out->fresh = listing->last == 0 &&
                 (head == FOLDER_HEAD_MISSING || (out->has_head && out->head.count == 0));
    if (out->fresh)
        return false;
    if (head == FOLDER_HEAD_MISSING)
        report_fault(out, JOURNAL_MISSING, 0, 0, 0);
    else if (head == FOLDER_HEAD_CHANGED)
        report_fault(out, JOURNAL_CHANGED, 0, 0, 0);
    else if (listing->last == 0)
        report_fault(out, JOURNAL_CUT, 1, 1, 0);
    return out->report.fault == JOURNAL_WHOLE;
}

/* A reader of a live journal may be ahead of the checkpoint, which the chain must lead to. */
static uint32_t first_segment(const struct inspection *order, const struct inspected *found)
{
    uint32_t segment = order->after ? order->after->segment : 0;

    if (order->tail_only)
        return found->head.segment;
    if (found->head.segment < segment)
        segment = found->head.segment;
    return segment > 0 ? segment : 1;
}

static void tell_visited(const struct walk *walk, struct journal_position *out)
{
    out->anchor.records = walk->visited;
    out->segment = walk->visited_segment;
    hash_text(walk->visited_hash, out->anchor.hash);
}

static enum status walk_records(struct scope *scope, const struct inspection *order,
                                const struct folder_listing *listing, struct inspected *out)
{
    struct walk_range range = {.first = first_segment(order, out),
                               .until = listing->missing ? listing->missing - 1 : listing->last,
                               .last = listing->last,
                               .settled = order->tail_only};
    struct walk walk = {
        .hasher = order->hasher,
        .head = &out->head,
        .resume = range.first > 1,
        .anchor = order->anchor,
        .skip = order->after ? order->after->anchor.records : 0,
        .visit = order->visit,
        .context = order->context,
    };

    if (range.last < out->head.segment)
        range.last = out->head.segment;
    if (!chain_begin(order->hasher, out->head.id, &walk.chain))
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "SHA-256 is not available");
    TRY(walk_folder(scope, order->folder, &walk, &range));
    out->chain = walk.chain;
    out->end = walk.end;
    tell_visited(&walk, &out->visited);
    out->report.records = walk.records;
    hash_text(walk.chain.hash, out->report.hash);
    if (walk.fault != JOURNAL_WHOLE)
        report_fault(out, walk.fault, walk.fault_sequence, walk.fault_segment, walk.fault_offset);
    else if (!walk.stopped && range.until < range.last)
        report_fault(out, listing->missing ? JOURNAL_MISSING : JOURNAL_CUT, walk.chain.next,
                     range.until + 1, 0);
    else if (order->anchor && walk.chain.next <= order->anchor->records)
        report_fault(out, JOURNAL_CUT, walk.chain.next, range.until, walk.end);
    return STATUS_OK;
}

enum status inspect(struct scope *scope, const struct inspection *order, struct inspected *out)
{
    struct folder_listing listing = {0};
    enum folder_head head = FOLDER_HEAD_MISSING;
    struct inspected found = {0};

    /* HEAD first: what it promises was on disk before the segments are read */
    TRY(folder_read_head(scope, order->folder, order->hasher, &found.head, &head));
    TRY(folder_list(scope, order->folder, &listing));
    if (inspect_names(&listing, head, &found))
        TRY(walk_records(scope, order, &listing, &found));
    *out = found;
    return STATUS_OK;
}
