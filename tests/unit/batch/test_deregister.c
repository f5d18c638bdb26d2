/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_fixture.h"

#include "batch/deregister.h"
#include "batch/deregister_file.h"
#include "batch/member_key.h"

static enum status enter(struct scope *scope, struct bench *bench, int64_t person_id,
                         const char *insurer, struct deregister_receipt *receipt)
{
    const struct deregister_order order = {.person_id = person_id,
                                           .insurer = insurer_number_of(insurer),
                                           .channel = DEREGISTRATION_BY_TERMINAL};

    return deregister_enter(scope, bench->store, &order, receipt);
}

static void assert_refused(struct scope *scope, enum status status, enum cause cause)
{
    assert_int_not_equal(status, STATUS_OK);
    assert_int_equal(scope->cause, cause);
    scope_forgive(scope);
}

static void add_two_insurers(struct bench *bench, int64_t person_id)
{
    const struct member_order order = {.person_id = person_id, .insurer = SOCIETY};
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260401));
    struct coverage second =
        coverage_from(&(struct member_order){.insurer = TOWN, .from = DATE(20260401)}, 2);
    struct person person = {0};

    add_member(bench, &order);
    must(&scope, store_find_person(&scope, bench->store, person_id, &person));
    person.coverages = &second;
    person.coverage_count = 1;
    must(&scope, store_put_person(&scope, bench->store, &person));
}

static void r2_a_request_is_accepted_with_its_days(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    struct deregister_receipt receipt = {0};
    struct standing standing;

    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    must(&scope, enter(&scope, bench, 7, SOCIETY, &receipt));
    assert_int_equal(receipt.error, CAUSE_NONE);
    assert_int_equal(receipt.received.yyyymmdd, 20261110);
    assert_int_equal(receipt.executes.yyyymmdd, 20261231);
    assert_int_equal(receipt.list_from.yyyymmdd, 20270101);
    assert_true(receipt.certificate);
    assert_string_equal(receipt.rule->id, "R2.accepted");
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.person.deregisters.yyyymmdd, 20261231);
    assert_int_equal(standing.request_count, 1);
    assert_int_equal(standing.issue_count, 1);
    assert_string_equal(standing.issues[0].reason, "T2");
    assert_int_equal(standing.issues[0].state, ISSUE_DUE);
    assert_int_equal(standing.issues[0].due.yyyymmdd, 20261110);
    /* the same again changes nothing */
    must(&scope, enter(&scope, bench, 7, SOCIETY, &receipt));
    assert_true(receipt.again);
    assert_int_equal(receipt.executes.yyyymmdd, 20261231);
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.request_count, 1);
    assert_int_equal(standing.issue_count, 1);
}

static void r2_entry_opens_on_its_day(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope before = scope_of(DATE(20241027));
    CLEANUP(scope_end) struct scope first = scope_of(DATE(20241028));
    struct deregister_receipt receipt = {0};
    struct deregister_order order = {.person_id = 7,
                                     .insurer = insurer_number_of(SOCIETY),
                                     .channel = DEREGISTRATION_BY_LINK,
                                     .requested = DATE(20241029)};

    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    assert_refused(&before, enter(&before, bench, 7, SOCIETY, &receipt),
                   CAUSE_DEREGISTRATION_NOT_OPEN);
    assert_refused(&first, deregister_enter(&first, bench->store, &order, &receipt),
                   CAUSE_DATE_WRONG);
    must(&first, enter(&first, bench, 7, SOCIETY, &receipt));
    assert_int_equal(receipt.executes.yyyymmdd, 20241130);
}

static void r3_the_second_insurer_meets_an_error_that_names_nobody(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    CLEANUP(scope_end) struct scope later = scope_of(DATE(20261202));
    struct deregister_receipt receipt = {0};
    struct standing standing;

    add_two_insurers(bench, 7);
    must(&scope, enter(&scope, bench, 7, SOCIETY, &receipt));
    must(&later, enter(&later, bench, 7, TOWN, &receipt));
    assert_int_equal(receipt.error, CAUSE_DEREGISTRATION_ALREADY);
    assert_int_equal(receipt.received.yyyymmdd, 20261110); /* of the first */
    assert_int_equal(receipt.executes.yyyymmdd, 20261231);
    assert_true(receipt.certificate); /* all the same */
    standing = standing_in(&later, bench, 7);
    assert_int_equal(standing.request_count, 2);
    assert_int_equal(standing.requests[1].state, DEREGISTRATION_DUPLICATE);
    assert_int_equal(standing.issue_count, 2);
    assert_string_equal(standing.issues[1].insurer.digits, TOWN);
    /* sent again: the same answer, nothing new */
    must(&later, enter(&later, bench, 7, TOWN, &receipt));
    assert_int_equal(receipt.error, CAUSE_DEREGISTRATION_ALREADY);
    assert_int_equal(receipt.received.yyyymmdd, 20261110);
    assert_int_equal(standing_in(&later, bench, 7).request_count, 2);
}

static void r3_a_duplicate_says_nothing_after_a_withdrawal(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    struct deregister_receipt receipt = {0};
    const struct deregister_withdrawal withdrawal = {.person_id = 7,
                                                     .insurer = insurer_number_of(SOCIETY)};

    add_two_insurers(bench, 7);
    must(&scope, enter(&scope, bench, 7, SOCIETY, &receipt));
    must(&scope, enter(&scope, bench, 7, TOWN, &receipt));
    must(&scope, deregister_withdraw(&scope, bench->store, &withdrawal, &receipt));
    must(&scope, enter(&scope, bench, 7, TOWN, &receipt));
    assert_int_equal(receipt.error, CAUSE_NONE);
    assert_false(receipt.again);
    assert_int_equal(standing_in(&scope, bench, 7).person.deregisters.yyyymmdd, 20261231);
}

static void r2_withdrawn_to_the_day_before(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope entry = scope_of(DATE(20261110));
    CLEANUP(scope_end) struct scope last = scope_of(DATE(20261230));
    CLEANUP(scope_end) struct scope late = scope_of(DATE(20261231));
    struct deregister_receipt receipt = {0};
    struct deregister_withdrawal withdrawal = {.person_id = 7, .insurer = insurer_number_of(TOWN)};
    struct standing standing;

    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    must(&entry, enter(&entry, bench, 7, SOCIETY, &receipt));
    assert_refused(&last, deregister_withdraw(&last, bench->store, &withdrawal, &receipt),
                   CAUSE_DEREGISTRATION_NONE_OPEN);
    withdrawal.insurer = insurer_number_of(SOCIETY);
    assert_refused(&late, deregister_withdraw(&late, bench->store, &withdrawal, &receipt),
                   CAUSE_DEREGISTRATION_TOO_LATE);
    must(&last, deregister_withdraw(&last, bench->store, &withdrawal, &receipt));
    standing = standing_in(&last, bench, 7);
    assert_int_equal(standing.person.deregisters.yyyymmdd, 0);
    assert_int_equal(standing.person.registered.yyyymmdd, 20220401);
    assert_int_equal(standing.issues[0].state, ISSUE_CANCELLED); /* its reason went */
    assert_refused(&last, deregister_withdraw(&last, bench->store, &withdrawal, &receipt),
                   CAUSE_DEREGISTRATION_NONE_OPEN);
}

static void r2_only_the_insurer_of_the_person_enters(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    const struct member_order order = {.person_id = 7, .insurer = SOCIETY};
    struct deregister_receipt receipt = {0};
    struct deregister_order late = {.person_id = 7,
                                    .insurer = insurer_number_of(SOCIETY),
                                    .channel = DEREGISTRATION_BY_FILE,
                                    .requested = DATE(20261031)};

    add_member(bench, &order);
    change_insurer(bench, &order, DATE(20261101), OTHER_SOCIETY, LOSS_OTHER_INSURANCE);
    assert_refused(&scope, enter(&scope, bench, 7, SOCIETY, &receipt), CAUSE_MEMBER_LEFT);
    assert_refused(&scope, enter(&scope, bench, 7, TOWN, &receipt), CAUSE_MEMBER_LEFT);
    assert_refused(&scope, enter(&scope, bench, 8, TOWN, &receipt), CAUSE_MEMBER_NOT_FOUND);
    must(&scope, deregister_enter(&scope, bench->store, &late, &receipt)); /* asked in time */
    assert_int_equal(receipt.error, CAUSE_NONE);
}

static void r2_who_has_no_registration_may_ask(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    struct deregister_receipt receipt = {0};

    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .registered = DATE_NEVER});
    must(&scope, enter(&scope, bench, 7, SOCIETY, &receipt));
    assert_int_equal(standing_in(&scope, bench, 7).person.deregisters.yyyymmdd, 0);
}

static void r2_requests_of_a_person_are_bounded(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    struct deregistration_request request = {.person_id = 7,
                                             .requested = DATE(20241101),
                                             .received = DATE(20241101),
                                             .insurer = insurer_number_of(SOCIETY),
                                             .channel = DEREGISTRATION_BY_FILE,
                                             .state = DEREGISTRATION_WITHDRAWN,
                                             .executes = DATE(20241231)};
    struct deregister_receipt receipt = {0};

    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    must(&scope, store_begin(&scope, bench->store));
    for (request.request_id = 1; request.request_id <= DEREGISTRATIONS_MAX; request.request_id++) {
        CLEANUP(scope_end) struct scope round = scope_of(DATE(20261110));
        must(&round, store_put_deregistration(&round, bench->store, &request));
    }
    must(&scope, store_commit(&scope, bench->store));
    assert_refused(&scope, enter(&scope, bench, 7, SOCIETY, &receipt),
                   CAUSE_DEREGISTRATION_TOO_MANY);
}

static void e1_a_member_is_found_by_own_key_or_numbers(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    const struct insurer_number society = insurer_number_of(SOCIETY);
    const struct member member = {society, TEXT("A-1"), 7, 1, scope.now};
    int64_t found = 0;

    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    must(&scope, store_put_member(&scope, bench->store, &member));
    must(&scope, member_find(&scope, bench->store, society, TEXT("A-1"), &found));
    assert_int_equal(found, 7);
    must(&scope, member_find(&scope, bench->store, society, TEXT("12-352-01"), &found));
    assert_int_equal(found, 7);
    must(&scope, member_find(&scope, bench->store, society, TEXT("１２-00352-"), &found));
    assert_int_equal(found, 7);
    assert_refused(&scope, member_find(&scope, bench->store, society, TEXT("12-352-02"), &found),
                   CAUSE_MEMBER_NOT_FOUND);
    assert_refused(
        &scope,
        member_find(&scope, bench->store, insurer_number_of(TOWN), TEXT("12-352-01"), &found),
        CAUSE_MEMBER_NOT_FOUND);
    assert_refused(&scope, member_find(&scope, bench->store, society, TEXT("nothing"), &found),
                   CAUSE_MEMBER_KEY_WRONG);
    assert_refused(&scope, member_find(&scope, bench->store, society, TEXT("1-\xff-1"), &found),
                   CAUSE_MEMBER_KEY_WRONG);
}

static void r2_a_file_is_read_row_by_row(void **state)
{
    static const struct {
        const char *key, *wrong;
        int requested;
        bool proxy;
    } rows[] = {
        {"12-3-01", NULL, 20261103, false},
        {"甲-7-", NULL, 20261104, true},
        {"own", NULL, 0, false},
        {"", "key", 0, false},
        {"1-2-03", "requested", 0, false},
        {"1-2-03", "requested", 0, false},
        {"1-2-03", "proxy", 0, false},
        {"a", "columns", 0, false},
    };
    struct deregister_reader reader = {
        .file = TEXT("# a remark\n12-3-01,20261103,0\r\n\n 甲-7- ,2026-11-04, 1\nown\n,20261101\n"
                     "1-2-03,20261399\n1-2-03,-a-\n1-2-03,,2\na,,0,0")};
    struct deregister_row row;
    size_t count = 0;

    (void)state;
    while (deregister_row_next(&reader, &row)) {
        assert_true(count < sizeof rows / sizeof rows[0]);
        assert_true(text_is(row.key, rows[count].key));
        if (rows[count].wrong)
            assert_string_equal(row.wrong, rows[count].wrong);
        else
            assert_null(row.wrong);
        assert_int_equal(row.requested.yyyymmdd, rows[count].requested);
        assert_int_equal(row.proxy, rows[count].proxy);
        count++;
    }
    assert_int_equal(count, sizeof rows / sizeof rows[0]);
    assert_int_equal(row.line, 10);
}

#define ON_A_STORE(test) cmocka_unit_test_setup_teardown(test, bench_begin, bench_end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_A_STORE(r2_a_request_is_accepted_with_its_days),
        ON_A_STORE(r2_entry_opens_on_its_day),
        ON_A_STORE(r3_the_second_insurer_meets_an_error_that_names_nobody),
        ON_A_STORE(r3_a_duplicate_says_nothing_after_a_withdrawal),
        ON_A_STORE(r2_withdrawn_to_the_day_before),
        ON_A_STORE(r2_only_the_insurer_of_the_person_enters),
        ON_A_STORE(r2_who_has_no_registration_may_ask),
        ON_A_STORE(r2_requests_of_a_person_are_bounded),
        ON_A_STORE(e1_a_member_is_found_by_own_key_or_numbers),
        cmocka_unit_test(r2_a_file_is_read_row_by_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
