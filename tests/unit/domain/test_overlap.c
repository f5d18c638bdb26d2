/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/overlap.h"

#define ON DATE(20261125)
#define SINCE DATE(20251125)
#define OPEN 99991231
#define SOCIETY "06139992"
#define ASSOCIATION "01139997"
#define CITY "139998"
#define SELF_DEFENCE "07139991"
#define DAY_LABOUR "03139995"

struct row {
    const char *insurer;
    int from, until, issued;
    enum loss_reason reason;
};

static struct coverage coverages[8];
static struct overlap_finding found[OVERLAP_FINDINGS_MAX];

/* Finds in rows, ended by a row without insurer, with one registered loss of the first (0: none).
 */
static size_t find(const struct row *rows, int loss_registered)
{
    const struct coverage_loss loss = {1, 0, instant_noon(DATE(loss_registered))};
    struct person person = {.person_id = 1, .coverages = coverages};
    const struct overlap_facts facts = {
        .person = &person,
        .losses = &loss,
        .loss_count = loss_registered ? 1 : 0,
        .on = ON,
        .since = SINCE,
    };

    for (; rows[person.coverage_count].insurer; person.coverage_count++) {
        const struct row *row = &rows[person.coverage_count];
        struct coverage coverage = {
            .coverage_id = (int64_t)person.coverage_count,
            .from = DATE(row->from),
            .until = DATE(row->until),
            .issued = DATE(row->issued ? row->issued : row->from),
            .loss_reason = row->reason,
        };
        for (size_t i = 0; row->insurer[i]; i++)
            coverage.insurer.digits[i] = row->insurer[i];
        coverages[person.coverage_count] = coverage;
    }
    return overlap_find(&facts, found);
}

static void is(const struct overlap_finding *finding, enum overlap_kind kind, int first, int last)
{
    assert_string_equal(overlap_kind_name(finding->kind), overlap_kind_name(kind));
    assert_int_equal(finding->first.yyyymmdd, first);
    assert_int_equal(finding->last.yyyymmdd, last);
}

static void e1_of_two_live_coverages_the_one_issued_later_counts(void **state)
{
    const struct row rows[] = {{.insurer = SOCIETY, .from = 20200401, .until = OPEN},
                               {.insurer = ASSOCIATION, .from = 20261001, .until = OPEN},
                               {0}};
    const struct row issued_later[] = {
        {.insurer = SOCIETY, .from = 20200401, .until = OPEN, .issued = 20261101},
        {.insurer = ASSOCIATION, .from = 20261001, .until = OPEN},
        {0}};
    const struct row issued_together[] = {
        {.insurer = SOCIETY, .from = 20261001, .until = OPEN, .issued = 20261101},
        {.insurer = ASSOCIATION, .from = 20200401, .until = OPEN, .issued = 20261101},
        {0}};

    (void)state;
    assert_int_equal(find(rows, 0), 1);
    is(&found[0], OVERLAP_LIVE, 20261001, 20261125);
    assert_int_equal(overlap_days(&found[0]), 56);
    assert_false(found[0].mine_counts);
    assert_string_equal(overlap_rule(&found[0], true)->id, "E1.overlap_yields");
    assert_string_equal(overlap_rule(&found[0], false)->id, "E1.overlap_counts");
    assert_int_equal(find(issued_later, 0), 1);
    assert_true(found[0].mine_counts);
    assert_string_equal(overlap_rule(&found[0], true)->id, "E1.overlap_counts");
    assert_int_equal(find(issued_together, 0), 1);
    assert_true(found[0].mine_counts); /* then the one acquired later */
}

static void e1_coverages_that_follow_one_another_do_not_overlap(void **state)
{
    const struct row rows[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261001},
                               {.insurer = ASSOCIATION, .from = 20261001, .until = OPEN},
                               {.insurer = CITY, .from = 20261126, .until = OPEN}, /* to come */
                               {0}};
    const struct row one_day[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261002},
                                  {.insurer = ASSOCIATION, .from = 20261001, .until = OPEN},
                                  {0}};
    const struct row on_its_last_day[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261126},
                                          {.insurer = ASSOCIATION, .from = 20261125, .until = OPEN},
                                          {0}};
    const struct row cancelled[] = {{.insurer = SOCIETY, .from = 20200401, .until = OPEN},
                                    {.insurer = ASSOCIATION, .from = 20261001, .until = 20261001},
                                    {0}};

    (void)state;
    assert_int_equal(find(rows, 0), 0);
    assert_int_equal(find(one_day, 0), 1);
    is(&found[0], OVERLAP_ENDED, 20261001, 20261001);
    assert_string_equal(overlap_rule(&found[0], true)->id, "E1.overlap_ended");
    assert_int_equal(find(on_its_last_day, 0), 1);
    is(&found[0], OVERLAP_LIVE, 20261125, 20261125);
    assert_int_equal(find(cancelled, 0), 0);
}

static void e1_what_ended_long_ago_is_not_told(void **state)
{
    const struct row old[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20230501},
                              {.insurer = ASSOCIATION, .from = 20230401, .until = 20251001},
                              {.insurer = CITY, .from = 20251020, .until = OPEN},
                              {0}};

    (void)state;
    assert_int_equal(find(old, 0), 0);
}

static void e9_a_coverage_that_the_system_does_not_know_overlaps_nothing(void **state)
{
    const struct row labourer[] = {{.insurer = SOCIETY, .from = 20200401, .until = OPEN},
                                   {.insurer = DAY_LABOUR, .from = 20261001, .until = OPEN},
                                   {0}};
    const struct row soldier[] = {{.insurer = SELF_DEFENCE, .from = 20200401, .until = OPEN},
                                  {.insurer = CITY, .from = 20261001, .until = OPEN},
                                  {0}};

    (void)state;
    assert_int_equal(find(labourer, 0), 0);
    assert_int_equal(find(soldier, 0), 1);
}

static void e1_a_gap_is_told_to_both_sides(void **state)
{
    const struct row rows[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261001},
                               {.insurer = CITY, .from = 20261011, .until = OPEN},
                               {0}};
    struct row covered[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261001},
                            {.insurer = CITY, .from = 20261011, .until = OPEN},
                            {.insurer = ASSOCIATION, .from = 20260901, .until = 20261011},
                            {0}};
    const struct row assisted[] = {
        {.insurer = SOCIETY, .from = 20200401, .until = 20261001, .reason = LOSS_PUBLIC_ASSISTANCE},
        {.insurer = CITY, .from = 20261011, .until = OPEN},
        {0}};

    (void)state;
    assert_int_equal(find(rows, 0), 1);
    is(&found[0], OVERLAP_GAP, 20261001, 20261010);
    assert_int_equal(overlap_days(&found[0]), 10);
    assert_string_equal(overlap_rule(&found[0], true)->id, "E1.gap_before");
    assert_string_equal(overlap_rule(&found[0], false)->id, "E1.gap_after");
    assert_string_equal(found[0].other->insurer.digits, CITY);
    assert_int_equal(find(covered, 0), 1);
    is(&found[0], OVERLAP_ENDED, 20260901, 20260930);
    assert_int_equal(find(assisted, 0), 0);
    covered[2].until = 20261010;
    assert_int_equal(find(covered, 0), 2);
    is(&found[1], OVERLAP_GAP, 20261010, 20261010);
    assert_string_equal(found[1].mine->insurer.digits, ASSOCIATION);
}

static void e1_a_loss_is_late_after_five_and_five_days(void **state)
{
    const struct row rows[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261001},
                               {.insurer = CITY, .from = 20261001, .until = OPEN},
                               {0}};
    const struct row alone[] = {{.insurer = SOCIETY, .from = 20200401, .until = 20261001}, {0}};

    (void)state;
    assert_int_equal(find(rows, 20261011), 0); /* the tenth day */
    assert_int_equal(find(rows, 20261012), 1);
    is(&found[0], OVERLAP_LATE_LOSS, 20261001, 20261012);
    assert_string_equal(overlap_rule(&found[0], true)->id, "E1.late_loss");
    assert_string_equal(overlap_rule(&found[0], false)->id, "E1.late_loss_next");
    assert_string_equal(found[0].other->insurer.digits, CITY);
    assert_int_equal(find(rows, 20261126), 0); /* not known on the day */
    assert_int_equal(find(alone, 20261101), 1);
    assert_null(found[0].other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_of_two_live_coverages_the_one_issued_later_counts),
        cmocka_unit_test(e1_coverages_that_follow_one_another_do_not_overlap),
        cmocka_unit_test(e1_what_ended_long_ago_is_not_told),
        cmocka_unit_test(e9_a_coverage_that_the_system_does_not_know_overlaps_nothing),
        cmocka_unit_test(e1_a_gap_is_told_to_both_sides),
        cmocka_unit_test(e1_a_loss_is_late_after_five_and_five_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
