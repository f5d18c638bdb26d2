/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format/base64.h"

static void reads_is(const char *base64, const char *bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct text out = {0};

    assert_int_equal(base64_read(&scope, text_of(base64), 10, &out), STATUS_OK);
    assert_true(text_is(out, bytes));
}

static void refused(const char *base64, enum cause cause)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct text out = {0};

    assert_int_equal(base64_read(&scope, text_of(base64), 10, &out), STATUS_INVALID);
    assert_int_equal(scope.cause, cause);
}

static void reads_what_the_standard_shows(void **state)
{
    (void)state;
    reads_is("", "");
    reads_is("Zg==", "f");
    reads_is("Zm8=", "fo");
    reads_is("Zm9v", "foo");
    reads_is("Zm9v\r\nYmFy\n", "foobar");
    reads_is("/+/+", "\xFF\xEF\xFE");
}

static void refuses_everything_else(void **state)
{
    (void)state;
    refused("Zg", CAUSE_TEXT_WRONG);
    refused("Zg=", CAUSE_TEXT_WRONG);
    refused("Z===", CAUSE_TEXT_WRONG);
    refused("====", CAUSE_TEXT_WRONG);
    refused("Zm9v=", CAUSE_TEXT_WRONG);
    refused("Zm9v==", CAUSE_TEXT_WRONG);
    refused("Zg==Zg==", CAUSE_TEXT_WRONG);
    refused("Zh==", CAUSE_TEXT_WRONG); /* spare bits */
    refused("Zm9=", CAUSE_TEXT_WRONG);
    refused("Zm 9v", CAUSE_TEXT_WRONG);
    refused("Zm-_", CAUSE_TEXT_WRONG);
    refused("Zm9\x80", CAUSE_TEXT_WRONG);
    refused("Zm9vYmFyZm9vYmFy", CAUSE_VALUE_TOO_LONG);
}

static void all_bytes_come_back(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    char bytes[256];

    (void)state;
    for (size_t size = 0; size < sizeof bytes; size++) {
        struct text text = {0}, again = {0};
        bytes[size] = (char)(255 - size);
        assert_int_equal(base64_write(&scope, (struct text){bytes, size}, &text), STATUS_OK);
        assert_int_equal(text.size, (size + 2) / 3 * 4);
        assert_int_equal(base64_read(&scope, text, size, &again), STATUS_OK);
        assert_true(text_equal(again, (struct text){bytes, size}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_standard_shows),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(all_bytes_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
