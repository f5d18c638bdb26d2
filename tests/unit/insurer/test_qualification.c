/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows Q, C, E, L and S: new, changed, lost, cancelled; nothing of before is overwritten.
 */
#include "insurer_desk.h"

#define TARO "P,N,1,,,123456789018,架空　太郎,ｶｸｳ ﾀﾛｳ,,,1,,19800203,,架空区１,1,"
#define TARO_Q "Q,N,1,,,１２,345,00,1,架空　太郎,20200401,,,,"
#define UME "P,N,2,,,999999999996,架空　ウメ,ｶｸｳ ｳﾒ,,,2,,19530203,,架空区１,1,"
#define UME_Q "Q,N,2,,,１２,345,01,2,架空　太郎,20200401,,,,"

static void e1_a_loss_is_registered_once(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person person = {0};

    TAKES(desk, SEND(desk, TARO, TARO_Q), "0", "0");
    TAKES(desk,
          SEND(desk, "Q,L,1,,20261104,,,,,,,,,03,", "Q,L,1,,20261104,,,,,,,,20261101,,",
               "Q,L,1,,20261104,,,,,,,,20200331,03,"),
          "2 SKK-6024 lost", "2 SKK-6046 loss_reason", "2 SKK-6034 lost");
    TAKES(desk, SEND(desk, "Q,L,1,20261101,20261104,,,,,,,,,03,"), "0");
    person = desk_person(&scope, desk, "1");
    assert_int_equal(person.coverages[0].until.yyyymmdd, 20261101);
    assert_int_equal(person.coverages[0].loss_reason, LOSS_OTHER_INSURANCE);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_history"), 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM registration_clock WHERE event = 2"),
                     1);
    TAKES(desk, SEND(desk, "Q,L,1,,20261104,,,,,,,,20261101,03,", "Q,L,1,,,,,,,,,,20261102,03,"),
          "0", "2 SKK-6043 acquired");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_history"), 1);
    /* a loss that was wrong is taken back */
    TAKES(desk, SEND(desk, "Q,U,1,20200401,,,,,,,,,-,-,"), "0");
    assert_int_equal(desk_person(&scope, desk, "1").coverages[0].until.yyyymmdd, 99991231);
}

static void e1_late_events_are_warned_of(void **state)
{
    struct desk *desk = *state;

    TAKES(desk,
          SEND(desk, TARO, "Q,N,1,,20261104,１２,345,00,1,架空　太郎,20261001,,,,", UME,
               "Q,N,2,,20261101,１２,345,01,2,架空　太郎,20261101,,,,"),
          "0", "1 SKK-7104 received", "0", "0");
    assert_int_equal(desk_number(desk, "SELECT late FROM registration_clock WHERE late > 0"), 1);
}

static void e1_qualifications_of_one_insurer_follow_one_another(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk, SEND(desk, TARO, TARO_Q, "Q,N,1,,,１２,999,00,1,架空　太郎,20261101,,,,"), "0", "0",
          "2 SKK-6035 acquired");
    TAKES(desk,
          SEND(desk, "Q,L,1,,,,,,,,,,20261101,99,", "Q,N,1,,,１２,999,00,1,架空　太郎,20261101,,,,",
               "Q,N,1,20261102,,１２,9,00,1,架空　太郎,20261101,,,,"),
          "0", "0", "2 SKK-6049 effective");
    assert_int_equal(desk_person(&scope, desk, "1").coverage_count, 2);
    TAKES(desk, SEND(desk, "Q,X,1,20261101,,,,,,,,,,,"), "0");
    assert_int_equal(desk_person(&scope, desk, "1").coverage_count, 1);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_key"), 1);
    /* an id that was used is not used anew: the history stays readable */
    TAKES(desk, SEND(desk, "Q,N,1,,,１２,777,00,1,架空　太郎,20261103,,,,"), "0");
    assert_int_equal(desk_number(desk, "SELECT MAX(coverage_id) FROM coverage"), 3);
}

static void e1_the_same_row_again_changes_nothing(void **state)
{
    struct desk *desk = *state;

    TAKES(desk, SEND(desk, TARO, TARO_Q, "C,N,1,,,,20250301,20250301,20300228,"), "0", "0", "0");
    TAKES(desk,
          SEND(desk, TARO, TARO_Q, "C,N,1,,,,20250301,20250301,20300228,", TARO_Q,
               "Q,N,1,,,１２,346,00,1,架空　太郎,20200401,,,,",
               "C,N,1,,,,20250302,20250301,20300228,"),
          "0", "0", "0", "0", "2 SKK-6042 acquired", "2 SKK-6042 valid_from");
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_history"), 0);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person_history"), 0);
}

static void e5_certificates_are_replaced_with_their_history(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);

    TAKES(desk,
          SEND(desk, TARO, TARO_Q, "C,N,1,,,01,20240401,20240401,20251201,",
               "C,N,1,,,,20251120,20251202,20301201,"),
          "0", "0", "0", "0");
    assert_int_equal(desk_person(&scope, desk, "1").coverages[0].paper,
                     PAPER_ELIGIBILITY_CERTIFICATE);
    TAKES(desk, SEND(desk, "C,N,1,,,01,20301101,20310101,20351231,"), "1 SKK-7103 valid_from");
    TAKES(desk, SEND(desk, "C,U,1,,,02,,,,"), "1 SKK-7102 kind"); /* Q19: passed through */
    assert_int_equal(desk_person(&scope, desk, "1").coverages[0].kind, KIND_RETIRED);
    TAKES(desk, SEND(desk, "C,U,1,,,,,,20300101,", "C,U,1,,,,,,,010"), "2 SKK-6040 valid_until",
          "2 SKK-6036 share");
    TAKES(desk, SEND(desk, "C,X,1,,,,,,,"), "0");
    assert_int_equal(desk_person(&scope, desk, "1").coverages[0].paper, PAPER_NONE);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM coverage_history"), 3);
}

static void e4_elderly_certificates(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person person = {0};

    TAKES(desk,
          SEND(desk, UME, UME_Q, "E,N,2,,,20250720,20250801,20260731,020",
               "E,N,2,,,20260720,20260801,20270731,030"),
          "0", "0", "0", "0");
    TAKES(desk,
          SEND(desk, "E,U,2,20260801,,,,,020", "E,U,2,20260802,,,,,020",
               "E,N,2,,,,20270901,20280202,020", "E,U,2,20270901,,,20250801,,",
               "E,X,2,20250801,,,,,"),
          "0", "2 SKK-6047 effective", "1 SKK-7103 valid_from", "2 SKK-6042 valid_from", "0");
    person = desk_person(&scope, desk, "2");
    assert_int_equal(person.elderly_count, 2);
    assert_int_equal(desk_number(desk, "SELECT share FROM elderly_certificate "
                                       "WHERE valid_from = 20260801"),
                     20);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM elderly_certificate_history"), 2);
    TAKES(desk, SEND(desk, TARO, TARO_Q, "E,N,1,,,,20250801,20260731,020"), "0", "0",
          "2 SKK-6036 share");
    TAKES(desk, SEND(desk, "E,U,2,20270901,,,20270801,,"), "0"); /* another first day */
    assert_int_equal(desk_number(desk, "SELECT MAX(valid_from) FROM elderly_certificate"),
                     20270801);
}

static void e4_ceilings_and_diseases(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person person = {0};

    TAKES(desk,
          SEND(desk, TARO, TARO_Q, "L,N,1,,,01,A03,20260720,20260801,20270731,",
               "L,N,1,,,01,B01,20260720,20260801,20270731,",
               "S,N,1,,,1,20260720,20260801,20270731,10000",
               "S,N,1,,,2,20260720,20260801,20270731,10000", "S,U,1,20260801,,,,,,20000",
               "S,U,1,20260801,,2,,,,20000"),
          "0", "0", "0", "2 SKK-6042 valid_from", "0", "0", "2 SKK-6024 category", "0");
    person = desk_person(&scope, desk, "1");
    assert_int_equal(person.limit_count, 1);
    assert_string_equal(person.limits[0].category, "A03");
    assert_int_equal(person.disease_count, 2);
    TAKES(desk,
          SEND(desk, "L,U,1,20260801,,,B01,,,,", "L,U,1,20260801,,,A05,,,,20261001",
               "S,X,1,20260801,,1,,,,"),
          "2 SKK-6037 category", "0", "0");
    person = desk_person(&scope, desk, "1");
    assert_string_equal(person.limits[0].category, "A05");
    assert_int_equal(person.limits[0].long_stay.yyyymmdd, 20261001);
    assert_int_equal(person.disease_count, 1);
    assert_int_equal(person.diseases[0].monthly_limit, 20000);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM specified_disease_history"), 1);
    TAKES(desk, SEND(desk, "L,X,1,20260801,,,,,,,"), "0");
    assert_int_equal(desk_person(&scope, desk, "1").limit_count, 0);
}

static void e1_symbols_numbers_and_branches(void **state)
{
    struct desk *desk = *state;

    TAKES(desk,
          SEND(desk, TARO, "Q,N,1,,,架12,345,10,1,架空　太郎,20200401,,,,", UME,
               "Q,N,2,,,12345678901234567890,1234567890123456789１,1,2,架空　太郎,20200401,,,,"),
          "0", "1 SKK-7108 symbol", "0", "1 SKK-7108 number");
    TAKES(desk, SEND(desk, "Q,U,1,,,12,,,,,,,,,"), "1 SKK-7101 branch");
    TAKES(desk, SEND(desk, "Q,U,1,,,12,123456789012345678901,,,,,,,,"), "2 SKK-6025 number");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, desk_begin, desk_end)
    const struct CMUnitTest tests[] = {
        TEST(e1_a_loss_is_registered_once),
        TEST(e1_late_events_are_warned_of),
        TEST(e1_qualifications_of_one_insurer_follow_one_another),
        TEST(e1_the_same_row_again_changes_nothing),
        TEST(e5_certificates_are_replaced_with_their_history),
        TEST(e4_elderly_certificates),
        TEST(e4_ceilings_and_diseases),
        TEST(e1_symbols_numbers_and_branches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
