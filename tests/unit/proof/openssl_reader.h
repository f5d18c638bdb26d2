/* SPDX-License-Identifier: Apache-2.0
 *
 * openssl_reader.h - what OpenSSL reads from a certificate, against what card_certificate_read()
 * read: whatever we accept, OpenSSL accepts, with the same values.
 */
#pragma once

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "proof/card_certificate.h"

static inline bool reader_same_bytes(struct text ours, const void *bytes, int size)
{
    return size >= 0 && ours.size == (size_t)size &&
           (size == 0 || memcmp(ours.bytes, bytes, (size_t)size) == 0);
}

static inline bool reader_same_time(struct instant ours, const ASN1_TIME *time)
{
    struct tm parts = {0};

    return ASN1_TIME_to_tm(time, &parts) == 1 &&
           (int64_t)timegm(&parts) * 1000000 == ours.microseconds;
}

static inline bool reader_same_number(struct text ours, const EVP_PKEY *key, const char *name)
{
    BIGNUM *number = NULL;
    unsigned char bytes[512];
    int size = -1;

    if (EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_num_bytes(number) <= 512)
        size = BN_bn2bin(number, bytes);
    BN_free(number);
    return reader_same_bytes(ours, bytes, size);
}

static inline bool reader_same_usage(const X509 *read, const struct card_certificate *ours)
{
    ASN1_BIT_STRING *usage = X509_get_ext_d2i(read, NID_key_usage, NULL, NULL);
    EXTENDED_KEY_USAGE *extended = X509_get_ext_d2i(read, NID_ext_key_usage, NULL, NULL);
    bool client = false;
    bool exact = usage && usage->length == 1 && usage->data[0] == 0x80;

    for (int i = 0; extended && i < sk_ASN1_OBJECT_num(extended); i++)
        client = client || OBJ_obj2nid(sk_ASN1_OBJECT_value(extended, i)) == NID_client_auth;
    ASN1_BIT_STRING_free(usage);
    EXTENDED_KEY_USAGE_free(extended);
    return exact == ours->digital_signature && client == ours->client_auth;
}

static inline bool reader_same_policy(const X509 *read, const struct card_certificate *ours)
{
    CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(read, NID_certificate_policies, NULL, NULL);
    unsigned char *der = NULL;
    int size = 0;
    bool same = false;

    if (policies)
        size = sk_POLICYINFO_num(policies) == 1
                   ? i2d_ASN1_OBJECT(sk_POLICYINFO_value(policies, 0)->policyid, &der)
                   : -1;
    same = reader_same_bytes(ours->policy, der, size);
    OPENSSL_free(der);
    CERTIFICATEPOLICIES_free(policies);
    return same;
}

static inline bool reader_same_authority(const X509 *read, const struct card_certificate *ours)
{
    AUTHORITY_KEYID *id = X509_get_ext_d2i(read, NID_authority_key_identifier, NULL, NULL);
    bool same = text_empty(ours->authority_key);

    if (id && id->keyid)
        same = reader_same_bytes(ours->authority_key, id->keyid->data, id->keyid->length);
    AUTHORITY_KEYID_free(id);
    return same;
}

static inline bool reader_same_rest(X509 *read, const struct card_certificate *ours)
{
    const ASN1_BIT_STRING *signature = NULL;
    const X509_ALGOR *algorithm = NULL;
    unsigned char *name = NULL;
    unsigned char *signed_part = NULL;
    int name_size = i2d_X509_NAME(X509_get_issuer_name(read), &name);
    int signed_size = i2d_re_X509_tbs(read, &signed_part);
    uint64_t serial = 0;
    bool same = ASN1_INTEGER_get_uint64(&serial, X509_get0_serialNumber(read)) == 1 &&
                serial == ours->serial && X509_get_version(read) == X509_VERSION_3 &&
                X509_get_signature_nid(read) == NID_sha256WithRSAEncryption &&
                reader_same_bytes(ours->issuer_name, name, name_size) &&
                reader_same_bytes(ours->signed_part, signed_part, signed_size);

    X509_get0_signature(&signature, &algorithm, read);
    same = same && reader_same_bytes(ours->signature, signature->data, signature->length);
    OPENSSL_free(name);
    OPENSSL_free(signed_part);
    return same;
}

/* True where OpenSSL reads the same. */
static inline bool reader_agrees(struct text der, const struct card_certificate *ours)
{
    const unsigned char *at = (const unsigned char *)der.bytes;
    X509 *read = d2i_X509(NULL, &at, (long)der.size);
    const EVP_PKEY *key = read ? X509_get0_pubkey(read) : NULL;
    bool same = key && at == (const unsigned char *)der.bytes + der.size &&
                EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) == 2048 &&
                reader_same_number(ours->modulus, key, OSSL_PKEY_PARAM_RSA_N) &&
                reader_same_number(ours->exponent, key, OSSL_PKEY_PARAM_RSA_E) &&
                reader_same_time(ours->not_before, X509_get0_notBefore(read)) &&
                reader_same_time(ours->not_after, X509_get0_notAfter(read)) &&
                reader_same_usage(read, ours) && reader_same_policy(read, ours) &&
                reader_same_authority(read, ours) && reader_same_rest(read, ours);

    ERR_clear_error();
    X509_free(read);
    return same;
}
