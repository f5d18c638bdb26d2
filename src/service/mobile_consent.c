/* SPDX-License-Identifier: Apache-2.0
 *
 * mobile_consent.c - E3, class 2: consents that patients gave by phone or tablet. The patient
 * views, renews and withdraws them at the portal; the institution fetches results and consents with
 * them, as OQSmuhvq and OQSmuonq do by files.
 */
#include "format/oqs_mobile.h"
#include "service/mobile.h"

/* Persons in one answer: each costs a record of its own before it is told. */
#define RESULTS_MAX 20

/* --- the institution ----------------------------------------------------------------------------
 */

/* What holds of the person today, by the consent: the card was shown when it was given. */
static enum status decide_one(struct scope *scope, struct service_worker *worker,
                              const struct mobile_consent *consent, struct date on,
                              struct oqs_consent_result *out)
{
    struct eligibility *eligibility = NULL;
    struct person *person = NULL;

    *out = (struct oqs_consent_result){.consent = consent, .answer = {.on = on, .by_card = true}};
    if (mobile_consent_on(consent, on) != CONSENT_HOLDS)
        return STATUS_OK;
    TRY(scope_alloc(scope, 1, sizeof *person, &person));
    TRY(scope_alloc(scope, 1, sizeof *eligibility, &eligibility));
    TRY(store_find_person(scope, worker->store, consent->person_id, person));
    *eligibility = eligibility_by_consent(person, on, consent->consents);
    out->answer.eligibility = eligibility;
    out->answer.consented = instant_from_japan14(consent->given);
    if (eligibility->coverage)
        out->answer.insurer_name = insurer_name(worker->names, eligibility->coverage->insurer);
    return STATUS_OK;
}

/* No answer without a record: one a person, durable before the answer goes. */
static enum status record_one(struct scope *scope, struct service_worker *worker,
                              const struct oqs_consent_result *result,
                              const struct journal_entry *asked)
{
    const struct eligibility *eligibility = result->answer.eligibility;
    struct journal_entry entry = *asked;

    entry.person_id = result->consent->person_id;
    entry.on = result->answer.on;
    entry.class = CLASS_MOBILE_CONSENT;
    entry.rule = rule_at(RULE_E3_CONSENT_ENDED)->id;
    if (eligibility) {
        entry.coverage_id = eligibility->coverage ? eligibility->coverage->coverage_id : 0;
        entry.consents = eligibility->consents;
        entry.validity = eligibility->validity;
        entry.rule = eligibility->rule->id;
        entry.cause = eligibility->remark;
    }
    return journal_append_wait(scope, worker->service->journal, &entry);
}

static enum status read_consents(struct scope *scope, struct service_worker *worker,
                                 const struct oqs_consent_search *search,
                                 struct mobile_consent **out, size_t *count)
{
    int64_t after = (int64_t)search->from.yyyymmdd * 1000000 - 1;

    if (date_before(search->to, search->from))
        return scope_fail(scope, CAUSE_DATE_WRONG, "ConsentDateTo lies before ConsentDateFrom");
    if (search->after > after)
        after = search->after;
    return store_list_consents(scope, worker->store, search->institution, after,
                               ((int64_t)search->to.yyyymmdd + 1) * 1000000, out, count);
}

static enum status fetch(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct service_outcome *outcome)
{
    struct oqs_consent_search search = {0};
    struct oqs_consent_result results[RESULTS_MAX];
    struct mobile_consent *consents = NULL;
    const struct date on = instant_date(scope->now);
    size_t count = 0, given = 0;

    TRY(oqs_consent_search_read(scope, request->syntax, request->body, &search));
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, search.institution));
    const struct oqs_card_inquiry place = {.on = on,
                                           .institution = search.institution,
                                           .mode = IDENTITY_PIN,
                                           .class = CLASS_MOBILE_CONSENT};
    bool medical = false;
    TRY(place_may_use(scope, worker, &place, &medical));
    TRY(read_consents(scope, worker, &search, &consents, &count));
    for (; given < count && given < RESULTS_MAX; given++) {
        TRY(decide_one(scope, worker, &consents[given], on, &results[given]));
        TRY(record_one(scope, worker, &results[given], &outcome->entry));
    }
    outcome->recorded = given == 0;
    outcome->http_code = failure_http_code(STATUS_OK);
    return oqs_consent_results_write(scope, request->syntax, &search, results, given, count > given,
                                     &outcome->body);
}

void service_mobile_results(struct scope *scope, struct service_worker *worker,
                            const struct service_request *request, struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_MOBILE_CONSENT, outcome);
    if (fetch(scope, worker, request, outcome) != STATUS_OK) {
        outcome->recorded = true;
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
    }
}

/* --- the patient --------------------------------------------------------------------------------
 */

static struct mobile_consent *find_consent(struct mobile_consent *consents, size_t count,
                                           struct institution_code institution)
{
    for (size_t i = 0; i < count; i++)
        if (institution_code_equal(consents[i].institution, institution))
            return &consents[i];
    return NULL;
}

static enum status put_consent(struct scope *scope, struct store *store, void *context)
{
    return store_put_consent(scope, store, context);
}

/* A renewal counts from now, a withdrawal at once. */
static enum status change_consent(struct scope *scope, struct service_worker *worker,
                                  const struct oqs_card_inquiry *inquiry,
                                  struct mobile_consent *consent)
{
    const struct date today = instant_date(scope->now);

    if (!consent)
        return scope_fail(scope, CAUSE_CONSENT_UNKNOWN, "nothing to change");
    consent->withdrawn = inquiry->action == CONSENT_WITHDRAW;
    if (inquiry->action == CONSENT_RENEW) {
        if (!date_within(inquiry->consent_until, today, mobile_consent_last(today)))
            return scope_fail(scope, CAUSE_CONSENT_PERIOD_WRONG, "ConsentLimitDate");
        consent->until = inquiry->consent_until;
        consent->given = instant_to_japan14(scope->now);
        consent->mode = inquiry->mode;
    }
    return service_write(scope, worker->service, put_consent, consent);
}

static enum status tell_consents(struct scope *scope, struct service_worker *worker,
                                 const struct service_request *request, struct oqs_partial *partial,
                                 struct service_outcome *outcome)
{
    struct oqs_card_inquiry inquiry = {0};
    struct card_holder holder = {0};
    struct mobile_consent *consents = NULL;
    size_t count = 0;

    TRY(portal_identify(scope, worker, request, partial, &inquiry, &holder, &outcome->entry));
    TRY(store_list_person_consents(scope, worker->store, holder.person.person_id, &consents,
                                   &count));
    if (inquiry.action > CONSENT_VIEW)
        TRY(change_consent(scope, worker, &inquiry,
                           find_consent(consents, count, inquiry.consent_to)));
    outcome->http_code = failure_http_code(STATUS_OK);
    return oqs_consents_write(scope, request->syntax, consents, count, instant_date(scope->now),
                              &outcome->body);
}

void service_portal_consents(struct scope *scope, struct service_worker *worker,
                             const struct service_request *request, struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};

    outcome_begin(scope, request, JOURNAL_PORTAL, outcome);
    if (tell_consents(scope, worker, request, &partial, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}
