/* SPDX-License-Identifier: Apache-2.0
 *
 * jpki.h - the 公的個人認証 application of a card, as a terminal uses it (card-and-pki 1.2 to 1.5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "card/apdu.h"

/*
 * The day on which the card itself ends, out of the common application (共通カードAP), which is
 * selected; DATE_NONE where the card does not tell. Its file and record are simulated: that they
 * exist is known, where they lie is not. Fails with what the link fails with.
 */
MUST_CHECK enum status common_read_expiry(struct scope *scope, struct card_link *link,
                                          struct date *out);

/* Selects the application. Fails with CARD_NOT_OURS where the card has none. */
MUST_CHECK enum status jpki_select(struct scope *scope, struct card_link *link);

/* Token label (EF 0006), trimmed: "JPKIAPICCTOKEN2" on plastic cards. */
MUST_CHECK enum status jpki_read_label(struct scope *scope, struct card_link *link,
                                       struct text *out);

/* What the application lies on, by the beginning of its label. */
enum card_kind { CARD_KIND_PLASTIC, CARD_KIND_ANDROID, CARD_KIND_IPHONE };

/* Reads the label and tells the kind. Fails with CARD_NOT_OURS for a label of no known kind. */
MUST_CHECK enum status jpki_read_kind(struct scope *scope, struct card_link *link,
                                      enum card_kind *out);

/* The authentication certificate (EF 000A), DER, in the scope. */
MUST_CHECK enum status jpki_read_certificate(struct scope *scope, struct card_link *link,
                                             struct text *out);

/* What the authentication PIN is good for. */
struct jpki_pin {
    int tries; /* left; 0 = locked, or there is none */
    bool none; /* a PIN-less card (顔認証マイナンバーカード) */
};

/* Asks for both; no try is used. */
MUST_CHECK enum status jpki_read_pin(struct scope *scope, struct card_link *link,
                                     struct jpki_pin *out);

/* Tries left of the authentication PIN; 0 = locked. No try is used. */
MUST_CHECK enum status jpki_pin_tries(struct scope *scope, struct card_link *link, int *out);

/*
 * Verifies the four-digit PIN. Fails: CARD_PIN_WRONG (tries left in *tries), CARD_PIN_LOCKED,
 * CARD_PIN_NONE (E2: a PIN-less card). Never repeats by itself. The caller wipes the PIN.
 */
MUST_CHECK enum status jpki_verify_pin(struct scope *scope, struct card_link *link, const char *pin,
                                       size_t size, int *tries);

/*
 * Terminal authentication (特定機関認証, card-and-pki 1.7 and Q1): lets the card sign once without
 * the PIN, for face and visual modes. key_pem: the terminal's RSA key and certificate for this
 * purpose, as `shikaku world` makes them. Simulated shape: nobody outside has seen the real one.
 */
struct terminal_credential; /* opaque */
MUST_CHECK enum status terminal_credential_open(struct scope *scope, const char *path,
                                                struct terminal_credential **out);
void terminal_credential_close(struct terminal_credential *credential);
MUST_CHECK enum status jpki_authenticate_terminal(struct scope *scope, struct card_link *link,
                                                  const struct terminal_credential *credential);

/* Signs a SHA-256 hash with the authentication key (EF 0017), PKCS#1 v1.5. out: 256 bytes. */
MUST_CHECK enum status jpki_sign(struct scope *scope, struct card_link *link,
                                 const unsigned char hash[32], unsigned char out[256]);
