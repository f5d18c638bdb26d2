/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/invitation_row.h"

#include <stdio.h>

#include "batch/row_line.h"
#include "domain/register_comparison.h"

static void write_person(struct row_line *line, const struct person *person)
{
    row_line_part(line, person->name, INVITATION_NAME_MAX);
    row_line_part(line, person->name_kana, INVITATION_NAME_MAX);
    row_line_date(line, person->birth);
    row_line_number(line, (long)person->sex1);
    row_line_text(line, person->postal_code);
    row_line_part(line, person->address, REGISTER_ITEM_MAX);
}

static void write_nobody(struct row_line *line)
{
    for (int i = 0; i < 6; i++)
        row_line_text(line, TEXT(""));
}

size_t invitation_row_write(const struct invitation_row *row, char out[INVITATION_ROW_MAX])
{
    struct row_line line = {.room = INVITATION_ROW_MAX};
    const struct rule *rule = invitation_rule(row->way);
    char reason[12];

    snprintf(reason, sizeof reason, "%02d", (int)row->reason);
    line.bytes = out;
    row_line_text(&line, row->key);
    row_line_text(&line, text_of(rule->id));
    row_line_date(&line, row->lost);
    row_line_text(&line, text_of(reason));
    if (row->person)
        write_person(&line, row->person);
    else
        write_nobody(&line);
    row_line_text(&line, text_of(rule->title_ja));
    row_line_text(&line, text_of(rule->desk_ja));
    row_line_text(&line, text_of(rule->title_en));
    row_line_text(&line, text_of(rule->desk_en));
    return row_line_end(&line);
}
