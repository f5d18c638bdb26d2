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
    char out[BASE64_ROOM(16)];
    size_t size = 0;

    assert_true(base64_read(text_of(base64), out, &size));
    assert_true(text_is((struct text){out, size}, bytes));
}

static void refused(const char *base64)
{
    char out[BASE64_ROOM(16)];
    size_t size = 0;

    assert_false(base64_read(text_of(base64), out, &size));
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
    refused("Zg");
    refused("Zg=");
    refused("Z===");
    refused("====");
    refused("Zm9v=");
    refused("Zm9v==");
    refused("Zg==Zg==");
    refused("Zh=="); /* spare bits */
    refused("Zm9=");
    refused("Zm 9v");
    refused("Zm-_");
    refused("Zm9\x80");
}

static void all_bytes_come_back(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    char bytes[256];

    (void)state;
    for (size_t size = 0; size < sizeof bytes; size++) {
        struct text text = {0};
        char again[BASE64_ROOM(344)];
        size_t read = 0;
        bytes[size] = (char)(255 - size);
        assert_int_equal(base64_write(&scope, (struct text){bytes, size}, &text), STATUS_OK);
        assert_int_equal(text.size, (size + 2) / 3 * 4);
        assert_true(base64_read(text, again, &read));
        assert_int_equal(read, size);
        assert_memory_equal(again, bytes, size);
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
