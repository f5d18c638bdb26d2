/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/filings_end.h"

#define PERSON_SCOPE_LIMIT (4UL * 1024 * 1024)

static enum status end_of_person(struct scope *scope, struct store *store, int64_t person_id,
                                 struct date day)
{
    struct person person = {0};
    struct protection_book book = {0};
    enum status status = store_find_person(scope, store, person_id, &person);

    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a filing leads to no person");
    TRY(status);
    TRY(store_find_protection(scope, store, &person, &book));
    return protection_end(&book, day) ? store_put_protection(scope, store, person_id, &book)
                                      : STATUS_OK;
}

static enum status end_in_transaction(struct scope *failed, struct store *store, int64_t person_id,
                                      struct date day)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(PERSON_SCOPE_LIMIT, failed->now);
    enum status status = store_begin(&scope, store);

    if (status == STATUS_OK)
        status = end_of_person(&scope, store, person_id, day);
    if (status == STATUS_OK)
        status = store_commit(&scope, store);
    if (status == STATUS_OK)
        return STATUS_OK;
    store_rollback(store);
    return scope_fail(failed, scope.cause, "%s", scope.failure);
}

/* after: the last person of the page; stays where there is none. */
static enum status end_page(struct scope *scope, struct store *store, struct date day,
                            int64_t *after, size_t *count)
{
    CLEANUP(scope_end) struct scope page = scope_begin_at(PERSON_SCOPE_LIMIT, scope->now);
    int64_t *ids = NULL;

    if (store_list_ended_protections(&page, store, day, *after, PROTECTION_LIST_MAX, &ids, count) !=
        STATUS_OK)
        return scope_fail(scope, page.cause, "%s", page.failure);
    for (size_t i = 0; i < *count; i++) {
        TRY(end_in_transaction(scope, store, ids[i], day));
        *after = ids[i];
    }
    return STATUS_OK;
}

enum status filings_end(struct scope *scope, struct store *store, struct date day, int64_t *people)
{
    const struct date today = instant_date(scope->now);
    int64_t after = -1;
    size_t count = PROTECTION_LIST_MAX;

    *people = 0;
    if (date_before(today, day))
        day = today;
    while (count == PROTECTION_LIST_MAX) {
        TRY(end_page(scope, store, day, &after, &count));
        *people += (int64_t)count;
    }
    return STATUS_OK;
}
