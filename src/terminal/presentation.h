/* SPDX-License-Identifier: Apache-2.0
 *
 * presentation.h - what stands in a .present file: a card is put on the reader.
 *
 * Lines `name = value` in UTF-8, blank lines and lines that begin with '#' aside:
 *
 *   card     = PATH                     a .card file; a relative path starts at reader/. Without
 *                                       it: the card that lies on the PC/SC reader
 *   mode     = face | pin | visual      how the holder was identified (E2)
 *            | ask                      the face device asks the holder (face_device.h)
 *   pin      = 1234                     four digits, mode pin only
 *   consent  = limit,disease,checkup,medication,diagnosis,operation   or none
 *   on       = 2026-11-05               the day to check; today without it
 *   last-try = yes                      go on though the card would lock at one more wrong PIN
 *   register = yes                      the patient wants to use the card as insurance card (R1)
 *
 *   staff    = desk-07                  account of who compares by eye; a name is none
 *   password = ...                      the facility's, for visual (visual_password.h)
 *
 * mode is needed, unless the file is an order for the administrator's switch (identity.h):
 *
 *   visual   = on | off                 with staff, and the password where one is set
 *   minutes  = 30                       on for so long; else as the terminal is set
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"
#include "domain/eligibility.h"
#include "domain/identity.h"

#define PRESENTATION_MAX 4096 /* bytes of a file */
#define PRESENTATION_PATH_MAX 1024
#define VISUAL_PASSWORD_MAX 64 /* characters, printable ASCII without blanks */
#define VISUAL_MINUTES_MAX (INT64_C(60) * VISUAL_HOURS_MAX)

enum visual_order { VISUAL_ORDER_NONE, VISUAL_ORDER_ON, VISUAL_ORDER_OFF };

struct presentation {
    char card[PRESENTATION_PATH_MAX]; /* NUL-terminated; "" = the one on the PC/SC reader */
    enum identity_mode mode;          /* 0 = ask, or an order */
    char pin[5];                      /* "" where none was given; wiped by presentation_wipe() */
    unsigned consents;                /* CONSENT_ bits */
    struct date on;                   /* DATE_NONE = today */
    bool last_try;
    bool registers;
    char staff[STAFF_ID_MAX + 1];           /* "" where none was given */
    char password[VISUAL_PASSWORD_MAX + 1]; /* likewise; wiped like the PIN */
    enum visual_order order;
    int minutes; /* 0 = not given */
};

/*
 * Reads a presentation. Fails: ENCODING, ELEMENT_MISSING, ELEMENT_REPEATED, VALUE_TOO_LONG,
 * CODE_VALUE_WRONG, DATE_WRONG; the failure text names the line's number, never its value.
 */
MUST_CHECK enum status presentation_read(struct scope *scope, struct text bytes,
                                         struct presentation *out);

/* Copies an account, or a password; false where it is none. */
bool staff_read(struct text value, char out[STAFF_ID_MAX + 1]);
bool password_read(struct text value, char out[VISUAL_PASSWORD_MAX + 1]);
/* "limit,medication" or "none" to CONSENT_ bits; false for other words. And back. */
bool consents_read(struct text value, unsigned *out);
void consents_add(struct text_buffer *buffer, unsigned wanted);

/* Overwrites it, PIN and all. */
void presentation_wipe(struct presentation *presentation);

/* "face", "pin", "visual". */
const char *identity_mode_name(enum identity_mode mode);
/* The mode of a name; 0 where it is none. */
enum identity_mode identity_mode_read(struct text name);
