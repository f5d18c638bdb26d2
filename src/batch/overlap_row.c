/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/overlap_row.h"

#include "batch/row_line.h"

size_t overlap_row_write(const struct overlap_row *row, char out[OVERLAP_ROW_MAX])
{
    struct row_line line = {.room = OVERLAP_ROW_MAX};

    line.bytes = out;
    row_line_text(&line, row->key);
    row_line_text(&line, text_of(row->branch));
    row_line_text(&line, text_of(overlap_kind_name(row->kind)));
    row_line_text(&line, text_of(row->rule->id));
    row_line_date(&line, row->from);
    row_line_date(&line, row->until);
    row_line_text(&line, text_of(row->other.digits));
    row_line_text(&line, row->other_name);
    row_line_date(&line, row->other_from);
    row_line_date(&line, row->other_until);
    row_line_date(&line, row->first);
    row_line_date(&line, row->last);
    row_line_number(&line, row->days);
    row_line_text(&line, row->counts ? TEXT("1") : TEXT("0"));
    row_line_text(&line, text_of(row->rule->title_ja));
    row_line_text(&line, text_of(row->rule->desk_ja));
    row_line_text(&line, text_of(row->rule->title_en));
    row_line_text(&line, text_of(row->rule->desk_en));
    return row_line_end(&line);
}
