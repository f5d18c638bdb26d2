/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/month_end.h"

#include "batch/invitations.h"
#include "batch/list_row.h"
#include "batch/month_folder.h"
#include "batch/settle.h"
#include "domain/coverage.h"

/* Bytes of one run: people and what belongs to them, and what is written of it. */
#define RUN_LIMIT (512UL * 1024 * 1024)
#define JOB_KIND "month_end"
#define INVITATION_SUFFIX "-invitations"

struct month {
    struct store *store;
    const struct month_end_order *order;
    struct list_files *lists;
    struct job job;
    struct date next_day; /* all is seen from it on */
    struct settle_order settling;
    struct invitations_order inviting;
    struct invitations_figures invited;
};

/* --- one run ---------------------------------------------------------------------------------- */

/* What a run leaves to be written together. */
struct papers {
    struct issue_change *changes;
    size_t count, capacity;
};

static enum status gather(struct scope *scope, const struct settlement *settlement,
                          struct papers *papers)
{
    size_t wanted = papers->count + settlement->issue_count;

    if (wanted > papers->capacity) {
        struct issue_change *wider = NULL;
        size_t capacity = 2 * wanted + STANDING_RUN;
        TRY(scope_alloc(scope, capacity, sizeof *wider, &wider));
        for (size_t i = 0; i < papers->count; i++)
            wider[i] = papers->changes[i];
        papers->changes = wider;
        papers->capacity = capacity;
    }
    for (size_t i = 0; i < settlement->issue_count; i++)
        papers->changes[papers->count++] = settlement->issues[i];
    return STATUS_OK;
}

static enum status list_person(struct scope *scope, const struct month *month,
                               const struct standing *standing)
{
    char row[LIST_ROW_MAX];

    for (size_t i = 0; i < standing->person.coverage_count; i++) {
        const struct coverage *coverage = &standing->person.coverages[i];
        size_t size = 0;
        if (!coverage_holds(coverage, month->next_day))
            continue;
        size = list_row_write(standing, coverage, month->next_day, row);
        if (size == 0)
            return scope_fail(scope, CAUSE_INTERNAL, "a row is larger than the room for rows");
        TRY(list_files_add(scope, month->lists, coverage->insurer, row, size));
    }
    return STATUS_OK;
}

static void add_figures(struct job *job, const struct step_figures *figures)
{
    job->executed += figures->executed;
    job->failed += figures->failed;
    job->lapsed += figures->lapsed;
    job->documents += figures->documents;
    job->changed += figures->changed;
}

/* In the run's transaction: what changed, and what was done so far. */
static enum status settle_run(struct scope *scope, struct month *month,
                              const struct standing_run *run)
{
    struct step_figures figures = {0};
    struct papers papers = {0};
    bool changed = false;

    TRY(invitations_of_run(scope, month->store, &month->inviting, run, &month->invited));
    for (size_t i = 0; i < run->count; i++) {
        struct settlement settlement;
        TRY(settle(scope, &run->standings[i], &month->settling, &settlement));
        TRY(list_person(scope, month, &settlement.standing));
        if (settlement_is_empty(&settlement))
            continue;
        changed = true;
        settlement_count(&settlement, &figures);
        TRY(settlement_write(scope, month->store, &settlement));
        TRY(gather(scope, &settlement, &papers));
    }
    if (!changed)
        return STATUS_OK;
    TRY(store_write_issues(scope, month->store, papers.changes, papers.count));
    add_figures(&month->job, &figures);
    month->job.next_person = run->next;
    return store_put_job(scope, month->store, &month->job);
}

/* Its changes are all there or none; figures of a run that fails count for nothing. */
static enum status take_run(struct scope *failed, struct month *month, struct standing_run *run)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(RUN_LIMIT, failed->now);
    enum status status = store_begin(&scope, month->store);

    if (status == STATUS_OK)
        status = store_read_standings(&scope, month->store, run->next, run);
    if (status == STATUS_OK)
        status = settle_run(&scope, month, run);
    if (status == STATUS_OK)
        status = store_commit(&scope, month->store);
    if (status == STATUS_OK)
        return STATUS_OK;
    store_rollback(month->store);
    return scope_fail(failed, scope.cause, "%s", scope.failure);
}

static enum status take_all(struct scope *scope, struct month *month, int64_t *people)
{
    const struct month_end_order *order = month->order;
    struct standing_run run = {0};

    TRY(store_list_policies(scope, month->store, &month->settling.issues.policies));
    while (!run.last) {
        TRY(take_run(scope, month, &run));
        *people += (int64_t)run.count;
        if (order->progress)
            order->progress(order->context, (int64_t)run.count);
        if (order->stop && atomic_load(order->stop))
            return scope_fail(scope, CAUSE_STEP_STOPPED, "stopped: the same again goes on");
    }
    return STATUS_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void tell(const struct job *job, struct month_end_figures *out)
{
    out->step.executed = job->executed;
    out->step.failed = job->failed;
    out->step.lapsed = job->lapsed;
    out->step.documents = job->documents;
    out->step.changed = job->changed;
}

/* Where the job stands; a later month's end has changed what this one would be seen from. */
static enum status find_job(struct scope *scope, struct month *month)
{
    struct date last = DATE_NONE;
    enum status status = STATUS_OK;

    TRY(store_find_last_job(scope, month->store, JOB_KIND, &last));
    if (date_before(month->job.day, last))
        return scope_fail(scope, CAUSE_MONTH_END_LATER, "the month of %d was ended since",
                          (int)last.yyyymmdd);
    status = store_find_job(scope, month->store, &month->job);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The two lists of each insurer, while people are taken. */
struct month_lists {
    struct list_files *status, *invitations;
};

static void drop_lists(struct month_lists *lists)
{
    list_files_drop(lists->status);
    list_files_drop(lists->invitations);
}

static enum status begin_lists(struct scope *scope, struct month *month,
                               const struct month_folder *folder, struct month_lists *lists)
{
    struct list_files_order order = {
        .folder = folder->part, .suffix = "", .created = month->next_day};
    struct insurer *insurers = NULL;

    TRY(store_list_insurers(scope, month->store, &insurers, &order.count));
    TRY(invitation_cities_make(scope, insurers, order.count, &month->inviting.cities));
    order.insurers = insurers;
    TRY(list_files_begin(scope, &order, &lists->status));
    order.suffix = INVITATION_SUFFIX;
    order.sparse = true;
    TRY(list_files_begin(scope, &order, &lists->invitations));
    month->lists = lists->status;
    month->inviting.row = invitation_row_add;
    month->inviting.context = lists->invitations;
    return STATUS_OK;
}

/* One folder, one index: both lists of the month are there, or none. */
static enum status publish_lists(struct scope *scope, const struct month_folder *folder,
                                 const struct month_lists *lists, struct month_end_figures *out)
{
    struct list_file_figures *figures[2] = {0};
    struct list_file_figures *all = NULL;
    size_t count[2] = {0};

    TRY(list_files_finish(scope, lists->status, &figures[0], &count[0]));
    TRY(list_files_finish(scope, lists->invitations, &figures[1], &count[1]));
    TRY(scope_alloc(scope, count[0] + count[1] + 1, sizeof *all, &all));
    for (size_t i = 0; i < count[0]; i++) {
        all[i] = figures[0][i];
        out->rows += all[i].rows;
    }
    for (size_t i = 0; i < count[1]; i++) {
        all[count[0] + i] = figures[1][i];
        out->invitations += figures[1][i].rows;
    }
    out->lists = (int64_t)count[0];
    out->passed = list_files_passed(lists->status) + list_files_passed(lists->invitations);
    return month_folder_publish(scope, folder, all, count[0] + count[1]);
}

static enum status make_lists(struct scope *scope, struct month *month,
                              const struct month_folder *folder, struct month_end_figures *out)
{
    CLEANUP(drop_lists) struct month_lists lists = {0};

    TRY(begin_lists(scope, month, folder, &lists));
    TRY(take_all(scope, month, &out->step.people));
    TRY(publish_lists(scope, folder, &lists, out));
    month->job.done = true;
    TRY(store_put_job(scope, month->store, &month->job));
    tell(&month->job, out);
    return STATUS_OK;
}

static enum status run_month(struct scope *scope, struct month *month,
                             const struct month_folder *folder, struct month_end_figures *out)
{
    struct month_index index = {0};

    TRY(find_job(scope, month));
    if (month->job.done)
        TRY(month_folder_check(scope, folder, &out->again, &index));
    if (!out->again)
        return make_lists(scope, month, folder, out);
    tell(&month->job, out);
    out->lists = index.lists;
    out->rows = index.rows;
    out->invitations = index.invitations;
    return STATUS_OK;
}

enum status month_end(struct scope *scope, struct store *store, const struct month_end_order *order,
                      struct month_end_figures *out)
{
    CLEANUP(month_folder_end) struct month_folder folder = {.lock = -1};
    struct date next_day = date_add_days(order->day, 1);
    struct month month = {
        .store = store,
        .order = order,
        .job = {.kind = JOB_KIND, .day = order->day},
        .next_day = next_day,
        .settling = {.on = order->day,
                     .ends_month = true,
                     .issues = {.on = next_day, .horizon = date_end_of_month(next_day)}},
        .inviting = {.on = next_day, .from = order->day, .to = order->day},
    };

    *out = (struct month_end_figures){0};
    if (date_compare(order->day, date_end_of_month(order->day)) != 0)
        return scope_fail(scope, CAUSE_MONTH_END_DAY, "%d is not the last day of its month",
                          (int)order->day.yyyymmdd);
    TRY(month_folder_begin(scope, order->out, order->day, &folder));
    return run_month(scope, &month, &folder, out);
}
