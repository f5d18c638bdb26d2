/* SPDX-License-Identifier: Apache-2.0
 *
 * small_world.h - a handful of invented people, one insurer each way, cards in every state: what
 * the service's tests need, written into one folder.
 *
 *   store.db, card-ca.pem, client-ca.pem, server.pem/.key, and a certificate and key for each of
 *   institution, other (another registered institution), stranger (a code that is not registered),
 *   insurer, insurer-other, operator, portal, expired, alien (of another CA), norole;
 * cards/NAME.der/.key.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "format/oqs.h"
#include "proof/challenge.h"

/* The people, all of 06139992 with symbol 12 unless said. Numbers are what is asked with. */
#define SMALL_INSURER "06139992"
#define SMALL_INSURER_OTHER "139998"
#define SMALL_INSURER_NAME "架空健康保険組合"
#define SMALL_INSTITUTION "1319912349"

enum small_person {
    SMALL_VALID = 1,  /* 山田　花子, number 345, branch 01, 19850203 */
    SMALL_TWIN_A = 2, /* number 777, branch 02, 20150505 */
    SMALL_TWIN_B = 3, /* the same, branch 03 */
    SMALL_LOST = 4,   /* number 888, 19700101, lost the first of last month's month */
    SMALL_CARDS = 10, /* first of those who differ by their card only, in the order of card_kinds */
};

/* Cards by name: valid, alert, grace, lapsed, revoked, superseded, unregistered, unknown,
 * ungraced (not registered, in the grace), blocked (self-refusal), forged.
 */
extern const char *const small_cards[];
extern const size_t small_card_count;

/* Two institution codes beside SMALL_INSTITUTION: one registered, one not. */
struct institution_code small_institution_other(void);
struct institution_code small_institution_stranger(void);

/* Writes the world as of a day into an existing folder. */
MUST_CHECK enum status small_world_write(struct scope *scope, const char *folder,
                                         struct date today);

/* What a terminal would send: the proof of a card of the folder over a challenge. */
struct small_proof {
    const char *folder;
    const char *card;
    struct institution_code institution;
    struct challenge challenge;
    struct instant at; /* ProofTime; the day asked for is its day */
    unsigned consents;
    enum identity_mode mode; /* 0 = PIN */
};
MUST_CHECK enum status small_proof_make(struct scope *scope, const struct small_proof *proof,
                                        struct oqs_card_inquiry *out);
