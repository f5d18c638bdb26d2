/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "net/transfer.h"

#define POOL_SIZE 16 /* connections kept; more are made and dropped */
#define HTTP_OK 200
#define FIRST_ROOM 4096

struct curl_fetcher {
    struct fetcher base; /* first, so that a struct fetcher * of ours is this */
    char *ca;            /* or NULL */
    pthread_mutex_t lock;
    size_t idle_count;
    CURL *idle[POOL_SIZE];
};

static bool set_up(CURL *curl, const struct curl_fetcher *fetcher)
{
    CURLcode bad = transfer_set_up(curl, "http,https,file");

    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, "shikaku/" SHIKAKU_VERSION);
    if (fetcher->ca) {
        bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, fetcher->ca);
        bad |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    return bad == CURLE_OK;
}

static CURL *take_out(struct curl_fetcher *fetcher)
{
    CURL *curl = NULL;

    pthread_mutex_lock(&fetcher->lock);
    if (fetcher->idle_count > 0)
        curl = fetcher->idle[--fetcher->idle_count];
    pthread_mutex_unlock(&fetcher->lock);
    if (curl)
        return curl;
    curl = curl_easy_init();
    if (curl && set_up(curl, fetcher))
        return curl;
    curl_easy_cleanup(curl);
    return NULL;
}

static void put_back(struct curl_fetcher *fetcher, CURL *curl)
{
    pthread_mutex_lock(&fetcher->lock);
    if (fetcher->idle_count < POOL_SIZE) {
        fetcher->idle[fetcher->idle_count++] = curl;
        curl = NULL;
    }
    pthread_mutex_unlock(&fetcher->lock);
    curl_easy_cleanup(curl);
}

static CURLcode perform(CURL *curl, const struct fetch_request *request,
                        const struct curl_slist *headers, struct transfer_taking *taking,
                        long *http_code)
{
    CURLcode result = CURLE_OK;

    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->milliseconds);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)request->milliseconds);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, taking);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (text_empty(request->body)) {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.bytes);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    }
    result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, http_code);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, NULL);
    return result;
}

static enum status curl_fetch(struct scope *scope, struct fetcher *fetcher_,
                              const struct fetch_request *request, struct text *body,
                              long *http_code)
{
    struct curl_fetcher *fetcher = (struct curl_fetcher *)fetcher_;
    struct transfer_taking taking = {text_buffer_begin(scope, FIRST_ROOM), request->limit};
    struct curl_slist *headers = NULL;
    CURL *curl = take_out(fetcher);
    CURLcode result = CURLE_OK;
    char type[128];

    if (!curl)
        return scope_fail(scope, CAUSE_STATUS_SOURCE_AWAY, "libcurl cannot begin");
    if (request->content_type) {
        snprintf(type, sizeof type, "Content-Type: %s", request->content_type);
        headers = curl_slist_append(NULL, type);
    }
    result = perform(curl, request, headers, &taking, http_code);
    curl_slist_free_all(headers);
    put_back(fetcher, curl);
    if (result != CURLE_OK)
        return scope_fail(scope, CAUSE_STATUS_SOURCE_AWAY, "curl %d: %.200s", (int)result,
                          curl_easy_strerror(result));
    if (*http_code == 0)
        *http_code = HTTP_OK; /* a file has none */
    return text_buffer_end(&taking.buffer, body);
}

static void curl_close(struct fetcher *fetcher_)
{
    struct curl_fetcher *fetcher = (struct curl_fetcher *)fetcher_;

    for (size_t i = 0; i < fetcher->idle_count; i++)
        curl_easy_cleanup(fetcher->idle[i]);
    pthread_mutex_destroy(&fetcher->lock);
    free(fetcher->ca);
    free(fetcher);
    curl_global_cleanup();
}

static const struct fetcher_ops curl_ops = {curl_fetch, curl_close};

enum status fetcher_open(struct scope *scope, const char *ca, struct fetcher **out)
{
    struct curl_fetcher *fetcher = calloc(1, sizeof *fetcher);

    if (!fetcher || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(fetcher);
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    }
    fetcher->base.ops = &curl_ops;
    pthread_mutex_init(&fetcher->lock, NULL);
    fetcher->ca = ca && *ca ? strdup(ca) : NULL;
    *out = &fetcher->base;
    return STATUS_OK;
}

void fetcher_close(struct fetcher *fetcher)
{
    if (fetcher)
        fetcher->ops->close(fetcher);
}

bool fetch_url_ok(const char *url)
{
    static const char *const beginnings[] = {"http://", "https://", "file:///"};

    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncmp(url, beginnings[i], strlen(beginnings[i])) == 0)
            return url[strlen(beginnings[i])] != '\0';
    return false;
}

enum status fetcher_get_any(struct scope *scope, struct fetcher *fetcher,
                            const struct fetch_request *request, struct text *body, long *http_code)
{
    return fetcher->ops->fetch(scope, fetcher, request, body, http_code);
}

enum status fetcher_get(struct scope *scope, struct fetcher *fetcher,
                        const struct fetch_request *request, struct text *body)
{
    long http_code = 0;

    TRY(fetcher_get_any(scope, fetcher, request, body, &http_code));
    if (http_code != HTTP_OK)
        return scope_fail(scope, CAUSE_STATUS_SOURCE_AWAY, "HTTP %ld", http_code);
    return STATUS_OK;
}
