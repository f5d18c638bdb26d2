/* SPDX-License-Identifier: Apache-2.0
 *
 * paper.h - what an insurer issued for a coverage by a day: certificate fields, 高齢受給者証,
 * 限度額適用認定証, 特定疾病療養受療証.
 */
#pragma once

#include "base/scope.h"
#include "domain/person.h"
#include "world/draw.h"

/* The yearly renewal (国保, 39): the last 1 August on or before a day. */
struct date paper_year_begins(struct date on);

/*
 * Sets paper, issued, valid_from and valid_until of a coverage as its insurer would have issued
 * them by a day: old cards before 2024-12-02, then notice or certificate; yearly for 国保 and 39.
 *   registered   the person uses the card: a notice instead of a certificate
 */
void paper_issue(struct coverage *coverage, struct date birth, bool registered, struct date on);

/* First day of 高齢受給者証: the first of the month after the day on which 70 is reached. */
struct date paper_elderly_begins(struct date birth);

/*
 * Draws elderly, limit and disease certificates of a person whose coverages are set; shares of 39
 * are set on the coverages. Everything lives in the scope.
 */
MUST_CHECK enum status paper_assign(struct scope *scope, struct draw *draw, struct person *person,
                                    struct date on);
