/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "issuance/responder_route.h"

static enum responder_question question(const char *method, const char *path)
{
    return responder_route_of(method, path).question;
}

static void ocsp_is_asked_by_post_and_get(void **state)
{
    struct responder_route route = responder_route_of("GET", "/ocsp/MEUw/+A=");

    (void)state;
    assert_int_equal(question("POST", "/"), ASKED_OCSP);
    assert_int_equal(question("POST", "/ocsp"), ASKED_OCSP);
    assert_int_equal(route.question, ASKED_OCSP_GET);
    assert_true(text_is(route.base64, "MEUw/+A="));
    assert_int_equal(question("POST", "/ocsp/AAAA"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/ocsp"), ASKED_NOTHING);
    assert_int_equal(question("PUT", "/"), ASKED_NOTHING);
}

static void q15_a_serial_is_a_number_of_63_bits(void **state)
{
    struct responder_route route = responder_route_of("GET", "/links/2/001312d0A0");

    (void)state;
    assert_int_equal(route.question, ASKED_LINK);
    assert_int_equal(route.name.generation, 2);
    assert_true(route.name.serial == 0x1312D0A0U);
    assert_int_equal(question("GET", "/links/2/7FFFFFFFFFFFFFFF"), ASKED_LINK);
    assert_int_equal(question("GET", "/links/2/8000000000000000"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/2/00000000000000001"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/2/"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/2/0"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/2/-1"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/0/1"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links/222/1"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links//1"), ASKED_NOTHING);
}

static void lists_and_pages_have_their_addresses(void **state)
{
    (void)state;
    assert_int_equal(question("GET", "/crl/1.crl"), ASKED_CRL);
    assert_int_equal(responder_route_of("GET", "/crl/12.crl").name.generation, 12);
    assert_int_equal(question("GET", "/crl/1.crlx"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/crl/x.crl"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/crl/"), ASKED_NOTHING);
    assert_int_equal(question("GET", "/links"), ASKED_LINKS);
    assert_int_equal(question("GET", "/healthz"), ASKED_HEALTH);
    assert_int_equal(question("GET", "/"), ASKED_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ocsp_is_asked_by_post_and_get),
        cmocka_unit_test(q15_a_serial_is_a_number_of_63_bits),
        cmocka_unit_test(lists_and_pages_have_their_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
