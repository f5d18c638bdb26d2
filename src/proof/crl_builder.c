/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/crl_builder.h"

#include <openssl/x509v3.h>
#include <stdlib.h>

#include "proof/issuer_internal.h"

#define REASON_MAX 10

struct crl_builder {
    X509_CRL *crl;
};

static void number_drop(ASN1_INTEGER **number)
{
    ASN1_INTEGER_free(*number);
}

static void reason_drop(ASN1_ENUMERATED **reason)
{
    ASN1_ENUMERATED_free(*reason);
}

static void time_drop(ASN1_TIME **time)
{
    ASN1_TIME_free(*time);
}

static void key_id_drop(AUTHORITY_KEYID **key_id)
{
    AUTHORITY_KEYID_free(*key_id);
}

static void der_drop(unsigned char **der)
{
    OPENSSL_free(*der);
}

enum status crl_builder_open(struct scope *scope, struct crl_builder **out)
{
    struct crl_builder *builder = calloc(1, sizeof *builder);

    if (!builder)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    builder->crl = X509_CRL_new();
    if (!builder->crl) {
        free(builder);
        return issuer_tried(scope, false, "a CRL");
    }
    *out = builder;
    return STATUS_OK;
}

void crl_builder_close(struct crl_builder *builder)
{
    if (!builder)
        return;
    X509_CRL_free(builder->crl);
    free(builder);
}

static ASN1_TIME *new_time(struct instant instant)
{
    return ASN1_TIME_set(NULL, (time_t)(instant.microseconds / 1000000));
}

static bool fill_reason(X509_REVOKED *entry, int reason)
{
    CLEANUP(reason_drop) ASN1_ENUMERATED *value = ASN1_ENUMERATED_new();

    return reason == 0 || (value && ASN1_ENUMERATED_set(value, reason) == 1 &&
                           X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, value, 0, 0) == 1);
}

static bool fill_entry(X509_REVOKED *entry, uint64_t serial, struct instant revoked, int reason)
{
    CLEANUP(number_drop) ASN1_INTEGER *number = ASN1_INTEGER_new();
    CLEANUP(time_drop) ASN1_TIME *time = new_time(revoked);

    return number && time && ASN1_INTEGER_set_uint64(number, serial) == 1 &&
           X509_REVOKED_set_serialNumber(entry, number) == 1 &&
           X509_REVOKED_set_revocationDate(entry, time) == 1 && fill_reason(entry, reason);
}

enum status crl_builder_add(struct scope *scope, struct crl_builder *builder, uint64_t serial,
                            struct instant revoked, int reason)
{
    X509_REVOKED *entry = X509_REVOKED_new();

    if (entry && reason >= 0 && reason <= REASON_MAX &&
        fill_entry(entry, serial, revoked, reason) &&
        X509_CRL_add0_revoked(builder->crl, entry) == 1)
        return STATUS_OK;
    X509_REVOKED_free(entry);
    return issuer_tried(scope, false, "an entry of a CRL");
}

/* By the key identifier the generations of one name are told apart. */
static bool fill_extensions(X509_CRL *crl, X509 *ca, uint64_t number)
{
    CLEANUP(number_drop) ASN1_INTEGER *value = ASN1_INTEGER_new();
    CLEANUP(key_id_drop) AUTHORITY_KEYID *key_id = AUTHORITY_KEYID_new();
    const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(ca);

    if (!value || !key_id || !own || ASN1_INTEGER_set_uint64(value, number) != 1)
        return false;
    key_id->keyid = ASN1_OCTET_STRING_dup(own);
    return key_id->keyid &&
           X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, key_id, 0, 0) == 1 &&
           X509_CRL_add1_ext_i2d(crl, NID_crl_number, value, 0, 0) == 1;
}

static bool fill(X509_CRL *crl, const struct issuer *issuer, const struct crl_terms *terms)
{
    CLEANUP(time_drop) ASN1_TIME *made = new_time(terms->made);
    CLEANUP(time_drop) ASN1_TIME *next = new_time(terms->next);

    return made && next && X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
           X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->certificate)) == 1 &&
           X509_CRL_set1_lastUpdate(crl, made) == 1 && X509_CRL_set1_nextUpdate(crl, next) == 1 &&
           fill_extensions(crl, issuer->certificate, terms->number) &&
           X509_CRL_sign(crl, issuer->key, EVP_sha256()) > 0;
}

enum status crl_builder_sign(struct scope *scope, struct crl_builder *builder,
                             const struct issuer *issuer, const struct crl_terms *terms,
                             struct text *der)
{
    CLEANUP(der_drop) unsigned char *bytes = NULL;
    int size = -1;

    if (issuer->kind != ISSUER_CARD_AUTHENTICATION && issuer->kind != ISSUER_CARD_SIGNATURE)
        return scope_fail(scope, CAUSE_INTERNAL, "this issuer makes no CRLs");
    TRY(issuer_tried(scope, fill(builder->crl, issuer, terms), "a CRL"));
    size = i2d_X509_CRL(builder->crl, &bytes);
    TRY(issuer_tried(scope, size > 0, "a CRL's bytes"));
    return text_copy(scope, (struct text){(const char *)bytes, (size_t)size}, der);
}
