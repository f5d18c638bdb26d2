/* SPDX-License-Identifier: Apache-2.0
 *
 * Deregistration, papers, needs, jobs, and standings in runs.
 */
#include "conformance.h"

#include <stdio.h>
#include <string.h>

#include "store/store_card_use.h"
#include "store/store_finder.h"
#include "store/store_standing.h"

static void put_person(struct world *world, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, person_id);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static struct deregistration_request sample_request(int64_t person_id, int64_t request_id)
{
    return (struct deregistration_request){
        .person_id = person_id,
        .request_id = request_id,
        .requested = DATE(20261103),
        .received = DATE(20261105),
        .insurer = {"06139999"},
        .channel = DEREGISTRATION_BY_FILE,
        .proxy = true,
        .state = DEREGISTRATION_ACCEPTED,
        .executes = DATE(20261231),
    };
}

static struct issue sample_issue(int64_t person_id, enum issue_kind kind, int64_t serial)
{
    return (struct issue){
        .person_id = person_id,
        .kind = kind,
        .serial = serial,
        .insurer = {"139998"},
        .coverage_id = 1,
        .reason = "T2",
        .rule = "D1.t2_deregistered",
        .due = DATE(20261105),
        .latest = DATE(20261231),
        .valid_from = date_add_days(DATE(20261105), (int)serial),
        .valid_until = DATE(20311104),
        .state = ISSUE_DUE,
        .special = true,
    };
}

static void r2_requests_are_kept_with_their_history(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    CLEANUP(scope_end) struct scope later = scope_at(60);
    struct deregistration_request request = sample_request(7, 1);
    struct deregistration_request *found = NULL;
    size_t count = 9;

    assert_ok(&scope, store_list_deregistrations(&scope, world->store, 7, &found, &count));
    assert_int_equal(count, 0);
    assert_ok(&scope, store_put_deregistration(&scope, world->store, &request));
    assert_ok(&scope,
              store_put_deregistration(&scope, world->store, &request)); /* says nothing new */
    request.state = DEREGISTRATION_FAILED;
    request.executed = DATE(20261231);
    request.error = CAUSE_DEREGISTRATION_NO_REGISTRATION;
    assert_ok(&later, store_put_deregistration(&later, world->store, &request));
    request = sample_request(7, 2);
    assert_ok(&later, store_put_deregistration(&later, world->store, &request));
    assert_ok(&scope, store_list_deregistrations(&scope, world->store, 7, &found, &count));
    assert_int_equal(count, 2);
    assert_int_equal(found[0].request_id, 1);
    assert_int_equal(found[0].requested.yyyymmdd, 20261103);
    assert_int_equal(found[0].received.yyyymmdd, 20261105);
    assert_string_equal(found[0].insurer.digits, "06139999");
    assert_int_equal(found[0].channel, DEREGISTRATION_BY_FILE);
    assert_true(found[0].proxy);
    assert_int_equal(found[0].state, DEREGISTRATION_FAILED);
    assert_int_equal(found[0].executes.yyyymmdd, 20261231);
    assert_int_equal(found[0].executed.yyyymmdd, 20261231);
    assert_int_equal(found[0].error, CAUSE_DEREGISTRATION_NO_REGISTRATION);
    assert_int_equal(found[1].error, CAUSE_NONE);
    assert_int_equal(world_number(world, "SELECT count(*) FROM deregistration_request_history"), 1);
    assert_int_equal(world_number(world, "SELECT state FROM deregistration_request_history"), 2);
    request.state = (enum deregistration_state)9;
    assert_int_equal(store_put_deregistration(&scope, world->store, &request), STATUS_INVALID);
}

static void d1_there_are_never_two_papers_for_one_reason(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct issue issues[] = {sample_issue(7, ISSUE_CERTIFICATE, 1),
                             sample_issue(7, ISSUE_NOTICE, 1),
                             sample_issue(7, ISSUE_CERTIFICATE, 2)};
    struct issue_run run = {issues, 3};
    struct issue *found = NULL;
    size_t count = 0;

    assert_ok(&scope, store_put_issues(&scope, world->store, &run));
    issues[2].serial = 3; /* the reason of the second again */
    assert_int_equal(store_put_issues(&scope, world->store, &run), STATUS_CONFLICT);
    assert_int_equal(scope.cause, CAUSE_ALREADY_EXISTS);
    scope_forgive(&scope);
    issues[0].state = ISSUE_ISSUED;
    issues[0].issued = DATE(20261106);
    run.count = 1;
    assert_ok(&scope, store_put_issues(&scope, world->store, &run));
    assert_ok(&scope, store_list_issues(&scope, world->store, 7, &found, &count));
    assert_int_equal(count, 3);
    assert_int_equal(found[0].state, ISSUE_ISSUED);
    assert_int_equal(found[0].issued.yyyymmdd, 20261106);
    assert_string_equal(found[0].reason, "T2");
    assert_string_equal(found[0].rule, "D1.t2_deregistered");
    assert_string_equal(found[0].insurer.digits, "139998");
    assert_true(found[0].special);
    assert_int_equal(found[1].serial, 2);
    assert_int_equal(found[2].kind, ISSUE_NOTICE);
    assert_int_equal(world_number(world, "SELECT count(*) FROM document_history"), 1);
}

static void d1_needs_begin_and_end(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct need_row need = {7, NEED_HELPER, DATE(20261001), DATE_NEVER};
    struct need_row *found = NULL;
    size_t count = 0;

    assert_ok(&scope, store_put_need(&scope, world->store, &need));
    need.until = DATE(20261130);
    assert_ok(&scope, store_put_need(&scope, world->store, &need));
    assert_ok(&scope, store_list_needs(&scope, world->store, 7, &found, &count));
    assert_int_equal(count, 1);
    assert_int_equal(found[0].need, NEED_HELPER);
    assert_int_equal(found[0].until.yyyymmdd, 20261130);
    assert_int_equal(world_number(world, "SELECT count(*) FROM document_need_history"), 1);
}

static struct insurer_policy sample_policy(const char *insurer, int from)
{
    struct insurer_policy policy = {.valid_from = DATE(from),
                                    .gives_both = true,
                                    .certificate_years = 4,
                                    .expiry_months = 2,
                                    .uses_12_months = 8,
                                    .uses_3_months = 3,
                                    .uses_month = 4};

    snprintf(policy.insurer.digits, sizeof policy.insurer.digits, "%s", insurer);
    return policy;
}

static void d1_settings_hold_from_a_day_and_keep_their_history(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insurer_policy policies[] = {sample_policy("06139992", 20270401),
                                        sample_policy("139998", 20260401),
                                        sample_policy("06139992", 20260401)};
    struct insurer_policies found = {0};

    for (size_t i = 0; i < 3; i++)
        assert_ok(&scope, store_put_policy(&scope, world->store, &policies[i]));
    assert_ok(&scope, store_put_policy(&scope, world->store, &policies[2])); /* nothing new */
    policies[2].expiry_months = 3;
    assert_ok(&scope, store_put_policy(&scope, world->store, &policies[2]));
    assert_int_equal(world_number(world, "SELECT count(*) FROM insurer_policy_history"), 1);
    assert_int_equal(world_number(world, "SELECT expiry_months FROM insurer_policy_history"), 2);
    assert_ok(&scope, store_list_policies(&scope, world->store, &found));
    assert_int_equal(found.count, 3);
    assert_string_equal(found.items[0].insurer.digits, "06139992");
    assert_int_equal(found.items[0].valid_from.yyyymmdd, 20260401);
    assert_int_equal(found.items[0].expiry_months, 3);
    assert_true(found.items[0].gives_both);
    assert_int_equal(found.items[0].certificate_years, 4);
    assert_int_equal(found.items[0].uses_12_months, 8);
    assert_int_equal(found.items[0].uses_3_months, 3);
    assert_int_equal(found.items[0].uses_month, 4);
    assert_string_equal(found.items[2].insurer.digits, "139998");
    assert_ok(&scope, store_list_policies_of(&scope, world->store,
                                             (struct insurer_number){"139998"}, &found));
    assert_int_equal(found.count, 1);
}

static void d1_settings_beyond_the_law_are_not_stored(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insurer_policy policy = sample_policy("06139992", 20260401);

    policy.certificate_years = 6;
    assert_int_equal(store_put_policy(&scope, world->store, &policy), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_INSURER_POLICY_WRONG);
    assert_int_equal(world_number(world, "SELECT count(*) FROM insurer_policy"), 0);
}

static void d1_uses_of_the_card_are_added_by_month(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct monthly_uses uses[] = {
        {7, 202605, 2}, {7, 202606, 1}, {8, 202605, 9}, {9999, 202605, 4}};
    const struct card_use_run all = {uses, 4, DATE(99991231)};
    const struct card_use_run none = {uses, 4, DATE(18000101)};
    struct standing standing;

    put_person(world, 7);
    put_person(world, 8);
    assert_ok(&scope, store_add_card_uses(&scope, world->store, &all));
    assert_ok(&scope, store_add_card_uses(&scope, world->store, &all));
    assert_ok(&scope, store_add_card_uses(&scope, world->store, &none)); /* all born later */
    assert_int_equal(world_number(world, "SELECT count(*) FROM card_use"), 3);
    assert_ok(&scope, store_find_standing(&scope, world->store, 7, &standing));
    assert_int_equal(standing.use_count, 2);
    assert_int_equal(standing.uses[0].month, 202605);
    assert_int_equal(standing.uses[0].uses, 4);
    assert_ok(&scope, store_drop_card_uses(&scope, world->store, 202606));
    assert_int_equal(world_number(world, "SELECT uses FROM card_use"), 2);
}

static void d1_a_journal_is_counted_from_where_it_was_counted_to(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct use_position position = {.journal = "00112233445566778899aabbccddeeff",
                                    .records = 12,
                                    .segment = 3,
                                    .counted = DATE(20260601)};
    struct use_position found;
    struct date last = DATE_NEVER;

    memset(position.hash, 'a', 64);
    assert_ok(&scope, store_find_last_use_count(&scope, world->store, &last));
    assert_false(date_is(last));
    assert_int_equal(store_find_use_position(&scope, world->store, position.journal, &found),
                     STATUS_NOT_FOUND);
    assert_ok(&scope, store_lock_use_position(&scope, world->store, position.journal));
    assert_ok(&scope, store_find_use_position(&scope, world->store, position.journal, &found));
    assert_int_equal(found.records, 0);
    assert_ok(&scope, store_put_use_position(&scope, world->store, &position));
    assert_ok(&scope, store_lock_use_position(&scope, world->store, position.journal));
    assert_ok(&scope, store_find_use_position(&scope, world->store, position.journal, &found));
    assert_int_equal(found.records, 12);
    assert_int_equal(found.segment, 3);
    assert_string_equal(found.hash, position.hash);
    assert_ok(&scope, store_find_last_use_count(&scope, world->store, &last));
    assert_int_equal(last.yyyymmdd, 20260601);
}

static void r2_a_last_day_to_come_is_taken_back(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person person = {0};

    put_person(world, 7);
    assert_int_equal(store_resume_registration(&scope, world->store, 7), STATUS_NOT_FOUND);
    assert_int_equal(store_resume_registration(&scope, world->store, 8), STATUS_NOT_FOUND);
    assert_ok(&scope, store_end_registration(&scope, world->store, 7, DATE(20261231),
                                             REGISTRATION_DEREGISTERED));
    assert_ok(&scope, store_resume_registration(&scope, world->store, 7));
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &person));
    assert_int_equal(person.registered.yyyymmdd, 20220401);
    assert_int_equal(person.deregisters.yyyymmdd, 0);
    assert_int_equal(
        world_number(world, "SELECT used_until + ended FROM registration WHERE person_id = 7"), 0);
}

static void d4_a_job_is_taken_up_where_it_stands(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct job job = {.kind = "month_end", .day = DATE(20261130), .next_person = 4096, .lapsed = 3};
    struct job found = {.kind = "month_end", .day = DATE(20261130)};

    assert_int_equal(store_find_job(&scope, world->store, &found), STATUS_NOT_FOUND);
    assert_ok(&scope, store_put_job(&scope, world->store, &job));
    job.done = true;
    job.documents = 12;
    assert_ok(&scope, store_put_job(&scope, world->store, &job));
    assert_ok(&scope, store_find_job(&scope, world->store, &found));
    assert_true(found.done);
    assert_int_equal(found.next_person, 4096);
    assert_int_equal(found.lapsed, 3);
    assert_int_equal(found.documents, 12);
    found.day = DATE(20261031);
    assert_int_equal(store_find_job(&scope, world->store, &found), STATUS_NOT_FOUND);
}

static void e1_a_member_is_found_by_numbers_alone(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insured_match *matches = NULL;
    struct sample sample;
    struct insured_key key;
    size_t count = 0;

    put_person(world, 6);
    put_person(world, 7);
    sample_make(&sample, 7);
    key = sample_key(&sample, 1);
    key.birth = DATE_NONE;
    assert_ok(&scope, store_list_insured(&scope, world->store, &key, &matches, &count));
    assert_int_equal(count, 1);
    assert_int_equal(matches[0].person_id, 7);
    assert_int_equal(matches[0].coverage_id, sample.coverages[1].coverage_id);
    assert_string_equal(matches[0].branch, sample.coverages[1].branch);
    key.number[0] = '\xff';
    assert_int_equal(store_list_insured(&scope, world->store, &key, &matches, &count),
                     STATUS_INVALID);
}

/* Ids with gaps wider than a run; what belongs to nobody is passed over. */
static const int64_t scanned[] = {0, 1, 4095, 4096, 9000, 50000, 50001, 9000000};
#define SCANNED (sizeof scanned / sizeof scanned[0])

static void put_scanned(struct world *world)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    for (size_t i = 0; i < SCANNED; i++) {
        struct authentication_certificate certificate =
            sample_certificate(100 + (uint64_t)i, scanned[i]);
        struct deregistration_request request = sample_request(scanned[i], 1);
        struct issue issue = sample_issue(scanned[i], ISSUE_CERTIFICATE, 1);
        struct issue_run run = {&issue, 1};
        struct need_row need = {scanned[i], NEED_APPLIED, DATE(20261001), DATE_NEVER};
        put_person(world, scanned[i]);
        if (i % 2)
            continue;
        assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
        assert_ok(&scope, store_put_deregistration(&scope, world->store, &request));
        assert_ok(&scope, store_put_issues(&scope, world->store, &run));
        assert_ok(&scope, store_put_need(&scope, world->store, &need));
    }
}

static void check_standing(const struct standing *standing, size_t at)
{
    const struct person *person = &standing->person;
    struct sample sample;

    sample_make(&sample, scanned[at]);
    assert_int_equal(person->person_id, scanned[at]);
    assert_int_equal(person->birth.yyyymmdd, 19540203);
    assert_int_equal(person->registered.yyyymmdd, 20220401);
    assert_int_equal(person->protection, PROTECTION_NON_DISCLOSURE);
    assert_int_equal(person->coverage_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct coverage *found = &person->coverages[i];
        const struct coverage *wanted = &sample.coverages[i];
        assert_int_equal(found->coverage_id, wanted->coverage_id);
        assert_string_equal(found->insurer.digits, wanted->insurer.digits);
        assert_string_equal(found->branch, wanted->branch);
        assert_true(text_equal(found->symbol, wanted->symbol));
        assert_true(text_equal(found->number, wanted->number));
        assert_int_equal(found->from.yyyymmdd, wanted->from.yyyymmdd);
        assert_int_equal(found->until.yyyymmdd, wanted->until.yyyymmdd);
        assert_int_equal(found->kind, wanted->kind);
        assert_int_equal(found->paper, wanted->paper);
        assert_int_equal(found->valid_until.yyyymmdd, wanted->valid_until.yyyymmdd);
        assert_int_equal(found->share, wanted->share);
    }
    assert_int_equal(standing->certificate_count, at % 2 ? 0 : 1);
    assert_int_equal(standing->request_count, at % 2 ? 0 : 1);
    assert_int_equal(standing->issue_count, at % 2 ? 0 : 1);
    assert_int_equal(standing->need_count, at % 2 ? 0 : 1);
    if (at % 2)
        return;
    assert_int_equal(standing->certificates[0].certificate.person_id, scanned[at]);
    assert_int_equal(standing->certificates[0].certificate.expires.yyyymmdd, 20280203);
    assert_int_equal(standing->certificates[0].told.yyyymmdd, 20261105);
    assert_int_equal(standing->requests[0].person_id, scanned[at]);
    assert_int_equal(standing->issues[0].person_id, scanned[at]);
    assert_int_equal(standing->needs[0].person_id, scanned[at]);
}

static void d4_standings_come_in_runs(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate orphan = sample_certificate(4711, 300);
    struct standing_run run = {0};
    struct standing one = {0};
    size_t seen = 0;

    put_scanned(world);
    assert_ok(&scope, store_put_certificate(&scope, world->store, &orphan));
    while (!run.last) {
        assert_ok(&scope, store_read_standings(&scope, world->store, run.next, &run));
        for (size_t i = 0; i < run.count; i++)
            check_standing(&run.standings[i], seen++);
    }
    assert_int_equal(seen, SCANNED);
    assert_ok(&scope, store_find_standing(&scope, world->store, 9000, &one));
    check_standing(&one, 4);
    assert_int_equal(store_find_standing(&scope, world->store, 300, &one), STATUS_NOT_FOUND);
}

static void d4_what_no_batch_can_read_is_told(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct standing_run run = {0};

    put_scanned(world);
    world_tamper(world, "UPDATE authentication_certificate SET state = 7 WHERE person_id = 0");
    assert_int_equal(store_read_standings(&scope, world->store, 0, &run), STATUS_CORRUPT);
    scope_forgive(&scope);
    world_tamper(world, "UPDATE document SET state = 99 WHERE person_id = 9000");
    assert_int_equal(store_read_standings(&scope, world->store, 9000, &run), STATUS_CORRUPT);
}

/* --- when losses were registered ----------------------------------------------------------------
 */

/* Puts a person whose second coverage is lost, or open (DATE_NEVER), as registered on a day. */
static void put_until(const struct world *world, int64_t id, struct date until, struct date day)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(1 << 20, instant_noon(day));
    struct sample sample;

    sample_make(&sample, id);
    sample.coverages[1].until = until;
    sample.coverages[1].loss_reason = date_compare(until, DATE_NEVER) == 0 ? LOSS_NONE : LOSS_OTHER;
    sample.coverages[0].until = DATE(20250401);
    sample.coverages[0].loss_reason = LOSS_OTHER;
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static void e1_the_day_a_loss_was_registered_is_read_in_ranges(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    const struct date lost = DATE(20261001);
    struct coverage_loss *losses = NULL;
    size_t count = 0;

    put_until(world, 10, DATE_NEVER, DATE(20260401));
    put_until(world, 10, lost, DATE(20261020));
    put_until(world, 10, DATE(20261002), DATE(20261103)); /* corrected: registered before */
    put_until(world, 11, lost, DATE(20261020));           /* came with its loss */
    put_until(world, 12, DATE_NEVER, DATE(20260401));
    put_until(world, 12, lost, DATE(20261111));
    assert_ok(&scope, store_list_losses(&scope, world->store, 10, 13, &losses, &count));
    assert_int_equal(count, 2);
    assert_int_equal(losses[0].person_id, 10);
    assert_int_equal(instant_date(losses[0].registered).yyyymmdd, 20261020);
    assert_int_equal(losses[1].person_id, 12);
    assert_int_equal(instant_date(losses[1].registered).yyyymmdd, 20261111);
    assert_ok(&scope, store_list_losses(&scope, world->store, 11, 12, &losses, &count));
    assert_int_equal(count, 0);
}

struct conformance_list conformance_standing(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(r2_requests_are_kept_with_their_history),
        cmocka_unit_test(d1_there_are_never_two_papers_for_one_reason),
        cmocka_unit_test(d1_needs_begin_and_end),
        cmocka_unit_test(d1_settings_hold_from_a_day_and_keep_their_history),
        cmocka_unit_test(d1_settings_beyond_the_law_are_not_stored),
        cmocka_unit_test(d1_uses_of_the_card_are_added_by_month),
        cmocka_unit_test(d1_a_journal_is_counted_from_where_it_was_counted_to),
        cmocka_unit_test(r2_a_last_day_to_come_is_taken_back),
        cmocka_unit_test(d4_a_job_is_taken_up_where_it_stands),
        cmocka_unit_test(e1_a_member_is_found_by_numbers_alone),
        cmocka_unit_test(d4_standings_come_in_runs),
        cmocka_unit_test(d4_what_no_batch_can_read_is_told),
        cmocka_unit_test(e1_the_day_a_loss_was_registered_is_read_in_ranges),
    };

    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
