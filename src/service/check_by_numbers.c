/* SPDX-License-Identifier: Apache-2.0
 *
 * check_by_numbers.c - E1, E5: eligibility by the numbers of a certificate or old card.
 */
#include "service/decide.h"
#include "service/operation.h"

static enum status check(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct oqs_partial *partial,
                         struct service_outcome *outcome)
{
    struct oqs_inquiry inquiry = {0};
    struct eligibility eligibility = {0};

    /* decode */
    TRY(oqs_inquiry_read(scope, request->syntax, request->body, &inquiry, partial));
    outcome->entry.on = inquiry.on;
    outcome->entry.consents = inquiry.consents;

    /* may they? */
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, inquiry.institution));
    TRY(day_of_numbers(scope, inquiry.on));

    /* decide */
    TRY(decide_by_numbers(scope, worker->store, &inquiry.key, inquiry.on, inquiry.consents,
                          &eligibility));

    /* record, answer */
    struct oqs_answer answer = {
        .on = inquiry.on,
        .institution = text_of(inquiry.institution.digits),
        .file_identifier = inquiry.file_identifier,
        .consented = scope->now,
        .echo = &inquiry,
    };
    return outcome_answer(scope, worker, request, &answer, &eligibility, outcome);
}

void service_check_by_numbers(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};

    outcome_begin(scope, request, JOURNAL_CHECK_BY_NUMBERS, outcome);
    if (check(scope, worker, request, &partial, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}
