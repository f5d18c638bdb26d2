/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "terminal/visual_password.h"

static void e2_only_salt_and_hash_are_kept(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct visual_password password = {.set = false};
    struct text line = {0}, again = {0};

    (void)state;
    assert_int_equal(visual_password_make(&scope, TEXT("correct-horse"), &line), STATUS_OK);
    assert_int_equal(visual_password_make(&scope, TEXT("correct-horse"), &again), STATUS_OK);
    assert_false(text_equal(line, again)); /* another salt */
    assert_null(strstr(line.bytes, "horse"));
    assert_int_equal(visual_password_parse(&scope, line, &password), STATUS_OK);
    assert_int_equal(visual_password_check(&scope, &password, TEXT("correct-horse"), 0), STATUS_OK);
    assert_int_equal(visual_password_check(&scope, &password, TEXT("correct-horsf"), 0),
                     STATUS_DENIED);
    assert_null(strstr(scope.failure, "horsf"));
    scope_forgive(&scope);
    assert_int_equal(visual_password_check(&scope, &password, (struct text){0}, 0), STATUS_DENIED);
    scope_forgive(&scope);
    assert_int_equal(visual_password_make(&scope, TEXT("short"), &line), STATUS_INVALID);
}

static void e2_after_wrong_passwords_none_is_taken_for_a_while(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct visual_password password = {.set = false};
    struct text line = {0};

    (void)state;
    assert_int_equal(visual_password_make(&scope, TEXT("correct-horse"), &line), STATUS_OK);
    assert_int_equal(visual_password_parse(&scope, line, &password), STATUS_OK);
    for (int i = 0; i < VISUAL_WRONG_MAX; i++) {
        assert_int_equal(visual_password_check(&scope, &password, TEXT("guess"), 1000),
                         STATUS_DENIED);
        assert_int_equal(scope.cause, CAUSE_VISUAL_NOT_PERMITTED);
        scope_forgive(&scope);
    }
    assert_int_equal(visual_password_check(&scope, &password, TEXT("correct-horse"),
                                           999 + VISUAL_PAUSE_MILLISECONDS),
                     STATUS_DENIED);
    assert_int_equal(scope.cause, CAUSE_VISUAL_PASSWORD_PAUSED);
    scope_forgive(&scope);
    assert_int_equal(visual_password_check(&scope, &password, TEXT("correct-horse"),
                                           1000 + VISUAL_PAUSE_MILLISECONDS),
                     STATUS_OK);
}

static void a_line_that_is_none_is_refused(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct visual_password password = {.set = false};
    struct text line = {0};

    (void)state;
    assert_int_equal(visual_password_make(&scope, TEXT("correct-horse"), &line), STATUS_OK);
    for (size_t shorter = 0; shorter + 1 < line.size; shorter++) {
        assert_int_not_equal(
            visual_password_parse(&scope, (struct text){line.bytes, shorter}, &password),
            STATUS_OK);
        scope_forgive(&scope);
    }
    assert_false(password.set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_only_salt_and_hash_are_kept),
        cmocka_unit_test(e2_after_wrong_passwords_none_is_taken_for_a_while),
        cmocka_unit_test(a_line_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
