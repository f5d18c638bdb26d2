/* SPDX-License-Identifier: Apache-2.0
 *
 * issue.h - the register of papers: what is due, issued, replaced, renewed, asked back, void.
 *
 * Never two papers for one reason, never none: a paper that is due or issued counts as in hand, and
 * what documents_due() still asks for then is new. Pure; the same day twice gives the same.
 * Source: insurers-and-documents 4.5.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "domain/insurer_policy.h"
#include "domain/number.h"

/* The numbers are in the store. */
enum issue_kind { ISSUE_CERTIFICATE = 1, ISSUE_NOTICE = 2 };

enum issue_state {
    ISSUE_DUE = 1,
    ISSUE_ISSUED = 2,    /* printed and posted; ACTIVE from valid_from on */
    ISSUE_REPLACED = 3,  /* an item on it changed, or it was lost */
    ISSUE_RENEWED = 4,   /* its last day passed, and another followed */
    ISSUE_RECALLED = 5,  /* the card was registered since: asked back */
    ISSUE_VOID = 6,      /* the coverage was lost: to be returned */
    ISSUE_CANCELLED = 7, /* its reason went before it was issued */
};

/* What makes a paper needed and is nowhere else; the numbers are in the store. */
enum need {
    NEED_CARD_RETURNED = 1, /* 返納 */
    NEED_APPLIED = 2,       /* 交付申請 */
    NEED_HELPER = 3,        /* 要配慮者 */
    NEED_AT_ENROLMENT = 4,  /* ticked, or without the individual number */
    NEED_ADDRESS_CHECKED =
        5,               /* none: the insurer made sure where a protected person's paper goes */
    NEED_PAPER_LOST = 6, /* 再交付: what was issued before, and holds, is lost */
    NEED_LAST = NEED_PAPER_LOST,
};

struct need_row {
    int64_t person_id;
    enum need need;
    struct date since, until; /* until: last day, DATE_NEVER = open */
};

struct issue {
    int64_t person_id;
    enum issue_kind kind;
    int64_t serial; /* 1 and up within person and kind */
    struct insurer_number insurer;
    int64_t coverage_id;
    char reason[4]; /* "T1" to "T7", "N1" to "N5" */
    char rule[48];  /* id of the rule */
    struct date due, latest, issued, valid_from, valid_until;
    enum issue_state state;
    struct date returned;
    int64_t replaced_by; /* serial of what took its place, 0 = nothing */
    bool special;        /* 特別療養 variant */
};

struct document_due;
/* Is this answer of documents_due() one that an order leaves out? rule: trigger or rule id. */
bool issue_left_out(const struct document_due *due, const char *rule);

const char *issue_kind_name(enum issue_kind kind);    /* "certificate", "notice" */
const char *issue_state_name(enum issue_state state); /* "due" ... */
/* In a person's hands, or on its way. */
bool issue_counts(const struct issue *issue);

struct standing;

/* Papers that one step may add or change for one person. */
#define ISSUE_CHANGES_MAX 64

struct issue_order {
    struct date on;
    struct date horizon; /* papers whose first day to issue them lies by then are entered as due */
    /*
     * Those that are due by `on` are issued on that day; a protected person's (T5) once the insurer
     * has made sure of the address.
     */
    bool issue;
    struct insurer_number insurer; /* of this insurer alone; empty = all */
    struct insurer_policies policies;
    const char *left_out; /* trigger or rule id that is not carried out, or NULL: none */
};

/*
 * What the register is to become: rows that are new or changed, into out. Returns their number.
 * What does not fit (hundreds of papers at once) comes with the next step.
 */
size_t issues_plan(const struct standing *standing, const struct issue_order *order,
                   struct issue out[ISSUE_CHANGES_MAX]);
