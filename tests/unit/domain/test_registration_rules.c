/* SPDX-License-Identifier: Apache-2.0
 *
 * What a registration must satisfy: each rule on the day before, on the day, on the day after.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/registration_rules.h"

#define SOCIETY ((struct insurer_number){"06139992"})
#define CITY ((struct insurer_number){"139998"})
#define ELDERLY ((struct insurer_number){"39139991"})
#define SELF_DEFENCE ((struct insurer_number){"07139999"})

static struct coverage coverage(int64_t id, struct insurer_number insurer, int from, int until)
{
    return (struct coverage){.coverage_id = id,
                             .insurer = insurer,
                             .from = DATE(from),
                             .until = DATE(until),
                             .loss_reason = until == 99991231 ? LOSS_NONE : LOSS_OTHER,
                             .kind = KIND_GENERAL};
}

static void e1_birth_acquisition_and_loss_stand_in_this_order(void **state)
{
    const struct person person = {.birth = DATE(20200401)};
    struct coverage candidate = coverage(1, SOCIETY, 20200331, 99991231);

    (void)state;
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_BIRTH_AFTER);
    candidate.from = DATE(20200401);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    candidate = coverage(1, SOCIETY, 20200402, 20200401);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_LOSS_BEFORE);
    candidate.until = DATE(20200402);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
}

static void e1_a_loss_has_its_reason(void **state)
{
    const struct person person = {.birth = DATE(20000401)};
    struct coverage candidate = coverage(1, SOCIETY, 20200401, 20210401);

    (void)state;
    candidate.loss_reason = LOSS_NONE;
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_REASON);
    candidate = coverage(1, SOCIETY, 20200401, 99991231);
    candidate.loss_reason = LOSS_DEATH;
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_REASON);
}

static void e1_coverages_of_one_insurer_do_not_overlap(void **state)
{
    const struct coverage held[] = {coverage(1, SOCIETY, 20200401, 20210401)};
    const struct person person = {.birth = DATE(19900101), .coverages = held, .coverage_count = 1};
    struct coverage candidate = coverage(2, SOCIETY, 20210331, 99991231);

    (void)state;
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_OVERLAP);
    candidate.from = DATE(20210401);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    candidate = coverage(2, SOCIETY, 20190401, 20200402);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_OVERLAP);
    candidate.until = DATE(20200401);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    candidate = coverage(1, SOCIETY, 20200501, 99991231); /* the same one, changed */
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    candidate = coverage(2, CITY, 20210331, 99991231);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    assert_true(rules_two_insurers(&person, &candidate));
    candidate.from = DATE(20210401);
    assert_false(rules_two_insurers(&person, &candidate));
}

static void e9_self_defence_members_from_the_reform_on(void **state)
{
    const struct person person = {.birth = DATE(19900101)};
    struct coverage candidate = coverage(1, SELF_DEFENCE, 20100401, 20241202);

    (void)state;
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_ROW_SELF_DEFENCE);
    candidate.until = DATE(20241203);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
    candidate = coverage(1, SELF_DEFENCE, 20100401, 99991231);
    assert_int_equal(rules_coverage(&person, &candidate), CAUSE_NONE);
}

static void e4_a_share_fits_the_age(void **state)
{
    struct elderly_certificate elderly = {
        .valid_from = DATE(20261201), .valid_until = DATE(20270731), .share = 20};
    struct coverage candidate = coverage(1, CITY, 20200401, 99991231);

    (void)state;
    /* born on 2 December 1956: 70 at the end of 1 December 2026, so from January 2027 on */
    assert_int_equal(rules_elderly(DATE(19561202), &elderly), CAUSE_ROW_SHARE_AGE);
    assert_int_equal(rules_elderly(DATE(19561201), &elderly), CAUSE_NONE); /* born on the first */
    elderly.share = 30;
    assert_int_equal(rules_elderly(DATE(19561201), &elderly), CAUSE_NONE);
    elderly.share = 10;
    assert_int_equal(rules_elderly(DATE(19561201), &elderly), CAUSE_ROW_SHARE_AGE);
    elderly.share = 20;
    assert_int_equal(rules_elderly(DATE(19511202), &elderly), CAUSE_NONE); /* 75 a day later */
    assert_int_equal(rules_elderly(DATE(19511201), &elderly), CAUSE_ROW_SHARE_AGE);
    elderly.valid_until = DATE(20261130);
    assert_int_equal(rules_elderly(DATE(19561201), &elderly), CAUSE_ROW_PERIOD);

    candidate.valid_from = DATE(20261201);
    candidate.share = 10;
    assert_int_equal(rules_certificate(DATE(19511201), &candidate), CAUSE_NONE);
    assert_int_equal(rules_certificate(DATE(19511202), &candidate), CAUSE_ROW_SHARE_AGE);
    candidate.insurer = ELDERLY; /* 65 and disabled */
    assert_int_equal(rules_certificate(DATE(19611202), &candidate), CAUSE_NONE);
    candidate.share = 0;
    assert_int_equal(rules_certificate(DATE(20001202), &candidate), CAUSE_NONE);
}

static enum cause limit(int birth, struct insurer_number insurer, const char *category)
{
    struct limit_certificate limit = {
        .kind = 1, .valid_from = DATE(20261201), .valid_until = DATE(20270731)};

    for (size_t i = 0; i < 3; i++)
        limit.category[i] = category[i];
    return rules_limit(DATE(birth), insurer, &limit);
}

static void e4_a_ceiling_class_fits_the_age(void **state)
{
    (void)state;
    assert_int_equal(limit(19561202, CITY, "A01"), CAUSE_NONE); /* 69 */
    assert_int_equal(limit(19561202, CITY, "A06"), CAUSE_NONE);
    assert_int_equal(limit(19561202, CITY, "B01"), CAUSE_ROW_CLASS_AGE);
    assert_int_equal(limit(19561201, CITY, "B01"), CAUSE_NONE); /* 70 */
    assert_int_equal(limit(19561201, CITY, "B04"), CAUSE_NONE);
    assert_int_equal(limit(19561201, CITY, "B06"), CAUSE_NONE);
    assert_int_equal(limit(19561201, CITY, "B07"), CAUSE_ROW_CLASS_AGE);
    assert_int_equal(limit(19561201, CITY, "A05"), CAUSE_ROW_CLASS_AGE);
    assert_int_equal(limit(19511202, CITY, "B04"), CAUSE_NONE);          /* 74 */
    assert_int_equal(limit(19511201, CITY, "B04"), CAUSE_ROW_CLASS_AGE); /* 75 */
    assert_int_equal(limit(19511201, CITY, "B10"), CAUSE_NONE);
    assert_int_equal(limit(19611201, ELDERLY, "B09"), CAUSE_NONE);
    assert_int_equal(limit(19611201, ELDERLY, "A03"), CAUSE_ROW_CLASS_AGE);
}

static void e5_a_void_kind_is_passed_through_with_a_warning(void **state)
{
    struct coverage candidate = coverage(1, CITY, 20200401, 99991231);

    (void)state;
    for (int kind = KIND_GENERAL; kind <= KIND_SHORT_TERM_RETIRED; kind++) {
        candidate.kind = (enum certificate_kind)kind;
        candidate.issued = DATE(20241201);
        assert_int_equal(rules_kind(&candidate), CAUSE_NONE);
        candidate.issued = DATE(20241202);
        assert_int_equal(rules_kind(&candidate), CAUSE_WARN_VOID_KIND);
    }
    candidate.kind = KIND_SPECIAL_EXPENSE;
    assert_int_equal(rules_kind(&candidate), CAUSE_NONE);
    candidate.kind = KIND_SELF_DEFENCE;
    assert_int_equal(rules_kind(&candidate), CAUSE_NONE);
}

static void e5_one_certificate_follows_the_other(void **state)
{
    (void)state;
    assert_true(rules_follows(DATE_NONE, DATE(20260801)));
    assert_true(rules_follows(DATE(20260731), DATE(20260801)));
    assert_false(rules_follows(DATE(20260730), DATE(20260801)));
    assert_false(rules_follows(DATE(20260801), DATE(20260801)));
    assert_false(rules_follows(DATE_NEVER, DATE(20260801)));
}

static void e1_branches_and_widths_are_warned_of(void **state)
{
    (void)state;
    assert_int_equal(rules_branch(""), CAUSE_NONE);
    assert_int_equal(rules_branch("09"), CAUSE_NONE);
    assert_int_equal(rules_branch("10"), CAUSE_WARN_BRANCH);
    assert_int_equal(rules_width(TEXT("")), CAUSE_NONE);
    assert_int_equal(rules_width(TEXT("12-ｱ")), CAUSE_NONE);
    assert_int_equal(rules_width(TEXT("架１２")), CAUSE_NONE);
    assert_int_equal(rules_width(TEXT("架12")), CAUSE_WARN_WIDTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_birth_acquisition_and_loss_stand_in_this_order),
        cmocka_unit_test(e1_a_loss_has_its_reason),
        cmocka_unit_test(e1_coverages_of_one_insurer_do_not_overlap),
        cmocka_unit_test(e9_self_defence_members_from_the_reform_on),
        cmocka_unit_test(e4_a_share_fits_the_age),
        cmocka_unit_test(e4_a_ceiling_class_fits_the_age),
        cmocka_unit_test(e5_a_void_kind_is_passed_through_with_a_warning),
        cmocka_unit_test(e5_one_certificate_follows_the_other),
        cmocka_unit_test(e1_branches_and_widths_are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
