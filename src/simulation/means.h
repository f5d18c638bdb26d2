/* SPDX-License-Identifier: Apache-2.0
 *
 * means.h - the count: can this person be treated today, and with what?
 *
 * Looks only at what lies in the person's hands: papers issued, delivered and not ended, the card,
 * its certificate and its registration, and whether checks find the coverage. It knows nothing of
 * what the documents' engine promised, and reckons days by itself. docs/simulation.md says what
 * counts.
 */
#pragma once

#include "simulation/resident.h"

/* Why a person has nothing. */
enum means_reason {
    REASON_NEW_MEMBER,         /* never had anything in this membership */
    REASON_NEW_IN_COMMUNITY,   /* the same: the household has longer to notify */
    REASON_TURNED_75,          /* the same, and it was foreseeable */
    REASON_CERTIFICATE_LAPSED, /* the card's certificate */
    REASON_DEREGISTERED,
    REASON_CARD_GONE, /* lost or returned */
    REASON_PROTECTED,
    REASON_OLD_CARD_ENDED,
    REASON_PAPER_ENDED, /* the eligibility certificate */
    REASON_PAPER_LOST,
    REASON_COUNT
};

struct means_today {
    enum means means;
    enum means_reason reason; /* where MEANS_NONE, MEANS_PENDING or MEANS_WAITING */
    bool double_certificate;  /* two certificates that hold, of one membership */
    bool double_notice;
};

/* Counts one person on one day; notes what he is treated with in resident->last_means. */
struct means_today means_count(struct resident *resident, struct date on);

/* Is this person counted on a day: alive, insured, and inside of the system? */
bool means_insured(const struct resident *resident, struct date on);
/* Would a check with the card give this membership? */
bool means_card_works(const struct resident *resident, struct date on);

const char *means_reason_name(enum means_reason reason); /* "deregistered" ... */
const char *means_reason_ja(enum means_reason reason);
const char *means_reason_en(enum means_reason reason);
