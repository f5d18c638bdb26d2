/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_job.h"

#include "domain/coverage.h"
#include "store/store_engine.h"

#define REASON_MAX 512

/* One of a batch: the check as it was read, and what is asked. */
struct task {
    struct register_check check;
    struct register_record record;
    bool past; /* no coverage holds on the day */
};

/* --- reading ------------------------------------------------------------------------------------
 */

static struct register_identity identity_of(const struct person *person)
{
    return (struct register_identity){
        .name = person->name,
        .kana = person->name_kana,
        .address = person->address,
        .birth = person->birth,
        .sex = person->sex1 == SEX_NOT_SET ? person->sex2 : person->sex1,
    };
}

/* Fills a task; *has_number is false where nothing can be asked. */
static enum status prepare(struct scope *scope, struct store *store, struct date on,
                           const struct register_check *check, struct task *out, bool *has_number)
{
    struct person person = {0};
    struct text link = {0};
    enum status status = store_find_link(scope, store, check->person_id, &link);

    *has_number = status == STATUS_OK;
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    TRY(status);
    TRY(store_find_person(scope, store, check->person_id, &person));
    *out = (struct task){
        *check, {.link = link, .reported = identity_of(&person)}, coverage_on(&person, on) == NULL};
    return STATUS_OK;
}

/* --- deciding -----------------------------------------------------------------------------------
 */

/* What a comparison means for the person: the outcome to be written. */
static struct register_outcome decide(const struct scope *scope, const struct task *task,
                                      const struct register_comparison *found,
                                      struct register_tally *tally)
{
    struct register_outcome outcome = {task->check, found->difference};
    struct register_check *check = &outcome.check;
    enum rule_id rule = found->rule;
    bool covered = found->difference != 0 &&
                   register_reason_stands(task->check.reason_class, found->difference);

    check->compared = scope->now;
    check->difference = found->difference;
    if (covered) {
        rule = RULE_E1_REGISTER_NO_DOUBT;
        outcome.effective = 0;
        tally->reasons++;
    } else {
        check->reason = TEXT("");
        check->reason_by = TEXT("");
        check->reason_class = 0;
    }
    if (outcome.effective == 1 && task->past) {
        rule = RULE_E1_REGISTER_PAST;
        outcome.effective = 2;
        tally->past++;
    }
    check->rule = text_of(rule_at(rule)->id);
    return outcome;
}

static void count(struct register_tally *tally, const struct register_comparison *found)
{
    tally->compared++;
    tally->classes[found->difference]++;
    tally->rewritten += found->rule == RULE_E1_REGISTER_VARIANT;
    tally->one_name += found->rule == RULE_E1_REGISTER_ONE_NAME;
    tally->unknown += found->rule == RULE_E1_REGISTER_UNKNOWN;
}

/* --- one batch ----------------------------------------------------------------------------------
 */

static enum status settle_all(struct scope *scope, struct store *store, const struct task *tasks,
                              const struct register_comparison *found, size_t tasks_count,
                              struct register_tally *tally)
{
    for (size_t i = 0; i < tasks_count; i++) {
        const struct register_outcome outcome = decide(scope, &tasks[i], &found[i], tally);
        count(tally, &found[i]);
        TRY(store_settle_register_check(scope, store, &outcome));
    }
    return STATUS_OK;
}

/* The tally counts what was committed. */
static enum status settle(struct scope *scope, struct store *store, const struct task *tasks,
                          const struct register_comparison *found, size_t tasks_count,
                          struct register_tally *tally)
{
    struct register_tally sum = *tally;
    enum status status = STATUS_OK;

    TRY(store_begin(scope, store));
    status = settle_all(scope, store, tasks, found, tasks_count, &sum);
    if (status == STATUS_OK)
        status = store_commit(scope, store);
    else
        store_rollback(store);
    if (status == STATUS_OK)
        *tally = sum;
    return status;
}

static enum status ask(struct scope *scope, struct register_client *client,
                       const struct task *tasks, size_t tasks_count,
                       struct register_comparison **out)
{
    struct register_record *records = NULL;

    TRY(scope_alloc(scope, tasks_count, sizeof *records, &records));
    for (size_t i = 0; i < tasks_count; i++)
        records[i] = tasks[i].record;
    return register_compare_batch(scope, client, records, tasks_count, out);
}

enum status register_job_compare(struct scope *scope, struct store *store,
                                 struct register_client *client, struct date on, int64_t *after,
                                 struct register_tally *tally, bool *more)
{
    struct register_check *waiting = NULL;
    struct register_comparison *found = NULL;
    struct task *tasks = NULL;
    size_t waiting_count = 0;
    size_t tasks_count = 0;
    int64_t without = 0;

    TRY(store_list_register_waiting(scope, store, *after, REGISTER_BATCH_MAX, &waiting,
                                    &waiting_count));
    TRY(scope_alloc(scope, REGISTER_BATCH_MAX, sizeof *tasks, &tasks));
    for (size_t i = 0; i < waiting_count; i++) {
        bool has_number = false;
        TRY(prepare(scope, store, on, &waiting[i], &tasks[tasks_count], &has_number));
        tasks_count += has_number;
        without += !has_number;
    }
    if (tasks_count > 0) {
        TRY(ask(scope, client, tasks, tasks_count, &found));
        TRY(settle(scope, store, tasks, found, tasks_count, tally));
    }
    tally->without_number += without;
    *more = waiting_count > 0;
    if (*more)
        *after = waiting[waiting_count - 1].person_id;
    return STATUS_OK;
}

/* --- no doubt, with reason ----------------------------------------------------------------------
 */

static enum status change_clear(struct scope *scope, struct store *store, const void *value)
{
    const struct register_clearing *clearing = value;
    struct register_outcome outcome = {0};
    struct register_check *check = &outcome.check;
    enum status status = store_find_register_check(scope, store, clearing->person_id, check);

    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_REGISTER_PERSON_UNKNOWN, "E1: never compared");
    TRY(status);
    if (check->difference == 0)
        return scope_fail(scope, CAUSE_REGISTER_NO_DIFFERENCE, "E1: nothing to clear");
    if (check->waiting)
        check->requested = (struct instant){-1}; /* it is still to be compared */
    check->reason = clearing->reason;
    check->reason_by = clearing->by;
    check->reason_class = check->difference;
    check->rule = text_of(rule_at(RULE_E1_REGISTER_NO_DOUBT)->id);
    return store_settle_register_check(scope, store, &outcome);
}

enum status register_job_clear(struct scope *scope, struct store *store,
                               const struct register_clearing *clearing)
{
    if (clearing->reason.size == 0 || clearing->reason.size > REASON_MAX ||
        clearing->by.size == 0 || clearing->by.size > REASON_MAX)
        return scope_fail(scope, CAUSE_REGISTER_REASON_MISSING, "a reason, and who gives it");
    return store_change(scope, store, change_clear, clearing);
}
