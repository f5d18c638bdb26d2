/* SPDX-License-Identifier: Apache-2.0
 *
 * crl.h - an issuer's list of revoked certificates (CRL, RFC 5280 5), read once, asked often.
 *
 * Read by a walk of our own (der.h): libcrypto makes an object of each entry, which took three
 * quarters of a second for a million of them. Here an entry is sixteen bytes, sorted by serial. A
 * list is not changed after it was read: any thread may ask it.
 *
 * A list that does not speak of all certificates of its issuer is refused
 * (issuingDistributionPoint, delta lists): who is not on it would be taken for good.
 */
#pragma once

#include "base/text.h"
#include "proof/card_certificate.h"
#include "proof/revocation.h"

#define CRL_BYTES_MAX ((size_t)64 << 20) /* of DER: some 2.8 million entries */

struct crl;

/*
 * Reads a DER CRL and verifies that the pinned CA signed it (sha256WithRSAEncryption) and that it
 * is not of the future. How old it may be is the caller's to decide: crl_times(). Fails with
 * STATUS_ANSWER_WRONG, MEMORY_LIMIT.
 */
MUST_CHECK enum status crl_read(struct scope *scope, struct card_trust *trust, int issuer,
                                struct text der, struct crl **out);
void crl_free(struct crl *crl); /* accepts NULL */

size_t crl_count(const struct crl *crl);
/* as_of is thisUpdate, until nextUpdate; state UNKNOWN. */
struct revocation crl_times(const struct crl *crl);
/* GOOD or REVOKED, with the list's times. */
struct revocation crl_find(const struct crl *crl, uint64_t serial);
