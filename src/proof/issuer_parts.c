/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_parts.c - the parts that certificates are made of.
 */
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "proof/issuer_internal.h"

void issuer_key_drop(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

void issuer_certificate_drop(X509 **certificate)
{
    X509_free(*certificate);
}

void issuer_bio_drop(BIO **bio)
{
    BIO_free(*bio);
}

static void conf_drop(CONF **conf)
{
    NCONF_free(*conf);
}

static void extension_drop(X509_EXTENSION **extension)
{
    X509_EXTENSION_free(*extension);
}

static void names_drop(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

enum status issuer_tried(struct scope *scope, bool ok, const char *what)
{
    if (ok)
        return STATUS_OK;
    ERR_clear_error();
    return scope_fail(scope, CAUSE_INTERNAL, "the cryptographic library cannot make %s", what);
}

EVP_PKEY *issuer_new_rsa(void)
{
    return EVP_RSA_gen(2048);
}

EVP_PKEY *issuer_new_p256(void)
{
    return EVP_EC_gen("P-256");
}

bool issuer_fill_name(X509_NAME *name, const struct issuer_attribute *attributes)
{
    for (; attributes->value; attributes++) {
        int type = attributes->nid == NID_countryName ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
        if (X509_NAME_add_entry_by_NID(name, attributes->nid, type,
                                       (const unsigned char *)attributes->value, -1, -1, 0) != 1)
            return false;
    }
    return true;
}

/* A configuration from text; an empty one where text is NULL. */
static CONF *read_sections(const char *sections)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new_mem_buf(sections ? sections : "", -1);
    CONF *conf = NCONF_new(NULL);
    long line = 0;

    if (bio && conf && NCONF_load_bio(conf, bio, &line) == 1)
        return conf;
    NCONF_free(conf);
    return NULL;
}

bool issuer_add_extensions(X509 *certificate, X509 *issuer, const char *sections,
                           const struct issuer_extension *extensions)
{
    CLEANUP(conf_drop) CONF *conf = read_sections(sections);
    X509V3_CTX context = {0};

    if (!conf)
        return false;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509V3_set_nconf(&context, conf);
    for (; extensions->value; extensions++) {
        CLEANUP(extension_drop)
        X509_EXTENSION *made =
            X509V3_EXT_nconf_nid(conf, &context, extensions->nid, extensions->value);
        if (!made || X509_add_ext(certificate, made, -1) != 1)
            return false;
    }
    return true;
}

/* A directoryName that holds the attributes; owned by the caller. */
static GENERAL_NAME *new_directory_name(const struct issuer_attribute *attributes)
{
    GENERAL_NAME *general = GENERAL_NAME_new();
    X509_NAME *name = X509_NAME_new();

    if (!general || !name || !issuer_fill_name(name, attributes)) {
        X509_NAME_free(name);
        GENERAL_NAME_free(general);
        return NULL;
    }
    GENERAL_NAME_set0_value(general, GEN_DIRNAME, name);
    return general;
}

bool issuer_add_directory_name(X509 *certificate, int nid,
                               const struct issuer_attribute *attributes)
{
    CLEANUP(names_drop) GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME *name = new_directory_name(attributes);

    if (!names || !name || sk_GENERAL_NAME_push(names, name) <= 0) {
        GENERAL_NAME_free(name);
        return false;
    }
    return X509_add1_ext_i2d(certificate, nid, names, 0, 0) == 1;
}

/* Seconds since 1970, rounded down. */
static time_t seconds_of(struct instant instant)
{
    int64_t micros = instant.microseconds;

    return (time_t)(micros / 1000000 - (micros % 1000000 < 0));
}

static bool fill_serial(X509 *certificate, uint64_t serial)
{
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1;
}

bool issuer_fill_basics(X509 *certificate, EVP_PKEY *key, uint64_t serial,
                        struct instant not_before, struct instant not_after)
{
    return X509_set_version(certificate, X509_VERSION_3) == 1 && fill_serial(certificate, serial) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), seconds_of(not_before)) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), seconds_of(not_after)) &&
           X509_set_pubkey(certificate, key) == 1;
}

struct instant issuer_end_of_day(struct date date)
{
    return (struct instant){instant_start(date_add_days(date, 1)).microseconds - 1000000};
}

enum status issuer_random_serial(struct scope *scope, unsigned bits, uint64_t *out)
{
    uint64_t serial = 0;

    TRY(issuer_tried(scope, RAND_bytes((unsigned char *)&serial, sizeof serial) == 1, "a serial"));
    serial >>= 64 - bits;
    *out = serial ? serial : 1;
    return STATUS_OK;
}

enum status issuer_take(struct scope *scope, BIO *bio, struct text *out)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);

    if (size <= 0)
        return issuer_tried(scope, false, "a text");
    TRY(text_copy(scope, (struct text){bytes, (size_t)size}, out));
    OPENSSL_cleanse(bytes, (size_t)size);
    return STATUS_OK;
}

enum status issuer_key_pem(struct scope *scope, EVP_PKEY *key, struct text *out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new(BIO_s_secmem());

    TRY(issuer_tried(scope,
                     bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1,
                     "a private key's PEM"));
    return issuer_take(scope, bio, out);
}

enum status issuer_certificate_pem(struct scope *scope, X509 *certificate, struct text *out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new(BIO_s_mem());

    TRY(issuer_tried(scope, bio && PEM_write_bio_X509(bio, certificate) == 1,
                     "a certificate's PEM"));
    return issuer_take(scope, bio, out);
}

enum status issuer_certificate_der(struct scope *scope, X509 *certificate, struct text *out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new(BIO_s_mem());

    TRY(issuer_tried(scope, bio && i2d_X509_bio(bio, certificate) == 1, "a certificate's DER"));
    return issuer_take(scope, bio, out);
}
