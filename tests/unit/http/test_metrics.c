/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/metrics.h"

static struct metrics metrics;

static int reset(void **state)
{
    (void)state;
    memset(&metrics, 0, sizeof metrics);
    return 0;
}

static void count(const char *path, int http_code, enum journal_operation operation,
                  enum validity validity, enum cause cause, int64_t microseconds)
{
    const struct service_outcome outcome = {
        .http_code = http_code,
        .entry = {.operation = operation, .validity = validity, .cause = cause},
    };

    metrics_count(&metrics, route_find("POST", path), &outcome, microseconds);
}

static bool says(const char *line)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 20);
    const struct service_figures figures = {.journal = {.records = 7, .failed = true},
                                            .certificates = {.hits = 5, .misses = 3},
                                            .status = {.degraded = 4, .listed = 6, .away = true},
                                            .store_errors = 2};
    struct text text = {0};
    char whole[160];

    snprintf(whole, sizeof whole, "\n%s\n", line);
    assert_int_equal(metrics_write(&scope, &metrics, &figures, NULL, &text), STATUS_OK);
    return strstr(text.bytes, whole) != NULL;
}

static void requests_are_counted_by_route_and_code(void **state)
{
    (void)state;
    count("/v1/eligibility/numbers", 200, JOURNAL_CHECK_BY_NUMBERS, VALIDITY_VALID, 0, 80);
    count("/v1/eligibility/numbers", 200, JOURNAL_CHECK_BY_NUMBERS, VALIDITY_NONE, 0, 120);
    count("/v1/eligibility/numbers", 403, JOURNAL_CHECK_BY_NUMBERS, 0, CAUSE_ROLE_MAY_NOT, 10);
    count("/nowhere", 404, 0, 0, CAUSE_ROUTE_UNKNOWN, 10);
    count("/nowhere", 418, 0, 0, CAUSE_ROUTE_UNKNOWN, 10);
    assert_true(says("shikaku_requests_total{route=\"numbers\",code=\"200\"} 2"));
    assert_true(says("shikaku_requests_total{route=\"numbers\",code=\"403\"} 1"));
    assert_true(says("shikaku_requests_total{route=\"none\",code=\"404\"} 1"));
    assert_true(says("shikaku_requests_total{route=\"none\",code=\"0\"} 1"));
    assert_true(says("shikaku_failures_total{code=\"SKK-1203\"} 2"));
    assert_true(says("shikaku_failures_total{code=\"SKK-2005\"} 1"));
}

static void checks_are_counted_by_way_and_validity(void **state)
{
    (void)state;
    count("/v1/eligibility/card", 200, JOURNAL_CHECK_BY_CARD, VALIDITY_VALID,
          CAUSE_REMARK_CERTIFICATE_GRACE, 80);
    count("/v1/eligibility/card", 403, JOURNAL_CHECK_BY_CARD, 0, CAUSE_CARD_NOT_REGISTERED, 80);
    count("/v1/eligibility/numbers", 200, JOURNAL_CHECK_BY_NUMBERS, VALIDITY_SEVERAL,
          CAUSE_REMARK_ASK_BRANCH, 80);
    assert_true(says("shikaku_checks_total{by=\"card\",validity=\"1\"} 1"));
    assert_true(says("shikaku_checks_total{by=\"numbers\",validity=\"5\"} 1"));
    assert_true(says("shikaku_checks_total{by=\"numbers\",validity=\"1\"} 0"));
    assert_true(says("shikaku_failures_total{code=\"SKK-3010\"} 1"));
    assert_false(says("shikaku_failures_total{code=\"SKK-7002\"} 1"));
}

static void the_histogram_adds_up(void **state)
{
    (void)state;
    count("/v1/eligibility/card", 200, JOURNAL_CHECK_BY_CARD, VALIDITY_VALID, 0, 50);
    count("/v1/eligibility/card", 200, JOURNAL_CHECK_BY_CARD, VALIDITY_VALID, 0, 51);
    count("/v1/eligibility/card", 200, JOURNAL_CHECK_BY_CARD, VALIDITY_VALID, 0, 5000000);
    assert_true(says("shikaku_request_seconds_bucket{route=\"card\",le=\"5e-05\"} 1"));
    assert_true(says("shikaku_request_seconds_bucket{route=\"card\",le=\"0.0001\"} 2"));
    assert_true(says("shikaku_request_seconds_bucket{route=\"card\",le=\"1\"} 2"));
    assert_true(says("shikaku_request_seconds_bucket{route=\"card\",le=\"+Inf\"} 3"));
    assert_true(says("shikaku_request_seconds_count{route=\"card\"} 3"));
    assert_true(says("shikaku_request_seconds_sum{route=\"card\"} 5.000101"));
}

static void the_services_own_figures_are_there(void **state)
{
    (void)state;
    atomic_store(&metrics.connections, 4);
    assert_true(says("shikaku_connections 4"));
    assert_true(says("shikaku_journal_records_total 7"));
    assert_true(says("shikaku_journal_failed 1"));
    assert_true(says("shikaku_certificate_cache_hits_total 5"));
    assert_true(says("shikaku_certificate_cache_misses_total 3"));
    assert_true(says("shikaku_store_errors_total 2"));
    assert_true(says("shikaku_revocation_degraded_total 4"));
    assert_true(says("shikaku_crl_entries 6"));
    assert_true(says("shikaku_ocsp_away 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(requests_are_counted_by_route_and_code, reset),
        cmocka_unit_test_setup(checks_are_counted_by_way_and_validity, reset),
        cmocka_unit_test_setup(the_histogram_adds_up, reset),
        cmocka_unit_test_setup(the_services_own_figures_are_there, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
