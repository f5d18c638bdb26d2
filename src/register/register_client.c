/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_client.h"

#include <stdlib.h>
#include <string.h>

#include "domain/number.h"
#include "net/https_client.h"
#include "register/register_message.h"

#define HTTP_OK 200

struct asking_client {
    struct register_client base; /* first, so that a struct register_client * of ours is this */
    struct https_client *https;
};

/* --- one request --------------------------------------------------------------------------------
 */

/* What the register refuses, as ours; its words are of its own codes. */
static enum status refused(struct scope *scope, int code, struct text body)
{
    enum cause cause = register_refusal_read(scope, body);

    if (cause == CAUSE_NONE || code >= 500)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "HTTP %d", code);
    if (failure_text(cause)->status == STATUS_DENIED)
        cause = CAUSE_REGISTER_REFUSED;
    return scope_fail(scope, cause, "HTTP %d", code);
}

static enum status post(struct scope *scope, struct register_client *client, const char *path,
                        struct text body, struct text *out)
{
    struct https_client *https = ((struct asking_client *)client)->https;
    struct https_reply reply = {0};

    TRY(https_post(scope, https, path, body, &reply));
    *out = reply.body;
    return reply.http_code == HTTP_OK ? STATUS_OK : refused(scope, reply.http_code, reply.body);
}

static enum status ask(struct scope *scope, struct register_client *client,
                       const struct register_request *request, struct register_answer *out)
{
    struct text body = {0};
    struct text answer = {0};

    TRY(register_request_write(scope, request, &body));
    TRY(post(scope, client, register_path(request->question), body, &answer));
    if (register_answer_read(scope, request->question, request->count, answer, out) == STATUS_OK)
        return STATUS_OK;
    if (scope->cause != CAUSE_REGISTER_MESSAGE_WRONG)
        return failure_text(scope->cause)->status;
    scope_forgive(scope);
    return scope_fail(scope, CAUSE_REGISTER_AWAY, "an answer that is none of version %d",
                      REGISTER_VERSION);
}

/* --- the operations -----------------------------------------------------------------------------
 */

/* Requests hold what they point to without const, for their reader's sake; nothing is written. */
static enum status https_by_number(struct scope *scope, struct register_client *client,
                                   const struct text *numbers, size_t count,
                                   struct register_finding **out)
{
    struct register_request request = {.question = REGISTER_BY_NUMBER, .count = count};
    struct register_answer answer = {0};

    TRY(scope_alloc(scope, count, sizeof *numbers, &request.numbers));
    memcpy(request.numbers, numbers, count * sizeof *numbers);
    TRY(ask(scope, client, &request, &answer));
    *out = answer.findings;
    return STATUS_OK;
}

static enum status https_by_items(struct scope *scope, struct register_client *client,
                                  const struct register_identity *items, size_t count,
                                  struct register_finding **out)
{
    struct register_request request = {.question = REGISTER_BY_ITEMS, .count = count};
    struct register_answer answer = {0};

    TRY(scope_alloc(scope, count, sizeof *items, &request.items));
    memcpy(request.items, items, count * sizeof *items);
    TRY(ask(scope, client, &request, &answer));
    *out = answer.findings;
    return STATUS_OK;
}

static enum status https_compare(struct scope *scope, struct register_client *client,
                                 const struct register_record *records, size_t count,
                                 struct register_comparison **out)
{
    struct register_request request = {.question = REGISTER_COMPARE, .count = count};
    struct register_answer answer = {0};

    TRY(scope_alloc(scope, count, sizeof *records, &request.records));
    memcpy(request.records, records, count * sizeof *records);
    TRY(ask(scope, client, &request, &answer));
    *out = answer.comparisons;
    return STATUS_OK;
}

static enum status https_changes(struct scope *scope, struct register_client *client, int64_t since,
                                 struct register_changes *out)
{
    const struct register_request request = {.question = REGISTER_CHANGES, .since = since};
    struct register_answer answer = {0};

    TRY(ask(scope, client, &request, &answer));
    *out = answer.changes;
    return STATUS_OK;
}

static void https_close(struct register_client *client)
{
    https_client_close(((struct asking_client *)client)->https);
    free(client);
}

static const struct register_ops https_ops = {
    "https", https_by_number, https_by_items, https_compare, https_changes, https_close,
};

/* --- opening ------------------------------------------------------------------------------------
 */

enum status register_client_open(struct scope *scope, const struct register_address *address,
                                 struct register_client **out)
{
    const struct https_order order = {
        .name = "register",
        .url = address->url,
        .ca = address->ca,
        .certificate = address->certificate,
        .key = address->key,
        .agent = "shikaku/" SHIKAKU_VERSION,
        .content_type = "application/json",
        .timeout = address->timeout,
        .answer_max = REGISTER_BODY_MAX,
        .away = CAUSE_REGISTER_AWAY,
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

void register_client_close(struct register_client *client)
{
    if (client)
        client->ops->close(client);
}

/* --- what callers use ---------------------------------------------------------------------------
 */

static enum status check_count(struct scope *scope, size_t count)
{
    if (count == 0 || count > REGISTER_BATCH_MAX)
        return scope_fail(scope, CAUSE_REGISTER_BATCH_WRONG, "1 to %d", REGISTER_BATCH_MAX);
    return STATUS_OK;
}

/* A number that is none is not sent to anybody. */
static enum status check_number(struct scope *scope, struct text number)
{
    if (number_check(NUMBER_INDIVIDUAL, number) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_INDIVIDUAL_NUMBER_WRONG,
                          "12 digits with a right check digit");
    return STATUS_OK;
}

enum status register_by_number(struct scope *scope, struct register_client *client,
                               const struct text *numbers, size_t count,
                               struct register_finding **out)
{
    TRY(check_count(scope, count));
    for (size_t i = 0; i < count; i++)
        TRY(check_number(scope, numbers[i]));
    return client->ops->by_number(scope, client, numbers, count, out);
}

enum status register_by_items(struct scope *scope, struct register_client *client,
                              const struct register_identity *items, size_t count,
                              struct register_finding **out)
{
    TRY(check_count(scope, count));
    return client->ops->by_items(scope, client, items, count, out);
}

enum status register_compare_batch(struct scope *scope, struct register_client *client,
                                   const struct register_record *records, size_t count,
                                   struct register_comparison **out)
{
    TRY(check_count(scope, count));
    for (size_t i = 0; i < count; i++)
        if (records[i].link.size == 0)
            TRY(check_number(scope, records[i].number));
    return client->ops->compare(scope, client, records, count, out);
}

enum status register_list_changes(struct scope *scope, struct register_client *client,
                                  int64_t since, struct register_changes *out)
{
    return client->ops->changes(scope, client, since, out);
}
