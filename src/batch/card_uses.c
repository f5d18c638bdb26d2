/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/card_uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/policy.h"
#include "journal/journal.h"
#include "store/store_card_use.h"

#define ROUND_DEFAULT 1000000
#define ROUND_LIMIT (1024UL * 1024 * 1024)

/* What one round reads. */
struct gathering {
    struct monthly_uses *uses;
    size_t count, capacity;
    int32_t first_month; /* older ones are not kept */
    int64_t records;
};

static bool is_use(const struct journal_entry *entry)
{
    return entry->operation == JOURNAL_CHECK_BY_CARD && entry->person_id > 0 &&
           entry->validity != 0;
}

static int gather(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    struct gathering *gathering = context;
    int32_t month = card_use_month(instant_date(entry->at));

    (void)sequence;
    gathering->records++;
    if (is_use(entry) && month >= gathering->first_month)
        gathering->uses[gathering->count++] = (struct monthly_uses){entry->person_id, month, 1};
    return gathering->count == gathering->capacity;
}

static int compare(const void *a_, const void *b_)
{
    const struct monthly_uses *a = a_;
    const struct monthly_uses *b = b_;

    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    return (a->month > b->month) - (a->month < b->month);
}

/* Each person and month once; returns how many there are. */
static size_t fold(struct monthly_uses *uses, size_t count)
{
    size_t kept = 0;

    if (count == 0)
        return 0;
    qsort(uses, count, sizeof *uses, compare);
    for (size_t i = 1; i < count; i++)
        if (compare(&uses[kept], &uses[i]) == 0)
            uses[kept].uses += uses[i].uses;
        else
            uses[++kept] = uses[i];
    return kept + 1;
}

/* --- one round -------------------------------------------------------------------------------- */

static struct journal_position place_of(const struct use_position *position)
{
    struct journal_position place = {.anchor.records = (uint64_t)position->records,
                                     .segment = (uint32_t)position->segment};

    snprintf(place.anchor.hash, sizeof place.anchor.hash, "%s", position->hash);
    return place;
}

static enum status read_journal(struct scope *scope, const struct card_uses_order *order,
                                struct use_position *position, struct gathering *gathering,
                                struct journal_report *report)
{
    struct journal_position place = place_of(position);

    TRY(journal_read_on(scope, order->journal, &place, gather, gathering, report));
    position->records = (int64_t)place.anchor.records;
    position->segment = place.segment;
    snprintf(position->hash, sizeof position->hash, "%s", place.anchor.hash);
    return STATUS_OK;
}

/* In a transaction. again: somebody else counted meanwhile; nothing was added. */
static enum status add(struct scope *scope, struct store *store, const struct use_position *before,
                       const struct use_position *after, const struct card_use_run *run,
                       bool *again)
{
    struct use_position found = {0};

    TRY(store_lock_use_position(scope, store, after->journal));
    TRY(store_find_use_position(scope, store, after->journal, &found));
    *again = found.records != before->records;
    if (*again)
        return STATUS_OK;
    TRY(store_add_card_uses(scope, store, run));
    return store_put_use_position(scope, store, after);
}

static enum status add_in_transaction(struct scope *scope, struct store *store,
                                      const struct use_position *before,
                                      const struct use_position *after,
                                      const struct card_use_run *run, bool *again)
{
    enum status status = store_begin(scope, store);

    if (status == STATUS_OK)
        status = add(scope, store, before, after, run, again);
    if (status == STATUS_OK)
        status = store_commit(scope, store);
    if (status != STATUS_OK)
        store_rollback(store);
    return status;
}

/* Of people who were born later nothing is kept. */
static struct date born_by(struct date on)
{
    return date_add_months(on, -12 * POLICY_CARD_USE_AGE);
}

/* A day to come would drop what papers still ask for. */
static struct date day_of(const struct scope *scope, const struct card_uses_order *order)
{
    struct date today = instant_date(scope->now);

    return date_before(order->on, today) ? order->on : today;
}

static enum status count_round(struct scope *scope, struct store *store,
                               const struct card_uses_order *order, const char *journal,
                               struct card_uses_figures *figures, bool *more,
                               struct journal_report *report)
{
    struct date on = day_of(scope, order);
    struct gathering gathering = {.capacity = order->round ? order->round : ROUND_DEFAULT,
                                  .first_month = card_use_first_month(on)};
    struct use_position before = {0};
    struct use_position after;
    struct card_use_run run = {.born_by = born_by(on)};
    bool again = false;
    enum status status = store_find_use_position(scope, store, journal, &before);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    TRY(scope_alloc(scope, gathering.capacity, sizeof *gathering.uses, &gathering.uses));
    after = before;
    snprintf(after.journal, sizeof after.journal, "%s", journal);
    after.counted = on;
    TRY(read_journal(scope, order, &after, &gathering, report));
    run.uses = gathering.uses;
    run.count = fold(gathering.uses, gathering.count);
    TRY(add_in_transaction(scope, store, &before, &after, &run, &again));
    *more = again || gathering.count == gathering.capacity;
    if (again)
        return STATUS_OK;
    figures->records += gathering.records;
    figures->uses += (int64_t)gathering.count;
    return STATUS_OK;
}

/* --- all rounds ------------------------------------------------------------------------------- */

static enum status check_report(struct scope *scope, const struct journal_report *report)
{
    if (report->fault == JOURNAL_WHOLE || report->fault == JOURNAL_UNFINISHED)
        return STATUS_OK;
    return scope_fail(scope, CAUSE_JOURNAL_CORRUPT,
                      "journal: record %llu is %s: shikaku audit verify tells more",
                      (unsigned long long)report->sequence, journal_fault_name(report->fault));
}

enum status card_uses_count(struct scope *scope, struct store *store,
                            const struct card_uses_order *order, struct card_uses_figures *out)
{
    char journal[JOURNAL_ID_TEXT_SIZE];
    struct journal_report report = {0};
    bool more = true;

    *out = (struct card_uses_figures){0};
    TRY(journal_find_id(scope, order->journal, journal));
    while (more) {
        CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_LIMIT, scope->now);
        if (count_round(&round, store, order, journal, out, &more, &report) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
        TRY(check_report(scope, &report));
        if (more && order->stop && atomic_load(order->stop))
            return scope_fail(scope, CAUSE_STEP_STOPPED, "stopped: the same again goes on");
    }
    return store_drop_card_uses(scope, store, card_use_first_month(day_of(scope, order)));
}
