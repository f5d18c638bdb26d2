/* SPDX-License-Identifier: Apache-2.0
 *
 * Random changes and random questions, against a model that keeps every row ever put in a list and
 * walks it: what is current, and what was believed at an instant. Prints its seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define PEOPLE 3
#define COVERAGES 4
#define STEPS 400
#define VERSIONS_MAX (STEPS * (COVERAGES * 2 + 1))
#define SCOPE_LIMIT ((size_t)8 * 1024 * 1024)

enum row_kind { ROW_PERSON, ROW_COVERAGE, ROW_ELDERLY };

/* One row as it was put: one number stands for all its values. */
struct version {
    enum row_kind kind;
    int64_t person_id, coverage_id;
    int value;
    int64_t recorded;
};

struct model {
    struct version versions[VERSIONS_MAX];
    size_t count;
};

static uint64_t random_state;

static int dice(int sides)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)sides);
}

/* The last one put of those recorded by then; until = INT64_MAX: the current one. */
static const struct version *model_find(const struct model *model, enum row_kind kind,
                                        int64_t person_id, int64_t coverage_id, int64_t until)
{
    const struct version *found = NULL;

    for (size_t i = 0; i < model->count; i++) {
        const struct version *one = &model->versions[i];
        if (one->kind == kind && one->person_id == person_id && one->coverage_id == coverage_id &&
            one->recorded <= until)
            found = one;
    }
    return found;
}

static void model_put(struct model *model, struct version version)
{
    const struct version *former =
        model_find(model, version.kind, version.person_id, version.coverage_id, INT64_MAX);

    if (former && former->value == version.value)
        return;
    if (former && former->recorded > version.recorded)
        version.recorded = former->recorded;
    assert_true(model->count < VERSIONS_MAX);
    model->versions[model->count++] = version;
}

/* --- one change, in the store and in the model
 * ---------------------------------------------------- */

struct change_of_person {
    struct person person;
    struct coverage coverages[COVERAGES];
    struct elderly_certificate elderly[COVERAGES];
    char address[16], numbers[COVERAGES][8];
};

static void add_coverage(struct change_of_person *change, struct model *model, int64_t recorded)
{
    size_t at = change->person.coverage_count++;
    int value = dice(5);
    int64_t id = dice(COVERAGES);

    snprintf(change->numbers[at], sizeof change->numbers[at], "%d", value + 1);
    change->coverages[at] = (struct coverage){
        .coverage_id = id,
        .insurer = {"06139992"},
        .number = text_of(change->numbers[at]),
        .from = DATE(20240401),
        .until = DATE_NEVER,
        .kind = KIND_GENERAL,
        .share = value,
    };
    model_put(model, (struct version){ROW_COVERAGE, change->person.person_id, id, value, recorded});
}

static void add_elderly(struct change_of_person *change, struct model *model, int64_t recorded)
{
    size_t at = change->person.elderly_count++;
    int value = dice(3);
    int64_t id = dice(COVERAGES);

    change->elderly[at] =
        (struct elderly_certificate){id, DATE_NONE, DATE(20240401), DATE(20270731), value};
    model_put(model, (struct version){ROW_ELDERLY, change->person.person_id, id, value, recorded});
}

static void change_something(struct store *store, struct model *model, struct instant now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(SCOPE_LIMIT, now);
    struct change_of_person change = {0};
    int value = dice(3);
    int coverages = dice(COVERAGES);
    int elderly = dice(3) ? 0 : dice(COVERAGES);

    snprintf(change.address, sizeof change.address, "%d", value);
    change.person = (struct person){
        .person_id = dice(PEOPLE),
        .address = text_of(change.address),
        .birth = DATE(19540200 + 1 + value), /* moves the keys as well */
        .coverages = change.coverages,
        .elderly = change.elderly,
    };
    model_put(model,
              (struct version){ROW_PERSON, change.person.person_id, 0, value, now.microseconds});
    for (int i = 0; i < coverages; i++)
        add_coverage(&change, model, now.microseconds);
    for (int i = 0; i < elderly; i++)
        add_elderly(&change, model, now.microseconds);
    assert_int_equal(store_put_person(&scope, store, &change.person), STATUS_OK);
}

/* --- one question
 * ------------------------------------------------------------------------------------ */

/* The version that must be there. */
static struct version model_get(const struct model *model, enum row_kind kind, int64_t person_id,
                                int64_t coverage_id, int64_t until)
{
    const struct version *found = model_find(model, kind, person_id, coverage_id, until);

    assert_non_null(found);
    return found ? *found : (struct version){0};
}

static void compare_coverages(const struct model *model, const struct person *found, int64_t until)
{
    size_t wanted = 0;

    for (int id = 0; id < COVERAGES; id++)
        wanted += model_find(model, ROW_COVERAGE, found->person_id, id, until) != NULL;
    assert_int_equal(found->coverage_count, wanted);
    for (size_t i = 0; i < found->coverage_count; i++) {
        struct version version = model_get(model, ROW_COVERAGE, found->person_id,
                                           found->coverages[i].coverage_id, until);
        assert_int_equal(found->coverages[i].share, version.value);
        assert_int_equal(found->coverages[i].recorded.microseconds, version.recorded);
    }
}

static void compare_elderly(const struct model *model, const struct person *found, int64_t until)
{
    size_t wanted = 0;

    for (int id = 0; id < COVERAGES; id++)
        wanted += model_find(model, ROW_ELDERLY, found->person_id, id, until) != NULL;
    assert_int_equal(found->elderly_count, wanted);
    for (size_t i = 0; i < found->elderly_count; i++) {
        struct version version =
            model_get(model, ROW_ELDERLY, found->person_id, found->elderly[i].coverage_id, until);
        assert_int_equal(found->elderly[i].share, version.value);
    }
}

static void ask_something(struct store *store, const struct model *model, struct instant now)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(SCOPE_LIMIT, now);
    int64_t person_id = dice(PEOPLE);
    bool current = dice(3) == 0;
    int64_t until = current ? INT64_MAX : now.microseconds - dice(STEPS);
    const struct version *wanted = model_find(model, ROW_PERSON, person_id, 0, until);
    struct person found = {0};
    enum status status = current ? store_find_person(&scope, store, person_id, &found)
                                 : store_find_person_as_of(&scope, store, person_id,
                                                           (struct instant){until}, &found);

    assert_int_equal(status, wanted ? STATUS_OK : STATUS_NOT_FOUND);
    if (!wanted)
        return;
    assert_int_equal(found.birth.yyyymmdd, 19540201 + wanted->value);
    compare_coverages(model, &found, until);
    compare_elderly(model, &found, until);
}

/* Every current coverage is found by its numbers, once, and nothing else is. */
static void compare_ways_in(struct store *store, const struct model *model)
{
    for (int64_t person_id = 0; person_id < PEOPLE; person_id++) {
        const struct version *person = model_find(model, ROW_PERSON, person_id, 0, INT64_MAX);
        for (int number = 1; person && number <= 5; number++) {
            CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
            struct insured_key key = {.insurer = {"06139992"},
                                      .birth = DATE(19540201 + person->value)};
            struct insured_match *matches = NULL;
            size_t count = 0;
            size_t found = 0;
            size_t wanted = 0;
            snprintf(key.number, sizeof key.number, "%d", number);
            assert_int_equal(store_list_matches(&scope, store, &key, &matches, &count), STATUS_OK);
            for (size_t i = 0; i < count; i++)
                found += matches[i].person_id == person_id;
            for (int id = 0; id < COVERAGES; id++) {
                const struct version *one =
                    model_find(model, ROW_COVERAGE, person_id, id, INT64_MAX);
                wanted += one && one->value + 1 == number;
            }
            assert_int_equal(found, wanted);
        }
    }
}

static void the_store_believes_what_the_list_says(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    struct model *model = calloc(1, sizeof *model);
    struct instant now = {INT64_C(1793977200000000)};
    struct store *store = NULL;

    (void)state;
    assert_non_null(model);
    assert_int_equal(store_open(&scope, "sqlite::memory:", STORE_CREATE, &store), STATUS_OK);
    for (int i = 0; i < STEPS; i++) {
        now.microseconds += dice(4); /* a clock set back has tests of its own: conformance_changes.c */
        change_something(store, model, now);
        ask_something(store, model, now);
        ask_something(store, model, now);
    }
    compare_ways_in(store, model);
    store_close(store);
    free(model);
}

int main(void)
{
    static char names[8][64];
    struct CMUnitTest tests[8] = {{0}};
    const char *seed = getenv("SHIKAKU_SEED");

    random_state = seed ? strtoull(seed, NULL, 10) : (uint64_t)instant_now().microseconds | 1;
    print_message("# SHIKAKU_SEED=%llu\n", (unsigned long long)random_state);
    for (size_t i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "the_store_believes_what_the_list_says %zu", i + 1);
        tests[i] = (struct CMUnitTest)cmocka_unit_test(the_store_believes_what_the_list_says);
        tests[i].name = names[i];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
