/* SPDX-License-Identifier: Apache-2.0
 *
 * responder_route.h - what a request to the responder asks for. Pure.
 */
#pragma once

#include "base/text.h"
#include "issuance/book.h"

enum responder_question {
    ASKED_NOTHING, /* no such address */
    ASKED_OCSP,    /* POST: the request is the body */
    ASKED_OCSP_GET,
    ASKED_CRL,
    ASKED_LINK,
    ASKED_LINKS,
    ASKED_HEALTH,
};

struct responder_route {
    enum responder_question question;
    struct text base64;    /* OCSP_GET; points into the path */
    struct book_name name; /* CRL: the generation; LINK */
};

/* method "GET" or "POST"; path without its question mark, its %-escapes resolved. */
struct responder_route responder_route_of(const char *method, const char *path);
