/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_internal.h - what the issuer's files share: the handle, names, extensions, PEM.
 *
 * OpenSSL answers 1 or 0; here that is true or false, so that a certificate reads as one chain of
 * what it holds. issuer_tried() turns a false into a failure.
 */
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "proof/issuer.h"

struct issuer {
    enum issuer_kind kind;
    EVP_PKEY *key;
    X509 *certificate; /* NULL for ISSUER_TERMINAL */
};

/* For CLEANUP(). */
void issuer_key_drop(EVP_PKEY **key);
void issuer_certificate_drop(X509 **certificate);
void issuer_bio_drop(BIO **bio);

/* STATUS_OK where ok holds; else the failure INTERNAL, naming what was tried. */
MUST_CHECK enum status issuer_tried(struct scope *scope, bool ok, const char *what);

/* A new key: RSA-2048 with e = 65537, or P-256. NULL where OpenSSL cannot. */
EVP_PKEY *issuer_new_rsa(void);
EVP_PKEY *issuer_new_p256(void);

/* One attribute of a name. */
struct issuer_attribute {
    int nid;           /* NID_countryName is written as PrintableString, others as UTF8String */
    const char *value; /* UTF-8 */
};

/* Appends attributes, up to the one whose value is NULL; false where OpenSSL cannot. */
bool issuer_fill_name(X509_NAME *name, const struct issuer_attribute *attributes);

/* One extension in OpenSSL's words ("critical,digitalSignature"). */
struct issuer_extension {
    int nid;
    const char *value; /* NULL ends a table */
};

/*
 * Adds extensions up to the one whose value is NULL. sections: a configuration that values may
 * point into (@name, dirName:name), or NULL. issuer: the signing CA's certificate.
 */
bool issuer_add_extensions(X509 *certificate, X509 *issuer, const char *sections,
                           const struct issuer_extension *extensions);

/* Adds an extension that holds one directoryName (issuerAltName, subjectAltName). */
bool issuer_add_directory_name(X509 *certificate, int nid,
                               const struct issuer_attribute *attributes);

/* Version 3, key, serial and validity; UTCTime up to 2049, GeneralizedTime later. */
bool issuer_fill_basics(X509 *certificate, EVP_PKEY *key, uint64_t serial,
                        struct instant not_before, struct instant not_after);

/* 23:59:59 in Japan on a day. */
struct instant issuer_end_of_day(struct date date);

/* A random serial of 1 to bits bits (up to 63), above 0. */
MUST_CHECK enum status issuer_random_serial(struct scope *scope, unsigned bits, uint64_t *out);

/* Moves what was written to a memory BIO into the scope. */
MUST_CHECK enum status issuer_take(struct scope *scope, BIO *bio, struct text *out);
/* A private key as PKCS#8 PEM, and a certificate as PEM and as DER. */
MUST_CHECK enum status issuer_key_pem(struct scope *scope, EVP_PKEY *key, struct text *out);
MUST_CHECK enum status issuer_certificate_pem(struct scope *scope, X509 *certificate,
                                              struct text *out);
MUST_CHECK enum status issuer_certificate_der(struct scope *scope, X509 *certificate,
                                              struct text *out);
