/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "simulation/means.h"

/* Insured by an employer long ago, with a registered card to 10 May 2026. */
static struct resident someone(void)
{
    return (struct resident){
        .alive = true,
        .birth = DATE(19840510),
        .enrolment = {.id = 1,
                      .insurance = INSURANCE_EMPLOYEE,
                      .enrolled = DATE(20150401),
                      .visible = DATE(20150401),
                      .allowed = DATE(20150411)},
        .card = true,
        .registered = true,
        .expires = DATE(20260510),
    };
}

static void hold(struct resident *resident, enum paper kind, int from, int until)
{
    resident->papers[resident->paper_count++] = (struct held_paper){
        .kind = kind,
        .enrolment = resident->enrolment.id,
        .in_hand = DATE(from),
        .valid_from = DATE(from),
        .valid_until = DATE(until),
    };
}

static enum means means_on(const struct resident *resident, int day)
{
    struct resident copy = *resident;

    return means_count(&copy, DATE(day)).means;
}

static void k1_k2_k3_the_card_holds_to_the_end_of_the_third_month_after_its_expiry(void **state)
{
    struct resident resident = someone();

    (void)state;
    assert_int_equal(means_on(&resident, 20260209), MEANS_CARD); /* before the warning */
    assert_int_equal(means_on(&resident, 20260510), MEANS_CARD);
    assert_int_equal(means_on(&resident, 20260511), MEANS_CARD); /* grace */
    assert_int_equal(means_on(&resident, 20260831), MEANS_CARD);
    assert_int_equal(means_on(&resident, 20260901), MEANS_NONE);
    resident.expires = DATE(20241115); /* before the grace there was none */
    assert_int_equal(means_on(&resident, 20241115), MEANS_CARD);
    assert_int_equal(means_on(&resident, 20241116), MEANS_NONE);
    assert_int_equal(means_on(&resident, 20241202), MEANS_CARD);
}

static void r1_a_card_without_registration_or_under_refusal_is_none(void **state)
{
    struct resident resident = someone();

    (void)state;
    resident.registered = false;
    assert_int_equal(means_on(&resident, 20260101), MEANS_NONE);
    resident = someone();
    resident.card = false;
    assert_int_equal(means_on(&resident, 20260101), MEANS_NONE);
    resident = someone();
    resident.protected_since = DATE(20251201);
    assert_int_equal(means_on(&resident, 20260101), MEANS_NONE);
}

static void d1_papers_count_in_hand_and_between_their_days(void **state)
{
    struct resident resident = someone();

    (void)state;
    resident.card = false;
    hold(&resident, PAPER_OLD_CARD, 20240401, 20260331); /* whatever is printed on it */
    assert_int_equal(means_on(&resident, 20251201), MEANS_OLD_CARD);
    assert_int_equal(means_on(&resident, 20251202), MEANS_NONE);
    hold(&resident, PAPER_ELIGIBILITY_CERTIFICATE, 20251202, 20251231);
    assert_int_equal(means_on(&resident, 20251201), MEANS_OLD_CARD);
    assert_int_equal(means_on(&resident, 20251202), MEANS_CERTIFICATE);
    assert_int_equal(means_on(&resident, 20251231), MEANS_CERTIFICATE);
    assert_int_equal(means_on(&resident, 20260101), MEANS_NONE);
    resident.papers[1].in_hand = DATE(20251205); /* in the post until then */
    assert_int_equal(means_on(&resident, 20251204), MEANS_NONE);
    assert_int_equal(means_on(&resident, 20251205), MEANS_CERTIFICATE);
    resident.papers[1].enrolment = 0; /* of a former insurer */
    assert_int_equal(means_on(&resident, 20251205), MEANS_NONE);
}

static void d2_a_notice_alone_is_no_means(void **state)
{
    struct resident resident = someone();

    (void)state;
    hold(&resident, PAPER_ELIGIBILITY_NOTICE, 20250401, 99991231);
    assert_int_equal(means_on(&resident, 20260101), MEANS_CARD); /* with the card */
    resident.card = false;
    assert_int_equal(means_on(&resident, 20260101), MEANS_NONE);
}

static void d4_pending_and_waiting_are_told_apart_and_end_on_their_day(void **state)
{
    struct resident resident = someone();

    (void)state;
    resident.enrolment.enrolled = DATE(20260401);
    resident.enrolment.visible = DATE(20260411);
    resident.enrolment.allowed = DATE(20260411);
    assert_int_equal(means_on(&resident, 20260410), MEANS_PENDING);
    assert_int_equal(means_on(&resident, 20260411), MEANS_CARD); /* the check finds it */
    resident.card = false;
    assert_int_equal(means_on(&resident, 20260410), MEANS_PENDING);
    assert_int_equal(means_on(&resident, 20260411), MEANS_NONE);
    resident = someone();
    resident.card = false;
    resident.gone = GONE_CARD_LOST;
    resident.gone_since = DATE(20260301);
    assert_int_equal(means_on(&resident, 20260301), MEANS_WAITING);
    assert_int_equal(means_on(&resident, 20260307), MEANS_WAITING);
    assert_int_equal(means_on(&resident, 20260308), MEANS_NONE);
}

static void d4_the_reason_is_what_was_held_before(void **state)
{
    struct resident resident = someone();

    (void)state;
    assert_int_equal(means_count(&resident, DATE(20260831)).means, MEANS_CARD);
    assert_int_equal(means_count(&resident, DATE(20260901)).reason, REASON_CERTIFICATE_LAPSED);
    resident.request_done = true;
    assert_int_equal(means_count(&resident, DATE(20260902)).reason, REASON_DEREGISTERED);
    resident = someone();
    resident.card = false;
    hold(&resident, PAPER_ELIGIBILITY_CERTIFICATE, 20251202, 20251231);
    (void)means_count(&resident, DATE(20251231));
    assert_int_equal(means_count(&resident, DATE(20260101)).reason, REASON_PAPER_ENDED);
}

static void d1_two_of_the_same_are_two_that_hold_on_one_day(void **state)
{
    struct resident resident = someone();

    (void)state;
    hold(&resident, PAPER_ELIGIBILITY_CERTIFICATE, 20250801, 20260731);
    hold(&resident, PAPER_ELIGIBILITY_CERTIFICATE, 20260801, 20270731); /* the next, in hand */
    resident.papers[1].in_hand = DATE(20260710);
    assert_false(means_count(&resident, DATE(20260731)).double_certificate);
    assert_false(means_count(&resident, DATE(20260801)).double_certificate);
    resident.papers[1].valid_from = DATE(20260731);
    assert_true(means_count(&resident, DATE(20260731)).double_certificate);
    assert_false(means_count(&resident, DATE(20260731)).double_notice);
    hold(&resident, PAPER_ELIGIBILITY_NOTICE, 20250401, 99991231);
    assert_false(means_count(&resident, DATE(20260731)).double_notice);
    hold(&resident, PAPER_ELIGIBILITY_NOTICE, 20260401, 99991231);
    assert_true(means_count(&resident, DATE(20260731)).double_notice);
}

static void e9_who_is_outside_is_not_counted(void **state)
{
    struct resident resident = someone();

    (void)state;
    resident.card = false;
    resident.enrolment.insurance = INSURANCE_DAY_LABOURER;
    assert_int_equal(means_on(&resident, 20260101), MEANS_NOT_INSURED);
    resident.enrolment.insurance = INSURANCE_ASSISTANCE;
    assert_int_equal(means_on(&resident, 20260101), MEANS_NOT_INSURED);
    resident.enrolment.insurance = INSURANCE_SDF;
    assert_int_equal(means_on(&resident, 20241201), MEANS_NOT_INSURED);
    assert_int_equal(means_on(&resident, 20241202), MEANS_NONE);
    resident.alive = false;
    assert_int_equal(means_on(&resident, 20241202), MEANS_NOT_INSURED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_k2_k3_the_card_holds_to_the_end_of_the_third_month_after_its_expiry),
        cmocka_unit_test(r1_a_card_without_registration_or_under_refusal_is_none),
        cmocka_unit_test(d1_papers_count_in_hand_and_between_their_days),
        cmocka_unit_test(d2_a_notice_alone_is_no_means),
        cmocka_unit_test(d4_pending_and_waiting_are_told_apart_and_end_on_their_day),
        cmocka_unit_test(d4_the_reason_is_what_was_held_before),
        cmocka_unit_test(d1_two_of_the_same_are_two_that_hold_on_one_day),
        cmocka_unit_test(e9_who_is_outside_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
