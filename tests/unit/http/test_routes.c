/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/routes.h"

static void each_route_is_found_by_method_and_path_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++)
        assert_ptr_equal(route_find(routes[i].method, routes[i].path), &routes[i]);
    assert_null(route_find("GET", "/v1/eligibility/numbers"));
    assert_null(route_find("post", "/v1/eligibility/numbers"));
    assert_null(route_find("POST", "/v1/eligibility/numbers/"));
    assert_null(route_find("POST", "/V1/eligibility/numbers"));
    assert_null(route_find("POST", "/v1/../v1/eligibility/numbers"));
    assert_null(route_find("HEAD", "/healthz"));
    assert_null(route_find("GET", "/"));
    assert_null(route_find("", ""));
}

static void checks_are_for_institutions_and_figures_for_operators(void **state)
{
    static const struct {
        const char *method, *path;
        bool allowed[5]; /* none, institution, insurer, operator, portal */
    } rows[] = {
        {"GET", "/healthz", {true, true, true, true, true}},
        {"GET", "/metrics", {false, false, false, true}},
        {"POST", "/v1/eligibility/numbers", {false, true, false, false}},
        {"POST", "/v1/eligibility/card/challenge", {false, true, false, false}},
        {"POST", "/v1/eligibility/card", {false, true, false, false}},
        {"POST", "/v1/portal/challenge", {[ROLE_PORTAL] = true}},
        {"POST", "/v1/portal/status", {[ROLE_PORTAL] = true}},
        {"POST", "/v1/portal/registration", {[ROLE_PORTAL] = true}},
        {"POST", "/v1/portal/consents", {[ROLE_PORTAL] = true}},
        {"POST", "/v1/mobile/code", {[ROLE_INSTITUTION] = true}},
        {"POST", "/v1/mobile/withdrawal", {[ROLE_INSTITUTION] = true}},
        {"POST", "/v1/mobile/results", {[ROLE_INSTITUTION] = true}},
        {"POST", "/v1/mobile/activation", {true, true, true, true, true}},
        {"POST", "/v1/mobile/challenge", {true, true, true, true, true}},
        {"POST", "/v1/mobile/check", {true, true, true, true, true}},
        {"POST", "/v1/mobile/web/challenge", {[ROLE_PORTAL] = true}},
        {"POST", "/v1/mobile/web/check", {[ROLE_PORTAL] = true}},
    };

    (void)state;
    assert_int_equal(route_count, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < route_count; i++)
        for (int role = ROLE_NONE; role <= ROLE_PORTAL; role++)
            assert_int_equal(
                route_allows(route_find(rows[i].method, rows[i].path), (enum role)role),
                rows[i].allowed[role]);
}

static void a_route_has_an_operation_or_a_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++)
        assert_true((routes[i].operation != NULL) != (routes[i].page != NULL));
}

static void the_content_type_says_the_syntax(void **state)
{
    enum oqs_syntax syntax = OQS_JSON;

    (void)state;
    assert_true(syntax_read(NULL, &syntax));
    assert_int_equal(syntax, OQS_XML);
    assert_true(syntax_read("application/json", &syntax));
    assert_int_equal(syntax, OQS_JSON);
    assert_true(syntax_read("Text/XML; charset=Shift_JIS", &syntax));
    assert_int_equal(syntax, OQS_XML);
    assert_true(syntax_read(" application/json ;charset=utf-8", &syntax));
    assert_int_equal(syntax, OQS_JSON);
    assert_false(syntax_read("application/jsonx", &syntax));
    assert_false(syntax_read("application", &syntax));
    assert_false(syntax_read("", &syntax));
    assert_false(syntax_read("application/x-www-form-urlencoded", &syntax));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_is_found_by_method_and_path_only),
        cmocka_unit_test(checks_are_for_institutions_and_figures_for_operators),
        cmocka_unit_test(a_route_has_an_operation_or_a_page),
        cmocka_unit_test(the_content_type_says_the_syntax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
