/* SPDX-License-Identifier: Apache-2.0
 *
 * happening.h - what happens in a simulation: to people, and then in the offices of the insurers.
 */
#pragma once

/* The offices' own come last: they see what happened to people on the same day. */
enum happening {
    /* drawn each month, by the rates in rates.c */
    HAPPENING_BIRTH, /* to the mother */
    HAPPENING_DEATH,
    HAPPENING_OTHER_EMPLOYER, /* employee to employee */
    HAPPENING_LEAVES_JOB,     /* employee to community insurance */
    HAPPENING_FINDS_JOB,      /* community insurance to employee */
    HAPPENING_MOVE,           /* the household */
    HAPPENING_ASSISTANCE,     /* to public assistance */
    HAPPENING_CARD_ISSUED,    /* for the first time */
    HAPPENING_REGISTERED,     /* 初回登録 */
    HAPPENING_CARD_LOST,
    HAPPENING_CARD_RETURNED,
    HAPPENING_DEREGISTRATION, /* 利用登録解除の申請 */
    HAPPENING_PROTECTED,
    HAPPENING_HELPER,
    HAPPENING_PAPER_LOST, /* old card or eligibility certificate */
    HAPPENING_DRAWN,      /* how many are drawn */

    /* that follow from dates and from those above */
    HAPPENING_TURNS_75 = HAPPENING_DRAWN,
    HAPPENING_RENEWED, /* the card's certificate */
    HAPPENING_LAPSED,  /* it and the registration, at the end of the grace */
    HAPPENING_CARD_REISSUED,
    HAPPENING_PROTECTION_ENDS,
    HAPPENING_ASKED_TWICE, /* deregistration asked for again: R3 */
    HAPPENING_LIVES,       /* how many are of people's lives */

    /* the offices' */
    HAPPENING_OFFICE_NOTIFIED = HAPPENING_LIVES, /* an enrolment reached the insurer */
    HAPPENING_OFFICE_EXPECTS_75,
    HAPPENING_OFFICE_LOOKS,
    HAPPENING_OFFICE_ISSUES_CERTIFICATE,
    HAPPENING_OFFICE_ISSUES_NOTICE,
    HAPPENING_OFFICE_ISSUES_COMING, /* for the one who will be 75 */
    HAPPENING_COUNT
};

const char *happening_name(enum happening happening); /* "birth" ...; of people's lives */
const char *happening_ja(enum happening happening);
const char *happening_en(enum happening happening);
