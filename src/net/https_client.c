/* SPDX-License-Identifier: Apache-2.0 */
#include "net/https_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/https_client_parts.h"

/* A certificate is why; trying again does not help. */
static bool is_distrust(CURLcode result)
{
    static const CURLcode ours[] = {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
                                    CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR};

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (ours[i] == result)
            return true;
    return false;
}

enum status https_client_failed(struct scope *scope, const struct https_client *client,
                                CURLcode result)
{
    const struct https_order *order = &client->order;
    bool distrusted = order->distrusted != CAUSE_NONE && is_distrust(result);

    return scope_fail(scope, distrusted ? order->distrusted : order->away, "curl %d: %.200s",
                      (int)result, client->error[0] ? client->error : curl_easy_strerror(result));
}

enum status https_post(struct scope *scope, struct https_client *client, const char *path,
                       struct text body, struct https_reply *out)
{
    struct transfer_taking taking = {text_buffer_begin(scope, 4096), client->order.answer_max};
    struct https_reply reply = {0};
    char url[HTTPS_URL_MAX];
    long code = 0;
    CURLcode result = CURLE_OK;

    snprintf(url, sizeof url, "%s%s", client->order.url, path);
    client->error[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body.size ? body.bytes : "");
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &taking);
    result = curl_easy_perform(client->curl);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, NULL);
    if (result != CURLE_OK)
        return https_client_failed(scope, client, result);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &code);
    reply.http_code = (int)code;
    TRY(text_buffer_end(&taking.buffer, &reply.body));
    *out = reply;
    return STATUS_OK;
}

static enum status check_order(struct scope *scope, const struct https_order *order)
{
    const char *const files[] = {order->ca, order->certificate, order->key};

    if (strncmp(order->url, "https://", 8) != 0 || strlen(order->url) > HTTPS_URL_MAX / 2)
        return scope_fail(scope, CAUSE_CONFIGURATION, "%s: an address https://host:port",
                          order->name);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (!files[i] || access(files[i], R_OK) != 0)
            return scope_fail(scope, CAUSE_CONFIGURATION, "%s: cannot read '%s'", order->name,
                              files[i] ? files[i] : "(no file named)");
    return STATUS_OK;
}

static CURLcode set_up_tls(CURL *curl, const struct https_order *order)
{
    CURLcode bad = CURLE_OK;

    bad |= curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                            (long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3);
    bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, order->ca);
    bad |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSLCERT, order->certificate);
    bad |= curl_easy_setopt(curl, CURLOPT_SSLKEY, order->key);
    return bad;
}

CURLcode https_client_set_up(struct https_client *client)
{
    const struct https_order *order = &client->order;
    long connect = order->timeout >= 3 ? order->timeout / 3 : 1;
    CURL *curl = client->curl;
    CURLcode bad = transfer_set_up(curl, "https") | set_up_tls(curl, order);

    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, client->headers);
    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, order->agent);
    bad |= curl_easy_setopt(curl, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect);
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)order->timeout);
    bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
    return bad;
}

static struct curl_slist *headers_of(const struct https_order *order)
{
    char line[128];

    snprintf(line, sizeof line, "Content-Type: %s", order->content_type);
    return curl_slist_append(NULL, line);
}

enum status https_client_open(struct scope *scope, const struct https_order *order,
                              struct https_client **out)
{
    struct https_client *client = NULL;

    TRY(check_order(scope, order));
    client = calloc(1, sizeof *client);
    if (!client)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    client->order = *order;
    client->curl = curl_easy_init();
    client->headers = headers_of(order);
    if (!client->curl || !client->headers || https_client_set_up(client) != CURLE_OK) {
        https_client_close(client);
        return scope_fail(scope, CAUSE_INTERNAL, "libcurl lacks TLS 1.3 or an option");
    }
    *out = client;
    return STATUS_OK;
}

void https_client_close(struct https_client *client)
{
    if (!client)
        return;
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
    free(client);
}
