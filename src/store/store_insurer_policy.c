/* SPDX-License-Identifier: Apache-2.0
 *
 * What insurers decide for themselves: a few rows an insurer, read whole by those who go over all.
 */
#include "store/store_columns.h"
#include "store/store_put.h"
#include "store/store_standing.h"

static const struct query list_policies = {
    QUERY_POLICIES, "SELECT " POLICY_NAMES " FROM insurer_policy ORDER BY insurer, valid_from"};

static const struct query find_policies = {
    QUERY_POLICIES_OF_INSURER, "SELECT " POLICY_NAMES " FROM insurer_policy WHERE insurer = $1 "
                               "ORDER BY valid_from"};

static enum status policies_of_rows(struct scope *scope, const struct row_list *rows,
                                    struct insurer_policies *out)
{
    struct insurer_policy *items = NULL;

    TRY(scope_alloc(scope, rows->count + 1, sizeof *items, &items));
    for (size_t i = 0; i < rows->count; i++) {
        policy_of_cells(row_at(rows, i), &items[i]);
        if (insurer_policy_fault(&items[i]))
            return scope_fail(scope, CAUSE_STORE_CORRUPT, "a policy is none that can be");
    }
    *out = (struct insurer_policies){items, rows->count};
    return STATUS_OK;
}

enum status store_list_policies(struct scope *scope, struct store *store,
                                struct insurer_policies *out)
{
    struct row_list rows = {.table = TABLE_POLICY};
    const struct request request = {.query = &list_policies, .read = row_keep, .context = &rows};

    TRY(store_run(scope, store, &request, 1));
    return policies_of_rows(scope, &rows, out);
}

enum status store_list_policies_of(struct scope *scope, struct store *store,
                                   struct insurer_number insurer, struct insurer_policies *out)
{
    struct row_list rows = {.table = TABLE_POLICY};
    const struct cell key = CELL_OF_TEXT(text_of(insurer.digits));
    const struct request request = {&find_policies, &key, 1, row_keep, &rows};

    TRY(store_run(scope, store, &request, 1));
    return policies_of_rows(scope, &rows, out);
}

static enum status put_policy(struct scope *scope, struct store *store, const void *value)
{
    const struct insurer_policy *policy = value;
    const char *fault = insurer_policy_fault(policy);
    struct row_list rows = {.table = TABLE_POLICY};
    struct cell cells[POLICY_COLUMNS];
    const struct request request = {&find_policies, cells, 1, row_keep, &rows};
    struct change change = {0};

    if (fault)
        return scope_fail(scope, CAUSE_INSURER_POLICY_WRONG, "%s", fault);
    cells_of_policy(policy, scope->now, cells);
    TRY(row_check_put(scope, TABLE_POLICY, cells));
    TRY(store_run(scope, store, &request, 1));
    TRY(change_put(scope, &change, &rows, cells));
    return change_run(scope, store, &change);
}

enum status store_put_policy(struct scope *scope, struct store *store,
                             const struct insurer_policy *policy)
{
    return store_change(scope, store, put_policy, policy);
}
