/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/desk.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool desk_looks_whole(struct text request)
{
    static const char end[] = "</XmlMsg";
    size_t size = sizeof end - 1;

    request = text_trim(request);
    if (request.size == 0 || request.bytes[request.size - 1] != '>')
        return false;
    request.size--;
    while (request.size > 0 && is_blank(request.bytes[request.size - 1]))
        request.size--;
    return request.size >= size && memcmp(request.bytes + request.size - size, end, size) == 0;
}

/* --- encoding --------------------------------------------------------------------------------- */

/* Puts the remark where the book has it: behind the status, if no code stands there yet. */
static enum status add_remark(struct scope *scope, struct text utf8, struct text *out)
{
    static const char status[] = "</ProcessingResultStatus>";
    const struct failure_text *remark = failure_text(CAUSE_REMARK_CP932);
    const char *at = memmem(utf8.bytes, utf8.size, status, sizeof status - 1);
    size_t before = 0;

    *out = utf8;
    if (!at || memmem(utf8.bytes, utf8.size, "<ProcessingResultCode>", 22))
        return STATUS_OK;
    before = (size_t)(at - utf8.bytes) + sizeof status - 1;
    return text_format(scope, out,
                       "%.*s<ProcessingResultCode>%s</ProcessingResultCode>"
                       "<ProcessingResultMessage>%s</ProcessingResultMessage>%.*s",
                       (int)before, utf8.bytes, remark->code, remark->desk_ja,
                       (int)(utf8.size - before), utf8.bytes + before);
}

enum status desk_encode(struct scope *scope, struct text utf8, enum oqs_encoding encoding,
                        struct text *out, size_t *replaced)
{
    struct text remarked = {0};

    *replaced = 0;
    *out = utf8;
    if (encoding == OQS_UTF8)
        return STATUS_OK;
    TRY(oqs_answer_to_shift_jis(scope, utf8, out, replaced));
    if (*replaced == 0)
        return STATUS_OK;
    TRY(add_remark(scope, utf8, &remarked));
    return oqs_answer_to_shift_jis(scope, remarked, out, replaced);
}

/* --- results ---------------------------------------------------------------------------------- */

static enum status write_refusal(struct scope *scope, enum cause cause,
                                 const struct oqs_partial *partial, enum oqs_encoding encoding,
                                 struct desk_answer *out)
{
    const struct oqs_answer answer = {
        .processed = scope->now,
        .on = partial->on,
        .institution = partial->institution,
        .file_identifier = partial->file_identifier,
        .cause = cause,
    };
    struct text utf8 = {0};

    out->cause = cause;
    TRY(oqs_answer_write(scope, OQS_XML, &answer, &utf8));
    return desk_encode(scope, utf8, encoding, &out->bytes, &out->replaced);
}

enum status desk_refuse(struct scope *scope, enum cause cause, struct text request,
                        enum oqs_encoding encoding, struct desk_answer *out)
{
    struct oqs_inquiry inquiry = {0};
    struct oqs_partial partial = {0};

    /* for what the header says only; whether the rest is right does not matter here */
    if (request.size > 0 &&
        oqs_inquiry_read(scope, OQS_XML, request, &inquiry, &partial) != STATUS_OK)
        scope_forgive(scope);
    return write_refusal(scope, cause, &partial, encoding, out);
}

enum status desk_answer(struct scope *scope, struct service_client *client, enum request_kind kind,
                        struct text request, enum oqs_encoding encoding, struct desk_answer *out)
{
    struct oqs_inquiry inquiry = {0};
    struct oqs_partial partial = {0};
    struct service_reply reply = {0};
    struct text body = {0};
    enum status status = STATUS_OK;

    if (kind == REQUEST_UNSUPPORTED)
        return desk_refuse(scope, CAUSE_FAMILY_UNSUPPORTED, request, encoding, out);
    status = oqs_inquiry_read(scope, OQS_XML, request, &inquiry, &partial);
    if (status == STATUS_INVALID || scope->cause == CAUSE_BODY_TOO_LARGE) {
        enum cause cause = scope->cause;
        memcpy(out->detail, scope->failure, sizeof out->detail);
        scope_forgive(scope);
        return write_refusal(scope, cause, &partial, encoding, out);
    }
    if (status != STATUS_OK)
        return status;
    TRY(oqs_inquiry_write(scope, OQS_XML, &inquiry, &body));
    TRY(service_post(scope, client, SERVICE_CHECK_BY_NUMBERS, body, &reply));
    out->cause = CAUSE_NONE;
    return desk_encode(scope, reply.body, encoding, &out->bytes, &out->replaced);
}
