/* SPDX-License-Identifier: Apache-2.0
 *
 * rsa_verifier.h - an RSA-2048 public key that many threads verify with, without waiting.
 *
 * OpenSSL prepares a verification (fetching algorithms, under its locks) at a price near that of
 * the arithmetic. A verifier keeps prepared contexts: a thread takes one out, uses it, puts it
 * back. Where none is there, another is prepared; so nothing ever waits.
 */
#pragma once

#include <stdbool.h>

#include "base/text.h"

struct rsa_verifier;

/*
 * Makes a verifier of a key: modulus (256 bytes) and exponent, big-endian. lanes: copies of the key
 * and its context, one for each thread that is expected to use it at once (1 for a card's key, more
 * for a CA's). NULL where libcrypto refuses the key. Freed by the caller.
 */
struct rsa_verifier *rsa_verifier_make(struct text modulus, struct text exponent, unsigned lanes);
void rsa_verifier_free(struct rsa_verifier *verifier);

/* True where signature is PKCS#1 v1.5 with SHA-256 over a hash. */
bool rsa_verifier_check(struct rsa_verifier *verifier, const unsigned char hash[32],
                        struct text signature);
