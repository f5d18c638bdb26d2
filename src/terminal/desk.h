/* SPDX-License-Identifier: Apache-2.0
 *
 * desk.h - one request's bytes to one result's bytes, with the service in between.
 *
 * No files: exchange.h reads the one and places the other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "format/oqs.h"
#include "terminal/request_name.h"
#include "terminal/service_client.h"

/* Memory for one request: the file, its values, the answer in two encodings. */
#define DESK_SCOPE_LIMIT (16UL * 1024 * 1024)

/* What came of a request. */
struct desk_answer {
    struct text bytes; /* the result, in the site's encoding */
    enum cause cause;  /* what the result reports, CAUSE_NONE = the service's answer as it is */
    char detail[256];  /* for the log: what was wrong with the request, without its values */
    size_t replaced;   /* characters that became ● */
};

/*
 * True where a file ends as a whole message does (</XmlMsg>, blanks aside). A file that does not
 * may still be on its way: wait, then answer with its error.
 */
bool desk_looks_whole(struct text request);

/*
 * Answers a request. Every fault of the request, and every refusal of the service, becomes a
 * result. kind        REQUEST_SUPPORTED or REQUEST_UNSUPPORTED encoding    of the result Fails:
 * SERVICE_AWAY (try again later), MEMORY_LIMIT and INTERNAL (our own fault).
 */
MUST_CHECK enum status desk_answer(struct scope *scope, struct service_client *client,
                                   enum request_kind kind, struct text request,
                                   enum oqs_encoding encoding, struct desk_answer *out);

/*
 * The result where no service is asked: segment 9 with a cause. request may be empty (a file too
 * large to read); what can be read of it is echoed.
 */
MUST_CHECK enum status desk_refuse(struct scope *scope, enum cause cause, struct text request,
                                   enum oqs_encoding encoding, struct desk_answer *out);

/*
 * An answer of the service in the site's encoding. Where ● took the place of a character, and the
 * answer has no remark yet, it says so (REMARK_CP932).
 */
MUST_CHECK enum status desk_encode(struct scope *scope, struct text utf8,
                                   enum oqs_encoding encoding, struct text *out, size_t *replaced);
