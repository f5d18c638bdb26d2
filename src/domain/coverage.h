/* SPDX-License-Identifier: Apache-2.0
 *
 * coverage.h - which of a person's coverages (被保険者資格) holds on a day.
 *
 * A coverage holds from its first day to the day before it is lost. Special day labourers are never
 * covered by the system, Self-Defence Force members for days from the reform on (E9): such a
 * coverage never counts. Pure; histories may overlap and stand in any order.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "domain/person.h"
#include "domain/rule.h"

/* Law numbers (法別番号) that rules name; insurer_number_law() gives them. Source: claims 3.3. */
enum {
    LAW_DAY_LABOURER = 3,         /* 日雇特例 一般療養 */
    LAW_DAY_LABOURER_SPECIAL = 4, /* 日雇特例 特別療養費 */
    LAW_SELF_DEFENCE = 7,         /* 自衛官 */
    LAW_LATE_ELDERLY = 39,        /* 後期高齢者 */
};

/* E9: why the system does not know an insurer's members on a day. True sets *rule. */
bool coverage_excluded(struct insurer_number insurer, struct date on, enum rule_id *rule);

/* Covered that day: begun, not lost, not excluded. */
bool coverage_holds(const struct coverage *coverage, struct date on);
/* Begun and lost by that day, not excluded. */
bool coverage_lost(const struct coverage *coverage, struct date on);
/* Begins after that day, and is not excluded then. */
bool coverage_begins_later(const struct coverage *coverage, struct date on);

/*
 * Of two coverages that hold on one day the one that counts: the later issue date, then the later
 * first day, then the later registered (insurers-and-documents 2.3). Either may be NULL.
 */
const struct coverage *coverage_later_issued(const struct coverage *a, const struct coverage *b);

/* Of two lost coverages the one lost last; then as coverage_later_issued(). Either may be NULL. */
const struct coverage *coverage_later_lost(const struct coverage *a, const struct coverage *b);

/* The coverage of the person that holds on the day, or NULL. Proven by property_coverage. */
const struct coverage *coverage_on(const struct person *person, struct date on);
/* The coverage lost most recently, counted from that day, or NULL. */
const struct coverage *coverage_last_lost(const struct person *person, struct date on);
