/* SPDX-License-Identifier: Apache-2.0
 *
 * date.h - days in Japan, and instants.
 *
 * A date is a calendar day in Japan time, as the integer yyyymmdd, the shape it has in files and in
 * the store; dates compare as integers. An instant is microseconds since 1970 UTC. Japan has no
 * summer time: its clock is UTC + 9 hours. Pure; only instant_now() reads the clock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
    int32_t yyyymmdd; /* 18680101 to 99991231; 0 = no date */
};

struct instant {
    int64_t microseconds; /* since 1970-01-01T00:00:00Z */
};

#define DATE(yyyymmdd_) ((struct date){(yyyymmdd_)})
#define DATE_NONE DATE(0)         /* not told */
#define DATE_NEVER DATE(99991231) /* open-ended */

bool date_is(struct date date);                 /* not DATE_NONE */
bool date_ok(struct date date);                 /* a day of the calendar, 1868 to 9999 */
int date_compare(struct date a, struct date b); /* < 0, 0, > 0 */
bool date_before(struct date a, struct date b);
bool date_within(struct date date, struct date from, struct date last); /* both ends included */
int date_year(struct date date);
int date_month(struct date date);
int date_day(struct date date);
struct date date_of(int year, int month, int day); /* not checked */

/* Days since 1970-01-01, and back. */
int32_t date_to_days(struct date date);
struct date date_from_days(int32_t days);
struct date date_add_days(struct date date, int days);
/* The same day months later (or earlier); the last day of that month where it has no such day. */
struct date date_add_months(struct date date, int months);
struct date date_first_of_month(struct date date);
struct date date_end_of_month(struct date date);

/* The n-th birthday; someone born on 29 February has it on 28 February in other years. */
struct date date_birthday(struct date birth, int n);
/*
 * Full years of age on a day. By law (年齢計算ニ関スル法律) a year of age is reached at the end of
 * the day before the birthday; this is the everyday count, on the birthday. Rules that need the
 * legal count say so.
 */
int date_age(struct date birth, struct date on);

/* "20261105" to a date; false unless 8 digits and a day of the calendar. */
bool date_read(const char *bytes, size_t size, struct date *out);
/* Reads 2026-11-05 or 20261105. */
bool date_read_option(const char *string, struct date *out);
/* "2026-11-05" into at least 11 bytes. */
void date_write_iso(struct date date, char *out);
/* 令和8年11月5日 into at least 48 bytes. */
void date_write_era(struct date date, char *out);

struct instant instant_now(void);
struct date instant_date(struct instant instant); /* the day in Japan */
/* Noon in Japan of a day: for commands with --today. */
struct instant instant_noon(struct date date);
/* Midnight in Japan at which the day begins. */
struct instant instant_start(struct date date);
/* yyyyMMddHHmmss in Japan time, as a number. */
int64_t instant_to_japan14(struct instant instant);
struct instant instant_from_japan14(int64_t yyyymmddhhmmss);
#define INSTANT_UTC_SIZE 28
/* "2026-11-05T00:15:30.123456Z" into INSTANT_UTC_SIZE bytes at least. */
void instant_write_utc(struct instant instant, char *out);
/* Reads what instant_write_utc() writes, and nothing else. */
bool instant_read_utc(const char *word, struct instant *out);
