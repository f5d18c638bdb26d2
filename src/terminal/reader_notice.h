/* SPDX-License-Identifier: Apache-2.0
 *
 * reader_notice.h - what the reader's screen says beside an answer: a number, and a warning about
 * the certificate (K1, K2).
 */
#pragma once

#include "base/failure.h"
#include "base/text.h"
#include "domain/certificate_life.h"

/*
 * The number of a message (card-and-pki 3.1, Q19): 001 not recognised as a card, 002 not a My
 * Number Card and 006 certificate revoked or expired are known from real readers; from 900 on the
 * numbers are ours. 0 = none.
 */
int reader_number(enum cause cause);

struct reader_warning {
    enum certificate_phase phase; /* ALERT: renew; GRACE: expired, eligibility only; else none */
    enum cause cause;
    struct date expires; /* the certificate's last day */
    struct date last; /* last day on which the card can be used so: expires, or the grace's end */
    int days;         /* from the day of the check to last; 0 = today */
};

/*
 * What the certificate's own dates say on a day. der: as the card gave it; one that cannot be read
 * gives PHASE_VALID without a warning: the service decides. phone: no grace.
 */
struct reader_warning reader_warning_of(struct text der, bool phone, struct date on);
/* True for ALERT and GRACE. */
bool reader_warns(const struct reader_warning *warning);
/* Adds a JSON object: kind, code, expires, last day, days, and a sentence in both languages. */
void reader_warning_add(struct text_buffer *buffer, const struct reader_warning *warning);
