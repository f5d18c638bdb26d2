/* SPDX-License-Identifier: Apache-2.0
 *
 * jpki_terminal.c - the terminal's side of 特定機関認証. Simulated, see chip_terminal.c.
 */
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "card/exchange.h"
#include "card/jpki.h"
#include "card/terminal_certificate.h"

#define FILE_LIMIT 16384
#define RSA_SIZE 256
#define CHALLENGE_SIZE 16

struct terminal_credential {
    EVP_PKEY *key;
    unsigned char certificate[TERMINAL_CERTIFICATE_SIZE];
};

static void bio_drop(BIO **bio)
{
    BIO_free(*bio);
}

static void context_drop(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

/* OpenSSL asks on the terminal where it is not told the passphrase: none. */
static char no_passphrase[] = "";

static bool read_certificate(BIO *bio, unsigned char out[TERMINAL_CERTIFICATE_SIZE])
{
    struct terminal_certificate parts = {0};
    char *name = NULL;
    char *header = NULL;
    unsigned char *bytes = NULL;
    long size = 0;
    bool good = PEM_read_bio(bio, &name, &header, &bytes, &size) == 1 &&
                strcmp(name, TERMINAL_CERTIFICATE_PEM) == 0 && size == TERMINAL_CERTIFICATE_SIZE &&
                terminal_certificate_read(bytes, &parts);

    if (good)
        memcpy(out, bytes, TERMINAL_CERTIFICATE_SIZE);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
    return good;
}

static enum status fill(struct scope *scope, struct terminal_credential *credential,
                        const char *path)
{
    CLEANUP(bio_drop) BIO *bio = NULL;
    struct text pem = {0};

    TRY(file_read(scope, path, FILE_LIMIT, &pem));
    bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    if (bio)
        credential->key = PEM_read_bio_PrivateKey(bio, NULL, NULL, no_passphrase);
    if (credential->key && EVP_PKEY_is_a(credential->key, "RSA") &&
        EVP_PKEY_get_bits(credential->key) == 2048 &&
        read_certificate(bio, credential->certificate))
        return STATUS_OK;
    ERR_clear_error();
    return scope_fail(scope, CAUSE_CONFIGURATION, "'%s' is no terminal credential", path);
}

enum status terminal_credential_open(struct scope *scope, const char *path,
                                     struct terminal_credential **out)
{
    struct terminal_credential *credential = calloc(1, sizeof *credential);
    enum status status = STATUS_OK;

    if (!credential)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = fill(scope, credential, path);
    if (status == STATUS_OK)
        *out = credential;
    else
        terminal_credential_close(credential);
    return status;
}

void terminal_credential_close(struct terminal_credential *credential)
{
    if (!credential)
        return;
    EVP_PKEY_free(credential->key);
    free(credential);
}

/* 80 A2 00 C1 with an extended Lc. */
static enum status show_certificate(struct scope *scope, struct card_link *link,
                                    const struct terminal_credential *credential)
{
    unsigned char show[7 + TERMINAL_CERTIFICATE_SIZE] = {
        0x80,
        0xA2,
        0x00,
        0xC1,
        0x00,
        TERMINAL_CERTIFICATE_SIZE >> 8,
        TERMINAL_CERTIFICATE_SIZE & 0xFF,
    };
    struct exchange answer = {.size = 0};

    memcpy(show + 7, credential->certificate, TERMINAL_CERTIFICATE_SIZE);
    return exchange_expect(scope, link, show, sizeof show, "terminal certificate", &answer);
}

/* RSA, PKCS#1 v1.5, SHA-256. */
static bool sign_challenge(const struct terminal_credential *credential,
                           const unsigned char challenge[CHALLENGE_SIZE],
                           unsigned char out[RSA_SIZE])
{
    CLEANUP(context_drop) EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = RSA_SIZE;

    return context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, credential->key) == 1 &&
           EVP_DigestSign(context, out, &size, challenge, CHALLENGE_SIZE) == 1 && size == RSA_SIZE;
}

enum status jpki_authenticate_terminal(struct scope *scope, struct card_link *link,
                                       const struct terminal_credential *credential)
{
    static const unsigned char get_challenge[] = {0x00, 0x84, 0x00, 0x00, CHALLENGE_SIZE};
    unsigned char authenticate[7 + RSA_SIZE] = {0x00, 0x82, 0x00, 0x00, 0x00, 0x01, 0x00};
    struct exchange answer = {.size = 0};

    TRY(show_certificate(scope, link, credential));
    TRY(exchange_expect(scope, link, get_challenge, sizeof get_challenge, "GET CHALLENGE",
                        &answer));
    if (answer.size != CHALLENGE_SIZE)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: a challenge of %zu bytes",
                          answer.size);
    if (!sign_challenge(credential, answer.bytes, authenticate + 7)) {
        ERR_clear_error();
        return scope_fail(scope, CAUSE_INTERNAL, "the terminal's key does not sign");
    }
    return exchange_expect(scope, link, authenticate, sizeof authenticate,
                           "terminal authentication", &answer);
}
