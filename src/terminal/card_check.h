/* SPDX-License-Identifier: Apache-2.0
 *
 * card_check.h - a card on the reader to an answer of the service (E1, E2; card-and-pki 3.3).
 */
#pragma once

#include "base/scope.h"
#include "card/apdu.h"
#include "format/oqs.h"
#include "terminal/presentation.h"
#include "terminal/reader.h"

/* Microseconds that each step took. */
struct card_check_times {
    int64_t card;      /* open, select, certificate */
    int64_t challenge; /* the service's */
    int64_t sign;      /* PIN or terminal authentication, signature */
    int64_t service;   /* the check */
    int64_t file;      /* result into face/ */
};

/* What came of a check. Texts live in the scope. */
struct card_check {
    struct oqs_answer_summary summary; /* segment 0 = the service did not answer */
    struct text answer;                /* the service's, UTF-8; empty without one */
    int tries_left;                    /* of the PIN; -1 = not asked */
    struct date card_expires;          /* DATE_NONE = the card did not tell */
    struct card_check_times times;
};

/*
 * Does the check with the presentation's card, which is opened and closed here. The PIN is wiped
 * from the presentation once it was used. An answer that refuses is an answer. Fails with what the
 * card says (31xx), SERVICE_AWAY, CONFIGURATION (face or visual without a terminal credential).
 */
MUST_CHECK enum status card_check(struct scope *scope, const struct reader *reader,
                                  struct presentation *presentation, struct card_check *out);
