/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/registration.h"

/* The example of the specification: E = 2025-05-10, grace to 2025-08-31. */
static struct authentication_certificate certificate_of(int issued, int expires)
{
    return (struct authentication_certificate){.issuer = 1,
                                               .serial = 1,
                                               .not_before = DATE(issued),
                                               .expires = DATE(expires),
                                               .state = CERTIFICATE_CURRENT};
}

static struct registration_decision decide(const struct person *person, int issued, int expires,
                                           enum identity_mode mode, enum registration_way way,
                                           int on)
{
    struct authentication_certificate certificate = certificate_of(issued, expires);

    return registration_decide(person, &certificate, mode, way, DATE(on));
}

static void r1_a_working_certificate_is_registered_by_any_mode_at_a_reader(void **state)
{
    const struct person person = {0};

    (void)state;
    for (int mode = IDENTITY_FACE; mode <= IDENTITY_VISUAL; mode++) {
        struct registration_decision decision = decide(
            &person, 20200420, 20250510, (enum identity_mode)mode, REGISTERED_AT_READER, 20250510);
        assert_true(decision.allowed && !decision.already);
        assert_string_equal(decision.rule->id, "R1.registered");
    }
}

static void r1_the_portal_takes_the_pin_only(void **state)
{
    const struct person person = {0};

    (void)state;
    assert_true(
        decide(&person, 20200420, 20250510, IDENTITY_PIN, REGISTERED_AT_PORTAL, 20250101).allowed);
    for (int mode = IDENTITY_FACE; mode <= IDENTITY_VISUAL; mode += 2) {
        struct registration_decision decision = decide(
            &person, 20200420, 20250510, (enum identity_mode)mode, REGISTERED_AT_PORTAL, 20250101);
        assert_false(decision.allowed);
        assert_int_equal(decision.refusal, CAUSE_REGISTRATION_NEEDS_PIN);
        assert_string_equal(decision.rule->id, "R1.portal_pin");
    }
}

static void r1_k2_k3_none_is_made_in_the_grace_or_after_it(void **state)
{
    const struct {
        int on;
        enum cause refusal;
        const char *rule;
    } rows[] = {
        {20200419, CAUSE_CARD_CERTIFICATE_NOT_YET, "K1.not_yet"},
        {20250511, CAUSE_REGISTRATION_IN_GRACE, "R1.not_in_grace"},
        {20250831, CAUSE_REGISTRATION_IN_GRACE, "R1.not_in_grace"},
        {20250901, CAUSE_CARD_CERTIFICATE_LAPSED, "K3.lapsed"},
    };
    const struct person person = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registration_decision decision =
            decide(&person, 20200420, 20250510, IDENTITY_PIN, REGISTERED_AT_READER, rows[i].on);
        assert_false(decision.allowed);
        assert_int_equal(decision.refusal, rows[i].refusal);
        assert_string_equal(decision.rule->id, rows[i].rule);
    }
}

static void r1_once_is_enough_also_in_the_grace(void **state)
{
    const struct person person = {.registered = DATE(20240101)};
    struct registration_decision decision =
        decide(&person, 20200420, 20250510, IDENTITY_PIN, REGISTERED_AT_READER, 20250601);

    (void)state;
    assert_true(decision.allowed && decision.already);
    assert_string_equal(decision.rule->id, "R1.once");
}

static void r1_self_refusal_blocks_whoever_is_registered_or_not(void **state)
{
    struct person person = {.protection = PROTECTION_SELF_REFUSAL};

    (void)state;
    for (int registered = 0; registered < 2; registered++) {
        struct registration_decision decision =
            decide(&person, 20200420, 20250510, IDENTITY_PIN, REGISTERED_AT_READER, 20250101);
        assert_int_equal(decision.refusal, CAUSE_CARD_USE_REFUSED);
        assert_int_equal(registration_on(&person, DATE(20250101)).state, REGISTRATION_BLOCKED);
        person.registered = DATE(20240101);
    }
    person.protection = PROTECTION_NON_DISCLOSURE;
    assert_true(registration_on(&person, DATE(20250101)).use);
}

static void r1_r2_where_a_person_stands_day_by_day(void **state)
{
    struct person person = {.registered = DATE(20240401), .deregisters = DATE(20250531)};

    (void)state;
    assert_int_equal(registration_on(&person, DATE(20240331)).state, REGISTRATION_NONE);
    assert_int_equal(registration_on(&person, DATE(20240401)).state, REGISTRATION_ENDING);
    assert_int_equal(registration_on(&person, DATE(20250531)).state, REGISTRATION_ENDING);
    assert_int_equal(registration_on(&person, DATE(20250601)).state, REGISTRATION_ENDED);
    assert_string_equal(registration_on(&person, DATE(20250601)).rule->id, "R2.deregistered");
    person.registered = DATE(20250601); /* anew */
    assert_int_equal(registration_on(&person, DATE(20250601)).state, REGISTRATION_HOLDS);
    person = (struct person){0};
    assert_int_equal(registration_on(&person, DATE(20250601)).refusal, CAUSE_CARD_NOT_REGISTERED);
}

static int lapse(int renewed, int since, int on)
{
    const struct authentication_certificate certificates[] = {
        certificate_of(20200420, 20250510),
        certificate_of(renewed, 20300510),
    };

    return registration_lapse(certificates, 2, DATE(since), DATE(on)).yyyymmdd;
}

static void r1_k3_a_renewal_in_time_carries_a_later_one_does_not(void **state)
{
    (void)state;
    assert_int_equal(lapse(20250301, 20240101, 20250301), 0);        /* in the alert */
    assert_int_equal(lapse(20250831, 20240101, 20250831), 0);        /* last day of grace */
    assert_int_equal(lapse(20250901, 20240101, 20250901), 20250831); /* the day after */
    assert_int_equal(lapse(20260101, 20240101, 20260101), 20250831);
    assert_int_equal(lapse(20260101, 20260101, 20260601), 0); /* registered since */
    assert_int_equal(lapse(20260101, 20190101, 20260101), 0); /* nothing is known of that day */
    assert_int_equal(lapse(20250301, 20240101, 20300831), 0);
    assert_int_equal(lapse(20250301, 20240101, 20300901), 20300831);
}

static void r1_each_end_has_its_rule_and_name(void **state)
{
    (void)state;
    assert_string_equal(registration_end_rule(REGISTRATION_RUNS)->id, "R1.not_registered");
    assert_string_equal(registration_end_rule(REGISTRATION_LAPSED)->id, "R1.lapsed");
    assert_string_equal(registration_end_rule(REGISTRATION_RETURNED)->id, "R1.returned");
    assert_string_equal(registration_end_rule(REGISTRATION_DEREGISTERED)->id, "R2.deregistered");
    assert_string_equal(registration_end_name(REGISTRATION_LAPSED), "lapsed");
    assert_string_equal(registration_way_name(REGISTERED_AT_PORTAL), "portal");
    assert_string_equal(registration_state_name(REGISTRATION_ENDING), "ending");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r1_a_working_certificate_is_registered_by_any_mode_at_a_reader),
        cmocka_unit_test(r1_the_portal_takes_the_pin_only),
        cmocka_unit_test(r1_k2_k3_none_is_made_in_the_grace_or_after_it),
        cmocka_unit_test(r1_once_is_enough_also_in_the_grace),
        cmocka_unit_test(r1_self_refusal_blocks_whoever_is_registered_or_not),
        cmocka_unit_test(r1_r2_where_a_person_stands_day_by_day),
        cmocka_unit_test(r1_k3_a_renewal_in_time_carries_a_later_one_does_not),
        cmocka_unit_test(r1_each_end_has_its_rule_and_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
