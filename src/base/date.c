/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MICROSECONDS (86400LL * 1000000LL)
#define JAPAN_OFFSET_MICROSECONDS (9LL * 3600 * 1000000)

static const struct {
    struct date from;
    const char *name;
} eras[] = {
    {{20190501}, "令和"}, {{19890108}, "平成"}, {{19261225}, "昭和"},
    {{19120730}, "大正"}, {{18680101}, "明治"},
};

static bool leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

bool date_is(struct date date)
{
    return date.yyyymmdd != 0;
}

bool date_ok(struct date date)
{
    int month = date_month(date);

    return date.yyyymmdd >= 18680101 && date.yyyymmdd <= 99991231 && month >= 1 && month <= 12 &&
           date_day(date) >= 1 && date_day(date) <= days_in_month(date_year(date), month);
}

int date_compare(struct date a, struct date b)
{
    return (a.yyyymmdd > b.yyyymmdd) - (a.yyyymmdd < b.yyyymmdd);
}

bool date_before(struct date a, struct date b)
{
    return a.yyyymmdd < b.yyyymmdd;
}

bool date_within(struct date date, struct date from, struct date last)
{
    return date.yyyymmdd >= from.yyyymmdd && date.yyyymmdd <= last.yyyymmdd;
}

int date_year(struct date date)
{
    return date.yyyymmdd / 10000;
}

int date_month(struct date date)
{
    return date.yyyymmdd / 100 % 100;
}

int date_day(struct date date)
{
    return date.yyyymmdd % 100;
}

struct date date_of(int year, int month, int day)
{
    return (struct date){year * 10000 + month * 100 + day};
}

/* Gregorian calendar with years beginning in March, so that the leap day comes last. */
int32_t date_to_days(struct date date)
{
    int month = date_month(date);
    int year = date_year(date) - (month <= 2);
    int century = year / 400;
    int of_century = year - century * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date_day(date) - 1;
    int day = of_century * 365 + of_century / 4 - of_century / 100 + of_year;

    return century * 146097 + day - 719468;
}

struct date date_from_days(int32_t days)
{
    int32_t shifted = days + 719468;
    int32_t century = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day = shifted - century * 146097;
    int32_t of_century = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int32_t of_year = day - (365 * of_century + of_century / 4 - of_century / 100);
    int32_t month = (5 * of_year + 2) / 153;
    int32_t calendar_month = month < 10 ? month + 3 : month - 9;
    int32_t year = of_century + century * 400 + (calendar_month <= 2);

    return date_of(year, calendar_month, of_year - (153 * month + 2) / 5 + 1);
}

struct date date_add_days(struct date date, int days)
{
    return date_from_days(date_to_days(date) + days);
}

static struct date in_month(int year, int month, int day)
{
    int last = days_in_month(year, month);

    return date_of(year, month, day < last ? day : last);
}

struct date date_add_months(struct date date, int months)
{
    int count = date_year(date) * 12 + date_month(date) - 1 + months;

    return in_month(count / 12, count % 12 + 1, date_day(date));
}

struct date date_first_of_month(struct date date)
{
    return date_of(date_year(date), date_month(date), 1);
}

struct date date_end_of_month(struct date date)
{
    return in_month(date_year(date), date_month(date), 31);
}

struct date date_birthday(struct date birth, int n)
{
    return in_month(date_year(birth) + n, date_month(birth), date_day(birth));
}

int date_age(struct date birth, struct date on)
{
    int age = date_year(on) - date_year(birth);

    return date_before(on, date_birthday(birth, age)) ? age - 1 : age;
}

bool date_read(const char *bytes, size_t size, struct date *out)
{
    struct date read = {0};

    if (size != 8)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
        read.yyyymmdd = read.yyyymmdd * 10 + (bytes[i] - '0');
    }
    if (!date_ok(read))
        return false;
    *out = read;
    return true;
}

bool date_read_option(const char *string, struct date *out)
{
    char digits[9] = {0};
    size_t count = 0;

    for (size_t i = 0; string[i]; i++) {
        if (string[i] == '-' && (i == 4 || i == 7))
            continue;
        if (count == 8)
            return false;
        digits[count++] = string[i];
    }
    return date_read(digits, count, out);
}

void date_write_iso(struct date date, char *out)
{
    snprintf(out, 11, "%04u-%02u-%02u", (unsigned)date_year(date) % 10000U,
             (unsigned)date_month(date) % 100U, (unsigned)date_day(date) % 100U);
}

void date_write_era(struct date date, char *out)
{
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        int year = date_year(date) - date_year(eras[i].from) + 1;
        if (date_before(date, eras[i].from))
            continue;
        if (year == 1)
            snprintf(out, 48, "%s元年%d月%d日", eras[i].name, date_month(date), date_day(date));
        else
            snprintf(out, 48, "%s%d年%d月%d日", eras[i].name, year, date_month(date),
                     date_day(date));
        return;
    }
    snprintf(out, 48, "%d年%d月%d日", date_year(date), date_month(date), date_day(date));
}

struct instant instant_now(void)
{
    struct timespec time = {0};

    clock_gettime(CLOCK_REALTIME, &time);
    return (struct instant){(int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000};
}

/* Whole days since 1970 in Japan, and the microseconds into that day. */
static int32_t japan_days(struct instant instant, int64_t *of_day)
{
    int64_t japan = instant.microseconds + JAPAN_OFFSET_MICROSECONDS;
    int64_t days = japan / DAY_MICROSECONDS - (japan % DAY_MICROSECONDS < 0);

    *of_day = japan - days * DAY_MICROSECONDS;
    return (int32_t)days;
}

struct date instant_date(struct instant instant)
{
    int64_t of_day = 0;

    return date_from_days(japan_days(instant, &of_day));
}

struct instant instant_start(struct date date)
{
    return (struct instant){date_to_days(date) * DAY_MICROSECONDS - JAPAN_OFFSET_MICROSECONDS};
}

struct instant instant_noon(struct date date)
{
    return (struct instant){instant_start(date).microseconds + DAY_MICROSECONDS / 2};
}

int64_t instant_to_japan14(struct instant instant)
{
    int64_t of_day = 0;
    struct date date = date_from_days(japan_days(instant, &of_day));
    int64_t second = of_day / 1000000;

    return date.yyyymmdd * 1000000LL + second / 3600 * 10000 + second / 60 % 60 * 100 + second % 60;
}

struct instant instant_from_japan14(int64_t yyyymmddhhmmss)
{
    struct date date = {(int32_t)(yyyymmddhhmmss / 1000000)};
    int64_t time = yyyymmddhhmmss % 1000000;
    int64_t second = time / 10000 * 3600 + time / 100 % 100 * 60 + time % 100;

    return (struct instant){instant_start(date).microseconds + second * 1000000};
}

void instant_write_utc(struct instant instant, char *out)
{
    int64_t of_day = 0;
    struct instant as_utc = {instant.microseconds - JAPAN_OFFSET_MICROSECONDS};
    struct date date = date_from_days(japan_days(as_utc, &of_day));
    unsigned second = (unsigned)(of_day / 1000000);

    date_write_iso(date, out);
    snprintf(out + 10, 18, "T%02u:%02u:%02u.%06uZ", second / 3600 % 24, second / 60 % 60,
             second % 60, (unsigned)(of_day % 1000000) % 1000000U);
}

/* Two digits at a place; what is no digit comes out wrong when it is written again. */
static int64_t two_digits(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

bool instant_read_utc(const char *word, struct instant *out)
{
    char day[11] = "", written[INSTANT_UTC_SIZE];
    struct date date = DATE_NONE;
    int64_t second = 0;

    if (strlen(word) != INSTANT_UTC_SIZE - 1)
        return false;
    memcpy(day, word, sizeof day - 1);
    if (!date_read_option(day, &date))
        return false;
    second = two_digits(word + 11) * 3600 + two_digits(word + 14) * 60 + two_digits(word + 17);
    *out = instant_start(date);
    out->microseconds += JAPAN_OFFSET_MICROSECONDS + second * 1000000 +
                         two_digits(word + 20) * 10000 + two_digits(word + 22) * 100 +
                         two_digits(word + 24);
    instant_write_utc(*out, written);
    return strcmp(word, written) == 0;
}
