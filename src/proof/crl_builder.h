/* SPDX-License-Identifier: Apache-2.0
 *
 * crl_builder.h - makes a CRL (RFC 5280) of a CA: complete, version 2, with its number, the CA's
 * key identifier, and a reason in each entry that has one. In memory: some 200 bytes an entry.
 */
#pragma once

#include "proof/issuer.h"

struct crl_builder; /* opaque */

MUST_CHECK enum status crl_builder_open(struct scope *scope, struct crl_builder **out);
void crl_builder_close(struct crl_builder *builder); /* accepts NULL */

/* Adds a certificate. reason: CRLReason; 0 (unspecified) is not written (RFC 5280 5.3.1). */
MUST_CHECK enum status crl_builder_add(struct scope *scope, struct crl_builder *builder,
                                       uint64_t serial, struct instant revoked, int reason);

struct crl_terms {
    uint64_t number;
    struct instant made, next; /* thisUpdate, nextUpdate */
};
/* Signs what was added, for a card CA; the DER is in the scope. Once a builder. */
MUST_CHECK enum status crl_builder_sign(struct scope *scope, struct crl_builder *builder,
                                        const struct issuer *issuer, const struct crl_terms *terms,
                                        struct text *der);
