/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"

static void reads_only_days_of_the_calendar(void **state)
{
    struct date date = DATE_NONE;

    (void)state;
    assert_true(date_read("20240229", 8, &date));
    assert_int_equal(date.yyyymmdd, 20240229);
    assert_false(date_read("20230229", 8, &date));
    assert_false(date_read("20231301", 8, &date));
    assert_false(date_read("2023-1-1", 8, &date));
    assert_false(date_read("2023010", 7, &date));
    assert_false(date_read("00000000", 8, &date));
    assert_true(date_read_option("2026-11-05", &date));
    assert_int_equal(date.yyyymmdd, 20261105);
    assert_false(date_read_option("2026-11-051", &date));
}

static void counts_days_both_ways(void **state)
{
    (void)state;
    assert_int_equal(date_to_days(DATE(19700101)), 0);
    assert_int_equal(date_from_days(-1).yyyymmdd, 19691231);
    for (int32_t days = -36000; days < 3000000; days += 17)
        assert_int_equal(date_to_days(date_from_days(days)), days);
}

static void months_end_where_the_day_is_missing(void **state)
{
    (void)state;
    assert_int_equal(date_add_months(DATE(20241130), 3).yyyymmdd, 20250228);
    assert_int_equal(date_add_months(DATE(20250131), -2).yyyymmdd, 20241130);
    assert_int_equal(date_add_months(DATE(20250115), -13).yyyymmdd, 20231215);
    assert_int_equal(date_end_of_month(DATE(20240201)).yyyymmdd, 20240229);
    assert_int_equal(date_birthday(DATE(20040229), 21).yyyymmdd, 20250228);
    assert_int_equal(date_age(DATE(20040229), DATE(20250227)), 20);
    assert_int_equal(date_age(DATE(20040229), DATE(20250228)), 21);
}

static void a_day_in_japan_begins_at_fifteen_utc(void **state)
{
    char out[28];
    struct instant instant = {INT64_C(1793977200000000)}; /* 2026-11-06T15:00:00Z */
    struct instant read = {0};

    (void)state;
    assert_int_equal(instant_date(instant).yyyymmdd, 20261107);
    instant.microseconds--;
    assert_int_equal(instant_date(instant).yyyymmdd, 20261106);
    assert_int_equal(instant_to_japan14(instant), 20261106235959);
    instant_write_utc(instant, out);
    assert_string_equal(out, "2026-11-06T14:59:59.999999Z");
    assert_true(instant_read_utc(out, &read));
    assert_int_equal(read.microseconds, instant.microseconds);
    assert_false(instant_read_utc("2026-11-06T14:59:60.999999Z", &read));
    assert_false(instant_read_utc("2026-02-29T14:59:59.999999Z", &read));
    assert_false(instant_read_utc("2026-11-06T-4:59:59.999999Z", &read));
    assert_false(instant_read_utc("2026-11-06", &read));
    assert_int_equal(instant_to_japan14(instant_from_japan14(20261105091530)), 20261105091530);
    assert_int_equal(instant_date(instant_noon(DATE(20261105))).yyyymmdd, 20261105);
}

static void eras_change_on_their_day(void **state)
{
    char out[48];

    (void)state;
    date_write_era(DATE(20190430), out);
    assert_string_equal(out, "平成31年4月30日");
    date_write_era(DATE(20190501), out);
    assert_string_equal(out, "令和元年5月1日");
    date_write_era(DATE(19250101), out);
    assert_string_equal(out, "大正14年1月1日");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_only_days_of_the_calendar),
        cmocka_unit_test(counts_days_both_ways),
        cmocka_unit_test(months_end_where_the_day_is_missing),
        cmocka_unit_test(a_day_in_japan_begins_at_fifteen_utc),
        cmocka_unit_test(eras_change_on_their_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
