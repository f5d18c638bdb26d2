/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "played_register.h"
#include "register/register_job.h"

#define LIMIT (16UL * 1024 * 1024)
#define TODAY DATE(20261105)

/* A store in memory with people 1 to 4, and a register that has them too. */
struct pair {
    struct store *store;
    struct played_register played;
    char links[PLAYED_MAX][65];
    struct register_change changes[PLAYED_MAX];
    struct instant now;
};

static void must(struct scope *scope, enum status status)
{
    if (status != STATUS_OK)
        fail_msg("%s: %s", failure_text(scope->cause)->code, scope->failure);
}

static struct register_identity *identity(struct pair *pair, int64_t person_id)
{
    return &pair->played.people[person_id - 1].identity;
}

static void put_person(struct pair *pair, int64_t person_id, const char *insurer, struct date until)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, pair->now);
    struct coverage coverage = {.coverage_id = 1,
                                .symbol = TEXT("1"),
                                .number = TEXT("2"),
                                .relation = RELATION_INSURED,
                                .from = DATE(20200401),
                                .until = until,
                                .kind = KIND_GENERAL,
                                .valid_until = DATE_NEVER};
    struct person person = {.person_id = person_id,
                            .name = TEXT("高橋　ハナ"),
                            .name_kana = TEXT("ﾀｶﾊｼ ﾊﾅ"),
                            .address = TEXT("架空区見本町５－６"),
                            .birth = DATE(19800203),
                            .sex1 = SEX_FEMALE,
                            .coverages = &coverage,
                            .coverage_count = 1};
    struct person_key key = {text_of(pair->links[person_id - 1]), person_id};

    snprintf(coverage.insurer.digits, sizeof coverage.insurer.digits, "%s", insurer);
    if (date_compare(until, DATE_NEVER) != 0)
        coverage.loss_reason = LOSS_OTHER;
    must(&scope, store_put_person(&scope, pair->store, &person));
    must(&scope, store_put_person_key(&scope, pair->store, &key));
    *identity(pair, person_id) = (struct register_identity){
        TEXT("髙橋　ハナ"), person.name_kana.size ? TEXT("ﾀｶﾊｼ ﾊﾅ") : (struct text){0},
        TEXT("架空区見本町５－６"), person.birth, SEX_FEMALE};
}

static int begin(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    assert_non_null(pair);
    pair->now = instant_noon(TODAY);
    pair->played.base.ops = &played_ops;
    must(&scope, store_open(&scope, "sqlite::memory:", STORE_CREATE, &pair->store));
    for (size_t i = 0; i < 4; i++) {
        snprintf(pair->links[i], sizeof pair->links[i], "%064zx", i + 1);
        pair->played.people[i].link = text_of(pair->links[i]);
        pair->played.count++;
    }
    put_person(pair, 1, "06139992", DATE_NEVER);
    put_person(pair, 2, "139998", DATE_NEVER);
    put_person(pair, 3, "39139993", DATE_NEVER);
    put_person(pair, 4, "06139992", DATE(20260401));
    *state = pair;
    return 0;
}

static int end(void **state)
{
    struct pair *pair = *state;

    store_close(pair->store);
    free(pair);
    return 0;
}

/* One second later each time. */
static struct scope later(struct pair *pair)
{
    pair->now.microseconds += 1000000;
    return scope_begin_at(LIMIT, pair->now);
}

static void request(struct pair *pair, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = later(pair);

    must(&scope, store_request_register_check(&scope, pair->store, person_id));
}

static struct register_tally compare(struct pair *pair)
{
    struct register_tally tally = {0};
    int64_t after = -1;
    bool more = true;

    while (more) {
        CLEANUP(scope_end) struct scope scope = later(pair);
        must(&scope, register_job_compare(&scope, pair->store, &pair->played.base, TODAY, &after,
                                          &tally, &more));
    }
    return tally;
}

static int stopped(struct pair *pair, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = later(pair);
    struct person person = {0};

    must(&scope, store_find_person(&scope, pair->store, person_id, &person));
    return person.register_difference;
}

static struct register_check check_of(struct scope *scope, struct pair *pair, int64_t person_id)
{
    struct register_check check = {0};

    must(scope, store_find_register_check(scope, pair->store, person_id, &check));
    return check;
}

static void e1_only_who_waits_is_compared_and_once(void **state)
{
    struct pair *pair = *state;
    struct register_tally tally = {0};

    assert_int_equal(compare(pair).compared, 0);
    assert_int_equal(pair->played.calls, 0);
    request(pair, 1);
    request(pair, 2);
    tally = compare(pair);
    assert_int_equal(tally.compared, 2);
    assert_int_equal(tally.classes[0], 2);
    assert_int_equal(tally.rewritten, 2); /* 髙 and 高 */
    assert_int_equal(pair->played.calls, 1);
    assert_int_equal(compare(pair).compared, 0);
    assert_int_equal(pair->played.calls, 1);
}

static void e1_what_is_found_stops_what_it_must(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct person before = {0};

    identity(pair, 1)->birth = DATE(19800204);
    identity(pair, 2)->name = TEXT("相違　名");
    identity(pair, 2)->kana = TEXT("ｿｳｲ ﾒｲ");
    identity(pair, 3)->address = TEXT("架空区別町１");
    identity(pair, 4)->birth = DATE(19800204);
    for (int64_t id = 1; id <= 4; id++)
        request(pair, id);
    compare(pair);
    assert_int_equal(stopped(pair, 1), 1);
    assert_int_equal(stopped(pair, 2), 2);
    assert_int_equal(stopped(pair, 3), 3);
    assert_int_equal(stopped(pair, 4), 2); /* past coverages only: medical information alone */
    assert_true(text_is(check_of(&scope, pair, 4).rule, "E1.register_past"));
    assert_int_equal(check_of(&scope, pair, 4).difference, 1);
    /* what was believed before is still there */
    must(&scope, store_find_person_as_of(&scope, pair->store, 1, instant_noon(TODAY), &before));
    assert_int_equal(before.register_difference, 0);
}

static void e1_a_corrected_record_is_free_again(void **state)
{
    struct pair *pair = *state;

    identity(pair, 1)->address = TEXT("架空区別町１");
    request(pair, 1);
    compare(pair);
    assert_int_equal(stopped(pair, 1), 3);
    identity(pair, 1)->address = TEXT("架空区見本町五番六号");
    request(pair, 1);
    assert_int_equal(stopped(pair, 1), 3); /* until it is compared */
    compare(pair);
    assert_int_equal(stopped(pair, 1), 0);
}

static void e1_a_register_that_is_away_leaves_all_as_it_was(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = later(pair);
    struct register_tally tally = {0};
    int64_t after = -1;
    bool more = false;

    request(pair, 1);
    pair->played.away = true;
    assert_int_equal(
        register_job_compare(&scope, pair->store, &pair->played.base, TODAY, &after, &tally, &more),
        STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_REGISTER_AWAY);
    assert_int_equal(tally.compared, 0);
    pair->played.away = false;
    assert_int_equal(compare(pair).compared, 1);
}

static void e1_who_has_no_number_is_told_and_an_unknown_number_stops(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = later(pair);
    struct person person = {.person_id = 9, .name = TEXT("a"), .birth = DATE(19800101)};
    struct register_tally tally = {0};

    must(&scope, store_put_person(&scope, pair->store, &person));
    request(pair, 9);
    pair->played.count = 3; /* the register does not have person 4 */
    request(pair, 4);
    tally = compare(pair);
    assert_int_equal(tally.without_number, 1);
    assert_int_equal(tally.unknown, 1);
    assert_int_equal(tally.past, 1);
    assert_int_equal(stopped(pair, 9), 0);
}

static enum cause clear(struct pair *pair, int64_t person_id, const char *reason, const char *by)
{
    CLEANUP(scope_end) struct scope scope = later(pair);
    const struct register_clearing clearing = {person_id, text_of(reason), text_of(by)};

    return register_job_clear(&scope, pair->store, &clearing) == STATUS_OK ? CAUSE_NONE
                                                                           : scope.cause;
}

static void e1_no_doubt_with_reason_clears_and_stands_until_it_gets_worse(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_check check = {0};

    identity(pair, 1)->address = TEXT("架空区別町１");
    request(pair, 1);
    compare(pair);
    assert_int_equal(clear(pair, 1, "", "clerk"), CAUSE_REGISTER_REASON_MISSING);
    assert_int_equal(clear(pair, 1, "届出済み", ""), CAUSE_REGISTER_REASON_MISSING);
    assert_int_equal(clear(pair, 2, "届出済み", "clerk"), CAUSE_REGISTER_PERSON_UNKNOWN);
    assert_int_equal(clear(pair, 1, "届出済み", "clerk"), CAUSE_NONE);
    assert_int_equal(stopped(pair, 1), 0);
    check = check_of(&scope, pair, 1);
    assert_true(text_is(check.reason, "届出済み"));
    assert_true(text_is(check.reason_by, "clerk"));
    assert_int_equal(check.difference, 3);
    request(pair, 1);
    assert_int_equal(compare(pair).reasons, 1); /* compared again: the reason stands */
    assert_int_equal(stopped(pair, 1), 0);
    identity(pair, 1)->birth = DATE(19800204);
    request(pair, 1);
    compare(pair);
    assert_int_equal(stopped(pair, 1), 1); /* it was given for class 3 */
    assert_int_equal(check_of(&scope, pair, 1).reason.size, 0);
}

static void e1_a_reason_does_not_take_the_place_of_a_comparison(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    identity(pair, 1)->address = TEXT("架空区別町１");
    request(pair, 1);
    compare(pair);
    request(pair, 1);
    assert_int_equal(clear(pair, 1, "届出済み", "clerk"), CAUSE_NONE);
    assert_true(check_of(&scope, pair, 1).waiting);
    assert_int_equal(compare(pair).compared, 1);
    assert_int_equal(clear(pair, 1, "届出済み", "clerk"), CAUSE_NONE);
    identity(pair, 1)->address = TEXT("架空区見本町５－６");
    request(pair, 1);
    compare(pair);
    assert_int_equal(clear(pair, 1, "届出済み", "clerk"), CAUSE_REGISTER_NO_DIFFERENCE);
}

/* --- the feed ----------------------------------------------------------------------------------
 */

static void tell(struct pair *pair, int64_t person_id, enum register_change_kind kind)
{
    struct register_changes *feed = &pair->played.feed;

    feed->items = pair->changes;
    feed->items[feed->count] = (struct register_change){
        (int64_t)feed->count + 1, pair->played.people[person_id - 1].link, kind, TODAY};
    feed->count++;
}

static struct register_feed_tally take_in(struct pair *pair)
{
    struct register_feed_tally tally = {0};
    bool more = true;

    while (more) {
        CLEANUP(scope_end) struct scope scope = later(pair);
        must(&scope, register_job_changes(&scope, pair->store, &pair->played.base, &tally, &more));
    }
    return tally;
}

static unsigned protection(struct pair *pair, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = later(pair);
    struct person person = {0};

    must(&scope, store_find_person(&scope, pair->store, person_id, &person));
    return person.protection;
}

static void e1_a_move_is_noted_once_and_compared(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct register_notice *notices = NULL;
    size_t count = 0;
    struct register_feed_tally tally = {0};

    tell(pair, 1, REGISTER_CHANGE_ADDRESS);
    tell(pair, 2, REGISTER_CHANGE_DEATH);
    tell(pair, 3, REGISTER_CHANGE_NAME);
    identity(pair, 1)->address = TEXT("架空区別町１");
    tally = take_in(pair);
    assert_int_equal(tally.taken, 3);
    assert_int_equal(tally.kinds[REGISTER_CHANGE_DEATH], 1);
    assert_int_equal(take_in(pair).taken, 0);
    must(&scope, store_list_register_notices(&scope, pair->store, 0, 10, &notices, &count));
    assert_int_equal(count, 3);
    assert_int_equal(compare(pair).compared, 2); /* the death asks for no comparison */
    assert_int_equal(stopped(pair, 1), 3);
    assert_int_equal(stopped(pair, 2), 0); /* the loss is the insurer's to register */
}

static void e1_a_feed_told_twice_changes_nothing(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    tell(pair, 2, REGISTER_CHANGE_SUPPORT_SET);
    assert_int_equal(take_in(pair).taken, 1);
    must(&scope, store_put_register_cursor(&scope, pair->store, 0));
    assert_int_equal(take_in(pair).taken, 0);
}

static void e1_a_support_measure_protects_and_its_end_takes_back_what_it_set(void **state)
{
    struct pair *pair = *state;
    const unsigned both = (unsigned)PROTECTION_NON_DISCLOSURE | (unsigned)PROTECTION_SELF_REFUSAL;

    for (int64_t id = 1; id <= 3; id++)
        tell(pair, id, REGISTER_CHANGE_SUPPORT_SET);
    assert_int_equal(take_in(pair).flagged, 2);
    assert_int_equal(protection(pair, 1), 0); /* an employees' insurer waits for a filing */
    assert_int_equal(protection(pair, 2), both);
    assert_int_equal(protection(pair, 3), both);
    for (int64_t id = 1; id <= 3; id++)
        tell(pair, id, REGISTER_CHANGE_SUPPORT_ENDED);
    assert_int_equal(take_in(pair).flagged, 2);
    assert_int_equal(protection(pair, 2), 0);
    assert_int_equal(protection(pair, 3), 0);
}

static void e1_a_flag_that_the_person_filed_outlives_the_measure(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = later(pair);
    struct person person = {0};

    must(&scope, store_find_person(&scope, pair->store, 2, &person));
    person.protection = PROTECTION_NON_DISCLOSURE;
    must(&scope, store_put_person(&scope, pair->store, &person));
    tell(pair, 2, REGISTER_CHANGE_SUPPORT_SET);
    tell(pair, 2, REGISTER_CHANGE_SUPPORT_ENDED);
    take_in(pair);
    assert_int_equal(protection(pair, 2), PROTECTION_NON_DISCLOSURE);
}

/* 2.5: a filing that comes while the measure runs adds no flag, and outlives it all the same. */
static void e1_a_filing_made_during_the_measure_outlives_it(void **state)
{
    struct pair *pair = *state;
    CLEANUP(scope_end) struct scope scope = later(pair);
    const struct protection_filing filing = {"139998", PROTECTION_NON_DISCLOSURE, TODAY,
                                             DATE_NEVER};
    struct protection_book book = {0};
    struct person person = {0};

    tell(pair, 2, REGISTER_CHANGE_SUPPORT_SET);
    take_in(pair);
    must(&scope, store_find_person(&scope, pair->store, 2, &person));
    must(&scope, store_find_protection(&scope, pair->store, &person, &book));
    assert_true(protection_put(&book, &filing));
    must(&scope, store_put_protection(&scope, pair->store, 2, &book));
    tell(pair, 2, REGISTER_CHANGE_SUPPORT_ENDED);
    assert_int_equal(take_in(pair).flagged, 1);
    assert_int_equal(protection(pair, 2), PROTECTION_NON_DISCLOSURE);
}

static void e1_changes_of_people_who_are_not_ours_are_passed_over(void **state)
{
    struct pair *pair = *state;

    snprintf(pair->links[4], sizeof pair->links[4], "%064x", 99U);
    pair->played.people[4].link = text_of(pair->links[4]);
    tell(pair, 5, REGISTER_CHANGE_DEATH);
    tell(pair, 1, REGISTER_CHANGE_DEATH);
    assert_int_equal(take_in(pair).unknown, 1);
    assert_int_equal(take_in(pair).unknown, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(e1_only_who_waits_is_compared_and_once),
        TEST(e1_what_is_found_stops_what_it_must),
        TEST(e1_a_corrected_record_is_free_again),
        TEST(e1_a_register_that_is_away_leaves_all_as_it_was),
        TEST(e1_who_has_no_number_is_told_and_an_unknown_number_stops),
        TEST(e1_no_doubt_with_reason_clears_and_stands_until_it_gets_worse),
        TEST(e1_a_reason_does_not_take_the_place_of_a_comparison),
        TEST(e1_a_move_is_noted_once_and_compared),
        TEST(e1_a_feed_told_twice_changes_nothing),
        TEST(e1_a_support_measure_protects_and_its_end_takes_back_what_it_set),
        TEST(e1_a_flag_that_the_person_filed_outlives_the_measure),
        TEST(e1_a_filing_made_during_the_measure_outlives_it),
        TEST(e1_changes_of_people_who_are_not_ours_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
