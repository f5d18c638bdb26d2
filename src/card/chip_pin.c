/* SPDX-License-Identifier: Apache-2.0
 *
 * chip_pin.c - PIN and password: VERIFY, CHANGE REFERENCE DATA (card-and-pki 1.3, table 1.5).
 */
#include <openssl/crypto.h>
#include <string.h>

#include "card/chip.h"

/* EF of a reference, and what a secret of it looks like. */
static const struct {
    uint16_t file;
    size_t shortest, longest;
    bool letters; /* A-Z beside digits */
} kinds[CHIP_REFERENCE_COUNT] = {
    [CHIP_AUTH] = {0x0018, 4, 4, false},
    [CHIP_SIGN] = {0x001B, 6, 16, true},
};

bool chip_secret_ok(enum chip_reference_id id, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool digit = bytes[i] >= '0' && bytes[i] <= '9';
        bool letter = bytes[i] >= 'A' && bytes[i] <= 'Z';
        if (!digit && !(letter && kinds[id].letters))
            return false;
    }
    return size >= kinds[id].shortest && size <= kinds[id].longest;
}

/* The reference that P2 names; NULL where it names none. */
static struct chip_reference *reference_of(struct chip *chip, unsigned char p2,
                                           enum chip_reference_id *out)
{
    uint16_t file = chip_file_of(chip, p2);

    if (chip->application != CHIP_JPKI)
        return NULL;
    for (int id = 0; id < CHIP_REFERENCE_COUNT; id++) {
        if (kinds[id].file != file)
            continue;
        *out = (enum chip_reference_id)id;
        return &chip->references[id];
    }
    return NULL;
}

/* Takes the same time wherever the first difference is. */
static bool is_secret(const struct chip_reference *reference, const unsigned char *data,
                      size_t size)
{
    char padded[sizeof(((struct card_image *)0)->sign_password)] = {0};
    bool same = false;

    if (size >= reference->secret_size)
        return false;
    memcpy(padded, data, size);
    same = size == strlen(reference->secret) &&
           CRYPTO_memcmp(padded, reference->secret, reference->secret_size) == 0;
    OPENSSL_cleanse(padded, sizeof padded);
    return same;
}

static enum chip_status tries_left(const struct chip_reference *reference)
{
    return (enum chip_status)(CHIP_TRIES | (unsigned)*reference->tries);
}

enum chip_status chip_verify(struct chip *chip, const struct chip_command *command,
                             struct chip_answer *answer)
{
    enum chip_reference_id id = CHIP_AUTH;
    struct chip_reference *reference = reference_of(chip, command->p2, &id);

    (void)answer;
    if (command->p1 != 0)
        return CHIP_WRONG_P1P2;
    if (!reference)
        return command->p2 == 0x80 ? CHIP_NO_FILE_CURRENT : CHIP_WRONG_P1P2;
    if (command->size == 0)
        return tries_left(reference);
    if (*reference->tries == 0)
        return CHIP_BLOCKED;
    if (!is_secret(reference, command->data, command->size)) {
        reference->verified = false;
        *reference->tries -= 1;
        chip->changed = true;
        return tries_left(reference);
    }
    reference->verified = true;
    chip->changed = chip->changed || *reference->tries != reference->tries_max;
    *reference->tries = reference->tries_max;
    return CHIP_OK;
}

enum chip_status chip_change_reference(struct chip *chip, const struct chip_command *command,
                                       struct chip_answer *answer)
{
    enum chip_reference_id id = CHIP_AUTH;
    struct chip_reference *reference = reference_of(chip, command->p2, &id);

    (void)answer;
    if (command->p1 != 1)
        return CHIP_WRONG_P1P2;
    if (!reference)
        return command->p2 == 0x80 ? CHIP_NO_FILE_CURRENT : CHIP_WRONG_P1P2;
    if (*reference->tries == 0)
        return CHIP_BLOCKED;
    if (!reference->verified)
        return CHIP_NOT_ALLOWED;
    if (!chip_secret_ok(id, (const char *)command->data, command->size))
        return CHIP_WRONG_DATA;
    OPENSSL_cleanse(reference->secret, reference->secret_size);
    memcpy(reference->secret, command->data, command->size);
    chip->changed = true;
    return CHIP_OK;
}
