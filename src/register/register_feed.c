/* SPDX-License-Identifier: Apache-2.0
 *
 * What the register's feed brings back: notices, protection flags, people to compare anew.
 */
#include "domain/coverage.h"
#include "register/register_job.h"

#define LAW_LATE_ELDERLY 39 /* 後期高齢者医療広域連合 */

_Static_assert((int)REGISTER_NOTICE_ADDRESS == (int)REGISTER_CHANGE_ADDRESS &&
                   (int)REGISTER_NOTICE_DEATH == (int)REGISTER_CHANGE_DEATH,
               "the store's kinds of notices are the register's kinds of changes");

/* NHI and the unions of the 75 and older set both flags by themselves; employees' insurers need a
 * filing by the person (2.5). */
static bool insurer_follows(const struct person *person, struct date on)
{
    const struct coverage *coverage = coverage_on(person, on);
    int law = coverage ? insurer_number_law(coverage->insurer) : -1;

    return law == 0 || law == LAW_LATE_ELDERLY;
}

/* A support measure is a filing of the register's own, from today on where its day is told before
 * it comes, and its end takes back that filing alone. */
static enum status decide_flags(struct scope *scope, struct store *store,
                                const struct person *person, const struct register_change *change,
                                struct protection_book *book, struct notice_change *out)
{
    const unsigned flags[] = {PROTECTION_NON_DISCLOSURE, PROTECTION_SELF_REFUSAL};
    const struct date today = instant_date(scope->now);
    const struct date from = date_before(today, change->day) ? today : change->day;
    bool set = change->kind == REGISTER_CHANGE_SUPPORT_SET && insurer_follows(person, change->day);
    bool room = true;

    if (!set && change->kind != REGISTER_CHANGE_SUPPORT_ENDED)
        return STATUS_OK;
    TRY(store_find_protection(scope, store, person, book));
    for (size_t i = 0; set && i < 2; i++)
        room &= protection_put(
            book, &(struct protection_filing){PROTECTION_REGISTER, flags[i], from, DATE_NEVER});
    if (!room)
        return scope_fail(scope, CAUSE_INTERNAL, "2.5: no room for a filing");
    if (!set)
        protection_drop(book, PROTECTION_REGISTER, PROTECTION_FLAGS);
    out->book = book;
    out->notice.protection = person->protection ^ protection_on(book, today);
    return STATUS_OK;
}

static enum status take_known(struct scope *scope, struct store *store, int64_t person_id,
                              const struct register_change *change,
                              struct register_feed_tally *tally)
{
    struct person person = {0};
    struct protection_book book = {0};
    bool fresh = false;
    struct notice_change put = {
        .notice = {person_id, change->sequence, (int)change->kind, change->day, 0, scope->now},
        .fresh = &fresh};

    TRY(store_find_person(scope, store, person_id, &person));
    TRY(decide_flags(scope, store, &person, change, &book, &put));
    TRY(store_put_register_notice(scope, store, &put));
    if (!fresh)
        return STATUS_OK;
    tally->taken++;
    tally->kinds[change->kind]++;
    tally->flagged += put.notice.protection != 0;
    if (change->kind == REGISTER_CHANGE_ADDRESS || change->kind == REGISTER_CHANGE_NAME)
        return store_request_register_check(scope, store, person_id);
    return STATUS_OK;
}

static enum status take_one(struct scope *scope, struct store *store,
                            const struct register_change *change, struct register_feed_tally *tally)
{
    int64_t person_id = 0;
    enum status status = store_find_person_key(scope, store, change->link, &person_id);

    if (status == STATUS_NOT_FOUND) {
        tally->unknown++;
        return STATUS_OK;
    }
    TRY(status);
    return take_known(scope, store, person_id, change, tally);
}

static enum status take_page(struct scope *scope, struct store *store,
                             const struct register_changes *changes,
                             struct register_feed_tally *tally)
{
    for (size_t i = 0; i < changes->count; i++)
        TRY(take_one(scope, store, &changes->items[i], tally));
    return store_put_register_cursor(scope, store, changes->next);
}

enum status register_job_changes(struct scope *scope, struct store *store,
                                 struct register_client *client, struct register_feed_tally *tally,
                                 bool *more)
{
    struct register_feed_tally sum = *tally;
    struct register_changes changes = {0};
    int64_t cursor = 0;
    enum status status = STATUS_OK;

    TRY(store_find_register_cursor(scope, store, &cursor));
    TRY(register_list_changes(scope, client, cursor, &changes));
    *more = changes.more;
    if (changes.count == 0)
        return STATUS_OK;
    TRY(store_begin(scope, store));
    status = take_page(scope, store, &changes, &sum);
    if (status != STATUS_OK) {
        store_rollback(store);
        return status;
    }
    TRY(store_commit(scope, store));
    *tally = sum;
    return STATUS_OK;
}
