/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/insurer_names.h"
#include "service_fixture.h"

#define SCOPE                                                                                      \
    CLEANUP(scope_end)                                                                             \
    struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

static void every_failure_has_its_code_and_its_http_code(void **state)
{
    (void)state;
    for (int cause = 1; cause < CAUSE_COUNT; cause++) {
        const struct failure_text *text = failure_text((enum cause)cause);
        struct service_outcome outcome = {0};
        struct oqs_answer_summary answer = {0};
        if (text->status == STATUS_OK)
            continue;
        for (int syntax = OQS_XML; syntax <= OQS_JSON; syntax++) {
            SCOPE;
            service_refuse(&scope, (enum oqs_syntax)syntax, (enum cause)cause, &outcome);
            assert_int_equal(outcome.http_code, failure_http_code(text->status));
            assert_false(outcome.recorded);
            assert_int_equal(
                oqs_answer_read(&scope, (enum oqs_syntax)syntax, outcome.body, &answer), STATUS_OK);
            assert_int_equal(answer.segment, 9);
            assert_true(text_is(answer.code, text->code));
            assert_true(text_is(answer.message, text->desk_ja));
        }
    }
}

static void a_refused_client_is_recorded_with_its_fingerprint(void **state)
{
    const struct caller nobody = {.fingerprint = "00112233445566aa"};
    struct service_outcome outcome = {0};

    (void)state;
    SCOPE;
    service_refuse_client(&scope, &nobody, OQS_XML, CAUSE_CLIENT_CERTIFICATE_EXPIRED, &outcome);
    assert_true(outcome.recorded);
    assert_int_equal(outcome.http_code, 403);
    assert_int_equal(outcome.entry.operation, JOURNAL_REFUSED_CLIENT);
    assert_string_equal(outcome.entry.client, "00112233445566aa");
    assert_null(outcome.entry.institution);
    assert_int_equal(outcome.entry.cause, CAUSE_CLIENT_CERTIFICATE_EXPIRED);
}

static void health_is_proven_by_store_and_journal(void **state)
{
    (void)state;
    SCOPE;
    assert_int_equal(service_health(&scope, worker), STATUS_OK);
    assert_true(service_figures(service).journal.records >= 1); /* that it was opened */
}

static struct store *open_store(struct scope *scope)
{
    const struct service_options options = service_options_of();
    struct store *store = NULL;

    assert_int_equal(store_open(scope, options.store_url, STORE_WRITE, &store), STATUS_OK);
    return store;
}

static struct text name_now(struct scope *scope)
{
    struct store *store = open_store(scope);
    struct insurer_names *names = NULL;
    struct text name = {0};

    assert_int_equal(insurer_names_read(scope, store, &names), STATUS_OK);
    assert_int_equal(insurer_name(names, (struct insurer_number){"00000000"}).size, 0);
    assert_int_equal(
        text_copy(scope, insurer_name(names, (struct insurer_number){SMALL_INSURER}), &name),
        STATUS_OK);
    insurer_names_drop(names);
    store_close(store);
    return name;
}

static bool answers_with(struct scope *scope, const char *name)
{
    const struct oqs_inquiry inquiry = {
        .on = TODAY,
        .institution = {SMALL_INSTITUTION},
        .insurer = {SMALL_INSURER},
        .symbol = TEXT("12"),
        .number = TEXT("345"),
        .key = {.insurer = {SMALL_INSURER}, .birth = DATE(19850203)},
    };
    struct service_request request = {&institution, OQS_XML, {0}};
    struct service_outcome outcome = {0};

    assert_int_equal(oqs_inquiry_write(scope, OQS_XML, &inquiry, &request.body), STATUS_OK);
    service_check_by_numbers(scope, worker, &request, &outcome);
    assert_int_equal(outcome.http_code, 200);
    return memmem(outcome.body.bytes, outcome.body.size, name, strlen(name)) != NULL;
}

static void a_reload_brings_new_names_and_a_failed_one_keeps_the_old(void **state)
{
    const struct insurer renamed = {.number = {SMALL_INSURER}, .name = TEXT("新架空組合")};
    char path[128], away[160];

    (void)state;
    SCOPE;
    assert_true(text_is(name_now(&scope), SMALL_INSURER_NAME));
    struct store *store = open_store(&scope);
    assert_int_equal(store_put_insurer(&scope, store, &renamed), STATUS_OK);
    store_close(store);
    assert_true(answers_with(&scope, SMALL_INSURER_NAME));
    assert_int_equal(service_reload(&scope, service), STATUS_OK);
    assert_true(answers_with(&scope, "新架空組合"));

    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(away, sizeof away, "%s.away", path);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(service_reload(&scope, service), STATUS_UNAVAILABLE);
    assert_int_equal(rename(away, path), 0);
    scope_forgive(&scope);
    assert_true(answers_with(&scope, "新架空組合"));
}

static void a_service_without_its_parts_does_not_open(void **state)
{
    struct service *none = NULL;

    (void)state;
    for (int i = 0; i < 3; i++) {
        SCOPE;
        struct service_options options = service_options_of();
        char journal[128];
        snprintf(journal, sizeof journal, "%s/journal-%d", folder, i);
        options.journal_directory = i == 0 ? "/dev/null/journal" : journal;
        if (i == 1)
            options.store_url = "sqlite:/dev/null/store.db";
        if (i == 2)
            options.card_ca_path = "/dev/null/ca.pem";
        assert_int_not_equal(service_open(&scope, &options, &none), STATUS_OK);
        assert_int_not_equal(scope.cause, CAUSE_NONE);
        assert_null(none);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_has_its_code_and_its_http_code),
        cmocka_unit_test(a_refused_client_is_recorded_with_its_fingerprint),
        cmocka_unit_test(health_is_proven_by_store_and_journal),
        cmocka_unit_test(a_reload_brings_new_names_and_a_failed_one_keeps_the_old),
        cmocka_unit_test(a_service_without_its_parts_does_not_open),
    };
    return cmocka_run_group_tests(tests, open_service, close_service);
}
