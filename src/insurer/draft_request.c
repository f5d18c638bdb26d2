/* SPDX-License-Identifier: Apache-2.0
 *
 * draft_request.c - row D: a request for deregistration (利用登録解除申請), or its withdrawal, in
 * the transaction of the load. Source: insurers-and-documents 4.4 and 12.2; R2, R3.
 */
#include "batch/deregister.h"
#include "insurer/draft_parts.h"

/* What refuses the row, and the item that is wrong; everything else fails the load. */
static const struct {
    enum cause cause;
    const char *item;
} refusals[] = {
    {CAUSE_DATE_WRONG, "requested"},      {CAUSE_MEMBER_NOT_FOUND, "key"},
    {CAUSE_MEMBER_LEFT, "key"},           {CAUSE_DEREGISTRATION_NOT_OPEN, "requested"},
    {CAUSE_DEREGISTRATION_NONE_OPEN, ""}, {CAUSE_DEREGISTRATION_NO_REGISTRATION, ""},
    {CAUSE_DEREGISTRATION_TOO_LATE, ""},  {CAUSE_DEREGISTRATION_TOO_MANY, ""},
};

static enum status settle_refusal(struct scope *scope, enum status failed,
                                  struct registration_finding *finding)
{
    enum cause cause = scope->cause;

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (refusals[i].cause == cause) {
            scope_forgive(scope);
            return draft_find(finding, cause, refusals[i].item);
        }
    return failed;
}

static enum status enter(struct scope *scope, struct member_draft *draft,
                         const struct registration_row *row, struct deregister_receipt *out)
{
    const struct deregister_order order = {
        .person_id = draft->person.person_id,
        .insurer = draft->context->insurer,
        .requested = draft_day_of(&row->values[D_REQUESTED]),
        .channel = (enum deregistration_channel)row->values[D_CHANNEL].number,
        .proxy = row->values[D_PROXY].number != 0,
    };

    return deregister_enter(scope, draft->context->store, &order, out);
}

static enum status withdraw(struct scope *scope, struct member_draft *draft,
                            struct deregister_receipt *out)
{
    const struct deregister_withdrawal withdrawal = {.person_id = draft->person.person_id,
                                                     .insurer = draft->context->insurer};

    return deregister_withdraw(scope, draft->context->store, &withdrawal, out);
}

enum status draft_request_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding)
{
    struct deregister_receipt receipt = {0};
    enum status status = STATUS_OK;

    if (!draft->person_stored) /* new in this very file: nobody registered a card for use */
        return draft_find(finding, CAUSE_ROW_REQUEST_REFUSED, "key");
    status = row->op == OP_CANCEL ? withdraw(scope, draft, &receipt)
                                  : enter(scope, draft, row, &receipt);
    if (status != STATUS_OK)
        return settle_refusal(scope, status, finding);
    /* R3: a second request is an error; the certificate is due all the same */
    return receipt.error ? draft_find(finding, receipt.error, "") : STATUS_OK;
}
