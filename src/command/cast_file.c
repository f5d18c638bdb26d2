/* SPDX-License-Identifier: Apache-2.0 */
#include "command/cast_file.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 2048
#define COLUMNS_MAX 32

/* Column names of the file, and where each goes. */
static const struct {
    const char *name;
    size_t offset;
} columns[] = {
    {"scenario", offsetof(struct cast_row, scenario)},
    {"insurer_number", offsetof(struct cast_row, insurer)},
    {"symbol", offsetof(struct cast_row, symbol)},
    {"number", offsetof(struct cast_row, number)},
    {"branch", offsetof(struct cast_row, branch)},
    {"birth_date", offsetof(struct cast_row, birth)},
    {"card_file", offsetof(struct cast_row, card)},
    {"mode", offsetof(struct cast_row, mode)},
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static void file_drop(FILE **file)
{
    if (*file)
        fclose(*file);
}

/* Splits a line at its commas, in place; a field in double quotes may hold commas. */
static size_t split(char *line, struct text *fields)
{
    size_t count = 0;
    char *at = line;

    line[strcspn(line, "\r\n")] = '\0';
    while (count < COLUMNS_MAX) {
        bool quoted = *at == '"';
        char *begin = quoted ? at + 1 : at;
        char *end = begin + strcspn(begin, quoted ? "\"" : ",");
        fields[count++] = (struct text){begin, (size_t)(end - begin)};
        end += strcspn(end, ",");
        if (*end == '\0')
            break;
        at = end + 1;
    }
    return count;
}

static enum status read_header(struct scope *scope, char *line, size_t places[COLUMN_COUNT])
{
    struct text fields[COLUMNS_MAX];
    size_t count = split(line, fields);

    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        for (places[i] = 0; places[i] < count; places[i]++)
            if (text_is(fields[places[i]], columns[i].name))
                break;
        if (places[i] == count)
            return scope_fail(scope, CAUSE_CONFIGURATION, "cast.csv has no column '%s'",
                              columns[i].name);
    }
    return STATUS_OK;
}

static enum status read_row(struct scope *scope, char *line, const size_t places[COLUMN_COUNT],
                            struct cast_row *row)
{
    struct text fields[COLUMNS_MAX];
    size_t count = split(line, fields);

    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        struct text *to = (struct text *)(void *)((char *)row + columns[i].offset);
        if (places[i] < count)
            TRY(text_copy(scope, fields[places[i]], to));
    }
    return STATUS_OK;
}

enum status cast_file_read(struct scope *scope, const char *path, struct cast_file *out)
{
    CLEANUP(file_drop) FILE *file = fopen(path, "re");
    char line[LINE_MAX_BYTES];
    size_t places[COLUMN_COUNT] = {0};
    struct cast_file read = {0};

    if (!file || !fgets(line, sizeof line, file))
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "cannot read '%s'", path);
    TRY(read_header(scope, line, places));
    TRY(scope_alloc(scope, CAST_ROWS_MAX, sizeof *read.rows, &read.rows));
    while (read.count < CAST_ROWS_MAX && fgets(line, sizeof line, file))
        TRY(read_row(scope, line, places, &read.rows[read.count++]));
    *out = read;
    return STATUS_OK;
}

const struct cast_row *cast_file_find(const struct cast_file *file, const char *scenario,
                                      bool by_card)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct cast_row *row = &file->rows[i];
        if (text_is(row->scenario, scenario) && !text_empty(by_card ? row->card : row->number))
            return row;
    }
    return NULL;
}
