/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_fixture.h"

#include "batch/same_people.h"

/* Pairs that were told, as "a-b ...": keys are K and the person_id. */
struct told {
    char rows[4096];
};

static enum status take_row(struct scope *scope, void *context, const struct same_person_row *row)
{
    struct told *told = context;
    size_t used = strlen(told->rows);

    (void)scope;
    snprintf(told->rows + used, sizeof told->rows - used, "%s %.*s>%.*s;", row->to.digits,
             TEXT_ARGS(row->key), TEXT_ARGS(row->other_key));
    return STATUS_OK;
}

static struct same_people_figures find(struct bench *bench, size_t marks_max, struct told *told)
{
    CLEANUP(scope_end) struct scope scope = scope_of(DATE(20261125));
    struct same_people_figures figures;
    const struct same_people_order order = {
        .on = DATE(20261125), .marks_max = marks_max, .row = take_row, .context = told};

    *told = (struct told){""};
    must(&scope, same_people_read(&scope, bench->store, &order, &figures));
    return figures;
}

/* People of the fixture are all of one name and address; these differ by birth date. */
static void add(struct bench *bench, int64_t id, const char *insurer, int birth)
{
    add_member(bench,
               &(struct member_order){.person_id = id, .insurer = insurer, .birth = DATE(birth)});
}

static void e1_in_parts_or_at_once_the_same_pairs_are_found(void **state)
{
    struct bench *bench = *state;
    struct told told;
    struct told in_parts;
    struct same_people_figures figures;

    for (int i = 0; i < 40; i++)
        add(bench, 3 * i, SOCIETY, 19800101 + i % 28);
    figures = find(bench, 0, &told);
    assert_int_equal(figures.people, 40);
    assert_int_equal(figures.pairs[SAME_PERSON_CERTAIN], 12); /* 28 days, twelve of them twice */
    assert_int_equal(figures.rows, 24);
    assert_non_null(strstr(told.rows, SOCIETY " 12-345-01>12-429-01;"));
    figures = find(bench, 5, &in_parts);
    assert_int_equal(figures.people, 40);
    assert_int_equal(figures.pairs[SAME_PERSON_CERTAIN], 12);
    assert_string_equal(told.rows, in_parts.rows);
}

/* However many are registered with one name and birth date, the work stays bounded. */
static void e1_a_crowd_of_one_name_is_compared_in_groups_and_counted(void **state)
{
    struct bench *bench = *state;
    static struct told told;
    struct same_people_figures figures;

    for (int i = 0; i < SAME_PEOPLE_GROUP + 2; i++)
        add(bench, i, SOCIETY, 19800101);
    figures = find(bench, 0, &told);
    assert_int_equal(figures.crowded, 1);
    assert_int_equal(figures.pairs[SAME_PERSON_CERTAIN],
                     SAME_PEOPLE_GROUP * (SAME_PEOPLE_GROUP - 1) / 2 + 1);
}

static void e1_an_empty_store_has_nobody_twice(void **state)
{
    struct told told;
    const struct same_people_figures figures = find(*state, 0, &told);

    assert_int_equal(figures.people, 0);
    assert_string_equal(told.rows, "");
}

int main(void)
{
#define ON_A_STORE(test) cmocka_unit_test_setup_teardown(test, bench_begin, bench_end)
    static const struct CMUnitTest tests[] = {
        ON_A_STORE(e1_in_parts_or_at_once_the_same_pairs_are_found),
        ON_A_STORE(e1_a_crowd_of_one_name_is_compared_in_groups_and_counted),
        ON_A_STORE(e1_an_empty_store_has_nobody_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
