/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/service_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define URL_MAX 1024

struct https_client {
    struct service_client base; /* first, so that a struct service_client * of ours is this */
    CURL *curl;
    struct curl_slist *headers;
    struct service_address address;
    char error[CURL_ERROR_SIZE];
};

static const char *const paths[SERVICE_ROUTE_COUNT] = {
    [SERVICE_CHECK_BY_NUMBERS] = "/v1/eligibility/numbers",
    [SERVICE_CARD_CHALLENGE] = "/v1/eligibility/card/challenge",
    [SERVICE_CHECK_BY_CARD] = "/v1/eligibility/card",
};

/* Called by curl for each piece of the body; taking less than it has ends the transfer. */
static size_t take(const char *bytes, size_t size, size_t count, void *buffer_)
{
    struct text_buffer *buffer = buffer_;
    size_t all = size * count;

    if (all > SERVICE_ANSWER_MAX - buffer->size)
        return 0;
    text_buffer_add(buffer, (struct text){bytes, all});
    return buffer->status == STATUS_OK ? all : 0;
}

static enum status https_post(struct scope *scope, struct service_client *client,
                              enum service_route route, struct text body, struct service_reply *out)
{
    struct https_client *https = (struct https_client *)client;
    struct text_buffer answer = text_buffer_begin(scope, 4096);
    struct service_reply reply = {0};
    char url[URL_MAX];
    long code = 0;
    CURLcode result = CURLE_OK;

    snprintf(url, sizeof url, "%s%s", https->address.url, paths[route]);
    https->error[0] = '\0';
    curl_easy_setopt(https->curl, CURLOPT_URL, url);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDS, body.size ? body.bytes : "");
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    curl_easy_setopt(https->curl, CURLOPT_WRITEDATA, &answer);
    result = curl_easy_perform(https->curl);
    curl_easy_setopt(https->curl, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(https->curl, CURLOPT_WRITEDATA, NULL);
    if (result != CURLE_OK)
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "curl %d: %.200s", (int)result,
                          https->error[0] ? https->error : curl_easy_strerror(result));
    curl_easy_getinfo(https->curl, CURLINFO_RESPONSE_CODE, &code);
    reply.http_code = (int)code;
    TRY(text_buffer_end(&answer, &reply.body));
    *out = reply;
    return STATUS_OK;
}

static void https_close(struct service_client *client)
{
    struct https_client *https = (struct https_client *)client;

    curl_slist_free_all(https->headers);
    curl_easy_cleanup(https->curl);
    free(https);
}

static const struct service_client_ops https_ops = {"https", https_post, https_close};

static enum status check_address(struct scope *scope, const struct service_address *address)
{
    const char *const files[] = {address->ca, address->certificate, address->key};

    if (strncmp(address->url, "https://", 8) != 0 || strlen(address->url) > URL_MAX / 2)
        return scope_fail(scope, CAUSE_CONFIGURATION, "service: an address https://host:port");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (access(files[i], R_OK) != 0)
            return scope_fail(scope, CAUSE_CONFIGURATION, "cannot read '%s'", files[i]);
    return STATUS_OK;
}

/* TLS 1.3 with our certificate, their CA pinned; no proxy, no redirects, no other protocol. */
static CURLcode set_up(struct https_client *https)
{
    const struct service_address *address = &https->address;
    CURL *curl = https->curl;
    long connect = address->timeout >= 3 ? address->timeout / 3 : 1;
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
    bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, https->headers);
    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, "shikaku-terminal/" SHIKAKU_VERSION);
    bad |= curl_easy_setopt(curl, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect);
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)address->timeout);
    bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, https->error);
    return bad;
}

enum status service_client_open(struct scope *scope, const struct service_address *address,
                                struct service_client **out)
{
    struct https_client *https = NULL;

    TRY(check_address(scope, address));
    https = calloc(1, sizeof *https);
    if (!https)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    https->base.ops = &https_ops;
    https->address = *address;
    https->curl = curl_easy_init();
    https->headers = curl_slist_append(NULL, "Content-Type: application/xml");
    if (!https->curl || !https->headers || set_up(https) != CURLE_OK) {
        https_close(&https->base);
        return scope_fail(scope, CAUSE_INTERNAL, "libcurl lacks TLS 1.3 or an option");
    }
    *out = &https->base;
    return STATUS_OK;
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
