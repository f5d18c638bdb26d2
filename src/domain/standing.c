/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/standing.h"

#include <string.h>

#include "domain/coverage.h"
#include "domain/policy.h"
#include "domain/registration.h"

#define CERTIFICATES_LOOKED_AT 64 /* of one person; renewals of a life */

/* --- the card --------------------------------------------------------------------------------- */

/* Higher counts more: one that can be used, on a card rather than in a phone, that ends later. */
static bool counts_more(const struct authentication_certificate *a,
                        const struct authentication_certificate *b)
{
    bool current = a->state == CERTIFICATE_CURRENT;

    if (current != (b->state == CERTIFICATE_CURRENT))
        return current;
    if (a->phone != b->phone)
        return b->phone;
    return date_before(b->expires, a->expires);
}

const struct standing_certificate *standing_certificate_on(const struct standing *standing,
                                                           struct date on)
{
    const struct standing_certificate *found = NULL;

    for (size_t i = 0; i < standing->certificate_count; i++) {
        const struct standing_certificate *at = &standing->certificates[i];
        if (at->certificate.state == CERTIFICATE_SUPERSEDED ||
            date_before(on, at->certificate.not_before))
            continue;
        if (!found || counts_more(&at->certificate, &found->certificate))
            found = at;
    }
    return found;
}

const char *standing_certificate_state(const struct standing *standing, struct date on)
{
    static const char *const names[] = {
        [PHASE_VALID] = "VALID",   [PHASE_ALERT] = "ALERT",     [PHASE_GRACE] = "GRACE",
        [PHASE_LAPSED] = "LAPSED", [PHASE_REVOKED] = "REVOKED", [PHASE_SUPERSEDED] = "NONE",
        [PHASE_NOT_YET] = "NONE",
    };
    const struct standing_certificate *found = standing_certificate_on(standing, on);

    return found ? names[certificate_life_on(&found->certificate, on).phase] : "NONE";
}

struct date standing_lapsed(const struct standing *standing, struct date on)
{
    struct authentication_certificate certificates[CERTIFICATES_LOOKED_AT];
    const struct standing_certificate *found = standing_certificate_on(standing, on);
    size_t count = 0;

    if (!date_is(standing->person.registered) || date_before(on, standing->person.registered))
        return DATE_NONE;
    if (found && found->certificate.state == CERTIFICATE_CURRENT &&
        !date_before(found->certificate.expires, on) &&
        !date_before(standing->person.registered, found->certificate.not_before))
        return DATE_NONE; /* the ordinary case: one certificate from the registration on */
    for (size_t i = 0; i < standing->certificate_count && count < CERTIFICATES_LOOKED_AT; i++)
        certificates[count++] = standing->certificates[i].certificate;
    return registration_lapse(certificates, count, standing->person.registered, on);
}

static const struct need_row *need_on(const struct standing *standing, enum need need,
                                      struct date on)
{
    const struct need_row *found = NULL;

    for (size_t i = 0; i < standing->need_count; i++)
        if (standing->needs[i].need == need &&
            date_within(on, standing->needs[i].since, standing->needs[i].until))
            found = &standing->needs[i];
    return found;
}

/* A revoked certificate with none in its place: lost or returned, the card is of no use (4.3). */
struct date standing_card_returned(const struct standing *standing, struct date on)
{
    const struct need_row *need = need_on(standing, NEED_CARD_RETURNED, on);
    const struct standing_certificate *found = standing_certificate_on(standing, on);

    if (need && !date_before(need->since, standing->person.registered))
        return need->since; /* a card that was registered since is another one */
    return found && found->certificate.state == CERTIFICATE_REVOKED ? found->told : DATE_NONE;
}

/* What was to hold only later was not in use, and is not lost. */
bool standing_paper_lost(const struct standing *standing, struct date issued,
                         struct date valid_from, struct date on)
{
    const struct need_row *lost = need_on(standing, NEED_PAPER_LOST, on);

    return lost && date_before(issued, lost->since) && !date_before(lost->since, valid_from);
}

/* --- what documents_due() asks ---------------------------------------------------------------- */

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

/* A duplicate counts for as long as what it met was not withdrawn. */
static bool any_first(const struct standing *standing)
{
    for (size_t i = 0; i < standing->request_count; i++)
        if (deregistration_is_open(&standing->requests[i]) ||
            standing->requests[i].state == DEREGISTRATION_DONE)
            return true;
    return false;
}

/* The request that is under way, or that ended the registration: T2. */
static struct date deregistration_asked(const struct standing *standing, struct date on)
{
    const struct person *person = &standing->person;
    enum registration_state state = registration_on(person, on).state;
    struct date asked = DATE_NONE;

    for (size_t i = 0; i < standing->request_count; i++) {
        const struct deregistration_request *request = &standing->requests[i];
        bool counts = deregistration_is_open(request) ||
                      (request->state == DEREGISTRATION_DUPLICATE && any_first(standing)) ||
                      (request->state == DEREGISTRATION_DONE && state == REGISTRATION_ENDED);
        if (counts && !date_before(on, request->received) &&
            !date_before(request->executes, person->registered))
            asked = request->received;
    }
    if (!date_is(asked) && (state == REGISTRATION_ENDING || state == REGISTRATION_ENDED))
        asked = date_add_months(date_first_of_month(person->deregisters),
                                -POLICY_DEREGISTRATION_MONTHS); /* asked for before we kept count */
    return asked;
}

/* Until the last of those given; from the first of those that have not ended. */
static void take_certificate(struct date from, struct date until, struct date on,
                             struct document_facts *facts)
{
    facts->certificate_until = later(facts->certificate_until, until);
    if (!date_before(until, on) && date_before(from, facts->certificate_from))
        facts->certificate_from = from;
}

/* The paper that the coverage came with; one without a last day holds five years from its issue. */
static void take_paper(const struct standing *standing, const struct coverage *coverage,
                       struct date on, struct document_facts *facts)
{
    struct date until = coverage->valid_until;
    bool lost = coverage->paper != PAPER_ELIGIBILITY_NOTICE &&
                standing_paper_lost(standing, coverage->issued, coverage->valid_from, on);

    if (lost)
        return;

    if (!date_is(until) && date_is(coverage->issued))
        until = date_add_months(coverage->issued, 12 * POLICY_CERTIFICATE_YEARS);
    if (coverage->paper == PAPER_OLD_CARD)
        facts->old_card_ends = date_is(until) ? until : POLICY_DATE(OLD_CARD_LAST_DAY);
    if (coverage->paper == PAPER_ELIGIBILITY_CERTIFICATE)
        take_certificate(coverage->valid_from, until, on, facts);
    if (coverage->paper == PAPER_ELIGIBILITY_NOTICE)
        facts->notice_held = true;
}

static void take_issue(const struct issue *issue, struct date on, struct document_facts *facts)
{
    if (issue->kind == ISSUE_CERTIFICATE)
        take_certificate(issue->valid_from, issue->valid_until, on, facts);
    else if (date_compare(issue->valid_until, DATE_NEVER) == 0)
        facts->notice_held = true;
    else
        facts->notice_until = later(facts->notice_until, issue->valid_until);
}

/* A certificate that is lost is no more in anybody's hands. */
static bool in_hand(const struct standing *standing, const struct issue *issue, struct date on)
{
    return issue_counts(issue) &&
           !(issue->kind == ISSUE_CERTIFICATE && issue->state == ISSUE_ISSUED &&
             standing_paper_lost(standing, issue->issued, issue->valid_from, on));
}

/* Whoever lost a paper asks for one (T4). */
static struct date applied_on(const struct standing *standing, struct date on)
{
    const struct need_row *applied = need_on(standing, NEED_APPLIED, on);
    const struct need_row *lost = need_on(standing, NEED_PAPER_LOST, on);
    struct date day = applied ? applied->since : DATE_NONE;

    return lost && date_before(day, lost->since) ? lost->since : day;
}

struct document_facts standing_facts(const struct standing *standing,
                                     const struct coverage *coverage, struct date on,
                                     const struct issue *without)
{
    const struct person *person = &standing->person;
    const struct standing_certificate *found = standing_certificate_on(standing, on);
    enum registration_state state = registration_on(person, on).state;
    struct document_facts facts = {
        .birth = person->birth,
        .insurance = insurance_of(coverage->insurer, coverage->kind),
        .enrolled = coverage->from,
        .registered = date_is(person->registered) && !date_before(on, person->registered) &&
                      state != REGISTRATION_ENDED && state != REGISTRATION_NONE,
        .certificate_expires = found ? found->certificate.expires : DATE_NONE,
        .deregister_requested = deregistration_asked(standing, on),
        .card_returned = standing_card_returned(standing, on),
        .applied = applied_on(standing, on),
        .helper = need_on(standing, NEED_HELPER, on) != NULL,
        .protection = (person->protection & PROTECTION_SELF_REFUSAL) != 0,
        .special_expense = coverage->kind == KIND_SPECIAL_EXPENSE,
        .number_missing = need_on(standing, NEED_AT_ENROLMENT, on) != NULL,
        .uses_12_months = standing->uses_12_months,
        .uses_3_months = standing->uses_3_months,
        .certificate_from = DATE_NEVER, /* none yet */
    };

    take_paper(standing, coverage, on, &facts);
    for (size_t i = 0; i < standing->issue_count; i++)
        if (&standing->issues[i] != without && in_hand(standing, &standing->issues[i], on) &&
            strcmp(standing->issues[i].insurer.digits, coverage->insurer.digits) == 0)
            take_issue(&standing->issues[i], on, &facts);
    if (!date_before(on, facts.certificate_from) ||
        date_compare(facts.certificate_from, DATE_NEVER) == 0)
        facts.certificate_from = DATE_NONE; /* it holds, or there is none */
    return facts;
}

/* --- what an insurer is told ------------------------------------------------------------------ */

struct standing_status standing_status(const struct standing *standing,
                                       const struct coverage *coverage, struct date on)
{
    const struct standing_certificate *found = standing_certificate_on(standing, on);
    struct standing_status status = {
        .registered = registration_on(&standing->person, on).use,
        .certificate = standing_certificate_state(standing, on),
        .deregistration =
            deregistration_shown(standing->requests, standing->request_count, coverage->insurer),
        .returned = date_is(standing_card_returned(standing, on)),
    };

    if (status.registered)
        status.since = standing->person.registered;
    if (status.registered && status.deregistration &&
        status.deregistration->state != DEREGISTRATION_DUPLICATE &&
        date_before(status.deregistration->executes, status.since))
        status.deregistration = NULL; /* registered anew since */
    if (found) {
        status.expires = found->certificate.expires;
        status.grace_ends = certificate_life_on(&found->certificate, on).grace_ends;
    }
    for (size_t i = 0; i < standing->issue_count; i++) {
        const struct issue *issue = &standing->issues[i];
        if (issue->state == ISSUE_DUE && issue->kind == ISSUE_CERTIFICATE &&
            strcmp(issue->insurer.digits, coverage->insurer.digits) == 0)
            status.recommended = issue;
    }
    return status;
}
