/* SPDX-License-Identifier: Apache-2.0
 *
 * https_ask.c - questions of any method, whose bodies may be files. A handle of its own for each,
 * set up from the client's; connections are shared by the client's cache.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "net/https_client_parts.h"

#define HEAD_MAX ((size_t)16 * 1024)
#define FIRST_ROOM 2048
#define HTTP_OK 200
#define HTTP_REDIRECT 300

/* A question under way. */
struct asking {
    CURL *curl;
    const struct https_question *question;
    struct transfer_taking head, body;
};

/* --- what libcurl calls --------------------------------------------------------------------------
 */

static void moved(struct https_stream *stream, int64_t more)
{
    stream->offset += more;
    stream->left -= more;
    if (stream->moved)
        stream->moved(stream->context, more);
}

static size_t send_piece(char *bytes, size_t size, size_t count, void *stream_)
{
    struct https_stream *stream = stream_;
    size_t want = size * count;
    ssize_t got = 0;

    if ((int64_t)want > stream->left)
        want = (size_t)stream->left;
    if (want == 0)
        return 0;
    got = pread(stream->file, bytes, want, (off_t)stream->offset);
    if (got <= 0) {
        stream->failed = true;
        return CURL_READFUNC_ABORT;
    }
    moved(stream, got);
    return (size_t)got;
}

static size_t take_piece(const char *bytes, size_t size, size_t count, void *asking_)
{
    struct asking *asking = asking_;
    struct https_stream *stream = asking->question->taken;
    long code = 0;
    size_t all = size * count;

    curl_easy_getinfo(asking->curl, CURLINFO_RESPONSE_CODE, &code);
    if (!stream || code < HTTP_OK || code >= HTTP_REDIRECT)
        return transfer_take(bytes, size, count, &asking->body);
    if ((int64_t)all > stream->left)
        return 0;
    if (pwrite(stream->file, bytes, all, (off_t)stream->offset) != (ssize_t)all) {
        stream->failed = true;
        return 0;
    }
    moved(stream, (int64_t)all);
    return all;
}

/* --- setting up ---------------------------------------------------------------------------------
 */

/* Silence ends a request that streams; any other has its time. */
static CURLcode set_time(CURL *curl, const struct https_question *question, long timeout)
{
    CURLcode bad = CURLE_OK;
    bool streams = question->sent || question->taken;

    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, streams ? 0L : timeout);
    bad |= curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, streams ? 1L : 0L);
    bad |= curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, streams ? timeout : 0L);
    return bad;
}

static CURLcode set_body(CURL *curl, const struct https_question *question)
{
    struct https_stream *sent = question->sent;
    CURLcode bad = CURLE_OK;

    if (sent) {
        bad |= curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        bad |= curl_easy_setopt(curl, CURLOPT_READFUNCTION, send_piece);
        bad |= curl_easy_setopt(curl, CURLOPT_READDATA, sent);
        bad |= curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)sent->left);
    } else if (strcmp(question->method, "HEAD") == 0) {
        bad |= curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (strcmp(question->method, "POST") == 0) {
        bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
        bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
    } else {
        bad |= curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    return bad | curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST,
                                  strcmp(question->method, "HEAD") ? question->method : NULL);
}

static CURLcode set_up(struct https_client *client, struct asking *asking, const char *url,
                       const struct curl_slist *headers)
{
    CURL *curl = asking->curl;
    CURLcode bad = set_body(curl, asking->question);

    bad |= set_time(curl, asking->question, (long)client->order.timeout);
    bad |= curl_easy_setopt(curl, CURLOPT_URL, url);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_piece);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEDATA, asking);
    bad |= curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, transfer_take);
    bad |= curl_easy_setopt(curl, CURLOPT_HEADERDATA, &asking->head);
    return bad;
}

static enum status end_texts(struct asking *asking, struct https_reply *out)
{
    TRY(text_buffer_end(&asking->head.buffer, &out->head));
    return text_buffer_end(&asking->body.buffer, &out->body);
}

static struct curl_slist *list_of(const char *const *headers)
{
    struct curl_slist *list = NULL;

    for (; headers && *headers; headers++)
        list = curl_slist_append(list, *headers);
    return list;
}

/* --- asking -------------------------------------------------------------------------------------
 */

enum status https_ask(struct scope *scope, struct https_client *client,
                      const struct https_question *question, struct https_reply *out)
{
    struct asking asking = {
        .curl = client->curl,
        .question = question,
        .head = {text_buffer_begin(scope, FIRST_ROOM), HEAD_MAX},
        .body = {text_buffer_begin(scope, FIRST_ROOM), client->order.answer_max},
    };
    struct curl_slist *headers = list_of(question->headers);
    struct https_reply reply = {0};
    char url[HTTPS_URL_MAX];
    CURLcode result = CURLE_OK;
    long code = 0;

    snprintf(url, sizeof url, "%s%s", client->order.url, question->path);
    client->error[0] = '\0';
    curl_easy_reset(client->curl); /* connections stay */
    result = https_client_set_up(client) | set_up(client, &asking, url, headers);
    if (result == CURLE_OK)
        result = curl_easy_perform(client->curl);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_reset(client->curl);
    curl_slist_free_all(headers);
    if (https_client_set_up(client) != CURLE_OK || result != CURLE_OK)
        return https_client_failed(scope, client, result);
    reply.http_code = (int)code;
    TRY(end_texts(&asking, &reply));
    *out = reply;
    return STATUS_OK;
}

/* The head may hold that of a 100 before: the last of a name counts. */
struct text https_reply_field(const struct https_reply *reply, const char *name)
{
    struct text rest = reply->head;
    struct text found = {0};
    size_t size = strlen(name);

    while (rest.size > 0) {
        const char *end = memchr(rest.bytes, '\n', rest.size);
        size_t line = end ? (size_t)(end - rest.bytes) + 1 : rest.size;
        if (line > size && rest.bytes[size] == ':' && strncasecmp(rest.bytes, name, size) == 0)
            found = text_trim((struct text){rest.bytes + size + 1, line - size - 1});
        rest = (struct text){rest.bytes + line, rest.size - line};
    }
    return found;
}
