/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/service_client.h"

#include <stdlib.h>

#include "net/https_client.h"

struct asking_client {
    struct service_client base; /* first, so that a struct service_client * of ours is this */
    struct https_client *https;
};

static const char *const paths[SERVICE_ROUTE_COUNT] = {
    [SERVICE_CHECK_BY_NUMBERS] = "/v1/eligibility/numbers",
    [SERVICE_CARD_CHALLENGE] = "/v1/eligibility/card/challenge",
    [SERVICE_CHECK_BY_CARD] = "/v1/eligibility/card",
};

static enum status https_post_route(struct scope *scope, struct service_client *client,
                                    enum service_route route, struct text body,
                                    struct service_reply *out)
{
    struct https_client *https = ((struct asking_client *)client)->https;
    struct https_reply reply = {0};

    TRY(https_post(scope, https, paths[route], body, &reply));
    *out = (struct service_reply){reply.http_code, reply.body};
    return STATUS_OK;
}

static void https_close(struct service_client *client)
{
    https_client_close(((struct asking_client *)client)->https);
    free(client);
}

static const struct service_client_ops https_ops = {"https", https_post_route, https_close};

enum status service_client_open(struct scope *scope, const struct service_address *address,
                                struct service_client **out)
{
    const struct https_order order = {
        .name = "service",
        .url = address->url,
        .ca = address->ca,
        .certificate = address->certificate,
        .key = address->key,
        .agent = "shikaku-terminal/" SHIKAKU_VERSION,
        .content_type = "application/xml",
        .timeout = address->timeout,
        .answer_max = SERVICE_ANSWER_MAX,
        .away = CAUSE_SERVICE_AWAY,
    };
    struct asking_client *client = calloc(1, sizeof *client);
    enum status status = STATUS_OK;

    if (!client)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    client->base.ops = &https_ops;
    status = https_client_open(scope, &order, &client->https);
    if (status == STATUS_OK)
        *out = &client->base;
    else
        free(client);
    return status;
}

void service_client_close(struct service_client *client)
{
    if (client)
        client->ops->close(client);
}

/* Codes that pass by themselves: nothing was decided. 500 is an answer: a repeat gives the same. */
static bool is_later(int http_code)
{
    return http_code == 408 || http_code == 429 || (http_code > 500 && http_code <= 504);
}

static bool is_readable(struct scope *scope, enum service_route route,
                        const struct service_reply *reply)
{
    struct oqs_answer_summary summary = {0};
    struct oqs_challenge challenge = {0};
    enum status status = STATUS_OK;

    if (route == SERVICE_CARD_CHALLENGE && reply->http_code == 200)
        status = oqs_challenge_read(scope, OQS_XML, reply->body, &challenge);
    else
        status = oqs_answer_read(scope, OQS_XML, reply->body, &summary);
    if (status != STATUS_OK)
        scope_forgive(scope);
    return status == STATUS_OK;
}

enum status service_post(struct scope *scope, struct service_client *client,
                         enum service_route route, struct text body, struct service_reply *out)
{
    struct service_reply reply = {0};

    TRY(client->ops->post(scope, client, route, body, &reply));
    if (is_later(reply.http_code))
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "HTTP %d", reply.http_code);
    if (!is_readable(scope, route, &reply))
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "HTTP %d without an OQS answer",
                          reply.http_code);
    *out = reply;
    return STATUS_OK;
}
