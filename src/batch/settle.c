/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/settle.h"

#include <string.h>

/* --- R2: requests whose day has come ---------------------------------------------------------- */

static bool any_comes_due(const struct standing *standing, struct date on)
{
    for (size_t i = 0; i < standing->request_count; i++)
        if (deregistration_outcome(&standing->requests[i], &standing->person, on) !=
            standing->requests[i].state)
            return true;
    return false;
}

static enum status end_requests(struct scope *scope, const struct settle_order *order,
                                struct settlement *out)
{
    size_t count = out->standing.request_count;
    struct deregistration_request *all = NULL;
    struct deregistration_request *changed = NULL;

    if (!any_comes_due(&out->standing, order->on))
        return STATUS_OK;
    TRY(scope_alloc(scope, count, sizeof *all, &all));
    TRY(scope_alloc(scope, count, sizeof *changed, &changed));
    memcpy(all, out->standing.requests, count * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        enum deregistration_state state =
            deregistration_outcome(&all[i], &out->standing.person, order->on);
        if (state == all[i].state)
            continue;
        all[i].state = state;
        all[i].executed = order->on;
        if (state == DEREGISTRATION_FAILED)
            all[i].error = CAUSE_DEREGISTRATION_NO_REGISTRATION;
        else
            out->standing.person.deregisters = all[i].executes;
        changed[out->request_count++] = all[i];
    }
    out->standing.requests = all;
    out->requests = changed;
    return STATUS_OK;
}

/* --- D1, D2: the papers ----------------------------------------------------------------------- */

static bool same_paper(const struct issue *a, const struct issue *b)
{
    return a->kind == b->kind && a->serial == b->serial;
}

/* The register with the plan's rows in their places. */
static enum status merge(struct scope *scope, const struct issue *planned, size_t count,
                         struct settlement *out)
{
    size_t before = out->standing.issue_count;
    size_t after = before;
    struct issue *all = NULL;

    TRY(scope_alloc(scope, before + count, sizeof *all, &all));
    TRY(scope_alloc(scope, count, sizeof *out->issues, &out->issues));
    if (before > 0)
        memcpy(all, out->standing.issues, before * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < before && !same_paper(&all[at], &planned[i]))
            at++;
        if (at == before)
            at = after++;
        all[at] = planned[i];
        out->issues[i] = (struct issue_change){&all[at], at >= before};
    }
    out->issue_count = count;
    out->standing.issues = all;
    out->standing.issue_count = after;
    return STATUS_OK;
}

/* --- R1, K3: registrations that ended with their certificate, or with the card -----------------
 */

/* A registration that runs; one that was ended on request keeps that end. */
static bool runs(const struct person *person, struct date on)
{
    bool ended = date_is(person->deregisters) &&
                 !date_before(person->deregisters, person->registered) &&
                 date_before(person->deregisters, on);

    return date_is(person->registered) && !date_before(on, person->registered) && !ended;
}

/* The card went back since it was registered: that day; else DATE_NONE. */
static struct date returned(const struct standing *standing, struct date on)
{
    for (size_t i = 0; i < standing->need_count; i++) {
        const struct need_row *need = &standing->needs[i];
        if (need->need == NEED_CARD_RETURNED && date_within(on, need->since, need->until) &&
            !date_before(need->since, standing->person.registered))
            return need->since;
    }
    return DATE_NONE;
}

/* After the papers: why one is needed was seen while the registration was still there. */
static void end_registration(struct date on, struct settlement *out)
{
    struct person *person = &out->standing.person;

    if (!runs(person, on))
        return;
    out->ends = returned(&out->standing, on);
    out->ended = REGISTRATION_RETURNED;
    if (!date_is(out->ends)) {
        out->ends = standing_lapsed(&out->standing, on);
        out->ended = REGISTRATION_LAPSED;
    }
    if (!date_is(out->ends)) {
        out->ended = REGISTRATION_RUNS;
        return;
    }
    person->registered = DATE_NONE;
    person->deregisters = DATE_NONE;
}

enum status settle(struct scope *scope, const struct standing *standing,
                   const struct settle_order *order, struct settlement *out)
{
    struct issue planned[ISSUE_CHANGES_MAX];
    size_t count = 0;

    *out = (struct settlement){.standing = *standing};
    if (order->ends_month)
        TRY(end_requests(scope, order, out));
    count = issues_plan(&out->standing, &order->issues, planned);
    if (count > 0)
        TRY(merge(scope, planned, count, out));
    if (order->ends_month)
        end_registration(order->issues.on, out);
    return STATUS_OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

enum status settle_papers(struct scope *scope, struct store *store, const struct standing *standing,
                          const struct issue_order *order, struct settlement *out)
{
    const struct settle_order settling = {.on = order->on, .issues = *order};

    TRY(settle(scope, standing, &settling, out));
    return store_write_issues(scope, store, out->issues, out->issue_count);
}

bool settlement_is_empty(const struct settlement *settlement)
{
    return settlement->ended == REGISTRATION_RUNS && settlement->request_count == 0 &&
           settlement->issue_count == 0;
}

void settlement_count(const struct settlement *settlement, struct step_figures *figures)
{
    figures->lapsed += settlement->ended != REGISTRATION_RUNS;
    for (size_t i = 0; i < settlement->request_count; i++)
        if (settlement->requests[i].state == DEREGISTRATION_DONE)
            figures->executed++;
        else
            figures->failed++;
    for (size_t i = 0; i < settlement->issue_count; i++)
        if (settlement->issues[i].fresh)
            figures->documents++;
        else
            figures->changed++;
}

/* A registration that a request ends has its last day already, but where it came after it. */
static enum status write_request(struct scope *scope, struct store *store,
                                 const struct deregistration_request *request)
{
    enum status status = STATUS_OK;

    TRY(store_put_deregistration(scope, store, request));
    if (request->state != DEREGISTRATION_DONE)
        return STATUS_OK;
    status = store_end_registration(scope, store, request->person_id, request->executes,
                                    REGISTRATION_DEREGISTERED);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status settlement_write(struct scope *scope, struct store *store,
                             const struct settlement *settlement)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < settlement->request_count; i++)
        TRY(write_request(scope, store, &settlement->requests[i]));
    if (settlement->ended == REGISTRATION_RUNS)
        return STATUS_OK;
    status = store_end_registration(scope, store, settlement->standing.person.person_id,
                                    settlement->ends, settlement->ended);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
