/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/register_comparison.h"

static const struct register_identity held = {
    .name = {"高橋　ハナ", sizeof "高橋　ハナ" - 1},
    .kana = {"ﾀｶﾊｼ ﾊﾅ", sizeof "ﾀｶﾊｼ ﾊﾅ" - 1},
    .address = {"東京都架空区見本町５－６", sizeof "東京都架空区見本町５－６" - 1},
    .birth = {19540203},
    .sex = SEX_FEMALE,
};

static void is(const struct register_identity *reported, int difference, const char *rule)
{
    const struct register_comparison found = register_compare(reported, &held);

    assert_int_equal(found.difference, difference);
    assert_string_equal(rule_at(found.rule)->id, rule);
}

/* The table of insurers-and-documents 2.4, every combination of the five items. */
static void e1_each_difference_has_its_class(void **state)
{
    (void)state;
    for (unsigned items = 0; items < 32; items++) {
        struct register_identity reported = held;
        struct register_comparison found = {0};
        bool names = (items & REGISTER_NAME) && (items & REGISTER_KANA);
        bool one = ((items & REGISTER_NAME) != 0) != ((items & REGISTER_KANA) != 0);
        int wanted = 0;

        if (items & REGISTER_BIRTH)
            reported.birth = DATE(19540204);
        if (items & REGISTER_SEX)
            reported.sex = SEX_MALE;
        if (items & REGISTER_NAME)
            reported.name = TEXT("高橋　花");
        if (items & REGISTER_KANA)
            reported.kana = TEXT("ﾀｶﾊｼ ﾊﾙ");
        if (items & REGISTER_ADDRESS)
            reported.address = TEXT("東京都架空区見本町５－７");
        if (items & (REGISTER_BIRTH | REGISTER_SEX))
            wanted = 1;
        else if (names || (one && (items & REGISTER_ADDRESS)))
            wanted = 2;
        else if (items == REGISTER_ADDRESS)
            wanted = 3;
        found = register_compare(&reported, &held);
        assert_int_equal(found.items, items);
        assert_int_equal(found.difference, wanted);
    }
}

static void e1_each_class_names_its_rule(void **state)
{
    struct register_identity reported = held;

    (void)state;
    is(&held, 0, "E1.register_equal");
    reported.birth = DATE_NONE;
    is(&reported, 1, "E1.register_class_1");
    reported = held;
    reported.kana = TEXT("");
    is(&reported, 0, "E1.register_one_name");
    reported.address = TEXT("");
    is(&reported, 2, "E1.register_class_2");
    reported.kana = held.kana;
    is(&reported, 3, "E1.register_class_3");
    assert_int_equal(register_unknown().difference, 1);
    assert_string_equal(rule_at(register_unknown().rule)->id, "E1.register_unknown");
}

static void e1_a_sex_that_is_not_told_is_not_compared(void **state)
{
    struct register_identity reported = held;

    (void)state;
    reported.sex = SEX_NOT_SET;
    is(&reported, 0, "E1.register_equal");
    reported.sex = SEX_NONE;
    is(&reported, 0, "E1.register_equal");
    reported.sex = SEX_MALE;
    is(&reported, 1, "E1.register_class_1");
}

static void same_name(const char *a, const char *b, bool same)
{
    char one[REGISTER_ITEM_MAX + 1];
    char other[REGISTER_ITEM_MAX + 1];

    assert_true(register_normalise_name(text_of(a), one));
    assert_true(register_normalise_name(text_of(b), other));
    if ((strcmp(one, other) == 0) != same)
        fail_msg("%s and %s: %s", a, b, same ? "differ" : "fall together");
}

static void e1_two_ways_of_writing_a_name_are_one(void **state)
{
    static const char *const pairs[][2] = {
        {"髙橋　ハナ", "高橋　ハナ"},
        {"山﨑　一", "山崎一"},
        {"斎藤", "齋藤"},
        {"斉藤", "斎藤"},
        {"渡邊 薫", "渡辺　薫"},
        {"𠮷田", "吉田"},
        {"葛\U000E0100城", "葛城"},
        {"佐々木", "佐佐木"},
        {"ＳＭＩＴＨ　ＪＯＨＮ", "Smith John"},
        {"塚本", "塚本"},
        {"ジョン・スミス", "ｼﾞｮﾝｽﾐｽ"},
        {"", "　"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        same_name(pairs[i][0], pairs[i][1], true);
    same_name("山田", "山口", false);
    same_name("太郎", "大郎", false);
    same_name("ジョン", "ジヨン", false); /* small letters count in a name, not in its kana */
}

static void e1_a_name_written_otherwise_is_equal_with_a_note(void **state)
{
    struct register_identity reported = held;
    struct register_comparison found = {0};

    (void)state;
    reported.name = TEXT("髙橋ハナ");
    reported.kana = TEXT("タカハシ　ハナ");
    reported.address = TEXT("架空区見本町五番６号");
    found = register_compare(&reported, &held);
    assert_int_equal(found.difference, 0);
    assert_int_equal(found.items, 0);
    assert_int_equal(found.rewritten, REGISTER_NAME | REGISTER_KANA | REGISTER_ADDRESS);
    assert_string_equal(rule_at(found.rule)->id, "E1.register_variant");
}

static void e1_the_table_of_variants_is_sorted_and_has_no_chains(void **state)
{
    static const struct {
        int32_t variant, common;
    } rows[] = {
#define VARIANT(variant, common) {variant, common},
#include "domain/name_variants.def"
#undef VARIANT
    };
    const size_t count = sizeof rows / sizeof rows[0];

    (void)state;
    assert_true(count > 200);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            assert_true(rows[i - 1].variant < rows[i].variant);
        for (size_t j = 0; j < count; j++)
            assert_int_not_equal(rows[i].common, rows[j].variant);
    }
}

static void kana_is(const char *from, const char *to)
{
    char out[REGISTER_ITEM_MAX + 1];

    assert_true(register_normalise_kana(text_of(from), out));
    assert_string_equal(out, to);
}

static void e1_kana_fall_together_by_width_and_size(void **state)
{
    (void)state;
    kana_is("ﾀｶﾊｼ ﾊﾅ", "タカハシハナ");
    kana_is("ｼﾞｭﾝ", "ジユン");
    kana_is("じゅん", "ジユン");
    kana_is("ﾕ-ｺ", "ユーコ");
    kana_is("ｿｸﾞﾙ･ｴｯﾁ", "ソグルエツチ");
}

static void address_is(const char *from, const char *to)
{
    char out[REGISTER_ITEM_MAX + 1];

    assert_true(register_normalise_address(text_of(from), out));
    assert_string_equal(out, to);
}

static void e1_addresses_fall_together_by_their_numbers(void **state)
{
    (void)state;
    address_is("東京都架空区例示二丁目３番４号", "架空区例示2-3-4");
    address_is("架空区例示２－３－４", "架空区例示2-3-4");
    address_is("架空区 例示 2-3-4", "架空区例示2-3-4");
    address_is("東京都架空区例示十二丁目３番地", "架空区例示12-3");
    address_is("二十三丁目", "23");
    address_is("十丁目１", "10-1");
    address_is("神奈川県架空市大字見本１", "架空市見本1");
    address_is("北海道架空市", "架空市");
    address_is("京都府京都市", "京都市");
    address_is("架空市見本１　架空ハイツ１０１", "架空市見本1架空ハイツ101");
    address_is("見本ヶ原三条西", "見本ケ原三条西"); /* no unit behind: no number */
    address_is("", "");
    address_is("－－－", "---");
}

static void e1_what_is_no_text_differs_from_everything(void **state)
{
    static char longest[REGISTER_ITEM_MAX + 2];
    char out[REGISTER_ITEM_MAX + 1];
    struct register_identity reported = held;

    (void)state;
    memset(longest, 'a', REGISTER_ITEM_MAX + 1);
    assert_false(register_normalise_name((struct text){longest, REGISTER_ITEM_MAX + 1}, out));
    assert_true(register_normalise_name((struct text){longest, REGISTER_ITEM_MAX}, out));
    assert_false(register_normalise_name(TEXT("\xff\xfe"), out));
    assert_false(register_normalise_address(TEXT("\xe3\x81"), out));
    reported.name = TEXT("\xff");
    is(&reported, 0, "E1.register_one_name");
}

static void e1_a_reason_covers_its_class_and_lighter_ones(void **state)
{
    (void)state;
    assert_false(register_reason_stands(0, 3));
    assert_true(register_reason_stands(3, 3));
    assert_false(register_reason_stands(3, 2));
    assert_false(register_reason_stands(2, 1));
    assert_true(register_reason_stands(1, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_each_difference_has_its_class),
        cmocka_unit_test(e1_each_class_names_its_rule),
        cmocka_unit_test(e1_a_sex_that_is_not_told_is_not_compared),
        cmocka_unit_test(e1_two_ways_of_writing_a_name_are_one),
        cmocka_unit_test(e1_a_name_written_otherwise_is_equal_with_a_note),
        cmocka_unit_test(e1_the_table_of_variants_is_sorted_and_has_no_chains),
        cmocka_unit_test(e1_kana_fall_together_by_width_and_size),
        cmocka_unit_test(e1_addresses_fall_together_by_their_numbers),
        cmocka_unit_test(e1_what_is_no_text_differs_from_everything),
        cmocka_unit_test(e1_a_reason_covers_its_class_and_lighter_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
