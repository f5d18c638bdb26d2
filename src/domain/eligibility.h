/* SPDX-License-Identifier: Apache-2.0
 *
 * eligibility.h - the decision of an eligibility check (オンライン資格確認): E1, E4, E5, E9.
 *
 * Pure: from what is known of a person, and what was asked for which day, to the answer. 資格(無効)
 * and 資格情報なし are answers here, not failures.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/failure.h"
#include "domain/certificate_life.h"
#include "domain/copayment.h"
#include "domain/insured_number.h"
#include "domain/person.h"
#include "domain/rule.h"

/* OQSCD006 資格有効性. */
enum validity {
    VALIDITY_VALID = 1,
    VALIDITY_INVALID = 2,
    VALIDITY_INVALID_NEWER = 3,
    VALIDITY_NONE = 4,
    VALIDITY_SEVERAL = 5,
    VALIDITY_VALID_UNREGISTERED = 6, /* 医療扶助 only */
};

/* E2: how it was made sure that the card is the holder's. Values as in the proof block. */
enum identity_mode { IDENTITY_FACE = 1, IDENTITY_PIN = 2, IDENTITY_VISUAL = 3 };

/* Consents a patient may give, a bit each. */
enum {
    CONSENT_LIMIT = 1,      /* 限度額適用認定証 */
    CONSENT_DISEASE = 2,    /* 特定疾病療養受療証 */
    CONSENT_CHECKUP = 4,    /* 特定健診情報 */
    CONSENT_MEDICATION = 8, /* 薬剤情報 (PharmacistsInfo) */
    CONSENT_DIAGNOSIS = 16, /* 診療情報 */
    CONSENT_OPERATION = 32, /* 手術情報 */
};
#define CONSENT_MEDICAL                                                                            \
    (CONSENT_CHECKUP | CONSENT_MEDICATION | CONSENT_DIAGNOSIS | CONSENT_OPERATION)

/* A hit of the look-up by numbers. */
struct insured_match {
    int64_t person_id;
    int64_t coverage_id;
    char branch[3];
};

/* The answer. Pointers point into the person it was decided from. */
struct eligibility {
    enum validity validity;
    const struct rule *rule;         /* never NULL */
    const struct person *person;     /* NULL for NONE and SEVERAL */
    const struct coverage *coverage; /* the coverage given back; old data for INVALID */
    int copayment_share; /* 負担割合 that the desk collects, percent; 0 where not VALID */
    bool preschool;      /* 未就学区分 */
    bool show_address;   /* false under a protection flag */
    bool medical;        /* medical information may be given, with consent */
    unsigned consents;   /* CONSENT_ bits that count: asked for and allowed */
    const struct elderly_certificate *elderly; /* valid that day, or NULL */
    const struct limit_certificate *limit;     /* only with CONSENT_LIMIT, or NULL */
    const struct specified_disease *diseases[SPECIFIED_DISEASES_MAX]; /* with CONSENT_DISEASE */
    size_t disease_count;
    enum cause remark; /* 7xxx, or CAUSE_NONE */
};

/*
 * Narrows matches by the branch asked for. matches is reordered; the count of those that remain is
 * returned. A match without branch answers to every branch; an inquiry without branch to every
 * match.
 */
size_t eligibility_narrow(struct insured_match *matches, size_t count, const char *branch);

/* True where the matches belong to more than one person: VALIDITY_SEVERAL. */
bool eligibility_several(const struct insured_match *matches, size_t count);

/* The answers that need no person: rule E1.none, E1.several, E9.day_labourer, E9.before_sdf. */
struct eligibility eligibility_none(struct insurer_number asked, struct date on);
struct eligibility eligibility_several_answer(void);

/*
 * E1 by numbers: what holds of the coverages that the numbers name. matches must all be of person.
 * consents: CONSENT_LIMIT or 0. No medical information (E5).
 */
struct eligibility eligibility_by_numbers(const struct person *person,
                                          const struct insured_match *matches, size_t count,
                                          struct date on, unsigned consents);

/* 2.4, class 1 (birth date or sex): the record may be somebody else's, so nothing of it is told. */
bool eligibility_stopped(const struct person *person);

/* What a card may be used for on a day. */
struct card_use {
    struct certificate_life life;
    enum cause refusal;      /* CAUSE_NONE, or why it cannot be used (3xxx) */
    const struct rule *rule; /* that of the refusal, or of the certificate's life; never NULL */
};

/* May this card be used for insurance at all that day (certificate's life, not refused,
 * registered)? */
struct card_use eligibility_card_use(const struct person *person,
                                     const struct authentication_certificate *certificate,
                                     struct date on);
/* The same, told as CAUSE_NONE or why not (3xxx). */
enum cause eligibility_card_refusal(const struct person *person,
                                    const struct authentication_certificate *certificate,
                                    struct date on);

/*
 * E1 by card: the coverage that holds on the day; of two the one issued later. VALIDITY_NONE with
 * the rule of the refusal where the card cannot be used.
 */
struct eligibility eligibility_by_card(const struct person *person,
                                       const struct authentication_certificate *certificate,
                                       struct date on, unsigned consents);

/*
 * E3, class 2: the same by a consent that the person gave before, with a card that could be used
 * then; consents: those given. VALIDITY_NONE under a self-refusal.
 */
struct eligibility eligibility_by_consent(const struct person *person, struct date on,
                                          unsigned consents);
