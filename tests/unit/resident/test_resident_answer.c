/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "domain/number.h"
#include "resident/resident_answer.h"

#define LIMIT (16UL * 1024 * 1024)

struct office {
    char path[64];
    struct resident_file *file;
    char numbers[4][13];
    char links[4][65];
};

static void must(struct scope *scope, enum status status)
{
    if (status != STATUS_OK)
        fail_msg("%s: %s", failure_text(scope->cause)->code, scope->failure);
}

static struct register_identity hana(void)
{
    return (struct register_identity){TEXT("高橋　ハナ"), TEXT("ﾀｶﾊｼ ﾊﾅ"),
                                      TEXT("東京都架空区見本町５－６"), DATE(19540203), SEX_FEMALE};
}

/* Two of the four are the same but for their numbers: twins of one name, as it were. */
static int begin(void **state)
{
    struct office *office = calloc(1, sizeof *office);
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    assert_non_null(office);
    snprintf(office->path, sizeof office->path, "/tmp/shikaku-resident.%d", (int)getpid());
    unlink(office->path);
    must(&scope, resident_file_open(&scope, office->path, RESIDENT_CREATE, &office->file));
    must(&scope, resident_load_begin(&scope, office->file));
    for (int i = 0; i < 4; i++) {
        struct register_person person = {.identity = hana(), .municipality = TEXT("13201")};
        snprintf(office->numbers[i], 13, "%011d", 10000 + i);
        office->numbers[i][11] =
            (char)('0' +
                   number_check_digit(NUMBER_INDIVIDUAL, (struct text){office->numbers[i], 11}));
        snprintf(office->links[i], sizeof office->links[i], "%064x", (unsigned)i + 1);
        person.number = text_of(office->numbers[i]);
        person.link = text_of(office->links[i]);
        if (i == 1)
            person.identity.address = TEXT("東京都架空区別町１");
        if (i >= 2)
            person.identity.birth = DATE(19990101);
        must(&scope, resident_add(&scope, office->file, &person));
    }
    must(&scope, resident_load_end(&scope, office->file));
    *state = office;
    return 0;
}

static int end(void **state)
{
    struct office *office = *state;

    resident_file_close(office->file);
    unlink(office->path);
    free(office);
    return 0;
}

static enum register_found found_by(struct office *office, const struct register_identity *items)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_finding finding = {0};

    must(&scope, resident_find_items(&scope, office->file, items, &finding));
    return finding.found;
}

static void e1_five_items_find_one_and_four_find_nobody(void **state)
{
    struct office *office = *state;
    const struct register_identity all = hana();
    struct register_identity items = all;

    assert_int_equal(found_by(office, &items), REGISTER_FOUND_ONE);
    items.name = TEXT("髙橋ハナ");
    items.address = TEXT("架空区見本町五番６号");
    assert_int_equal(found_by(office, &items), REGISTER_FOUND_ONE);
    for (int missing = 0; missing < 5; missing++) {
        items = all;
        if (missing == 0)
            items.name = TEXT("");
        if (missing == 1)
            items.kana = TEXT("");
        if (missing == 2)
            items.address = TEXT("");
        if (missing == 3)
            items.birth = DATE_NONE;
        if (missing == 4)
            items.sex = SEX_NOT_SET;
        assert_int_equal(found_by(office, &items), REGISTER_FOUND_NONE);
    }
}

/* What mixed people up in 2023: kana, birth date and sex alone. */
static void e1_three_of_five_are_no_match(void **state)
{
    struct office *office = *state;
    struct register_identity items = hana();

    items.name = TEXT("高橋　花");
    items.address = TEXT("架空区他町１");
    assert_int_equal(found_by(office, &items), REGISTER_FOUND_NONE);
    items = hana();
    items.kana = TEXT("ﾀｶﾊｼ ﾊﾙ");
    assert_int_equal(found_by(office, &items), REGISTER_FOUND_NONE);
}

static void e1_two_who_are_alike_are_several(void **state)
{
    struct register_identity items = hana();

    items.birth = DATE(19990101);
    assert_int_equal(found_by(*state, &items), REGISTER_FOUND_SEVERAL);
}

static struct resident_reply ask(struct scope *scope, struct office *office,
                                 enum resident_role role, const struct register_request *request)
{
    struct resident_reply reply = {0};
    struct text body = {0};

    must(scope, register_request_write(scope, request, &body));
    must(scope, resident_answer(scope, office->file, role, request->question, body, &reply));
    return reply;
}

static void p1_numbers_are_for_insurers_only(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text number = text_of(office->numbers[0]);
    struct register_identity items = hana();
    struct register_record record = {.number = number, .reported = hana()};
    const struct register_request requests[] = {
        {.question = REGISTER_BY_NUMBER, .numbers = &number, .count = 1},
        {.question = REGISTER_BY_ITEMS, .items = &items, .count = 1},
        {.question = REGISTER_COMPARE, .records = &record, .count = 1},
    };

    for (size_t i = 0; i < 3; i++) {
        struct resident_reply reply = ask(&scope, office, RESIDENT_OPERATOR, &requests[i]);
        assert_int_equal(reply.http_code, 403);
        assert_int_equal(reply.cause, CAUSE_REGISTER_REFUSED);
        assert_null(memmem(reply.body.bytes, reply.body.size, number.bytes, number.size));
        assert_int_equal(ask(&scope, office, RESIDENT_NOBODY, &requests[i]).http_code, 403);
        assert_int_equal(ask(&scope, office, RESIDENT_INSURER, &requests[i]).http_code, 200);
    }
}

static void e1_comparisons_by_link_code_are_for_the_operator_too(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_record records[2] = {
        {.link = text_of(office->links[1]), .reported = hana()},
        {.link = TEXT("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
         .reported = hana()},
    };
    const struct register_request request = {
        .question = REGISTER_COMPARE, .records = records, .count = 2};
    struct resident_reply reply = ask(&scope, office, RESIDENT_OPERATOR, &request);
    struct register_answer answer = {0};

    assert_int_equal(reply.http_code, 200);
    assert_int_equal(reply.count, 2);
    must(&scope, register_answer_read(&scope, REGISTER_COMPARE, 2, reply.body, &answer));
    assert_int_equal(answer.comparisons[0].difference, 3);
    assert_int_equal(answer.comparisons[1].rule, RULE_E1_REGISTER_UNKNOWN);
}

static void e1_events_change_the_resident_and_are_told(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct resident_event event = {.link = text_of(office->links[0]),
                                   .kind = REGISTER_CHANGE_ADDRESS,
                                   .day = DATE(20261105),
                                   .address = TEXT("東京都架空区新町１"),
                                   .municipality = TEXT("13202")};
    struct register_person person = {0};
    struct register_changes changes = {0};

    must(&scope, resident_record(&scope, office->file, &event));
    event.kind = REGISTER_CHANGE_DEATH;
    must(&scope, resident_record(&scope, office->file, &event));
    event.kind = REGISTER_CHANGE_SUPPORT_SET;
    must(&scope, resident_record(&scope, office->file, &event));
    must(&scope, resident_find_link(&scope, office->file, event.link, &person));
    assert_true(text_is(person.identity.address, "東京都架空区新町１"));
    assert_int_equal(person.died.yyyymmdd, 20261105);
    assert_true(person.supported);
    must(&scope, resident_list_changes(&scope, office->file, 1, &changes));
    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.items[0].kind, REGISTER_CHANGE_DEATH);
    assert_int_equal(changes.next, 3);
    assert_false(changes.more);
    event.link = TEXT("none");
    assert_int_equal(resident_record(&scope, office->file, &event), STATUS_NOT_FOUND);
    scope_forgive(&scope);
    must(&scope, resident_list_changes(&scope, office->file, 3, &changes));
    assert_int_equal(changes.count, 0);
    assert_int_equal(changes.next, 3);
}

static void e1_a_long_feed_comes_in_pages(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct resident_event event = {.link = text_of(office->links[0]), .day = DATE(20261105)};
    struct register_changes changes = {0};

    event.kind = REGISTER_CHANGE_SUPPORT_SET;
    for (int i = 0; i <= REGISTER_CHANGES_MAX; i++)
        must(&scope, resident_record(&scope, office->file, &event));
    must(&scope, resident_list_changes(&scope, office->file, 0, &changes));
    assert_int_equal(changes.count, REGISTER_CHANGES_MAX);
    assert_true(changes.more);
    must(&scope, resident_list_changes(&scope, office->file, changes.next, &changes));
    assert_int_equal(changes.count, 1);
    assert_false(changes.more);
}

static void p1_the_file_is_its_owners_only(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct resident_file *file = NULL;
    struct stat found = {0};

    assert_int_equal(stat(office->path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(resident_file_open(&scope, office->path, RESIDENT_CREATE, &file),
                     STATUS_CONFLICT);
    scope_forgive(&scope);
    assert_int_equal(chmod(office->path, 0640), 0);
    assert_int_equal(resident_file_open(&scope, office->path, RESIDENT_READ, &file),
                     STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_REGISTER_FILE_OPEN);
    scope_forgive(&scope);
    assert_int_equal(resident_file_open(&scope, "/nonexistent/file", RESIDENT_READ, &file),
                     STATUS_UNAVAILABLE);
}

static void nonsense_is_refused_and_the_register_goes_on(void **state)
{
    struct office *office = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct resident_reply reply = {0};

    must(&scope, resident_answer(&scope, office->file, RESIDENT_INSURER, REGISTER_COMPARE,
                                 TEXT("{\"version\":1,\"records\":["), &reply));
    assert_int_equal(reply.http_code, 400);
    assert_int_equal(register_refusal_read(&scope, reply.body), CAUSE_REGISTER_MESSAGE_WRONG);
    assert_int_equal(scope.cause, CAUSE_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(e1_five_items_find_one_and_four_find_nobody),
        TEST(e1_three_of_five_are_no_match),
        TEST(e1_two_who_are_alike_are_several),
        TEST(p1_numbers_are_for_insurers_only),
        TEST(e1_comparisons_by_link_code_are_for_the_operator_too),
        TEST(e1_events_change_the_resident_and_are_told),
        TEST(e1_a_long_feed_comes_in_pages),
        TEST(p1_the_file_is_its_owners_only),
        TEST(nonsense_is_refused_and_the_register_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
