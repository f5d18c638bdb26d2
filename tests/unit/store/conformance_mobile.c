/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <string.h>

static struct institution_code place(const char *code)
{
    struct institution_code out = {0};

    memcpy(out.digits, code, strlen(code));
    return out;
}

static struct mobile_device device_of(char letter, const char *institution, int until)
{
    struct mobile_device device = {
        .institution = place(institution), .class = CLASS_MOBILE_CONSENT, .code_until = at(until)};

    memset(device.device, letter, sizeof device.device - 1);
    memset(device.code_hash, letter, sizeof device.code_hash - 1);
    return device;
}

static size_t count(struct world *world, const char *institution)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    size_t found = 0;

    assert_ok(&scope, store_count_devices(&scope, world->store, place(institution), &found));
    return found;
}

static void e3_a_device_is_found_by_its_id_and_its_code(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct mobile_device a = device_of('a', "1319912349", 60);
    struct mobile_device found = {0};

    assert_ok(&scope, store_put_device(&scope, world->store, &a));
    assert_ok(&scope, store_find_device(&scope, world->store, a.device, &found));
    assert_memory_equal(&found, &a, sizeof a);
    memset(a.secret_hash, 'b', sizeof a.secret_hash - 1);
    assert_ok(&scope, store_put_device(&scope, world->store, &a));
    assert_ok(&scope, store_find_device_by_code(&scope, world->store, a.code_hash, &found));
    assert_string_equal(found.secret_hash, a.secret_hash);
    assert_int_equal(store_find_device(&scope, world->store, "b", &found), STATUS_NOT_FOUND);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM mobile_device_history"), 1);
    a.class = CLASS_NORMAL;
    assert_fails(&scope, store_put_device(&scope, world->store, &a), CAUSE_CODE_VALUE_WRONG);
}

static void e3_codes_that_ran_out_unused_are_forgotten(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(61);
    struct mobile_device a = device_of('a', "1319912349", 60);
    struct mobile_device b = device_of('b', "1319912349", 60);
    struct mobile_device c = device_of('c', "1319912349", 90);
    struct mobile_device d = device_of('d', "1379910019", 60);

    memset(b.secret_hash, 'b', sizeof b.secret_hash - 1); /* activated */
    assert_ok(&scope, store_put_device(&scope, world->store, &a));
    assert_ok(&scope, store_put_device(&scope, world->store, &b));
    assert_ok(&scope, store_put_device(&scope, world->store, &c));
    assert_ok(&scope, store_put_device(&scope, world->store, &d));
    assert_int_equal(count(world, "1319912349"), 3);
    assert_ok(&scope, store_drop_codes(&scope, world->store, place("1319912349")));
    assert_int_equal(count(world, "1319912349"), 2);
    assert_int_equal(count(world, "1379910019"), 1);
}

static struct mobile_consent consent_of(int64_t person_id, const char *institution, int64_t given)
{
    return (struct mobile_consent){.person_id = person_id,
                                   .institution = place(institution),
                                   .given = given,
                                   .until = DATE(20270205),
                                   .consents = CONSENT_LIMIT | CONSENT_MEDICATION,
                                   .mode = IDENTITY_PIN};
}

static void e3_consents_are_found_by_person_and_by_institution(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct mobile_consent first = consent_of(7, "1319912349", 20261105120000);
    const struct mobile_consent second = consent_of(8, "1319912349", 20261105120001);
    const struct mobile_consent other = consent_of(7, "1379910019", 20261105120002);
    struct mobile_consent *found = NULL;
    size_t many = 0;

    assert_ok(&scope, store_put_consent(&scope, world->store, &first));
    assert_ok(&scope, store_put_consent(&scope, world->store, &second));
    assert_ok(&scope, store_put_consent(&scope, world->store, &other));
    assert_ok(&scope, store_list_person_consents(&scope, world->store, 7, &found, &many));
    assert_int_equal(many, 2);
    assert_int_equal(found[0].given, first.given);
    assert_int_equal(found[0].until.yyyymmdd, 20270205);
    assert_int_equal(found[0].consents, first.consents);
    assert_ok(&scope, store_list_consents(&scope, world->store, place("1319912349"), 20261105120000,
                                          20261106000000, &found, &many));
    assert_int_equal(many, 1); /* after, not at */
    assert_int_equal(found[0].person_id, 8);
    first.withdrawn = true;
    assert_ok(&scope, store_put_consent(&scope, world->store, &first));
    assert_ok(&scope, store_list_consents(&scope, world->store, place("1319912349"), 0,
                                          20261105120001, &found, &many));
    assert_int_equal(many, 1);
    assert_true(found[0].withdrawn);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM mobile_consent_history"), 1);
    first.consents = 64;
    assert_fails(&scope, store_put_consent(&scope, world->store, &first), CAUSE_CODE_VALUE_WRONG);
}

struct conformance_list conformance_mobile(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(e3_a_device_is_found_by_its_id_and_its_code),
        cmocka_unit_test(e3_codes_that_ran_out_unused_are_forgotten),
        cmocka_unit_test(e3_consents_are_found_by_person_and_by_institution),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
