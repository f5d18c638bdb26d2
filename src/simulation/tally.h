/* SPDX-License-Identifier: Apache-2.0
 *
 * tally.h - what a simulation counted: by month and in all.
 */
#pragma once

#include "simulation/happening.h"
#include "simulation/means.h"

#define TALLY_MONTHS_MAX 120

/* T1 to T7 and N1 to N5, and the old cards that were still issued before the reform. */
enum tally_paper { TALLY_T1, TALLY_T7 = 6, TALLY_N1, TALLY_N5 = 11, TALLY_OLD_CARD, TALLY_PAPERS };

/* Where the store's answer differed from what was counted. */
enum audit_difference { AUDIT_CARD, AUDIT_NUMBERS, AUDIT_DIFFERENCES };

struct tally_month {
    struct date first; /* of the month, or the first day */
    int64_t people;    /* insured on its last day */
    int64_t events[HAPPENING_LIVES];
    int64_t papers[TALLY_PAPERS];
    int64_t days[MEANS_COUNT]; /* person-days by means */
    int64_t none[REASON_COUNT], pending[REASON_COUNT], waiting[REASON_COUNT];
    int64_t double_certificates, double_notices; /* person-days */
    int64_t compared, looked_up; /* people put to the store; of them, by the query of a check */
    int64_t differ[AUDIT_DIFFERENCES];
    int64_t most; /* people without a means on the worst day */
    struct date most_on;
};

struct tally {
    struct tally_month months[TALLY_MONTHS_MAX];
    size_t count;
    /* days in a row without a means, up to one within the allowance, by the reason of that day */
    int longest_pending[REASON_COUNT], longest_waiting[REASON_COUNT];
};

/* Which place a trigger has ("T1" ... "N5"). */
enum tally_paper tally_paper_of(const char *trigger);
const char *tally_paper_name(enum tally_paper paper);
/* Notes how long somebody has been without a means, in days up to today. */
void tally_note_run(struct tally *tally, const struct means_today *means, int days);
/* Notes how many were without a means on a day. */
void tally_note_day(struct tally_month *month, struct date day, int64_t people);
/* The longest of all reasons. */
int tally_longest(const int days[REASON_COUNT]);
/* All months together. */
struct tally_month tally_total(const struct tally *tally);
/* Everybody for whom the store answered otherwise. */
int64_t tally_differences(const struct tally_month *month);
/* Nobody fell through, nobody held two of the same, and the store answered the same. */
bool tally_seamless(const struct tally *tally);
