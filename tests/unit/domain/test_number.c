/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/number.h"

/* All vectors of the specification's pages: claims 3.2 and insurers-and-documents 2.2. */
static const struct {
    enum number_kind kind;
    const char *body;
    int digit;
} vectors[] = {
    {NUMBER_INSURER, "0613048", 8},        {NUMBER_INSURER, "3312001", 5},
    {NUMBER_PUBLIC_EXPENSE, "5401602", 7}, {NUMBER_INSURER, "13999", 8},
    {NUMBER_INSURER, "3913999", 3},        {NUMBER_INSURER, "0113999", 7},
    {NUMBER_INSURER, "0613999", 2},        {NUMBER_INSTITUTION, "341071236", 2},
    {NUMBER_INSTITUTION, "131991234", 9},  {NUMBER_PUBLIC_EXPENSE, "5413601", 5},
    {NUMBER_RECIPIENT, "123456", 6},       {NUMBER_INSURER, "0113001", 2},
    {NUMBER_INSURER, "13801", 6},          {NUMBER_INSURER, "7777777", 9},
    {NUMBER_INSURER, "9999999", 7},        {NUMBER_INDIVIDUAL, "98320567321", 4},
    {NUMBER_INDIVIDUAL, "12345678901", 8}, {NUMBER_INDIVIDUAL, "00000000000", 0},
    {NUMBER_INDIVIDUAL, "99999999999", 6},
};

static void e1_check_digits_are_those_of_the_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        assert_int_equal(number_check_digit(vectors[i].kind, text_of(vectors[i].body)),
                         vectors[i].digit);
}

static void e1_no_check_digit_for_what_is_no_body(void **state)
{
    (void)state;
    assert_int_equal(number_check_digit(NUMBER_INSURER, TEXT("")), -1);
    assert_int_equal(number_check_digit(NUMBER_INSURER, TEXT("061304x")), -1);
    assert_int_equal(number_check_digit(NUMBER_INSURER, TEXT("06130488")), -1);
    assert_int_equal(number_check_digit(NUMBER_INSURER, TEXT("-613048")), -1);
    assert_int_equal(number_check_digit(NUMBER_INDIVIDUAL, TEXT("0613048")), -1);
}

static void e1_good_numbers_are_good(void **state)
{
    (void)state;
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("06130488")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("139998")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("39139993")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_INSTITUTION, TEXT("1319912349")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_PUBLIC_EXPENSE, TEXT("54016027")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_RECIPIENT, TEXT("1234566")), NUMBER_GOOD);
    assert_int_equal(number_check(NUMBER_INDIVIDUAL, TEXT("123456789018")), NUMBER_GOOD);
}

static void e1_wrong_numbers_say_what_is_wrong(void **state)
{
    (void)state;
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("")), NUMBER_WRONG_LENGTH);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("0613048")), NUMBER_WRONG_LENGTH);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("0613048 ")), NUMBER_NOT_DIGITS);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("0613\00088")), NUMBER_NOT_DIGITS);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("06130487")), NUMBER_WRONG_CHECK_DIGIT);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("06480016")), NUMBER_WRONG_PREFECTURE);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("05139993")), NUMBER_WRONG_LAW);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("00139998")), NUMBER_WRONG_LAW);
    assert_int_equal(number_check(NUMBER_INDIVIDUAL, TEXT("123456789017")),
                     NUMBER_WRONG_CHECK_DIGIT);
}

/* Prefectures 51 to 97 are those of the first range; 00, 48 to 50 and 98, 99 do not exist. */
static void e1_prefectures_have_two_ranges(void **state)
{
    (void)state;
    for (int prefecture = 0; prefecture < 100; prefecture++) {
        char digits[7] = {(char)('0' + prefecture / 10), (char)('0' + prefecture % 10), '1', '2',
                          '3'};
        bool known =
            (prefecture >= 1 && prefecture <= 47) || (prefecture >= 51 && prefecture <= 97);
        digits[5] = (char)('0' + number_check_digit(NUMBER_INSURER, (struct text){digits, 5}));
        assert_int_equal(number_check(NUMBER_INSURER, text_of(digits)),
                         known ? NUMBER_GOOD : NUMBER_WRONG_PREFECTURE);
    }
}

static void c2_sentinels_go_before_the_check_digit(void **state)
{
    (void)state;
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("77777777")), NUMBER_UNKNOWN_SENTINEL);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("77777779")), NUMBER_UNKNOWN_SENTINEL);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("777777")), NUMBER_UNKNOWN_SENTINEL);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("99999999")), NUMBER_DISASTER_SENTINEL);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("999999")), NUMBER_DISASTER_SENTINEL);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("7777777")), NUMBER_WRONG_LENGTH);
    assert_int_equal(number_check(NUMBER_INSURER, TEXT("77777778")), NUMBER_WRONG_CHECK_DIGIT);
    assert_int_equal(number_check(NUMBER_INSTITUTION, TEXT("9999999999")), NUMBER_WRONG_PREFECTURE);
}

static void e1_reads_insurer_numbers_as_programs_send_them(void **state)
{
    struct insurer_number number = {{0}};
    char padded[9];

    (void)state;
    assert_int_equal(insurer_number_read(TEXT("  139998"), &number), NUMBER_GOOD);
    assert_string_equal(number.digits, "139998");
    insurer_number_pad(number, padded);
    assert_string_equal(padded, "  139998");
    assert_int_equal(insurer_number_read(TEXT("00139998"), &number), NUMBER_GOOD);
    assert_string_equal(number.digits, "139998");
    assert_int_equal(insurer_number_law(number), 0);
    assert_int_equal(insurer_number_read(TEXT("\xE3\x80\x80０６139992\r\n"), &number), NUMBER_GOOD);
    assert_string_equal(number.digits, "06139992");
    assert_int_equal(insurer_number_law(number), 6);
    insurer_number_pad(number, padded);
    assert_string_equal(padded, "06139992");
    assert_int_equal(insurer_number_read(TEXT(" 139998 \xE3\x80\x80 \xE3\x80\x80"), &number),
                     NUMBER_GOOD);
    assert_string_equal(number.digits, "139998");
    assert_int_equal(insurer_number_read(TEXT("\xE3\x80\x80 "), &number), NUMBER_WRONG_LENGTH);
    assert_int_equal(insurer_number_read(TEXT("77777777"), &number), NUMBER_UNKNOWN_SENTINEL);
    assert_string_equal(number.digits, "77777777");
}

static void e1_hostile_insurer_numbers_leave_the_output(void **state)
{
    static const char *const hostile[] = {
        "",         " ",          "1399 98",       "0x139998", "139998-",
        "13999８8", "0000139998", "9999999999999", "\xE3\x80", "\xEF\xBC\x91\xC0\x80",
        "00000000", "06139993",
    };
    struct insurer_number number = {"06139992"};

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        assert_int_not_equal(insurer_number_read(text_of(hostile[i]), &number), NUMBER_GOOD);
        assert_string_equal(number.digits, "06139992");
    }
    assert_true(insurer_number_equal(number, (struct insurer_number){"06139992"}));
    assert_false(insurer_number_equal(number, (struct insurer_number){"0613999"}));
    assert_false(insurer_number_equal(number, (struct insurer_number){""}));
}

static void e1_a_long_number_is_refused_unread(void **state)
{
    static char blanks[5000];
    struct insurer_number number = {{0}};

    (void)state;
    memset(blanks, ' ', sizeof blanks);
    assert_int_equal(insurer_number_read((struct text){blanks, sizeof blanks}, &number),
                     NUMBER_WRONG_LENGTH);
}

static void e3_reads_institution_codes(void **state)
{
    struct institution_code code = {{0}};

    (void)state;
    assert_int_equal(institution_code_read(TEXT(" １319912349"), &code), NUMBER_GOOD);
    assert_string_equal(code.digits, "1319912349");
    assert_true(institution_code_equal(code, (struct institution_code){"1319912349"}));
    assert_int_equal(institution_code_read(TEXT("1319912348"), &code), NUMBER_WRONG_CHECK_DIGIT);
    assert_int_equal(institution_code_read(TEXT("9912349"), &code), NUMBER_WRONG_LENGTH);
    assert_int_equal(institution_code_read(TEXT("13199123490"), &code), NUMBER_WRONG_LENGTH);
    assert_int_equal(institution_code_read(TEXT("13-9912349"), &code), NUMBER_NOT_DIGITS);
    assert_string_equal(code.digits, "1319912349");
}

static void e9_law_numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(insurer_law_ja(39), "後期高齢者医療");
    assert_string_equal(insurer_law_ja(0), "国民健康保険");
    assert_string_equal(insurer_law_en(7), "Self-Defence Force");
    assert_string_equal(insurer_law_ja(5), "");
    assert_string_equal(insurer_law_en(-1), "");
    assert_string_equal(insurer_law_ja(100), "");
    for (int law = 0; law < 100; law++)
        assert_int_equal(*insurer_law_ja(law) == 0, *insurer_law_en(law) == 0);
}

static void kinds_and_verdicts_have_names(void **state)
{
    enum number_kind kind = NUMBER_KIND_COUNT;

    (void)state;
    for (int i = 0; i < NUMBER_KIND_COUNT; i++) {
        assert_true(number_read_kind(number_kind_name((enum number_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(number_read_kind("insurers", &kind));
    assert_false(number_read_kind("", &kind));
    for (int i = NUMBER_GOOD; i <= NUMBER_WRONG_LAW; i++) {
        assert_true(*number_verdict_ja((enum number_verdict)i));
        assert_true(*number_verdict_en((enum number_verdict)i));
        assert_true(*number_verdict_name((enum number_verdict)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_check_digits_are_those_of_the_vectors),
        cmocka_unit_test(e1_no_check_digit_for_what_is_no_body),
        cmocka_unit_test(e1_good_numbers_are_good),
        cmocka_unit_test(e1_wrong_numbers_say_what_is_wrong),
        cmocka_unit_test(e1_prefectures_have_two_ranges),
        cmocka_unit_test(c2_sentinels_go_before_the_check_digit),
        cmocka_unit_test(e1_reads_insurer_numbers_as_programs_send_them),
        cmocka_unit_test(e1_hostile_insurer_numbers_leave_the_output),
        cmocka_unit_test(e1_a_long_number_is_refused_unread),
        cmocka_unit_test(e3_reads_institution_codes),
        cmocka_unit_test(e9_law_numbers_have_names),
        cmocka_unit_test(kinds_and_verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
