/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "simulation/calendar.h"

#define FIRST DATE(20241230)
#define LAST DATE(20250102)

static struct scope scope;
static struct calendar *calendar;

static int begin(void **state)
{
    (void)state;
    scope = scope_begin_at(1UL << 20, instant_noon(FIRST));
    return calendar_make(&scope, FIRST, LAST, 4, &calendar) == STATUS_OK ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    scope_end(&scope);
    return 0;
}

static void note(int day, uint32_t resident, enum happening what)
{
    assert_int_equal(calendar_note(&scope, calendar, DATE(day), resident, what), STATUS_OK);
}

static void expect(int day, uint32_t resident, enum happening what)
{
    struct calendar_entry entry = {0};

    assert_true(calendar_take(calendar, DATE(day), &entry));
    assert_int_equal(entry.resident, resident);
    assert_int_equal(entry.what, what);
}

static void expect_nothing(int day)
{
    struct calendar_entry entry = {0};

    assert_false(calendar_take(calendar, DATE(day), &entry));
}

static void people_come_before_offices_each_in_the_order_noted(void **state)
{
    (void)state;
    note(20250101, 7, HAPPENING_OFFICE_LOOKS);
    note(20250101, 2, HAPPENING_MOVE);
    note(20250101, 1, HAPPENING_DEATH);
    expect_nothing(20241231);
    expect(20250101, 2, HAPPENING_MOVE);
    expect(20250101, 1, HAPPENING_DEATH);
    expect(20250101, 7, HAPPENING_OFFICE_LOOKS);
    expect_nothing(20250101);
}

static void what_is_noted_meanwhile_for_the_same_day_comes_too(void **state)
{
    (void)state;
    note(20241230, 1, HAPPENING_CARD_LOST);
    expect(20241230, 1, HAPPENING_CARD_LOST);
    note(20241230, 1, HAPPENING_OFFICE_LOOKS);
    expect(20241230, 1, HAPPENING_OFFICE_LOOKS);
    expect_nothing(20241230);
}

static void both_ends_count_and_what_lies_outside_is_left_out(void **state)
{
    (void)state;
    note(20241229, 1, HAPPENING_BIRTH);
    note(20250103, 1, HAPPENING_BIRTH);
    assert_int_equal(calendar_note(&scope, calendar, DATE_NONE, 1, HAPPENING_BIRTH), STATUS_OK);
    note(20241230, 3, HAPPENING_BIRTH);
    note(20250102, 4, HAPPENING_BIRTH);
    expect_nothing(20241229);
    expect_nothing(20250103);
    expect(20241230, 3, HAPPENING_BIRTH);
    expect(20250102, 4, HAPPENING_BIRTH);
}

static void places_are_used_again_and_no_more_than_there_are(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 4; i++)
            note(20250101, i, HAPPENING_MOVE);
        assert_int_equal(calendar_note(&scope, calendar, DATE(20250101), 9, HAPPENING_MOVE),
                         STATUS_EXHAUSTED);
        assert_int_equal(scope.cause, CAUSE_SIMULATION_TOO_MANY);
        for (uint32_t i = 0; i < 4; i++)
            expect(20250101, i, HAPPENING_MOVE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(people_come_before_offices_each_in_the_order_noted, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_is_noted_meanwhile_for_the_same_day_comes_too, begin,
                                        end),
        cmocka_unit_test_setup_teardown(both_ends_count_and_what_lies_outside_is_left_out, begin,
                                        end),
        cmocka_unit_test_setup_teardown(places_are_used_again_and_no_more_than_there_are, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
