/* SPDX-License-Identifier: Apache-2.0
 *
 * face_message.h - what a face device says, a line a message (docs/face-device.md).
 *
 *   hello version=1
 *   pick session=ID mode=face | pin
 *   face session=ID result=match | no-match | no-face | broken
 *   digits session=ID pin=1234
 *   last-try session=ID
 *   staff session=ID account=desk-07 [password=...]
 *   looked session=ID result=alike | other
 *   consented session=ID items=limit,medication   or none
 *   cancel session=ID
 *
 * Fields are separated by one blank and may come in any order. A line may hold a PIN or a password:
 * whoever reads it wipes it.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "domain/identity.h"
#include "terminal/presentation.h"

#define FACE_VERSION 1
#define FACE_LINE_MAX 512    /* bytes, the line's end included */
#define FACE_SESSION_SIZE 16 /* hexadecimal digits */

enum face_word {
    FACE_HELLO,
    FACE_PICK,
    FACE_RESULT,
    FACE_DIGITS,
    FACE_LAST_TRY,
    FACE_STAFF,
    FACE_LOOKED,
    FACE_CONSENTED,
    FACE_CANCEL,
};

struct face_message {
    enum face_word word;
    char session[FACE_SESSION_SIZE + 1]; /* "" in hello */
    int version;                         /* hello */
    enum identity_mode mode;             /* pick: face or PIN */
    enum identity_happening result;      /* face and looked */
    char pin[5];
    char staff[STAFF_ID_MAX + 1];
    char password[VISUAL_PASSWORD_MAX + 1]; /* "" where none was given */
    unsigned consents;
};

/* Reads a line, without its end. Fails with FACE_DEVICE_AWAY; the failure text repeats no value. */
MUST_CHECK enum status face_message_read(struct scope *scope, struct text line,
                                         struct face_message *out);
void face_message_wipe(struct face_message *message);
