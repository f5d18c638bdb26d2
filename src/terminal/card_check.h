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
    int64_t identify;  /* the holder: the PIN, or what people and the face device take */
    int64_t challenge; /* the service's */
    int64_t sign;      /* terminal authentication, signature */
    int64_t service;   /* the check */
    int64_t file;      /* result into face/ */
};

/* What came of a check. Texts live in the scope. */
struct card_check {
    struct oqs_answer_summary summary; /* segment 0 = the service did not answer */
    struct text answer;                /* the service's, UTF-8; empty without one */
    int tries_left;                    /* of the PIN; -1 = not asked */
    struct date card_expires;          /* DATE_NONE = the card did not tell */
    struct reader_warning warning;     /* of its certificate, by the day asked for */
    enum identity_mode mode;           /* what was satisfied, or stated; 0 = none */
    char staff[STAFF_ID_MAX + 1];      /* who compared by eye; "" = nobody */
    struct card_check_times times;
};

/*
 * Does the check with the presentation's card, which is opened and closed here. out is filled as
 * far as it went, also on failure. No consent counts where the certificate is in its grace (K2),
 * but those for certificates of the insurer, which need no screen. The PIN is wiped from the
 * presentation once it was used. An answer that refuses is an answer. Fails with what the card says
 * (31xx), SERVICE_AWAY, CONFIGURATION (face or visual without a terminal credential).
 */
MUST_CHECK enum status card_check(struct scope *scope, struct reader *reader,
                                  struct presentation *presentation, struct card_check *out);
