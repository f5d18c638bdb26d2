/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_crl.c - aims at crl_read(). Corpus: tests/data/crl/, lists of `openssl ca -gencrl`. Whatever
 * is accepted, libcrypto reads too, with each of its entries.
 */
#include <openssl/x509.h>

#include "status_ca.h"

#include "proof/crl.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool same(const struct crl *crl, X509_CRL *other)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(other);

    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        uint64_t serial = 0;
        if (ASN1_INTEGER_get_uint64(&serial, X509_REVOKED_get0_serialNumber(entry)) == 1 &&
            crl_find(crl, serial).state != REVOCATION_REVOKED)
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(1 << 20, STATUS_CA_NOW);
    struct crl *crl = NULL;
    X509_CRL *other = NULL;

    if (crl_read(&scope, status_ca_trust(), 1, (struct text){(const char *)bytes, size}, &crl) !=
        STATUS_OK)
        return 0;
    other = d2i_X509_CRL(NULL, &bytes, (long)size);
    if (!other || !same(crl, other))
        abort();
    X509_CRL_free(other);
    crl_free(crl);
    return 0;
}
