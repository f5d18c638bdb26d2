/* SPDX-License-Identifier: Apache-2.0
 *
 * copayment.h - the share that the desk collects (負担割合), and the ages it turns on.
 *
 * By law (年齢計算ニ関スル法律) an age is reached at the end of the day before the birthday. So a
 * child born on 1 April ends preschool a day before its sixth birthday, and someone born on the
 * first of a month has the elderly share from the 70th birthday on. Pure. Source: claims 3.5.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "domain/person.h"
#include "domain/rule.h"

/* A share and why. */
struct copayment {
    int share; /* percent */
    enum rule_id rule;
};

/*
 * The share of a day and its rule. Order: special medical expense (kind 05), preschool, law number
 * 39, then by age. elderly: the certificate valid that day, or NULL.
 */
struct copayment copayment_decide(const struct person *person, const struct coverage *coverage,
                                  const struct elderly_certificate *elderly, struct date on);

/* 負担割合 by age, coverage and elderly certificate, percent (claims 3.5); 100 for kind 05. */
int copayment_share(const struct person *person, const struct coverage *coverage,
                    const struct elderly_certificate *elderly, struct date on);
/* 未就学: the last day, 31 March. birth: a day of the calendar, here and below. */
struct date copayment_preschool_last(struct date birth);
/* 高齢受給者: the first day, the first of a month. */
struct date copayment_elderly_first(struct date birth);
/* 後期高齢者: the first day. */
struct date copayment_late_elderly_first(struct date birth);

/* 未就学: to the first 31 March on or after the day the age of six is reached. */
bool copayment_preschool(struct date birth, struct date on);

/* 高齢受給者: from the first of the month after 70 is reached to the day before 75 begins. */
bool copayment_elderly(struct date birth, struct date on);
/* 後期高齢者 by age: from the 75th birthday on (1 March for those born on 29 February). */
bool copayment_late_elderly(struct date birth, struct date on);
