/* SPDX-License-Identifier: Apache-2.0
 *
 * link_code.h - an individual number as those know it who must not know it.
 *
 * A link code is HMAC-SHA256 of the individual number (個人番号) under a key that insurers' side
 * and resident register share, in 64 lower-case hexadecimal digits: our stand-in for the number
 * network's 符号. The store keeps link codes only, so that a copy of it tells no number.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "base/text.h"

#define LINK_CODE_SIZE 65 /* 64 digits and the NUL */
#define LINK_KEY_SIZE 32

struct link_key {
    unsigned char bytes[LINK_KEY_SIZE];
};

/* Reads a key: a file of 64 hexadecimal digits that only its owner may read. Fails with
 * FILE_UNAVAILABLE, CONFIGURATION. Wipe it with link_key_drop(). */
MUST_CHECK enum status link_key_read(struct scope *scope, const char *path, struct link_key *out);
/* Makes a random key and writes it with mode 0600. */
MUST_CHECK enum status link_key_make(struct scope *scope, const char *path, struct link_key *out);
void link_key_drop(struct link_key *key);

/* number: 12 digits with a right check digit, else INDIVIDUAL_NUMBER_WRONG. */
MUST_CHECK enum status link_code_make(struct scope *scope, const struct link_key *key,
                                      struct text number, char out[LINK_CODE_SIZE]);
/* True for 64 lower-case hexadecimal digits. */
bool link_code_ok(struct text code);
