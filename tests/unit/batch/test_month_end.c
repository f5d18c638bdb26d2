/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_fixture.h"

#include <unistd.h>

#include "batch/deregister.h"
#include "batch/list_row.h"
#include "batch/month_end.h"
#include "batch/settle.h"

static char out_folder[] = "/tmp/test_month_end.XXXXXX";

static int folder_begin(void **state)
{
    (void)state;
    return mkdtemp(out_folder) ? 0 : -1;
}

static int folder_end(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", out_folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(concurrency-mt-unsafe,cert-env33-c) */
}

static void enter(struct bench *bench, int64_t person_id, const char *insurer, struct date day)
{
    CLEANUP(scope_end) struct scope scope = scope_of(day);
    const struct deregister_order order = {.person_id = person_id,
                                           .insurer = insurer_number_of(insurer),
                                           .channel = DEREGISTRATION_BY_TERMINAL};
    struct deregister_receipt receipt = {0};

    must(&scope, deregister_enter(&scope, bench->store, &order, &receipt));
}

/* Each test has folders of its own. */
static struct month_end_figures end_month(struct bench *bench, const char *name, struct date day)
{
    CLEANUP(scope_end) struct scope scope = scope_of(day);
    struct month_end_figures figures = {0};
    char out[96];
    const struct month_end_order order = {.day = day, .out = out};

    snprintf(out, sizeof out, "%s/%s", out_folder, name);
    must(&scope, month_end(&scope, bench->store, &order, &figures));
    return figures;
}

static void add_insurer(struct bench *bench, const char *number)
{
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260101));
    const struct insurer insurer = {insurer_number_of(number), TEXT("架空")};

    must(&scope, store_put_insurer(&scope, bench->store, &insurer));
}

/* The row of a person's newest coverage as the list has it on a day. */
static void row_of(struct bench *bench, int64_t person_id, struct date on, char out[LIST_ROW_MAX])
{
    CLEANUP(scope_end) struct scope scope = scope_of(on);
    struct standing standing = standing_in(&scope, bench, person_id);
    size_t last = standing.person.coverage_count - 1;
    size_t size = list_row_write(&standing, &standing.person.coverages[last], on, out);

    assert_true(size > 1);
    out[size - 1] = '\0';
}

static void assert_row(struct bench *bench, int64_t person_id, struct date on, const char *wanted)
{
    char row[LIST_ROW_MAX];

    row_of(bench, person_id, on, row);
    assert_string_equal(row, wanted);
}

static void r2_carried_out_at_the_end_of_the_next_month(void **state)
{
    struct bench *bench = *state;
    struct month_end_figures figures;

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    enter(bench, 7, SOCIETY, DATE(20261101));
    figures = end_month(bench, "r2", DATE(20261130));
    assert_int_equal(figures.step.executed, 0);
    assert_int_equal(figures.rows, 1);
    assert_row(
        bench, 7, DATE(20261201),
        "12-352-01,01,1,20220401,VALID,20300203,20300531,REQUESTED,20261101,0,1,T2,20261231");
    figures = end_month(bench, "r2", DATE(20261231));
    assert_int_equal(figures.step.executed, 1);
    assert_row(bench, 7, DATE(20270101),
               "12-352-01,01,0,,VALID,20300203,20300531,DONE,20261101,0,1,T2,20261231");
    figures = end_month(bench, "r2", DATE(20261231));
    assert_true(figures.again);
    assert_int_equal(figures.step.executed, 1);
}

static void r2_change_of_insurer_and_death_do_not_stop_it(void **state)
{
    struct bench *bench = *state;
    const struct member_order mover = {.person_id = 7, .insurer = SOCIETY};
    const struct member_order dead = {.person_id = 8, .insurer = SOCIETY};
    struct month_end_figures figures;

    add_insurer(bench, SOCIETY);
    add_insurer(bench, OTHER_SOCIETY);
    add_member(bench, &mover);
    add_member(bench, &dead);
    enter(bench, 7, SOCIETY, DATE(20261110));
    enter(bench, 8, SOCIETY, DATE(20261110));
    change_insurer(bench, &mover, DATE(20261201), OTHER_SOCIETY, LOSS_OTHER_INSURANCE);
    change_insurer(bench, &dead, DATE(20261205), NULL, LOSS_DEATH);
    figures = end_month(bench, "moved", DATE(20261231));
    assert_int_equal(figures.step.executed, 2);
    assert_int_equal(figures.rows, 1); /* the new insurer's; the dead are on no list */
    assert_row(bench, 7, DATE(20270101),
               "12-352-01,01,0,,VALID,20300203,20300531,DONE,20261110,0,1,T2,20261211");
}

static void r2_without_a_registration_it_is_an_error_in_the_list(void **state)
{
    struct bench *bench = *state;

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .registered = DATE_NEVER});
    enter(bench, 7, SOCIETY, DATE(20261110));
    assert_int_equal(end_month(bench, "failed", DATE(20261231)).step.failed, 1);
    {
        char row[LIST_ROW_MAX];
        row_of(bench, 7, DATE(20270101), row);
        assert_non_null(strstr(row, ",ERROR,20261110,"));
    }
}

static void r2_a_registration_that_is_made_meanwhile_ends_too(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261205));
    bool already = false;

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .registered = DATE_NEVER});
    enter(bench, 7, SOCIETY, DATE(20261110));
    must(&scope, store_register_person(&scope, bench->store, 7, DATE(20261205),
                                       REGISTERED_AT_READER, &already));
    assert_int_equal(end_month(bench, "meanwhile", DATE(20261231)).step.executed, 1);
    assert_int_equal(standing_in(&scope, bench, 7).person.deregisters.yyyymmdd, 20261231);
}

/* Row 7 to 10: the union's paper is in hand when the 75th birthday comes, and stays the one. */
static void d1_a_75th_birthday_finds_its_paper_there(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261215));
    struct standing standing;

    add_insurer(bench, LATE);
    add_member(bench, &(struct member_order){.person_id = 7,
                                             .insurer = LATE,
                                             .from = DATE(20261215),
                                             .birth = DATE(19511215),
                                             .registered = DATE_NEVER});
    end_month(bench, "75", DATE(20260930));
    assert_int_equal(standing_in(&scope, bench, 7).issue_count, 0); /* not due next month */
    end_month(bench, "75", DATE(20261031));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 1);
    assert_string_equal(standing.issues[0].reason, "T7");
    assert_int_equal(standing.issues[0].due.yyyymmdd, 20261115);
    assert_int_equal(standing.issues[0].latest.yyyymmdd, 20261214);
    assert_int_equal(standing.issues[0].valid_from.yyyymmdd, 20261215);
    end_month(bench, "75", DATE(20261130));
    end_month(bench, "75", DATE(20261231));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 1); /* never two for one reason */
    assert_int_equal(standing.issues[0].state, ISSUE_DUE);
}

/* A member of the union whose card was used in months: yyyymm and how often, 0 ends. */
static void add_user(struct bench *bench, int64_t person_id, struct date birth,
                     const int64_t (*months)[2])
{
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260601));

    add_member(bench, &(struct member_order){.person_id = person_id,
                                             .insurer = LATE,
                                             .birth = birth,
                                             .paper = PAPER_ELIGIBILITY_CERTIFICATE,
                                             .paper_until = DATE(20260731)});
    for (; (*months)[0]; months++) {
        const struct monthly_uses uses = {person_id, (int32_t)(*months)[0], (*months)[1]};
        const struct card_use_run run = {&uses, 1, DATE_NEVER};
        must(&scope, store_add_card_uses(&scope, bench->store, &run));
    }
}

static const char *reason_of(struct bench *bench, struct scope *scope, int64_t person_id)
{
    struct standing standing = standing_in(scope, bench, person_id);

    assert_int_equal(standing.issue_count, 1);
    assert_int_equal(standing.issues[0].due.yyyymmdd, 20260701);
    assert_int_equal(standing.issues[0].valid_from.yyyymmdd, 20260801);
    return standing.issues[0].reason;
}

/*
 * Rows 9 and 10: for the papers of August 2026 the uses from 2025-06 to 2026-05 count, those of the
 * last three months from 2026-03 on.
 */
static void d1_rows_9_and_10_uses_of_the_twelve_months_to_may_make_the_notice(void **state)
{
    static const int64_t six[][2] = {{202506, 3}, {202603, 3}, {0}};
    static const int64_t five[][2] = {{202506, 3}, {202605, 2}, {202606, 9}, {0}};
    static const int64_t too_old[][2] = {{202505, 9}, {202605, 5}, {0}};
    static const int64_t not_lately[][2] = {{202602, 9}, {202606, 1}, {0}};
    static const int64_t last_month[][2] = {{202601, 5}, {202605, 1}, {0}};
    static const struct {
        int64_t person_id;
        struct date birth;
        const int64_t (*months)[2];
        const char *reason;
    } rows[] = {
        {1, {19410802}, six, "N5"},        {2, {19410802}, five, "T7"},
        {3, {19410802}, too_old, "T7"},    {4, {19410802}, not_lately, "T7"},
        {5, {19410802}, last_month, "N5"}, {6, {19410801}, six, "T7"}, /* 85 on 1 August */
        {7, {19410731}, six, "T7"},
    };
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260701));

    add_insurer(bench, LATE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add_user(bench, rows[i].person_id, rows[i].birth, rows[i].months);
    end_month(bench, "uses", DATE(20260531));
    assert_int_equal(standing_in(&scope, bench, 1).issue_count, 0); /* not due next month */
    end_month(bench, "uses", DATE(20260630));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(reason_of(bench, &scope, rows[i].person_id), rows[i].reason);
}

static void d1_row_10_a_union_counts_to_the_end_of_its_own_month(void **state)
{
    static const int64_t to_april[][2] = {{202505, 5}, {202604, 1}, {0}};
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20260701));
    struct insurer_policy policy = insurer_policy_default(INSURANCE_LATE_ELDERLY);

    add_insurer(bench, LATE);
    add_user(bench, 1, DATE(19460802), to_april);
    policy.insurer = insurer_number_of(LATE);
    policy.valid_from = DATE(20260601);
    policy.uses_month = 4;
    must(&scope, store_put_policy(&scope, bench->store, &policy));
    end_month(bench, "own", DATE(20260630));
    assert_string_equal(reason_of(bench, &scope, 1), "N5");
}

static void k3_a_registration_ends_with_the_grace(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20270101));
    struct standing standing;

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .expires = DATE(20260920)});
    end_month(bench, "k3", DATE(20261130));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.person.registered.yyyymmdd, 20220401);
    assert_string_equal(standing.issues[0].reason, "T3"); /* in hand before the grace ends */
    assert_int_equal(standing.issues[0].latest.yyyymmdd, 20261231);
    assert_int_equal(end_month(bench, "k3", DATE(20261231)).step.lapsed, 1);
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.person.registered.yyyymmdd, 0);
    assert_row(bench, 7, DATE(20270101),
               "12-352-01,01,0,,LAPSED,20260920,20261231,NONE,,0,1,T3,20261231");
}

static void k3_what_was_ended_on_request_keeps_that_end(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20270101));
    struct registration *registrations = NULL;
    size_t count = 0;

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .expires = DATE(20260920)});
    enter(bench, 7, SOCIETY, DATE(20260905));
    end_month(bench, "kept", DATE(20261031));
    assert_int_equal(end_month(bench, "kept", DATE(20261231)).step.lapsed, 0);
    must(&scope, store_list_registrations(&scope, bench->store, 7, &registrations, &count));
    assert_int_equal(count, 1);
    assert_int_equal(registrations[0].ended, REGISTRATION_DEREGISTERED);
    assert_int_equal(registrations[0].until.yyyymmdd, 20261031);
}

static void d1_a_returned_card_ends_its_registration(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261210));
    const struct need_row need = {7, NEED_CARD_RETURNED, DATE(20261210), DATE_NEVER};

    add_insurer(bench, SOCIETY);
    add_member(bench, &(struct member_order){.person_id = 7, .insurer = SOCIETY});
    must(&scope, store_put_need(&scope, bench->store, &need));
    assert_int_equal(end_month(bench, "returned", DATE(20261231)).step.lapsed, 1);
    assert_row(bench, 7, DATE(20270101),
               "12-352-01,01,0,,VALID,20300203,20300531,NONE,,1,1,T3,20261217");
}

/* --- the papers of a day ---------------------------------------------------------------------- */

static struct step_figures step_day(struct bench *bench, struct date on)
{
    CLEANUP(scope_end) struct scope scope = scope_of(on);
    const struct step_order order = {.on = on, .issue = true};
    struct step_figures figures = {0};

    must(&scope, day_step(&scope, bench->store, &order, &figures));
    return figures;
}

static void d1_never_two_and_never_none(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261110));
    struct step_figures figures;
    struct standing standing;

    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .registered = DATE_NEVER});
    add_member(bench, &(struct member_order){.person_id = 8, .insurer = SOCIETY});
    figures = step_day(bench, DATE(20261110));
    assert_int_equal(figures.people, 2);
    assert_int_equal(figures.documents, 2);
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 1);
    assert_string_equal(standing.issues[0].reason, "T1");
    assert_int_equal(standing.issues[0].state, ISSUE_ISSUED);
    assert_int_equal(standing.issues[0].issued.yyyymmdd, 20261110);
    standing = standing_in(&scope, bench, 8);
    assert_int_equal(standing.issue_count, 1);
    assert_int_equal(standing.issues[0].kind, ISSUE_NOTICE);
    for (int day = 0; day < 3; day++) {
        figures = step_day(bench, date_add_days(DATE(20261110), day));
        assert_int_equal(figures.documents + figures.changed, 0);
    }
}

/* 再交付: whoever asks for a lost certificate has it at once, and only once. */
static void d1_t4_a_lost_certificate_is_issued_anew(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261120));
    const struct need_row lost = {7, NEED_PAPER_LOST, DATE(20261120), DATE_NEVER};
    struct standing standing;

    add_member(bench, &(struct member_order){
                          .person_id = 7, .insurer = SOCIETY, .registered = DATE_NEVER});
    step_day(bench, DATE(20261110));
    assert_int_equal(step_day(bench, DATE(20261119)).documents, 0);
    must(&scope, store_put_need(&scope, bench->store, &lost));
    assert_int_equal(step_day(bench, DATE(20261120)).documents, 1);
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 2);
    assert_int_equal(standing.issues[0].state, ISSUE_REPLACED);
    assert_int_equal(standing.issues[0].replaced_by, 2);
    assert_string_equal(standing.issues[1].reason, "T4");
    assert_int_equal(standing.issues[1].state, ISSUE_ISSUED);
    assert_int_equal(standing.issues[1].valid_from.yyyymmdd, 20261120);
    for (int day = 0; day < 3; day++)
        assert_int_equal(step_day(bench, date_add_days(DATE(20261120), day)).documents, 0);
}

static void d1_t5_waits_for_the_address(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261112));
    const struct need_row checked = {7, NEED_ADDRESS_CHECKED, DATE(20261112), DATE_NEVER};
    struct standing standing;

    add_member(bench, &(struct member_order){.person_id = 7,
                                             .insurer = SOCIETY,
                                             .protection = PROTECTION_SELF_REFUSAL});
    step_day(bench, DATE(20261110));
    standing = standing_in(&scope, bench, 7);
    assert_string_equal(standing.issues[0].reason, "T5");
    assert_int_equal(standing.issues[0].state, ISSUE_DUE);
    step_day(bench, DATE(20261111));
    assert_int_equal(standing_in(&scope, bench, 7).issues[0].state, ISSUE_DUE);
    must(&scope, store_put_need(&scope, bench->store, &checked));
    step_day(bench, DATE(20261112));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 1);
    assert_int_equal(standing.issues[0].state, ISSUE_ISSUED);
}

static void d1_community_papers_are_renewed_on_the_first_of_august(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20270801));
    struct standing standing;

    add_member(bench, &(struct member_order){.person_id = 7,
                                             .insurer = TOWN,
                                             .registered = DATE_NEVER,
                                             .paper = PAPER_ELIGIBILITY_CERTIFICATE,
                                             .paper_until = DATE(20270731)});
    assert_int_equal(step_day(bench, DATE(20270630)).documents, 0);
    assert_int_equal(step_day(bench, DATE(20270701)).documents, 1);
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issues[0].valid_from.yyyymmdd, 20270801);
    assert_int_equal(standing.issues[0].valid_until.yyyymmdd, 20280731);
    assert_int_equal(step_day(bench, DATE(20270801)).documents, 0);
    assert_int_equal(step_day(bench, DATE(20280701)).documents, 1);
    step_day(bench, DATE(20280801));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issues[0].state, ISSUE_RENEWED);
    assert_int_equal(standing.issues[1].state, ISSUE_ISSUED);
}

static void d1_special_expense_replaces_the_paper(void **state)
{
    struct bench *bench = *state;
    struct member_order order = {
        .person_id = 7, .insurer = TOWN, .registered = DATE_NEVER, .from = DATE(20260801)};
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261111));
    struct standing standing;

    add_member(bench, &order);
    step_day(bench, DATE(20261110));
    order.kind = KIND_SPECIAL_EXPENSE;
    add_member(bench, &order);
    step_day(bench, DATE(20261111));
    standing = standing_in(&scope, bench, 7);
    assert_int_equal(standing.issue_count, 2);
    assert_int_equal(standing.issues[0].state, ISSUE_REPLACED);
    assert_true(standing.issues[1].special);
    assert_int_equal(standing.issues[1].state, ISSUE_ISSUED);
}

static void d4_a_month_is_ended_on_its_last_day_and_in_order(void **state)
{
    struct bench *bench = *state;
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261231));
    struct month_end_figures figures;
    char out[96];
    struct month_end_order order = {.day = DATE(20261230), .out = out};

    snprintf(out, sizeof out, "%s/order", out_folder);
    assert_int_equal(month_end(&scope, bench->store, &order, &figures), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_MONTH_END_DAY);
    scope_forgive(&scope);
    end_month(bench, "order", DATE(20261231));
    order.day = DATE(20261130);
    assert_int_equal(month_end(&scope, bench->store, &order, &figures), STATUS_CONFLICT);
    assert_int_equal(scope.cause, CAUSE_MONTH_END_LATER);
}

#define ON_A_STORE(test) cmocka_unit_test_setup_teardown(test, bench_begin, bench_end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_A_STORE(r2_carried_out_at_the_end_of_the_next_month),
        ON_A_STORE(r2_change_of_insurer_and_death_do_not_stop_it),
        ON_A_STORE(r2_without_a_registration_it_is_an_error_in_the_list),
        ON_A_STORE(r2_a_registration_that_is_made_meanwhile_ends_too),
        ON_A_STORE(d1_a_75th_birthday_finds_its_paper_there),
        ON_A_STORE(d1_rows_9_and_10_uses_of_the_twelve_months_to_may_make_the_notice),
        ON_A_STORE(d1_row_10_a_union_counts_to_the_end_of_its_own_month),
        ON_A_STORE(k3_a_registration_ends_with_the_grace),
        ON_A_STORE(k3_what_was_ended_on_request_keeps_that_end),
        ON_A_STORE(d1_a_returned_card_ends_its_registration),
        ON_A_STORE(d1_never_two_and_never_none),
        ON_A_STORE(d1_t4_a_lost_certificate_is_issued_anew),
        ON_A_STORE(d1_t5_waits_for_the_address),
        ON_A_STORE(d1_community_papers_are_renewed_on_the_first_of_august),
        ON_A_STORE(d1_special_expense_replaces_the_paper),
        ON_A_STORE(d4_a_month_is_ended_on_its_last_day_and_in_order),
    };

    return cmocka_run_group_tests(tests, folder_begin, folder_end);
}
