/* SPDX-License-Identifier: Apache-2.0
 *
 * document.h - D1, D2, D4: who gets which paper, when, and until when it holds.
 *
 * 資格確認書 (eligibility certificate) goes without application to whoever cannot use the card, and
 * to the late elderly while their rule runs; 資格情報のお知らせ (eligibility notice) to those who
 * can. One engine for the 17 rows of insurers-and-documents 5 and the triggers T1 to T7 of 4.5.
 * Pure; it answers for any day. Each document's latest day lies where the means before it ends, so
 * that nobody is ever without one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "base/text.h"
#include "domain/person.h"
#include "domain/rule.h"

enum insurance {
    INSURANCE_EMPLOYEE,     /* 被用者保険 */
    INSURANCE_COMMUNITY,    /* 国民健康保険 */
    INSURANCE_LATE_ELDERLY, /* 後期高齢者医療 */
    INSURANCE_SDF,          /* 自衛官 */
    INSURANCE_DAY_LABOURER, /* 日雇特例: not in the system */
    INSURANCE_ASSISTANCE,   /* 医療扶助: tickets of the welfare office */
    INSURANCE_COUNT
};

enum document_kind {
    DOCUMENT_CERTIFICATE, /* 資格確認書 */
    DOCUMENT_NOTICE,      /* 資格情報のお知らせ */
};

struct insurer_policy; /* insurer_policy.h */

/* What is known of a person on a day. DATE_NONE where a thing did not happen or is not known. */
struct document_facts {
    struct date birth;
    enum insurance insurance;
    struct date enrolled; /* 資格取得年月日; DATE_NONE = long ago */
    bool registered;      /* 利用登録; as last known, whatever was asked since */
    struct date
        certificate_expires;   /* of the card's certificate; DATE_NONE with registered = far */
    struct date old_card_ends; /* 健康保険証, last day */
    struct date deregister_requested; /* 利用登録解除の申請日 */
    struct date card_returned;        /* 返納日 */
    struct date applied;              /* 資格確認書の申請日 (T4) */
    struct date certificate_until;    /* last day of the eligibility certificate in hand */
    struct date certificate_from; /* its first day, where it does not hold yet; else DATE_NONE */
    bool notice_held;             /* a notice that still says what holds */
    struct date notice_until;     /* last day of a yearly notice in hand */
    bool helper;                  /* 要配慮者 */
    bool protection;              /* self-information refusal (2.5): the card cannot be used */
    bool special_expense;         /* 特別療養費 (kind 05) */
    bool number_missing;          /* enrolled without the individual number, or ticked (T6) */
    const struct insurer_policy *policy; /* the insurer's own settings; NULL: the default's */
    int uses_12_months, uses_3_months;   /* of the card, for the late elderly from 2026-08 */
};

enum document_state {
    DOCUMENT_HELD,    /* held back or not yet due: another means still holds */
    DOCUMENT_DUE,     /* to be issued now */
    DOCUMENT_OVERDUE, /* the latest day has passed */
};

struct document_due {
    enum document_kind kind;
    const char *trigger; /* "T1" ... "T7" for certificates, "N1" ... "N5" for notices */
    enum rule_id rule;
    struct date due;                     /* first day to issue it */
    struct date latest;                  /* last day to have it in the person's hands */
    struct date valid_from, valid_until; /* valid_until DATE_NEVER: while unchanged */
    enum document_state state;
    bool address_check;   /* make sure where it goes first (T5) */
    bool special_expense; /* 特別療養 variant */
};

#define DOCUMENTS_MAX 2

/*
 * What is due to this person, seen on a day; nothing where the answer is no document (rule says
 * why: out->rule of none is in *rule). Returns the number written to out.
 */
size_t documents_due(const struct document_facts *facts, struct date on,
                     struct document_due out[DOCUMENTS_MAX], enum rule_id *rule);

/*
 * Row 10: the last day of the month up to which uses of the card count for the late elderly's next
 * paper: by default 31 May for the papers of August, and as far before any other day of issue. It
 * moves with the paper alone, so that the answer is the same on every day on which it is asked.
 */
struct date document_uses_until(const struct document_facts *facts, struct date on);

/* What insures a member of this insurer, by its law number; kind: of the coverage. */
enum insurance insurance_of(struct insurer_number insurer, enum certificate_kind kind);
/* Can this person be treated on a day with what he holds: card, old card or certificate? */
bool document_means_held(const struct document_facts *facts, struct date on);
/* Does the registered card work on a day: in use, certificate not lapsed, not returned? */
bool document_card_works(const struct document_facts *facts, struct date on);

const char *document_kind_name(enum document_kind kind); /* "eligibility_certificate" ... */
const char *document_kind_ja(enum document_kind kind);
const char *document_state_name(enum document_state state); /* "held", "due", "overdue" */
/* Reads "employee", "community", "late_elderly", "sdf", "day_labourer", "medical_assistance". */
bool insurance_read(struct text name, enum insurance *out);
const char *insurance_name(enum insurance insurance);
