/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/tus.h"

#define HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
/* base64 of HASH */
#define HASH64                                                                                     \
    "YmE3ODE2YmY4ZjAxY2ZlYTQxNDE0MGRlNWRhZTIyMjNiMDAzNjFhMzk2MTc3YTljYjQxMGZmNjFmMjAwMTVhZA=="

static void numbers_are_digits_only(void **state)
{
    static const char *const wrong[] = {
        "", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1,2", "9999999999999999999", "１"};
    int64_t number = 0;

    (void)state;
    assert_true(tus_read_number("0", &number));
    assert_int_equal(number, 0);
    assert_true(tus_read_number("999999999999999999", &number));
    assert_int_equal(number, 999999999999999999);
    assert_false(tus_read_number(NULL, &number));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(tus_read_number(wrong[i], &number));
}

static void metadata_gives_name_and_hash(void **state)
{
    struct tus_metadata read = {.name = "x"};

    (void)state;
    assert_true(tus_read_metadata(NULL, &read));
    assert_string_equal(read.name, "");
    assert_true(tus_read_metadata("filename YXByaWwuY3N2,sha256 " HASH64, &read));
    assert_string_equal(read.name, "april.csv");
    assert_string_equal(read.sha256, HASH);
    assert_true(tus_read_metadata("is_confidential,filename 5ZubLmNzdg== , other YQ==", &read));
    assert_string_equal(read.name, "四.csv");
    assert_string_equal(read.sha256, "");
    assert_true(tus_read_metadata("filename YQ==,name Yg==", &read));
    assert_string_equal(read.name, "a");
    assert_true(tus_read_metadata("name Yg==,filename YQ==", &read));
    assert_string_equal(read.name, "a");
    assert_true(tus_read_metadata("name Yg==", &read));
    assert_string_equal(read.name, "b");
}

static void metadata_that_is_none_is_refused(void **state)
{
    static const char *const wrong[] = {
        "filename !!!!",
        "filename YQ",
        "filename YQ==,filename YQ==",
        ",",
        "a,",
        ",a",
        "a  YQ==  b",
        "filename AGE=", /* NUL, a */
        "filename Cg==", /* line feed */
        "filename /w==", /* no UTF-8 */
        "sha256 YQ==",
        "sha256",
        "f\xc3\xa9 YQ==",
        "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
    };
    static char large[TUS_METADATA_MAX + 2];
    struct tus_metadata read = {.name = ""};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(tus_read_metadata(wrong[i], &read));
    memset(large, 'a', sizeof large - 1);
    assert_false(tus_read_metadata(large, &read));
    memcpy(large, "filename ", 9); /* within the limit, but the name is too long */
    large[9 + 400] = '\0';
    assert_false(tus_read_metadata(large, &read));
}

static void ranges_are_within_the_reply(void **state)
{
    static const struct {
        const char *value;
        int64_t first, last;
        bool whole, good;
    } rows[] = {
        {"bytes=0-0", 0, 0, false, true},    {"bytes=5-", 5, 9, false, true},
        {"bytes=5-100", 5, 9, false, true},  {"bytes=-3", 7, 9, false, true},
        {"bytes=-100", 0, 9, false, true},   {"bytes=10-", 10, 9, false, false},
        {"bytes=-0", 10, 9, false, false},   {"bytes=3-2", 0, 9, true, true},
        {"bytes=1-2,4-5", 0, 9, true, true}, {"bytes=", 0, 9, true, true},
        {"bytes=-", 0, 9, true, true},       {"items=1-2", 0, 9, true, true},
        {"bytes=a-2", 0, 9, true, true},     {"", 0, 9, true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tus_range range = {-1, -1};
        bool whole = false;
        assert_int_equal(tus_read_range(rows[i].value, 10, &range, &whole), rows[i].good);
        assert_int_equal(whole, rows[i].whole);
        if (!rows[i].good)
            continue;
        assert_int_equal(range.first, rows[i].first);
        assert_int_equal(range.last, rows[i].last);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_digits_only),
        cmocka_unit_test(metadata_gives_name_and_hash),
        cmocka_unit_test(metadata_that_is_none_is_refused),
        cmocka_unit_test(ranges_are_within_the_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
