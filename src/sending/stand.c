/* SPDX-License-Identifier: Apache-2.0
 *
 * stand.c - how files stand, as the service says it in JSON. Read as strictly as it is used: the
 * service is another organisation's.
 */
#include <jansson.h>
#include <string.h>

#include "base/hex.h"
#include "sending/sending_parts.h"

#define HTTP_REQUEST_TIMEOUT 408
#define HTTP_INTERNAL 500

/* In the order of enum send_state. */
static const char *const names[] = {"unknown", "receiving", "waiting", "loading",
                                    "done",    "refused",   "asking"};
#define NAME_COUNT (sizeof names / sizeof names[0])

const char *send_state_name(enum send_state state)
{
    return names[state];
}

static void json_drop(json_t **json)
{
    json_decref(*json);
}

static json_t *load(struct text body)
{
    return body.size > 0 ? json_loadb(body.bytes, body.size, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* --- one file -----------------------------------------------------------------------------------
 */

static bool read_state(const json_t *object, enum send_state *out)
{
    const char *name = json_string_value(json_object_get(object, "state"));

    for (size_t i = 1; name && i < NAME_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (enum send_state)i;
            return true;
        }
    return false;
}

/* Exactly size bytes in hexadecimal digits: an id goes into a path. */
static bool read_hex(const json_t *object, const char *name, size_t size, char *out)
{
    const char *digits = json_string_value(json_object_get(object, name));
    unsigned char bytes[(SEND_HASH_SIZE - 1) / 2];

    if (!digits || !hex_read(text_of(digits), bytes, size))
        return false;
    hex_write(bytes, size, out);
    return true;
}

/* 0 where it is not there; false where it is no count. */
static bool read_count(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);

    *out = json_integer_value(value);
    return (!value || json_is_integer(value)) && *out >= 0;
}

static bool read_counts(const json_t *object, struct send_stand *out)
{
    return read_count(object, "length", &out->length) &&
           read_count(object, "offset", &out->offset) && read_count(object, "rows", &out->rows) &&
           read_count(object, "rows_done", &out->rows_done) &&
           read_count(object, "accepted", &out->accepted) &&
           read_count(object, "warned", &out->warned) &&
           read_count(object, "refused", &out->refused) && out->offset <= out->length;
}

static enum cause cause_in(const json_t *object)
{
    const char *code = json_string_value(json_object_get(object, "code"));

    return code ? failure_cause(code) : CAUSE_NONE;
}

static bool read_stand(const json_t *object, struct send_stand *out)
{
    struct send_stand stand = {.state = SEND_UNKNOWN};

    if (!read_state(object, &stand.state) ||
        !read_hex(object, "id", (SEND_ID_SIZE - 1) / 2, stand.id) || !read_counts(object, &stand))
        return false;
    if (!read_hex(object, "sha256", (SEND_HASH_SIZE - 1) / 2, stand.sha256))
        stand.sha256[0] = '\0'; /* its sender did not tell */
    stand.loaded_before = json_is_true(json_object_get(object, "loaded_before"));
    stand.has_reply = json_is_string(json_object_get(object, "reply"));
    stand.reason = cause_in(json_object_get(object, "reason"));
    *out = stand;
    return true;
}

bool send_stand_read(struct text body, struct send_stand *out)
{
    CLEANUP(json_drop) json_t *json = load(body);

    return json && read_stand(json, out);
}

/* --- a list -------------------------------------------------------------------------------------
 */

/* Done is farthest, then what is on its way, then what was received most of; refused is last. */
static int rank_of(enum send_state state)
{
    static const int ranks[] = {
        [SEND_UNKNOWN] = 0, [SEND_REFUSED] = 1, [SEND_RECEIVING] = 2, [SEND_ASKING] = 3,
        [SEND_WAITING] = 4, [SEND_LOADING] = 5, [SEND_DONE] = 6};

    return ranks[state];
}

static bool is_farther(const struct send_stand *a, const struct send_stand *b)
{
    if (rank_of(a->state) != rank_of(b->state))
        return rank_of(a->state) > rank_of(b->state);
    /* of two that are done, the one that has the reply */
    return a->state == SEND_DONE ? a->has_reply && !b->has_reply : a->offset > b->offset;
}

bool send_list_read(struct text body, const struct send_stand *wanted, struct send_stand *out)
{
    CLEANUP(json_drop) json_t *json = load(body);
    const json_t *files = json_object_get(json, "files");

    *out = (struct send_stand){.state = SEND_UNKNOWN};
    if (!json_is_array(files))
        return false;
    for (size_t i = 0; i < json_array_size(files); i++) {
        struct send_stand stand = {.state = SEND_UNKNOWN};
        if (!read_stand(json_array_get(files, i), &stand))
            return false;
        if (stand.length == wanted->length && strcmp(stand.sha256, wanted->sha256) == 0 &&
            is_farther(&stand, out))
            *out = stand;
    }
    return true;
}

/* --- a refusal ----------------------------------------------------------------------------------
 */

enum status send_refusal(struct scope *scope, const struct https_reply *reply)
{
    CLEANUP(json_drop) json_t *json = load(reply->body);
    enum cause cause = cause_in(json);

    if (cause != CAUSE_NONE && failure_text(cause)->status != STATUS_OK)
        return scope_fail(scope, cause, "the service says HTTP %d", reply->http_code);
    if (reply->http_code >= HTTP_INTERNAL || reply->http_code == HTTP_REQUEST_TIMEOUT)
        return scope_fail(scope, CAUSE_SEND_AWAY, "HTTP %d", reply->http_code);
    return scope_fail(scope, CAUSE_SEND_ANSWER_WRONG, "HTTP %d", reply->http_code);
}
