/* SPDX-License-Identifier: Apache-2.0
 *
 * card_trust.c - verifies what a card proves, against pinned CA generations (card-and-pki 2.1).
 *
 * One distinguished name has several keys at a time: an authority is chosen by name, then by key
 * identifier, and decided by its signature. What the card says of its own CA is never asked.
 */
#include <assert.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "proof/card_cache.h"
#include "proof/card_certificate.h"
#include "proof/sha256.h"

#define AUTHORITIES_MAX 8  /* two or three generations are alive at a time */
#define AUTHORITY_LANES 32 /* threads that verify at once without sharing a key */
#define PEM_MAX 65536      /* bytes of the CA file */
#define POLICY_MAX 64      /* bytes of the policy's DER */
#define RSA_SIZE 256

/* A pinned CA generation. */
struct authority {
    X509 *certificate;
    unsigned char *name; /* DER of its subject; OPENSSL_free */
    struct text name_text;
    unsigned char key_id[20];
    struct rsa_verifier *key;
};

struct card_trust {
    struct authority authorities[AUTHORITIES_MAX];
    int authority_count;
    unsigned char policy[POLICY_MAX];
    size_t policy_size;
    struct card_cache *cache;
};

static void bio_drop(BIO **bio)
{
    BIO_free(*bio);
}

static void certificate_drop(X509 **certificate)
{
    X509_free(*certificate);
}

static void object_drop(ASN1_OBJECT **object)
{
    ASN1_OBJECT_free(*object);
}

static enum status unfit(struct scope *scope, const char *why)
{
    ERR_clear_error();
    return scope_fail(scope, CAUSE_CONFIGURATION, "card CA file: %s", why);
}

/* The real hierarchy and its test twin: a simulation must never answer for them (Q13). */
static bool names_the_real_one(const X509_NAME *name)
{
    static const char *const refused[] = {"JPKI", "JPKI-TEST"};

    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, NID_organizationName, at)) >= 0;) {
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
        unsigned char *text = NULL;
        int size = ASN1_STRING_to_UTF8(&text, value);
        bool found = size < 0; /* unreadable is no better */
        for (size_t i = 0; i < 2 && size >= 0; i++)
            found = found || text_is((struct text){(char *)text, (size_t)size}, refused[i]);
        OPENSSL_free(text);
        if (found)
            return true;
    }
    return false;
}

static struct rsa_verifier *verifier_of(const EVP_PKEY *key)
{
    BIGNUM *n = NULL;
    BIGNUM *e = NULL;
    unsigned char modulus[RSA_SIZE];
    unsigned char exponent[4];
    struct rsa_verifier *made = NULL;

    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 && BN_num_bits(n) == 2048 &&
        BN_bn2binpad(n, modulus, sizeof modulus) > 0 &&
        BN_bn2binpad(e, exponent, sizeof exponent) > 0)
        made = rsa_verifier_make((struct text){(char *)modulus, sizeof modulus},
                                 (struct text){(char *)exponent, sizeof exponent}, AUTHORITY_LANES);
    BN_free(n);
    BN_free(e);
    return made;
}

static enum status add_authority(struct scope *scope, struct card_trust *trust, X509 *certificate)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(certificate);
    struct authority *authority = &trust->authorities[trust->authority_count];
    int name_size = 0;

    if (trust->authority_count == AUTHORITIES_MAX)
        return unfit(scope, "more than eight certificates");
    if (names_the_real_one(name))
        return unfit(scope, "names the real JPKI; only simulated CAs are accepted");
    if (X509_check_ca(certificate) != 1 || !key_id || ASN1_STRING_length(key_id) != 20)
        return unfit(scope, "holds a certificate that is not a CA's");
    if (X509_verify(certificate, X509_get0_pubkey(certificate)) != 1)
        return unfit(scope, "a CA certificate does not carry its own signature");
    trust->authority_count++;
    X509_up_ref(certificate);
    authority->certificate = certificate;
    memcpy(authority->key_id, ASN1_STRING_get0_data(key_id), sizeof authority->key_id);
    name_size = i2d_X509_NAME(name, &authority->name);
    if (name_size <= 0)
        return unfit(scope, "a name that cannot be read");
    authority->name_text = (struct text){(char *)authority->name, (size_t)name_size};
    authority->key = verifier_of(X509_get0_pubkey(certificate));
    return authority->key ? STATUS_OK : unfit(scope, "a key other than RSA-2048");
}

static enum status read_authorities(struct scope *scope, struct card_trust *trust, const char *path)
{
    CLEANUP(bio_drop) BIO *bio = NULL;
    struct text pem = {0};

    TRY(file_read(scope, path, PEM_MAX, &pem));
    bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    while (bio) {
        CLEANUP(certificate_drop) X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!certificate)
            break;
        TRY(add_authority(scope, trust, certificate));
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return unfit(scope, "a certificate that cannot be read");
    ERR_clear_error();
    return trust->authority_count > 0 ? STATUS_OK : unfit(scope, "holds no certificate");
}

static enum status read_policy(struct scope *scope, struct card_trust *trust, const char *oid)
{
    CLEANUP(object_drop) ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    unsigned char *at = trust->policy;
    int size = object ? i2d_ASN1_OBJECT(object, NULL) : 0;

    if (size <= 0 || size > POLICY_MAX)
        return unfit(scope, "the policy is not an object identifier");
    trust->policy_size = (size_t)i2d_ASN1_OBJECT(object, &at);
    return STATUS_OK;
}

static enum status fill(struct scope *scope, struct card_trust *trust, const char *ca_pem_path,
                        const char *policy_oid, size_t cache)
{
    trust->cache = card_cache_make(cache);
    if (!trust->cache)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    TRY(read_policy(scope, trust, policy_oid));
    return read_authorities(scope, trust, ca_pem_path);
}

enum status card_trust_open(struct scope *scope, const char *ca_pem_path, const char *policy_oid,
                            size_t cache, struct card_trust **out)
{
    struct card_trust *trust = calloc(1, sizeof *trust);
    enum status status = STATUS_OK;

    if (!trust)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = fill(scope, trust, ca_pem_path, policy_oid, cache);
    if (status == STATUS_OK)
        *out = trust;
    else
        card_trust_close(trust);
    return status;
}

void card_trust_close(struct card_trust *trust)
{
    if (!trust)
        return;
    for (int i = 0; i < trust->authority_count; i++) {
        X509_free(trust->authorities[i].certificate);
        OPENSSL_free(trust->authorities[i].name);
        rsa_verifier_free(trust->authorities[i].key);
    }
    card_cache_free(trust->cache);
    free(trust);
}

/* May this authority have made the certificate? Its signature decides later. */
static bool could_be_from(const struct card_certificate *certificate,
                          const struct authority *authority)
{
    struct text key_id = {(const char *)authority->key_id, sizeof authority->key_id};

    return text_equal(certificate->issuer_name, authority->name_text) &&
           (text_empty(certificate->authority_key) ||
            text_equal(certificate->authority_key, key_id));
}

/* The number of the authority that signed the certificate, from 1. */
static enum status find_issuer(struct scope *scope, struct card_trust *trust,
                               const struct card_certificate *certificate, int *out)
{
    unsigned char hash[32];
    bool known = false;

    sha256(certificate->signed_part, hash);
    for (int i = 0; i < trust->authority_count; i++) {
        if (!could_be_from(certificate, &trust->authorities[i]))
            continue;
        known = true;
        if (rsa_verifier_check(trust->authorities[i].key, hash, certificate->signature)) {
            *out = i + 1;
            return STATUS_OK;
        }
    }
    if (!known)
        return scope_fail(scope, CAUSE_CARD_ISSUER_UNKNOWN, "the issuer is not pinned");
    return scope_fail(scope, CAUSE_CARD_CERTIFICATE_MALFORMED,
                      "certificate: not signed by its issuer");
}

static enum status check_purpose(struct scope *scope, const struct card_trust *trust,
                                 const struct card_certificate *certificate)
{
    struct text policy = {(const char *)trust->policy, trust->policy_size};

    if (!text_equal(certificate->policy, policy))
        return scope_fail(scope, CAUSE_CARD_CERTIFICATE_PURPOSE, "certificate: another policy");
    if (!certificate->digital_signature || !certificate->client_auth)
        return scope_fail(scope, CAUSE_CARD_CERTIFICATE_PURPOSE, "certificate: another usage");
    return STATUS_OK;
}

static enum status check_signature(struct scope *scope, struct rsa_verifier *key,
                                   const unsigned char hash[32], struct text signature)
{
    if (rsa_verifier_check(key, hash, signature))
        return STATUS_OK;
    return scope_fail(scope, CAUSE_CARD_SIGNATURE_WRONG, "the signature does not verify");
}

/* All checks on a certificate not seen before, with its own key; issuer and dates into identity. */
static enum status verify_all(struct scope *scope, struct card_trust *trust,
                              const struct card_certificate *certificate, struct rsa_verifier *key,
                              const unsigned char hash[32], struct text signature,
                              struct card_identity *identity)
{
    TRY(check_signature(scope, key, hash, signature));
    TRY(find_issuer(scope, trust, certificate, &identity->issuer));
    TRY(check_purpose(scope, trust, certificate));
    identity->serial = certificate->serial;
    identity->not_before = instant_date(certificate->not_before);
    identity->expires = instant_date(certificate->not_after);
    return STATUS_OK;
}

static enum status verify_first(struct scope *scope, struct card_trust *trust, struct text der,
                                const unsigned char name[32], const unsigned char hash[32],
                                struct text signature, struct card_identity *out)
{
    struct card_certificate certificate = {0};
    struct rsa_verifier *key = NULL;
    struct card_entry *entry = NULL;
    enum status status = STATUS_OK;

    TRY(card_certificate_read(scope, der, &certificate));
    key = rsa_verifier_make(certificate.modulus, certificate.exponent, 1);
    if (!key)
        return scope_fail(scope, CAUSE_CARD_CERTIFICATE_MALFORMED, "certificate: its key");
    status = verify_all(scope, trust, &certificate, key, hash, signature, out);
    if (status != STATUS_OK) {
        rsa_verifier_free(key);
        return status;
    }
    entry = card_entry_make(name, out, key);
    if (entry)
        card_cache_put(trust->cache, entry);
    card_entry_release(entry);
    return STATUS_OK;
}

enum status card_trust_verify(struct scope *scope, struct card_trust *trust,
                              struct text certificate_der, const unsigned char hash[32],
                              struct text signature, struct card_identity *out)
{
    struct card_identity identity = {0};
    struct card_entry *entry = NULL;
    unsigned char name[CARD_CACHE_HASH];
    enum status status = STATUS_OK;

    if (certificate_der.size == 0 || certificate_der.size > CARD_CERTIFICATE_MAX)
        return scope_fail(scope, CAUSE_CARD_CERTIFICATE_MALFORMED, "certificate: its size");
    sha256(certificate_der, name);
    entry = card_cache_find(trust->cache, name);
    if (entry) {
        identity = entry->identity;
        status = check_signature(scope, entry->key, hash, signature);
        card_entry_release(entry);
    } else {
        status = verify_first(scope, trust, certificate_der, name, hash, signature, &identity);
    }
    if (status == STATUS_OK)
        *out = identity;
    return status;
}

int card_trust_count(const struct card_trust *trust)
{
    return trust->authority_count;
}

static const struct authority *authority_at(const struct card_trust *trust, int issuer)
{
    assert(issuer >= 1 && issuer <= trust->authority_count);
    return &trust->authorities[issuer - 1];
}

struct x509_st *card_trust_authority(const struct card_trust *trust, int issuer)
{
    return authority_at(trust, issuer)->certificate;
}

struct text card_trust_name(const struct card_trust *trust, int issuer)
{
    return authority_at(trust, issuer)->name_text;
}

struct text card_trust_key_id(const struct card_trust *trust, int issuer)
{
    const struct authority *authority = authority_at(trust, issuer);

    return (struct text){(const char *)authority->key_id, sizeof authority->key_id};
}

bool card_trust_signed(struct card_trust *trust, int issuer, struct text signed_part,
                       struct text signature)
{
    unsigned char hash[32];

    sha256(signed_part, hash);
    return rsa_verifier_check(authority_at(trust, issuer)->key, hash, signature);
}

struct card_trust_figures card_trust_figures(struct card_trust *trust)
{
    return card_cache_figures(trust->cache);
}
