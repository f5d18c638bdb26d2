/* SPDX-License-Identifier: Apache-2.0
 *
 * emulated_card.h - a card in software with the documented command set; its state is a file.
 *
 * A .card file is JSON: keys, certificates, PINs, counters of one invented person. PIN counters
 * survive: the file is rewritten (atomically) whenever one changes.
 */
#pragma once

#include "base/text.h"
#include "card/apdu.h"

/* What is on a card. Texts are borrowed. */
struct card_image {
    struct text label;            /* "JPKIAPICCTOKEN2", at most 32 ASCII characters */
    struct text auth_certificate; /* DER, EF 000A */
    struct text auth_ca;          /* DER, EF 000B */
    struct text auth_key_pem;     /* RSA-2048 private key */
    struct text sign_certificate; /* DER, EF 0001; empty on PIN-less cards */
    struct text sign_ca;          /* DER, EF 0002 */
    struct text sign_key_pem;     /* may be empty */
    struct text
        terminal_ca_pem;    /* public key that terminal certificates are checked with (EF 0016) */
    char auth_pin[5];       /* four digits, or "" = PIN-less */
    char sign_password[17]; /* 6 to 16 of A-Z 0-9, or "" */
    int auth_tries, sign_tries; /* left: of 3 and of 5 */
    struct text card_number;    /* 共通カードAP: 15-digit card serial, or empty */
    struct text municipality;   /* 共通カードAP: five-digit code, or empty */
    struct date card_expires;
};

/*
 * Writes a card file, atomically and with mode 0600. Fails with CONFIGURATION where the image is
 * not one that card_image_read() accepts, or FILE_UNAVAILABLE.
 */
MUST_CHECK enum status card_image_write(struct scope *scope, const char *path,
                                        const struct card_image *image);
/* Reads a card file; texts in the scope. Fails with CONFIGURATION, naming the member. */
MUST_CHECK enum status card_image_read(struct scope *scope, const char *path,
                                       struct card_image *out);
/* The same from bytes, and to bytes. */
MUST_CHECK enum status card_image_parse(struct scope *scope, struct text json,
                                        struct card_image *out);
MUST_CHECK enum status card_image_format(struct scope *scope, const struct card_image *image,
                                         struct text *json);

/*
 * Opens a card file as a link, as a card lies in one reader at a time: waits two seconds for
 * another link to close, then fails with CARD_IN_USE. Else fails as card_image_read() does. Closed
 * with link->ops->close().
 */
MUST_CHECK enum status emulated_card_open(struct scope *scope, const char *path,
                                          struct card_link **out);
