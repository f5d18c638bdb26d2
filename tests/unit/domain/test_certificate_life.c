/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/certificate_life.h"
#include "domain/rule.h"

/* The example of the specification: E = 2025-05-10, grace to 2025-08-31. */
static struct authentication_certificate example(void)
{
    return (struct authentication_certificate){
        .issuer = 1,
        .serial = 1,
        .not_before = DATE(20200420),
        .expires = DATE(20250510),
        .state = CERTIFICATE_CURRENT,
    };
}

static enum certificate_phase phase(const struct authentication_certificate *certificate,
                                    int yyyymmdd)
{
    return certificate_life_on(certificate, DATE(yyyymmdd)).phase;
}

static void k1_is_valid_until_three_months_before_expiry(void **state)
{
    struct authentication_certificate certificate = example();
    struct certificate_life life = certificate_life_on(&certificate, DATE(20250210));

    (void)state;
    assert_int_equal(life.phase, PHASE_VALID);
    assert_true(life.check && life.medical);
    assert_int_equal(life.cause, CAUSE_NONE);
    assert_string_equal(life.rule, "K1.valid");
    assert_int_equal(life.alert_from.yyyymmdd, 20250211);
    assert_int_equal(life.grace_ends.yyyymmdd, 20250831);
    assert_int_equal(phase(&certificate, 20200420), PHASE_VALID);
    assert_int_equal(phase(&certificate, 20200419), PHASE_NOT_YET);
    assert_int_equal(phase(&certificate, 20250211), PHASE_ALERT);
}

static void k1_warns_from_then_to_expiry(void **state)
{
    struct authentication_certificate certificate = example();
    struct certificate_life life = certificate_life_on(&certificate, DATE(20250510));

    (void)state;
    assert_int_equal(life.phase, PHASE_ALERT);
    assert_true(life.check && life.medical);
    assert_int_equal(life.cause, CAUSE_REMARK_CERTIFICATE_ALERT);
    assert_string_equal(life.rule, "K1.alert");
}

static void k2_answers_eligibility_only_to_the_end_of_the_third_month(void **state)
{
    struct authentication_certificate certificate = example();
    struct certificate_life life = certificate_life_on(&certificate, DATE(20250511));

    (void)state;
    assert_int_equal(life.phase, PHASE_GRACE);
    assert_true(life.check);
    assert_false(life.medical);
    assert_int_equal(life.cause, CAUSE_REMARK_CERTIFICATE_GRACE);
    assert_string_equal(life.rule, "K2.grace");
    assert_int_equal(phase(&certificate, 20250831), PHASE_GRACE);
    assert_int_equal(phase(&certificate, 20250901), PHASE_LAPSED);
}

static void k3_a_lapsed_certificate_checks_nothing(void **state)
{
    struct authentication_certificate certificate = example();
    struct certificate_life life = certificate_life_on(&certificate, DATE(20250901));

    (void)state;
    assert_false(life.check || life.medical);
    assert_int_equal(life.cause, CAUSE_CARD_CERTIFICATE_LAPSED);
    assert_string_equal(life.rule, "K3.lapsed");
}

static void k2_there_is_no_grace_before_the_reform(void **state)
{
    struct authentication_certificate certificate = example();

    (void)state;
    certificate.expires = DATE(20241015);
    assert_int_equal(phase(&certificate, 20241015), PHASE_ALERT);
    assert_int_equal(phase(&certificate, 20241016), PHASE_LAPSED);
    assert_int_equal(phase(&certificate, 20241201), PHASE_LAPSED);
    assert_int_equal(phase(&certificate, 20241202), PHASE_GRACE);
    assert_int_equal(phase(&certificate, 20250131), PHASE_GRACE);
    assert_int_equal(phase(&certificate, 20250201), PHASE_LAPSED);
}

static void k2_phones_have_no_grace(void **state)
{
    struct authentication_certificate certificate = example();

    (void)state;
    certificate.phone = true;
    assert_int_equal(phase(&certificate, 20250510), PHASE_ALERT);
    assert_int_equal(phase(&certificate, 20250511), PHASE_LAPSED);
    assert_int_equal(certificate_life_on(&certificate, DATE(20250511)).grace_ends.yyyymmdd,
                     20250510);
}

static void k1_the_issuers_word_goes_before_the_calendar(void **state)
{
    struct authentication_certificate certificate = example();

    (void)state;
    certificate.state = CERTIFICATE_REVOKED;
    assert_int_equal(phase(&certificate, 20210101), PHASE_REVOKED);
    assert_int_equal(phase(&certificate, 20250601), PHASE_REVOKED);
    assert_int_equal(certificate_life_on(&certificate, DATE(20210101)).cause,
                     CAUSE_CARD_CERTIFICATE_REVOKED);
    certificate.state = CERTIFICATE_SUPERSEDED;
    assert_int_equal(phase(&certificate, 20210101), PHASE_SUPERSEDED);
    assert_false(certificate_life_on(&certificate, DATE(20210101)).check);
}

static void k3_a_certificate_without_an_end_is_lapsed(void **state)
{
    struct authentication_certificate certificate = example();

    (void)state;
    certificate.expires = DATE_NONE;
    assert_int_equal(phase(&certificate, 20210101), PHASE_LAPSED);
    certificate.expires = DATE(20250230);
    assert_int_equal(phase(&certificate, 20210101), PHASE_LAPSED);
    certificate.expires = DATE_NEVER;
    assert_int_equal(phase(&certificate, 20210101), PHASE_VALID);
}

static void every_phase_has_a_name_and_a_rule(void **state)
{
    struct authentication_certificate certificate = example();

    (void)state;
    for (int i = PHASE_VALID; i <= PHASE_NOT_YET; i++)
        assert_true(*certificate_phase_name((enum certificate_phase)i));
    assert_string_equal(certificate_phase_name(PHASE_GRACE), "grace");
    assert_non_null(rule_find(certificate_life_on(&certificate, DATE(20190101)).rule));
}

static void k1_a_certificate_ends_on_the_earliest_of_its_days(void **state)
{
    const struct date birth = DATE(19850502);

    (void)state;
    /* the two that are published: issued 2019-07-26, 2025-10-27 */
    assert_int_equal(certificate_expiry(birth, DATE(20190726), false, DATE_NEVER).yyyymmdd,
                     20240502);
    assert_int_equal(certificate_expiry(DATE(19900217), DATE(20251027), false, DATE_NEVER).yyyymmdd,
                     20300217);
    /* renewed in its last months: the sixth birthday */
    assert_int_equal(certificate_expiry(birth, DATE(20240301), true, DATE_NEVER).yyyymmdd,
                     20290502);
    /* issued on the birthday itself, and the day before */
    assert_int_equal(certificate_expiry(birth, DATE(20240502), false, DATE_NEVER).yyyymmdd,
                     20290502);
    assert_int_equal(certificate_expiry(birth, DATE(20240501), false, DATE_NEVER).yyyymmdd,
                     20280502);
    /* cut to the card's end */
    assert_int_equal(certificate_expiry(birth, DATE(20240502), false, DATE(20280101)).yyyymmdd,
                     20280101);
    assert_int_equal(card_expiry(birth, DATE(20190726)).yyyymmdd, 20290502);
    assert_int_equal(card_expiry(DATE(20080401), DATE(20260331)).yyyymmdd, 20300401); /* 17 */
    assert_int_equal(card_expiry(DATE(20080401), DATE(20260401)).yyyymmdd, 20360401); /* 18 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_is_valid_until_three_months_before_expiry),
        cmocka_unit_test(k1_warns_from_then_to_expiry),
        cmocka_unit_test(k2_answers_eligibility_only_to_the_end_of_the_third_month),
        cmocka_unit_test(k3_a_lapsed_certificate_checks_nothing),
        cmocka_unit_test(k2_there_is_no_grace_before_the_reform),
        cmocka_unit_test(k2_phones_have_no_grace),
        cmocka_unit_test(k1_the_issuers_word_goes_before_the_calendar),
        cmocka_unit_test(k3_a_certificate_without_an_end_is_lapsed),
        cmocka_unit_test(every_phase_has_a_name_and_a_rule),
        cmocka_unit_test(k1_a_certificate_ends_on_the_earliest_of_its_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
