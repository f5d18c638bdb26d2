/* SPDX-License-Identifier: Apache-2.0
 *
 * upload_answer.c - what is answered about insurers' files: JSON, and the header fields of tus.
 */
#include "http/upload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format/base64.h"

#define BODY_SIZE ((size_t)2048)
#define DATE_SIZE 40
#define VALUE_SIZE 512
#define MEMORY ((size_t)16 * 1024)
/* Bytes a failure may use beyond the request's limit, which may be what failed. */
#define FAILURE_ROOM ((size_t)16 * 1024)
#define TOO_MANY_REQUESTS 429

/* Where the code that belongs to a status does not say enough. */
static const struct {
    enum cause cause;
    int http_code;
} codes[] = {
    {CAUSE_UPLOAD_VERSION, MHD_HTTP_PRECONDITION_FAILED},
    {CAUSE_UPLOAD_TYPE, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE},
    {CAUSE_UPLOAD_LOCKED, MHD_HTTP_LOCKED},
    {CAUSE_UPLOAD_RANGE, MHD_HTTP_RANGE_NOT_SATISFIABLE},
    {CAUSE_UPLOAD_TOO_MANY, TOO_MANY_REQUESTS},
    {CAUSE_SPOOL_FULL, MHD_HTTP_INSUFFICIENT_STORAGE},
};

/* --- JSON ---------------------------------------------------------------------------------------
 */

/* Strings here are UTF-8 without control characters. */
static void add_string(struct text_buffer *buffer, const char *name, const char *value)
{
    text_buffer_add_format(buffer, ",\"%s\":\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            text_buffer_add_char(buffer, '\\');
        text_buffer_add_char(buffer, *value);
    }
    text_buffer_add_char(buffer, '"');
}

static void add_number(struct text_buffer *buffer, const char *name, int64_t value)
{
    text_buffer_add_format(buffer, ",\"%s\":%" PRId64, name, value);
}

static void add_instant(struct text_buffer *buffer, const char *name, struct instant value)
{
    char utc[DATE_SIZE];

    instant_write_utc(value, utc);
    add_string(buffer, name, utc);
}

static void add_cause(struct text_buffer *buffer, enum cause cause)
{
    const struct failure_text *text = failure_text(cause);

    text_buffer_add_format(buffer, "\"code\":\"%s\"", text->code);
    add_string(buffer, "text_ja", text->desk_ja);
    add_string(buffer, "text_en", text->desk_en);
    add_string(buffer, "it_ja", text->it_ja);
    add_string(buffer, "it_en", text->it_en);
}

static void add_rows(struct text_buffer *buffer, const struct spool_entry *entry)
{
    if (entry->state == SPOOL_LOADING || entry->state == SPOOL_DONE) {
        add_number(buffer, "rows", entry->rows);
        add_number(buffer, "rows_done", entry->rows_done);
    }
    if (entry->state != SPOOL_DONE)
        return;
    add_number(buffer, "accepted", entry->accepted);
    add_number(buffer, "warned", entry->warned);
    add_number(buffer, "refused", entry->refused);
    text_buffer_add_format(buffer, ",\"loaded_before\":%s",
                           entry->loaded_before ? "true" : "false");
    if (entry->reply_size > 0)
        text_buffer_add_format(buffer, ",\"reply\":\"" UPLOAD_PATH "/%s/reply\"", entry->id);
}

static void add_entry(struct text_buffer *buffer, const struct spool *spool,
                      const struct spool_entry *entry)
{
    text_buffer_add_format(buffer, "{\"id\":\"%s\"", entry->id);
    add_string(buffer, "state", spool_state_name(entry->state));
    add_string(buffer, "insurer", entry->insurer.digits);
    add_string(buffer, "name", entry->name);
    add_string(buffer, "sha256", entry->sha256);
    add_number(buffer, "length", entry->length);
    add_number(buffer, "offset", entry->offset);
    add_instant(buffer, "created", entry->created);
    add_instant(buffer, "changed", entry->changed);
    if (entry->state == SPOOL_RECEIVING || entry->state == SPOOL_ASKING)
        add_instant(buffer, "expires", spool_expiry(spool, entry));
    add_rows(buffer, entry);
    if (entry->cause != CAUSE_NONE) {
        text_buffer_add_string(buffer, ",\"reason\":{");
        add_cause(buffer, entry->cause);
        text_buffer_add_char(buffer, '}');
    }
    text_buffer_add_char(buffer, '}');
}

enum status upload_answer_list(struct scope *scope, const struct spool *spool,
                               const struct spool_entry *entries, size_t count, struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, BODY_SIZE + count * BODY_SIZE / 2);

    text_buffer_add_string(&buffer, "{\"files\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_buffer_add_char(&buffer, ',');
        add_entry(&buffer, spool, &entries[i]);
    }
    text_buffer_add_string(&buffer, "]}\n");
    return text_buffer_end(&buffer, out);
}

/* --- outcomes -----------------------------------------------------------------------------------
 */

static enum status answer_entry(struct scope *scope, const struct upload *upload,
                                const struct spool *spool, struct service_outcome *outcome)
{
    struct text_buffer buffer = text_buffer_begin(scope, BODY_SIZE);

    add_entry(&buffer, spool, &upload->entry);
    text_buffer_add_char(&buffer, '\n');
    return text_buffer_end(&buffer, &outcome->body);
}

enum status upload_answer(struct scope *scope, struct upload *upload, const struct spool *spool,
                          struct service_outcome *outcome)
{
    outcome->http_code = MHD_HTTP_OK;
    switch (upload->kind) {
    case UPLOAD_CREATE:
        outcome->http_code = MHD_HTTP_CREATED;
        return answer_entry(scope, upload, spool, outcome);
    case UPLOAD_STATE:
    case UPLOAD_CONFIRM:
        return answer_entry(scope, upload, spool, outcome);
    case UPLOAD_REPLY:
        if (!upload->whole)
            outcome->http_code = MHD_HTTP_PARTIAL_CONTENT;
        return STATUS_OK;
    case UPLOAD_PATCH:
        upload->offset = upload->entry.offset;
        outcome->http_code = MHD_HTTP_NO_CONTENT;
        return STATUS_OK;
    case UPLOAD_HEAD:
        upload->offset = upload->entry.offset;
        return STATUS_OK;
    case UPLOAD_OPTIONS:
    case UPLOAD_REMOVE:
        outcome->http_code = MHD_HTTP_NO_CONTENT;
        return STATUS_OK;
    case UPLOAD_NONE:
    case UPLOAD_LIST:
        break;
    }
    return STATUS_OK;
}

static int http_code_of(enum cause cause)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].cause == cause)
            return codes[i].http_code;
    return failure_http_code(failure_text(cause)->status);
}

void upload_answer_failure(struct scope *scope, enum cause cause, struct service_outcome *outcome)
{
    struct text_buffer buffer = {0};

    if (scope->cause == CAUSE_NONE)
        scope_fail(scope, cause, "%s", "");
    scope->limit += FAILURE_ROOM;
    buffer = text_buffer_begin(scope, BODY_SIZE);
    outcome->http_code = http_code_of(cause);
    outcome->entry.cause = cause;
    text_buffer_add_char(&buffer, '{');
    add_cause(&buffer, cause);
    add_string(&buffer, "request", scope->id);
    text_buffer_add_string(&buffer, "}\n");
    if (text_buffer_end(&buffer, &outcome->body) != STATUS_OK)
        outcome->body = text_of(failure_text(cause)->code);
}

/* --- header fields ------------------------------------------------------------------------------
 */

static void add_number_header(struct MHD_Response *response, const char *name, int64_t value)
{
    char digits[DATE_SIZE];

    snprintf(digits, sizeof digits, "%" PRId64, value);
    MHD_add_response_header(response, name, digits);
}

/* RFC 9110: Wed, 25 Nov 2026 07:00:00 GMT. */
static void add_expiry(struct MHD_Response *response, const struct spool *spool,
                       const struct spool_entry *entry)
{
    time_t seconds = (time_t)(spool_expiry(spool, entry).microseconds / 1000000);
    struct tm utc = {0};
    char date[DATE_SIZE];

    if (entry->state != SPOOL_RECEIVING || !gmtime_r(&seconds, &utc) ||
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc) == 0)
        return;
    MHD_add_response_header(response, "Upload-Expires", date);
}

static void add_metadata(struct MHD_Response *response, const struct spool_entry *entry)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(MEMORY);
    struct text name = {0}, hash = {0};
    char value[VALUE_SIZE] = "";
    size_t used = 0;

    if (entry->name[0] && base64_write(&scope, text_of(entry->name), &name) == STATUS_OK)
        used = (size_t)snprintf(value, sizeof value, "filename %s", name.bytes);
    if (entry->sha256[0] && base64_write(&scope, text_of(entry->sha256), &hash) == STATUS_OK)
        snprintf(value + used, sizeof value - used, "%ssha256 %s", used > 0 ? "," : "", hash.bytes);
    if (value[0])
        MHD_add_response_header(response, "Upload-Metadata", value);
}

static void add_location(struct MHD_Response *response, const struct upload *upload)
{
    char path[sizeof UPLOAD_PATH + SPOOL_ID_SIZE + 1];

    snprintf(path, sizeof path, UPLOAD_PATH "/%s", upload->id);
    MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, path);
}

static void add_range(struct MHD_Response *response, const struct upload *upload, int http_code)
{
    char value[3 * DATE_SIZE];

    if (http_code == MHD_HTTP_OK || http_code == MHD_HTTP_PARTIAL_CONTENT)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (http_code == MHD_HTTP_PARTIAL_CONTENT)
        snprintf(value, sizeof value, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, upload->range.first,
                 upload->range.last, upload->reply_size);
    else if (http_code == MHD_HTTP_RANGE_NOT_SATISFIABLE)
        snprintf(value, sizeof value, "bytes */%" PRId64, upload->reply_size);
    else
        return;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, value);
}

static void add_abilities(struct MHD_Response *response, const struct spool *spool)
{
    MHD_add_response_header(response, "Tus-Extension", "creation,expiration,termination");
    add_number_header(response, "Tus-Max-Size", spool_options(spool)->file_limit);
}

void upload_add_headers(const struct request *request, const struct spool *spool,
                        struct MHD_Response *response)
{
    const struct upload *upload = request->upload;
    int code = request->outcome.http_code;
    bool good = request->outcome.entry.cause == CAUSE_NONE;

    MHD_add_response_header(response, "Tus-Resumable", TUS_VERSION);
    if (upload->kind == UPLOAD_OPTIONS || code == MHD_HTTP_PRECONDITION_FAILED)
        MHD_add_response_header(response, "Tus-Version", TUS_VERSION);
    if (upload->kind == UPLOAD_OPTIONS && good)
        add_abilities(response, spool);
    if (upload->offset >= 0)
        add_number_header(response, "Upload-Offset", upload->offset);
    if (upload->kind == UPLOAD_CREATE && good)
        add_location(response, upload);
    if (upload->kind == UPLOAD_HEAD && good) {
        add_number_header(response, "Upload-Length", upload->entry.length);
        add_metadata(response, &upload->entry);
    }
    if (good)
        add_expiry(response, spool, &upload->entry);
    if (upload->kind == UPLOAD_REPLY)
        add_range(response, upload, code);
}
