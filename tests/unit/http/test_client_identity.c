/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/client_identity.h"

static void a_subject_names_role_and_code(void **state)
{
    struct caller caller = {0};

    (void)state;
    assert_int_equal(client_role("institution", "1319912349", &caller), ROLE_INSTITUTION);
    assert_string_equal(caller.institution.digits, "1319912349");
    caller = (struct caller){0};
    assert_int_equal(client_role("insurer", "06139992", &caller), ROLE_INSURER);
    assert_string_equal(caller.insurer.digits, "06139992");
    caller = (struct caller){0};
    assert_int_equal(client_role("operator", "operations", &caller), ROLE_OPERATOR);
    caller = (struct caller){0};
    assert_int_equal(client_role("portal", "portal", &caller), ROLE_PORTAL);
}

static void a_subject_that_names_something_else_has_no_role(void **state)
{
    static const struct {
        const char *unit, *name;
    } rows[] = {
        {"institution", "1319912340"}, /* wrong check digit */
        {"institution", "131991234"},
        {"institution", ""},
        {"institution", "operations"},
        {"insurer", "06139990"},
        {"insurer", "77777777"}, /* unknown insurer: no one */
        {"operator", ""},
        {"Institution", "1319912349"},
        {"institution ", "1319912349"},
        {"server", "1319912349"},
        {"", "1319912349"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct caller caller = {0};
        assert_int_equal(client_role(rows[i].unit, rows[i].name, &caller), ROLE_NONE);
        assert_int_equal(caller.role, ROLE_NONE);
    }
}

static void a_connection_does_not_outlive_its_certificate(void **state)
{
    struct client_identity identity = {.from = {1000000}, .until = {2000000}};

    (void)state;
    assert_int_equal(client_refusal(&identity, (struct instant){999999}),
                     CAUSE_CLIENT_CERTIFICATE_EXPIRED);
    assert_int_equal(client_refusal(&identity, (struct instant){1000000}), CAUSE_NONE);
    assert_int_equal(client_refusal(&identity, (struct instant){2999999}), CAUSE_NONE);
    assert_int_equal(client_refusal(&identity, (struct instant){3000000}),
                     CAUSE_CLIENT_CERTIFICATE_EXPIRED);
    identity.refusal = CAUSE_CLIENT_CERTIFICATE_MISSING;
    assert_int_equal(client_refusal(&identity, (struct instant){1500000}),
                     CAUSE_CLIENT_CERTIFICATE_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_names_role_and_code),
        cmocka_unit_test(a_subject_that_names_something_else_has_no_role),
        cmocka_unit_test(a_connection_does_not_outlive_its_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
