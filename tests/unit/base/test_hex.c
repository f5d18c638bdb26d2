/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hex.h"

static void every_byte_comes_back(void **state)
{
    unsigned char bytes[256], read[256];
    char digits[513];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    hex_write(bytes, sizeof bytes, digits);
    assert_int_equal(digits[512], '\0');
    assert_true(hex_read((struct text){digits, 512}, read, sizeof read));
    assert_memory_equal(read, bytes, sizeof bytes);
}

static void both_cases_are_read_and_lower_case_is_written(void **state)
{
    unsigned char read[2];
    char digits[5];

    (void)state;
    assert_true(hex_read(TEXT("aBCd"), read, sizeof read));
    hex_write(read, sizeof read, digits);
    assert_string_equal(digits, "abcd");
}

static void what_is_no_digit_or_another_length_is_refused(void **state)
{
    static const char near[] = "/:@G`g \0";
    unsigned char read[2];

    (void)state;
    for (size_t i = 0; i < sizeof near; i++)
        assert_int_equal(hex_digit(near[i]), -1);
    assert_int_equal(hex_digit((char)0xE3), -1);
    assert_false(hex_read(TEXT("abc"), read, sizeof read));
    assert_false(hex_read(TEXT("abcde"), read, sizeof read));
    assert_false(hex_read(TEXT("abcg"), read, sizeof read));
    assert_false(hex_read(TEXT("gbcd"), read, sizeof read));
    assert_true(hex_read(TEXT(""), read, 0));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(both_cases_are_read_and_lower_case_is_written),
        cmocka_unit_test(what_is_no_digit_or_another_length_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
