/* SPDX-License-Identifier: Apache-2.0
 *
 * questions.c - the requests of the protocol (tus 1.0.0), one function each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "format/base64.h"
#include "sending/sending_parts.h"

#define FILES "/v1/insurer/files"
#define PATH_SIZE (sizeof FILES + SEND_ID_SIZE + 16)
#define HEADER_SIZE 1024
#define TUS "Tus-Resumable: 1.0.0"

enum { HTTP_OK = 200, HTTP_CREATED = 201, HTTP_NO_CONTENT = 204, HTTP_PARTIAL = 206 };
enum { HTTP_NOT_FOUND = 404, HTTP_RANGE = 416 };

/* Asks; any other code than the wanted one is a refusal. */
static enum status ask(struct scope *scope, struct https_client *client,
                       const struct https_question *question, int wanted, struct https_reply *out)
{
    TRY(https_ask(scope, client, question, out));
    return out->http_code == wanted ? STATUS_OK : send_refusal(scope, out);
}

static void path_of(const struct send_stand *stand, const char *rest, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, FILES "/%s%s", stand->id, rest);
}

static enum status no_answer(struct scope *scope, const char *what)
{
    return scope_fail(scope, CAUSE_SEND_ANSWER_WRONG, "%s", what);
}

/* --- how it stands ------------------------------------------------------------------------------
 */

enum status send_find(struct scope *scope, struct https_client *client,
                      const struct send_stand *wanted, struct send_stand *out)
{
    const struct https_question question = {.method = "GET", .path = FILES};
    struct https_reply reply = {0};

    TRY(ask(scope, client, &question, HTTP_OK, &reply));
    if (!send_list_read(reply.body, wanted, out))
        return no_answer(scope, "no list of files");
    return STATUS_OK;
}

/* An answer with a stand: of the file that was asked about. */
static enum status ask_about(struct scope *scope, struct https_client *client, const char *method,
                             const char *rest, struct send_stand *stand)
{
    char path[PATH_SIZE];
    const struct https_question question = {.method = method, .path = path};
    struct https_reply reply = {0};
    struct send_stand now = {.state = SEND_UNKNOWN};

    path_of(stand, rest, path);
    TRY(ask(scope, client, &question, HTTP_OK, &reply));
    if (!send_stand_read(reply.body, &now) || strcmp(now.id, stand->id) != 0 ||
        now.length != stand->length)
        return no_answer(scope, "not how the file stands");
    *stand = now;
    return STATUS_OK;
}

enum status send_ask_stand(struct scope *scope, struct https_client *client,
                           struct send_stand *stand)
{
    return ask_about(scope, client, "GET", "", stand);
}

enum status send_confirm(struct scope *scope, struct https_client *client, struct send_stand *stand)
{
    return ask_about(scope, client, "POST", "/confirm", stand);
}

/* --- sending ------------------------------------------------------------------------------------
 */

static enum status metadata(struct scope *scope, const char *name, const char *sha256,
                            struct text *out)
{
    struct text name64 = {0}, hash64 = {0};

    TRY(base64_write(scope, text_of(sha256), &hash64));
    if (!name[0])
        return text_format(scope, out, "Upload-Metadata: sha256 %s", hash64.bytes);
    TRY(base64_write(scope, text_of(name), &name64));
    return text_format(scope, out, "Upload-Metadata: filename %s,sha256 %s", name64.bytes,
                       hash64.bytes);
}

/* "/v1/insurer/files/ID" */
static bool read_location(struct text location, char out[SEND_ID_SIZE])
{
    const size_t before = strlen(FILES "/");
    unsigned char id[(SEND_ID_SIZE - 1) / 2];

    if (!text_starts_with(location, FILES "/") ||
        !hex_read((struct text){location.bytes + before, location.size - before}, id, sizeof id))
        return false;
    hex_write(id, sizeof id, out);
    return true;
}

enum status send_create(struct scope *scope, struct https_client *client, const char *name,
                        struct send_stand *stand)
{
    char length[64];
    struct text about = {0};
    struct https_reply reply = {0};

    snprintf(length, sizeof length, "Upload-Length: %" PRId64, stand->length);
    TRY(metadata(scope, name, stand->sha256, &about));
    const char *const headers[] = {TUS, length, about.bytes, NULL};
    const struct https_question question = {.method = "POST", .path = FILES, .headers = headers};
    TRY(ask(scope, client, &question, HTTP_CREATED, &reply));
    if (!read_location(https_reply_field(&reply, "Location"), stand->id))
        return no_answer(scope, "no Location of the new file");
    stand->state = SEND_RECEIVING;
    stand->offset = 0;
    return STATUS_OK;
}

static enum status read_offset(struct scope *scope, const struct https_reply *reply,
                               struct send_stand *stand)
{
    int64_t offset = 0;

    if (!text_read_number(https_reply_field(reply, "Upload-Offset"), &offset) ||
        offset > stand->length)
        return no_answer(scope, "no Upload-Offset");
    stand->offset = offset;
    return STATUS_OK;
}

enum status send_ask_offset(struct scope *scope, struct https_client *client,
                            struct send_stand *stand)
{
    static const char *const headers[] = {TUS, NULL};
    char path[PATH_SIZE];
    const struct https_question question = {.method = "HEAD", .path = path, .headers = headers};
    struct https_reply reply = {0};

    path_of(stand, "", path);
    TRY(https_ask(scope, client, &question, &reply));
    if (reply.http_code == HTTP_NOT_FOUND) /* HEAD has no body that says so */
        return scope_fail(scope, CAUSE_UPLOAD_UNKNOWN, "the service says HTTP 404");
    if (reply.http_code != HTTP_OK)
        return send_refusal(scope, &reply);
    return read_offset(scope, &reply, stand);
}

enum status send_part(struct scope *scope, struct https_client *client, struct https_stream *part,
                      struct send_stand *stand)
{
    char path[PATH_SIZE], offset[64];
    const char *const headers[] = {TUS, offset, "Content-Type: application/offset+octet-stream",
                                   NULL};
    const struct https_question question = {
        .method = "PATCH", .path = path, .headers = headers, .sent = part};
    struct https_reply reply = {0};

    path_of(stand, "", path);
    snprintf(offset, sizeof offset, "Upload-Offset: %" PRId64, part->offset);
    TRY(ask(scope, client, &question, HTTP_NO_CONTENT, &reply));
    return read_offset(scope, &reply, stand);
}

enum status send_remove(struct scope *scope, struct https_client *client, struct send_stand *stand)
{
    static const char *const headers[] = {TUS, NULL};
    char path[PATH_SIZE];
    const struct https_question question = {.method = "DELETE", .path = path, .headers = headers};
    struct https_reply reply = {0};

    path_of(stand, "", path);
    return ask(scope, client, &question, HTTP_NO_CONTENT, &reply);
}

/* --- the reply ----------------------------------------------------------------------------------
 */

enum status send_fetch_reply(struct scope *scope, struct https_client *client,
                             const struct send_stand *stand, struct https_stream *reply)
{
    char path[PATH_SIZE], range[64];
    int64_t begin = reply->offset;
    const char *const headers[] = {begin > 0 ? range : NULL, NULL};
    const struct https_question question = {
        .method = "GET", .path = path, .headers = headers, .taken = reply};
    struct https_reply answer = {0};

    path_of(stand, "/reply", path);
    snprintf(range, sizeof range, "Range: bytes=%" PRId64 "-", begin);
    TRY(https_ask(scope, client, &question, &answer));
    if (begin > 0 && answer.http_code == HTTP_RANGE)
        return STATUS_OK; /* all of it had come */
    if (answer.http_code != (begin > 0 ? HTTP_PARTIAL : HTTP_OK)) {
        reply->offset = 0; /* what was taken may be from elsewhere: anew */
        return send_refusal(scope, &answer);
    }
    return STATUS_OK;
}
