/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.c - a journal at rest, or one that is being written, for those who only read it.
 */
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

static enum status read_all(struct scope *scope, const char *directory, struct inspection order,
                            struct journal_report *out)
{
    CLEANUP(folder_close) struct folder folder = FOLDER_NONE;
    CLEANUP(hasher_close) struct hasher hasher = {0};
    struct inspected found = {0};

    order.folder = &folder;
    order.hasher = &hasher;
    TRY(folder_open_read(scope, directory, &folder));
    TRY(hasher_open(scope, &hasher));
    TRY(inspect(scope, &order, &found));
    if (found.fresh && !found.has_head)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the directory holds no journal");
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
