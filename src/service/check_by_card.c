/* SPDX-License-Identifier: Apache-2.0
 *
 * check_by_card.c - E1, E2, E3, K1-K3: eligibility by a registered card.
 *
 * The order is the specification's (card-and-pki 2.6): the challenge is used up before anything is
 * verified, then signature, issuer, purpose, serial, state, dates, registration, coverage. The
 * first that fails decides the answer.
 */
#include <string.h>

#include "service/operation.h"

/* A terminal's clock may be off by this much before its proof is refused. Our choice. */
#define PROOF_TIME_MICROSECONDS (INT64_C(5) * 60 * 1000000)

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static enum status read_session(struct scope *scope, struct text hex,
                                unsigned char out[CHALLENGE_SESSION_SIZE])
{
    if (hex.size != 2 * (size_t)CHALLENGE_SESSION_SIZE)
        return scope_fail(scope, CAUSE_CHALLENGE_UNKNOWN, "SessionIdentifier: 32 hex digits");
    for (size_t i = 0; i < CHALLENGE_SESSION_SIZE; i++) {
        int high = hex_digit(hex.bytes[2 * i]);
        int low = hex_digit(hex.bytes[2 * i + 1]);
        if (high < 0 || low < 0)
            return scope_fail(scope, CAUSE_CHALLENGE_UNKNOWN, "SessionIdentifier: 32 hex digits");
        out[i] = (unsigned char)(16 * high + low);
    }
    return STATUS_OK;
}

/* Single use: the challenge is gone after this, whatever else is wrong with the request. */
static enum status use_challenge(struct scope *scope, struct service_worker *worker,
                                 const struct caller *caller,
                                 const struct oqs_card_inquiry *inquiry, struct challenge *out)
{
    unsigned char session[CHALLENGE_SESSION_SIZE] = {0};

    TRY(read_session(scope, inquiry->session, session));
    return challenge_consume(scope, worker->service->challenges, caller->institution, session, out);
}

/* The proof was made now: a clock that is far off would sign for another time. */
static enum status proof_time(struct scope *scope, int64_t time)
{
    int64_t away = instant_from_japan14(time).microseconds - scope->now.microseconds;

    if (away > PROOF_TIME_MICROSECONDS || away < -PROOF_TIME_MICROSECONDS)
        return scope_fail(scope, CAUSE_PROOF_TIME_WRONG,
                          "ProofTime is not the time of the request");
    return STATUS_OK;
}

/* E1, E2: the card signed this challenge, here and now, and its certificate is a true one. */
static enum status verify(struct scope *scope, struct service_worker *worker,
                          const struct oqs_card_inquiry *inquiry, const struct challenge *challenge,
                          const char *terminal, struct card_identity *out)
{
    const struct proof_circumstance circumstance = {.institution = inquiry->institution,
                                                    .terminal = terminal,
                                                    .mode = inquiry->mode,
                                                    .time = inquiry->time};
    unsigned char hash[32];

    proof_block_hash(challenge, &circumstance, hash);
    return card_trust_verify(scope, worker->service->trust, inquiry->certificate, hash,
                             inquiry->signature, out);
}

/* By issuer and serial; the dates that count are those the certificate itself bears. */
static enum status find_holder(struct scope *scope, struct store *store,
                               const struct card_identity *identity, struct card_holder *out)
{
    enum status status =
        store_find_card_holder(scope, store, identity->issuer, identity->serial, out);

    if (status == STATUS_NOT_FOUND) {
        scope_forgive(scope);
        return scope_fail(scope, CAUSE_CARD_SERIAL_UNKNOWN, "no holder of this serial");
    }
    out->certificate.not_before = identity->not_before;
    out->certificate.expires = identity->expires;
    return status;
}

/* K1-K3: may this card be used at all that day? Then E1: what holds of its holder. */
static enum status decide(struct scope *scope, const struct card_holder *holder,
                          const struct oqs_card_inquiry *inquiry, struct eligibility *out)
{
    struct card_use use = eligibility_card_use(&holder->person, &holder->certificate, inquiry->on);

    if (use.refusal != CAUSE_NONE)
        return scope_fail(scope, use.refusal, "%s", use.rule->id);
    *out =
        eligibility_by_card(&holder->person, &holder->certificate, inquiry->on, inquiry->consents);
    return STATUS_OK;
}

static enum status record_asked(struct scope *scope, const struct oqs_card_inquiry *inquiry,
                                struct journal_entry *entry)
{
    char *terminal = NULL, *staff = NULL;

    TRY(scope_copy(scope, inquiry->terminal.bytes, inquiry->terminal.size, &terminal));
    if (!text_empty(inquiry->staff))
        TRY(scope_copy(scope, inquiry->staff.bytes, inquiry->staff.size, &staff));
    entry->on = inquiry->on;
    entry->mode = inquiry->mode;
    entry->class = inquiry->class;
    entry->consents = inquiry->consents;
    entry->terminal = terminal;
    entry->staff = staff;
    return STATUS_OK;
}

static enum status check(struct scope *scope, struct service_worker *worker,
                         const struct service_request *request, struct oqs_partial *partial,
                         struct service_outcome *outcome)
{
    struct oqs_card_inquiry inquiry = {0};
    struct challenge challenge = {0};
    struct card_identity identity = {0};
    struct card_holder holder = {0};
    struct eligibility eligibility = {0};
    bool medical = false;

    /* decode */
    TRY(oqs_card_inquiry_read(scope, request->syntax, request->body, &inquiry, partial));
    TRY(record_asked(scope, &inquiry, &outcome->entry));
    TRY(use_challenge(scope, worker, request->caller, &inquiry, &challenge));

    /* may they? */
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, inquiry.institution));
    TRY(day_of_card(scope, inquiry.on));
    TRY(place_may_use(scope, worker, &inquiry, &medical));
    if (!medical)
        inquiry.consents &= ~(unsigned)CONSENT_MEDICAL;
    TRY(proof_time(scope, inquiry.time));
    TRY(verify(scope, worker, &inquiry, &challenge, outcome->entry.terminal, &identity));

    /* decide */
    TRY(find_holder(scope, worker->store, &identity, &holder));
    outcome->entry.person_id = holder.person.person_id;
    TRY(decide(scope, &holder, &inquiry, &eligibility));
    eligibility.medical = eligibility.medical && medical;

    /* record, answer */
    struct oqs_answer answer = {
        .on = inquiry.on,
        .institution = text_of(inquiry.institution.digits),
        .file_identifier = inquiry.file_identifier,
        .by_card = true,
        .consented = instant_from_japan14(inquiry.time),
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
