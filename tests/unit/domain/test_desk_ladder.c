/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/desk_ladder.h"

#define TODAY DATE(20261105)

static const struct {
    const char *row;
    struct desk_case desk;
} cases[] = {
    {"D1", {.situation = DESK_CARD_VALID, .holds = HOLDS_CARD}},
    {"D2", {.situation = DESK_FACE_FAILED, .holds = HOLDS_CARD}},
    {"D3", {.situation = DESK_CARD_UNREADABLE, .holds = HOLDS_CARD | HOLDS_PORTAL}},
    {"D3", {.situation = DESK_READER_BROKEN, .holds = HOLDS_CARD | HOLDS_PORTAL | HOLDS_NOTICE}},
    {"D4", {.situation = DESK_NO_NETWORK, .holds = HOLDS_CARD | HOLDS_NOTICE}},
    {"D5", {.situation = DESK_NO_CARD, .holds = HOLDS_CERTIFICATE}},
    {"D5", {.situation = DESK_NO_CARD, .holds = HOLDS_OLD_CARD, .on = {20251201}}},
    {"D6", {.situation = DESK_NO_NETWORK, .holds = HOLDS_CARD, .known = KNOWN_SAME}},
    {"D6", {.situation = DESK_NO_CARD, .known = KNOWN_SAME}},
    {"D7", {.situation = DESK_READER_BROKEN, .holds = HOLDS_CARD, .outage_mode = true}},
    {"D8", {.situation = DESK_INVALID, .holds = HOLDS_CARD, .new_coverage_told = true}},
    {"D8", {.situation = DESK_INVALID, .holds = HOLDS_CARD | HOLDS_NOTICE}},
    {"D8", {.situation = DESK_NO_INFORMATION, .holds = HOLDS_CARD, .new_coverage_told = true}},
    {"D9", {.situation = DESK_INVALID, .holds = HOLDS_CARD}},
    {"D10", {.situation = DESK_NO_INFORMATION, .holds = HOLDS_CARD}},
    {"D11", {.situation = DESK_READER_BROKEN, .holds = HOLDS_CARD}},
    {"D12", {.situation = DESK_NO_NETWORK, .holds = HOLDS_CARD, .known = KNOWN_CHANGED}},
    {"D11", {.situation = DESK_CARD_UNREADABLE, .holds = HOLDS_CARD, .new_coverage_told = true}},
    {"D12", {.situation = DESK_READER_BROKEN, .known = KNOWN_CHANGED, .new_coverage_told = true}},
    {"D13", {.situation = DESK_CERTIFICATE_GRACE, .holds = HOLDS_CARD}},
    {"D14", {.situation = DESK_CERTIFICATE_LAPSED, .holds = HOLDS_CARD | HOLDS_CERTIFICATE}},
    {"D11", {.situation = DESK_CERTIFICATE_LAPSED, .holds = HOLDS_CARD}},
    {"D15", {.situation = DESK_NOT_IN_SYSTEM}},
    {"D16", {.situation = DESK_NO_CARD}},
    {"D16", {.situation = DESK_NO_CARD, .holds = HOLDS_NOTICE | HOLDS_PORTAL}},
};

static void e6_each_case_has_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk_case desk = cases[i].desk;
        if (!date_is(desk.on))
            desk.on = TODAY;
        if (strcmp(desk_ladder_step(&desk)->row, cases[i].row) != 0)
            fail_msg("case %zu: row %s, wanted %s", i, desk_ladder_step(&desk)->row, cases[i].row);
    }
}

static void e6_each_row_can_be_reached(void **state)
{
    size_t count = 0;
    const struct desk_step *rows = desk_ladder_rows(&count);

    (void)state;
    assert_int_equal(count, 20);
    for (size_t row = 0; row < count; row++) {
        bool reached = false;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
            reached = reached || strcmp(cases[i].row, rows[row].row) == 0;
        assert_true(reached);
    }
}

/* A lone notice is not enough, and no missing record costs the patient the whole charge. */
static void e6_c2_papers_and_memory_come_before_the_unknown(void **state)
{
    (void)state;
    for (int situation = 0; situation < DESK_SITUATION_COUNT; situation++)
        for (unsigned holds = 0; holds < 32; holds++)
            for (int known = KNOWN_NO; known <= KNOWN_CHANGED; known++) {
                struct desk_case desk = {.situation = (enum desk_situation)situation,
                                         .holds = holds,
                                         .known = (enum desk_known)known,
                                         .on = TODAY};
                const struct desk_step *step = desk_ladder_step(&desk);
                bool paper = (holds & HOLDS_CERTIFICATE) ||
                             ((holds & HOLDS_CARD) && (holds & (HOLDS_PORTAL | HOLDS_NOTICE)));
                if (paper)
                    assert_int_equal(step->claim, CLAIM_CURRENT);
                if (step->claim == CLAIM_NONE)
                    assert_true(situation == DESK_NO_CARD && !paper && known != KNOWN_SAME);
                assert_true(step->form == (step->claim >= CLAIM_FORMER)); /* nothing is told */
            }
}

static void e6_an_old_card_and_a_lone_notice_count_to_their_days(void **state)
{
    struct desk_case desk = {.situation = DESK_NO_CARD, .holds = HOLDS_OLD_CARD};

    (void)state;
    desk.on = DATE(20251201);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05);
    desk.on = DATE(20251202);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05_LENIENT);
    desk.on = DATE(20260331);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05_LENIENT);
    desk.on = DATE(20260401);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D16);
    desk.old_card_ends = DATE(20250731);
    desk.on = DATE(20250731);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05);
    desk.on = DATE(20250801);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05_LENIENT);
    desk.holds = HOLDS_NOTICE;
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D16);
    desk.on = DATE(20251202);
    assert_int_equal(desk_ladder_step(&desk)->rule, RULE_E6_D05_LENIENT);
}

/* claims 6, column by column: is the form asked for, and the step of the claim. */
static void e6_c2_each_row_says_what_the_table_says(void **state)
{
    static const struct {
        const char *row;
        bool form[2];
        int claim[2];   /* the row's variants: without the numbers, with them told */
        const char *id; /* of the rule */
    } table[] = {
        {"D1", {false, false}, {1, 1}, "E6.d01_card_valid"},
        {"D2", {false, false}, {1, 1}, "E6.d02_face_failed"},
        {"D3", {false, false}, {1, 1}, "E6.d03_portal"},
        {"D4", {false, false}, {1, 1}, "E6.d04_notice"},
        {"D5", {false, false}, {1, 1}, "E6.d05_"},
        {"D6", {false, false}, {1, 1}, "E6.d06_on_file"},
        {"D7", {false, false}, {1, 1}, "E6.d07_outage_mode"},
        {"D8", {false, true}, {1, 1}, "E6.d08_new_told"},
        {"D9", {true, true}, {2, 2}, "E6.d09_former"},
        {"D10", {true, true}, {3, 3}, "E6.d10_unknown"},
        {"D11", {true, true}, {3, 1}, "E6.d11_first_visit"},
        {"D12", {true, true}, {2, 1}, "E6.d12_changed"},
        {"D13", {false, false}, {1, 1}, "E6.d13_grace"},
        {"D14", {false, false}, {1, 1}, "E6.d14_lapsed"},
        {"D15", {false, false}, {1, 1}, "E6.d15_day_labourer"},
        {"D16", {false, false}, {0, 0}, "E6.d16_stranger"},
    };
    size_t count = 0;
    const struct desk_step *rows = desk_ladder_rows(&count);

    (void)state;
    for (size_t i = 0, at = 0; i < count; i++) {
        bool second = i > 0 && strcmp(rows[i].row, rows[i - 1].row) == 0;
        at += i > 0 && !second;
        assert_string_equal(rows[i].row, table[at].row);
        assert_int_equal(rows[i].form, table[at].form[second]);
        assert_int_equal(rows[i].claim, table[at].claim[second]);
        assert_non_null(strstr(rule_at(rows[i].rule)->id, table[at].id));
        /* never 100 % because of a missing record, but for the stranger */
        assert_true((strstr(rows[i].pays_ja, "10割") != NULL) == (strcmp(rows[i].row, "D16") == 0));
        assert_true(strlen(rows[i].asked_en) > 0 && strlen(rows[i].claimed_en) > 0 &&
                    strlen(rows[i].payer_en) > 0);
    }
}

static void e6_words_for_papers(void **state)
{
    unsigned holds = 0;

    (void)state;
    assert_true(desk_papers_read(TEXT("card,notice"), &holds));
    assert_int_equal(holds, HOLDS_CARD | HOLDS_NOTICE);
    assert_true(desk_papers_read(TEXT("nothing"), &holds));
    assert_int_equal(holds, 0);
    assert_false(desk_papers_read(TEXT(""), &holds));
    assert_false(desk_papers_read(TEXT("card,"), &holds));
    assert_false(desk_papers_read(TEXT("card, notice"), &holds));
    assert_false(desk_papers_read(TEXT("passport"), &holds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e6_each_case_has_its_row),
        cmocka_unit_test(e6_each_row_can_be_reached),
        cmocka_unit_test(e6_c2_papers_and_memory_come_before_the_unknown),
        cmocka_unit_test(e6_an_old_card_and_a_lone_notice_count_to_their_days),
        cmocka_unit_test(e6_c2_each_row_says_what_the_table_says),
        cmocka_unit_test(e6_words_for_papers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
