/* SPDX-License-Identifier: Apache-2.0
 *
 * mobile_check.c - E3: a check by phone or tablet, from the institution's app (a device that was
 * activated) or from its page on the web. In class 2 the patient's consent is kept for its period,
 * so that the institution can fetch result and consent before the visit; class 3 tells the coverage
 * and nothing else.
 */
#include "service/mobile.h"

struct mobile_check {
    enum mobile_kind kind;
    struct oqs_card_inquiry inquiry;
    struct card_holder holder;
    struct mobile_consent consent;
};

static enum status who_speaks(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request, struct mobile_check *check,
                              struct service_outcome *outcome)
{
    const struct oqs_card_inquiry *inquiry = &check->inquiry;
    const struct mobile_claim claim = {inquiry->institution, inquiry->device, inquiry->secret};
    struct mobile_device device = {0};

    if (check->kind == MOBILE_WEB && request->caller->role != ROLE_PORTAL)
        return scope_fail(scope, CAUSE_ROLE_MAY_NOT, "only the portal's pages ask this");
    if (check->kind == MOBILE_WEB)
        return STATUS_OK;
    TRY(mobile_device_speaks(scope, worker, &claim, outcome, &device));
    if (device.class != inquiry->class)
        return scope_fail(scope, CAUSE_MOBILE_CLASS_WRONG, "the device is for class %d",
                          (int)device.class);
    return STATUS_OK;
}

/* E3: the place, the class, the mode, and the period of the consent. */
static enum status may_they(struct scope *scope, struct service_worker *worker,
                            struct mobile_check *check)
{
    struct oqs_card_inquiry *inquiry = &check->inquiry;
    const struct caller place = {.role = ROLE_INSTITUTION, .institution = inquiry->institution};
    const struct date today = instant_date(scope->now);
    enum cause cause = mobile_refusal(check->kind, inquiry->class, inquiry->mode);
    bool medical = false;

    if (cause != CAUSE_NONE)
        return scope_fail(scope, cause, "class %d", (int)inquiry->class);
    TRY(caller_may_ask(scope, worker, &place, inquiry->institution));
    TRY(day_of_card(scope, inquiry->on));
    TRY(place_may_use(scope, worker, inquiry, &medical));
    inquiry->consents = consents_of_class(inquiry->class, medical, inquiry->consents);
    if (inquiry->class == CLASS_MOBILE_CONSENT &&
        !date_within(inquiry->consent_until, today, mobile_consent_last(today)))
        return scope_fail(scope, CAUSE_CONSENT_PERIOD_WRONG, "ConsentLimitDate");
    return STATUS_OK;
}

static enum status put_consent(struct scope *scope, struct store *store, void *context)
{
    const struct mobile_check *check = context;

    return store_put_consent(scope, store, &check->consent);
}

/* Kept where there is something that the institution can fetch. */
static enum status keep_consent(struct scope *scope, struct service_worker *worker,
                                struct mobile_check *check, const struct eligibility *eligibility)
{
    const struct oqs_card_inquiry *inquiry = &check->inquiry;

    if (inquiry->class != CLASS_MOBILE_CONSENT || eligibility->validity != VALIDITY_VALID)
        return STATUS_OK;
    check->consent = (struct mobile_consent){
        .person_id = check->holder.person.person_id,
        .institution = inquiry->institution,
        .given = instant_to_japan14(scope->now),
        .until = inquiry->consent_until,
        .consents = eligibility->consents,
        .mode = inquiry->mode,
    };
    return service_write(scope, worker->service, put_consent, check);
}

static enum status run(struct scope *scope, struct service_worker *worker,
                       const struct service_request *request, struct oqs_partial *partial,
                       struct mobile_check *check, struct service_outcome *outcome)
{
    struct oqs_card_inquiry *inquiry = &check->inquiry;
    struct challenge challenge = {0};
    struct eligibility eligibility = {0};

    TRY(oqs_card_inquiry_read(scope, request->syntax, request->body, inquiry, partial));
    TRY(worker_begin(scope, worker));
    TRY(who_speaks(scope, worker, request, check, outcome));
    TRY(record_inquiry(scope, inquiry, &outcome->entry));
    TRY(card_proof_take(scope, worker, inquiry->institution, inquiry, &challenge));
    TRY(may_they(scope, worker, check));
    TRY(card_proof_holder(scope, worker, inquiry, &challenge, &outcome->entry, &check->holder));
    outcome->entry.consents = inquiry->consents;
    TRY(decide_by_card(scope, worker->store, &check->holder, inquiry->on, inquiry->consents,
                       &eligibility));
    TRY(keep_consent(scope, worker, check, &eligibility));
    struct oqs_answer answer = {
        .on = inquiry->on,
        .institution = text_of(inquiry->institution.digits),
        .file_identifier = inquiry->file_identifier,
        .by_card = true,
        .consented = instant_from_japan14(inquiry->time),
        .status_as_of = check->holder.status_as_of,
    };
    return outcome_answer(scope, worker, request, &answer, &eligibility, outcome);
}

static void check_by(enum mobile_kind kind, struct scope *scope, struct service_worker *worker,
                     const struct service_request *request, struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};
    struct mobile_check check = {.kind = kind};

    outcome_begin(scope, request, JOURNAL_CHECK_BY_CARD, outcome);
    if (run(scope, worker, request, &partial, &check, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}

void service_mobile_check(struct scope *scope, struct service_worker *worker,
                          const struct service_request *request, struct service_outcome *outcome)
{
    check_by(MOBILE_APP, scope, worker, request, outcome);
}

void service_web_check(struct scope *scope, struct service_worker *worker,
                       const struct service_request *request, struct service_outcome *outcome)
{
    check_by(MOBILE_WEB, scope, worker, request, outcome);
}
