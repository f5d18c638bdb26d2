/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "domain/insured_number.h"

static void symbol_is(const char *typed, const char *normal)
{
    char out[INSURED_NORMAL_SIZE];

    assert_true(insured_text_normalise(text_of(typed), false, out));
    assert_string_equal(out, normal);
}

static void number_is(const char *typed, const char *normal)
{
    char out[INSURED_NORMAL_SIZE];

    assert_true(insured_text_normalise(text_of(typed), true, out));
    assert_string_equal(out, normal);
}

static void e1_symbols_match_however_they_are_typed(void **state)
{
    (void)state;
    symbol_is("", "");
    symbol_is("12-34", "1234");
    symbol_is("１２－３４", "1234");
    symbol_is(" 12/34 ", "1234");
    symbol_is("12\xE3\x80\x80／３４", "1234");
    symbol_is("ab12", "AB12");
    symbol_is("ａｂ１２", "AB12");
    symbol_is("0012", "0012"); /* zeros of a symbol count */
    symbol_is("港国‐７", "港国7");
    symbol_is("港国−７", "港国7");
    symbol_is("ｱｲｶﾞ", "アイガ");
    symbol_is("㈱１", "(株)1");
}

/* Each dash, slash and blank that is dropped, between full-width digits and between ASCII ones. */
static void e1_separators_are_dropped_wherever_they_stand(void **state)
{
    static const char *const separators[] = {
        "-",      "/",      " ",      "\t",     "\n",     "\v",     "\f",     "\r",
        "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2043", "\u2044",
        "\u2212", "\u2215", "\uFF0D", "\uFF0F", "\u00A0", "\u2003", "\u3000",
    };
    char typed[32];

    (void)state;
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        snprintf(typed, sizeof typed, "1%s2", separators[i]);
        symbol_is(typed, "12");
        snprintf(typed, sizeof typed, "港%s２", separators[i]);
        symbol_is(typed, "港2");
    }
    symbol_is("1・2", "1・2");
    symbol_is("1.2", "1.2");
    symbol_is("1\b2", "1\b2");
    symbol_is("1\x0E"
              "2",
              "1\x0E"
              "2");
}

/* ー behind kana is a letter, elsewhere people mean a hyphen. */
static void e1_a_long_vowel_mark_between_digits_is_a_hyphen(void **state)
{
    (void)state;
    symbol_is("１ー２", "12");
    symbol_is("1ｰ2", "12");
    symbol_is("港ー２", "港2");
    symbol_is("コー２", "コー2");
    symbol_is("ｶﾞｰ2", "ガー2");
    symbol_is("ー", "");
}

static void e1_variation_selectors_do_not_count(void **state)
{
    (void)state;
    symbol_is("葛\U000E0100飾1", "葛飾1");
    symbol_is("葛飾\xE2\x80\x8B"
              "1",
              "葛飾1");
    symbol_is("か\xE3\x82\x99", "が");
}

static void e1_leading_zeros_of_the_number_do_not_count(void **state)
{
    (void)state;
    number_is("00012", "12");
    number_is("０００１２", "12");
    number_is("0-0-12", "12");
    number_is("0000", "0");
    number_is("0", "0");
    number_is("", "");
    number_is("100", "100");
}

static void e1_hostile_texts_are_refused(void **state)
{
    static const char *const hostile[] = {
        "123456789012345678901",
        "\xC0\xAF",
        "\xED\xA0\x80",
        "12\xE3\x81",
        "\xFF\xFEx",
        "あいうえおかきくけこさしすせそたちつてとな",
        "ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ",
        "㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿",
    };
    char out[INSURED_NORMAL_SIZE] = "before";

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        assert_false(insured_text_normalise(text_of(hostile[i]), true, out));
        assert_string_equal(out, "");
    }
    assert_false(insured_text_normalise(TEXT("1\0002"), false, out));
}

static void e1_twenty_characters_fit(void **state)
{
    (void)state;
    number_is("12345678901234567890", "12345678901234567890");
    symbol_is("漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢",
              "漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢");
    symbol_is("𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷",
              "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷");
}

static void branch_is(const char *typed, const char *read)
{
    char out[3];

    assert_true(insured_branch_read(text_of(typed), out));
    assert_string_equal(out, read);
}

static void e1_branches_have_two_digits(void **state)
{
    static const char *const hostile[] = {"001", "a", "-1", "1.", "０１２", "\xE3\x81", "一"};
    static char blanks[200];
    char out[3];

    (void)state;
    memset(blanks, ' ', sizeof blanks);
    assert_false(insured_branch_read((struct text){blanks, sizeof blanks}, out));
    branch_is("", "");
    branch_is("  ", "");
    branch_is("1", "01");
    branch_is("01", "01");
    branch_is("１", "01");
    branch_is("０２", "02");
    branch_is(" 3 ", "03");
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        assert_false(insured_branch_read(text_of(hostile[i]), out));
        assert_string_equal(out, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_symbols_match_however_they_are_typed),
        cmocka_unit_test(e1_separators_are_dropped_wherever_they_stand),
        cmocka_unit_test(e1_a_long_vowel_mark_between_digits_is_a_hyphen),
        cmocka_unit_test(e1_variation_selectors_do_not_count),
        cmocka_unit_test(e1_leading_zeros_of_the_number_do_not_count),
        cmocka_unit_test(e1_hostile_texts_are_refused),
        cmocka_unit_test(e1_twenty_characters_fit),
        cmocka_unit_test(e1_branches_have_two_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
