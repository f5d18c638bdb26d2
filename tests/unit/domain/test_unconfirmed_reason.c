/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/unconfirmed_reason.h"

static void c5_validity_tells_the_reason_where_nothing_failed(void **state)
{
    (void)state;
    assert_int_equal(unconfirmed_reason_of(VALIDITY_VALID, CAUSE_NONE), UNCONFIRMED_NOT);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_VALID, CAUSE_REMARK_CERTIFICATE_GRACE),
                     UNCONFIRMED_NOT);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_INVALID, CAUSE_NONE),
                     UNCONFIRMED_LATE_REGISTRATION);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_INVALID_NEWER, CAUSE_REMARK_NEWER_COVERAGE),
                     UNCONFIRMED_LATE_REGISTRATION);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_NONE, CAUSE_NONE),
                     UNCONFIRMED_LATE_REGISTRATION);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_SEVERAL, CAUSE_REMARK_ASK_BRANCH),
                     UNCONFIRMED_OTHER);
    assert_int_equal(unconfirmed_reason_of((enum validity)0, CAUSE_NONE), UNCONFIRMED_OTHER);
}

static void c5_a_failure_tells_its_reason_whatever_the_validity(void **state)
{
    (void)state;
    assert_int_equal(unconfirmed_reason_of(VALIDITY_VALID, CAUSE_CARD_CERTIFICATE_LAPSED),
                     UNCONFIRMED_CERTIFICATE_NOT_RENEWED);
    assert_int_equal(unconfirmed_reason_of((enum validity)0, CAUSE_CARD_UNREADABLE),
                     UNCONFIRMED_CARD_FAULT);
    assert_int_equal(unconfirmed_reason_of((enum validity)0, CAUSE_FILE_UNAVAILABLE),
                     UNCONFIRMED_TERMINAL_FAULT);
    assert_int_equal(unconfirmed_reason_of((enum validity)0, CAUSE_SERVICE_AWAY),
                     UNCONFIRMED_POWER_OR_NETWORK);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_VALID, CAUSE_CARD_NOT_REGISTERED),
                     UNCONFIRMED_OTHER);
    assert_int_equal(unconfirmed_reason_of(VALIDITY_VALID, CAUSE_XML_DOCTYPE), UNCONFIRMED_OTHER);
}

static void c5_no_failure_counts_as_confirmed(void **state)
{
    (void)state;
    for (int cause = 1; cause < CAUSE_COUNT; cause++)
        if (failure_text((enum cause)cause)->status != STATUS_OK)
            assert_int_not_equal(unconfirmed_reason_of(VALIDITY_VALID, (enum cause)cause),
                                 UNCONFIRMED_NOT);
}

static void c5_reasons_have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 0; i < UNCONFIRMED_REASON_COUNT; i++) {
        assert_true(*unconfirmed_reason_ja((enum unconfirmed_reason)i));
        assert_true(*unconfirmed_reason_en((enum unconfirmed_reason)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(unconfirmed_reason_name((enum unconfirmed_reason)i),
                                    unconfirmed_reason_name((enum unconfirmed_reason)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c5_validity_tells_the_reason_where_nothing_failed),
        cmocka_unit_test(c5_a_failure_tells_its_reason_whatever_the_validity),
        cmocka_unit_test(c5_no_failure_counts_as_confirmed),
        cmocka_unit_test(c5_reasons_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
