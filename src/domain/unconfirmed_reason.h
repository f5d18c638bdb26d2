/* SPDX-License-Identifier: Apache-2.0
 *
 * unconfirmed_reason.h - why coverage could not be confirmed on the spot: the reasons of C5.
 *
 * The journal keeps one with each check, statistics count them, and a claim that names no current
 * coverage rests on one. Pure.
 */
#pragma once

#include "base/failure.h"
#include "domain/eligibility.h"

enum unconfirmed_reason {
    UNCONFIRMED_NOT,               /* confirmed */
    UNCONFIRMED_LATE_REGISTRATION, /* 資格(無効)・資格情報なし: data not registered yet */
    UNCONFIRMED_TERMINAL_FAULT,    /* reader or terminal */
    UNCONFIRMED_CARD_FAULT,        /* card or chip */
    UNCONFIRMED_CERTIFICATE_NOT_RENEWED, /* the card's certificate */
    UNCONFIRMED_POWER_OR_NETWORK,        /* power, line, or the service itself */
    UNCONFIRMED_OTHER,                   /* not on the ministry's list: wrong input, no right ... */
    UNCONFIRMED_REASON_COUNT
};

/*
 * The reason of an outcome. cause wins where it is a failure; a remark (7xxx) or CAUSE_NONE leaves
 * it to the validity.
 */
enum unconfirmed_reason unconfirmed_reason_of(enum validity validity, enum cause cause);

const char *unconfirmed_reason_name(enum unconfirmed_reason reason); /* "card_fault" ... */
const char *unconfirmed_reason_ja(enum unconfirmed_reason reason);
const char *unconfirmed_reason_en(enum unconfirmed_reason reason);
