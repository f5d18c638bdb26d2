/* SPDX-License-Identifier: Apache-2.0
 *
 * The invented card's certificate ends on 2029-11-14: alert from 2029-08-15, grace to 2030-02-28.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/card_world.h"
#include "terminal/reader_board.h"
#include "terminal/reader_notice.h"

static struct reader_warning on(int day, bool phone)
{
    return reader_warning_of(card_world.image.auth_certificate, phone, DATE(day));
}

static bool says(const struct reader_warning *warning, const char *words)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct text_buffer buffer = text_buffer_begin(&scope, 256);
    struct text json = {0};

    reader_warning_add(&buffer, warning);
    assert_int_equal(text_buffer_end(&buffer, &json), STATUS_OK);
    return strstr(json.bytes, words) != NULL;
}

static void k1_renewal_is_advised_with_the_days_left(void **state)
{
    struct reader_warning warning = on(20290814, false);

    (void)state;
    assert_false(reader_warns(&warning));
    warning = on(20290815, false);
    assert_int_equal(warning.phase, PHASE_ALERT);
    assert_int_equal(warning.days, 91);
    warning = on(20291114, false);
    assert_true(reader_warns(&warning));
    assert_int_equal(warning.days, 0);
    warning = on(20291104, true);
    assert_true(says(&warning, "\"kind\":\"renew\""));
    assert_true(says(&warning, "(2029-11-14)まであと10日です"));
    assert_true(says(&warning, "expires on 2029-11-14, in 10 days"));
}

static void k2_in_the_grace_eligibility_only_is_said_and_a_phone_has_none(void **state)
{
    struct reader_warning warning = on(20291115, false);

    (void)state;
    assert_int_equal(warning.phase, PHASE_GRACE);
    assert_int_equal(warning.last.yyyymmdd, 20300228);
    assert_int_equal(warning.days, 105);
    assert_true(says(&warning, "\"kind\":\"grace\""));
    assert_true(says(&warning, "資格の確認のみできます(あと105日)"));
    assert_true(says(&warning, "eligibility only, for 105 more days"));
    warning = on(20300228, false);
    assert_int_equal(warning.days, 0);
    warning = on(20300301, false);
    assert_false(reader_warns(&warning));
    warning = on(20291115, true);
    assert_false(reader_warns(&warning));
}

static void a_certificate_that_cannot_be_read_warns_of_nothing(void **state)
{
    struct reader_warning warning =
        reader_warning_of(TEXT("no certificate"), false, DATE(20291115));

    (void)state;
    assert_false(reader_warns(&warning));
}

static void e6_messages_have_the_readers_numbers(void **state)
{
    (void)state;
    assert_int_equal(reader_number(CAUSE_CARD_UNREADABLE), 1);
    assert_int_equal(reader_number(CAUSE_CARD_NOT_OURS), 2);
    assert_int_equal(reader_number(CAUSE_CARD_CERTIFICATE_REVOKED), 6);
    assert_int_equal(reader_number(CAUSE_CARD_CERTIFICATE_LAPSED), 6);
    assert_int_equal(reader_number(CAUSE_NONE), 0);
    for (int a = 1; a < CAUSE_COUNT; a++) {
        int number = reader_number((enum cause)a);
        assert_true(number == 0 || number == 1 || number == 2 || number == 6 ||
                    (number >= 900 && number <= 999));
        for (int b = a + 1; number >= 900 && b < CAUSE_COUNT; b++)
            assert_int_not_equal(reader_number((enum cause)b), number);
    }
}

static void e6_the_board_shows_reader_switch_and_last_message(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct text_buffer buffer = text_buffer_begin(&scope, 256);
    struct reader_board_state board = {.slot = true,
                                       .reachable = true,
                                       .visual_staff = "admin-1",
                                       .visual_until = 90000,
                                       .presented = 1,
                                       .last = CAUSE_CARD_NOT_OURS,
                                       .warning = on(20291115, false)};
    struct text json = {0};

    (void)state;
    reader_board_add(&buffer, &board, 0);
    reader_board_add(&buffer, &board, 90000);
    assert_int_equal(text_buffer_end(&buffer, &json), STATUS_OK);
    assert_non_null(strstr(json.bytes, "\"state\":\"empty\""));
    assert_non_null(strstr(json.bytes, "\"on\":true,\"staff\":\"admin-1\",\"minutes_left\":2"));
    assert_non_null(strstr(json.bytes, "\"on\":false"));
    assert_non_null(strstr(json.bytes, "\"number\":\"002\""));
    assert_non_null(strstr(json.bytes, "\"kind\":\"grace\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_renewal_is_advised_with_the_days_left),
        cmocka_unit_test(k2_in_the_grace_eligibility_only_is_said_and_a_phone_has_none),
        cmocka_unit_test(a_certificate_that_cannot_be_read_warns_of_nothing),
        cmocka_unit_test(e6_messages_have_the_readers_numbers),
        cmocka_unit_test(e6_the_board_shows_reader_switch_and_last_message),
    };
    return cmocka_run_group_tests(tests, card_world_begin, card_world_end);
}
