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

static struct clock_delay delay(int happened, int received, int registered, int on)
{
    const struct clock_days days = {DATE(happened), DATE(received), DATE(registered)};

    return clock_delay_on(SOCIETY, days, DATE(on));
}

static void e1_delays_are_the_days_beyond_those_allowed(void **state)
{
    struct clock_delay late = delay(20261001, 20261006, 20261011, 20261101);

    (void)state;
    assert_int_equal(late.notice, 0);
    assert_int_equal(late.registration, 0);
    late = delay(20261001, 20261007, 20261018, 20261101);
    assert_int_equal(late.notice, 1);
    assert_int_equal(late.registration, 6);
    assert_false(late.open);
}

static void e1_what_is_not_registered_by_a_day_is_late_so_far(void **state)
{
    struct clock_delay late = delay(20261001, 20261006, 20261120, 20261011);

    (void)state;
    assert_true(late.open);
    assert_int_equal(late.registration, 0); /* the fifth day: in time still */
    assert_int_equal(delay(20261001, 20261006, 20261120, 20261012).registration, 1);
    assert_int_equal(delay(20261001, 20261006, 20261120, 20261120).registration, 40);
    assert_false(delay(20261001, 20261006, 20261120, 20261120).open);
    assert_int_equal(delay(20261001, 20261006, 0, 20261016).registration, 5);
    late = delay(20261001, 20261106, 20261120, 20261105); /* no notice by that day */
    assert_int_equal(late.notice, 0);
    assert_false(late.open);
}

static void e1_who_gives_the_notice_depends_on_the_insurance(void **state)
{
    (void)state;
    assert_int_equal(clock_notifier(SOCIETY), CLOCK_EMPLOYER);
    assert_int_equal(clock_notifier(CITY), CLOCK_HOUSEHOLD);
    assert_int_equal(clock_notifier(ELDERLY), CLOCK_NOBODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_five_days_for_the_employer_and_five_for_the_insurer),
        cmocka_unit_test(e1_households_have_fourteen_days),
        cmocka_unit_test(e1_late_elderly_need_no_notice),
        cmocka_unit_test(e1_what_was_not_told_is_not_late),
        cmocka_unit_test(e1_delays_are_the_days_beyond_those_allowed),
        cmocka_unit_test(e1_what_is_not_registered_by_a_day_is_late_so_far),
        cmocka_unit_test(e1_who_gives_the_notice_depends_on_the_insurance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
