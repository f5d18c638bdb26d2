/* SPDX-License-Identifier: Apache-2.0
 *
 * Filings behind a person's protection flags (insurers-and-documents 2.5).
 */
#include "conformance.h"

#include <string.h>

#include "store/store_protection.h"

#define SOCIETY "06139992"
#define CITY "139998"
#define BOTH PROTECTION_FLAGS

static void put_person(struct world *world, int64_t id, unsigned protection)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, id);
    sample.person.protection = protection;
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static struct person person_at(struct scope *scope, struct world *world, int64_t id)
{
    struct person person = {0};

    assert_ok(scope, store_find_person(scope, world->store, id, &person));
    return person;
}

/* One filing more of a person, seconds later. */
static void file(struct world *world, int seconds, int64_t id, const char *source, unsigned flag,
                 int until)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);
    struct protection_book book = {0};
    struct person person = person_at(&scope, world, id);
    struct protection_filing filing = {.flag = flag, .from = DATE(20261101), .until = DATE(until)};

    memcpy(filing.source, source, strlen(source) + 1);
    assert_ok(&scope, store_find_protection(&scope, world->store, &person, &book));
    assert_true(protection_put(&book, &filing));
    assert_ok(&scope, store_put_protection(&scope, world->store, id, &book));
}

static void take_back(struct world *world, int seconds, int64_t id, const char *source,
                      unsigned flags)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);
    struct protection_book book = {0};
    struct person person = person_at(&scope, world, id);

    assert_ok(&scope, store_find_protection(&scope, world->store, &person, &book));
    protection_drop(&book, source, flags);
    assert_ok(&scope, store_put_protection(&scope, world->store, id, &book));
}

static unsigned flags_of(struct world *world, int64_t id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(60);

    return person_at(&scope, world, id).protection;
}

static void e1_a_flag_holds_while_any_filing_does(void **state)
{
    struct world *world = *state;

    put_person(world, 7, 0);
    file(world, 1, 7, SOCIETY, PROTECTION_NON_DISCLOSURE, 99991231);
    file(world, 2, 7, CITY, PROTECTION_NON_DISCLOSURE, 99991231);
    file(world, 3, 7, PROTECTION_REGISTER, PROTECTION_SELF_REFUSAL, 99991231);
    assert_int_equal(flags_of(world, 7), BOTH);
    take_back(world, 4, 7, SOCIETY, BOTH);
    assert_int_equal(flags_of(world, 7), BOTH);
    take_back(world, 5, 7, CITY, BOTH);
    assert_int_equal(flags_of(world, 7), PROTECTION_SELF_REFUSAL);
    take_back(world, 6, 7, PROTECTION_REGISTER, PROTECTION_NON_DISCLOSURE); /* it has none */
    assert_int_equal(flags_of(world, 7), PROTECTION_SELF_REFUSAL);
    take_back(world, 7, 7, PROTECTION_REGISTER, BOTH);
    assert_int_equal(flags_of(world, 7), 0);
}

static void e1_filings_and_flags_keep_their_history(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(60);
    struct person then = {0};

    put_person(world, 7, 0);
    file(world, 1, 7, SOCIETY, PROTECTION_SELF_REFUSAL, 99991231);
    file(world, 2, 7, SOCIETY, PROTECTION_SELF_REFUSAL, 99991231); /* the same again */
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM protection_filing_history"), 0);
    file(world, 3, 7, SOCIETY, PROTECTION_SELF_REFUSAL, 20271231);
    take_back(world, 9, 7, SOCIETY, BOTH);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM protection_filing"), 0);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM protection_filing_history"), 2);
    assert_int_equal(world_number(world, "SELECT MAX(valid_until) FROM protection_filing_history"),
                     99991231);
    assert_ok(&scope, store_find_person_as_of(&scope, world->store, 7, at(5), &then));
    assert_int_equal(then.protection, PROTECTION_SELF_REFUSAL);
    assert_ok(&scope, store_find_person_as_of(&scope, world->store, 7, at(10), &then));
    assert_int_equal(then.protection, 0);
}

static void e1_a_filing_counts_from_its_first_to_its_last_day(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(60);
    int64_t *ids = NULL;
    size_t count = 0;

    put_person(world, 7, 0);
    put_person(world, 8, 0);
    put_person(world, 9, 0);
    file(world, 1, 7, SOCIETY, PROTECTION_NON_DISCLOSURE, 20261104); /* yesterday */
    file(world, 1, 8, SOCIETY, PROTECTION_NON_DISCLOSURE, 20261105); /* today */
    file(world, 1, 9, SOCIETY, PROTECTION_NON_DISCLOSURE, 99991231);
    assert_int_equal(flags_of(world, 7), 0);
    assert_int_equal(flags_of(world, 8), PROTECTION_NON_DISCLOSURE);
    assert_int_equal(flags_of(world, 9), PROTECTION_NON_DISCLOSURE);
    assert_ok(&scope, store_list_ended_protections(&scope, world->store, DATE(20261105), -1, 10,
                                                   &ids, &count));
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], 7);
    assert_ok(&scope, store_list_ended_protections(&scope, world->store, DATE(20261106), 7, 10,
                                                   &ids, &count));
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], 8);
}

/* A flag from before filings were kept: no insurer of the person ends it for the others. */
static void e1_a_flag_without_a_filing_is_held_by_all_insurers_of_the_person(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, 7);
    sample.person.protection = PROTECTION_NON_DISCLOSURE;
    for (int i = 0; i < 2; i++) {
        sample.coverages[i].insurer =
            i == 0 ? (struct insurer_number){SOCIETY} : (struct insurer_number){CITY};
        sample.coverages[i].until = DATE_NEVER;
        sample.coverages[i].loss_reason = LOSS_NONE;
    }
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    take_back(world, 1, 7, SOCIETY, BOTH);
    assert_int_equal(flags_of(world, 7), PROTECTION_NON_DISCLOSURE);
    take_back(world, 2, 7, SOCIETY, BOTH);
    assert_int_equal(flags_of(world, 7), PROTECTION_NON_DISCLOSURE);
    take_back(world, 3, 7, CITY, BOTH);
    assert_int_equal(flags_of(world, 7), 0);
}

/* A store of the schema before filings: what support measures set, and none ended, is theirs. */
static void e1_a_support_measure_that_runs_becomes_a_filing(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return; /* gone when it is closed */
    put_person(world, 7, BOTH);
    put_person(world, 8, 0);
    world_tamper(world, "INSERT INTO register_notice (person_id, sequence, kind, day, protection, "
                        "recorded) VALUES (7, 1, 4, 20260401, 3, 5), (8, 2, 4, 20260401, 3, 5), "
                        "(8, 3, 5, 20260501, 3, 6)");
    world_tamper(world, "DROP TABLE protection_filing");
    world_tamper(world, "DROP TABLE protection_filing_history");
    world_tamper(world, "DELETE FROM schema_version WHERE version >= 9");
    assert_ok(&scope, world_open(&scope, world, STORE_CREATE, &store));
    store_close(store);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM protection_filing "
                                         "WHERE source = 'register' AND person_id = 7"),
                     2);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM protection_filing"), 2);
    take_back(world, 1, 7, SOCIETY, BOTH);
    assert_int_equal(flags_of(world, 7), BOTH);
}

static void filings_that_cannot_be_are_refused(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct protection_filing filings[] = {
        {"anybody", PROTECTION_NON_DISCLOSURE, DATE(20261101), DATE(20261231)},
        {SOCIETY, 4, DATE(20261101), DATE(20261231)},
        {SOCIETY, PROTECTION_NON_DISCLOSURE, DATE(20261131), DATE(20261231)},
        {SOCIETY, PROTECTION_NON_DISCLOSURE, DATE(20261101), DATE(0)},
    };

    put_person(world, 7, 0);
    for (size_t i = 0; i < sizeof filings / sizeof filings[0]; i++) {
        const struct protection_book book = {&filings[i], 1, 1};
        assert_int_equal(store_put_protection(&scope, world->store, 7, &book), STATUS_INVALID);
        scope_forgive(&scope);
    }
    assert_int_equal(flags_of(world, 7), 0);
}

struct conformance_list conformance_protection(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_flag_holds_while_any_filing_does),
        cmocka_unit_test(e1_filings_and_flags_keep_their_history),
        cmocka_unit_test(e1_a_filing_counts_from_its_first_to_its_last_day),
        cmocka_unit_test(e1_a_flag_without_a_filing_is_held_by_all_insurers_of_the_person),
        cmocka_unit_test(e1_a_support_measure_that_runs_becomes_a_filing),
        cmocka_unit_test(filings_that_cannot_be_are_refused),
    };

    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
