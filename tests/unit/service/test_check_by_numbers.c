/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service_fixture.h"

static struct oqs_inquiry inquiry_of(const char *number, const char *branch, int birth)
{
    struct oqs_inquiry inquiry = {
        .on = TODAY,
        .institution = {SMALL_INSTITUTION},
        .insurer = {SMALL_INSURER},
        .symbol = TEXT("12"),
        .number = text_of(number),
        .branch = text_of(branch),
        .file_identifier = TEXT("file-1"),
        .key = {.insurer = {SMALL_INSURER}, .birth = DATE(birth)},
    };

    return inquiry;
}

static struct seen ask_bytes(struct scope *scope, const struct caller *caller,
                             enum oqs_syntax syntax, struct text body)
{
    const struct service_request request = {caller, syntax, body};
    struct seen seen = {0};

    service_check_by_numbers(scope, worker, &request, &seen.outcome);
    assert_int_equal(oqs_answer_read(&world_scope, syntax, seen.outcome.body, &seen.answer),
                     STATUS_OK);
    return seen;
}

static struct seen ask(struct scope *scope, const struct oqs_inquiry *inquiry)
{
    struct text body = {0};

    assert_int_equal(oqs_inquiry_write(scope, OQS_XML, inquiry, &body), STATUS_OK);
    return ask_bytes(scope, &institution, OQS_XML, body);
}

static void assert_refused(const struct seen *seen, enum cause cause, int http_code)
{
    assert_int_equal(seen->outcome.http_code, http_code);
    assert_int_equal(seen->outcome.entry.cause, cause);
    assert_int_equal(seen->answer.segment, 9);
    assert_true(text_is(seen->answer.code, failure_text(cause)->code));
    assert_int_equal(seen->outcome.entry.validity, 0);
}

#define SCOPE                                                                                      \
    CLEANUP(scope_end) struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY))

static void e1_e5_answers_with_the_coverage_that_the_numbers_name(void **state)
{
    SCOPE;
    struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
    struct seen seen = ask(&scope, &inquiry);

    (void)state;
    assert_int_equal(seen.outcome.http_code, 200);
    assert_int_equal(seen.answer.segment, 1);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_true(text_is(seen.answer.name, "山田　花子"));
    assert_non_null(memmem(seen.outcome.body.bytes, seen.outcome.body.size, SMALL_INSURER_NAME,
                           strlen(SMALL_INSURER_NAME)));
}

static void every_answer_has_its_record(void **state)
{
    SCOPE;
    struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
    struct seen seen = {0};
    const struct journal_entry *entry = &seen.outcome.entry;

    (void)state;
    inquiry.consents = CONSENT_LIMIT;
    seen = ask(&scope, &inquiry);
    assert_true(seen.outcome.recorded);
    assert_int_equal(entry->operation, JOURNAL_CHECK_BY_NUMBERS);
    assert_int_equal(entry->at.microseconds, scope.now.microseconds);
    assert_string_equal(entry->request_id, scope.id);
    assert_string_equal(entry->institution, SMALL_INSTITUTION);
    assert_string_equal(entry->client, "0123456789abcdef");
    assert_int_equal(entry->person_id, SMALL_VALID);
    assert_int_equal(entry->coverage_id, 11);
    assert_int_equal(entry->on.yyyymmdd, TODAY.yyyymmdd);
    assert_int_equal(entry->consents, CONSENT_LIMIT);
    assert_int_equal(entry->validity, VALIDITY_VALID);
    assert_string_equal(entry->rule, "E1.valid");
    assert_int_equal(entry->mode, 0);
}

static void e1_no_information_and_several_are_answers(void **state)
{
    SCOPE;
    struct oqs_inquiry nobody = inquiry_of("999999", "", 19850203);
    struct oqs_inquiry twins = inquiry_of("777", "", 20150505);
    struct oqs_inquiry twin = inquiry_of("777", "03", 20150505);
    struct seen seen = ask(&scope, &nobody);

    (void)state;
    assert_int_equal(seen.answer.validity, VALIDITY_NONE);
    assert_int_equal(seen.outcome.http_code, 200);
    assert_int_equal(seen.outcome.entry.person_id, 0);
    assert_true(seen.outcome.recorded);
    seen = ask(&scope, &twins);
    assert_int_equal(seen.answer.validity, VALIDITY_SEVERAL);
    assert_int_equal(seen.outcome.entry.person_id, 0);
    seen = ask(&scope, &twin);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_int_equal(seen.outcome.entry.person_id, SMALL_TWIN_B);
}

static void e1_a_lost_coverage_is_an_answer_with_the_old_data(void **state)
{
    SCOPE;
    struct oqs_inquiry lost = inquiry_of("888", "01", 19700101);
    struct seen seen = ask(&scope, &lost);

    (void)state;
    assert_int_equal(seen.answer.validity, VALIDITY_INVALID);
    assert_true(text_is(seen.answer.name, "田中　三郎"));
    assert_int_equal(seen.outcome.entry.coverage_id, 14);
    lost.on = DATE(20260930);
    seen = ask(&scope, &lost);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
}

static void the_json_twin_answers_the_same(void **state)
{
    SCOPE;
    struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
    struct text body = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(oqs_inquiry_write(&scope, OQS_JSON, &inquiry, &body), STATUS_OK);
    seen = ask_bytes(&scope, &institution, OQS_JSON, body);
    assert_int_equal(seen.answer.validity, VALIDITY_VALID);
    assert_int_equal(seen.outcome.body.bytes[0], '{');
}

static void another_institutions_code_is_refused_and_recorded(void **state)
{
    SCOPE;
    struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
    struct seen seen = {0};

    (void)state;
    inquiry.institution = small_institution_other();
    seen = ask(&scope, &inquiry);
    assert_refused(&seen, CAUSE_NOT_YOUR_INSTITUTION, 403);
    assert_true(seen.outcome.recorded);
    assert_string_equal(seen.outcome.entry.institution, SMALL_INSTITUTION);
    assert_int_equal(seen.outcome.entry.person_id, 0);
}

static void only_registered_institutions_may_ask(void **state)
{
    SCOPE;
    struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
    struct caller stranger = institution;
    struct caller insurer = {.role = ROLE_INSURER, .insurer = {SMALL_INSURER}};
    struct text body = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(oqs_inquiry_write(&scope, OQS_XML, &inquiry, &body), STATUS_OK);
    seen = ask_bytes(&scope, &insurer, OQS_XML, body);
    assert_refused(&seen, CAUSE_ROLE_MAY_NOT, 403);
    assert_null(seen.outcome.entry.institution);
    scope_forgive(&scope);
    stranger.institution = inquiry.institution = small_institution_stranger();
    assert_int_equal(oqs_inquiry_write(&scope, OQS_XML, &inquiry, &body), STATUS_OK);
    seen = ask_bytes(&scope, &stranger, OQS_XML, body);
    assert_refused(&seen, CAUSE_INSTITUTION_UNKNOWN, 403);
}

static void days_that_no_visit_has_are_refused(void **state)
{
    static const int wrong[] = {20200930, 20271106, 99991231};
    static const int right[] = {20201001, 20271105};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        SCOPE;
        struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
        inquiry.on = DATE(wrong[i]);
        struct seen seen = ask(&scope, &inquiry);
        assert_refused(&seen, CAUSE_DATE_WRONG, 400);
    }
    for (size_t i = 0; i < 2; i++) {
        SCOPE;
        struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
        inquiry.on = DATE(right[i]);
        assert_int_equal(ask(&scope, &inquiry).outcome.http_code, 200);
    }
}

static void bytes_that_are_no_request_are_refused_with_their_code(void **state)
{
    static const struct {
        const char *bytes;
        enum oqs_syntax syntax;
        enum cause cause;
    } rows[] = {
        {"", OQS_XML, CAUSE_XML_NOT_WELL_FORMED},
        {"<XmlMsg>", OQS_XML, CAUSE_XML_NOT_WELL_FORMED},
        {"<Other/>", OQS_XML, CAUSE_XML_ROOT},
        {"<!DOCTYPE x [<!ENTITY a \"b\">]><XmlMsg/>", OQS_XML, CAUSE_XML_DOCTYPE},
        {"{", OQS_JSON, CAUSE_JSON_NOT_WELL_FORMED},
        {"{\"a\":1,\"a\":2}", OQS_JSON, CAUSE_JSON_NOT_WELL_FORMED},
        {"<XmlMsg><MessageHeader/><MessageBody><QualificationConfirmSearchInfo/>"
         "</MessageBody></XmlMsg>",
         OQS_XML, CAUSE_ELEMENT_MISSING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPE;
        struct seen seen = ask_bytes(&scope, &institution, rows[i].syntax, text_of(rows[i].bytes));
        assert_refused(&seen, rows[i].cause, 400);
        assert_true(seen.outcome.recorded);
    }
}

static void a_request_beyond_its_memory_still_gets_an_answer(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 40000; limit += 400) {
        CLEANUP(scope_end)
        struct scope scope = scope_begin_at(SERVICE_SCOPE_LIMIT, instant_noon(TODAY));
        struct oqs_inquiry inquiry = inquiry_of("345", "01", 19850203);
        struct text body = {0};
        struct seen seen = {0};

        assert_int_equal(oqs_inquiry_write(&scope, OQS_XML, &inquiry, &body), STATUS_OK);
        scope.limit = scope.used + limit;
        seen = ask_bytes(&scope, &institution, OQS_XML, body);
        if (seen.outcome.http_code != 200)
            assert_refused(&seen, CAUSE_MEMORY_LIMIT, 413);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_e5_answers_with_the_coverage_that_the_numbers_name),
        cmocka_unit_test(every_answer_has_its_record),
        cmocka_unit_test(e1_no_information_and_several_are_answers),
        cmocka_unit_test(e1_a_lost_coverage_is_an_answer_with_the_old_data),
        cmocka_unit_test(the_json_twin_answers_the_same),
        cmocka_unit_test(another_institutions_code_is_refused_and_recorded),
        cmocka_unit_test(only_registered_institutions_may_ask),
        cmocka_unit_test(days_that_no_visit_has_are_refused),
        cmocka_unit_test(bytes_that_are_no_request_are_refused_with_their_code),
        cmocka_unit_test(a_request_beyond_its_memory_still_gets_an_answer),
    };
    return cmocka_run_group_tests(tests, open_service, close_service);
}
