/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "register/link_code.h"
#include "register/register_message.h"

#define LIMIT (16UL * 1024 * 1024)
#define GOOD_NUMBER "983205673214"
#define LINK "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* Reads a request and says how it went. */
static enum cause asked(enum register_question question, const char *message)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_request request = {0};
    enum status status = register_request_read(&scope, question, text_of(message), &request);

    if (status == STATUS_OK)
        return CAUSE_NONE;
    assert_null(strstr(scope.failure, GOOD_NUMBER));
    assert_int_equal(status, failure_text(scope.cause)->status);
    return scope.cause;
}

static enum cause answered(enum register_question question, size_t count, const char *message)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_answer answer = {0};

    return register_answer_read(&scope, question, count, text_of(message), &answer) == STATUS_OK
               ? CAUSE_NONE
               : scope.cause;
}

static void e1_a_comparison_is_written_and_read_back(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_record records[2] = {
        {.number = TEXT(GOOD_NUMBER),
         .reported = {TEXT("髙﨑　\"\\\n\U000E0100"), TEXT("ﾀｶｻｷ"), TEXT("架空"), DATE(19540203),
                      SEX_MALE}},
        {.link = TEXT(LINK), .reported = {.sex = SEX_NOT_SET}},
    };
    const struct register_request request = {
        .question = REGISTER_COMPARE, .records = records, .count = 2};
    struct register_request read = {0};
    struct text text = {0};

    (void)state;
    assert_int_equal(register_request_write(&scope, &request, &text), STATUS_OK);
    assert_int_equal(register_request_read(&scope, REGISTER_COMPARE, text, &read), STATUS_OK);
    assert_int_equal(read.count, 2);
    assert_true(text_equal(read.records[0].reported.name, records[0].reported.name));
    assert_true(text_is(read.records[0].number, GOOD_NUMBER));
    assert_int_equal(read.records[0].reported.birth.yyyymmdd, 19540203);
    assert_true(text_is(read.records[1].link, LINK));
    assert_int_equal(read.records[1].reported.sex, SEX_NOT_SET);
    assert_false(date_is(read.records[1].reported.birth));
}

static void e1_requests_that_are_none_are_refused(void **state)
{
    static const char *const malformed[] = {
        "",
        "[]",
        "{",
        "{}",
        "{\"version\":1}",
        "{\"version\":2,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]}",
        "{\"version\":1,\"numbers\":{}}",
        "{\"version\":1,\"numbers\":[\"" GOOD_NUMBER "\"]}",
        "{\"version\":1,\"version\":1,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]}",
        "{\"version\":1.0,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]}",
        "{\"version\":01,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":null}]}",
        "{\"version\":1,\"numbers\":[{\"number\":983205673214}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"9832056732141\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]} x",
        "{\"version\":1,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"},]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"\\ud800\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"\\u0000\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"\\x\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"\x01\"}]}",
        "{\"version\":1,\"numbers\":[{\"a\":{\"b\":{\"c\":1}}}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"\xff\"}]}",
        "{\"version\":1,\"numbers\":[{\"number\":\"9\\",
    };

    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        if (asked(REGISTER_BY_NUMBER, malformed[i]) != CAUSE_REGISTER_MESSAGE_WRONG)
            fail_msg("taken: %s", malformed[i]);
    assert_int_equal(asked(REGISTER_BY_NUMBER, "{\"version\":1,\"numbers\":[]}"),
                     CAUSE_REGISTER_BATCH_WRONG);
    assert_int_equal(
        asked(REGISTER_BY_NUMBER, "{\"version\":1,\"numbers\":[{\"number\":\"983205673215\"}]}"),
        CAUSE_INDIVIDUAL_NUMBER_WRONG);
    assert_int_equal(
        asked(REGISTER_BY_NUMBER, "{\"version\":1,\"numbers\":[{\"number\":\"" GOOD_NUMBER "\"}]}"),
        CAUSE_NONE);
    assert_int_equal(asked(REGISTER_CHANGES, "{\"version\":1,\"since\":0}"), CAUSE_NONE);
    assert_int_equal(asked(REGISTER_CHANGES, "{\"version\":1,\"since\":-1}"),
                     CAUSE_REGISTER_MESSAGE_WRONG);
}

static void e1_a_record_has_a_number_or_a_link_code(void **state)
{
    (void)state;
    assert_int_equal(asked(REGISTER_COMPARE, "{\"version\":1,\"records\":[{\"sex\":1}]}"),
                     CAUSE_REGISTER_MESSAGE_WRONG);
    assert_int_equal(asked(REGISTER_COMPARE,
                           "{\"version\":1,\"records\":[{\"sex\":1,\"link\":\"" LINK
                           "\",\"number\":\"" GOOD_NUMBER "\"}]}"),
                     CAUSE_REGISTER_MESSAGE_WRONG);
    assert_int_equal(
        asked(REGISTER_COMPARE, "{\"version\":1,\"records\":[{\"sex\":1,\"link\":\"abc\"}]}"),
        CAUSE_REGISTER_MESSAGE_WRONG);
    assert_int_equal(
        asked(REGISTER_COMPARE, "{\"version\":1,\"records\":[{\"sex\":4,\"link\":\"" LINK "\"}]}"),
        CAUSE_REGISTER_MESSAGE_WRONG);
}

static void e1_a_batch_is_bounded(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_identity items[REGISTER_BATCH_MAX + 1] = {{.sex = SEX_MALE}};
    struct register_request request = {
        .question = REGISTER_BY_ITEMS, .items = items, .count = REGISTER_BATCH_MAX + 1};
    struct register_request read = {0};
    struct text text = {0};

    (void)state;
    assert_int_equal(register_request_write(&scope, &request, &text), STATUS_OK);
    assert_int_equal(register_request_read(&scope, REGISTER_BY_ITEMS, text, &read), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_REGISTER_BATCH_WRONG);
    scope_forgive(&scope);
    request.count = REGISTER_BATCH_MAX;
    assert_int_equal(register_request_write(&scope, &request, &text), STATUS_OK);
    assert_int_equal(register_request_read(&scope, REGISTER_BY_ITEMS, text, &read), STATUS_OK);
}

static void e1_answers_are_written_and_read_back(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_finding findings[3] = {
        {.found = REGISTER_FOUND_NONE},
        {REGISTER_FOUND_ONE,
         {TEXT(GOOD_NUMBER),
          TEXT(LINK),
          {TEXT("髙﨑"), TEXT("ﾀｶｻｷ"), TEXT("架空"), DATE(19540203), SEX_MALE},
          TEXT("13201"),
          true,
          DATE(20260102)}},
        {.found = REGISTER_FOUND_SEVERAL},
    };
    struct register_comparison comparisons[2] = {{2, REGISTER_NAME, 0, RULE_E1_REGISTER_CLASS_2},
                                                 {0, 0, 16, RULE_E1_REGISTER_VARIANT}};
    struct register_answer answer = {.findings = findings, .count = 3};
    struct register_answer read = {0};
    struct text text = {0};

    (void)state;
    assert_int_equal(register_answer_write(&scope, REGISTER_BY_ITEMS, &answer, &text), STATUS_OK);
    assert_int_equal(register_answer_read(&scope, REGISTER_BY_ITEMS, 3, text, &read), STATUS_OK);
    assert_int_equal(read.findings[0].found, REGISTER_FOUND_NONE);
    assert_int_equal(read.findings[2].found, REGISTER_FOUND_SEVERAL);
    assert_true(text_is(read.findings[1].person.number, GOOD_NUMBER));
    assert_true(read.findings[1].person.supported);
    assert_int_equal(read.findings[1].person.died.yyyymmdd, 20260102);
    assert_int_equal(register_answer_read(&scope, REGISTER_BY_ITEMS, 2, text, &read),
                     STATUS_INVALID);
    scope_forgive(&scope);
    answer = (struct register_answer){.comparisons = comparisons, .count = 2};
    assert_int_equal(register_answer_write(&scope, REGISTER_COMPARE, &answer, &text), STATUS_OK);
    assert_int_equal(register_answer_read(&scope, REGISTER_COMPARE, 2, text, &read), STATUS_OK);
    assert_memory_equal(&read.comparisons[0], &comparisons[0], sizeof comparisons[0]);
    assert_memory_equal(&read.comparisons[1], &comparisons[1], sizeof comparisons[1]);
}

static void e1_answers_that_are_none_are_refused(void **state)
{
    static const struct {
        enum register_question question;
        const char *message;
    } answers[] = {
        {REGISTER_COMPARE, "{\"version\":1,\"comparisons\":[{\"difference\":4,\"items\":0,"
                           "\"rewritten\":0,\"rule\":\"E1.register_equal\"}]}"},
        {REGISTER_COMPARE, "{\"version\":1,\"comparisons\":[{\"difference\":0,\"items\":0,"
                           "\"rewritten\":0,\"rule\":\"E1.valid\"}]}"},
        {REGISTER_COMPARE, "{\"version\":1,\"comparisons\":[{\"difference\":0,\"items\":0,"
                           "\"rewritten\":0,\"rule\":\"E1.register_nothing\"}]}"},
        {REGISTER_BY_ITEMS, "{\"version\":1,\"findings\":[{\"found\":\"some\"}]}"},
        {REGISTER_BY_ITEMS, "{\"version\":1,\"findings\":[{\"found\":\"one\",\"sex\":1}]}"},
        {REGISTER_CHANGES, "{\"version\":1,\"changes\":[],\"next\":3,\"more\":true}"},
        {REGISTER_CHANGES,
         "{\"version\":1,\"changes\":[{\"sequence\":2,\"kind\":\"death\",\"link\":\"" LINK
         "\",\"day\":\"20260101\"},{\"sequence\":2,\"kind\":\"death\",\"link\":\"" LINK
         "\",\"day\":\"20260101\"}],\"next\":2,\"more\":false}"},
        {REGISTER_CHANGES,
         "{\"version\":1,\"changes\":[{\"sequence\":2,\"kind\":\"\",\"link\":\"" LINK
         "\",\"day\":\"20260101\"}],\"next\":2,\"more\":false}"},
        {REGISTER_CHANGES,
         "{\"version\":1,\"changes\":[{\"sequence\":2,\"kind\":\"death\",\"link\":\"" LINK
         "\",\"day\":\"20260101\"}],\"next\":1,\"more\":false}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answered(answers[i].question, 1, answers[i].message) != CAUSE_REGISTER_MESSAGE_WRONG)
            fail_msg("taken: %s", answers[i].message);
    assert_int_equal(
        answered(REGISTER_CHANGES, 0,
                 "{\"version\":1,\"changes\":[{\"sequence\":2,\"kind\":\"death\",\"link\":\"" LINK
                 "\",\"day\":\"20260101\"}],\"next\":2,\"more\":false}"),
        CAUSE_NONE);
}

static void a_refusal_names_its_cause(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text text = {0};

    (void)state;
    assert_int_equal(register_refusal_write(&scope, CAUSE_REGISTER_BATCH_WRONG, &text), STATUS_OK);
    assert_int_equal(register_refusal_read(&scope, text), CAUSE_REGISTER_BATCH_WRONG);
    assert_int_equal(register_refusal_read(&scope, TEXT("<html>")), CAUSE_NONE);
    assert_int_equal(register_refusal_read(&scope, TEXT("{\"version\":1,\"code\":\"x\"}")),
                     CAUSE_NONE);
    assert_int_equal(scope.cause, CAUSE_NONE);
}

static void p1_a_link_code_tells_no_number_and_hangs_on_the_key(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const struct link_key one = {{1}};
    const struct link_key other = {{2}};
    char a[LINK_CODE_SIZE];
    char b[LINK_CODE_SIZE];

    (void)state;
    assert_int_equal(link_code_make(&scope, &one, TEXT(GOOD_NUMBER), a), STATUS_OK);
    assert_true(link_code_ok(text_of(a)));
    /* printf 'shikaku-link-1:983205673214' | openssl dgst -sha256 -mac hmac -macopt hexkey:01000...
     */
    assert_string_equal(a, "d1c252c50256f98ab13c5b05f62ea60cdcc0ca050ae41a9cebe45cee5d6a5d08");
    assert_int_equal(link_code_make(&scope, &other, TEXT(GOOD_NUMBER), b), STATUS_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(link_code_make(&scope, &one, TEXT("983205673215"), b), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_INDIVIDUAL_NUMBER_WRONG);
    assert_null(strstr(scope.failure, "983205673215"));
    assert_false(link_code_ok(TEXT("")));
    assert_false(link_code_ok(TEXT("00112233445566778899AABBCCDDEEFF"
                                   "00112233445566778899AABBCCDDEEFF")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_comparison_is_written_and_read_back),
        cmocka_unit_test(e1_requests_that_are_none_are_refused),
        cmocka_unit_test(e1_a_record_has_a_number_or_a_link_code),
        cmocka_unit_test(e1_a_batch_is_bounded),
        cmocka_unit_test(e1_answers_are_written_and_read_back),
        cmocka_unit_test(e1_answers_that_are_none_are_refused),
        cmocka_unit_test(a_refusal_names_its_cause),
        cmocka_unit_test(p1_a_link_code_tells_no_number_and_hangs_on_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
