/* SPDX-License-Identifier: Apache-2.0
 *
 * card_proof.c - from what a card signed to whose card it is: the steps that a check, a
 * registration and the portal share. The challenge is used up before anything is verified
 * (card-and-pki 2.6).
 */
#include "base/hex.h"
#include "service/operation.h"

/* A terminal's clock may be off by this much before its proof is refused. Our choice. */
#define PROOF_TIME_MICROSECONDS (INT64_C(5) * 60 * 1000000)

enum status card_proof_take(struct scope *scope, struct service_worker *worker,
                            struct institution_code asked, const struct oqs_card_inquiry *inquiry,
                            struct challenge *out)
{
    unsigned char session[CHALLENGE_SESSION_SIZE] = {0};

    if (!hex_read(inquiry->session, session, sizeof session))
        return scope_fail(scope, CAUSE_CHALLENGE_UNKNOWN, "SessionIdentifier: 32 hex digits");
    return challenge_consume(scope, worker->service->challenges, asked, session, out);
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
static enum status find_holder(struct scope *scope, struct service_worker *worker,
                               const struct card_identity *identity, struct card_holder *out)
{
    enum status status =
        store_find_card_holder(scope, worker->store, identity->issuer, identity->serial, out);

    if (status == STATUS_NOT_FOUND)
        status = card_follow_link(scope, worker, identity, out);
    if (status == STATUS_NOT_FOUND) {
        scope_forgive(scope);
        return scope_fail(scope, CAUSE_CARD_SERIAL_UNKNOWN, "no holder of this serial");
    }
    out->certificate.not_before = identity->not_before;
    out->certificate.expires = identity->expires;
    return status;
}

enum status card_proof_holder(struct scope *scope, struct service_worker *worker,
                              const struct oqs_card_inquiry *inquiry,
                              const struct challenge *challenge, struct journal_entry *entry,
                              struct card_holder *out)
{
    struct card_identity identity = {0};

    TRY(proof_time(scope, inquiry->time));
    TRY(verify(scope, worker, inquiry, challenge, entry->terminal, &identity));
    TRY(find_holder(scope, worker, &identity, out));
    entry->person_id = out->person.person_id;
    return card_ask_issuer(scope, worker, inquiry->on, entry, out);
}

/* K1-K3: may this card be used at all that day? Then E1: what holds of its holder. */
enum status decide_by_card(struct scope *scope, struct store *store,
                           const struct card_holder *holder, struct date on, unsigned consents,
                           struct eligibility *out)
{
    struct card_use use = eligibility_card_use(&holder->person, &holder->certificate, on);

    if (use.refusal == CAUSE_CARD_NOT_REGISTERED)
        return fail_unregistered(scope, store, holder->person.person_id, use.rule);
    if (use.refusal != CAUSE_NONE)
        return scope_fail(scope, use.refusal, "%s", use.rule->id);
    *out = eligibility_by_card(&holder->person, &holder->certificate, on, consents);
    if (holder->status_as_of.microseconds != 0 && out->remark == CAUSE_NONE)
        out->remark = CAUSE_REMARK_STATUS_DEGRADED;
    return STATUS_OK;
}

enum status record_inquiry(struct scope *scope, const struct oqs_card_inquiry *inquiry,
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
