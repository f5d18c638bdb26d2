/* SPDX-License-Identifier: Apache-2.0
 *
 * cast.h - the fixed cast of every world: people, institutions, insurers, and what a check of each
 * answers.
 *
 * The same in every world, whatever its seed and size; dates are relative to the world's date T, so
 * that the documented answer comes on any day. docs/sandbox.md, samples/ and the tests are made
 * from these tables.
 */
#pragma once

#include "base/scope.h"
#include "domain/certificate_life.h"
#include "domain/eligibility.h"
#include "domain/person.h"
#include "world/facility.h"

/* Most entries that a person of the cast has of one kind. */
#define CAST_COVERAGES 2
#define CAST_CERTIFICATES 2
#define CAST_DISEASES 2
#define CAST_ANSWERS 3

/* How a day is told in the tables. */
enum cast_unit {
    DAY_NONE,
    DAY_FIXED,       /* value: yyyymmdd */
    DAY_FROM_T,      /* value: days after T */
    DAY_MONTHS,      /* value: months after T, the same day */
    DAY_MONTH_END,   /* the end of the month, value months after T's */
    DAY_YEAR_BEGINS, /* the last 1 August on or before T, value years later */
    DAY_YEAR_ENDS,   /* the 31 July after it, value years later */
    DAY_BIRTHDAY,    /* the value-th birthday */
    DAY_NEVER,
};
struct cast_day {
    enum cast_unit unit;
    int value;
};

/* The day that is meant in a world of a date T, for someone born on birth. */
struct date cast_day_on(struct cast_day day, struct date t, struct date birth);

struct cast_period {
    struct cast_day from, until; /* until: the first day after it */
};

struct cast_coverage {
    const char *insurer; /* NULL ends the list */
    const char *symbol, *number, *branch;
    enum relation relation;
    struct cast_period held;
    enum loss_reason loss;
    enum certificate_kind kind; /* 0 = general */
    int share;
    enum paper paper;                    /* PAPER_NONE: as the insurer would have issued it by T */
    struct cast_day issued, valid_until; /* DAY_NONE: as issued by T */
};

/* What a card can do. */
enum cast_card {
    CARD_NONE,
    CARD_USUAL,      /* PIN 1234 */
    CARD_PINLESS,    /* 顔認証マイナンバーカード */
    CARD_PIN_LOCKED, /* no tries left */
};

struct cast_certificate {
    const char *file; /* card file without folder and ending; NULL ends the list */
    struct cast_day from, expires;
    enum certificate_state state; /* 0 = current; superseded: the next one is its successor */
};

struct cast_person {
    int64_t id;
    const char *name, *kana, *other_name, *other_kana; /* the latter two may be NULL */
    const char *postal, *address;
    int age;       /* full years on T */
    int month_day; /* birthday, mmdd */
    enum sex sex1, sex2;
    unsigned protection;
    int register_difference;
    int64_t insured; /* id of the insured person or head of the household; 0 = oneself */
    struct cast_day registered, deregisters;
    struct cast_coverage coverages[CAST_COVERAGES];
    int elderly_share; /* 高齢受給者証, 0 = none */
    int limit_kind;
    const char *limit_category; /* NULL = none */
    struct cast_day long_stay;
    int diseases[CAST_DISEASES];
    enum cast_card card;
    struct cast_certificate certificates[CAST_CERTIFICATES];
};

/* What a check answers, for days up to and with until. */
struct cast_answer {
    struct date until;      /* DATE_NEVER in the last one */
    enum validity validity; /* 0: refused with the cause */
    int share;              /* percent that the desk collects, 0 = none */
    enum cause cause;       /* remark (7xxx) or refusal (3xxx) */
    const char *rule;       /* NULL where the card itself refuses */
    bool no_medical;        /* by card: no medical information */
};

enum cast_way { WAY_NUMBERS, WAY_CARD };

/* One way of asking, and what comes of it. */
struct cast_scenario {
    const char *name;
    int64_t person; /* 0: numbers that nobody has, of unknown_insurer */
    size_t entry;   /* numbers: which coverage's; card: which certificate's */
    size_t gives;   /* which coverage is given back, where one is */
    const char *unknown_insurer;
    const char *shows_en, *shows_ja;
    struct cast_answer answers[CAST_ANSWERS];
    struct cast_day on; /* DAY_NONE: T */
    enum cast_way way;
    enum identity_mode mode; /* by card */
    unsigned consents;
    bool without_branch;
};

const struct cast_person *cast_people(size_t *count);
/* By id; asserts that there is one. */
const struct cast_person *cast_person(int64_t id);
const struct cast_scenario *cast_scenarios(size_t *count);

/* An insurer of the cast. */
struct cast_insurer {
    const char *number, *name;
};
const struct cast_insurer *cast_insurers(size_t *count);

struct date cast_birth(const struct cast_person *person, struct date t);
uint64_t cast_serial(const struct cast_person *person, size_t certificate);

/* A person of the cast as the store takes it; texts are constants or in the scope. */
MUST_CHECK enum status cast_make_person(struct scope *scope, const struct cast_person *row,
                                        struct date t, struct person *out);
/* The person's certificates; returns how many. */
size_t cast_make_certificates(const struct cast_person *row, struct date t,
                              struct authentication_certificate out[CAST_CERTIFICATES]);

/* What is typed, or the day that is asked for by card. */
struct cast_inquiry {
    struct date on;
    const char *insurer, *symbol, *number, *branch;
    struct date birth;
};
struct cast_inquiry cast_inquiry(const struct cast_scenario *scenario, struct date t);

/* The answer expected for the day that the scenario asks for. */
const struct cast_answer *cast_answer(const struct cast_scenario *scenario, struct date t);
