/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer.c - a CA: made, kept in files, read back. CA profile: card-and-pki 2.1.
 */
#include "proof/issuer.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/file.h"
#include "proof/issuer_internal.h"

#define CA_MONTHS 120    /* a CA lives ten years */
#define FILE_LIMIT 65536 /* bytes of a key or certificate file */

/* What tells the kinds of CA apart. */
static const struct profile {
    unsigned serial_bits;
    const struct issuer_attribute *subject;
    const struct issuer_attribute *japanese; /* subjectAltName; NULL = none */
    const char *crl_sections;                /* CRL distribution point; NULL = none */
} profiles[] = {
    [ISSUER_CARD_AUTHENTICATION] =
        {31,
         (const struct issuer_attribute[]){
             {NID_countryName, "JP"},
             {NID_organizationName, "JPKI-SIM"},
             {NID_organizationalUnitName, "JPKI for user authentication"},
             {NID_organizationalUnitName, "Simulated Agency for Local Authority Systems"},
             {0, NULL}},
         (const struct issuer_attribute[]){{NID_countryName, "JP"},
                                           {NID_organizationName, "公的個人認証サービス(模擬)"},
                                           {NID_organizationalUnitName, "利用者証明用"},
                                           {NID_organizationalUnitName, "模擬情報システム機構"},
                                           {0, NULL}},
         "[crl]\nfullname=dirName:point\n[point]\nC=JP\nO=JPKI-SIM\n"
         "OU=JPKI for user authentication\nCN=CRLDP\n"},
    [ISSUER_CARD_SIGNATURE] =
        {31,
         (const struct issuer_attribute[]){
             {NID_countryName, "JP"},
             {NID_organizationName, "JPKI-SIM"},
             {NID_organizationalUnitName, "JPKI for digital signature"},
             {NID_organizationalUnitName, "Simulated Agency for Local Authority Systems"},
             {0, NULL}},
         (const struct issuer_attribute[]){{NID_countryName, "JP"},
                                           {NID_organizationName, "公的個人認証サービス(模擬)"},
                                           {NID_organizationalUnitName, "署名用"},
                                           {NID_organizationalUnitName, "模擬情報システム機構"},
                                           {0, NULL}},
         "[crl]\nfullname=dirName:point\n[point]\nC=JP\nO=JPKI-SIM\n"
         "OU=JPKI for digital signature\nCN=CRLDP\n"},
    [ISSUER_NETWORK] = {63,
                        (const struct issuer_attribute[]){
                            {NID_countryName, "JP"},
                            {NID_organizationName, "shikaku"},
                            {NID_organizationalUnitName, "network authority"},
                            {NID_commonName, "shikaku simulated network CA"},
                            {0, NULL}},
                        NULL, NULL},
    [ISSUER_TERMINAL] = {0, NULL, NULL, NULL}, /* a bare key */
};

static const struct issuer_extension ca_extensions[] = {
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_subject_key_identifier, "hash"},
    {0, NULL},
};

static const struct issuer_extension crl_extension[] = {{NID_crl_distribution_points, "crl"},
                                                        {0, NULL}};

static bool fill_authority(X509 *certificate, const struct profile *profile)
{
    X509_NAME *name = X509_get_subject_name(certificate);

    if (!issuer_fill_name(name, profile->subject) || X509_set_issuer_name(certificate, name) != 1 ||
        !issuer_add_extensions(certificate, certificate, NULL, ca_extensions))
        return false;
    if (profile->japanese &&
        !issuer_add_directory_name(certificate, NID_subject_alt_name, profile->japanese))
        return false;
    return !profile->crl_sections ||
           issuer_add_extensions(certificate, certificate, profile->crl_sections, crl_extension);
}

/* Where an issuer comes from: made at an instant, or read from files. */
struct issuer_origin {
    enum issuer_kind kind;
    struct instant not_before;
    uint64_t serial; /* 0: a random one */
    const char *key_path, *certificate_path;
};

/* The self-signed certificate of a CA. */
static enum status make_certificate(struct scope *scope, struct issuer *issuer,
                                    const struct issuer_origin *origin)
{
    const struct profile *profile = &profiles[issuer->kind];
    struct instant not_before = origin->not_before;
    struct date last = date_add_days(date_add_months(instant_date(not_before), CA_MONTHS), -1);
    uint64_t serial = origin->serial;
    bool made = false;

    if (serial == 0)
        TRY(issuer_random_serial(scope, profile->serial_bits, &serial));
    issuer->certificate = X509_new();
    made = issuer->certificate &&
           issuer_fill_basics(issuer->certificate, issuer->key, serial, not_before,
                              issuer_end_of_day(last)) &&
           fill_authority(issuer->certificate, profile) &&
           X509_sign(issuer->certificate, issuer->key, EVP_sha256()) > 0;
    return issuer_tried(scope, made, "a CA certificate");
}

/* An issuer of a kind that fill() completed; fill() may fail half way. */
static enum status issuer_new(struct scope *scope, struct issuer_origin origin,
                              enum status (*fill)(struct scope *scope, struct issuer *issuer,
                                                  const struct issuer_origin *origin),
                              struct issuer **out)
{
    struct issuer *issuer = calloc(1, sizeof *issuer);
    enum status status = STATUS_OK;

    if (!issuer)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    issuer->kind = origin.kind;
    status = fill(scope, issuer, &origin);
    if (status == STATUS_OK)
        *out = issuer;
    else
        issuer_close(issuer);
    return status;
}

static enum status fill_made(struct scope *scope, struct issuer *issuer,
                             const struct issuer_origin *origin)
{
    issuer->key = origin->kind == ISSUER_NETWORK ? issuer_new_p256() : issuer_new_rsa();
    TRY(issuer_tried(scope, issuer->key != NULL, "a key"));
    return origin->kind == ISSUER_TERMINAL ? STATUS_OK : make_certificate(scope, issuer, origin);
}

enum status issuer_make(struct scope *scope, enum issuer_kind kind, struct instant not_before,
                        struct issuer **out)
{
    return issuer_new(scope, (struct issuer_origin){.kind = kind, .not_before = not_before},
                      fill_made, out);
}

enum status issuer_make_generation(struct scope *scope, enum issuer_kind kind,
                                   struct instant not_before, uint64_t serial, struct issuer **out)
{
    return issuer_new(
        scope, (struct issuer_origin){.kind = kind, .not_before = not_before, .serial = serial},
        fill_made, out);
}

void issuer_close(struct issuer *issuer)
{
    if (!issuer)
        return;
    EVP_PKEY_free(issuer->key); /* OpenSSL wipes private parts */
    X509_free(issuer->certificate);
    free(issuer);
}

static enum status public_key_pem(struct scope *scope, EVP_PKEY *key, struct text *out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new(BIO_s_mem());

    TRY(issuer_tried(scope, bio && PEM_write_bio_PUBKEY(bio, key) == 1, "a public key's PEM"));
    return issuer_take(scope, bio, out);
}

enum status issuer_public_pem(struct scope *scope, const struct issuer *issuer, struct text *pem)
{
    if (issuer->certificate)
        return issuer_certificate_pem(scope, issuer->certificate, pem);
    return public_key_pem(scope, issuer->key, pem);
}

enum status issuer_write(struct scope *scope, const struct issuer *issuer, const char *key_path,
                         const char *certificate_path)
{
    struct text key = {0};
    struct text public = {0};

    TRY(issuer_key_pem(scope, issuer->key, &key));
    TRY(issuer_public_pem(scope, issuer, &public));
    TRY(file_write(scope, key_path, key, FILE_MODE_SECRET));
    return file_write(scope, certificate_path, public, FILE_MODE_PUBLIC);
}

static enum status open_pem(struct scope *scope, const char *path, BIO **out)
{
    struct text pem = {0};

    TRY(file_read(scope, path, FILE_LIMIT, &pem));
    *out = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    return issuer_tried(scope, *out != NULL, "a buffer");
}

/* OpenSSL asks on the terminal where it is not told the passphrase: none. */
static char no_passphrase[] = "";

static enum status read_key(struct scope *scope, const char *path, EVP_PKEY **out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = NULL;

    TRY(open_pem(scope, path, &bio));
    *out = PEM_read_bio_PrivateKey(bio, NULL, NULL, no_passphrase);
    if (*out)
        return STATUS_OK;
    ERR_clear_error();
    return scope_fail(scope, CAUSE_CONFIGURATION, "'%s' holds no private key", path);
}

static enum status read_certificate(struct scope *scope, const char *path, X509 **out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = NULL;

    TRY(open_pem(scope, path, &bio));
    *out = PEM_read_bio_X509(bio, NULL, NULL, no_passphrase);
    if (*out)
        return STATUS_OK;
    ERR_clear_error();
    return scope_fail(scope, CAUSE_CONFIGURATION, "'%s' holds no certificate", path);
}

static bool has_type_of(const EVP_PKEY *key, enum issuer_kind kind)
{
    return kind == ISSUER_NETWORK ? EVP_PKEY_is_a(key, "EC")
                                  : EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) == 2048;
}

static enum status fill_read(struct scope *scope, struct issuer *issuer,
                             const struct issuer_origin *origin)
{
    TRY(read_key(scope, origin->key_path, &issuer->key));
    if (!has_type_of(issuer->key, origin->kind))
        return scope_fail(scope, CAUSE_CONFIGURATION, "'%s' is a key of another kind",
                          origin->key_path);
    if (origin->kind == ISSUER_TERMINAL)
        return STATUS_OK;
    TRY(read_certificate(scope, origin->certificate_path, &issuer->certificate));
    if (X509_check_private_key(issuer->certificate, issuer->key) == 1)
        return STATUS_OK;
    ERR_clear_error();
    return scope_fail(scope, CAUSE_CONFIGURATION, "'%s' and '%s' do not belong together",
                      origin->key_path, origin->certificate_path);
}

enum status issuer_read(struct scope *scope, enum issuer_kind kind, const char *key_path,
                        const char *certificate_path, struct issuer **out)
{
    return issuer_new(scope,
                      (struct issuer_origin){
                          .kind = kind, .key_path = key_path, .certificate_path = certificate_path},
                      fill_read, out);
}

enum status issuer_certificate(struct scope *scope, const struct issuer *issuer, struct text *der)
{
    if (!issuer->certificate)
        return scope_fail(scope, CAUSE_INTERNAL, "the terminal issuer has no certificate");
    return issuer_certificate_der(scope, issuer->certificate, der);
}
