/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "store/store_rows.h"

#define MATCHES_MAX 64

/* The order keeps answers alike on both engines where there are more than are given. */
static const struct query list_matches = {
    QUERY_MATCHES, "SELECT insurer, symbol, number, birth, person_id, coverage_id, branch "
                   "FROM coverage_key WHERE insurer = $1 AND symbol = $2 AND number = $3 "
                   "AND birth = $4 ORDER BY person_id, coverage_id LIMIT 64"};

struct match_list {
    struct insured_match items[MATCHES_MAX];
    size_t count;
};

static enum status take_match(struct scope *scope, struct cell *cells, size_t count, void *context)
{
    struct match_list *list = context;
    struct insured_match *match = &list->items[list->count];

    if (count != KEY_COLUMNS || list->count == MATCHES_MAX)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "coverage_key has other columns");
    TRY(row_take(scope, TABLE_KEY, cells));
    match->person_id = cells[4].number;
    match->coverage_id = cells[5].number;
    memset(match->branch, 0, sizeof match->branch);
    if (cells[6].text.size > 0)
        memcpy(match->branch, cells[6].text.bytes, sizeof match->branch - 1);
    list->count++;
    return STATUS_OK;
}

enum status store_list_matches(struct scope *scope, struct store *store,
                               const struct insured_key *key, struct insured_match **out,
                               size_t *count)
{
    const struct cell values[] = {
        CELL_OF_TEXT(text_of(key->insurer.digits)),
        CELL_OF_TEXT(text_of(key->symbol)),
        CELL_OF_TEXT(text_of(key->number)),
        CELL_OF_NUMBER(key->birth.yyyymmdd),
    };
    struct match_list *list = NULL;
    struct request request = {.query = &list_matches, .values = values, .value_count = 4};

    for (size_t i = 0; i < 3; i++)
        if (!text_is_utf8(values[i].text)) /* no engine has such a key, and one would complain */
            return scope_fail(scope, CAUSE_TEXT_WRONG, "a number holds bytes that are no text");
    TRY(scope_alloc(scope, 1, sizeof *list, &list));
    request.read = take_match;
    request.context = list;
    TRY(store_run(scope, store, &request, 1));
    *out = list->items;
    *count = list->count;
    return STATUS_OK;
}
