/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/same_person_files.h"

#include "batch/list_files.h"
#include "batch/month_folder.h"
#include "batch/row_line.h"

#define ROW_MAX 4000

static void drop_lists(struct list_files **lists)
{
    list_files_drop(*lists);
}

static enum status add_row(struct scope *scope, void *context, const struct same_person_row *row)
{
    const struct rule *rule = same_person_rule(row->answer);
    char bytes[ROW_MAX];
    struct row_line line = {.room = ROW_MAX};
    size_t size = 0;

    line.bytes = bytes;
    row_line_text(&line, row->key);
    row_line_text(&line, text_of(rule->id));
    row_line_text(&line, row->other_key);
    row_line_text(&line, text_of(rule->title_ja));
    row_line_text(&line, text_of(rule->desk_ja));
    row_line_text(&line, text_of(rule->title_en));
    row_line_text(&line, text_of(rule->desk_en));
    size = row_line_end(&line);
    if (size == 0)
        return scope_fail(scope, CAUSE_INTERNAL, "a row is larger than the room for it");
    return list_files_add(scope, context, row->to, bytes, size);
}

enum status same_person_files_write(struct scope *scope, struct store *store,
                                    const struct same_people_order *find,
                                    const struct same_person_files_order *order,
                                    struct same_people_figures *out)
{
    CLEANUP(month_folder_end) struct month_folder folder = {.lock = -1};
    CLEANUP(drop_lists) struct list_files *lists = NULL;
    struct same_people_order writing = *find;
    struct list_file_figures *figures = NULL;
    size_t count = 0;
    char name[32] = "same-person-";
    const struct list_files_order listing = {.folder = folder.part,
                                             .suffix = "",
                                             .insurers = order->insurers,
                                             .count = order->count,
                                             .created = find->on};

    date_write_iso(find->on, name + sizeof "same-person-" - 1);
    TRY(month_folder_begin_named(scope, order->out, name, &folder));
    TRY(list_files_begin(scope, &listing, &lists));
    writing.row = add_row;
    writing.context = lists;
    TRY(same_people_read(scope, store, &writing, out));
    TRY(list_files_finish(scope, lists, &figures, &count));
    return month_folder_publish(scope, &folder, figures, count);
}
