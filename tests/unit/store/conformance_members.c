/* SPDX-License-Identifier: Apache-2.0
 *
 * Insurers' own keys, the 5 + 5 day clock, and where registration files stand (E9, IaD 12.2).
 */
#include "conformance.h"

#include <string.h>

#include "store/store_member.h"

#define INSURER ((struct insurer_number){"06139992"})
#define OTHER ((struct insurer_number){"139998"})
#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void put(struct world *world, int seconds, const char *key, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);
    const struct member member = {INSURER, text_of(key), person_id, 1, {0}};

    assert_ok(&scope, store_put_member(&scope, world->store, &member));
}

static void a_key_leads_to_its_person(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct member found = {0};

    put(world, 0, "社員-1", 7);
    assert_ok(&scope, store_find_member(&scope, world->store, INSURER, TEXT("社員-1"), &found));
    assert_int_equal(found.person_id, 7);
    assert_int_equal(found.identity, 1);
    assert_string_equal(found.insurer.digits, "06139992");
    assert_true(text_is(found.key, "社員-1"));
    assert_int_equal(store_find_member(&scope, world->store, OTHER, TEXT("社員-1"), &found),
                     STATUS_NOT_FOUND);
    assert_fails(&scope, store_find_member(&scope, world->store, INSURER, TEXT("\xff"), &found),
                 CAUSE_TEXT_WRONG);
}

static void a_replaced_key_keeps_its_former_row(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(9);

    put(world, 0, "1", 7);
    put(world, 1, "1", 7);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM member_history"), 0);
    put(world, 2, "1", 8);
    assert_int_equal(world_number(world, "SELECT person_id FROM member_history"), 7);
    assert_ok(&scope, store_drop_member(&scope, world->store, INSURER, TEXT("1")));
    assert_int_equal(store_drop_member(&scope, world->store, INSURER, TEXT("1")), STATUS_NOT_FOUND);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM member"), 0);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM member_history"), 2);
}

static void keys_are_listed_by_insurer_and_by_person(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct member elsewhere = {OTHER, TEXT("9"), 7, 2, {0}};
    struct member *members = NULL;
    size_t count = 0;
    int64_t total = 0;

    put(world, 0, "1", 7);
    put(world, 0, "2", 8);
    put(world, 0, "3", 7);
    assert_ok(&scope, store_put_member(&scope, world->store, &elsewhere));
    assert_ok(&scope,
              store_list_members(&scope, world->store, INSURER, TEXT("1"), 5, &members, &count));
    assert_int_equal(count, 2);
    assert_true(text_is(members[0].key, "2"));
    assert_ok(&scope, store_list_person_members(&scope, world->store, 7, &members, &count));
    assert_int_equal(count, 3);
    assert_string_equal(members[2].insurer.digits, "139998");
    assert_ok(&scope, store_count_members(&scope, world->store, INSURER, &total));
    assert_int_equal(total, 3);
}

static void put_clock(struct world *world, int64_t person_id, const char *symbol, int late)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct registration_clock clock = {
        person_id, 1,   CLOCK_ACQUISITION, INSURER, text_of(symbol), DATE(20261001), DATE(20261012),
        scope.now, late};

    assert_ok(&scope, store_put_clock(&scope, world->store, &clock));
}

static void late_events_are_listed_by_employer(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct clock_search october = {INSURER, DATE(20261001), DATE(20261031)};
    const struct clock_search november = {INSURER, DATE(20261101), DATE(20261130)};
    struct registration_clock *clocks = NULL;
    size_t count = 0;

    put_clock(world, 1, "乙", 1);
    put_clock(world, 2, "甲", 0);
    put_clock(world, 3, "丙", 3);
    put_clock(world, 3, "丙", 0); /* told again: the first stays */
    assert_ok(&scope, store_list_late_clocks(&scope, world->store, &october, &clocks, &count));
    assert_int_equal(count, 2);
    assert_int_equal(clocks[0].late + clocks[1].late, 4);
    assert_int_equal(clocks[0].received.yyyymmdd, 20261012);
    assert_ok(&scope, store_list_late_clocks(&scope, world->store, &november, &clocks, &count));
    assert_int_equal(count, 0);
}

static void late_events_go_on_behind_one(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct clock_search october = {INSURER, DATE(20261001), DATE(20261031)};
    struct registration_clock *clocks = NULL, *rest = NULL;
    size_t count = 0;

    put_clock(world, 2, "", 1);
    put_clock(world, 1, "1", 1);
    put_clock(world, 3, "1", 2);
    put_clock(world, 4, "2", 0);
    assert_ok(&scope,
              store_next_late_clocks(&scope, world->store, &october, NULL, &clocks, &count));
    assert_int_equal(count, 3);
    assert_int_equal(clocks[0].person_id, 2); /* an empty symbol stands first */
    for (size_t i = 0; i < 3; i++) {
        assert_ok(&scope, store_next_late_clocks(&scope, world->store, &october, &clocks[i], &rest,
                                                 &count));
        assert_int_equal(count, 2 - i);
        if (count > 0)
            assert_int_equal(rest[0].person_id, clocks[i + 1].person_id);
    }
}

static void a_file_says_where_it_stands(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct registration_file file = {
        .insurer = INSURER, .sha256 = SHA_A, .rows = 10, .state = FILE_LOADING, .next_row = 1};
    struct registration_file found = {0};
    struct registration_file *files = NULL;
    size_t count = 0;

    assert_int_equal(store_find_registration_file(&scope, world->store, INSURER, SHA_A, &found),
                     STATUS_NOT_FOUND);
    assert_ok(&scope, store_put_registration_file(&scope, world->store, &file));
    file.state = FILE_DONE;
    file.next_row = 11;
    file.refused = 2;
    assert_ok(&scope, store_put_registration_file(&scope, world->store, &file));
    memcpy(file.sha256, SHA_B, sizeof SHA_B);
    file.begun = at(5);
    assert_ok(&scope, store_put_registration_file(&scope, world->store, &file));
    assert_ok(&scope, store_find_registration_file(&scope, world->store, INSURER, SHA_A, &found));
    assert_int_equal(found.state, FILE_DONE);
    assert_int_equal(found.next_row, 11);
    assert_int_equal(found.refused, 2);
    assert_ok(&scope,
              store_list_registration_files(&scope, world->store, INSURER, 9, &files, &count));
    assert_int_equal(count, 2);
    assert_string_equal(files[0].sha256, SHA_B);
}

static void values_that_cannot_be_are_refused(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct member member = {INSURER, TEXT("1"), 7, 5, {0}};
    const struct registration_clock clock = {.insurer = INSURER, .event = CLOCK_LOSS};
    const struct registration_file file = {
        .insurer = INSURER, .sha256 = "not hexadecimal", .state = FILE_DONE};

    assert_fails(&scope, store_put_member(&scope, world->store, &member), CAUSE_CODE_VALUE_WRONG);
    assert_fails(&scope, store_put_clock(&scope, world->store, &clock), CAUSE_DATE_WRONG);
    assert_fails(&scope, store_put_registration_file(&scope, world->store, &file),
                 CAUSE_CODE_VALUE_WRONG);
}

struct conformance_list conformance_members(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_leads_to_its_person),
        cmocka_unit_test(a_replaced_key_keeps_its_former_row),
        cmocka_unit_test(keys_are_listed_by_insurer_and_by_person),
        cmocka_unit_test(late_events_are_listed_by_employer),
        cmocka_unit_test(late_events_go_on_behind_one),
        cmocka_unit_test(a_file_says_where_it_stands),
        cmocka_unit_test(values_that_cannot_be_are_refused),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
