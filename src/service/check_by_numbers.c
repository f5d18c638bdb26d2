/* SPDX-License-Identifier: Apache-2.0
 *
 * check_by_numbers.c - E1, E5: eligibility by the numbers of a certificate or old card.
 */
#include "service/operation.h"

/* E1: whom the numbers name, and what holds of them that day. The person lives in the scope. */
static enum status decide(struct scope *scope, struct store *store,
                          const struct oqs_inquiry *inquiry, struct eligibility *out)
{
    struct insured_match *matches = NULL;
    struct person *person = NULL;
    size_t count = 0;
    enum status status = STATUS_OK;

    TRY(store_list_matches(scope, store, &inquiry->key, &matches, &count));
    count = eligibility_narrow(matches, count, inquiry->key.branch);
    if (count == 0) {
        *out = eligibility_none(inquiry->insurer, inquiry->on);
        return STATUS_OK;
    }
    if (eligibility_several(matches, count)) {
        *out = eligibility_several_answer();
        return STATUS_OK;
    }
    TRY(scope_alloc(scope, 1, sizeof *person, &person));
    status = store_find_person(scope, store, matches[0].person_id, person);
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a way in by numbers leads to no person");
    TRY(status);
    *out = eligibility_by_numbers(person, matches, count, inquiry->on, inquiry->consents);
    return STATUS_OK;
}

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
    TRY(decide(scope, worker->store, &inquiry, &eligibility));

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
