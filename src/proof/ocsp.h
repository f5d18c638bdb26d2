/* SPDX-License-Identifier: Apache-2.0
 *
 * ocsp.h - asking an issuer about one certificate (RFC 6960): the question's bytes and the
 * answer's.
 *
 * Only bytes: who carries them is card_status.c. An answer counts where its signature is that of
 * the pinned CA, or of a signer that this very CA certified for it (OCSPSigning); where it speaks
 * of the certificate asked for; where its times hold; and where the nonce, if it has one, is ours.
 * Responders that sign in advance send none: nextUpdate, or OCSP_AGE_SECONDS, bounds what may be
 * played back to us. libcrypto's parser reads it: one answer a look-up, and never on the path of a
 * certificate whose state is known.
 */
#pragma once

#include "base/text.h"
#include "proof/card_certificate.h"
#include "proof/revocation.h"

#define OCSP_NONCE_SIZE 32
#define OCSP_ANSWER_MAX 65536 /* bytes of an answer */
/* Clocks may differ by this much. */
#define OCSP_SKEW_SECONDS 300
/* The oldest answer that has neither our nonce nor a nextUpdate: four times the quarter of an hour
 * after which JPKI renews them (card-and-pki 2.4). */
#define OCSP_AGE_SECONDS 3600

struct ocsp_question {
    int issuer; /* a pinned CA */
    uint64_t serial;
    unsigned char nonce[OCSP_NONCE_SIZE];
};

/* A question with a nonce of its own. */
MUST_CHECK enum status ocsp_question_make(struct scope *scope, int issuer, uint64_t serial,
                                          struct ocsp_question *out);
/* DER of the request; certID with SHA-1 hashes, which every responder knows (RFC 5019). */
MUST_CHECK enum status ocsp_question_write(struct scope *scope, const struct card_trust *trust,
                                           const struct ocsp_question *question, struct text *out);
/* Reads and verifies an answer at scope->now. Fails with STATUS_ANSWER_WRONG, which says why. */
MUST_CHECK enum status ocsp_answer_read(struct scope *scope, const struct card_trust *trust,
                                        const struct ocsp_question *question, struct text der,
                                        struct revocation *out);
