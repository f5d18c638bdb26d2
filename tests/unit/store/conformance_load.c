/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <stdio.h>

#define PEOPLE 300

/* Serials in no order. */
static uint64_t serial_of(int64_t person_id)
{
    return (uint64_t)person_id * UINT64_C(0x9E3779B97F4A7C15);
}

static void load_people(struct world *world, int from, int to)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    for (int i = from; i < to; i++) {
        struct authentication_certificate certificate = sample_certificate(serial_of(i), i);
        struct sample sample;
        sample_make(&sample, i);
        if (i % 3)
            sample.person.elderly_count = sample.person.limit_count = sample.person.disease_count =
                0;
        assert_ok(&scope, store_load_person(&scope, world->store, &sample.person));
        assert_ok(&scope, store_load_certificate(&scope, world->store, &certificate));
        scope_reset(&scope);
    }
}

static void a_loaded_world_is_as_if_put(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insurer insurer = {{"139998"}, TEXT("架空区")};
    struct sample sample;

    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_put_insurer(&scope, world->store, &insurer));
    load_people(world, 0, PEOPLE);
    assert_ok(&scope, store_load_end(&scope, world->store));
    for (int i = 0; i < PEOPLE; i++) {
        struct card_holder holder = {0};
        struct person found = {0};
        struct insured_match *matches = NULL;
        struct insured_key key;
        size_t count = 0;
        sample_make(&sample, i);
        if (i % 3)
            sample.person.elderly_count = sample.person.limit_count = sample.person.disease_count =
                0;
        key = sample_key(&sample, 1);
        assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, serial_of(i), &holder));
        assert_person(&holder.person, &sample.person);
        assert_ok(&scope, store_find_person_as_of(&scope, world->store, i, at(0), &found));
        assert_person(&found, &sample.person);
        assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
        assert_int_equal(count, 1);
        assert_int_equal(matches[0].person_id, i);
        scope_reset(&scope);
    }
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM insurer"), 1);
    sample.person.address = TEXT("別");
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static void nothing_is_seen_before_the_end(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *reader = NULL;
    struct person found = {0};

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return;
    assert_ok(&scope, store_load_begin(&scope, world->store));
    load_people(world, 0, 50);
    if (world->engine == ENGINE_SQLITE_FILE) {
        assert_fails(&scope, world_open(&scope, world, STORE_READ, &reader),
                     CAUSE_STORE_UNAVAILABLE); /* in use */
    } else {
        assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
        assert_int_equal(store_find_person(&scope, reader, 7, &found), STATUS_NOT_FOUND);
        store_close(reader);
    }
    assert_ok(&scope, store_load_end(&scope, world->store));
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    assert_ok(&scope, store_find_person(&scope, reader, 7, &found));
    store_close(reader);
}

static void a_load_that_breaks_off_leaves_no_half_world(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return;
    assert_ok(&scope, store_load_begin(&scope, world->store));
    load_people(world, 0, PEOPLE);
    store_close(world->store);
    world->store = NULL;
    if (world->engine == ENGINE_SQLITE_FILE) {
        assert_fails(&scope, world_open(&scope, world, STORE_READ, &world->store),
                     CAUSE_STORE_CORRUPT);
        assert_fails(&scope, world_open(&scope, world, STORE_CREATE, &world->store),
                     CAUSE_STORE_CORRUPT);
        world_empty(world);
    }
    assert_ok(&scope, world_open(&scope, world, STORE_CREATE, &world->store));
    assert_int_equal(store_find_person(&scope, world->store, 7, &found), STATUS_NOT_FOUND);
}

static void a_store_with_people_is_not_loaded(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, 7);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    assert_fails(&scope, store_load_begin(&scope, world->store), CAUSE_ALREADY_EXISTS);
    assert_fails(&scope, store_load_person(&scope, world->store, &sample.person), CAUSE_INTERNAL);
    assert_fails(&scope, store_load_end(&scope, world->store), CAUSE_INTERNAL);
}

static void a_row_that_cannot_be_ends_a_load(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, 7);
    sample.elderly[0].share = 777;
    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_fails(&scope, store_load_person(&scope, world->store, &sample.person),
                 CAUSE_CODE_VALUE_WRONG);
    sample_make(&sample, 8);
    assert_fails(&scope, store_load_person(&scope, world->store, &sample.person),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_load_end(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
}

static void people_come_in_ascending_order(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, 7);
    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_load_person(&scope, world->store, &sample.person));
    assert_fails(&scope, store_load_person(&scope, world->store, &sample.person),
                 CAUSE_CODE_VALUE_WRONG);
    assert_fails(&scope, store_load_end(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
}

static void a_serial_twice_ends_a_load(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(5, 7);

    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_load_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_load_certificate(&scope, world->store, &certificate));
    assert_fails(&scope, store_load_end(&scope, world->store), CAUSE_ALREADY_EXISTS);
    assert_fails(&scope, store_ping(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
}

static void an_empty_load_is_a_world_without_people(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    for (int i = 0; i < 2; i++) {
        assert_ok(&scope, store_load_begin(&scope, world->store));
        assert_ok(&scope, store_load_end(&scope, world->store));
    }
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 0);
}

struct conformance_list conformance_load(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loaded_world_is_as_if_put),
        cmocka_unit_test(nothing_is_seen_before_the_end),
        cmocka_unit_test(a_load_that_breaks_off_leaves_no_half_world),
        cmocka_unit_test(a_store_with_people_is_not_loaded),
        cmocka_unit_test(a_row_that_cannot_be_ends_a_load),
        cmocka_unit_test(people_come_in_ascending_order),
        cmocka_unit_test(a_serial_twice_ends_a_load),
        cmocka_unit_test(an_empty_load_is_a_world_without_people),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
