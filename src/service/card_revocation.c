/* SPDX-License-Identifier: Apache-2.0
 *
 * card_revocation.c - K1-K3: the issuer's word about a certificate, before dates and registration
 * are looked at (card-and-pki 2.6).
 *
 * A revocation ends the card, in the months of grace too (Q8); one whose reason is a renewal is
 * told as that, since the desk then asks for the new card. A certificate of which the issuer says
 * nothing stays what the store has it for (Q7): whether it lapsed is the calendar's. Nobody is
 * asked about a card that cannot be used anyway.
 */
#include "service/operation.h"

static enum certificate_state state_of(const struct card_standing *standing,
                                       enum certificate_state former)
{
    if (standing->state != REVOCATION_REVOKED)
        return former;
    return standing->reason == REVOCATION_REASON_SUPERSEDED ? CERTIFICATE_SUPERSEDED
                                                            : CERTIFICATE_REVOKED;
}

enum status card_ask_issuer(struct scope *scope, struct service_worker *worker, struct date on,
                            struct journal_entry *entry, struct card_holder *holder)
{
    struct authentication_certificate *certificate = &holder->certificate;
    const struct status_key key = {certificate->issuer, certificate->serial};
    struct card_standing standing = {0};

    if (!worker->service->status || !certificate_life_on(certificate, on).check)
        return STATUS_OK;
    TRY(card_status_find(scope, worker->service->status, key, &standing));
    certificate->state = state_of(&standing, certificate->state);
    entry->degraded = standing.degraded;
    if (standing.degraded)
        holder->status_as_of = standing.as_of;
    return STATUS_OK;
}
