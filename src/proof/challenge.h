/* SPDX-License-Identifier: Apache-2.0
 *
 * challenge.h - single-use challenges (nonces) of the central service, and the block a card signs.
 *
 * A challenge is bound to the institution it was given to, lives a fixed time and is consumed by
 * the first attempt to use it, before anything is verified. Kept in memory, bounded: after a
 * restart terminals ask again. Source: card-and-pki 6, Q9 (the block's layout is ours).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "domain/eligibility.h"
#include "domain/number.h"

#define CHALLENGE_NONCE_SIZE 32
#define CHALLENGE_SESSION_SIZE 16
#define CHALLENGE_TERMINAL_MAX 20 /* characters of a terminal id */
#define CHALLENGE_LIFETIME_SECONDS 60

/* Stands for the institution in what a card signs at the portal (マイナポータル). */
#define CHALLENGE_PORTAL "0000000000"

struct challenge {
    unsigned char session[CHALLENGE_SESSION_SIZE];
    unsigned char nonce[CHALLENGE_NONCE_SIZE];
};

struct challenge_table; /* opaque, safe to use from many threads */

/* capacity: challenges alive at most; when full the oldest goes. */
MUST_CHECK enum status challenge_table_open(struct scope *scope, size_t capacity,
                                            int lifetime_seconds, struct challenge_table **out);
void challenge_table_close(struct challenge_table *table);

/* Makes a challenge for an institution, at scope->now. */
MUST_CHECK enum status challenge_issue(struct scope *scope, struct challenge_table *table,
                                       struct institution_code institution, struct challenge *out);

/*
 * Takes the challenge of a session out of the table, for ever. Fails: CHALLENGE_UNKNOWN (never
 * given, used, of another institution), CHALLENGE_EXPIRED.
 */
MUST_CHECK enum status challenge_consume(struct scope *scope, struct challenge_table *table,
                                         struct institution_code institution,
                                         const unsigned char session[CHALLENGE_SESSION_SIZE],
                                         struct challenge *out);

/* What is said about the proof beside the challenge. */
struct proof_circumstance {
    struct institution_code institution;
    const char *terminal; /* 1 to 20 characters */
    enum identity_mode mode;
    int64_t time; /* yyyyMMddHHmmss, Japan */
};

/*
 * The SHA-256 hash the card signs (as PKCS#1 v1.5 DigestInfo), over
 *   "shikaku-card-proof-1" NUL | nonce 32 | session 16 | institution 10 ASCII | terminal, padded
 *   with NUL to 20 | mode 1 byte | time 14 ASCII.
 */
void proof_block_hash(const struct challenge *challenge,
                      const struct proof_circumstance *circumstance, unsigned char out[32]);
