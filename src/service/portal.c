/* SPDX-License-Identifier: Apache-2.0
 *
 * portal.c - P1, R1: the portal (マイナポータル) on behalf of a person who holds the card and types
 * its PIN: a challenge, what the person sees of themselves, and the registration for insurance use.
 *
 * The portal is a client with the role of its own; the proof is the card's, over a challenge that
 * was given to the portal. A card that cannot be used for a check shows nothing here, and under a
 * self-refusal (2.5) the card is in other hands: no operation tells that the person is protected,
 * registered, or gave a consent anywhere.
 */
#include "domain/copayment.h"
#include "proof/challenge.h"
#include "service/operation.h"
#include "store/store_standing.h"

static enum status portal_may_ask(struct scope *scope, const struct caller *caller)
{
    if (caller->role != ROLE_PORTAL)
        return scope_fail(scope, CAUSE_ROLE_MAY_NOT, "only the portal may ask this");
    return STATUS_OK;
}

static enum status pin_only(struct scope *scope, const struct oqs_card_inquiry *inquiry)
{
    if (inquiry->mode != IDENTITY_PIN)
        return scope_fail(scope, CAUSE_REGISTRATION_NEEDS_PIN, "%s",
                          rule_at(RULE_R1_PORTAL_PIN)->id);
    return STATUS_OK;
}

/* The day is today: there is nothing to see of another one. */
static enum status read_inquiry(struct scope *scope, const struct service_request *request,
                                struct oqs_card_inquiry *out, struct oqs_partial *partial)
{
    TRY(oqs_portal_inquiry_read(scope, request->syntax, request->body, out, partial));
    out->institution = (struct institution_code){CHALLENGE_PORTAL};
    out->on = instant_date(scope->now);
    return STATUS_OK;
}

/* K1-K3, 2.5: does this card show its holder anything that day? */
static enum status card_may_show(struct scope *scope, const struct card_holder *holder,
                                 struct date on)
{
    const struct certificate_life life = certificate_life_on(&holder->certificate, on);
    const struct registration_standing standing = registration_on(&holder->person, on);

    if (!life.check)
        return scope_fail(scope, life.cause, "%s", life.rule);
    if (standing.state == REGISTRATION_BLOCKED)
        return scope_fail(scope, standing.refusal, "%s", standing.rule->id);
    return STATUS_OK;
}

enum status portal_identify(struct scope *scope, struct service_worker *worker,
                            const struct service_request *request, struct oqs_partial *partial,
                            struct oqs_card_inquiry *inquiry, struct card_holder *holder,
                            struct journal_entry *entry)
{
    struct challenge challenge = {0};
    char *terminal = NULL;

    TRY(portal_may_ask(scope, request->caller));
    TRY(read_inquiry(scope, request, inquiry, partial));
    TRY(scope_copy(scope, inquiry->terminal.bytes, inquiry->terminal.size, &terminal));
    entry->on = inquiry->on;
    entry->mode = inquiry->mode;
    entry->terminal = terminal;
    TRY(card_proof_take(scope, worker, inquiry->institution, inquiry, &challenge));
    TRY(worker_begin(scope, worker));
    TRY(pin_only(scope, inquiry));
    TRY(card_proof_holder(scope, worker, inquiry, &challenge, entry, holder));
    return card_may_show(scope, holder, inquiry->on);
}

static enum status name_insurers(struct scope *scope, const struct service_worker *worker,
                                 const struct person *person, const struct text **out)
{
    struct text *names = NULL;

    TRY(scope_alloc(scope, person->coverage_count + 1, sizeof *names, &names));
    for (size_t i = 0; i < person->coverage_count; i++)
        names[i] = insurer_name(worker->names, person->coverages[i].insurer);
    *out = names;
    return STATUS_OK;
}

/* R2: the newest request, where it is about the registration that the person has, or had last. */
static enum status find_deregistration(struct scope *scope, struct store *store,
                                       const struct person *person,
                                       const struct deregistration_request **out)
{
    struct deregistration_request *requests = NULL;
    const struct deregistration_request *shown = NULL;
    size_t count = 0;

    TRY(store_list_deregistrations(scope, store, person->person_id, &requests, &count));
    shown = deregistration_shown(requests, count, (struct insurer_number){""});
    *out = shown && !date_before(shown->executes, person->registered) ? shown : NULL;
    return STATUS_OK;
}

static enum status show(struct scope *scope, struct service_worker *worker,
                        const struct service_request *request, const struct card_holder *holder,
                        enum cause remark, struct service_outcome *outcome)
{
    const struct date on = outcome->entry.on;
    struct eligibility eligibility =
        eligibility_by_card(&holder->person, &holder->certificate, on, 0);
    struct oqs_portal_status status = {
        .processed = scope->now,
        .on = on,
        .request_id = scope->id,
        .remark = remark,
        .person = &holder->person,
        .person_shown = !eligibility_stopped(&holder->person),
        .covered = eligibility.validity == VALIDITY_VALID ? eligibility.coverage : NULL,
        .share = eligibility.copayment_share,
        .standing = registration_on(&holder->person, on),
        .certificate = &holder->certificate,
        .life = certificate_life_on(&holder->certificate, on),
    };

    TRY(name_insurers(scope, worker, &holder->person, &status.insurer_names));
    TRY(registration_last(scope, worker->store, holder->person.person_id, &status.registration));
    TRY(find_deregistration(scope, worker->store, &holder->person, &status.deregistration));
    TRY(oqs_portal_status_write(scope, request->syntax, &status, &outcome->body));
    outcome->entry.rule = status.standing.rule->id;
    outcome->entry.cause = remark;
    outcome->http_code = failure_http_code(STATUS_OK);
    return STATUS_OK;
}

/* --- operations ----------------------------------------------------------------------------- */

static enum status give_challenge(struct scope *scope, struct service_worker *worker,
                                  const struct service_request *request,
                                  struct service_outcome *outcome)
{
    TRY(portal_may_ask(scope, request->caller));
    return challenge_give(scope, worker, request->syntax,
                          (struct institution_code){CHALLENGE_PORTAL}, outcome);
}

void service_portal_challenge(struct scope *scope, struct service_worker *worker,
                              const struct service_request *request,
                              struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_PORTAL, outcome);
    if (give_challenge(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}

static enum status tell(struct scope *scope, struct service_worker *worker,
                        const struct service_request *request, struct oqs_partial *partial,
                        struct service_outcome *outcome)
{
    struct oqs_card_inquiry inquiry = {0};
    struct card_holder holder = {0};

    TRY(portal_identify(scope, worker, request, partial, &inquiry, &holder, &outcome->entry));
    return show(scope, worker, request, &holder,
                outcome->entry.degraded ? CAUSE_REMARK_STATUS_DEGRADED : CAUSE_NONE, outcome);
}

void service_portal_status(struct scope *scope, struct service_worker *worker,
                           const struct service_request *request, struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};

    outcome_begin(scope, request, JOURNAL_PORTAL, outcome);
    if (tell(scope, worker, request, &partial, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}

static enum status enrol(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct oqs_partial *partial,
                         struct service_outcome *outcome)
{
    struct oqs_card_inquiry inquiry = {0};
    struct card_holder holder = {0};
    bool made = false;

    TRY(portal_identify(scope, worker, request, partial, &inquiry, &holder, &outcome->entry));
    const struct registration_wish wish = {&holder, inquiry.mode, REGISTERED_AT_PORTAL, inquiry.on};
    TRY(register_holder(scope, worker, &wish, &outcome->entry, &made));
    return show(scope, worker, request, &holder, made ? CAUSE_REMARK_REGISTERED : CAUSE_NONE,
                outcome);
}

void service_portal_registration(struct scope *scope, struct service_worker *worker,
                                 const struct service_request *request,
                                 struct service_outcome *outcome)
{
    struct oqs_partial partial = {0};

    outcome_begin(scope, request, JOURNAL_PORTAL, outcome);
    if (enrol(scope, worker, request, &partial, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, &partial, outcome);
}
