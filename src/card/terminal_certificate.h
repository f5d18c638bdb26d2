/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal_certificate.h - the card-verifiable certificate of a terminal, tag 7F21 (card-and-pki
 * 1.7): 5F4E (issuer key id, subject key id, RSA-2048 key) and 5F37 (signature over that body).
 */
#pragma once

#include <stdbool.h>

#define TERMINAL_CERTIFICATE_SIZE 568
#define TERMINAL_CERTIFICATE_BODY 297
#define TERMINAL_CERTIFICATE_PEM "CARD VERIFIABLE CERTIFICATE"

/* Points into the bytes it was read from. */
struct terminal_certificate {
    const unsigned char *body;      /* 297 bytes: what is signed */
    const unsigned char *modulus;   /* 256 bytes; the exponent is 65537 */
    const unsigned char *signature; /* 256 bytes */
};

/* Reads the one layout there is; false for any other. bytes: TERMINAL_CERTIFICATE_SIZE of them. */
bool terminal_certificate_read(const unsigned char *bytes, struct terminal_certificate *out);
