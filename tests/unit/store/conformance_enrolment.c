/* SPDX-License-Identifier: Apache-2.0
 *
 * Enrolment by an insurer: what is known of a key, a person that is all new, parts that are taken
 * away, papers written in a batch (IaD 12.1, 12.2).
 */
#include "conformance.h"

#include <string.h>

#include "store/store_finder.h"
#include "store/store_member.h"
#include "store/store_register.h"
#include "store/store_standing.h"

#define INSURER ((struct insurer_number){"06139992"})
#define LINK TEXT("00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff")
#define OTHER_LINK TEXT("11ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff")

/* Adds the sample person of an id as its insurer's file does. */
static enum status add(struct scope *scope, struct world *world, int64_t person_id, struct text key,
                       struct text link)
{
    struct sample sample;
    const struct member member = {INSURER, key, person_id, 1, {0}};
    const struct registration_clock clock = {person_id,      1,          CLOCK_ACQUISITION,
                                             INSURER,        TEXT("甲"), DATE(20261001),
                                             DATE(20261012), scope->now, CLOCK_NOTICE_LATE};
    const struct new_member added = {&sample.person, &member, link, &clock, 1, true};

    sample_make(&sample, person_id);
    return store_add_member(scope, world->store, &added);
}

static void e9_a_new_member_is_all_there_at_once(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct register_check check = {0};
    struct insured_match *matches = NULL;
    struct sample sample;
    size_t count = 0;

    sample_make(&sample, 7);
    assert_ok(&scope, add(&scope, world, 7, TEXT("社員-7"), LINK));
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
    assert_person(&found, &sample.person);
    for (int i = 0; i < 2; i++) {
        const struct insured_key key = sample_key(&sample, i);
        assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
        assert_int_equal(count, 1);
    }
    assert_int_equal(world_number(world, "SELECT late FROM registration_clock"), CLOCK_NOTICE_LATE);
    assert_ok(&scope, store_find_register_check(&scope, world->store, 7, &check));
    assert_true(check.waiting);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 0);
}

static void e9_what_is_known_of_a_key_is_told_in_one_round(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct enrolment known = {0};

    assert_ok(&scope, add(&scope, world, 7, TEXT("社員-7"), LINK));
    assert_ok(&scope,
              store_find_enrolment(&scope, world->store, INSURER, TEXT("社員-7"), LINK, &known));
    assert_true(known.member_found && known.link_found);
    assert_int_equal(known.member.person_id, 7);
    assert_int_equal(known.member.identity, 1);
    assert_true(text_is(known.member.key, "社員-7"));
    assert_int_equal(known.link_person, 7);
    assert_ok(&scope, store_find_enrolment(&scope, world->store, INSURER, TEXT("社員-8"),
                                           OTHER_LINK, &known));
    assert_false(known.member_found || known.link_found);
    assert_ok(&scope, store_find_enrolment(&scope, world->store, (struct insurer_number){"139998"},
                                           TEXT("社員-7"), TEXT(""), &known));
    assert_false(known.member_found || known.link_found);
    assert_fails(&scope,
                 store_find_enrolment(&scope, world->store, INSURER, TEXT("\xff"), LINK, &known),
                 CAUSE_TEXT_WRONG);
}

static void e9_ids_of_people_and_coverages_are_not_used_anew(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct part_key second = {7, PART_COVERAGE, 2, DATE_NONE, 0};
    int64_t id = 0;

    assert_ok(&scope, store_next_person_id(&scope, world->store, &id));
    assert_int_equal(id, 1);
    assert_ok(&scope, add(&scope, world, 7, TEXT("社員-7"), LINK));
    assert_ok(&scope, store_next_person_id(&scope, world->store, &id));
    assert_int_equal(id, 8);
    assert_ok(&scope, store_drop_part(&scope, world->store, &second));
    assert_ok(&scope, store_next_coverage_id(&scope, world->store, 7, &id));
    assert_int_equal(id, 3);
    assert_ok(&scope, store_next_coverage_id(&scope, world->store, 8, &id));
    assert_int_equal(id, 1);
    assert_ok(&scope, store_find_last_person(&scope, world->store, &id));
    assert_int_equal(id, 7);
}

static void e9_a_coverage_that_is_taken_away_takes_its_numbers_along(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct part_key first = {7, PART_COVERAGE, 1, DATE_NONE, 0};
    struct insured_match *matches = NULL;
    struct sample sample;
    struct insured_key key;
    size_t count = 9;

    sample_make(&sample, 7);
    key = sample_key(&sample, 0);
    assert_ok(&scope, add(&scope, world, 7, TEXT("社員-7"), LINK));
    assert_ok(&scope, store_drop_part(&scope, world->store, &first));
    assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
    assert_int_equal(count, 0);
    key = sample_key(&sample, 1);
    assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
    assert_int_equal(count, 1);
    assert_int_equal(world_number(world, "SELECT coverage_id FROM coverage_history"), 1);
    assert_int_equal(store_drop_part(&scope, world->store, &first), STATUS_NOT_FOUND);
}

static void e9_certificates_are_taken_away_one_by_one(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct part_key elderly = {7, PART_ELDERLY, 2, DATE(20240401), 0};
    const struct part_key limit = {7, PART_LIMIT, 2, DATE(20240401), 0};
    const struct part_key disease = {7, PART_DISEASE, 2, DATE(20240401), 1};

    assert_ok(&scope, add(&scope, world, 7, TEXT("社員-7"), LINK));
    assert_ok(&scope, store_drop_part(&scope, world->store, &elderly));
    assert_ok(&scope, store_drop_part(&scope, world->store, &limit));
    assert_ok(&scope, store_drop_part(&scope, world->store, &disease));
    assert_int_equal(store_drop_part(&scope, world->store, &disease), STATUS_NOT_FOUND);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM elderly_certificate"), 0);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM limit_certificate"), 0);
    assert_int_equal(world_number(world, "SELECT category FROM specified_disease"), 2);
    assert_int_equal(world_number(world, "SELECT category FROM specified_disease_history"), 1);
}

/* --- papers of a batch ------------------------------------------------------------------------ */

#define PAPERS 600 /* of as many people: several rounds */

static struct issue paper(int64_t person_id)
{
    return (struct issue){
        .person_id = person_id,
        .kind = ISSUE_CERTIFICATE,
        .serial = 1,
        .insurer = INSURER,
        .coverage_id = 1,
        .reason = "T1",
        .rule = "D1.t1_new_member",
        .due = DATE(20261105),
        .latest = DATE(20261110),
        .valid_from = DATE(20261105),
        .valid_until = DATE(20311104),
        .state = ISSUE_DUE,
    };
}

static void d1_a_batch_writes_papers_of_many_people(void **state)
{
    static struct issue papers[PAPERS];
    static struct issue_change changes[PAPERS];
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    CLEANUP(scope_end) struct scope later = scope_at(60);

    for (size_t i = 0; i < PAPERS; i++) {
        papers[i] = paper((int64_t)i);
        changes[i] = (struct issue_change){&papers[i], true};
    }
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_ok(&scope, store_write_issues(&scope, world->store, changes, PAPERS));
    assert_ok(&scope, store_commit(&scope, world->store));
    for (size_t i = 0; i < PAPERS; i++) {
        papers[i].state = ISSUE_ISSUED;
        papers[i].issued = DATE(20261106);
        changes[i].fresh = false;
    }
    assert_ok(&later, store_begin(&later, world->store));
    assert_ok(&later, store_write_issues(&later, world->store, changes, PAPERS));
    assert_ok(&later, store_commit(&later, world->store));
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM document WHERE state = 2"), PAPERS);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM document_history WHERE state = 1"),
                     PAPERS);
}

static void d1_a_batch_that_meets_a_reason_twice_writes_nothing(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct issue papers[] = {paper(1), paper(2), paper(2)};
    struct issue_change changes[] = {{&papers[0], true}, {&papers[1], true}, {&papers[2], true}};

    papers[2].serial = 2;
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_fails(&scope, store_write_issues(&scope, world->store, changes, 3),
                 CAUSE_ALREADY_EXISTS);
    store_rollback(world->store);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM document"), 0);
}

static void d4_the_last_month_that_was_ended_is_known(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct job october = {.kind = "month_end", .day = DATE(20261031), .done = true};
    const struct job november = {.kind = "month_end", .day = DATE(20261130)};
    struct date last = DATE(20260101);

    assert_ok(&scope, store_find_last_job(&scope, world->store, "month_end", &last));
    assert_false(date_is(last));
    assert_ok(&scope, store_put_job(&scope, world->store, &november));
    assert_ok(&scope, store_put_job(&scope, world->store, &october));
    assert_ok(&scope, store_find_last_job(&scope, world->store, "month_end", &last));
    assert_int_equal(last.yyyymmdd, 20261130);
    assert_ok(&scope, store_find_last_job(&scope, world->store, "documents", &last));
    assert_false(date_is(last));
}

struct conformance_list conformance_enrolment(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(e9_a_new_member_is_all_there_at_once),
        cmocka_unit_test(e9_what_is_known_of_a_key_is_told_in_one_round),
        cmocka_unit_test(e9_ids_of_people_and_coverages_are_not_used_anew),
        cmocka_unit_test(e9_a_coverage_that_is_taken_away_takes_its_numbers_along),
        cmocka_unit_test(e9_certificates_are_taken_away_one_by_one),
        cmocka_unit_test(d1_a_batch_writes_papers_of_many_people),
        cmocka_unit_test(d1_a_batch_that_meets_a_reason_twice_writes_nothing),
        cmocka_unit_test(d4_the_last_month_that_was_ended_is_known),
    };

    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
