/* SPDX-License-Identifier: Apache-2.0
 *
 * chip_terminal.c - terminal authentication (特定機関認証) as a card would answer it. Simulated:
 * the certificate's layout and the first command were observed, the rest is our default
 * (card-and-pki 1.7, Q1), for nobody outside has completed it.
 *
 *   80 A2 00 C1  terminal certificate 7F21, checked with the key under EF 0016
 *   00 84 00 00  16 random bytes
 *   00 82 00 00  RSA signature with SHA-256 over them; then EF 0017 signs once without the PIN
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <string.h>

#include "card/chip.h"
#include "card/terminal_certificate.h"

#define RSA_SIZE 256

static void context_drop(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void key_context_drop(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

/* RSA, PKCS#1 v1.5, SHA-256. */
static bool signature_ok(EVP_PKEY *key, const unsigned char *bytes, size_t size,
                         const unsigned char signature[RSA_SIZE])
{
    CLEANUP(context_drop) EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, RSA_SIZE, bytes, size) == 1;

    ERR_clear_error();
    return good;
}

/* A public key with e = 65537 from a big-endian modulus. */
static EVP_PKEY *key_of(const unsigned char modulus[RSA_SIZE])
{
    CLEANUP(key_context_drop)
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    unsigned char reversed[RSA_SIZE];
    unsigned exponent = 65537;
    EVP_PKEY *key = NULL;

    for (size_t i = 0; i < RSA_SIZE; i++)
        reversed[i] = modulus[RSA_SIZE - 1 - i];
    OSSL_PARAM numbers[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, reversed, sizeof reversed),
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent), OSSL_PARAM_construct_end()};
    if (!context || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, numbers) != 1)
        ERR_clear_error();
    return key;
}

enum chip_status chip_show_terminal(struct chip *chip, const struct chip_command *command,
                                    struct chip_answer *answer)
{
    struct terminal_certificate shown = {0};

    (void)answer;
    if (command->p1 != 0x00 || command->p2 != 0xC1)
        return CHIP_WRONG_P1P2;
    if (command->size != TERMINAL_CERTIFICATE_SIZE)
        return CHIP_WRONG_LENGTH;
    if (chip->application != CHIP_JPKI || !chip->terminal_ca)
        return CHIP_CONDITIONS;
    if (!terminal_certificate_read(command->data, &shown))
        return CHIP_WRONG_DATA;
    if (!signature_ok(chip->terminal_ca, shown.body, TERMINAL_CERTIFICATE_BODY, shown.signature))
        return CHIP_NOT_ALLOWED;
    EVP_PKEY_free(chip->terminal_key);
    chip->terminal_may_sign = false;
    chip->terminal_key = key_of(shown.modulus);
    return chip->terminal_key ? CHIP_OK : CHIP_WRONG_DATA;
}

enum chip_status chip_get_challenge(struct chip *chip, const struct chip_command *command,
                                    struct chip_answer *answer)
{
    if (command->p1 != 0 || command->p2 != 0)
        return CHIP_WRONG_P1P2;
    if (command->size > 0 || command->expected == 0 || command->expected > 256)
        return CHIP_WRONG_LENGTH;
    if (RAND_bytes(answer->bytes, (int)command->expected) != 1)
        return CHIP_FAULT;
    answer->size = command->expected;
    chip->challenge_given = command->expected == CHIP_CHALLENGE_SIZE;
    if (chip->challenge_given)
        memcpy(chip->challenge, answer->bytes, CHIP_CHALLENGE_SIZE);
    return CHIP_OK;
}

enum chip_status chip_external_authenticate(struct chip *chip, const struct chip_command *command,
                                            struct chip_answer *answer)
{
    bool given = chip->challenge_given;

    (void)answer;
    if (command->p1 != 0 || command->p2 != 0)
        return CHIP_WRONG_P1P2;
    if (command->size != RSA_SIZE)
        return CHIP_WRONG_LENGTH;
    if (chip->application != CHIP_JPKI || !chip->terminal_key || !given)
        return CHIP_CONDITIONS;
    chip->challenge_given = false; /* one attempt a challenge */
    chip->terminal_may_sign =
        signature_ok(chip->terminal_key, chip->challenge, CHIP_CHALLENGE_SIZE, command->data);
    return chip->terminal_may_sign ? CHIP_OK : CHIP_NOT_ALLOWED;
}
