/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_terminal.c - terminal credentials for 特定機関認証 (card-and-pki 1.7). Simulated: the
 * layout of the card-verifiable certificate is what one observer reported, the signature over it is
 * our choice.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/file.h"
#include "proof/issuer.h"
#include "proof/issuer_internal.h"

#define RSA_SIZE 256
#define KEY_ID_SIZE 16
#define BODY_SIZE 297        /* two key ids, tag 90 exponent, tag 91 modulus */
#define CERTIFICATE_SIZE 568 /* 7F21 { 5F4E body, 5F37 signature } */
#define SUBJECT_AT ((size_t)KEY_ID_SIZE)
#define MODULUS_AT (BODY_SIZE - RSA_SIZE)

static const unsigned char whole_head[] = {0x7F, 0x21, 0x82, 0x02, 0x33};
static const unsigned char body_head[] = {0x5F, 0x4E, 0x82, 0x01, 0x29};
static const unsigned char key_head[] = {0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00};
static const unsigned char signature_head[] = {0x5F, 0x37, 0x82, 0x01, 0x00};

static void bignum_drop(BIGNUM **number)
{
    BN_free(*number);
}

static void context_drop(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static bool modulus_of(const EVP_PKEY *key, unsigned char out[RSA_SIZE])
{
    CLEANUP(bignum_drop) BIGNUM *modulus = NULL;

    return EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
           BN_bn2binpad(modulus, out, RSA_SIZE) == RSA_SIZE;
}

/* The first 16 bytes of the SHA-256 of a key's modulus. */
static bool key_id_of(const EVP_PKEY *key, unsigned char out[KEY_ID_SIZE])
{
    unsigned char modulus[RSA_SIZE];
    unsigned char hash[32];

    if (!modulus_of(key, modulus) ||
        EVP_Digest(modulus, sizeof modulus, hash, NULL, EVP_sha256(), NULL) != 1)
        return false;
    memcpy(out, hash, KEY_ID_SIZE);
    return true;
}

/* Issuer key id, subject key id (the institution code, padded with NUL), the terminal's key. */
static bool make_body(const struct issuer *issuer, const EVP_PKEY *key, const char *institution,
                      unsigned char out[BODY_SIZE])
{
    memset(out, 0, BODY_SIZE);
    memcpy(out + SUBJECT_AT, institution, strnlen(institution, KEY_ID_SIZE));
    memcpy(out + SUBJECT_AT + KEY_ID_SIZE, key_head, sizeof key_head);
    return key_id_of(issuer->key, out) && modulus_of(key, out + MODULUS_AT);
}

static bool sign_body(const struct issuer *issuer, const unsigned char body[BODY_SIZE],
                      unsigned char out[RSA_SIZE])
{
    CLEANUP(context_drop) EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = RSA_SIZE;

    return context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, issuer->key) == 1 &&
           EVP_DigestSign(context, out, &size, body, BODY_SIZE) == 1 && size == RSA_SIZE;
}

static unsigned char *append(unsigned char *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

static bool make_certificate(const struct issuer *issuer, const EVP_PKEY *key,
                             const char *institution, unsigned char out[CERTIFICATE_SIZE])
{
    unsigned char body[BODY_SIZE];
    unsigned char signature[RSA_SIZE];

    if (!make_body(issuer, key, institution, body) || !sign_body(issuer, body, signature))
        return false;
    out = append(out, whole_head, sizeof whole_head);
    out = append(out, body_head, sizeof body_head);
    out = append(out, body, sizeof body);
    out = append(out, signature_head, sizeof signature_head);
    append(out, signature, sizeof signature);
    return true;
}

/* The key, and behind it the certificate under a PEM name of its own. */
static enum status credential_pem(struct scope *scope, EVP_PKEY *key,
                                  const unsigned char certificate[CERTIFICATE_SIZE],
                                  struct text *out)
{
    CLEANUP(issuer_bio_drop) BIO *bio = BIO_new(BIO_s_secmem());

    TRY(issuer_tried(scope,
                     bio &&
                         PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                         PEM_write_bio(bio, "CARD VERIFIABLE CERTIFICATE", "", certificate,
                                       CERTIFICATE_SIZE) > 0,
                     "a terminal credential"));
    return issuer_take(scope, bio, out);
}

enum status issuer_make_terminal(struct scope *scope, const struct issuer *issuer,
                                 const char *institution, const char *path)
{
    CLEANUP(issuer_key_drop) EVP_PKEY *key = NULL;
    unsigned char certificate[CERTIFICATE_SIZE];
    struct text pem = {0};

    if (issuer->kind != ISSUER_TERMINAL)
        return scope_fail(scope, CAUSE_INTERNAL, "this issuer makes no terminal credentials");
    if (strlen(institution) > KEY_ID_SIZE)
        return scope_fail(scope, CAUSE_USAGE, "an institution code has at most 16 characters");
    key = issuer_new_rsa();
    TRY(issuer_tried(scope, key != NULL, "a terminal's key"));
    TRY(issuer_tried(scope, make_certificate(issuer, key, institution, certificate),
                     "a terminal certificate"));
    TRY(credential_pem(scope, key, certificate, &pem));
    return file_write(scope, path, pem, FILE_MODE_SECRET);
}
