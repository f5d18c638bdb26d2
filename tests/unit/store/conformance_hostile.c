/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <stdio.h>
#include <string.h>

/* Puts a sample that was spoilt, and sees it refused. */
static void assert_refused(struct world *world, const struct sample *sample, enum cause cause)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    assert_fails(&scope, store_put_person(&scope, world->store, &sample->person), cause);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 0);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage"), 0);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage_key"), 0);
}

static void texts_that_cannot_be_are_refused(void **state)
{
    static char endless[10000];
    struct world *world = *state;
    struct sample sample;

    memset(endless, 'A', sizeof endless);
    sample_make(&sample, 7);
    sample.person.name = TEXT("架空\0一郎");
    assert_refused(world, &sample, CAUSE_TEXT_WRONG);
    sample_make(&sample, 7);
    sample.person.address = TEXT("\xED\xA0\x80");
    assert_refused(world, &sample, CAUSE_TEXT_WRONG);
    sample_make(&sample, 7);
    sample.person.address = (struct text){endless, sizeof endless};
    assert_refused(world, &sample, CAUSE_VALUE_TOO_LONG);
    sample_make(&sample, 7);
    sample.coverages[1].number = (struct text){endless, 21};
    assert_refused(world, &sample, CAUSE_VALUE_TOO_LONG);
    sample_make(&sample, 7);
    sample.coverages[0].symbol = TEXT("\xC0\xAF");
    assert_refused(world, &sample, CAUSE_TEXT_WRONG);
}

static void numbers_that_cannot_be_are_refused(void **state)
{
    struct world *world = *state;
    struct sample sample;

    sample_make(&sample, INT64_MIN);
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 7);
    sample.coverages[0].share = 777;
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 7);
    sample.coverages[0].kind = (enum certificate_kind)8;
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 7);
    memcpy(sample.coverages[0].insurer.digits, "061399922", 9); /* no NUL */
    assert_refused(world, &sample, CAUSE_INSURER_NUMBER_WRONG);
    sample_make(&sample, 7);
    sample.coverages[0].branch[1] = 'x';
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 7);
    sample.limits[0].category[0] = 'C';
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 7);
    sample.diseases[0].monthly_limit = -1;
    assert_refused(world, &sample, CAUSE_CODE_VALUE_WRONG);
}

static void days_that_cannot_be_are_refused(void **state)
{
    struct world *world = *state;
    struct sample sample;

    sample_make(&sample, 7);
    sample.person.birth = DATE_NONE;
    assert_refused(world, &sample, CAUSE_DATE_WRONG);
    sample_make(&sample, 7);
    sample.coverages[0].until = DATE(20230229);
    assert_refused(world, &sample, CAUSE_DATE_WRONG);
    sample_make(&sample, 7);
    sample.elderly[0].valid_until = DATE(INT32_MIN);
    assert_refused(world, &sample, CAUSE_DATE_WRONG);
}

static void the_widest_values_come_back_as_they_were(void **state)
{
    static char wide[1024];
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;

    memset(wide, 'A', sizeof wide);
    sample_make(&sample, INT64_MAX);
    sample.person.name = (struct text){wide, sizeof wide};
    sample.person.birth = DATE(18680101);
    sample.coverages[1].coverage_id = INT64_MAX;
    sample.coverages[1].number = TEXT("１２３４５６７８９０１２３４５６７８９０");
    sample.coverages[1].kind = KIND_MEDICAL_ASSISTANCE;
    sample.diseases[1].monthly_limit = INT32_MAX;
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    assert_ok(&scope, store_find_person(&scope, world->store, INT64_MAX, &found));
    assert_person(&found, &sample.person);
    assert_int_equal(store_find_person(&scope, world->store, INT64_MIN, &found), STATUS_NOT_FOUND);
    assert_int_equal(store_find_person(&scope, world->store, 0, &found), STATUS_NOT_FOUND);
    assert_int_equal(store_find_person_as_of(&scope, world->store, INT64_MAX,
                                             (struct instant){INT64_MIN}, &found),
                     STATUS_NOT_FOUND);
    assert_ok(&scope, store_find_person_as_of(&scope, world->store, INT64_MAX,
                                              (struct instant){INT64_MAX}, &found));
}

/* Each is put behind the store's back, seen, and taken back. */
static void rows_that_cannot_be_are_corrupt_not_nonsense(void **state)
{
    static const char *const spoilt[] = {
        "UPDATE coverage SET share = 777",
        "UPDATE coverage SET held_from = 20230229",
        "UPDATE coverage SET held_until = 0",
        "UPDATE coverage SET kind = 8",
        "UPDATE coverage SET loss_reason = 98",
        "UPDATE coverage SET insurer = '1234567'",
        "UPDATE coverage SET branch = '1'",
        "UPDATE person SET birth = 19540230",
        "UPDATE person SET birth = -1",
        "UPDATE person SET sex1 = 9",
        "UPDATE person SET register_difference = 4",
        "UPDATE person SET name = REPLACE('0123456789', '0', address || address || address)",
        "UPDATE elderly_certificate SET share = 101",
        "UPDATE limit_certificate SET category = 'Z99'",
        "UPDATE specified_disease SET monthly_limit = -2147483648",
        "UPDATE authentication_certificate SET state = 0",
        "UPDATE authentication_certificate SET expires = 20261301",
    };
    struct world *world = *state;
    struct sample sample;
    struct authentication_certificate certificate = sample_certificate(5, 7);

    sample_make(&sample, 7);
    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_at((int)i);
        struct card_holder holder = {0};
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
        assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
        assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, 5, &holder));
        if (strstr(spoilt[i], "REPLACE"))
            world_tamper(world, "UPDATE person SET address = "
                                "REPLACE(REPLACE(REPLACE('xxxxxxxxxx', 'x', 'yyyyyyyyyy'), 'y', "
                                "'zzzzzzzzzz'), 'z', 'zzzz')");
        world_tamper(world, spoilt[i]);
        assert_fails(&scope, store_find_card_holder(&scope, world->store, 1, 5, &holder),
                     CAUSE_STORE_CORRUPT);
        world_tamper(world, "DELETE FROM person; DELETE FROM coverage;"
                            "DELETE FROM elderly_certificate; DELETE FROM limit_certificate;"
                            "DELETE FROM specified_disease; DELETE FROM coverage_key;"
                            "DELETE FROM authentication_certificate");
    }
}

static void five_hundred_and_thirteen_coverages_are_corrupt(void **state)
{
    static const char *const copies =
        "INSERT INTO coverage SELECT person_id, coverage_id + %d, insurer, symbol, number, branch, "
        "relation, insured_name, held_from, held_until, loss_reason, kind, paper, issued, "
        "valid_from, valid_until, share, recorded FROM coverage";
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;
    char sql[512];

    sample_make(&sample, 7);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    for (int wide = 2; wide < 512; wide *= 2) {
        snprintf(sql, sizeof sql, copies, wide);
        world_tamper(world, sql);
    }
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
    assert_int_equal(found.coverage_count, 512);
    snprintf(sql, sizeof sql, copies, 512);
    strncat(sql, " WHERE coverage_id = 1", sizeof sql - strlen(sql) - 1);
    sample.coverages[0].coverage_id = 999;
    assert_fails(&scope, store_put_person(&scope, world->store, &sample.person),
                 CAUSE_VALUE_TOO_LONG);
    world_tamper(world, sql);
    assert_fails(&scope, store_find_person(&scope, world->store, 7, &found), CAUSE_STORE_CORRUPT);
    assert_fails(&scope, store_put_person(&scope, world->store, &sample.person),
                 CAUSE_STORE_CORRUPT);
}

static enum status ask_the_rest(struct scope *scope, struct world *world,
                                const struct sample *sample)
{
    struct insured_key key = sample_key(sample, 0);
    struct insured_match *matches = NULL;
    struct insurer *insurers = NULL;
    struct institution institution = {{"1319912349"}, TEXT("一"), FACILITY_PHARMACY, 0, DATE_NONE};
    struct insurer insurer = {{"139998"}, TEXT("一")};
    struct person found = {0};
    size_t count = 0;

    TRY(store_find_person_as_of(scope, world->store, 7, scope->now, &found));
    TRY(store_list_matches(scope, world->store, &key, &matches, &count));
    TRY(store_put_institution(scope, world->store, &institution));
    TRY(store_put_insurer(scope, world->store, &insurer));
    TRY(store_find_institution(scope, world->store, institution.code, &institution));
    return store_list_insurers(scope, world->store, &insurers, &count);
}

/* Memory that ends at any point: a clear failure, nothing half done, and the store goes on. */
static void memory_may_end_anywhere(void **state)
{
    struct world *world = *state;
    struct authentication_certificate certificate = sample_certificate(5, 7);
    struct sample sample, other;
    bool whole = false;

    sample_make(&sample, 7);
    sample_make(&other, 7);
    other.person.address = TEXT("別");
    other.coverages[0].number = TEXT("42");
    for (size_t limit = 0; !whole; limit += 16) {
        struct scope scope = scope_begin_at(limit, at((int)limit));
        struct card_holder holder = {0};
        enum status status = store_put_person(&scope, world->store, &sample.person);
        if (status == STATUS_OK)
            status = store_put_certificate(&scope, world->store, &certificate);
        if (status == STATUS_OK)
            status = store_put_person(&scope, world->store, &other.person);
        if (status == STATUS_OK)
            status = store_find_card_holder(&scope, world->store, 1, 5, &holder);
        if (status == STATUS_OK)
            status = ask_the_rest(&scope, world, &other);
        if (status == STATUS_OK) {
            assert_person(&holder.person, &other.person);
            whole = true;
        } else {
            assert_fails(&scope, status, CAUSE_MEMORY_LIMIT);
        }
        scope_end(&scope);
    }
}

static void a_url_that_cannot_be_is_refused(void **state)
{
    static const char *const urls[] = {"", "sqlite:", "mysql:host=x", "file:/tmp/x"};
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_fails(&scope, store_open(&scope, urls[i], STORE_CREATE, &store),
                     CAUSE_CONFIGURATION);
    assert_null(store);
    store_close(NULL);
}

static void an_empty_database_has_no_schema(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;
    enum status status = STATUS_OK;

    store_close(world->store);
    world->store = NULL;
    world_empty(world);
    status = world_open(&scope, world, STORE_WRITE, &store);
    assert_fails(&scope, status,
                 world->engine == ENGINE_SQLITE_FILE ? CAUSE_STORE_UNAVAILABLE
                                                     : CAUSE_STORE_CORRUPT);
    assert_null(store);
}

static void a_schema_of_another_version_is_refused(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return; /* gone when it is closed */
    world_tamper(world, "INSERT INTO schema_version (version, name, applied) VALUES (999, 'x', 0)");
    assert_fails(&scope, world_open(&scope, world, STORE_READ, &store), CAUSE_STORE_VERSION);
    assert_fails(&scope, world_open(&scope, world, STORE_CREATE, &store), CAUSE_STORE_VERSION);
    world_tamper(world, "DELETE FROM schema_version");
    assert_fails(&scope, world_open(&scope, world, STORE_WRITE, &store), CAUSE_STORE_VERSION);
    assert_null(store);
}

static void opening_twice_migrates_once(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return;
    assert_ok(&scope, world_open(&scope, world, STORE_CREATE, &store));
    store_close(store);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM schema_version"),
                     store_migration_count);
}

struct conformance_list conformance_hostile(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_cannot_be_are_refused),
        cmocka_unit_test(numbers_that_cannot_be_are_refused),
        cmocka_unit_test(days_that_cannot_be_are_refused),
        cmocka_unit_test(the_widest_values_come_back_as_they_were),
        cmocka_unit_test(rows_that_cannot_be_are_corrupt_not_nonsense),
        cmocka_unit_test(five_hundred_and_thirteen_coverages_are_corrupt),
        cmocka_unit_test(memory_may_end_anywhere),
        cmocka_unit_test(a_url_that_cannot_be_is_refused),
        cmocka_unit_test(an_empty_database_has_no_schema),
        cmocka_unit_test(a_schema_of_another_version_is_refused),
        cmocka_unit_test(opening_twice_migrates_once),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
