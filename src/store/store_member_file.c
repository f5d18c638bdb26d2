/* SPDX-License-Identifier: Apache-2.0
 *
 * Where registration files stand. A row is written with the rows of the file that it counts, in one
 * transaction, so that a load that broke off goes on where the store stands.
 */
#include <string.h>

#include "store/store_columns.h"
#include "store/store_member.h"
#include "store/store_rows.h"

static const struct query find_file = {QUERY_FILE_FIND,
                                       "SELECT " FILE_NAMES " FROM registration_file "
                                       "WHERE insurer = $1 AND sha256 = $2"};

static const struct query list_files = {QUERY_FILES, "SELECT " FILE_NAMES
                                                     " FROM registration_file WHERE insurer = $1 "
                                                     "ORDER BY begun DESC, sha256 LIMIT $2"};

static const struct query list_all_files = {
    QUERY_FILES_ALL,
    "SELECT " FILE_NAMES " FROM registration_file ORDER BY begun DESC, insurer, sha256 LIMIT $1"};

static const struct query put_file = {
    QUERY_FILE_PUT, "INSERT INTO registration_file (" FILE_NAMES ") "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                    "ON CONFLICT (insurer, sha256) DO UPDATE SET state = excluded.state, "
                    "begun = excluded.begun, next_row = excluded.next_row, next_byte = "
                    "excluded.next_byte, reply_size = excluded.reply_size, accepted = "
                    "excluded.accepted, warned = excluded.warned, refused = excluded.refused, "
                    "recorded = excluded.recorded"};

static void file_of_cells(const struct cell *cells, struct registration_file *out)
{
    *out = (struct registration_file){
        .rows = cells[2].number,
        .state = (enum registration_file_state)cells[3].number,
        .begun = {cells[4].number},
        .next_row = cells[5].number,
        .next_byte = cells[6].number,
        .reply_size = cells[7].number,
        .accepted = cells[8].number,
        .warned = cells[9].number,
        .refused = cells[10].number,
        .recorded = {cells[11].number},
    };
    memcpy(out->insurer.digits, cells[0].text.bytes, cells[0].text.size); /* checked shapes */
    memcpy(out->sha256, cells[1].text.bytes, cells[1].text.size);
}

enum status store_find_registration_file(struct scope *scope, struct store *store,
                                         struct insurer_number insurer, const char *sha256,
                                         struct registration_file *out)
{
    const struct cell cells[] = {CELL_OF_TEXT(text_of(insurer.digits)),
                                 CELL_OF_TEXT(text_of(sha256))};
    struct row_list rows = {.table = TABLE_FILE};
    const struct request request = {&find_file, cells, 2, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    file_of_cells(rows.cells, out);
    return STATUS_OK;
}

enum status store_list_registration_files(struct scope *scope, struct store *store,
                                          struct insurer_number insurer, size_t limit,
                                          struct registration_file **out, size_t *count)
{
    size_t most = limit < MEMBER_LIST_MAX ? limit : MEMBER_LIST_MAX;
    const struct cell cells[] = {CELL_OF_TEXT(text_of(insurer.digits)),
                                 CELL_OF_NUMBER((int64_t)most)};
    struct row_list rows = {.table = TABLE_FILE};
    bool all = insurer.digits[0] == '\0';
    const struct request request = {all ? &list_all_files : &list_files, all ? cells + 1 : cells,
                                    all ? 1 : 2, row_keep, &rows};
    struct registration_file *files = NULL;

    TRY(store_run(scope, store, &request, 1));
    TRY(scope_alloc(scope, rows.count + 1, sizeof *files, &files));
    for (size_t i = 0; i < rows.count; i++)
        file_of_cells(row_at(&rows, i), &files[i]);
    *out = files;
    *count = rows.count;
    return STATUS_OK;
}

static enum status change_file(struct scope *scope, struct store *store, const void *value)
{
    const struct registration_file *file = value;
    const struct cell cells[FILE_COLUMNS] = {
        CELL_OF_TEXT(text_of(file->insurer.digits)),
        CELL_OF_TEXT(text_of(file->sha256)),
        CELL_OF_NUMBER(file->rows),
        CELL_OF_NUMBER(file->state),
        CELL_OF_NUMBER(file->begun.microseconds),
        CELL_OF_NUMBER(file->next_row),
        CELL_OF_NUMBER(file->next_byte),
        CELL_OF_NUMBER(file->reply_size),
        CELL_OF_NUMBER(file->accepted),
        CELL_OF_NUMBER(file->warned),
        CELL_OF_NUMBER(file->refused),
        CELL_OF_NUMBER(scope->now.microseconds),
    };
    const struct request request = {
        .query = &put_file, .values = cells, .value_count = FILE_COLUMNS};

    TRY(row_check_put(scope, TABLE_FILE, cells));
    return store_run(scope, store, &request, 1);
}

enum status store_put_registration_file(struct scope *scope, struct store *store,
                                        const struct registration_file *file)
{
    return store_change(scope, store, change_file, file);
}
