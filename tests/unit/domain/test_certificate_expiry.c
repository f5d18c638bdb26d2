/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/certificate_expiry.h"
#include "domain/certificate_life.h"

static struct certificate_expiry expiry(int birth, int issued, int former, int card)
{
    const struct certificate_order order = {DATE(birth), DATE(issued), DATE(former), DATE(card)};

    return certificate_expiry_of(&order);
}

static int day(int birth, int issued, int former)
{
    return expiry(birth, issued, former, 0).expires.yyyymmdd;
}

/* The two published certificates: what is known of them is the day of issue and the last one. */
static void k1_ends_on_the_fifth_birthday_after_the_issue(void **state)
{
    (void)state;
    assert_int_equal(day(19850502, 20190726, 0), 20240502);
    assert_int_equal(day(19700217, 20251027, 0), 20300217);
    assert_string_equal(expiry(19850502, 20190726, 0, 0).rule->id, "K1.expires_first");
    /* the day before a birthday, the birthday itself (which is not after it), the day after */
    assert_int_equal(day(19850502, 20190501, 0), 20230502);
    assert_int_equal(day(19850502, 20190502, 0), 20240502);
    assert_int_equal(day(19850502, 20190503, 0), 20240502);
}

static void k1_a_renewal_ends_on_the_sixth(void **state)
{
    (void)state;
    /* the former ends on 2024-05-02: renewable from 2024-02-03 */
    assert_int_equal(certificate_renewable_from(DATE(20240502)).yyyymmdd, 20240203);
    assert_false(certificate_is_renewal(DATE(20240502), DATE(20240202)));
    assert_int_equal(day(19850502, 20240202, 20240502), 20280502);
    assert_int_equal(day(19850502, 20240203, 20240502), 20290502);
    assert_string_equal(expiry(19850502, 20240203, 20240502, 0).rule->id, "K1.expires_renewed");
    /* on its last day, which is the birthday: the sixth after it; the day after: not a renewal */
    assert_int_equal(day(19850502, 20240502, 20240502), 20300502);
    assert_int_equal(day(19850502, 20240503, 20240502), 20290502);
    assert_string_equal(expiry(19850502, 20240503, 20240502, 0).rule->id, "K1.expires_first");
}

static void k1_never_outlives_the_card(void **state)
{
    (void)state;
    assert_int_equal(expiry(19850502, 20240203, 20240502, 20290501).expires.yyyymmdd, 20290501);
    assert_string_equal(expiry(19850502, 20240203, 20240502, 20290501).rule->id, "K1.expires_card");
    assert_string_equal(expiry(19850502, 20240203, 20240502, 20290502).rule->id,
                        "K1.expires_renewed");
}

static void k1_a_card_lives_ten_birthdays_and_a_minors_five(void **state)
{
    (void)state;
    assert_int_equal(card_expiry(DATE(19850502), DATE(20190726)).yyyymmdd, 20290502);
    /* the day before the eighteenth birthday, and that birthday */
    assert_int_equal(card_expiry(DATE(20070502), DATE(20250501)).yyyymmdd, 20290502);
    assert_int_equal(card_expiry(DATE(20070502), DATE(20250502)).yyyymmdd, 20350502);
}

static void k1_who_was_born_on_a_leap_day_has_the_28th_in_other_years(void **state)
{
    (void)state;
    assert_int_equal(day(20000229, 20210301, 0), 20260228);
    assert_int_equal(day(20000229, 20230301, 0), 20280229);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_ends_on_the_fifth_birthday_after_the_issue),
        cmocka_unit_test(k1_a_renewal_ends_on_the_sixth),
        cmocka_unit_test(k1_never_outlives_the_card),
        cmocka_unit_test(k1_a_card_lives_ten_birthdays_and_a_minors_five),
        cmocka_unit_test(k1_who_was_born_on_a_leap_day_has_the_28th_in_other_years),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
