/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/cp932.h"

#define LIMIT (1 << 20)

/* Asserts what a UTF-8 text becomes. */
static void becomes(const char *utf8, const char *cp932, size_t count)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text out = {0};
    size_t replaced = 99;

    assert_int_equal(utf8_to_cp932(&scope, text_of(utf8), &out, &replaced), STATUS_OK);
    assert_int_equal(out.size, strlen(cp932));
    assert_memory_equal(out.bytes, cp932, out.size);
    assert_int_equal(out.bytes[out.size], 0);
    assert_int_equal(replaced, count);
}

/* Asserts that CP932 bytes are refused. */
static void refused(const char *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text out = {0};

    assert_int_equal(cp932_to_utf8(&scope, (struct text){bytes, size}, &out), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_ENCODING);
    assert_null(out.bytes);
}

static void windows_extensions_survive_both_ways(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text cp932 = {0};
    struct text utf8 = {0};
    size_t replaced = 0;

    (void)state;
    becomes("髙﨑①㈱ﾔﾏﾀﾞ", "\xFB\xFC\xFA\xB1\x87\x40\x87\x8A\xD4\xCF\xC0\xDE", 0);
    assert_int_equal(utf8_to_cp932(&scope, TEXT("髙﨑　①㈱ﾔﾏﾀﾞ \\~"), &cp932, &replaced),
                     STATUS_OK);
    assert_int_equal(cp932_to_utf8(&scope, cp932, &utf8), STATUS_OK);
    assert_true(text_is(utf8, "髙﨑　①㈱ﾔﾏﾀﾞ \\~"));
    /* the other place that 髙 has in CP932 */
    assert_int_equal(cp932_to_utf8(&scope, TEXT("\xEE\xE0"), &utf8), STATUS_OK);
    assert_true(text_is(utf8, "髙"));
}

static void what_cp932_cannot_hold_becomes_one_geta(void **state)
{
    (void)state;
    becomes("𠮷", "\x81\x9C", 1);
    becomes("𠮷\U000E0100次", "\x81\x9C\x8E\x9F", 1); /* a base with its selector: one */
    becomes("é🙂", "\x81\x9C\x81\x9C", 2);
    becomes("か\u3099", "\x82\xA9\x81\x9C", 1); /* a combining mark is a character of its own */
    becomes("", "", 0);
}

static void selectors_alone_leave_no_trace(void **state)
{
    (void)state;
    becomes("葛\U000E0101城", "\x8A\x8B\x8F\xE9", 0);
    becomes("\uFE00", "", 0);
    becomes("\U000E01EF\U000E0100", "", 0);
}

static void look_alikes_are_mapped(void **state)
{
    (void)state;
    becomes("〜～", "\x81\x60\x81\x60", 0);
    becomes("−－", "\x81\x7C\x81\x7C", 0);
    becomes("‖∥", "\x81\x61\x81\x61", 0);
    becomes("—―", "\x81\x5C\x81\x5C", 0);
    becomes("¢£¬", "\x81\x91\x81\x92\x81\xCA", 0);
    becomes("¥‾¦\u00A0", "\x81\x8F\x81\x50\xFA\x55 ", 0); /* not a backslash, not a tilde */
}

static void only_cp932_is_read(void **state)
{
    (void)state;
    refused("\x80", 1);
    refused("\xA0", 1);
    refused("\xFD", 1);
    refused("\xFF", 1);
    refused("\x81", 1);     /* cut in the middle */
    refused("\x81\x7F", 2); /* no trail byte */
    refused("\x85\x40", 2); /* not assigned */
    refused("a\0b", 3);     /* NUL */
    refused("\x81\0", 2);
    refused("\xE9\xAB\x99", 3); /* 髙 in UTF-8: the third byte leads nothing */
}

static void only_utf8_is_written(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text out = {0};
    size_t replaced = 0;

    (void)state;
    assert_int_equal(utf8_to_cp932(&scope, TEXT("\x8E\x52"), &out, &replaced), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_ENCODING);
    scope_forgive(&scope);
    assert_int_equal(utf8_to_cp932(&scope, TEXT("a\0b"), &out, &replaced), STATUS_INVALID);
    scope_forgive(&scope);
    assert_int_equal(utf8_to_cp932(&scope, TEXT("\xED\xA0\x80"), &out, &replaced), STATUS_INVALID);
}

static void all_of_cp932_comes_back(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    int read = 0;

    (void)state;
    for (unsigned lead = 0x81; lead <= 0xFC; lead++)
        for (unsigned trail = 0x40; trail <= 0xFC; trail++) {
            char bytes[2] = {(char)lead, (char)trail};
            struct text utf8 = {0}, cp932 = {0}, again = {0};
            size_t replaced = 0;
            scope_reset(&scope);
            if (cp932_to_utf8(&scope, (struct text){bytes, 2}, &utf8) != STATUS_OK)
                continue;
            read++;
            assert_int_equal(utf8_to_cp932(&scope, utf8, &cp932, &replaced), STATUS_OK);
            assert_int_equal(cp932_to_utf8(&scope, cp932, &again), STATUS_OK);
            assert_true(text_equal(utf8, again));
            assert_int_equal(replaced, 0);
        }
    assert_true(read > 9000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_extensions_survive_both_ways),
        cmocka_unit_test(what_cp932_cannot_hold_becomes_one_geta),
        cmocka_unit_test(selectors_alone_leave_no_trace),
        cmocka_unit_test(look_alikes_are_mapped),
        cmocka_unit_test(only_cp932_is_read),
        cmocka_unit_test(only_utf8_is_written),
        cmocka_unit_test(all_of_cp932_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
