/* SPDX-License-Identifier: Apache-2.0
 *
 * visual_password.h - the facility's own password for visual checks (目視確認用パスワード), which
 * is not a card's PIN (card-and-pki 3.1). A file holds one line, salt and hash (scrypt); nothing
 * keeps the password itself.
 *
 *   scrypt 16384 8 1 SALT(32 hex digits) HASH(64 hex digits)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"

#define VISUAL_PASSWORD_MIN 6 /* characters of a new one; our choice */
#define VISUAL_WRONG_MAX 5    /* wrong ones in a row, then none is taken for a while */
#define VISUAL_PAUSE_MILLISECONDS 60000
#define VISUAL_HASH_LINE_MAX 128

struct visual_password {
    unsigned char salt[16], hash[32];
    bool set;             /* false: nobody asks for one */
    int wrong;            /* in a row */
    int64_t paused_until; /* ms, steady clock */
};

/* Makes a new line, with a new salt, for the file. Fails: TEXT_WRONG (too short), INTERNAL. */
MUST_CHECK enum status visual_password_make(struct scope *scope, struct text password,
                                            struct text *line);
/* Reads a line. Fails with CONFIGURATION. */
MUST_CHECK enum status visual_password_parse(struct scope *scope, struct text line,
                                             struct visual_password *out);
/* Reads the file. Fails: CONFIGURATION, FILE_UNAVAILABLE. */
MUST_CHECK enum status visual_password_open(struct scope *scope, const char *path,
                                            struct visual_password *out);
/*
 * Is it the password? Takes a twentieth of a second, so that guessing is slow. Fails:
 * VISUAL_NOT_PERMITTED, VISUAL_PASSWORD_PAUSED (not even tried), INTERNAL.
 */
MUST_CHECK enum status visual_password_check(struct scope *scope, struct visual_password *password,
                                             struct text given, int64_t now);
