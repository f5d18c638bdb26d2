/* SPDX-License-Identifier: Apache-2.0
 *
 * played_crl.h - CRLs for tests, written and signed by libcrypto.
 */
#pragma once

#include "played_responder.h"

struct played_crl {
    uint64_t first; /* serials first, first + step ..., in falling order */
    uint64_t step;  /* 0 = 1 */
    size_t count;
    int reason;           /* of each entry; 0 = none told */
    int64_t age;          /* seconds that thisUpdate is back */
    int64_t valid;        /* nextUpdate: seconds behind thisUpdate; 0 = none */
    int nid;              /* an extension of the list: */
    const char *value;    /* in OpenSSL's words */
    const EVP_MD *digest; /* NULL = SHA-256 */
};

static inline void played_revoke(X509_CRL *crl, uint64_t serial, ASN1_TIME *at, int reason)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_ENUMERATED *code = ASN1_ENUMERATED_new();

    ASN1_INTEGER_set_uint64(number, serial);
    X509_REVOKED_set_serialNumber(entry, number);
    X509_REVOKED_set_revocationDate(entry, at);
    if (reason && (ASN1_ENUMERATED_set(code, reason) != 1 ||
                   X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code, 0, 0) != 1))
        abort();
    if (X509_CRL_add0_revoked(crl, entry) != 1)
        abort();
    ASN1_INTEGER_free(number);
    ASN1_ENUMERATED_free(code);
}

static inline void played_extend(X509_CRL *crl, const struct issuer *ca,
                                 const struct played_crl *how)
{
    X509_EXTENSION *extension = NULL;
    X509V3_CTX context;

    if (!how->nid)
        return;
    X509V3_set_ctx(&context, ca->certificate, NULL, NULL, crl, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, how->nid, how->value);
    if (!extension || X509_CRL_add_ext(crl, extension, -1) != 1)
        abort();
    X509_EXTENSION_free(extension);
}

/* DER in the scope. */
static inline struct text played_list(struct scope *scope, const struct issuer *ca,
                                      const struct played_crl *how)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *at = played_time(scope->now, -how->age);
    ASN1_TIME *next = how->valid ? played_time(scope->now, how->valid - how->age) : NULL;
    unsigned char *bytes = NULL;
    char *copy = NULL;
    int size = 0;

    X509_CRL_set_version(crl, 1);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->certificate));
    X509_CRL_set1_lastUpdate(crl, at);
    if (next)
        X509_CRL_set1_nextUpdate(crl, next);
    for (size_t i = how->count; i > 0; i--)
        played_revoke(crl, how->first + (i - 1) * (how->step ? how->step : 1), at, how->reason);
    played_extend(crl, ca, how);
    if (X509_CRL_sign(crl, ca->key, how->digest ? how->digest : EVP_sha256()) <= 0)
        abort();
    size = i2d_X509_CRL(crl, &bytes);
    if (size <= 0 || scope_copy(scope, bytes, (size_t)size, &copy) != STATUS_OK)
        abort();
    OPENSSL_free(bytes);
    ASN1_TIME_free(at);
    ASN1_TIME_free(next);
    X509_CRL_free(crl);
    return (struct text){copy, (size_t)size};
}
