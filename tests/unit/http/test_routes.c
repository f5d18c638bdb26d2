/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/routes.h"

static void each_route_is_found_by_method_and_path_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++)
        if (!strchr(routes[i].path, '*'))
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

static void a_files_route_has_its_id(void **state)
{
    static const char id[] = "00112233445566778899aabbccddeeff";
    char path[128], found[SPOOL_ID_SIZE];
    const struct route *route = NULL;

    (void)state;
    snprintf(path, sizeof path, UPLOAD_PATH "/%s/reply", id);
    route = route_find("GET", path);
    assert_non_null(route);
    assert_int_equal(route->upload, UPLOAD_REPLY);
    route_id(route, path, found);
    assert_string_equal(found, id);
    assert_null(route_find("GET", UPLOAD_PATH "/*"));
    assert_null(route_find("GET", UPLOAD_PATH "/00112233445566778899aabbccddeef"));
    assert_null(route_find("GET", UPLOAD_PATH "/00112233445566778899AABBCCDDEEFF"));
    assert_null(route_find("GET", UPLOAD_PATH "/00112233445566778899aabbccddeeff0"));
    assert_null(route_find("GET", UPLOAD_PATH "/../../../../../../etc/passwd0000"));
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
    size_t files = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int role = ROLE_NONE; role <= ROLE_PORTAL; role++)
            assert_int_equal(
                route_allows(route_find(rows[i].method, rows[i].path), (enum role)role),
                rows[i].allowed[role]);
    for (size_t i = 0; i < route_count; i++)
        if (routes[i].upload != UPLOAD_NONE) {
            for (int role = ROLE_NONE; role <= ROLE_PORTAL; role++)
                assert_int_equal(route_allows(&routes[i], (enum role)role), role == ROLE_INSURER);
            files++;
        }
    assert_int_equal(route_count, sizeof rows / sizeof rows[0] + files);
}

static void a_route_has_an_operation_a_page_or_an_upload(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++)
        assert_int_equal((routes[i].operation != NULL) + (routes[i].page != NULL) +
                             (routes[i].upload != UPLOAD_NONE),
                         1);
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
        cmocka_unit_test(a_files_route_has_its_id),
        cmocka_unit_test(checks_are_for_institutions_and_figures_for_operators),
        cmocka_unit_test(a_route_has_an_operation_a_page_or_an_upload),
        cmocka_unit_test(the_content_type_says_the_syntax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
