/* SPDX-License-Identifier: Apache-2.0
 *
 * subjects.h - people of a world to ask about, drawn from all over its store, and cards for them.
 *
 * Reads the world's SQLite store directly, read-only. Certificates are made here, signed with the
 * world's card CA, for serials that the store knows; all have one key, which is the same work for
 * the server as a key each.
 */
#pragma once

#include <openssl/evp.h>

#include "base/scope.h"
#include "domain/insured_number.h"
#include "format/oqs.h"

/* What one number check asks; texts live in the scope. */
struct number_subject {
    struct insurer_number insurer;
    struct text symbol, number, branch;
    struct date birth;
};

/* One card. */
struct card_subject {
    uint64_t serial;
    struct text certificate; /* DER */
};

struct subjects {
    struct number_subject *numbers;
    size_t number_count;
    struct card_subject *cards;
    size_t card_count;
    EVP_PKEY *key; /* of all cards */
    struct institution_code institution;
};

/* Draws count people with coverage on a day. seed: the same people for the same number. */
MUST_CHECK enum status subjects_draw_numbers(struct scope *scope, const char *store, struct date on,
                                             size_t count, uint64_t seed, struct subjects *out);
/* Draws count registered people and makes their cards; world: its folder. */
MUST_CHECK enum status subjects_draw_cards(struct scope *scope, const char *world, struct date on,
                                           size_t count, uint64_t seed, struct subjects *out);
void subjects_close(struct subjects *subjects);
