/* SPDX-License-Identifier: Apache-2.0
 *
 * D1: what an insurer decides for itself, within the law, and what follows from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/document_days.h"
#include "domain/insurer_policy.h"

static const struct insurer_number society = {"06139992"}, town = {"138016"}, late = {"39139993"};

static struct insurer_policy policy_of(struct insurer_number insurer, int from)
{
    struct insurer_policy policy = insurer_policy_default(insurance_of(insurer, KIND_GENERAL));

    policy.insurer = insurer;
    policy.valid_from = DATE(from);
    return policy;
}

static void d1_settings_hold_from_their_day_to_the_day_before_the_next(void **state)
{
    const struct insurer_policy rows[] = {policy_of(society, 20260401),
                                          policy_of(society, 20270401), policy_of(town, 20260701)};
    const struct insurer_policies policies = {rows, 3};

    (void)state;
    assert_null(insurer_policy_on(&policies, society, DATE(20260331)));
    assert_ptr_equal(insurer_policy_on(&policies, society, DATE(20260401)), &rows[0]);
    assert_ptr_equal(insurer_policy_on(&policies, society, DATE(20270331)), &rows[0]);
    assert_ptr_equal(insurer_policy_on(&policies, society, DATE(20270401)), &rows[1]);
    assert_null(insurer_policy_on(&policies, town, DATE(20260630)));
    assert_ptr_equal(insurer_policy_on(&policies, town, DATE(20990101)), &rows[2]);
    assert_null(insurer_policy_on(&policies, late, DATE(20990101)));
}

/* One setting each, and whether the law allows it. */
static const struct {
    const char *insurer;
    int from, years, expiry, uses_12, uses_3, month;
    bool allowed;
} settings[] = {
    {"06139992", 20241202, 5, 1, 6, 1, 5, true},  {"06139992", 20241201, 5, 1, 6, 1, 5, false},
    {"06139992", 20260401, 1, 3, 1, 0, 3, true},  {"06139992", 20260401, 6, 1, 6, 1, 5, false},
    {"06139992", 20260401, 0, 1, 6, 6, 6, true},  {"06139992", 20260401, -1, 1, 6, 1, 5, false},
    {"138016", 20260401, 2, 1, 366, 1, 5, true},  {"138016", 20260401, 0, 0, 6, 1, 5, false},
    {"138016", 20260401, 0, 4, 6, 1, 5, false},   {"39139993", 20260401, 0, 1, 6, 1, 5, true},
    {"39139993", 20260401, 1, 1, 6, 1, 5, false}, {"39139993", 20260401, 0, 1, 0, 0, 5, false},
    {"39139993", 20260401, 0, 1, 6, 7, 5, false}, {"39139993", 20260401, 0, 1, 367, 1, 5, false},
    {"39139993", 20260401, 0, 1, 6, 1, 2, false}, {"39139993", 20260401, 0, 1, 6, 1, 7, false},
};

static void d1_what_the_law_does_not_allow_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct insurer_policy policy = {.valid_from = DATE(settings[i].from),
                                        .certificate_years = settings[i].years,
                                        .expiry_months = settings[i].expiry,
                                        .uses_12_months = settings[i].uses_12,
                                        .uses_3_months = settings[i].uses_3,
                                        .uses_month = settings[i].month};
        memcpy(policy.insurer.digits, settings[i].insurer, strlen(settings[i].insurer));
        if ((insurer_policy_fault(&policy) == NULL) != settings[i].allowed)
            fail_msg("settings %zu", i);
    }
}

static void d1_the_insurer_says_how_long_a_certificate_holds(void **state)
{
    const struct date birth = DATE(19840203);
    const struct date from = DATE(20260401);

    (void)state;
    assert_int_equal(document_certificate_ends(INSURANCE_EMPLOYEE, 5, birth, from).yyyymmdd,
                     20310331);
    assert_int_equal(document_certificate_ends(INSURANCE_EMPLOYEE, 1, birth, from).yyyymmdd,
                     20270331);
    assert_int_equal(document_certificate_ends(INSURANCE_EMPLOYEE, 0, birth, from).yyyymmdd,
                     20260731);
    assert_int_equal(document_certificate_ends(INSURANCE_COMMUNITY, 2, birth, from).yyyymmdd,
                     20280331);
    /* 70 on 2027-02-10: the share of March on is not on it; from 70 on, each August */
    assert_int_equal(
        document_certificate_ends(INSURANCE_COMMUNITY, 5, DATE(19570210), from).yyyymmdd, 20270228);
    assert_int_equal(
        document_certificate_ends(INSURANCE_COMMUNITY, 5, DATE(19550210), from).yyyymmdd, 20260731);
    assert_int_equal(
        document_certificate_ends(INSURANCE_LATE_ELDERLY, 5, DATE(19450210), from).yyyymmdd,
        20260731);
}

/* Expired on 2026-02-10: the grace ends on 2026-05-31. */
static void d4_papers_after_an_expiry_come_in_the_insurers_month_within_the_grace(void **state)
{
    static const int due_days[] = {20260305, 20260405, 20260505};
    struct insurer_policy policy = policy_of(society, 20260101);
    struct document_facts facts = {.birth = DATE(19840203),
                                   .registered = true,
                                   .certificate_expires = DATE(20260210),
                                   .policy = &policy};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    for (int months = 1; months <= 3; months++) {
        struct date day = DATE(due_days[months - 1]);
        policy.expiry_months = months;
        assert_int_equal(documents_due(&facts, date_add_days(day, -1), due, &rule), 1);
        assert_int_equal(due[0].state, DOCUMENT_HELD);
        assert_int_equal(documents_due(&facts, day, due, &rule), 1);
        assert_string_equal(due[0].trigger, "T3");
        assert_int_equal(due[0].state, DOCUMENT_DUE);
        assert_int_equal(due[0].due.yyyymmdd, day.yyyymmdd);
        assert_int_equal(due[0].latest.yyyymmdd, 20260531);
    }
}

/* Row 10 from 2026-08-01: the union's own record of use, and the union that gives everybody one. */
static void d1_row_10_a_union_says_what_a_record_of_use_is(void **state)
{
    struct insurer_policy policy = policy_of(late, 20260101);
    struct document_facts facts = {.birth = DATE(19460203),
                                   .insurance = INSURANCE_LATE_ELDERLY,
                                   .registered = true,
                                   .certificate_until = DATE(20260731),
                                   .uses_12_months = 4,
                                   .uses_3_months = 1,
                                   .policy = &policy};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    documents_due(&facts, DATE(20260701), due, &rule);
    assert_int_equal(rule, RULE_D1_T7_NO_USE);
    policy.uses_12_months = 4;
    documents_due(&facts, DATE(20260701), due, &rule);
    assert_int_equal(rule, RULE_D2_LATE_ELDERLY_USER);
    policy.gives_both = true; /* 18 of 12.1: "all" */
    documents_due(&facts, DATE(20260701), due, &rule);
    assert_int_equal(due[0].kind, DOCUMENT_CERTIFICATE);
    assert_int_equal(rule, RULE_D1_BOTH);
    facts.birth = DATE(19410801); /* 85 on 1 August: everybody, whatever the union says (row 9) */
    documents_due(&facts, DATE(20260701), due, &rule);
    assert_int_equal(rule, RULE_D1_T7_OLDEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d1_settings_hold_from_their_day_to_the_day_before_the_next),
        cmocka_unit_test(d1_what_the_law_does_not_allow_is_named),
        cmocka_unit_test(d1_the_insurer_says_how_long_a_certificate_holds),
        cmocka_unit_test(d4_papers_after_an_expiry_come_in_the_insurers_month_within_the_grace),
        cmocka_unit_test(d1_row_10_a_union_says_what_a_record_of_use_is),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
