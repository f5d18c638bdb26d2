/* SPDX-License-Identifier: Apache-2.0
 *
 * proof_world.h - what the tests of proof/ share: a card CA, its cards, what they sign.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "proof/issuer_internal.h"

/* A card as the tests hold it; texts live in the scope it was made in. */
struct test_card {
    struct text der, key_pem;
    EVP_PKEY *key;
};

static inline EVP_PKEY *test_read_key(struct text pem)
{
    BIO *bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return key;
}

static inline struct test_card test_make_card(struct scope *scope, const struct issuer *issuer,
                                              uint64_t serial)
{
    struct card_certificate_order order = {.serial = serial,
                                           .not_before = instant_noon(DATE(20241201)),
                                           .expires = DATE(20291114),
                                           .municipality = "13104"};
    struct test_card card = {0};

    if (issuer_make_card(scope, issuer, &order, &card.key_pem, &card.der) != STATUS_OK)
        abort();
    card.key = test_read_key(card.key_pem);
    return card;
}

static inline struct issuer *test_make_issuer(struct scope *scope, enum issuer_kind kind)
{
    struct issuer *issuer = NULL;

    if (issuer_make(scope, kind, instant_noon(DATE(20241101)), &issuer) != STATUS_OK)
        abort();
    return issuer;
}

/* PKCS#1 v1.5 with SHA-256 over a hash. */
static inline void test_sign(EVP_PKEY *key, const unsigned char hash[32], unsigned char out[256])
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = 256;

    if (EVP_PKEY_sign_init(context) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_sign(context, out, &size, hash, 32) != 1)
        abort();
    EVP_PKEY_CTX_free(context);
}

static inline X509 *test_parse(struct text der)
{
    const unsigned char *at = (const unsigned char *)der.bytes;

    return d2i_X509(NULL, &at, (long)der.size);
}

/* A certificate of the test's own making, signed (again) by the issuer. */
static inline struct text test_sign_again(struct scope *scope, const struct issuer *issuer,
                                          X509 *certificate)
{
    struct text der = {0};

    if (X509_sign(certificate, issuer->key, EVP_sha256()) <= 0 ||
        issuer_certificate_der(scope, certificate, &der) != STATUS_OK)
        abort();
    return der;
}

/* Replaces an extension by another value in OpenSSL's words; NULL takes it away. */
static inline void test_set_extension(X509 *certificate, int nid, const char *value)
{
    int at = X509_get_ext_by_NID(certificate, nid, -1);

    if (at >= 0)
        X509_EXTENSION_free(X509_delete_ext(certificate, at));
    if (value) {
        const struct issuer_extension changed[] = {{nid, value}, {0, NULL}};
        if (!issuer_add_extensions(certificate, certificate, NULL, changed))
            abort();
    }
}
