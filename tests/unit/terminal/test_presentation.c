/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "terminal/presentation.h"

static void e2_a_presentation_says_card_mode_and_consents(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct presentation read = {0};

    (void)state;
    assert_int_equal(presentation_read(&scope,
                                       TEXT("\xEF\xBB\xBF# demo\r\ncard = cards/a b.card\r\n"
                                            "mode=pin\r\n pin = 0412 \r\n\r\n"
                                            "consent = limit, checkup ,operation\r\n"
                                            "on = 2026-11-05\r\nlast-try = yes\r\nregister = yes"),
                                       &read),
                     STATUS_OK);
    assert_string_equal(read.card, "cards/a b.card");
    assert_int_equal(read.mode, IDENTITY_PIN);
    assert_string_equal(read.pin, "0412");
    assert_int_equal(read.consents, CONSENT_LIMIT | CONSENT_CHECKUP | CONSENT_OPERATION);
    assert_int_equal(read.on.yyyymmdd, 20261105);
    assert_true(read.last_try);
    assert_true(read.registers); /* R1 */
    presentation_wipe(&read);
    assert_string_equal(read.pin, "");
}

static void e2_face_and_visual_need_no_pin(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct presentation read = {0};

    (void)state;
    assert_int_equal(
        presentation_read(&scope, TEXT("card=/a.card\nmode=face\nconsent=none\n"), &read),
        STATUS_OK);
    assert_int_equal(read.mode, IDENTITY_FACE);
    assert_int_equal(read.consents, 0);
    assert_false(date_is(read.on));
    assert_int_equal(presentation_read(&scope, TEXT("mode=visual\ncard=x"), &read), STATUS_OK);
    assert_int_equal(read.mode, IDENTITY_VISUAL);
    assert_int_equal(presentation_read(&scope, TEXT("mode=face\n"), &read), STATUS_OK);
    assert_string_equal(read.card, ""); /* the one on the PC/SC reader */
}

static void a_wrong_presentation_is_refused_without_its_values(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum cause cause;
    } rows[] = {
#define ROW(literal, cause) {literal, sizeof(literal) - 1, cause}
        ROW("", CAUSE_ELEMENT_MISSING),
        ROW("card=a\n", CAUSE_ELEMENT_MISSING),
        ROW("card=\nmode=face\n", CAUSE_ELEMENT_MISSING),
        ROW("card=a\nmode=pin\n", CAUSE_ELEMENT_MISSING),
        ROW("card=a\ncard=b\nmode=face\n", CAUSE_ELEMENT_REPEATED),
        ROW("card=a\nmode=iris\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=pin\npin=98765\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=pin\npin=98a7\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=face\nconsent=all\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=face\nconsent=limit,,\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=face\non=2023-02-29\n", CAUSE_DATE_WRONG),
        ROW("card=a\nmode=face\non=20230228000000000000\n", CAUSE_DATE_WRONG),
        ROW("card=a\nmode=face\nlast-try=maybe\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=a\nmode=face\ncolour=9876\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card a\n", CAUSE_CODE_VALUE_WRONG),
        ROW("card=\xFF\nmode=face\n", CAUSE_ENCODING),
        ROW("card=a\0b\nmode=face\n", CAUSE_ENCODING),
#undef ROW
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(10000);
        struct presentation read = {.pin = "----"};
        assert_int_not_equal(
            presentation_read(&scope, (struct text){rows[i].bytes, rows[i].size}, &read),
            STATUS_OK);
        assert_int_equal(scope.cause, rows[i].cause);
        assert_null(strstr(scope.failure, "98"));
        assert_string_equal(read.pin, "----"); /* out is set on success only */
    }
}

static void a_presentation_is_bounded(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    static char bytes[PRESENTATION_MAX + 1];
    struct presentation read = {0};

    (void)state;
    memset(bytes, '#', sizeof bytes);
    assert_int_equal(presentation_read(&scope, (struct text){bytes, sizeof bytes}, &read),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_VALUE_TOO_LONG);
    scope_forgive(&scope);
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes, "card=", 5);
    assert_int_equal(presentation_read(&scope, (struct text){bytes, 2000}, &read), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_VALUE_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_a_presentation_says_card_mode_and_consents),
        cmocka_unit_test(e2_face_and_visual_need_no_pin),
        cmocka_unit_test(a_wrong_presentation_is_refused_without_its_values),
        cmocka_unit_test(a_presentation_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
