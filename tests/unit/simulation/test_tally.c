/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/tally.h"

static struct tally tally;

static int begin(void **state)
{
    (void)state;
    tally = (struct tally){.count = 2};
    tally.months[0].first = DATE(20241001);
    tally.months[1].first = DATE(20241101);
    return 0;
}

static void d1_d2_every_trigger_has_its_place(void **state)
{
    static const char *const triggers[] = {"T1", "T2", "T3", "T4", "T5", "T6",
                                           "T7", "N1", "N2", "N3", "N4", "N5"};

    (void)state;
    for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
        assert_int_equal(tally_paper_of(triggers[i]), i);
        assert_string_equal(tally_paper_name((enum tally_paper)i), triggers[i]);
    }
}

static void months_add_up_and_people_are_those_of_the_last(void **state)
{
    struct tally_month total;

    (void)state;
    tally.months[0].people = 10;
    tally.months[1].people = 9;
    tally.months[0].days[MEANS_PENDING] = 3;
    tally.months[1].days[MEANS_PENDING] = 4;
    tally.months[1].pending[REASON_NEW_MEMBER] = 4;
    tally_note_day(&tally.months[0], DATE(20241003), 2);
    tally_note_day(&tally.months[0], DATE(20241004), 2);
    tally_note_day(&tally.months[1], DATE(20241105), 1);
    total = tally_total(&tally);
    assert_int_equal(total.people, 9);
    assert_int_equal(total.days[MEANS_PENDING], 7);
    assert_int_equal(total.pending[REASON_NEW_MEMBER], 4);
    assert_int_equal(total.most, 2);
    assert_int_equal(total.most_on.yyyymmdd, 20241003);
}

static void the_longest_run_is_kept_by_reason(void **state)
{
    const struct means_today pending = {.means = MEANS_PENDING, .reason = REASON_NEW_MEMBER};
    const struct means_today waiting = {.means = MEANS_WAITING, .reason = REASON_CARD_GONE};
    const struct means_today card = {.means = MEANS_CARD};

    (void)state;
    tally_note_run(&tally, &pending, 9);
    tally_note_run(&tally, &pending, 2);
    tally_note_run(&tally, &waiting, 7);
    tally_note_run(&tally, &card, 0);
    assert_int_equal(tally.longest_pending[REASON_NEW_MEMBER], 9);
    assert_int_equal(tally.longest_waiting[REASON_CARD_GONE], 7);
    assert_int_equal(tally.longest_waiting[REASON_NEW_MEMBER], 0);
}

static void d4_one_day_or_one_double_fails_a_run_and_an_allowance_does_not(void **state)
{
    (void)state;
    tally.months[0].days[MEANS_PENDING] = 5;
    tally.months[1].days[MEANS_WAITING] = 5;
    assert_true(tally_seamless(&tally));
    tally.months[1].days[MEANS_NONE] = 1;
    assert_false(tally_seamless(&tally));
    tally.months[1].days[MEANS_NONE] = 0;
    tally.months[0].double_certificates = 1;
    assert_false(tally_seamless(&tally));
    tally.months[0].double_certificates = 0;
    tally.months[1].double_notices = 1;
    assert_false(tally_seamless(&tally));
    tally.months[1].double_notices = 0;
    tally.months[1].differ[AUDIT_NUMBERS] = 1;
    assert_false(tally_seamless(&tally));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(d1_d2_every_trigger_has_its_place, begin),
        cmocka_unit_test_setup(months_add_up_and_people_are_those_of_the_last, begin),
        cmocka_unit_test_setup(the_longest_run_is_kept_by_reason, begin),
        cmocka_unit_test_setup(d4_one_day_or_one_double_fails_a_run_and_an_allowance_does_not,
                               begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
