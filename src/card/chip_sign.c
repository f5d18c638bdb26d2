/* SPDX-License-Identifier: Apache-2.0
 *
 * chip_sign.c - COMPUTE DIGITAL SIGNATURE (card-and-pki 1.3).
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "card/chip.h"

#define HASH_SIZE 32
#define FILE_AUTH_KEY 0x0017
#define FILE_SIGN_KEY 0x001A

/* The schemes, by P1. */
static const struct scheme {
    size_t shortest, longest; /* bytes of input */
    bool hashes;              /* the card hashes with SHA-256 */
    bool names_hash;          /* DigestInfo (PKCS#1) or PSS with SHA-256 */
    int padding;
} schemes[] = {
    {1, 245, false, false, RSA_PKCS1_PADDING},
    {1, 255, true, false, RSA_PKCS1_PADDING},
    {HASH_SIZE, HASH_SIZE, false, true, RSA_PKCS1_PADDING},
    {1, 255, true, true, RSA_PKCS1_PADDING},
    {HASH_SIZE, HASH_SIZE, false, true, RSA_PKCS1_PSS_PADDING},
    {1, 255, true, true, RSA_PKCS1_PSS_PADDING},
};

static void context_drop(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

/* A PSS salt is as long as the hash; what cards take is not published. */
static bool prepare(EVP_PKEY_CTX *context, const struct scheme *scheme)
{
    return context && EVP_PKEY_sign_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, scheme->padding) == 1 &&
           (!scheme->names_hash || EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1) &&
           (scheme->padding != RSA_PKCS1_PSS_PADDING ||
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static enum chip_status sign(EVP_PKEY *key, const struct scheme *scheme,
                             const struct chip_command *command, struct chip_answer *answer)
{
    CLEANUP(context_drop) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    const unsigned char *input = command->data;
    size_t size = command->size;
    unsigned char hash[HASH_SIZE];

    if (scheme->hashes) {
        if (EVP_Digest(input, size, hash, NULL, EVP_sha256(), NULL) != 1)
            return CHIP_FAULT;
        input = hash;
        size = HASH_SIZE;
    }
    answer->size = sizeof answer->bytes;
    if (prepare(context, scheme) &&
        EVP_PKEY_sign(context, answer->bytes, &answer->size, input, size) == 1)
        return CHIP_OK;
    ERR_clear_error();
    return CHIP_FAULT;
}

/* May the authentication key sign now? A terminal's permission holds for one signature. */
static bool may_authenticate(struct chip *chip)
{
    if (chip->references[CHIP_AUTH].verified)
        return true;
    if (!chip->terminal_may_sign)
        return false;
    chip->terminal_may_sign = false;
    return true;
}

enum chip_status chip_sign(struct chip *chip, const struct chip_command *command,
                           struct chip_answer *answer)
{
    uint16_t file = chip_file_of(chip, command->p2);
    const struct scheme *scheme = NULL;

    if (command->p1 >= sizeof schemes / sizeof schemes[0])
        return CHIP_WRONG_P1P2;
    if (chip->application != CHIP_JPKI || (file != FILE_AUTH_KEY && file != FILE_SIGN_KEY))
        return command->p2 == 0x80 ? CHIP_NO_FILE_CURRENT : CHIP_WRONG_P1P2;
    scheme = &schemes[command->p1];
    if (command->size < scheme->shortest || command->size > scheme->longest)
        return CHIP_WRONG_LENGTH;
    if (file == FILE_AUTH_KEY && may_authenticate(chip))
        return sign(chip->auth_key, scheme, command, answer);
    if (file == FILE_SIGN_KEY && chip->sign_key && chip->references[CHIP_SIGN].verified)
        return sign(chip->sign_key, scheme, command, answer);
    return CHIP_NOT_ALLOWED;
}
