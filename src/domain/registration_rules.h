/* SPDX-License-Identifier: Apache-2.0
 *
 * registration_rules.h - what an insurer's registration must satisfy before it is believed.
 *
 * Each check gives the cause that answers the row (failure_causes.def, SKK-60xx refuse, SKK-61xx
 * warn), or CAUSE_NONE. Pure. Sources: insurers-and-documents 2.1, 2.4, 3.1, 11 (row 5), 12.2; E9.
 */
#pragma once

#include "base/failure.h"
#include "domain/person.h"

/* Symbol or number: all full width, or all half width (claims' rule, insurers-and-documents 2.1).
 */
enum cause rules_width(struct text text);

/* Branch: clinical documents allow 00 to 09 only. */
enum cause rules_branch(const char *branch);

/*
 * Days of a coverage: birth, acquisition and loss in this order, no overlap with another coverage
 * of the same insurer, a loss with its reason, Self-Defence Force members from their day on (E9).
 * Those of the person that have the candidate's coverage_id are not looked at.
 */
enum cause rules_coverage(const struct person *person, const struct coverage *candidate);

/* Another insurer's coverage holds on a day of the candidate. */
bool rules_two_insurers(const struct person *person, const struct coverage *candidate);

/* The certificate of a coverage: its period, its share, a kind that is void since the reform. */
enum cause rules_certificate(struct date birth, const struct coverage *candidate);
enum cause rules_kind(const struct coverage *candidate);

/* 高齢受給者証: within the years from 70 to 74, with a share of that age. */
enum cause rules_elderly(struct date birth, const struct elderly_certificate *candidate);

/* 限度額適用認定証: a class of the age on its first day. */
enum cause rules_limit(struct date birth, struct insurer_number insurer,
                       const struct limit_certificate *candidate);

/* 特定疾病療養受療証. */
enum cause rules_disease(const struct specified_disease *candidate);

/* True where a certificate that begins on a day follows one that ended the day before, or none. */
bool rules_follows(struct date former_until, struct date from);
