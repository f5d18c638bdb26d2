/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <stdio.h>
#include <string.h>

static struct scope noon_of(int yyyymmdd)
{
    return scope_begin_at(1UL << 20, instant_noon(DATE(yyyymmdd)));
}

static void put(struct world *world, int64_t person_id, int registered, int deregisters)
{
    CLEANUP(scope_end) struct scope scope = noon_of(20240101);
    struct sample sample;

    sample_make(&sample, person_id);
    sample.person.registered = DATE(registered);
    sample.person.deregisters = DATE(deregisters);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static void put_certificate(struct world *world, uint64_t serial, int64_t person_id, int issued,
                            int expires)
{
    CLEANUP(scope_end) struct scope scope = noon_of(issued);
    const struct authentication_certificate certificate = {.issuer = 1,
                                                           .serial = serial,
                                                           .person_id = person_id,
                                                           .not_before = DATE(issued),
                                                           .expires = DATE(expires),
                                                           .state = CERTIFICATE_CURRENT};

    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
}

static bool registers(struct world *world, int64_t person_id, int since, enum registration_way way)
{
    CLEANUP(scope_end) struct scope scope = noon_of(since);
    bool already = false;

    assert_ok(&scope,
              store_register_person(&scope, world->store, person_id, DATE(since), way, &already));
    return !already;
}

/* What a check would read. */
static void assert_person_row(struct world *world, int64_t person_id, int registered,
                              int deregisters)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person person = {0};

    assert_ok(&scope, store_find_person(&scope, world->store, person_id, &person));
    assert_int_equal(person.registered.yyyymmdd, registered);
    assert_int_equal(person.deregisters.yyyymmdd, deregisters);
    assert_int_equal(person.coverage_count, 2); /* nothing else has changed */
    assert_int_equal(person.disease_count, 2);
}

/* "since until way ended" of each, in order. */
static void assert_registrations(struct world *world, int64_t person_id, const char *wanted)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct registration *items = NULL;
    size_t count = 0;
    char found[256] = "";

    assert_ok(&scope, store_list_registrations(&scope, world->store, person_id, &items, &count));
    for (size_t i = 0; i < count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%d %d %s %s",
                 i ? ", " : "", items[i].since.yyyymmdd, items[i].until.yyyymmdd,
                 registration_way_name(items[i].way), registration_end_name(items[i].ended));
    assert_string_equal(found, wanted);
}

static void r1_who_registers_is_registered_from_that_day_and_once(void **state)
{
    struct world *world = *state;

    put(world, 7, 0, 0);
    assert_registrations(world, 7, "");
    assert_true(registers(world, 7, 20261105, REGISTERED_AT_READER));
    assert_person_row(world, 7, 20261105, 0);
    assert_registrations(world, 7, "20261105 0 reader runs");
    assert_false(registers(world, 7, 20261106, REGISTERED_AT_PORTAL));
    assert_registrations(world, 7, "20261105 0 reader runs");
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 1);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM registration_history"), 0);
}

static void r1_one_that_came_with_the_person_is_told_too(void **state)
{
    struct world *world = *state;

    put(world, 7, 20240401, 0);
    assert_registrations(world, 7, "20240401 0 before runs");
    assert_false(registers(world, 7, 20261105, REGISTERED_AT_READER));
    put(world, 8, 20240401, 20261231);
    assert_registrations(world, 8, "20240401 20261231 before deregistered");
}

static void r1_r2_after_a_deregistration_it_can_be_made_anew(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = noon_of(20260930);

    put(world, 7, 20240401, 0);
    assert_ok(&scope, store_end_registration(&scope, world->store, 7, DATE(20261031),
                                             REGISTRATION_DEREGISTERED));
    assert_person_row(world, 7, 20240401, 20261031);
    assert_false(registers(world, 7, 20261031, REGISTERED_AT_READER)); /* its last day */
    assert_true(registers(world, 7, 20261101, REGISTERED_AT_PORTAL));
    assert_person_row(world, 7, 20261101, 0);
    assert_registrations(world, 7, "20240401 20261031 before deregistered, 20261101 0 portal runs");
}

static void r1_a_returned_card_is_registered_no_more(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = noon_of(20261110);

    put(world, 7, 0, 0);
    assert_true(registers(world, 7, 20261105, REGISTERED_AT_READER));
    assert_ok(&scope, store_end_registration(&scope, world->store, 7, DATE(20261110),
                                             REGISTRATION_RETURNED));
    assert_person_row(world, 7, 0, 0);
    assert_registrations(world, 7, "20261105 20261110 reader returned");
    assert_int_equal(
        store_end_registration(&scope, world->store, 7, DATE(20261111), REGISTRATION_RETURNED),
        STATUS_NOT_FOUND);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM registration_history"), 1);
    assert_true(registers(world, 7, 20261110, REGISTERED_AT_READER)); /* the same day, anew */
    assert_false(registers(world, 7, 20261110, REGISTERED_AT_READER));
}

static void r1_k3_a_certificate_in_time_carries_the_registration(void **state)
{
    struct world *world = *state;

    put(world, 7, 20240401, 0);
    put_certificate(world, 1, 7, 20210420, 20260510);
    put_certificate(world, 2, 7, 20260831, 20310510); /* on the last day of grace */
    assert_person_row(world, 7, 20240401, 0);
    assert_registrations(world, 7, "20240401 0 before runs");
}

static void r1_k3_a_certificate_after_the_grace_must_be_registered_anew(void **state)
{
    struct world *world = *state;

    put(world, 7, 20240401, 0);
    put_certificate(world, 1, 7, 20210420, 20260510);
    put_certificate(world, 2, 7, 20260901, 20310510);
    assert_person_row(world, 7, 0, 0);
    assert_registrations(world, 7, "20240401 20260831 before lapsed");
    assert_true(registers(world, 7, 20260902, REGISTERED_AT_READER));
    put_certificate(world, 1, 7, 20210420, 20260510); /* said again: nothing new */
    assert_registrations(world, 7, "20240401 20260831 before lapsed, 20260902 0 reader runs");
}

static void r1_the_certificates_of_a_person_are_found(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate *items = NULL;
    size_t count = 9;

    put(world, 7, 0, 0);
    assert_ok(&scope, store_list_certificates(&scope, world->store, 7, &items, &count));
    assert_int_equal(count, 0);
    put_certificate(world, 2, 7, 20260831, 20310510);
    put_certificate(world, 1, 7, 20210420, 20260510);
    put_certificate(world, 3, 8, 20210420, 20260510);
    assert_ok(&scope, store_list_certificates(&scope, world->store, 7, &items, &count));
    assert_int_equal(count, 2);
    assert_int_equal(items[0].serial, 1);
    assert_int_equal(items[1].serial, 2);
}

static void r1_a_loaded_world_has_its_index(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate *items = NULL;
    struct authentication_certificate certificate = sample_certificate(5, 7);
    struct sample sample;
    size_t count = 0;

    sample_make(&sample, 7);
    assert_ok(&scope, store_load_begin(&scope, world->store));
    assert_ok(&scope, store_load_person(&scope, world->store, &sample.person));
    assert_ok(&scope, store_load_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_load_end(&scope, world->store));
    assert_ok(&scope, store_list_certificates(&scope, world->store, 7, &items, &count));
    assert_int_equal(count, 1);
    if (world->engine == ENGINE_POSTGRES)
        assert_int_equal(world_number(world, "SELECT COUNT(*) FROM pg_indexes WHERE indexname = "
                                             "'authentication_certificate_by_person'"),
                         1);
    else
        assert_int_equal(world_number(world, "SELECT COUNT(*) FROM sqlite_master WHERE name = "
                                             "'authentication_certificate_by_person'"),
                         1);
}

static void r1_nobody_cannot_register(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct registration *items = NULL;
    size_t count = 0;
    bool already = false;

    assert_int_equal(store_register_person(&scope, world->store, 99, DATE(20261105),
                                           REGISTERED_AT_READER, &already),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_list_registrations(&scope, world->store, 99, &items, &count),
                     STATUS_NOT_FOUND);
}

struct conformance_list conformance_registration(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(r1_who_registers_is_registered_from_that_day_and_once),
        cmocka_unit_test(r1_one_that_came_with_the_person_is_told_too),
        cmocka_unit_test(r1_r2_after_a_deregistration_it_can_be_made_anew),
        cmocka_unit_test(r1_a_returned_card_is_registered_no_more),
        cmocka_unit_test(r1_k3_a_certificate_in_time_carries_the_registration),
        cmocka_unit_test(r1_k3_a_certificate_after_the_grace_must_be_registered_anew),
        cmocka_unit_test(r1_the_certificates_of_a_person_are_found),
        cmocka_unit_test(r1_a_loaded_world_has_its_index),
        cmocka_unit_test(r1_nobody_cannot_register),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
