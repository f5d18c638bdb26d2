/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.c - a journal at rest, or one that is being written, for those who only read it.
 */
#include "base/hex.h"
#include "journal/inspect.h"

const char *journal_fault_name(enum journal_fault fault)
{
    static const char *const names[] = {
        [JOURNAL_WHOLE] = "whole",     [JOURNAL_CHANGED] = "changed",
        [JOURNAL_MISSING] = "missing", [JOURNAL_REORDERED] = "reordered",
        [JOURNAL_CUT] = "cut",         [JOURNAL_UNFINISHED] = "unfinished",
    };

    return names[fault];
}

static enum status look(struct scope *scope, const char *directory, struct inspection order,
                        struct inspected *out)
{
    CLEANUP(folder_close) struct folder folder = FOLDER_NONE;
    CLEANUP(hasher_close) struct hasher hasher = {0};

    order.folder = &folder;
    order.hasher = &hasher;
    TRY(folder_open_read(scope, directory, &folder));
    TRY(hasher_open(scope, &hasher));
    TRY(inspect(scope, &order, out));
    if (out->fresh && !out->has_head)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the directory holds no journal");
    return STATUS_OK;
}

static enum status read_all(struct scope *scope, const char *directory, struct inspection order,
                            struct journal_report *out)
{
    struct inspected found = {0};

    TRY(look(scope, directory, order, &found));
    *out = found.report;
    return STATUS_OK;
}

enum status journal_find_id(struct scope *scope, const char *directory,
                            char out[JOURNAL_ID_TEXT_SIZE])
{
    CLEANUP(folder_close) struct folder folder = FOLDER_NONE;
    CLEANUP(hasher_close) struct hasher hasher = {0};
    enum folder_head state = FOLDER_HEAD_MISSING;
    struct head head = {0};

    TRY(folder_open_read(scope, directory, &folder));
    TRY(hasher_open(scope, &hasher));
    TRY(folder_read_head(scope, &folder, &hasher, &head, &state));
    if (state == FOLDER_HEAD_MISSING)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the directory holds no journal");
    if (state != FOLDER_HEAD_GOOD)
        return scope_fail(scope, CAUSE_JOURNAL_CORRUPT, "journal: HEAD was changed");
    hex_write(head.id, sizeof head.id, out);
    return STATUS_OK;
}

enum status journal_read_on(struct scope *scope, const char *directory,
                            struct journal_position *position, journal_visit visit, void *context,
                            struct journal_report *out)
{
    const struct journal_position after = *position;
    const struct inspection order = {.after = &after,
                                     .anchor = after.anchor.records > 0 ? &after.anchor : NULL,
                                     .visit = visit,
                                     .context = context};
    struct inspected found = {0};

    TRY(look(scope, directory, order, &found));
    if (found.visited.anchor.records > 0)
        *position = found.visited;
    *out = found.report;
    return STATUS_OK;
}

enum status journal_read(struct scope *scope, const char *directory, journal_visit visit,
                         void *context, struct journal_report *out)
{
    struct inspection order = {.visit = visit, .context = context};

    return read_all(scope, directory, order, out);
}

enum status journal_verify(struct scope *scope, const char *directory,
                           const struct journal_anchor *anchor, struct journal_report *out)
{
    struct inspection order = {.anchor = anchor};

    return read_all(scope, directory, order, out);
}
