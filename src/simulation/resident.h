/* SPDX-License-Identifier: Apache-2.0
 *
 * resident.h - one person of a simulation: as he is, and what lies in his hands.
 *
 * This is reality, not what an insurer knows. Plain values without names; the person's row in the
 * store has the rest.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domain/document.h"
#include "domain/issue.h"
#include "domain/person.h"
#include "domain/rule.h"
#include "world/household.h"
#include "world/insurer_list.h"

/* Papers in one person's hands that still count; our limit. */
#define RESIDENT_PAPERS_MAX 8
#define NOBODY UINT32_MAX

/* A paper that was issued and not taken back. */
struct held_paper {
    enum paper kind;
    int64_t serial; /* in the register of papers, within its kind; 0: an old card */
    int enrolment;  /* of which membership it tells */
    struct date in_hand, valid_from, valid_until;
};

/* Membership of an insurer. */
struct enrolment {
    int id;              /* counts a person's memberships, 1 and up; 0 = none */
    int64_t coverage_id; /* in the store */
    enum insurance insurance;
    const struct world_insurer *insurer;
    struct date enrolled; /* 資格取得年月日 */
    struct date notified; /* the insurer knows of it */
    struct date visible;  /* checks find it */
    struct date allowed; /* last day before which it may be pending: 5 + 5 days; DATE_NONE = none */
};

/* Why a card or paper is gone at once, so that the next can only follow. */
enum gone { GONE_NOT, GONE_CARD_LOST, GONE_CARD_RETURNED, GONE_PROTECTED, GONE_PAPER_LOST };

/* What a person was treated with last: why he has nothing now. */
enum means {
    MEANS_NOT_INSURED, /* not alive, not insured, or outside of the system */
    MEANS_CARD,
    MEANS_OLD_CARD,
    MEANS_CERTIFICATE,
    MEANS_PENDING, /* none, within the 5 + 5 days of an enrolment */
    MEANS_WAITING, /* none, within the days that follow a loss, a return or a flag */
    MEANS_NONE,
    MEANS_COUNT
};

/* What an office is about to issue. */
struct planned {
    struct date issue; /* DATE_NONE: nothing */
    int delivery;      /* days to the person's hands */
};

struct resident {
    int64_t person_id;
    uint32_t home, next_at_home; /* index of the household; the next of its people or NOBODY */
    int place_at_home;           /* 0 and up: the branch number */
    uint32_t earner;             /* through whom insured by an employer; NOBODY: not a dependant */
    enum household_role role;
    enum sex sex;
    struct date birth;
    bool alive;

    struct enrolment enrolment, coming; /* coming: of the late elderly, before the birthday */
    int enrolments;                     /* ids given */

    bool card, registered;
    bool uses_card;              /* often enough for the late elderly's rule of 2026 */
    bool request_done;           /* the deregistration was executed */
    struct date expires;         /* of the card's certificate */
    struct date requested;       /* 利用登録解除 */
    struct date returned;        /* 返納 */
    struct date protected_since; /* 自己情報提供不可 */
    bool helper, number_missing;
    struct date needs[NEED_LAST + 1]; /* of the register's: open since; DATE_NONE: none */
    int certificates;                 /* serials used */

    enum gone gone;
    struct date gone_since;
    enum means last_means; /* with which he was treated last in this membership */
    int without_days;      /* in a row, up to today */

    struct held_paper papers[RESIDENT_PAPERS_MAX];
    size_t paper_count;
    struct planned certificate, notice, coming_paper;
    struct date look; /* next day on which the office looks at him */

    struct draw draw; /* all that is drawn for him after the first day */
};
