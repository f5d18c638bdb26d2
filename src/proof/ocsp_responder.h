/* SPDX-License-Identifier: Apache-2.0
 *
 * ocsp_responder.h - answers OCSP requests (RFC 6960) for the generations of a CA: bytes to bytes.
 *
 * Each generation has a key of its own for answers (P-256, only in memory) and a certificate for it
 * that the CA signed (extendedKeyUsage OCSPSigning, ocsp-nocheck). What is known of a certificate
 * tells the caller. ASN.1 and signatures are libcrypto's. One thread at a time.
 */
#pragma once

#include "proof/issuer.h"

#define OCSP_REQUEST_MAX 4096   /* bytes of a request that are looked at */
#define OCSP_ASKED_MAX 16       /* certificates in one request */
#define OCSP_NONCE_MAX 130      /* bytes: 128 and their header (RFC 9654) */
#define OCSP_GENERATIONS_MAX 8  /* of one responder */
#define OCSP_ANSWER_SECONDS 900 /* thisUpdate to nextUpdate: card-and-pki 2.4 */
#define OCSP_REASON_NOT_TOLD (-1)

enum ocsp_state { OCSP_STATE_UNKNOWN, OCSP_STATE_GOOD, OCSP_STATE_REVOKED };

/* What is known of one certificate. */
struct ocsp_status {
    enum ocsp_state state;
    struct instant revoked; /* where it is */
    int reason;             /* CRLReason, or OCSP_REASON_NOT_TOLD */
};

/* Tells of a certificate, at scope->now; a failure makes the answer tryLater. */
typedef enum status (*ocsp_teller)(struct scope *scope, void *context, int generation,
                                   uint64_t serial, struct ocsp_status *out);

struct ocsp_responder; /* opaque */

MUST_CHECK enum status ocsp_responder_open(struct scope *scope, struct ocsp_responder **out);
void ocsp_responder_close(struct ocsp_responder *responder); /* accepts NULL */

/*
 * Makes key and certificate for answers of a generation (from 1 on, without a gap), or makes them
 * anew; they hold for a month from scope->now. serial: that of the certificate. The issuer is not
 * needed afterwards.
 */
MUST_CHECK enum status ocsp_responder_set(struct scope *scope, struct ocsp_responder *responder,
                                          int generation, const struct issuer *issuer,
                                          uint64_t serial);
/* The first generation whose certificate should be made anew; 0 = none. */
int ocsp_responder_due(const struct ocsp_responder *responder, struct instant now);

/* What an answer says (OCSPResponseStatus), and of how many. */
enum ocsp_reply {
    OCSP_REPLY_SUCCESSFUL = 0,
    OCSP_REPLY_MALFORMED = 1,
    OCSP_REPLY_TRY_LATER = 3,
    OCSP_REPLY_UNAUTHORIZED = 6, /* another CA's certificate, or of two generations at once */
};
struct ocsp_told {
    enum ocsp_reply reply;
    int asked;
};

/*
 * Answers a DER request. There is always an answer, to the worst bytes too; what is not successful
 * is not signed. A nonce comes back. Fails with INTERNAL or MEMORY_LIMIT only.
 */
MUST_CHECK enum status ocsp_responder_answer(struct scope *scope, struct ocsp_responder *responder,
                                             struct text request, ocsp_teller tell, void *context,
                                             struct text *answer, struct ocsp_told *told);
