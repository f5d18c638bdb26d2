/* SPDX-License-Identifier: Apache-2.0
 *
 * document_days.h - the calendar of the papers: monthly lists, yearly renewals, how long one holds.
 * Source: insurers-and-documents 4.4, 4.5, 5. Pure.
 */
#pragma once

#include "domain/document.h"

/* Last day on which a registration whose end was asked for still holds: end of the next month. */
struct date document_deregistered_on(struct date requested);
/* Day on which the monthly list tells insurers of what happened in a month. */
struct date document_list_day(struct date happened);
/* Last day of the month in which that list is worked off. */
struct date document_list_month_ends(struct date happened);
/* Last day for an insurer to have registered an enrolment: 5 + 5 days; a household has 14 for
 * its 5. */
struct date document_registration_due(enum insurance insurance, struct date enrolled);
/* First day to issue what follows something that ends on a day. */
struct date document_lead(struct date ends);
/* The year of shares and community papers: 1 August on or before a day, and the 31 July after it.
 */
struct date document_year_begins(struct date on);
struct date document_year_ends(struct date on);
/* The 31 July that the paper which holds on a day follows; not before old cards ended in 2025. */
struct date document_community_year_ends_before(struct date on);
/*
 * Last day of a certificate that holds from a day: so many years, 1 to 5, or (0) to 31 July, as its
 * insurer says; never longer for the late elderly, nor from 70 on in community insurance, whose
 * shares change in August; earlier where 70 or 75 changes what is on it.
 */
struct date document_certificate_ends(enum insurance insurance, int years, struct date birth,
                                      struct date from);
