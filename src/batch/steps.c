/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/steps.h"

#include <string.h>

#include "batch/settle.h"

/* Bytes of one run: people and what belongs to them, and what is written of it. */
#define RUN_LIMIT (512UL * 1024 * 1024)

static enum status tell_papers(struct scope *scope, const struct step_order *order,
                               const struct settlement *settlement)
{
    const struct standing *standing = &settlement->standing;

    for (size_t i = 0; i < standing->issue_count; i++) {
        const struct issue *issue = &standing->issues[i];
        bool now = issue->state == ISSUE_DUE ||
                   (issue->state == ISSUE_ISSUED && date_compare(issue->issued, order->on) == 0);
        bool ours = order->insurer.digits[0] == '\0' ||
                    strcmp(order->insurer.digits, issue->insurer.digits) == 0;
        if (now && ours)
            TRY(order->paper(scope, order->context, standing, issue));
    }
    return STATUS_OK;
}

static enum status step_run(struct scope *scope, struct store *store,
                            const struct step_order *order, const struct insurer_policies *policies,
                            int64_t from, struct standing_run *run, struct step_figures *figures)
{
    const struct issue_order papers = {.on = order->on,
                                       .horizon = order->on,
                                       .issue = order->issue,
                                       .insurer = order->insurer,
                                       .policies = *policies};

    TRY(store_read_standings(scope, store, from, run));
    for (size_t i = 0; i < run->count; i++) {
        struct settlement settlement;
        TRY(settle_papers(scope, store, &run->standings[i], &papers, &settlement));
        settlement_count(&settlement, figures);
        if (order->paper)
            TRY(tell_papers(scope, order, &settlement));
    }
    figures->people += (int64_t)run->count;
    return STATUS_OK;
}

/* Reads and writes one run in one transaction: what others change meanwhile waits for it. */
static enum status step_in_transaction(struct scope *failed, struct store *store,
                                       const struct step_order *order,
                                       const struct insurer_policies *policies,
                                       struct standing_run *run, struct step_figures *figures)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(RUN_LIMIT, failed->now);
    enum status status = store_begin(&scope, store);

    if (status == STATUS_OK)
        status = step_run(&scope, store, order, policies, run->next, run, figures);
    if (status == STATUS_OK)
        status = store_commit(&scope, store);
    if (status == STATUS_OK)
        return STATUS_OK;
    store_rollback(store);
    return scope_fail(failed, scope.cause, "%s", scope.failure);
}

enum status day_step(struct scope *scope, struct store *store, const struct step_order *order,
                     struct step_figures *out)
{
    struct insurer_policies policies = {0};
    struct standing_run run = {0};

    TRY(store_list_policies(scope, store, &policies));
    *out = (struct step_figures){0};
    while (!run.last) {
        TRY(step_in_transaction(scope, store, order, &policies, &run, out));
        if (order->progress)
            order->progress(order->context, out->people);
        if (order->stop && atomic_load(order->stop))
            return scope_fail(scope, CAUSE_STEP_STOPPED, "stopped: the same again goes on");
    }
    return STATUS_OK;
}
