/* SPDX-License-Identifier: Apache-2.0
 *
 * Link codes, comparisons with the resident register, and what flows back from it.
 */
#include "conformance.h"

#include "store/store_register.h"

#define LINK TEXT("00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff")
#define OTHER_LINK TEXT("11ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff")

static void put_person(struct world *world, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, person_id);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static void put_link(struct world *world, int seconds, struct text link, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);
    const struct person_key key = {link, person_id};

    assert_ok(&scope, store_put_person_key(&scope, world->store, &key));
}

static void e9_a_link_code_is_one_persons(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct person_key taken = {LINK, 8};
    struct text link = {0};
    int64_t person_id = 0;

    assert_int_equal(store_find_link(&scope, world->store, 7, &link), STATUS_NOT_FOUND);
    put_link(world, 0, LINK, 7);
    put_link(world, 1, LINK, 7);
    put_link(world, 2, OTHER_LINK, 7);
    assert_ok(&scope, store_find_person_key(&scope, world->store, LINK, &person_id));
    assert_int_equal(person_id, 7);
    assert_ok(&scope, store_find_link(&scope, world->store, 7, &link));
    assert_true(text_equal(link, OTHER_LINK)); /* the newest */
    assert_fails(&scope, store_put_person_key(&scope, world->store, &taken), CAUSE_ALREADY_EXISTS);
    assert_fails(&scope, store_find_person_key(&scope, world->store, TEXT("\xff"), &person_id),
                 CAUSE_TEXT_WRONG);
}

static void e1_those_who_wait_come_in_order(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct register_check *checks = NULL;
    size_t count = 0;
    int64_t waiting = 0;

    put_link(world, 0, LINK, 9);
    put_link(world, 1, OTHER_LINK, 9);
    assert_ok(&scope, store_request_register_check(&scope, world->store, 8));
    assert_ok(&scope, store_request_all_register_checks(&scope, world->store));
    assert_ok(&scope, store_request_all_register_checks(&scope, world->store));
    assert_ok(&scope, store_count_register_waiting(&scope, world->store, &waiting));
    assert_int_equal(waiting, 2);
    assert_ok(&scope, store_list_register_waiting(&scope, world->store, 0, 9, &checks, &count));
    assert_int_equal(count, 2);
    assert_int_equal(checks[0].person_id, 8);
    assert_ok(&scope, store_list_register_waiting(&scope, world->store, 8, 9, &checks, &count));
    assert_int_equal(count, 1);
    assert_int_equal(checks[0].person_id, 9);
    assert_int_equal(checks[0].requested.microseconds, at(0).microseconds);
}

/* Requests the check at a second and settles it at the next as one with a difference of class 3. */
static void settle(struct world *world, int seconds, const char *reason)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);
    CLEANUP(scope_end) struct scope later = scope_at(seconds + 1);
    struct register_outcome outcome = {.effective = *reason ? 0 : 3};

    assert_ok(&scope, store_request_register_check(&scope, world->store, 7));
    assert_ok(&scope, store_find_register_check(&scope, world->store, 7, &outcome.check));
    outcome.check.compared = later.now;
    outcome.check.difference = 3;
    outcome.check.rule = TEXT("E9.register_name");
    outcome.check.reason = text_of(reason);
    outcome.check.reason_by = *reason ? TEXT("06139992") : TEXT("");
    outcome.check.reason_class = *reason ? 3 : 0;
    assert_ok(&later, store_settle_register_check(&later, world->store, &outcome));
}

static void e1_a_difference_reaches_the_person_until_a_reason_is_given(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(9);
    struct register_check *checks = NULL;
    struct register_check check = {0};
    struct person person = {0};
    size_t count = 0;

    put_person(world, 7);
    assert_int_equal(store_find_register_check(&scope, world->store, 7, &check), STATUS_NOT_FOUND);
    settle(world, 1, "");
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &person));
    assert_int_equal(person.register_difference, 3);
    assert_ok(&scope, store_list_register_differences(&scope, world->store, 0, 9, &checks, &count));
    assert_int_equal(count, 1);
    assert_int_equal(checks[0].difference, 3);
    settle(world, 3, "通称を使用");
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &person));
    assert_int_equal(person.register_difference, 0);
    assert_ok(&scope, store_list_register_differences(&scope, world->store, 0, 9, &checks, &count));
    assert_int_equal(count, 0);
    assert_ok(&scope, store_find_register_check(&scope, world->store, 7, &check));
    assert_false(check.waiting);
    assert_true(text_is(check.reason, "通称を使用"));
    assert_int_equal(check.reason_class, 3);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM register_check_history"), 1);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 2);
}

static void e1_who_was_requested_anew_keeps_waiting(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    CLEANUP(scope_end) struct scope later = scope_at(60);
    struct register_outcome outcome = {.effective = 0};
    int64_t waiting = 0;

    put_person(world, 7);
    assert_ok(&scope, store_request_register_check(&scope, world->store, 7));
    assert_ok(&scope, store_find_register_check(&scope, world->store, 7, &outcome.check));
    outcome.check.compared = scope.now;
    assert_ok(&later, store_request_register_check(&later, world->store, 7));
    assert_ok(&later, store_settle_register_check(&later, world->store, &outcome));
    assert_ok(&scope, store_count_register_waiting(&scope, world->store, &waiting));
    assert_int_equal(waiting, 1);
    outcome.effective = 4;
    assert_fails(&later, store_settle_register_check(&later, world->store, &outcome),
                 CAUSE_INTERNAL);
}

static void e1_a_notice_is_taken_once_and_flags_the_person(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(60);
    struct protection_filing filings[] = {
        {"06139992", PROTECTION_NON_DISCLOSURE, DATE_NONE, DATE_NEVER},
        {PROTECTION_REGISTER, PROTECTION_SELF_REFUSAL, DATE(20261101), DATE_NEVER},
    };
    const struct protection_book book = {filings, 2, 2};
    bool fresh = false;
    const struct notice_change change = {
        .notice = {7, 41, 4, DATE(20261101), PROTECTION_SELF_REFUSAL, {0}},
        .book = &book,
        .fresh = &fresh,
    };
    struct register_notice *notices = NULL;
    struct person person = {0};
    size_t count = 0;

    put_person(world, 7);
    assert_ok(&scope, store_put_register_notice(&scope, world->store, &change));
    assert_true(fresh);
    assert_ok(&scope, store_put_register_notice(&scope, world->store, &change));
    assert_false(fresh);
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &person));
    assert_int_equal(person.protection, PROTECTION_NON_DISCLOSURE | PROTECTION_SELF_REFUSAL);
    assert_ok(&scope, store_list_person_notices(&scope, world->store, 7, &notices, &count));
    assert_int_equal(count, 1);
    assert_ok(&scope, store_list_register_notices(&scope, world->store, 41, 9, &notices, &count));
    assert_int_equal(count, 0);
    assert_ok(&scope, store_list_register_notices(&scope, world->store, 40, 9, &notices, &count));
    assert_int_equal(count, 1);
    assert_int_equal(notices[0].day.yyyymmdd, 20261101);
    assert_int_equal(notices[0].protection, PROTECTION_SELF_REFUSAL);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 1);
}

static void e1_how_far_the_feed_was_read_is_kept(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    int64_t cursor = 9;

    assert_ok(&scope, store_find_register_cursor(&scope, world->store, &cursor));
    assert_int_equal(cursor, 0);
    assert_ok(&scope, store_put_register_cursor(&scope, world->store, INT64_C(5000000000)));
    assert_ok(&scope, store_find_register_cursor(&scope, world->store, &cursor));
    assert_int_equal(cursor, INT64_C(5000000000));
}

struct conformance_list conformance_register(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(e9_a_link_code_is_one_persons),
        cmocka_unit_test(e1_those_who_wait_come_in_order),
        cmocka_unit_test(e1_a_difference_reaches_the_person_until_a_reason_is_given),
        cmocka_unit_test(e1_who_was_requested_anew_keeps_waiting),
        cmocka_unit_test(e1_a_notice_is_taken_once_and_flags_the_person),
        cmocka_unit_test(e1_how_far_the_feed_was_read_is_kept),
    };

    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
