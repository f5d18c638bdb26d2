/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/scope.h"
#include "base/text.h"

static void only_well_formed_utf8_is_text(void **state)
{
    (void)state;
    assert_true(text_is_utf8(TEXT("髙﨑 𠮷\U000E0100")));
    assert_true(text_is_utf8(TEXT("")));
    assert_false(text_is_utf8(TEXT("a\0b")));
    assert_false(text_is_utf8(TEXT("\xC0\xAF")));
    assert_false(text_is_utf8(TEXT("\xED\xA0\x80")));
    assert_false(text_is_utf8(TEXT("\xF4\x90\x80\x80")));
    assert_false(text_is_utf8(TEXT("\xE3\x81")));
    assert_int_equal(text_length(TEXT("髙﨑𠮷")), 3);
}

static void numbers_are_digits_and_bounded(void **state)
{
    int64_t number = 0;

    (void)state;
    assert_true(text_read_number(TEXT("999999999999999999"), &number));
    assert_int_equal(number, 999999999999999999);
    assert_false(text_read_number(TEXT("1000000000000000000"), &number));
    assert_false(text_read_number(TEXT(""), &number));
    assert_false(text_read_number(TEXT("-1"), &number));
    assert_true(text_is(text_trim(TEXT(" \t139998 \r\n")), "139998"));
}

static void a_scope_hands_out_no_more_than_its_limit(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1000);
    char *bytes = NULL;

    (void)state;
    assert_int_equal(scope_alloc(&scope, 500, 1, &bytes), STATUS_OK);
    assert_int_equal(bytes[499], 0);
    assert_int_equal(scope_alloc(&scope, 600, 1, &bytes), STATUS_EXHAUSTED);
    assert_int_equal(scope.cause, CAUSE_MEMORY_LIMIT);
    assert_int_equal(scope_alloc(&scope, SIZE_MAX / 2, 3, &bytes), STATUS_EXHAUSTED);
    scope_reset(&scope);
    assert_int_equal(scope.cause, CAUSE_NONE);
    assert_int_equal(scope_alloc(&scope, 600, 1, &bytes), STATUS_OK);
}

static void a_buffer_keeps_its_first_failure(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(2000);
    struct text_buffer buffer = text_buffer_begin(&scope, 8);
    struct text text = {0};

    (void)state;
    for (int i = 0; i < 100; i++)
        text_buffer_add_format(&buffer, "%d,", i);
    assert_int_equal(text_buffer_end(&buffer, &text), STATUS_OK);
    assert_int_equal(text.size, 290);
    assert_int_equal(strlen(text.bytes), 290);
    for (int i = 0; i < 1000; i++)
        text_buffer_add(&buffer, TEXT("long enough"));
    assert_int_equal(text_buffer_end(&buffer, &text), STATUS_EXHAUSTED);
}

static void request_ids_differ(void **state)
{
    struct scope a = scope_begin(0), b = scope_begin(0);

    (void)state;
    assert_string_not_equal(a.id, b.id);
    assert_int_equal(strlen(a.id), 16);
    scope_end(&a);
    scope_end(&b);
}

static void every_cause_has_its_texts(void **state)
{
    (void)state;
    for (int i = 1; i < CAUSE_COUNT; i++) {
        const struct failure_text *text = failure_text((enum cause)i);
        assert_int_equal(strlen(text->code), 8);
        assert_int_equal(failure_cause(text->code), i);
        assert_true(text_length(text_of(text->desk_ja)) > 0);
        assert_true(text_length(text_of(text->desk_ja)) <= 60);
        assert_true(*text->desk_en && *text->it_ja && *text->it_en);
        assert_int_equal(text->status == STATUS_OK, text->code[4] == '7');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_well_formed_utf8_is_text),
        cmocka_unit_test(numbers_are_digits_and_bounded),
        cmocka_unit_test(a_scope_hands_out_no_more_than_its_limit),
        cmocka_unit_test(a_buffer_keeps_its_first_failure),
        cmocka_unit_test(request_ids_differ),
        cmocka_unit_test(every_cause_has_its_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
