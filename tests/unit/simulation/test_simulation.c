/* SPDX-License-Identifier: Apache-2.0
 *
 * Small populations under all rules, and with one rule left out: the check must be able to fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "simulation/simulation.h"

#define LIMIT (256UL << 20)
#define FROM DATE(20241001)

static struct tally tally;

static enum status simulate(int people, int months, int64_t seed, struct date from,
                            const char *without, enum cause *cause)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, instant_noon(from));
    const struct simulation_order order = {
        .society = {.seed = (uint64_t)seed, .people = people, .first = from, .without = without},
        .months = months};
    enum status status = simulation_run(&scope, &order, &tally);

    if (cause)
        *cause = scope.cause;
    return status;
}

static int64_t days_without(const char *rule)
{
    assert_int_equal(simulate(2000, 18, 1, FROM, rule, NULL), STATUS_OK);
    return tally_total(&tally).days[MEANS_NONE];
}

static void assert_seamless(struct date from)
{
    struct tally_month total = tally_total(&tally);

    if (!tally_seamless(&tally))
        fail_msg("from %d: %lld person-days without a means, %lld doubles, %lld differences",
                 from.yyyymmdd, (long long)total.days[MEANS_NONE],
                 (long long)total.double_certificates + (long long)total.double_notices,
                 (long long)tally_differences(&total));
    assert_true(total.days[MEANS_CARD] > 0 && total.days[MEANS_CERTIFICATE] > 0);
    assert_true(total.compared > 0 && total.looked_up > 0);
    assert_int_equal(tally_differences(&total), 0);
}

static void d4_nobody_is_without_a_means_and_nobody_holds_two_of_the_same(void **state)
{
    struct tally_month total;

    (void)state;
    assert_int_equal(simulate(2000, 18, 1, FROM, NULL, NULL), STATUS_OK);
    assert_seamless(FROM);
    total = tally_total(&tally);
    assert_int_equal(tally.count, 18);
    assert_true(total.days[MEANS_OLD_CARD] > 0);
    for (int i = TALLY_T1; i <= TALLY_T7; i++)
        assert_true(total.papers[i] > 0); /* each trigger was met */
    /* 5 + 5 days, 14 + 5 for households, 7 after a loss: no longer by the rules alone */
    assert_true(tally.longest_pending[REASON_NEW_MEMBER] <= 10);
    assert_true(tally.longest_pending[REASON_NEW_IN_COMMUNITY] <= 19);
    assert_true(tally.longest_waiting[REASON_CARD_GONE] <= 7);
    assert_int_equal(total.waiting[REASON_NEW_MEMBER] + total.waiting[REASON_TURNED_75], 0);
}

/* Around each day on which the rules change, and after all of them. */
static void d4_it_holds_from_whatever_day_one_begins(void **state)
{
    static const int days[] = {20241202, 20250731, 20251130, 20260715, 20270131};

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        assert_int_equal(simulate(1500, 14, (int64_t)i + 2, DATE(days[i]), NULL, NULL), STATUS_OK);
        assert_seamless(DATE(days[i]));
    }
}

static void d1_d4_without_a_rule_somebody_falls_through(void **state)
{
    static const char *const rules[] = {"T1", "T2", "T3", "T4", "T6", "T7", "D1.t7_late_elderly"};

    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (days_without(rules[i]) == 0)
            fail_msg("nobody misses %s", rules[i]);
}

static void the_same_seed_gives_the_same_and_another_does_not(void **state)
{
    struct tally first;

    (void)state;
    assert_int_equal(simulate(600, 8, 5, FROM, NULL, NULL), STATUS_OK);
    first = tally;
    assert_int_equal(simulate(600, 8, 5, FROM, NULL, NULL), STATUS_OK);
    assert_memory_equal(&first, &tally, sizeof tally);
    assert_int_equal(simulate(600, 8, 6, FROM, NULL, NULL), STATUS_OK);
    assert_memory_not_equal(&first, &tally, sizeof tally);
}

static void orders_that_cannot_be_are_refused(void **state)
{
    static const char *const rules[] = {"T0", "T8", "N6", "T", "T11", "D3.any", "D1.nothing", ""};
    atomic_bool stop = true;
    enum cause cause = CAUSE_NONE;
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, instant_noon(FROM));
    const struct simulation_order stopped = {
        .society = {.seed = 1, .people = 50, .first = FROM}, .months = 2, .stop = &stop};

    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        assert_int_equal(simulate(50, 1, 1, FROM, rules[i], &cause), STATUS_INVALID);
        assert_int_equal(cause, CAUSE_SIMULATION_RULE_UNKNOWN);
    }
    assert_int_equal(simulate(0, 1, 1, FROM, NULL, &cause), STATUS_INVALID);
    assert_int_equal(simulate(SIMULATION_PEOPLE_MAX + 1, 1, 1, FROM, NULL, &cause), STATUS_INVALID);
    assert_int_equal(simulate(50, 0, 1, FROM, NULL, &cause), STATUS_INVALID);
    assert_int_equal(simulate(50, TALLY_MONTHS_MAX + 1, 1, FROM, NULL, &cause), STATUS_INVALID);
    assert_int_equal(simulate(50, 1, 1, DATE(20240930), NULL, &cause), STATUS_INVALID);
    assert_int_equal(simulation_run(&scope, &stopped, &tally), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_SIMULATION_STOPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d4_nobody_is_without_a_means_and_nobody_holds_two_of_the_same),
        cmocka_unit_test(d4_it_holds_from_whatever_day_one_begins),
        cmocka_unit_test(d1_d4_without_a_rule_somebody_falls_through),
        cmocka_unit_test(the_same_seed_gives_the_same_and_another_does_not),
        cmocka_unit_test(orders_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
