/* SPDX-License-Identifier: Apache-2.0
 *
 * status_desk.h - what the issuer tells others of its certificates: OCSP, CRLs, links. No network.
 *
 * Rules: card-and-pki 2.4 (fifteen minutes for OCSP, a day for a CRL), Q7 (an expired certificate
 * is good until the end of its grace, and unknown afterwards), Q4 (links), Q15 (serials are
 * numbers). One thread at a time.
 */
#pragma once

#include "issuance/office.h"
#include "proof/ocsp_responder.h"

#define DESK_CRL_SECONDS 86400
/* Memory for the DER of a CRL of BOOK_REVOKED_MAX entries. */
#define DESK_CRL_SCOPE_LIMIT (256UL * 1024 * 1024)

struct status_desk; /* opaque */

/* The office is borrowed; its book is read from now on by the desk only. */
MUST_CHECK enum status status_desk_open(struct scope *scope, struct office *office,
                                        struct status_desk **out);
void status_desk_close(struct status_desk *desk); /* accepts NULL */

/* As ocsp_responder_answer(). */
MUST_CHECK enum status status_desk_ocsp(struct scope *scope, struct status_desk *desk,
                                        struct text request, struct text *answer,
                                        struct ocsp_told *told);

/* Bytes that several hold. */
struct shared_bytes {
    size_t size;
    int holders;
    char bytes[];
};
void shared_bytes_drop(void *shared); /* struct shared_bytes *; accepts NULL */

/*
 * The CRL of a generation, built once and kept until another hand changes the book, or half of its
 * day has passed. The caller drops what it gets. Fails with STATUS_NOT_FOUND, and as a book.
 */
MUST_CHECK enum status status_desk_crl(struct scope *scope, struct status_desk *desk,
                                       int generation, struct shared_bytes **out);

/*
 * As JSON: the link that leads to a certificate, or where none does the one that leads away from
 * it; and the links behind a number. STATUS_NOT_FOUND where there is none.
 */
MUST_CHECK enum status status_desk_link(struct scope *scope, struct status_desk *desk,
                                        struct book_name name, bool phones, struct text *json);
MUST_CHECK enum status status_desk_links(struct scope *scope, struct status_desk *desk,
                                         int64_t after, bool phones, struct text *json);
