/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/invitation.h"

#define OPEN 99991231
#define SOCIETY "06139992"
#define CITY "139998"
#define DAY_LABOUR "03139995"

struct row {
    const char *insurer;
    int from, until;
    enum loss_reason reason;
};

static struct coverage coverages[4];

/* The month, seen on a day; 0: not to be asked. registered: of the loss of the first row, or 0. */
static int due(const struct row *rows, int birth, int on, int registered)
{
    const struct coverage_loss loss = {1, 0, instant_noon(DATE(registered))};
    struct person person = {.person_id = 1, .birth = DATE(birth), .coverages = coverages};
    const struct invitation_facts facts = {
        .person = &person, .losses = &loss, .loss_count = registered ? 1 : 0, .on = DATE(on)};
    struct invitation invitation;

    for (; rows[person.coverage_count].insurer; person.coverage_count++) {
        const struct row *row = &rows[person.coverage_count];
        struct coverage coverage = {
            .coverage_id = (int64_t)person.coverage_count,
            .from = DATE(row->from),
            .until = DATE(row->until),
            .loss_reason = row->reason ? row->reason : LOSS_OTHER,
        };
        strncpy(coverage.insurer.digits, row->insurer, sizeof coverage.insurer.digits - 1);
        coverages[person.coverage_count] = coverage;
    }
    return invitation_due(&facts, &invitation) ? invitation.month.yyyymmdd : 0;
}

#define BORN 19800203

/* Lost on a day, nothing since. */
static int lost(int until, enum loss_reason reason)
{
    const struct row rows[] = {{SOCIETY, 20200401, until, reason}, {0}};

    return due(rows, BORN, 20261201, 0);
}

static void d4_the_third_month_after_that_of_the_loss(void **state)
{
    (void)state;
    assert_int_equal(lost(20260731, LOSS_OTHER), 20261001);
    assert_int_equal(lost(20260801, LOSS_OTHER), 20261101); /* the month's first day */
    assert_int_equal(lost(20260831, LOSS_OTHER), 20261101); /* and its last */
    assert_int_equal(lost(20260901, LOSS_OTHER), 20261201);
    assert_int_equal(lost(20261130, LOSS_OTHER), 20270201); /* lies ahead */
    assert_int_equal(lost(OPEN, LOSS_OTHER), 0);
    /* lost only from the next day on, today, and yesterday */
    assert_int_equal(lost(20261202, LOSS_OTHER), 0);
    assert_int_equal(lost(20261201, LOSS_OTHER), 20270301);
    assert_int_equal(lost(20261130, LOSS_OTHER_INSURANCE), 20270201); /* told, but not registered */
}

static void d4_a_loss_that_was_registered_late_is_told_in_that_month(void **state)
{
    const struct row rows[] = {{SOCIETY, 20200401, 20260831, LOSS_OTHER}, {0}};

    (void)state;
    assert_int_equal(due(rows, BORN, 20261201, 20260910), 20261101);
    assert_int_equal(due(rows, BORN, 20261201, 20261031), 20261101);
    assert_int_equal(due(rows, BORN, 20261201, 20261130), 20261101);
    assert_int_equal(due(rows, BORN, 20270101, 20261201), 20261201);
    assert_int_equal(due(rows, BORN, 20270401, 20270315), 20270301);
}

static void d4_whoever_has_a_new_coverage_is_not_asked(void **state)
{
    const struct row covered[] = {
        {SOCIETY, 20200401, 20260831, LOSS_OTHER}, {CITY, 20261201, OPEN, LOSS_NONE}, {0}};
    const struct row to_come[] = {
        {SOCIETY, 20200401, 20260831, LOSS_OTHER}, {CITY, 20261202, OPEN, LOSS_NONE}, {0}};
    const struct row day_labourer[] = {
        {SOCIETY, 20200401, 20260831, LOSS_OTHER}, {DAY_LABOUR, 20260901, OPEN, LOSS_NONE}, {0}};
    const struct row cancelled[] = {
        {SOCIETY, 20200401, 20260831, LOSS_OTHER}, {CITY, 20261001, 20261001, LOSS_OTHER}, {0}};
    const struct row again_lost[] = {
        {SOCIETY, 20200401, 20260831, LOSS_OTHER}, {CITY, 20260831, 20261005, LOSS_OTHER}, {0}};
    const struct row never[] = {{0}};

    (void)state;
    assert_int_equal(due(covered, BORN, 20261201, 0), 0);
    assert_int_equal(due(to_come, BORN, 20261201, 0), 0);
    assert_int_equal(due(day_labourer, BORN, 20261201, 0), 0);
    assert_int_equal(due(cancelled, BORN, 20261201, 0), 20261101);
    assert_int_equal(due(again_lost, BORN, 20261201, 0), 20270101); /* counted from the last */
    assert_int_equal(due(never, BORN, 20261201, 0), 0);
}

static void d4_the_dead_public_assistance_and_the_late_elderly_are_not_asked(void **state)
{
    const struct row rows[] = {{SOCIETY, 20200401, 20260831, LOSS_OTHER}, {0}};
    const struct row assisted_before[] = {{CITY, 20180401, 20200401, LOSS_PUBLIC_ASSISTANCE},
                                          {SOCIETY, 20200401, 20260831, LOSS_OTHER},
                                          {0}};

    (void)state;
    assert_int_equal(lost(20260831, LOSS_DEATH), 0);
    assert_int_equal(lost(20260831, LOSS_PUBLIC_ASSISTANCE), 0);
    assert_int_equal(due(assisted_before, BORN, 20261201, 0), 20261101);
    assert_int_equal(due(rows, 19511202, 20261201, 0), 20261101); /* 75 on the next day */
    assert_int_equal(due(rows, 19511201, 20261201, 0), 0);        /* on the day */
    assert_int_equal(due(rows, 19511130, 20261201, 0), 0);
}

static void d4_no_city_is_told_of_the_protected_nor_where_the_residence_is_in_doubt(void **state)
{
    const struct person plain = {0};
    const struct person refused = {.protection = PROTECTION_SELF_REFUSAL};
    const struct person hidden = {.protection = PROTECTION_NON_DISCLOSURE,
                                  .register_difference = 3};

    (void)state;
    assert_int_equal(invitation_way_of(&plain, false, true), INVITATION_BY_CITY);
    assert_int_equal(invitation_way_of(&plain, false, false), INVITATION_NO_CITY);
    assert_int_equal(invitation_way_of(&plain, true, true), INVITATION_DOUBTFUL);
    assert_int_equal(invitation_way_of(&refused, false, true), INVITATION_PROTECTED);
    assert_int_equal(invitation_way_of(&hidden, false, true), INVITATION_PROTECTED);
    for (int class = 1; class <= 3; class ++) {
        const struct person differs = {.register_difference = class};
        assert_int_equal(invitation_way_of(&differs, false, true), INVITATION_DOUBTFUL);
    }
    /* the former insurer is not told which of the reasons it is */
    assert_ptr_equal(invitation_rule(INVITATION_PROTECTED), invitation_rule(INVITATION_NO_CITY));
    assert_ptr_equal(invitation_rule(INVITATION_DOUBTFUL), invitation_rule(INVITATION_NO_CITY));
    assert_string_equal(invitation_rule(INVITATION_BY_CITY)->id, "D4.invite");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(d4_the_third_month_after_that_of_the_loss),
        cmocka_unit_test(d4_a_loss_that_was_registered_late_is_told_in_that_month),
        cmocka_unit_test(d4_whoever_has_a_new_coverage_is_not_asked),
        cmocka_unit_test(d4_the_dead_public_assistance_and_the_late_elderly_are_not_asked),
        cmocka_unit_test(d4_no_city_is_told_of_the_protected_nor_where_the_residence_is_in_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
