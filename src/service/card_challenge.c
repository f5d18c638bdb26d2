/* SPDX-License-Identifier: Apache-2.0
 *
 * card_challenge.c - a challenge for a card to sign: the first step of a check by card (E1).
 *
 * What is given is not recorded, it tells nothing of anybody; a refusal is.
 */
#include "base/hex.h"
#include "service/operation.h"

static enum status write_hex(struct scope *scope, const unsigned char *bytes, size_t size,
                             struct text *out)
{
    char *hex = NULL;

    TRY(scope_alloc(scope, 2 * size + 1, 1, &hex));
    hex_write(bytes, size, hex);
    *out = (struct text){hex, 2 * size};
    return STATUS_OK;
}

enum status challenge_give(struct scope *scope, struct service_worker *worker,
                           enum oqs_syntax syntax, struct institution_code asked,
                           struct service_outcome *outcome)
{
    struct challenge challenge = {0};
    struct oqs_challenge message = {.lifetime = worker->service->options.challenge_lifetime};

    TRY(challenge_issue(scope, worker->service->challenges, asked, &challenge));
    TRY(write_hex(scope, challenge.session, sizeof challenge.session, &message.session));
    TRY(write_hex(scope, challenge.nonce, sizeof challenge.nonce, &message.nonce));
    TRY(oqs_challenge_write(scope, syntax, &message, &outcome->body));
    outcome->recorded = false;
    outcome->http_code = failure_http_code(STATUS_OK);
    return STATUS_OK;
}

static enum status give(struct scope *scope, struct service_worker *worker,
                        const struct service_request *request, struct service_outcome *outcome)
{
    TRY(worker_begin(scope, worker));
    TRY(caller_may_ask(scope, worker, request->caller, request->caller->institution));
    return challenge_give(scope, worker, request->syntax, request->caller->institution, outcome);
}

void service_card_challenge(struct scope *scope, struct service_worker *worker,
                            const struct service_request *request, struct service_outcome *outcome)
{
    outcome_begin(scope, request, JOURNAL_CHECK_BY_CARD, outcome);
    if (give(scope, worker, request, outcome) != STATUS_OK)
        outcome_fail(scope, worker, request->syntax, NULL, outcome);
}
