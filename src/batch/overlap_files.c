/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/overlap_files.h"

#include <stdio.h>

#include "batch/list_files.h"
#include "batch/month_folder.h"

static void drop_lists(struct list_files **lists)
{
    list_files_drop(*lists);
}

static enum status add_row(struct scope *scope, void *context, const struct overlap_row *row)
{
    char bytes[OVERLAP_ROW_MAX];
    size_t size = overlap_row_write(row, bytes);

    if (size == 0)
        return scope_fail(scope, CAUSE_INTERNAL, "a row is larger than the room for it");
    return list_files_add(scope, context, row->to, bytes, size);
}

enum status overlap_files_write(struct scope *scope, struct store *store,
                                const struct overlaps_order *find,
                                const struct overlap_files_order *order,
                                struct overlaps_figures *out)
{
    CLEANUP(month_folder_end) struct month_folder folder = {.lock = -1};
    CLEANUP(drop_lists) struct list_files *lists = NULL;
    struct overlaps_order writing = *find;
    struct list_file_figures *figures = NULL;
    size_t count = 0;
    char name[32] = "overlaps-";
    const struct list_files_order listing = {.folder = folder.part,
                                             .suffix = "",
                                             .insurers = order->insurers,
                                             .count = order->count,
                                             .created = find->on};

    date_write_iso(find->on, name + sizeof "overlaps-" - 1);
    TRY(month_folder_begin_named(scope, order->out, name, &folder));
    TRY(list_files_begin(scope, &listing, &lists));
    writing.row = add_row;
    writing.context = lists;
    TRY(overlaps_read(scope, store, &writing, out));
    TRY(list_files_finish(scope, lists, &figures, &count));
    return month_folder_publish(scope, &folder, figures, count);
}
