/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <stdio.h>
#include <string.h>

static void put_sample(struct world *world, int64_t person_id)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, person_id);
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
}

static void e1_a_card_finds_its_holder_with_all_a_check_needs(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(4711, 7);
    struct card_holder holder = {0};
    struct sample sample;

    put_sample(world, 6);
    put_sample(world, 7);
    put_sample(world, 8);
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, 4711, &holder));
    sample_make(&sample, 7);
    assert_person(&holder.person, &sample.person);
    assert_int_equal(holder.certificate.serial, 4711);
    assert_int_equal(holder.certificate.person_id, 7);
    assert_int_equal(holder.certificate.not_before.yyyymmdd, 20230203);
    assert_int_equal(holder.certificate.expires.yyyymmdd, 20280203);
    assert_int_equal(holder.certificate.state, CERTIFICATE_CURRENT);
    assert_true(holder.certificate.phone);
    assert_int_equal(holder.person.coverages[1].recorded.microseconds, at(0).microseconds);
}

static void e1_an_unknown_card_is_not_found(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(4711, 7);
    struct authentication_certificate orphan = sample_certificate(4712, 99);
    struct card_holder holder = {0};

    put_sample(world, 7);
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_put_certificate(&scope, world->store, &orphan));
    assert_int_equal(store_find_card_holder(&scope, world->store, 2, 4711, &holder),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_find_card_holder(&scope, world->store, 1, 4710, &holder),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_find_card_holder(&scope, world->store, 1, 4712, &holder),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_find_card_holder(&scope, world->store, -1, UINT64_MAX, &holder),
                     STATUS_NOT_FOUND);
    assert_int_equal(scope.cause, CAUSE_NONE);
    assert_int_equal(holder.person.person_id, 0);
}

static void k1_serials_use_all_sixty_four_bits(void **state)
{
    static const uint64_t serials[] = {0, 1, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX};
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    put_sample(world, 7);
    for (size_t i = 0; i < sizeof serials / sizeof serials[0]; i++) {
        struct authentication_certificate certificate = sample_certificate(serials[i], 7);
        struct card_holder holder = {0};
        certificate.successor = ~serials[i];
        assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
        assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, serials[i], &holder));
        assert_int_equal(holder.certificate.serial, serials[i]);
        assert_int_equal(holder.certificate.successor, ~serials[i]);
    }
}

static void e1_a_person_without_coverage_is_found(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(4711, 7);
    struct card_holder holder = {0};
    struct sample sample;

    sample_make(&sample, 7);
    sample.person.coverage_count = 0;
    sample.person.elderly_count = sample.person.limit_count = sample.person.disease_count = 0;
    assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, 4711, &holder));
    assert_person(&holder.person, &sample.person);
}

static void e4_only_what_a_person_holds_is_read(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    for (int held = 0; held < 8; held++) {
        struct person found = {0};
        struct sample sample;
        sample_make(&sample, held);
        sample.person.elderly_count = (held & 1) ? 1 : 0;
        sample.person.limit_count = (held & 2) ? 1 : 0;
        sample.person.disease_count = (held & 4) ? 2 : 0;
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
        assert_ok(&scope, store_find_person(&scope, world->store, held, &found));
        assert_person(&found, &sample.person);
    }
}

static void e5_numbers_find_their_coverage(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    put_sample(world, 7);
    put_sample(world, 8);
    sample_make(&sample, 7);
    for (int i = 0; i < 2; i++) {
        struct insured_key key = sample_key(&sample, i);
        struct insured_match *matches = NULL;
        size_t count = 0;
        assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
        assert_int_equal(count, 1);
        assert_int_equal(matches[0].person_id, 7);
        assert_int_equal(matches[0].coverage_id, i + 1);
        assert_string_equal(matches[0].branch, i ? "" : "01");
    }
}

static void e5_other_numbers_find_nothing(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;
    struct insured_key keys[5];

    put_sample(world, 7);
    sample_make(&sample, 7);
    for (int i = 0; i < 5; i++)
        keys[i] = sample_key(&sample, 0);
    keys[0].insurer.digits[7] = '3';
    keys[1].symbol[0] = '\0';
    keys[2].number[0] = '9';
    keys[3].birth = DATE(19540204);
    keys[4].insurer.digits[6] = '\0';
    for (int i = 0; i < 5; i++) {
        struct insured_match *matches = NULL;
        size_t count = 1;
        assert_ok(&scope, store_list_matches(&scope, world->store, &keys[i], &matches, &count));
        assert_int_equal(count, 0);
    }
}

static void e5_the_branch_is_not_asked_and_a_crowd_is_cut_at_sixty_four(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insured_match *matches = NULL;
    size_t count = 0;
    struct sample sample;
    struct insured_key key;

    for (int i = 0; i < 70; i++) {
        sample_make(&sample, i);
        sample.coverages[0].number = TEXT("77");
        snprintf(sample.coverages[0].branch, 3, "%02d", i);
        assert_ok(&scope, store_put_person(&scope, world->store, &sample.person));
    }
    key = sample_key(&sample, 0);
    snprintf(key.branch, sizeof key.branch, "05");
    assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
    assert_int_equal(count, 64);
    for (int i = 0; i < 64; i++) {
        assert_int_equal(matches[i].person_id, i);
        assert_int_equal(matches[i].branch[1], '0' + i % 10);
    }
}

static void e3_an_institution_is_found_by_its_code(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct institution institution = {
        {"1319912349"}, TEXT("テスト内科医院"), FACILITY_MEDICAL_CLINIC, 4, DATE(20270331)};
    struct institution found = {0};

    assert_ok(&scope, store_put_institution(&scope, world->store, &institution));
    assert_ok(&scope, store_find_institution(&scope, world->store, institution.code, &found));
    assert_string_equal(found.code.digits, "1319912349");
    assert_true(text_equal(found.name, institution.name));
    assert_int_equal(found.type, FACILITY_MEDICAL_CLINIC);
    assert_int_equal(found.measure, 4);
    assert_int_equal(found.measure_until.yyyymmdd, 20270331);
    assert_int_equal(store_find_institution(&scope, world->store,
                                            (struct institution_code){"1319912340"}, &found),
                     STATUS_NOT_FOUND);
    assert_int_equal(
        store_find_institution(&scope, world->store, (struct institution_code){"\xff"}, &found),
        STATUS_NOT_FOUND);
}

static void insurers_are_listed_by_number(void **state)
{
    static const char *const numbers[] = {"39139993", "139998", "01139997", "06139992"};
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insurer *insurers = NULL;
    size_t count = 1;

    assert_ok(&scope, store_list_insurers(&scope, world->store, &insurers, &count));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < 4; i++) {
        struct insurer insurer = {.name = TEXT("架空健康保険組合")};
        snprintf(insurer.number.digits, sizeof insurer.number.digits, "%s", numbers[i]);
        assert_ok(&scope, store_put_insurer(&scope, world->store, &insurer));
    }
    assert_ok(&scope, store_list_insurers(&scope, world->store, &insurers, &count));
    assert_int_equal(count, 4);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(insurers[i - 1].number.digits, insurers[i].number.digits) < 0);
    assert_true(text_is(insurers[3].name, "架空健康保険組合"));
}

static void the_store_answers_a_ping(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    int known = 0;
    int applied = 0;

    assert_ok(&scope, store_ping(&scope, world->store));
    assert_ok(&scope, store_schema_version(&scope, world->store, &known, &applied));
    assert_int_equal(known, applied);
    assert_int_equal(known, store_migration_count);
    assert_string_equal(store_engine(world->store),
                        world->engine == ENGINE_POSTGRES ? "postgres" : "sqlite");
}

struct conformance_list conformance_queries(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_card_finds_its_holder_with_all_a_check_needs),
        cmocka_unit_test(e1_an_unknown_card_is_not_found),
        cmocka_unit_test(k1_serials_use_all_sixty_four_bits),
        cmocka_unit_test(e1_a_person_without_coverage_is_found),
        cmocka_unit_test(e4_only_what_a_person_holds_is_read),
        cmocka_unit_test(e5_numbers_find_their_coverage),
        cmocka_unit_test(e5_other_numbers_find_nothing),
        cmocka_unit_test(e5_the_branch_is_not_asked_and_a_crowd_is_cut_at_sixty_four),
        cmocka_unit_test(e3_an_institution_is_found_by_its_code),
        cmocka_unit_test(insurers_are_listed_by_number),
        cmocka_unit_test(the_store_answers_a_ping),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
