/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/insurer_policy.h"

/* One row: facts, day, what is due ("-" = nothing). Dates as numbers; 0 = none. */
struct row {
    const char *what;
    struct document_facts facts;
    int on;
    const char *trigger;
    enum document_state state;
    int due, latest, valid_until;
};

#define D(n)                                                                                       \
    {                                                                                              \
        (n)                                                                                        \
    }

static const struct insurer_policy gives_both = {
    .gives_both = true, .expiry_months = 1, .uses_12_months = 6, .uses_3_months = 1};

static const struct row rows[] = {
    {"row 1: employees in fiscal 2024",
     {.birth = D(19840203), .registered = true},
     20250115,
     "N1",
     DOCUMENT_DUE,
     20240909,
     20250331,
     99991231},
    {"row 1: a new employee",
     {.birth = D(19840203), .registered = true, .enrolled = D(20250401)},
     20250402,
     "N4",
     DOCUMENT_DUE,
     20250401,
     20250531,
     99991231},
    {"row 2: community insurance, as the old card runs out",
     {.birth = D(19840203),
      .insurance = INSURANCE_COMMUNITY,
      .registered = true,
      .old_card_ends = D(20250930)},
     20250820,
     "N2",
     DOCUMENT_HELD,
     20250901,
     20250930,
     99991231},
    {"row 3: no yearly notice for a time that an old card told the share of",
     {.birth = D(19530505),
      .insurance = INSURANCE_COMMUNITY,
      .registered = true,
      .old_card_ends = D(20250731)},
     20250715,
     "N3",
     DOCUMENT_DUE,
     20250701,
     20250731,
     20260731},
    {"row 3: the old card held longer",
     {.birth = D(19530505),
      .insurance = INSURANCE_COMMUNITY,
      .registered = true,
      .old_card_ends = D(20251130)},
     20250801,
     "N3",
     DOCUMENT_HELD,
     20251101,
     20251130,
     20260731},
    {"row 8: a member of the late elderly from 70 on (障害認定) is one of everybody",
     {.birth = D(19550303),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .enrolled = D(20230401)},
     20250715,
     "T7",
     DOCUMENT_DUE,
     20250701,
     20250731,
     20260731},
    {"T2, T3: the grace ends before the deregistration, and nobody is without a paper (D4)",
     {.birth = D(19840203),
      .registered = true,
      .notice_held = true,
      .certificate_expires = D(20250510),
      .deregister_requested = D(20250820)},
     20250821,
     "T2",
     DOCUMENT_DUE,
     20250820,
     20250831,
     20300819},
    {"T2, T3: there was no registration left to end",
     {.birth = D(19840203),
      .registered = true,
      .notice_held = true,
      .certificate_expires = D(20250210),
      .deregister_requested = D(20250601)},
     20250610,
     "T3",
     DOCUMENT_OVERDUE,
     20250305,
     20250531,
     20300304},
    {"T2, T3: the card went back after deregistration was asked for",
     {.birth = D(19840203),
      .registered = true,
      .notice_held = true,
      .deregister_requested = D(20250301),
      .card_returned = D(20250310)},
     20250312,
     "T2",
     DOCUMENT_DUE,
     20250301,
     20250317,
     20300228},
    {"T3, T4: whoever applies within the grace need not wait for its end",
     {.birth = D(19840203),
      .registered = true,
      .notice_held = true,
      .certificate_expires = D(20250510),
      .applied = D(20250714)},
     20250715,
     "T3",
     DOCUMENT_DUE,
     20250605,
     20250721,
     20300604},
    {"row 3: community insurance, 70 to 74",
     {.birth = D(19530203), .insurance = INSURANCE_COMMUNITY, .registered = true},
     20250801,
     "N3",
     DOCUMENT_OVERDUE,
     20250701,
     20250731,
     20260731},
    {"row 3: the first notice with a share, in the month after 70",
     {.birth = D(19551015), .insurance = INSURANCE_COMMUNITY, .registered = true},
     20251101,
     "N3",
     DOCUMENT_OVERDUE,
     20251001,
     20251031,
     20260731},
    {"row 4: not registered, held back by the old card",
     {.birth = D(19840203), .old_card_ends = D(20251201)},
     20250110,
     "T1",
     DOCUMENT_HELD,
     20251102,
     20251201,
     20301201},
    {"row 4: the last month of the old card",
     {.birth = D(19840203), .old_card_ends = D(20251201)},
     20251102,
     "T1",
     DOCUMENT_DUE,
     20251102,
     20251201,
     20301201},
    {"row 5: a new employee who ticked the box",
     {.birth = D(19840203), .enrolled = D(20250401), .number_missing = true},
     20250401,
     "T6",
     DOCUMENT_DUE,
     20250401,
     20250411,
     20300331},
    {"row 5: a new employee, by the day of registration",
     {.birth = D(19840203), .enrolled = D(20250401)},
     20250402,
     "T1",
     DOCUMENT_DUE,
     20250401,
     20250411,
     20300331},
    {"row 6: new in community insurance, whose households have 14 days",
     {.birth = D(19840203), .insurance = INSURANCE_COMMUNITY, .enrolled = D(20250901)},
     20250902,
     "T1",
     DOCUMENT_DUE,
     20250901,
     20250920,
     20260731},
    {"row 6: no certificate ends before the next can come",
     {.birth = D(19840203), .insurance = INSURANCE_COMMUNITY, .enrolled = D(20250715)},
     20250716,
     "T1",
     DOCUMENT_DUE,
     20250715,
     20250803,
     20260731},
    {"enrolled days before the reform: no card any more",
     {.birth = D(19840203), .enrolled = D(20241130)},
     20241203,
     "T1",
     DOCUMENT_DUE,
     20241130,
     20241210,
     20291129},
    {"row 6: community insurance, yearly",
     {.birth = D(19840203), .insurance = INSURANCE_COMMUNITY, .certificate_until = D(20260731)},
     20260615,
     "T1",
     DOCUMENT_HELD,
     20260701,
     20260731,
     20270731},
    {"row 6: earlier, for the 70th birthday",
     {.birth = D(19551015), .insurance = INSURANCE_COMMUNITY, .certificate_until = D(20250731)},
     20250715,
     "T1",
     DOCUMENT_DUE,
     20250701,
     20250731,
     20251031},
    {"row 7: turns 75 under the first rule",
     {.birth = D(19500310), .insurance = INSURANCE_LATE_ELDERLY, .registered = true},
     20250215,
     "T7",
     DOCUMENT_DUE,
     20250210,
     20250309,
     20250731},
    {"row 7: the old card to the end of July",
     {.birth = D(19450310),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .old_card_ends = D(20250731)},
     20250630,
     "T7",
     DOCUMENT_HELD,
     20250701,
     20250731,
     20260731},
    {"row 8: everybody, with a registered card too",
     {.birth = D(19450310),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .certificate_until = D(20250731)},
     20250701,
     "T7",
     DOCUMENT_DUE,
     20250701,
     20250731,
     20260731},
    {"row 9: 85 on 1 August 2026",
     {.birth = D(19410801),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .certificate_until = D(20260731),
      .uses_12_months = 12,
      .uses_3_months = 3},
     20260710,
     "T7",
     DOCUMENT_DUE,
     20260701,
     20260731,
     20270731},
    {"row 10: to 84, with a record of use",
     {.birth = D(19410802),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .certificate_until = D(20260731),
      .uses_12_months = 6,
      .uses_3_months = 1},
     20260710,
     "N5",
     DOCUMENT_DUE,
     20260701,
     20260731,
     20270731},
    {"row 10: to 84, too few uses",
     {.birth = D(19410802),
      .insurance = INSURANCE_LATE_ELDERLY,
      .registered = true,
      .certificate_until = D(20260731),
      .uses_12_months = 5,
      .uses_3_months = 5},
     20260710,
     "T7",
     DOCUMENT_DUE,
     20260701,
     20260731,
     20270731},
    {"row 11: a helper is needed, with a registered card",
     {.birth = D(19840203), .registered = true, .helper = true},
     20260110,
     "T4",
     DOCUMENT_DUE,
     20260110,
     20260117,
     20310109},
    {"row 11: the card was lost",
     {.birth = D(19840203), .registered = true, .applied = D(20260105)},
     20260120,
     "T4",
     DOCUMENT_OVERDUE,
     20260105,
     20260112,
     20310104},
    {"row 12: an insurer that gives everybody one",
     {.birth = D(19840203),
      .insurance = INSURANCE_COMMUNITY,
      .registered = true,
      .policy = &gives_both,
      .notice_held = true},
     20250901,
     "T4",
     DOCUMENT_DUE,
     20250901,
     20250908,
     20260731},
    {"row 13: protection",
     {.birth = D(19840203), .registered = true, .protection = true},
     20260110,
     "T5",
     DOCUMENT_DUE,
     20260110,
     20260117,
     20310109},
    {"group B: in hand before the end of the month after",
     {.birth = D(19840203), .registered = true, .deregister_requested = D(20260131)},
     20260131,
     "T2",
     DOCUMENT_DUE,
     20260131,
     20260228,
     20310130},
    {"group C: not renewed, before the grace ends",
     {.birth = D(19840203), .registered = true, .certificate_expires = D(20250510)},
     20250701,
     "T3",
     DOCUMENT_DUE,
     20250605,
     20250831,
     20300604},
    {"group C: on the day of expiry nothing is due but the notice",
     {.birth = D(19840203), .registered = true, .certificate_expires = D(20250510)},
     20250510,
     "N1",
     DOCUMENT_OVERDUE,
     20240909,
     20250331,
     99991231},
    {"group C: the card was returned",
     {.birth = D(19840203), .registered = true, .card_returned = D(20250603)},
     20250603,
     "T3",
     DOCUMENT_DUE,
     20250603,
     20250610,
     20300602},
    {"group C: the card was returned, and the list knows of no registration",
     {.birth = D(19840203), .card_returned = D(20250603)},
     20250603,
     "T3",
     DOCUMENT_DUE,
     20250603,
     20250610,
     20300602},
};

static void d1_d2_d4_row_by_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct document_due due[DOCUMENTS_MAX] = {{0}};
        enum rule_id rule = RULE_COUNT;
        size_t count = documents_due(&row->facts, DATE(row->on), due, &rule);
        if (count != 1 || strcmp(due[0].trigger, row->trigger) != 0 || due[0].state != row->state ||
            due[0].due.yyyymmdd != row->due || due[0].latest.yyyymmdd != row->latest ||
            due[0].valid_until.yyyymmdd != row->valid_until)
            fail_msg("%s: %zu %s %s %d %d %d", row->what, count, due[0].trigger,
                     document_state_name(due[0].state), due[0].due.yyyymmdd, due[0].latest.yyyymmdd,
                     due[0].valid_until.yyyymmdd);
        assert_int_equal(rule, due[0].rule);
        assert_true((due[0].kind == DOCUMENT_NOTICE) == (row->trigger[0] == 'N'));
    }
}

static void d1_e9_some_get_no_insurers_paper(void **state)
{
    const struct document_facts labourer = {.birth = D(19840203),
                                            .insurance = INSURANCE_DAY_LABOURER};
    const struct document_facts assisted = {.birth = D(19840203),
                                            .insurance = INSURANCE_ASSISTANCE};
    const struct document_facts soldier = {.birth = D(19840203), .insurance = INSURANCE_SDF};
    const struct document_facts content = {
        .birth = D(19840203), .registered = true, .notice_held = true};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    assert_int_equal(documents_due(&labourer, DATE(20260101), due, &rule), 0);
    assert_int_equal(rule, RULE_D1_NONE_DAY_LABOURER);
    assert_int_equal(documents_due(&assisted, DATE(20260101), due, &rule), 0);
    assert_int_equal(rule, RULE_D1_NONE_ASSISTANCE);
    assert_int_equal(documents_due(&soldier, DATE(20241201), due, &rule), 0);
    assert_int_equal(rule, RULE_E9_BEFORE_SDF);
    assert_int_equal(documents_due(&soldier, DATE(20241202), due, &rule), 1);
    assert_int_equal(documents_due(&content, DATE(20260101), due, &rule), 0);
    assert_int_equal(rule, RULE_D2_NONE_HELD);
}

/* Until the latest day of its successor the former means still holds: nobody falls through. */
static void d4_the_former_means_lasts_to_the_latest_day(void **state)
{
    struct document_facts facts = {.birth = D(19700615), .registered = true};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    for (int day = date_to_days(DATE(20241202)); day < date_to_days(DATE(20271231)); day++) {
        struct date expires = date_from_days(day);
        facts.certificate_expires = expires;
        assert_int_equal(documents_due(&facts, date_add_days(expires, 1), due, &rule), 1);
        assert_string_equal(due[0].trigger, "T3");
        assert_true(document_means_held(&facts, due[0].latest));
        assert_false(document_means_held(&facts, date_add_days(due[0].latest, 1)));
        assert_true(date_before(due[0].due, due[0].latest));
    }
    facts.certificate_expires = DATE_NONE;
    for (int day = date_to_days(DATE(20241202)); day < date_to_days(DATE(20271231)); day++) {
        facts.deregister_requested = date_from_days(day);
        assert_int_equal(documents_due(&facts, facts.deregister_requested, due, &rule), 1);
        assert_string_equal(due[0].trigger, "T2");
        assert_true(document_means_held(&facts, due[0].latest));
        assert_false(document_means_held(&facts, date_add_days(due[0].latest, 1)));
    }
}

static void d1_no_certificate_while_the_old_card_holds(void **state)
{
    struct document_facts facts = {.birth = D(19700615), .old_card_ends = D(20251201)};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    for (int day = date_to_days(DATE(20241202)); day < date_to_days(DATE(20251102)); day++) {
        assert_int_equal(documents_due(&facts, date_from_days(day), due, &rule), 1);
        assert_int_equal(due[0].state, DOCUMENT_HELD);
    }
    facts.old_card_ends = DATE(20991231); /* whatever is printed on it */
    assert_int_equal(documents_due(&facts, DATE(20251103), due, &rule), 1);
    assert_int_equal(due[0].latest.yyyymmdd, 20251201);
    assert_int_equal(due[0].state, DOCUMENT_DUE);
}

static void d1_a_certificate_in_hand_is_followed_by_one_not_doubled(void **state)
{
    struct document_facts facts = {.birth = D(19700615), .certificate_until = D(20290331)};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    assert_int_equal(documents_due(&facts, DATE(20260101), due, &rule), 1);
    assert_int_equal(due[0].state, DOCUMENT_HELD);
    assert_int_equal(due[0].due.yyyymmdd, 20290301);
    assert_int_equal(due[0].valid_from.yyyymmdd, 20290401);
}

/* Row 10: a notice is of use with a card only. */
static void d4_late_elderly_with_a_notice_get_a_certificate_when_the_card_goes(void **state)
{
    static const struct {
        struct document_facts facts;
        const char *trigger;
        int latest;
        enum document_state state;
    } cases[] = {
        {{.registered = true}, "N5", 20270731, DOCUMENT_HELD},
        {{.registered = true, .card_returned = D(20260915)}, "T3", 20260922, DOCUMENT_DUE},
        {{.registered = true, .protection = true}, "T5", 20260922, DOCUMENT_DUE},
        {{.registered = true, .applied = D(20260915)}, "T4", 20260922, DOCUMENT_DUE},
        {{.registered = true, .deregister_requested = D(20260915)}, "T2", 20261031, DOCUMENT_DUE},
        {{.registered = true, .certificate_expires = D(20260801)}, "T3", 20261130, DOCUMENT_DUE},
        {{.registered = false}, "T7", 20260922, DOCUMENT_DUE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct document_facts facts = cases[i].facts;
        struct document_due due[DOCUMENTS_MAX];
        enum rule_id rule = RULE_COUNT;
        facts.birth = DATE(19450310);
        facts.insurance = INSURANCE_LATE_ELDERLY;
        facts.notice_until = DATE(20270731);
        facts.certificate_until = DATE(20260731);
        facts.uses_12_months = facts.uses_3_months = 6;
        assert_int_equal(documents_due(&facts, DATE(20260915), due, &rule), 1);
        assert_string_equal(due[0].trigger, cases[i].trigger);
        if (i == 5)
            assert_int_equal(due[0].due.yyyymmdd, 20260905);
        assert_int_equal(due[0].latest.yyyymmdd, cases[i].latest);
        assert_int_equal(due[0].state, cases[i].state);
        if (due[0].kind == DOCUMENT_CERTIFICATE)
            assert_int_equal(due[0].valid_until.yyyymmdd, 20270731);
        facts.certificate_until = DATE(20270731); /* issued: once */
        facts.certificate_from = DATE_NONE;
        if (due[0].kind == DOCUMENT_CERTIFICATE) {
            assert_int_equal(documents_due(&facts, DATE(20260916), due, &rule), 1);
            assert_int_equal(due[0].state, DOCUMENT_HELD);
            assert_int_equal(due[0].due.yyyymmdd, 20270701);
        }
    }
}

/* The next certificate lies ready, what was to hold until then does not reach it. */
static void d4_a_gap_before_the_next_certificate_is_filled(void **state)
{
    struct document_facts facts = {.birth = D(19700615),
                                   .registered = true,
                                   .certificate_expires = D(20250820), /* grace to 30 November */
                                   .old_card_ends = D(20251201),
                                   .certificate_from = D(20251202),
                                   .certificate_until = D(20301201)};
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;

    (void)state;
    assert_int_equal(documents_due(&facts, DATE(20251124), due, &rule), 1);
    assert_int_equal(due[0].state, DOCUMENT_HELD); /* the old card reaches it */
    facts.old_card_ends = DATE_NONE;               /* lost */
    facts.applied = DATE(20251124);
    assert_int_equal(documents_due(&facts, DATE(20251124), due, &rule), 1);
    assert_int_equal(due[0].state, DOCUMENT_DUE);
    assert_false(date_before(DATE(20251201), due[0].latest));
    assert_int_equal(due[0].valid_until.yyyymmdd, 20251201); /* no two at one time */
    facts.certificate_from = DATE(20251101);                 /* issued, or the other has begun */
    assert_int_equal(documents_due(&facts, DATE(20251124), due, &rule), 1);
    assert_int_equal(due[0].state, DOCUMENT_HELD);
}

/* Of the late elderly the next paper is ready a month before: until then it does not count. */
static void d4_a_paper_that_does_not_hold_yet_is_no_means(void **state)
{
    const struct document_facts facts = {.birth = D(19450310),
                                         .insurance = INSURANCE_LATE_ELDERLY,
                                         .certificate_from = D(20250801),
                                         .certificate_until = D(20260731)};

    (void)state;
    assert_false(document_means_held(&facts, DATE(20250731)));
    assert_true(document_means_held(&facts, DATE(20250801)));
    assert_true(document_means_held(&facts, DATE(20260731)));
    assert_false(document_means_held(&facts, DATE(20260801)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d1_d2_d4_row_by_row),
        cmocka_unit_test(d1_e9_some_get_no_insurers_paper),
        cmocka_unit_test(d4_the_former_means_lasts_to_the_latest_day),
        cmocka_unit_test(d1_no_certificate_while_the_old_card_holds),
        cmocka_unit_test(d1_a_certificate_in_hand_is_followed_by_one_not_doubled),
        cmocka_unit_test(d4_late_elderly_with_a_notice_get_a_certificate_when_the_card_goes),
        cmocka_unit_test(d4_a_gap_before_the_next_certificate_is_filled),
        cmocka_unit_test(d4_a_paper_that_does_not_hold_yet_is_no_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
