/* SPDX-License-Identifier: Apache-2.0
 *
 * The store beside reality: the same, until one of the two is changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "simulation/audit.h"

#define TODAY DATE(20251231)

static struct scope scope;
static struct society society;

static int begin(void **state)
{
    const struct society_order order = {.seed = 3, .people = 300, .first = TODAY, .last = TODAY};

    (void)state;
    scope = scope_begin_at(256UL << 20, instant_noon(TODAY));
    if (society_make(&scope, &order, &society) != STATUS_OK)
        return 1;
    society.month = &society.tally.months[0];
    return 0;
}

static int end(void **state)
{
    (void)state;
    society_end(&society);
    scope_end(&scope);
    return 0;
}

static int64_t differences(enum audit_difference difference)
{
    *society.month = (struct tally_month){.first = TODAY};
    assert_int_equal(audit_month(&society), STATUS_OK);
    assert_true(society.month->compared > 200);
    assert_true(society.month->looked_up > 0);
    return society.month->differ[difference];
}

static void e1_the_store_answers_what_is_counted(void **state)
{
    (void)state;
    assert_int_equal(differences(AUDIT_CARD), 0);
    assert_int_equal(differences(AUDIT_NUMBERS), 0);
}

static void e1_a_registration_that_is_not_in_the_store_is_seen(void **state)
{
    int64_t changed = 0;

    (void)state;
    for (size_t i = 0; i < society.count; i++) {
        struct resident *resident = &society.residents[i];
        if (!means_insured(resident, TODAY) || !means_card_works(resident, TODAY))
            continue;
        resident->registered = false;
        changed++;
    }
    assert_true(changed > 0);
    assert_int_equal(differences(AUDIT_CARD), changed);
}

static void e1_a_membership_that_the_store_already_has_is_seen(void **state)
{
    struct date tomorrow = date_add_days(TODAY, 1);
    int64_t seen = 0;

    (void)state;
    for (size_t i = 0; i < society.count; i++) {
        society.residents[i].enrolment.notified = tomorrow;
        society.residents[i].enrolment.visible = tomorrow;
    }
    seen = differences(AUDIT_NUMBERS);
    assert_int_equal(seen, society.month->compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(e1_the_store_answers_what_is_counted, begin, end),
        cmocka_unit_test_setup_teardown(e1_a_registration_that_is_not_in_the_store_is_seen, begin,
                                        end),
        cmocka_unit_test_setup_teardown(e1_a_membership_that_the_store_already_has_is_seen, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
