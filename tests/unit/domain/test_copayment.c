/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/copayment.h"

static int share(int birth, int on, const char *insurer, int registered,
                 const struct elderly_certificate *elderly)
{
    struct person person = {.birth = DATE(birth)};
    struct coverage coverage = {.share = registered, .kind = KIND_GENERAL};

    for (size_t i = 0; insurer[i] && i < 8; i++)
        coverage.insurer.digits[i] = insurer[i];
    return copayment_share(&person, &coverage, elderly, DATE(on));
}

static void e1_preschool_ends_on_the_31st_of_march(void **state)
{
    (void)state;
    assert_int_equal(share(20190815, 20260331, "06139992", 0, NULL), 20);
    assert_int_equal(share(20190815, 20260401, "06139992", 0, NULL), 30);
    assert_true(copayment_preschool(DATE(20190402), DATE(20260331)));
    assert_false(copayment_preschool(DATE(20190402), DATE(20260401)));
    assert_true(copayment_preschool(DATE(20190402), DATE(20250401)));
}

/* Born on 1 April: six is reached on 31 March, and school begins the next day. */
static void e1_preschool_counts_ages_by_law(void **state)
{
    (void)state;
    assert_true(copayment_preschool(DATE(20190401), DATE(20250331)));
    assert_false(copayment_preschool(DATE(20190401), DATE(20250401)));
    assert_true(copayment_preschool(DATE(20190331), DATE(20250331)));
    assert_false(copayment_preschool(DATE(20190331), DATE(20250401)));
    assert_false(copayment_preschool(DATE(20190331), DATE(20190330)));
    assert_true(copayment_preschool(DATE(20200229), DATE(20260331)));
    assert_false(copayment_preschool(DATE(20200229), DATE(20260401)));
}

static void e4_the_elderly_share_begins_the_month_after_seventy(void **state)
{
    (void)state;
    assert_int_equal(share(19550915, 20250930, "06139992", 0, NULL), 30);
    assert_int_equal(share(19550915, 20251001, "06139992", 0, NULL), 20);
    assert_int_equal(share(19550901, 20250831, "06139992", 0, NULL), 30);
    assert_int_equal(share(19550901, 20250901, "06139992", 0, NULL), 20);
    assert_int_equal(share(19550930, 20251001, "06139992", 0, NULL), 20);
    assert_int_equal(share(19551231, 20251231, "06139992", 0, NULL), 30);
    assert_int_equal(share(19551231, 20260101, "06139992", 0, NULL), 20);
    assert_int_equal(share(19560229, 20260228, "06139992", 0, NULL), 30);
    assert_int_equal(share(19560229, 20260301, "06139992", 0, NULL), 20);
}

static void e4_the_elderly_certificate_gives_its_share(void **state)
{
    struct elderly_certificate thirty = {.share = 30};
    struct elderly_certificate ten = {.share = 10};

    (void)state;
    assert_int_equal(share(19530203, 20260101, "139998", 0, &thirty), 30);
    assert_int_equal(share(19530203, 20260101, "139998", 0, &ten), 10);
    assert_int_equal(share(19900203, 20260101, "139998", 0, &ten), 30);
    assert_int_equal(share(20220203, 20260101, "139998", 0, &thirty), 20);
}

static void e1_the_late_elderly_share_stands_in_the_coverage(void **state)
{
    (void)state;
    assert_int_equal(share(19440203, 20260101, "39139993", 10, NULL), 10);
    assert_int_equal(share(19440203, 20260101, "39139993", 20, NULL), 20);
    assert_int_equal(share(19440203, 20260101, "39139993", 30, NULL), 30);
    assert_int_equal(share(19440203, 20260101, "39139993", 0, NULL), 10);
    /* 65 to 74 with a recognised disability */
    assert_int_equal(share(19580203, 20260101, "39139993", 10, NULL), 10);
}

static void e1_the_late_elderly_begin_on_their_birthday(void **state)
{
    (void)state;
    assert_false(copayment_late_elderly(DATE(19510410), DATE(20260409)));
    assert_true(copayment_late_elderly(DATE(19510410), DATE(20260410)));
    assert_true(copayment_elderly(DATE(19510410), DATE(20260409)));
    assert_false(copayment_elderly(DATE(19510410), DATE(20260410)));
    assert_false(copayment_late_elderly(DATE(19520229), DATE(20270228)));
    assert_true(copayment_late_elderly(DATE(19520229), DATE(20270301)));
}

static void e4_the_days_on_which_shares_change(void **state)
{
    (void)state;
    assert_int_equal(copayment_preschool_last(DATE(20190401)).yyyymmdd, 20250331);
    assert_int_equal(copayment_preschool_last(DATE(20190402)).yyyymmdd, 20260331);
    assert_int_equal(copayment_elderly_first(DATE(19550915)).yyyymmdd, 20251001);
    assert_int_equal(copayment_elderly_first(DATE(19550901)).yyyymmdd, 20250901);
    assert_int_equal(copayment_late_elderly_first(DATE(19510410)).yyyymmdd, 20260410);
    assert_int_equal(copayment_late_elderly_first(DATE(19510101)).yyyymmdd, 20260101);
}

static void e1_special_expense_is_paid_in_full(void **state)
{
    struct person person = {.birth = DATE(19800101)};
    struct coverage coverage = {.kind = KIND_SPECIAL_EXPENSE, .share = 10};
    struct copayment copayment = {0};

    (void)state;
    copayment = copayment_decide(&person, &coverage, NULL, DATE(20260101));
    assert_int_equal(copayment.share, 100);
    assert_int_equal(copayment.rule, RULE_E1_SHARE_SPECIAL_EXPENSE);
}

static void e1_a_birth_date_that_is_none_gives_the_general_share(void **state)
{
    (void)state;
    assert_int_equal(share(0, 20260101, "06139992", 0, NULL), 30);
    assert_int_equal(share(20230229, 20260101, "06139992", 0, NULL), 30);
    assert_int_equal(share(19991301, 20260101, "06139992", 0, NULL), 30);
    assert_false(copayment_preschool(DATE_NONE, DATE_NONE));
    assert_false(copayment_elderly(DATE_NONE, DATE(20260101)));
    assert_false(copayment_late_elderly(DATE_NONE, DATE(20260101)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_preschool_ends_on_the_31st_of_march),
        cmocka_unit_test(e1_preschool_counts_ages_by_law),
        cmocka_unit_test(e4_the_elderly_share_begins_the_month_after_seventy),
        cmocka_unit_test(e4_the_elderly_certificate_gives_its_share),
        cmocka_unit_test(e1_the_late_elderly_share_stands_in_the_coverage),
        cmocka_unit_test(e1_the_late_elderly_begin_on_their_birthday),
        cmocka_unit_test(e4_the_days_on_which_shares_change),
        cmocka_unit_test(e1_special_expense_is_paid_in_full),
        cmocka_unit_test(e1_a_birth_date_that_is_none_gives_the_general_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
