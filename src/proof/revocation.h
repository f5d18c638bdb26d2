/* SPDX-License-Identifier: Apache-2.0
 *
 * revocation.h - what an issuer says of one of its certificates, by OCSP or by a CRL.
 */
#pragma once

#include "base/date.h"

enum revocation_state {
    REVOCATION_UNKNOWN, /* the issuer says nothing of it (card-and-pki Q7) */
    REVOCATION_GOOD,    /* not revoked */
    REVOCATION_REVOKED,
};

/* CRLReason (RFC 5280, 5.3.1); those that JPKI uses: card-and-pki 2.4. */
#define REVOCATION_REASON_UNSPECIFIED 0
#define REVOCATION_REASON_SUPERSEDED 4
#define REVOCATION_REASON_LAST 10

struct revocation {
    enum revocation_state state;
    int reason;           /* CRLReason; UNSPECIFIED where it was not told */
    struct instant as_of; /* thisUpdate: the moment that the issuer speaks of */
    struct instant until; /* nextUpdate: by then there is a newer word; 0 = not told */
};
