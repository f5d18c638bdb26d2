/* SPDX-License-Identifier: Apache-2.0
 *
 * check_by_card.c - E1, E2, E3, K1-K3, R1: eligibility by a registered card.
 *
 * The order is the specification's (card-and-pki 2.6): the challenge is used up before anything is
 * verified, then signature, issuer, purpose, serial, state, dates, registration, coverage. The
 * first that fails decides the answer. Where the person wants to register, that comes in its place.
 */
#include "service/operation.h"

/* R1: the person said yes on the reader; the same proof registers, and the check goes on. */
static enum status register_first(struct scope *scope, struct service_worker *worker,
                                  const struct oqs_card_inquiry *inquiry,
                                  struct card_holder *holder, const struct journal_entry *asked,
                                  bool *made)
{
    const struct registration_wish wish = {holder, inquiry->mode, REGISTERED_AT_READER,
                                           inquiry->on};

    if (inquiry->registers == 0)
        return STATUS_OK;
    return register_holder(scope, worker, &wish, asked, made);
}

static enum status check(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct oqs_partial *partial,
                         struct service_outcome *outcome)
{
    struct oqs_card_inquiry inquiry = {0};
    struct challenge challenge = {0};
    struct card_holder holder = {0};
    struct eligibility eligibility = {0};
    bool medical = false;
    bool registered = false;

    /* decode */
    TRY(oqs_card_inquiry_read(scope, request->syntax, request->body, &inquiry, partial));
    TRY(record_inquiry(scope, &inquiry, &outcome->entry));
    TRY(card_proof_take(scope, worker, request->caller->institution, &inquiry, &challenge));

    /* may they? */
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, inquiry.institution));
    TRY(day_of_card(scope, inquiry.on));
    TRY(place_may_use(scope, worker, &inquiry, &medical));
    inquiry.consents = consents_of_class(inquiry.class, medical, inquiry.consents);
    TRY(card_proof_holder(scope, worker, &inquiry, &challenge, &outcome->entry, &holder));

    /* decide */
    TRY(register_first(scope, worker, &inquiry, &holder, &outcome->entry, &registered));
    TRY(decide_by_card(scope, worker->store, &holder, inquiry.on, inquiry.consents, &eligibility));
    eligibility.medical = eligibility.medical && medical;
    if (registered && eligibility.remark == CAUSE_NONE)
        eligibility.remark = CAUSE_REMARK_REGISTERED;

    /* record, answer */
    struct oqs_answer answer = {
        .on = inquiry.on,
        .institution = text_of(inquiry.institution.digits),
        .file_identifier = inquiry.file_identifier,
        .by_card = true,
        .consented = instant_from_japan14(inquiry.time),
        .status_as_of = holder.status_as_of,
    };
    return outcome_answer(scope, worker, request, &answer, &eligibility, outcome);
}

void service_check_by_card(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};

    outcome_begin(scope, request, JOURNAL_CHECK_BY_CARD, outcome);
    if (check(scope, worker, request, &partial, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}
