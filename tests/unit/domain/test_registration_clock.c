/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/registration_clock.h"

#define SOCIETY ((struct insurer_number){"06139992"})
#define CITY ((struct insurer_number){"139998"})
#define ELDERLY ((struct insurer_number){"39139991"})

static void e1_five_days_for_the_employer_and_five_for_the_insurer(void **state)
{
    (void)state;
    assert_int_equal(clock_lateness(SOCIETY, DATE(20261001), DATE(20261006), DATE(20261011)), 0);
    assert_int_equal(clock_lateness(SOCIETY, DATE(20261001), DATE(20261007), DATE(20261011)),
                     CLOCK_NOTICE_LATE);
    assert_int_equal(clock_lateness(SOCIETY, DATE(20261001), DATE(20261006), DATE(20261012)),
                     CLOCK_REGISTRATION_LATE);
    assert_int_equal(clock_lateness(SOCIETY, DATE(20260925), DATE(20261006), DATE(20261101)),
                     CLOCK_NOTICE_LATE | CLOCK_REGISTRATION_LATE);
}

static void e1_households_have_fourteen_days(void **state)
{
    (void)state;
    assert_int_equal(clock_lateness(CITY, DATE(20261001), DATE(20261015), DATE(20261020)), 0);
    assert_int_equal(clock_lateness(CITY, DATE(20261001), DATE(20261016), DATE(20261020)),
                     CLOCK_NOTICE_LATE);
}

static void e1_late_elderly_need_no_notice(void **state)
{
    (void)state;
    assert_int_equal(clock_notice_days(ELDERLY), -1);
    assert_int_equal(clock_lateness(ELDERLY, DATE(20260101), DATE(20261016), DATE(20261020)), 0);
}

static void e1_what_was_not_told_is_not_late(void **state)
{
    (void)state;
    assert_int_equal(clock_lateness(SOCIETY, DATE(20200101), DATE_NONE, DATE(20261020)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_five_days_for_the_employer_and_five_for_the_insurer),
        cmocka_unit_test(e1_households_have_fourteen_days),
        cmocka_unit_test(e1_late_elderly_need_no_notice),
        cmocka_unit_test(e1_what_was_not_told_is_not_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
