/* SPDX-License-Identifier: Apache-2.0 */
#include "card/chip.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

static void bio_drop(BIO **bio)
{
    BIO_free(*bio);
}

/* OpenSSL asks on the terminal where it is not told the passphrase: none. */
static char no_passphrase[] = "";

/* A key from PEM, RSA-2048; *out stays NULL where pem is empty. */
static enum status read_key(struct scope *scope, struct text pem, bool private, EVP_PKEY **out)
{
    CLEANUP(bio_drop) BIO *bio = NULL;

    if (text_empty(pem))
        return STATUS_OK;
    bio = BIO_new_mem_buf(pem.bytes, (int)pem.size);
    if (bio)
        *out = private ? PEM_read_bio_PrivateKey(bio, NULL, NULL, no_passphrase)
                       : PEM_read_bio_PUBKEY(bio, NULL, NULL, no_passphrase);
    ERR_clear_error();
    if (*out && EVP_PKEY_is_a(*out, "RSA") && EVP_PKEY_get_bits(*out) == 2048)
        return STATUS_OK;
    return scope_fail(scope, CAUSE_CONFIGURATION, "card: a key is not RSA-2048 in PEM");
}

static void fill_references(struct chip *chip)
{
    struct card_image *image = &chip->image;

    chip->references[CHIP_AUTH] = (struct chip_reference){.secret = image->auth_pin,
                                                          .secret_size = sizeof image->auth_pin,
                                                          .tries = &image->auth_tries,
                                                          .tries_max = CHIP_AUTH_TRIES};
    chip->references[CHIP_SIGN] =
        (struct chip_reference){.secret = image->sign_password,
                                .secret_size = sizeof image->sign_password,
                                .tries = &image->sign_tries,
                                .tries_max = CHIP_SIGN_TRIES};
    for (int id = 0; id < CHIP_REFERENCE_COUNT; id++)
        if (chip->references[id].secret[0] == '\0')
            *chip->references[id].tries = 0; /* PIN-less cards answer as blocked ones (Q3) */
}

enum status chip_open(struct scope *scope, const struct card_image *image, struct chip *out)
{
    enum status status = STATUS_OK;

    *out = (struct chip){.image = *image};
    fill_references(out);
    chip_fill_files(out);
    status = read_key(scope, image->auth_key_pem, true, &out->auth_key);
    if (status == STATUS_OK)
        status = read_key(scope, image->sign_key_pem, true, &out->sign_key);
    if (status == STATUS_OK)
        status = read_key(scope, image->terminal_ca_pem, false, &out->terminal_ca);
    if (status == STATUS_OK && !out->auth_key)
        status = scope_fail(scope, CAUSE_CONFIGURATION, "card: no authentication key");
    if (status != STATUS_OK)
        chip_close(out);
    return status;
}

void chip_close(struct chip *chip)
{
    EVP_PKEY_free(chip->auth_key);
    EVP_PKEY_free(chip->sign_key);
    EVP_PKEY_free(chip->terminal_ca);
    EVP_PKEY_free(chip->terminal_key);
    OPENSSL_cleanse(chip, sizeof *chip);
}

void chip_end_security(struct chip *chip)
{
    for (int id = 0; id < CHIP_REFERENCE_COUNT; id++)
        chip->references[id].verified = false;
    EVP_PKEY_free(chip->terminal_key);
    chip->terminal_key = NULL;
    OPENSSL_cleanse(chip->challenge, sizeof chip->challenge);
    chip->challenge_given = false;
    chip->terminal_may_sign = false;
}

void chip_reset(struct chip *chip)
{
    chip_end_security(chip);
    chip->application = CHIP_NO_APPLICATION;
    chip->file = 0;
}

uint16_t chip_file_of(const struct chip *chip, unsigned char p2)
{
    if (p2 == 0x80)
        return chip->file;
    return (p2 & 0xE0) == 0x80 ? p2 & 0x1F : 0;
}

/* The last command an iPhone is sent; cards do not know it (card-and-pki 1.8, Q16). */
static enum chip_status say_goodbye(struct chip *chip, const struct chip_command *command,
                                    struct chip_answer *answer)
{
    (void)command;
    (void)answer;
    return text_starts_with(chip->image.label, "JPKIAPIOSTOKEN") ? CHIP_OK : CHIP_WRONG_LENGTH;
}

/* Card-level objects: none are kept here. */
static enum chip_status get_data(struct chip *chip, const struct chip_command *command,
                                 struct chip_answer *answer)
{
    (void)chip;
    (void)command;
    (void)answer;
    return CHIP_NO_OBJECT;
}

/* The command set, one row a command (card-and-pki 1.3, 1.7). */
static const struct {
    unsigned char class, instruction;
    enum chip_status (*run)(struct chip *chip, const struct chip_command *command,
                            struct chip_answer *answer);
} commands[] = {
    {0x00, 0xA4, chip_select},
    {0x00, 0xB0, chip_read_binary},
    {0x00, 0xB2, chip_read_record},
    {0x00, 0x20, chip_verify},
    {0x00, 0x24, chip_change_reference},
    {0x00, 0x84, chip_get_challenge},
    {0x00, 0x82, chip_external_authenticate},
    {0x00, 0xCA, get_data},
    {0x80, 0x2A, chip_sign},
    {0x80, 0xA2, chip_show_terminal},
    {0x80, 0xFC, say_goodbye},
};

/* Le behind the data: absent, one byte, or two after an extended Lc; 0 asks for the most. */
static bool read_expected(const unsigned char *bytes, size_t size, bool extended, size_t *out)
{
    if (size == 0) {
        *out = 0;
        return true;
    }
    if (size != (extended ? 2U : 1U))
        return false;
    *out = extended ? (size_t)bytes[0] << 8 | bytes[1] : bytes[0];
    if (*out == 0)
        *out = extended ? 65536 : 256;
    return true;
}

/* ISO 7816-3, 12.1: the four cases, short and extended. */
static bool take_apart(const unsigned char *bytes, size_t size, struct chip_command *out)
{
    bool extended = size >= 7 && bytes[4] == 0;
    size_t body = extended ? 7 : 5;

    if (size < 4)
        return false;
    *out = (struct chip_command){bytes[0], bytes[1], bytes[2], bytes[3], NULL, 0, 0};
    if (size <= 5)
        return read_expected(bytes + 4, size - 4, false, &out->expected);
    if (size == 7 && extended)
        return read_expected(bytes + 5, 2, true, &out->expected);
    out->size = extended ? (size_t)bytes[5] << 8 | bytes[6] : bytes[4];
    if (out->size == 0 || out->size > size - body)
        return false;
    out->data = bytes + body;
    return read_expected(out->data + out->size, size - body - out->size, extended, &out->expected);
}

static enum chip_status run(struct chip *chip, const unsigned char *bytes, size_t size,
                            struct chip_answer *answer)
{
    struct chip_command command = {0};

    if (!take_apart(bytes, size, &command))
        return CHIP_WRONG_LENGTH;
    if (command.class != 0x00 && command.class != 0x80)
        return CHIP_UNKNOWN_CLASS;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].class == command.class && commands[i].instruction == command.instruction)
            return commands[i].run(chip, &command, answer);
    return CHIP_UNKNOWN_COMMAND;
}

size_t chip_transmit(struct chip *chip, const unsigned char *command, size_t size,
                     unsigned char *answer)
{
    struct chip_answer made = {.size = 0};
    enum chip_status status = run(chip, command, size, &made);

    if (status != CHIP_OK)
        made.size = 0;
    memcpy(answer, made.bytes, made.size);
    answer[made.size] = (unsigned char)(status >> 8);
    answer[made.size + 1] = (unsigned char)(status & 0xFF);
    return made.size + 2;
}
