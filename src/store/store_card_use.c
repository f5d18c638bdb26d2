/* SPDX-License-Identifier: Apache-2.0
 *
 * Uses of the card by month, and how far each journal was counted. Rows of both are overwritten:
 * the journal is what they come from.
 */
#include <stdio.h>
#include <string.h>

#include "store/store_card_use.h"
#include "store/store_columns.h"
#include "store/store_put.h"

/* Requests of one round: more would fill a connection's buffers on both sides. */
#define ADD_ROUND 256
#define ADD_CELLS 4

/* Nothing is kept of those whom no paper will ask for it. */
static const struct query add_uses = {
    QUERY_CARD_USE_ADD,
    "INSERT INTO card_use (person_id, month, uses) SELECT person_id, $2, $3 FROM person "
    "WHERE person_id = $1 AND birth <= $4 "
    "ON CONFLICT (person_id, month) DO UPDATE SET uses = card_use.uses + excluded.uses"};

static const struct query drop_uses = {QUERY_CARD_USE_DROP,
                                       "DELETE FROM card_use WHERE month < $1"};

static const struct query begin_position = {
    QUERY_USE_POSITION_BEGIN,
    "INSERT INTO card_use_position (" USE_POSITION_NAMES ") VALUES ($1, 0, 0, '', $2, $3) "
    "ON CONFLICT (journal) DO UPDATE SET recorded = excluded.recorded"};

static const struct query find_position = {QUERY_USE_POSITION,
                                           "SELECT " USE_POSITION_NAMES " FROM card_use_position "
                                           "WHERE journal = $1"};

static const struct query put_position = {
    QUERY_USE_POSITION_PUT,
    "UPDATE card_use_position SET records = $2, segment = $3, hash = $4, counted = $5, "
    "recorded = $6 WHERE journal = $1"};

static const struct query last_count = {QUERY_USE_POSITION_LAST,
                                        "SELECT " USE_POSITION_NAMES
                                        " FROM card_use_position ORDER BY counted DESC LIMIT 1"};

static enum status add(struct scope *scope, struct store *store, const void *value)
{
    const struct card_use_run *run = value;
    struct cell *cells = NULL;

    TRY(scope_alloc(scope, run->count * ADD_CELLS + 1, sizeof *cells, &cells));
    for (size_t i = 0; i < run->count;) {
        struct change change = {0};
        for (; i < run->count && change.count < ADD_ROUND; i++) {
            struct cell *row = cells + i * ADD_CELLS;
            row[0] = CELL_OF_NUMBER(run->uses[i].person_id);
            row[1] = CELL_OF_NUMBER(run->uses[i].month);
            row[2] = CELL_OF_NUMBER(run->uses[i].uses);
            row[3] = CELL_OF_NUMBER(run->born_by.yyyymmdd);
            TRY(row_check_put(scope, TABLE_CARD_USE, row));
            TRY(change_add(scope, &change, &add_uses, row, ADD_CELLS));
        }
        TRY(change_run(scope, store, &change));
    }
    return STATUS_OK;
}

enum status store_add_card_uses(struct scope *scope, struct store *store,
                                const struct card_use_run *run)
{
    return store_change(scope, store, add, run);
}

static enum status drop(struct scope *scope, struct store *store, const void *value)
{
    const struct cell month = CELL_OF_NUMBER(*(const int32_t *)value);
    const struct request request = {.query = &drop_uses, .values = &month, .value_count = 1};

    return store_run(scope, store, &request, 1);
}

enum status store_drop_card_uses(struct scope *scope, struct store *store, int32_t before)
{
    return store_change(scope, store, drop, &before);
}

static void position_of_cells(const struct cell *cells, struct use_position *out)
{
    *out = (struct use_position){.records = cells[1].number,
                                 .segment = cells[2].number,
                                 .counted = DATE((int32_t)cells[4].number)};
    snprintf(out->journal, sizeof out->journal, "%.*s", TEXT_ARGS(cells[0].text));
    snprintf(out->hash, sizeof out->hash, "%.*s", TEXT_ARGS(cells[3].text));
}

static enum status lock(struct scope *scope, struct store *store, const void *value)
{
    const char *journal = value;
    const struct cell cells[] = {CELL_OF_TEXT(text_of(journal)),
                                 CELL_OF_NUMBER(instant_date(scope->now).yyyymmdd),
                                 CELL_OF_NUMBER(scope->now.microseconds)};
    const struct request request = {.query = &begin_position, .values = cells, .value_count = 3};

    return store_run(scope, store, &request, 1);
}

enum status store_lock_use_position(struct scope *scope, struct store *store, const char *journal)
{
    return store_change(scope, store, lock, journal);
}

enum status store_find_use_position(struct scope *scope, struct store *store, const char *journal,
                                    struct use_position *out)
{
    const struct cell key = CELL_OF_TEXT(text_of(journal));
    struct row_list rows = {.table = TABLE_USE_POSITION};
    const struct request request = {&find_position, &key, 1, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    position_of_cells(row_at(&rows, 0), out);
    return STATUS_OK;
}

static enum status put(struct scope *scope, struct store *store, const void *value)
{
    const struct use_position *position = value;
    const struct cell cells[USE_POSITION_COLUMNS] = {
        CELL_OF_TEXT(text_of(position->journal)),   CELL_OF_NUMBER(position->records),
        CELL_OF_NUMBER(position->segment),          CELL_OF_TEXT(text_of(position->hash)),
        CELL_OF_NUMBER(position->counted.yyyymmdd), CELL_OF_NUMBER(scope->now.microseconds),
    };
    const struct request request = {
        .query = &put_position, .values = cells, .value_count = USE_POSITION_COLUMNS};

    TRY(row_check_put(scope, TABLE_USE_POSITION, cells));
    return store_run(scope, store, &request, 1);
}

enum status store_put_use_position(struct scope *scope, struct store *store,
                                   const struct use_position *position)
{
    return store_change(scope, store, put, position);
}

enum status store_find_last_use_count(struct scope *scope, struct store *store, struct date *out)
{
    struct row_list rows = {.table = TABLE_USE_POSITION};
    const struct request request = {.query = &last_count, .read = row_keep, .context = &rows};

    TRY(store_run(scope, store, &request, 1));
    *out = rows.count > 0 ? DATE((int32_t)row_at(&rows, 0)[4].number) : DATE_NONE;
    return STATUS_OK;
}
