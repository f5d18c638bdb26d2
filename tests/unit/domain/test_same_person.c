/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/same_person.h"

static struct person first, second;

static int begin(void **state)
{
    (void)state;
    first = second = (struct person){
        .name = TEXT("髙橋　花子"),
        .name_kana = TEXT("ﾀｶﾊｼ ﾊﾅｺ"),
        .address = TEXT("東京都架空区試験１丁目２番３号"),
        .birth = DATE(19850203),
        .sex1 = SEX_FEMALE,
    };
    return 0;
}

/* numbers: how many of the two records have one. */
static enum same_person_answer decide(int numbers)
{
    const struct same_person_record a = {&first, numbers > 0};
    const struct same_person_record b = {&second, numbers > 1};
    enum same_person_answer answer = same_person_decide(&a, &b);

    assert_int_equal(same_person_decide(&b, &a), answer);
    return answer;
}

static void e1_five_items_without_two_numbers_are_certain(void **state)
{
    (void)state;
    assert_int_equal(decide(0), SAME_PERSON_CERTAIN);
    assert_int_equal(decide(1), SAME_PERSON_CERTAIN);
    assert_int_equal(decide(2), SAME_PERSON_PROBABLE); /* one number is wrong, or was changed */
    second.name = TEXT("高橋 花子");                   /* written otherwise, and yet the same */
    second.name_kana = TEXT("タカハシ　ハナコ");
    second.address = TEXT("架空区試験1-2-3");
    assert_int_equal(decide(1), SAME_PERSON_CERTAIN);
    second.sex1 = SEX_NOT_SET;
    assert_int_equal(decide(1), SAME_PERSON_CERTAIN);
    second.sex2 = SEX_MALE; /* on the paper's back */
    assert_int_equal(decide(1), SAME_PERSON_NO);
}

static void e1_four_items_are_probable_unless_each_has_a_number(void **state)
{
    (void)state;
    second.address = TEXT("大阪府架空市試験１");
    assert_int_equal(decide(1), SAME_PERSON_PROBABLE);
    assert_int_equal(decide(2), SAME_PERSON_NO);
    second.register_difference = 3; /* the address only: its number is right */
    assert_int_equal(decide(2), SAME_PERSON_NO);
    second.register_difference = 2; /* the register has another person under the number */
    assert_int_equal(decide(2), SAME_PERSON_PROBABLE);
    second.register_difference = 1;
    assert_int_equal(decide(2), SAME_PERSON_PROBABLE);
    second.address = first.address;
    second.name = TEXT("高橋　華子");
    assert_int_equal(decide(2), SAME_PERSON_PROBABLE);
    second.register_difference = 0;
    assert_int_equal(decide(2), SAME_PERSON_NO);
    assert_int_equal(decide(0), SAME_PERSON_PROBABLE);
}

static void e1_three_items_say_nothing(void **state)
{
    (void)state;
    second.name = TEXT("高橋　華子");
    second.address = TEXT("大阪府架空市試験１");
    second.register_difference = 1;
    assert_int_equal(decide(0), SAME_PERSON_NO);
    assert_int_equal(decide(2), SAME_PERSON_NO);
    first.name = second.name = TEXT(""); /* what neither tells is not the same */
    first.address = second.address = TEXT("");
    assert_int_equal(decide(0), SAME_PERSON_NO);
}

static void e1_another_birth_date_sex_or_kana_is_another_person(void **state)
{
    (void)state;
    second.birth = DATE(19850202);
    assert_int_equal(decide(0), SAME_PERSON_NO);
    second.birth = DATE(19850204);
    assert_int_equal(decide(0), SAME_PERSON_NO);
    second.birth = first.birth;
    second.sex1 = SEX_MALE;
    assert_int_equal(decide(0), SAME_PERSON_NO);
    second.sex1 = SEX_FEMALE;
    second.name_kana = TEXT("ﾀｶﾊｼ ﾊﾅｴ");
    assert_int_equal(decide(0), SAME_PERSON_NO);
    second.name_kana = TEXT("\xFF");
    assert_int_equal(decide(0), SAME_PERSON_NO);
}

static void e1_insurers_without_the_flag_are_not_led_to_the_protected_record(void **state)
{
    (void)state;
    assert_true(same_person_tells(&first, &second));
    second.protection = PROTECTION_SELF_REFUSAL;
    assert_false(same_person_tells(&first, &second));
    assert_true(same_person_tells(&second, &first));
    first.protection = PROTECTION_NON_DISCLOSURE;
    assert_true(same_person_tells(&first, &second));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(e1_five_items_without_two_numbers_are_certain, begin),
        cmocka_unit_test_setup(e1_four_items_are_probable_unless_each_has_a_number, begin),
        cmocka_unit_test_setup(e1_three_items_say_nothing, begin),
        cmocka_unit_test_setup(e1_another_birth_date_sex_or_kana_is_another_person, begin),
        cmocka_unit_test_setup(e1_insurers_without_the_flag_are_not_led_to_the_protected_record,
                               begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
