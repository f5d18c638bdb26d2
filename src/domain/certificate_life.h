/* SPDX-License-Identifier: Apache-2.0
 *
 * certificate_life.h - the life of the authentication certificate (利用者証明用電子証明書): K1-K3.
 *
 * E = day of expiry (Japan). VALID to E − 3 months; ALERT to E; GRACE from E + 1 to the end of the
 * third month after the month of E (months as policy); LAPSED from the next day. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/failure.h"

/* State of the row (what the issuer told us), apart from the clock. */
enum certificate_state {
    CERTIFICATE_CURRENT = 1,
    CERTIFICATE_REVOKED = 2,
    CERTIFICATE_SUPERSEDED = 3, /* renewed: only its successor counts */
};

enum certificate_phase {
    PHASE_VALID,
    PHASE_ALERT,
    PHASE_GRACE,
    PHASE_LAPSED,
    PHASE_REVOKED,
    PHASE_SUPERSEDED,
    PHASE_NOT_YET,
};

/* The link from a card to a person, as the store keeps it. */
struct authentication_certificate {
    int issuer;      /* number of the pinned CA generation, 1 and up */
    uint64_t serial; /* シリアル番号 (発行番号) */
    int64_t person_id;
    struct date not_before;
    struct date expires; /* last day of validity, Japan */
    enum certificate_state state;
    uint64_t successor; /* serial of the next certificate, 0 = none */
    bool phone;         /* phone-borne: no grace */
};

/* What the phase allows. */
struct certificate_life {
    enum certificate_phase phase;
    bool check;             /* eligibility may be checked (K1, K2) */
    bool medical;           /* medical information, with consent (K1) */
    enum cause cause;       /* remark (ALERT, GRACE) or refusal; CAUSE_NONE where VALID */
    struct date alert_from; /* first day of ALERT */
    struct date grace_ends; /* last day of GRACE */
    const char *rule;       /* "K1.valid" ... as in domain/rule.h */
};

/* The last day of a card: the tenth birthday after its issue, the fifth for the young. */
struct date card_expiry(struct date birth, struct date issued);
/*
 * The last day of a certificate: the fifth birthday after its issue, the sixth where it renews one
 * in its last months, and never later than the card itself (card-and-pki 2.3).
 */
struct date certificate_expiry(struct date birth, struct date issued, bool renewal,
                               struct date card_expires);

/* Decides what a certificate allows on a day. Cannot fail. */
struct certificate_life certificate_life_on(const struct authentication_certificate *certificate,
                                            struct date on);
const char *certificate_phase_name(enum certificate_phase phase); /* "valid", "alert", ... */
