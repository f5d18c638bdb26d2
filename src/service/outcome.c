/* SPDX-License-Identifier: Apache-2.0
 *
 * outcome.c - the steps that are the same in every operation: who may ask, for which day, and how a
 * decision or a failure becomes record and body.
 */
#include "domain/policy.h"
#include "service/operation.h"

/* Bytes a failing answer may use beyond a request's limit, which may be what failed. */
#define FAILURE_ROOM (64UL * 1024)

void outcome_begin(const struct scope *scope, const struct service_request *request,
                   enum journal_operation operation, struct service_outcome *outcome)
{
    const struct caller *caller = request->caller;

    *outcome = (struct service_outcome){
        .recorded = caller->role != ROLE_NONE,
        .entry = {.operation = operation,
                  .at = scope->now,
                  .request_id = scope->id,
                  .institution =
                      caller->role == ROLE_INSTITUTION ? caller->institution.digits : NULL,
                  .client = caller->fingerprint[0] ? caller->fingerprint : NULL},
    };
}

/* Found registered less than a minute ago: the store is not asked again. Our choice. */
#define KNOWN_MICROSECONDS (INT64_C(60) * 1000000)

static struct known_institution *known_place(struct service_worker *worker,
                                             struct institution_code code)
{
    unsigned hash = 0;

    for (const char *at = code.digits; *at; at++)
        hash = hash * 31 + (unsigned char)*at;
    return &worker->known[hash % KNOWN_INSTITUTIONS];
}

static bool is_known(const struct scope *scope, const struct known_institution *known,
                     struct institution_code code)
{
    int64_t age = scope->now.microseconds - known->found.microseconds;

    return age >= 0 && age < KNOWN_MICROSECONDS && institution_code_equal(known->code, code);
}

static struct service_place place_of(const struct institution *institution)
{
    return (struct service_place){
        .row = facility_row_of(institution->type, institution->measure),
        .measure = institution->measure,
        .measure_until = institution->measure_until,
    };
}

enum status caller_may_ask(struct scope *scope, struct service_worker *worker,
                           const struct caller *caller, struct institution_code institution)
{
    struct known_institution *known = known_place(worker, institution);
    struct institution registered = {0};
    enum status status = STATUS_OK;

    if (caller->role != ROLE_INSTITUTION)
        return scope_fail(scope, CAUSE_ROLE_MAY_NOT, "only institutions check eligibility");
    if (!institution_code_equal(caller->institution, institution))
        return scope_fail(scope, CAUSE_NOT_YOUR_INSTITUTION, "the certificate is of '%s'",
                          caller->institution.digits);
    if (is_known(scope, known, institution))
        return STATUS_OK;
    status = store_find_institution(scope, worker->store, institution, &registered);
    if (status == STATUS_NOT_FOUND) {
        scope_forgive(scope);
        return scope_fail(scope, CAUSE_INSTITUTION_UNKNOWN, "'%s' is not registered",
                          institution.digits);
    }
    if (status == STATUS_OK)
        *known = (struct known_institution){institution, place_of(&registered), scope->now};
    return status;
}

enum status place_may_use(struct scope *scope, struct service_worker *worker,
                          const struct oqs_card_inquiry *inquiry, bool *medical)
{
    const struct known_institution *known = known_place(worker, inquiry->institution);
    struct service_permission permission =
        service_class_on(&known->place, inquiry->class, inquiry->on);

    *medical = permission.medical;
    if (!permission.allowed)
        return scope_fail(scope, CAUSE_CLASS_NOT_ALLOWED, "class %d: %s", (int)inquiry->class,
                          rule_at(permission.rule)->id);
    if (inquiry->class != CLASS_NORMAL && inquiry->mode == IDENTITY_FACE)
        return scope_fail(scope, CAUSE_MODE_NOT_IN_CLASS, "class %d", (int)inquiry->class);
    return STATUS_OK;
}

unsigned consents_of_class(enum service_class class, bool medical, unsigned asked)
{
    if (class == CLASS_ELIGIBILITY_ONLY)
        return 0;
    return medical ? asked : asked & ~(unsigned)CONSENT_MEDICAL;
}

enum status day_of_numbers(struct scope *scope, struct date on)
{
    struct date last = date_add_months(instant_date(scope->now), POLICY_CHECK_MONTHS_AHEAD);

    if (!date_within(on, POLICY_DATE(CHECKS_BEGIN), last))
        return scope_fail(scope, CAUSE_DATE_WRONG,
                          "QualificationConfirmationDate: from %d to a year from now",
                          POLICY_CHECKS_BEGIN);
    return STATUS_OK;
}

enum status day_of_card(struct scope *scope, struct date on)
{
    struct date today = instant_date(scope->now);

    if (!date_within(on, date_add_days(today, -POLICY_CARD_CHECK_DAYS),
                     date_add_days(today, POLICY_CARD_CHECK_DAYS)))
        return scope_fail(scope, CAUSE_DATE_WRONG,
                          "QualificationConfirmationDate: a card is checked for today");
    return STATUS_OK;
}

static void record_decision(const struct eligibility *eligibility, struct journal_entry *entry)
{
    if (eligibility->person)
        entry->person_id = eligibility->person->person_id;
    if (eligibility->coverage)
        entry->coverage_id = eligibility->coverage->coverage_id;
    entry->validity = eligibility->validity;
    entry->rule = eligibility->rule->id;
    entry->cause = eligibility->remark;
}

enum status outcome_answer(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct oqs_answer *answer,
                           const struct eligibility *eligibility, struct service_outcome *outcome)
{
    answer->processed = scope->now;
    answer->request_id = scope->id;
    answer->eligibility = eligibility;
    if (eligibility->coverage)
        answer->insurer_name = insurer_name(worker->names, eligibility->coverage->insurer);
    TRY(oqs_answer_write(scope, request->syntax, answer, &outcome->body));
    record_decision(eligibility, &outcome->entry);
    outcome->http_code = failure_http_code(STATUS_OK);
    return STATUS_OK;
}

static void write_failure(struct scope *scope, enum oqs_syntax syntax,
                          const struct oqs_partial *partial, struct service_outcome *outcome)
{
    struct oqs_answer answer = {
        .processed = scope->now,
        .by_card = outcome->entry.operation == JOURNAL_CHECK_BY_CARD,
        .cause = scope->cause,
        .request_id = scope->id,
    };

    if (partial) {
        answer.on = partial->on;
        answer.institution = partial->institution;
        answer.file_identifier = partial->file_identifier;
    }
    scope->limit += FAILURE_ROOM;
    if (oqs_answer_write(scope, syntax, &answer, &outcome->body) != STATUS_OK)
        outcome->body = text_of(failure_text(scope->cause)->code); /* better than nothing at all */
}

void outcome_fail(struct scope *scope, struct service_worker *worker, enum oqs_syntax syntax,
                  const struct oqs_partial *partial, struct service_outcome *outcome)
{
    if (scope->cause == CAUSE_NONE)
        scope_fail(scope, CAUSE_INTERNAL, "a step failed without saying why");
    if (worker && scope->cause == CAUSE_STORE_UNAVAILABLE) {
        worker->store_lost = true;
        atomic_fetch_add_explicit(&worker->service->store_errors, 1, memory_order_relaxed);
    }
    outcome->http_code = failure_http_code(failure_text(scope->cause)->status);
    outcome->entry.cause = scope->cause;
    outcome->entry.validity = 0;
    write_failure(scope, syntax, partial, outcome);
}

void service_refuse(struct scope *scope, enum oqs_syntax syntax, enum cause cause,
                    struct service_outcome *outcome)
{
    *outcome = (struct service_outcome){.entry = {.at = scope->now, .request_id = scope->id}};
    scope_fail(scope, cause, "%s", "");
    outcome_fail(scope, NULL, syntax, NULL, outcome);
}

void service_refuse_client(struct scope *scope, const struct caller *caller, enum oqs_syntax syntax,
                           enum cause cause, struct service_outcome *outcome)
{
    const struct service_request request = {.caller = caller, .syntax = syntax};

    outcome_begin(scope, &request, JOURNAL_REFUSED_CLIENT, outcome);
    outcome->recorded = true;
    scope_fail(scope, cause, "%s", "");
    outcome_fail(scope, NULL, syntax, NULL, outcome);
}
