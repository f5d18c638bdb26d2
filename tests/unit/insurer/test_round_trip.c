/* SPDX-License-Identifier: Apache-2.0
 *
 * A world's people as files of their insurers, loaded into an empty store: the same people again.
 */
#include "insurer_desk.h"

#include <dirent.h>

#include "domain/coverage.h"
#include "store/store_register.h"
#include "world/cast.h"
#include "world/enrolment.h"
#include "world/individual.h"
#include "world/population.h"

#define PEOPLE 150

static int64_t refused, files;

static void load_one(struct desk *desk, const char *path)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(DESK_LIMIT, instant_noon(desk->today));
    const struct registration_order order = {
        .store = desk->store, .file = path, .key = &desk->key, .fixed_time = true};
    struct registration_outcome outcome = {0};

    if (registration_load(&scope, &order, &outcome) != STATUS_OK)
        fail_msg("%s: %s", path, scope.failure);
    refused += outcome.file.refused;
    files++;
}

static void load_all(struct desk *desk, const char *folder)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry = NULL;

    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strlen(entry->d_name) > 4)
            load_one(desk, path);
    }
    closedir(directory);
}

/* The coverage of an insurer that began on a day; NULL where there is none. */
static const struct coverage *same_coverage(const struct person *person,
                                            const struct coverage *wanted)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (insurer_number_equal(person->coverages[i].insurer, wanted->insurer) &&
            date_compare(person->coverages[i].from, wanted->from) == 0)
            return &person->coverages[i];
    return NULL;
}

static void compare_coverage(const struct person *person, const struct coverage *wanted)
{
    const struct coverage *found = same_coverage(person, wanted);

    if (!found) {
        fail_msg("a coverage from %d is missing", wanted->from.yyyymmdd);
        return;
    }
    assert_true(text_equal(found->symbol, wanted->symbol));
    assert_true(text_equal(found->number, wanted->number));
    assert_string_equal(found->branch, wanted->branch);
    assert_int_equal(found->relation, wanted->relation);
    assert_true(text_equal(found->insured_name, wanted->insured_name));
    assert_int_equal(found->until.yyyymmdd, wanted->until.yyyymmdd);
    assert_int_equal(found->loss_reason, wanted->loss_reason);
    assert_int_equal(found->kind, wanted->kind);
    assert_int_equal(found->issued.yyyymmdd, wanted->issued.yyyymmdd);
    assert_int_equal(found->valid_from.yyyymmdd, wanted->valid_from.yyyymmdd);
    assert_int_equal(found->valid_until.yyyymmdd, wanted->valid_until.yyyymmdd);
    assert_int_equal(found->share, wanted->share);
}

static bool known_to_the_system(const struct coverage *coverage)
{
    struct date last = date_compare(coverage->until, DATE_NEVER) == 0
                           ? DATE_NEVER
                           : date_add_days(coverage->until, -1);
    enum rule_id rule;

    return !coverage_excluded(coverage->insurer, last, &rule);
}

/* Everything that insurers register of a person came through; *compared counts people. */
static void compare_person(struct desk *desk, const struct person *wanted, int *compared)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(DESK_LIMIT);
    struct person found = {0};
    char number[INDIVIDUAL_NUMBER_SIZE];
    char link[LINK_CODE_SIZE];
    int64_t person_id = 0;
    size_t known = 0;

    for (size_t i = 0; i < wanted->coverage_count; i++)
        known += known_to_the_system(&wanted->coverages[i]);
    individual_number_make(wanted->person_id, number);
    assert_int_equal(link_code_make(&scope, &desk->key, text_of(number), link), STATUS_OK);
    if (known == 0) {
        assert_int_equal(store_find_person_key(&scope, desk->store, text_of(link), &person_id),
                         STATUS_NOT_FOUND);
        return;
    }
    assert_int_equal(store_find_person_key(&scope, desk->store, text_of(link), &person_id),
                     STATUS_OK);
    assert_int_equal(store_find_person(&scope, desk->store, person_id, &found), STATUS_OK);
    assert_true(text_equal(found.name, wanted->name));
    assert_true(text_equal(found.name_kana, wanted->name_kana));
    assert_true(text_equal(found.other_name, wanted->other_name));
    assert_true(text_equal(found.address, wanted->address));
    assert_true(text_equal(found.postal_code, wanted->postal_code));
    assert_int_equal(found.birth.yyyymmdd, wanted->birth.yyyymmdd);
    assert_int_equal(found.sex1, wanted->sex1);
    assert_int_equal(found.sex2, wanted->sex2);
    assert_int_equal(found.protection, wanted->protection);
    assert_int_equal(found.coverage_count, known);
    for (size_t i = 0; i < wanted->coverage_count; i++)
        if (known_to_the_system(&wanted->coverages[i]))
            compare_coverage(&found, &wanted->coverages[i]);
    assert_int_equal(found.elderly_count, wanted->elderly_count);
    assert_int_equal(found.limit_count, wanted->limit_count);
    assert_int_equal(found.disease_count, wanted->disease_count);
    (*compared)++;
}

struct comparing {
    struct desk *desk;
    int compared;
};

static enum status compare_household(struct scope *scope, void *context,
                                     const struct population_household *made)
{
    struct comparing *comparing = context;

    (void)scope;
    for (size_t i = 0; i < made->household.count; i++)
        compare_person(comparing->desk, &made->household.people[i], &comparing->compared);
    return STATUS_OK;
}

static void compare_cast(struct scope *scope, struct comparing *comparing)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    for (size_t i = 0; i < count; i++) {
        struct person person = {0};
        assert_int_equal(cast_make_person(scope, &people[i], DESK_TODAY, &person), STATUS_OK);
        compare_person(comparing->desk, &person, &comparing->compared);
    }
}

static void e1_a_worlds_people_come_through_their_insurers_files(void **state)
{
    struct desk *desk = *state;
    CLEANUP(scope_end)
    struct scope scope = scope_begin_at(DESK_LIMIT, instant_noon(DESK_TODAY));
    char folder[96];
    struct enrolment_order order = {
        .directory = folder, .seed = 5, .people = PEOPLE, .on = DESK_TODAY, .cast = true};
    struct enrolment_figures figures = {0};
    struct insurer_list insurers = {0};
    const struct population_order population = {5, PEOPLE, DESK_TODAY, &insurers};
    struct comparing comparing = {.desk = desk};

    snprintf(folder, sizeof folder, "%s/files", desk->folder);
    assert_int_equal(enrolment_write(&scope, &order, &figures), STATUS_OK);
    load_all(desk, folder);
    assert_int_equal(refused, 0);
    assert_int_equal(files, figures.files);
    assert_int_equal(insurer_list_make(&scope, &insurers), STATUS_OK);
    assert_int_equal(population_make(&scope, &population, NULL, compare_household, &comparing),
                     STATUS_OK);
    compare_cast(&scope, &comparing);
    assert_true(comparing.compared > PEOPLE);
    assert_int_equal(desk_number(desk, "SELECT COUNT(*) FROM person"), comparing.compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(e1_a_worlds_people_come_through_their_insurers_files,
                                        desk_begin, desk_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
