/* SPDX-License-Identifier: Apache-2.0
 *
 * person.h - an insured person (被保険者) as a check knows them: who, covered by whom, with what.
 *
 * Plain values. Texts are borrowed and live as long as the scope they were read in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/text.h"
#include "domain/number.h"

/* Our limits, not the ministry's. */
#define COVERAGE_HISTORY_MAX 512    /* coverages read for one person */
#define PERSON_CERTIFICATES_MAX 512 /* certificates of one kind read for one person */
#define SPECIFIED_DISEASES_MAX 3    /* entries in one answer: one a disease category */

/* OQSCD007 性別. */
enum sex { SEX_NONE = 0, SEX_MALE = 1, SEX_FEMALE = 2, SEX_NOT_SET = 3 };

/* OQSCD009 本人・家族の別. */
enum relation { RELATION_NONE = 0, RELATION_INSURED = 1, RELATION_FAMILY = 2 };

/* OQSCD008 資格喪失事由, as a number: 01 → 1, 99 → 99; 0 = not lost. */
enum loss_reason {
    LOSS_NONE = 0,
    LOSS_DEATH = 1,
    LOSS_PUBLIC_ASSISTANCE = 2,
    LOSS_OTHER_INSURANCE = 3,
    LOSS_OTHER = 99
};

/* OQSCD010 被保険者証区分. 02, 03, 04, 06 are void since 2024-12-02 but given back for older days.
 */
enum certificate_kind {
    KIND_GENERAL = 1,
    KIND_RETIRED = 2,
    KIND_SHORT_TERM = 3,
    KIND_SHORT_TERM_RETIRED = 4,
    KIND_SPECIAL_EXPENSE = 5, /* 特別療養費支給対象者 */
    KIND_SPECIAL_RETIRED = 6,
    KIND_SELF_DEFENCE = 7,
    KIND_MEDICAL_ASSISTANCE = 0xA1
};

/* The paper a coverage was last issued; not on the wire. */
enum paper {
    PAPER_NONE = 0,
    PAPER_OLD_CARD = 1,                /* 従来の被保険者証 */
    PAPER_ELIGIBILITY_CERTIFICATE = 2, /* 資格確認書 */
    PAPER_ELIGIBILITY_NOTICE = 3       /* 資格情報のお知らせ */
};

/* Protection flags (insurers-and-documents 2.5), a bit each. */
enum { PROTECTION_NON_DISCLOSURE = 1, PROTECTION_SELF_REFUSAL = 2 };

/* 被保険者資格: one person's membership of one insurer, from a day to a day. */
struct coverage {
    int64_t coverage_id;
    struct insurer_number insurer;
    struct text symbol, number; /* as registered; symbol may be empty */
    char branch[3];             /* 枝番, or "" */
    enum relation relation;
    struct text insured_name; /* 被保険者氏名 (世帯主氏名), may be empty */
    struct date from;         /* 資格取得年月日: first day covered */
    struct date until;        /* 資格喪失年月日: first day not covered, or DATE_NEVER */
    enum loss_reason loss_reason;
    enum certificate_kind kind;
    enum paper paper;
    struct date issued;      /* 交付年月日, or DATE_NONE */
    struct date valid_from;  /* 有効開始年月日, or DATE_NONE */
    struct date valid_until; /* 有効終了年月日, last valid day; DATE_NEVER = open-ended */
    int share;               /* 被保険者証一部負担金割合, percent; 75+ only, else 0 */
    struct instant recorded; /* since when we believe this */
};

/* 高齢受給者証 (70 to 74). */
struct elderly_certificate {
    int64_t coverage_id;
    struct date issued, valid_from, valid_until; /* last valid day */
    int share;                                   /* percent: 10, 20, 30 */
};

/* 限度額適用認定証 and 標準負担額減額認定証. */
struct limit_certificate {
    int64_t coverage_id;
    int kind;         /* OQSCD011: 1 to 3 */
    char category[4]; /* OQSCD012 適用区分: "A01" to "B10" */
    struct date issued, valid_from, valid_until;
    struct date long_stay; /* 長期入院該当年月日, or DATE_NONE */
};

/* 特定疾病療養受療証. */
struct specified_disease {
    int64_t coverage_id;
    int category; /* OQSCD013: 1 to 3 */
    struct date issued, valid_from, valid_until;
    int monthly_limit; /* 自己負担限度額, yen a month */
};

/* Everything a check may need of one person; arrays in any order. */
struct person {
    int64_t person_id;
    struct text name;       /* 氏名: family and given name parted by U+3000 */
    struct text name_kana;  /* 氏名カナ: half-width kana, parted by one blank */
    struct text other_name; /* 氏名（その他）: alias, may be empty */
    struct text other_name_kana;
    struct text postal_code; /* nnn-nnnn, may be empty */
    struct text address;
    struct date birth;
    enum sex sex1, sex2;     /* sex2: SEX_NONE unless the paper shows sex on its back */
    unsigned protection;     /* PROTECTION_ bits */
    int register_difference; /* 0 none; 1 birth date or sex; 2 names, name and address; 3 address */
    struct date registered;  /* 利用登録 since, DATE_NONE = not registered */
    struct date deregisters; /* last day of use after a request for 利用登録解除, or DATE_NONE */

    const struct coverage *coverages;
    size_t coverage_count;
    const struct elderly_certificate *elderly;
    size_t elderly_count;
    const struct limit_certificate *limits;
    size_t limit_count;
    const struct specified_disease *diseases;
    size_t disease_count;
};
