/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/number.h"
#include "register/register_message.h"

#define URL_SIZE 1024
#define HTTP_OK 200

struct https_client {
    struct register_client base; /* first, so that a struct register_client * of ours is this */
    CURL *curl;
    struct curl_slist *headers;
    struct register_address address;
    char error[CURL_ERROR_SIZE];
};

/* --- one request --------------------------------------------------------------------------------
 */

/* Called by curl for each piece of the body; taking less than it has ends the transfer. */
static size_t take(const char *bytes, size_t size, size_t count, void *buffer_)
{
    struct text_buffer *buffer = buffer_;
    size_t all = size * count;

    if (all > REGISTER_BODY_MAX - buffer->size)
        return 0;
    text_buffer_add(buffer, (struct text){bytes, all});
    return buffer->status == STATUS_OK ? all : 0;
}

/* What the register refuses, as ours; its words are of its own codes. */
static enum status refused(struct scope *scope, long code, struct text body)
{
    enum cause cause = register_refusal_read(scope, body);

    if (cause == CAUSE_NONE || code >= 500)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "HTTP %ld", code);
    if (failure_text(cause)->status == STATUS_DENIED)
        cause = CAUSE_REGISTER_REFUSED;
    return scope_fail(scope, cause, "HTTP %ld", code);
}

static enum status post(struct scope *scope, struct https_client *https, const char *path,
                        struct text body, struct text *out)
{
    struct text_buffer answer = text_buffer_begin(scope, 4096);
    char url[URL_SIZE];
    CURLcode result = CURLE_OK;
    long code = 0;

    snprintf(url, sizeof url, "%s%s", https->address.url, path);
    https->error[0] = '\0';
    curl_easy_setopt(https->curl, CURLOPT_URL, url);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDS, body.bytes);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    curl_easy_setopt(https->curl, CURLOPT_WRITEDATA, &answer);
    result = curl_easy_perform(https->curl);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(https->curl, CURLOPT_WRITEDATA, NULL);
    if (result != CURLE_OK)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "curl %d: %.200s", (int)result,
                          https->error[0] ? https->error : curl_easy_strerror(result));
    curl_easy_getinfo(https->curl, CURLINFO_RESPONSE_CODE, &code);
    TRY(text_buffer_end(&answer, out));
    return code == HTTP_OK ? STATUS_OK : refused(scope, code, *out);
}

static enum status ask(struct scope *scope, struct register_client *client,
                       const struct register_request *request, struct register_answer *out)
{
    struct text body = {0};
    struct text answer = {0};

    TRY(register_request_write(scope, request, &body));
    TRY(post(scope, (struct https_client *)client, register_path(request->question), body,
             &answer));
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
    struct https_client *https = (struct https_client *)client;

    curl_slist_free_all(https->headers);
    curl_easy_cleanup(https->curl);
    free(https);
}

static const struct register_ops https_ops = {
    "https", https_by_number, https_by_items, https_compare, https_changes, https_close,
};

/* --- opening ------------------------------------------------------------------------------------
 */

static enum status check_address(struct scope *scope, const struct register_address *address)
{
    const char *const files[] = {address->ca, address->certificate, address->key};

    if (strncmp(address->url, "https://", 8) != 0 || strlen(address->url) > URL_SIZE / 2)
        return scope_fail(scope, CAUSE_CONFIGURATION, "register: an address https://host:port");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (!files[i] || access(files[i], R_OK) != 0)
            return scope_fail(scope, CAUSE_CONFIGURATION, "register: cannot read '%s'",
                              files[i] ? files[i] : "(no file named)");
    return STATUS_OK;
}

static CURLcode set_up_tls(CURL *curl, const struct register_address *address)
{
    CURLcode bad = CURLE_OK;

    bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    bad |= curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                            (long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3);
    bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, address->ca);
    bad |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSLCERT, address->certificate);
    bad |= curl_easy_setopt(curl, CURLOPT_SSLKEY, address->key);
    return bad;
}

static CURLcode set_up(struct https_client *https)
{
    const struct register_address *address = &https->address;
    CURL *curl = https->curl;
    CURLcode bad = CURLE_OK;

    bad |= set_up_tls(curl, address);
    bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, https->headers);
    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, "shikaku/" SHIKAKU_VERSION);
    bad |= curl_easy_setopt(curl, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)(address->timeout / 3 + 1));
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)address->timeout);
    bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, https->error);
    return bad;
}

enum status register_client_open(struct scope *scope, const struct register_address *address,
                                 struct register_client **out)
{
    struct https_client *https = NULL;

    TRY(check_address(scope, address));
    https = calloc(1, sizeof *https);
    if (!https)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    https->base.ops = &https_ops;
    https->address = *address;
    https->curl = curl_easy_init();
    https->headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!https->curl || !https->headers || set_up(https) != CURLE_OK) {
        https_close(&https->base);
        return scope_fail(scope, CAUSE_INTERNAL, "libcurl lacks TLS 1.3 or an option");
    }
    *out = &https->base;
    return STATUS_OK;
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
