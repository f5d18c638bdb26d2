/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/deregister.h"

#include <string.h>

#include "batch/settle.h"
#include "domain/coverage.h"
#include "store/store_engine.h"

struct entering {
    const struct deregister_order *order;
    struct deregister_receipt *receipt;
};

static struct date day_or_today(const struct scope *scope, struct date day)
{
    return date_is(day) ? day : instant_date(scope->now);
}

static void fill(struct deregister_receipt *receipt, const struct deregistration_request *told)
{
    receipt->requested = told->requested;
    receipt->received = told->received;
    receipt->executes = told->executes;
    receipt->list_from = date_add_days(told->executes, 1);
}

static enum status find_person(struct scope *scope, struct store *store, int64_t person_id,
                               struct standing *out)
{
    enum status status = store_find_standing(scope, store, person_id, out);

    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_MEMBER_NOT_FOUND, "there is no such person");
    return status;
}

/* Only the insurer of the person enters a request: a former one knows the key, and has no say. */
static bool insures(const struct person *person, struct insurer_number insurer, struct date on)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (strcmp(person->coverages[i].insurer.digits, insurer.digits) == 0 &&
            coverage_holds(&person->coverages[i], on))
            return true;
    return false;
}

/* A certificate of this insurer is due, issued, or in hand from before. */
static bool certificate_held(const struct standing *standing, struct insurer_number insurer,
                             struct date on)
{
    for (size_t i = 0; i < standing->person.coverage_count; i++) {
        const struct coverage *coverage = &standing->person.coverages[i];
        struct date until = standing_facts(standing, coverage, on, NULL).certificate_until;
        if (strcmp(coverage->insurer.digits, insurer.digits) == 0 && coverage_holds(coverage, on) &&
            date_is(until) && !date_before(until, on))
            return true;
    }
    return false;
}

/*
 * T2: the certificate is due with the request, also with one that meets an error (R3); what is due
 * only for its sake goes with a withdrawal.
 */
static enum status follow_papers(struct scope *scope, struct store *store, int64_t person_id,
                                 struct insurer_number insurer, struct date on, bool *held)
{
    struct settle_order settling = {.on = on,
                                    .issues = {.on = on, .horizon = on, .insurer = insurer}};
    struct settlement settlement;
    struct standing standing;

    TRY(find_person(scope, store, person_id, &standing));
    TRY(store_list_policies_of(scope, store, insurer, &settling.issues.policies));
    TRY(settle(scope, &standing, &settling, &settlement));
    TRY(store_write_issues(scope, store, settlement.issues, settlement.issue_count));
    *held = certificate_held(&settlement.standing, insurer, on);
    return STATUS_OK;
}

/* The registration gets its last day at once; one that ends before keeps the day it has. */
static enum status end_registration(struct scope *scope, struct store *store,
                                    const struct person *person,
                                    const struct deregistration_request *request)
{
    bool ends = date_is(person->deregisters) &&
                !date_before(person->deregisters, person->registered) &&
                !date_before(request->executes, person->deregisters);

    if (!date_is(person->registered) || ends)
        return STATUS_OK; /* it may be made before its day */
    return store_end_registration(scope, store, person->person_id, request->executes,
                                  REGISTRATION_DEREGISTERED);
}

static enum status write_new(struct scope *scope, struct store *store,
                             const struct standing *standing,
                             struct deregistration_request *request)
{
    size_t count = standing->request_count;

    if (count >= DEREGISTRATIONS_MAX)
        return scope_fail(scope, CAUSE_DEREGISTRATION_TOO_MANY, "no more than %d of one person",
                          DEREGISTRATIONS_MAX);
    request->request_id = count == 0 ? 1 : standing->requests[count - 1].request_id + 1;
    TRY(store_put_deregistration(scope, store, request));
    return request->state == DEREGISTRATION_ACCEPTED
               ? end_registration(scope, store, &standing->person, request)
               : STATUS_OK;
}

static struct deregistration_request request_of(const struct deregister_order *order,
                                                struct date on)
{
    return (struct deregistration_request){
        .person_id = order->person_id,
        .requested = date_is(order->requested) ? order->requested : on,
        .received = on,
        .insurer = order->insurer,
        .channel = order->channel,
        .proxy = order->proxy,
        .state = DEREGISTRATION_ACCEPTED,
        .executes = deregistration_executes(on),
    };
}

static enum status enter(struct scope *scope, struct store *store, const void *value)
{
    const struct entering *entering = value;
    const struct deregister_order *order = entering->order;
    struct deregister_receipt *receipt = entering->receipt;
    struct date on = day_or_today(scope, order->on);
    struct deregistration_request request = request_of(order, on);
    struct deregistration_decision decision;
    struct standing standing;

    TRY(find_person(scope, store, order->person_id, &standing));
    decision = deregistration_decide(standing.requests, standing.request_count, &request);
    if (decision.refusal && !decision.existing)
        return scope_fail(scope, decision.refusal, "%s", decision.rule->id);
    if (!insures(&standing.person, order->insurer, on) &&
        !insures(&standing.person, order->insurer, request.requested))
        return scope_fail(scope, CAUSE_MEMBER_LEFT, "the insurer covers the person no more");
    *receipt = (struct deregister_receipt){
        .error = decision.refusal, .again = decision.again, .rule = decision.rule};
    if (decision.refusal) {
        request.state = DEREGISTRATION_DUPLICATE;
        request.error = decision.refusal;
    }
    fill(receipt, decision.existing ? decision.existing : &request);
    if (!decision.again)
        TRY(write_new(scope, store, &standing, &request));
    return follow_papers(scope, store, order->person_id, order->insurer, on, &receipt->certificate);
}

enum status deregister_enter(struct scope *scope, struct store *store,
                             const struct deregister_order *order, struct deregister_receipt *out)
{
    const struct entering entering = {order, out};

    return store_change(scope, store, enter, &entering);
}

/* --- withdrawal ------------------------------------------------------------------------------- */

struct withdrawing {
    const struct deregister_withdrawal *withdrawal;
    struct deregister_receipt *receipt;
};

static enum status withdraw(struct scope *scope, struct store *store, const void *value)
{
    const struct withdrawing *withdrawing = value;
    const struct deregister_withdrawal *withdrawal = withdrawing->withdrawal;
    struct date on = day_or_today(scope, withdrawal->on);
    struct deregistration_decision decision;
    struct deregistration_request request;
    struct standing standing;

    TRY(find_person(scope, store, withdrawal->person_id, &standing));
    decision = deregistration_withdraw_decide(standing.requests, standing.request_count,
                                              withdrawal->insurer, on);
    if (decision.refusal)
        return scope_fail(scope, decision.refusal, "%s", decision.rule->id);
    request = *decision.existing;
    request.state = DEREGISTRATION_WITHDRAWN;
    request.executed = on;
    TRY(store_put_deregistration(scope, store, &request));
    *withdrawing->receipt = (struct deregister_receipt){.rule = decision.rule};
    fill(withdrawing->receipt, &request);
    /* else there was none to end, or it ends for another reason */
    if (date_compare(standing.person.deregisters, request.executes) == 0)
        TRY(store_resume_registration(scope, store, withdrawal->person_id));
    return follow_papers(scope, store, withdrawal->person_id, withdrawal->insurer, on,
                         &withdrawing->receipt->certificate);
}

enum status deregister_withdraw(struct scope *scope, struct store *store,
                                const struct deregister_withdrawal *withdrawal,
                                struct deregister_receipt *out)
{
    const struct withdrawing withdrawing = {withdrawal, out};

    return store_change(scope, store, withdraw, &withdrawing);
}
