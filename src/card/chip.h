/* SPDX-License-Identifier: Apache-2.0
 *
 * chip.h - the chip of an emulated card: commands in, answers out, no files (card-and-pki 1.2-1.7).
 *
 * What was observed on cards is reproduced with its status words; what nobody outside has seen
 * (terminal authentication, the record of the common application) is simulated and says so where it
 * stands. The two 券面 applications are not there: selecting them answers 6A82.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "card/apdu.h"
#include "card/emulated_card.h"

#define CHIP_AUTH_TRIES 3
#define CHIP_SIGN_TRIES 5
#define CHIP_CHALLENGE_SIZE 16

/* Status words (card-and-pki 1.4). */
enum chip_status {
    CHIP_OK = 0x9000,
    CHIP_TRIES = 0x63C0, /* + tries left */
    CHIP_MEMORY_FAILURE = 0x6581,
    CHIP_WRONG_LENGTH = 0x6700,
    CHIP_NOT_ALLOWED = 0x6982, /* security status not satisfied */
    CHIP_BLOCKED = 0x6984,
    CHIP_CONDITIONS = 0x6985,
    CHIP_NO_FILE_CURRENT = 0x6986,
    CHIP_WRONG_DATA = 0x6A80,
    CHIP_NOT_FOUND = 0x6A82,
    CHIP_WRONG_P1P2 = 0x6A86,
    CHIP_NO_OBJECT = 0x6A88,
    CHIP_OUTSIDE_FILE = 0x6B00,
    CHIP_UNKNOWN_COMMAND = 0x6D00,
    CHIP_UNKNOWN_CLASS = 0x6E00,
    CHIP_FAULT = 0x6F00,
};

/* A command, taken apart. */
struct chip_command {
    unsigned char class, instruction, p1, p2;
    const unsigned char *data;
    size_t size;     /* Lc */
    size_t expected; /* Le: 0 = none asked for, else 1 to 65536 */
};

/* The data of an answer; dropped unless the status is CHIP_OK. */
struct chip_answer {
    unsigned char bytes[APDU_MAX - 2];
    size_t size;
};

enum chip_application { CHIP_NO_APPLICATION, CHIP_JPKI, CHIP_COMMON };

/* The references (PIN and password), in the order of chip.references. */
enum chip_reference_id { CHIP_AUTH, CHIP_SIGN, CHIP_REFERENCE_COUNT };

struct chip_reference {
    char *secret; /* in the image; "" = there is none: always blocked */
    size_t secret_size;
    int *tries; /* left, in the image */
    int tries_max;
    bool verified;
};

struct chip {
    struct card_image image; /* texts borrowed from the scope it was read in */
    EVP_PKEY *auth_key;
    EVP_PKEY *sign_key;    /* NULL where the card has none */
    EVP_PKEY *terminal_ca; /* NULL where the card knows no terminal CA */
    char label[160];       /* EF 0006: 32 characters padded with blanks, then NUL */
    char record[29];       /* the common application's record, and a NUL */
    struct chip_reference references[CHIP_REFERENCE_COUNT];
    bool changed; /* a counter or a secret: the image must be kept before the answer leaves */

    /* The session; lost at reset. */
    enum chip_application application;
    uint16_t file;          /* current EF, 0 = none */
    EVP_PKEY *terminal_key; /* of the terminal certificate shown last */
    unsigned char challenge[CHIP_CHALLENGE_SIZE];
    bool challenge_given;
    bool terminal_may_sign; /* once, without the PIN */
};

/* Puts an image on a chip. Fails with CONFIGURATION where a key cannot be read. */
MUST_CHECK enum status chip_open(struct scope *scope, const struct card_image *image,
                                 struct chip *out);
/* Wipes and frees keys and secrets. */
void chip_close(struct chip *chip);
/* Power off and on. */
void chip_reset(struct chip *chip);
/* Ends what PIN and terminal opened: at reset and at the selection of an application. */
void chip_end_security(struct chip *chip);
/* Carries out a command. answer: at least APDU_MAX bytes; returns its size, 2 or more. */
size_t chip_transmit(struct chip *chip, const unsigned char *command, size_t size,
                     unsigned char *answer);

/* Fills what EFs hold beside the image's own texts; at open. */
void chip_fill_files(struct chip *chip);

/* The commands, one function each. */
enum chip_status chip_select(struct chip *chip, const struct chip_command *command,
                             struct chip_answer *answer);
enum chip_status chip_read_binary(struct chip *chip, const struct chip_command *command,
                                  struct chip_answer *answer);
enum chip_status chip_read_record(struct chip *chip, const struct chip_command *command,
                                  struct chip_answer *answer);
enum chip_status chip_verify(struct chip *chip, const struct chip_command *command,
                             struct chip_answer *answer);
enum chip_status chip_change_reference(struct chip *chip, const struct chip_command *command,
                                       struct chip_answer *answer);
enum chip_status chip_sign(struct chip *chip, const struct chip_command *command,
                           struct chip_answer *answer);
enum chip_status chip_get_challenge(struct chip *chip, const struct chip_command *command,
                                    struct chip_answer *answer);
enum chip_status chip_show_terminal(struct chip *chip, const struct chip_command *command,
                                    struct chip_answer *answer);
enum chip_status chip_external_authenticate(struct chip *chip, const struct chip_command *command,
                                            struct chip_answer *answer);

/*
 * The EF that P2 of a command names: 80 = the current one, 80 + short id = that one; 0 where P2 has
 * another form or no EF is current.
 */
uint16_t chip_file_of(const struct chip *chip, unsigned char p2);
/* True where a reference is that secret: digits and length as its kind wants. */
bool chip_secret_ok(enum chip_reference_id id, const char *bytes, size_t size);
