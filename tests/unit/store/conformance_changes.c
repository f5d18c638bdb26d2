/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance.h"

#include <pthread.h>
#include <stdio.h>

static void put_at(struct world *world, int seconds, const struct person *person)
{
    CLEANUP(scope_end) struct scope scope = scope_at(seconds);

    assert_ok(&scope, store_put_person(&scope, world->store, person));
}

static void assert_as_of(struct world *world, int seconds, const struct person *wanted)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};

    assert_ok(&scope, store_find_person_as_of(&scope, world->store, wanted->person_id, at(seconds),
                                              &found));
    assert_person(&found, wanted);
}

static void what_was_believed_can_be_asked_later(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample first, second, third;
    struct person found = {0};

    sample_make(&first, 7);
    sample_make(&second, 7);
    second.person.address = TEXT("架空県架空町９");
    second.coverages[1].until = DATE(20261101);
    second.elderly[0].share = 30;
    sample_make(&third, 7);
    third.person.address = TEXT("架空県架空町９");
    third.limits[0].category[2] = '6';
    third.diseases[1].monthly_limit = 20001;
    put_at(world, 0, &first.person);
    put_at(world, 10, &second.person);
    put_at(world, 20, &third.person);
    assert_as_of(world, 0, &first.person);
    assert_as_of(world, 9, &first.person);
    assert_as_of(world, 10, &second.person);
    assert_as_of(world, 19, &second.person);
    assert_as_of(world, 20, &third.person);
    assert_as_of(world, 1000000, &third.person);
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
    assert_person(&found, &third.person);
    assert_int_equal(store_find_person_as_of(&scope, world->store, 7, at(-1), &found),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_find_person_as_of(&scope, world->store, 8, at(50), &found),
                     STATUS_NOT_FOUND);
}

static void what_is_said_twice_makes_no_history(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;

    sample_make(&sample, 7);
    put_at(world, 0, &sample.person);
    put_at(world, 10, &sample.person);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 0);
    sample.coverages[0].share = 10;
    put_at(world, 20, &sample.person);
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
    assert_int_equal(found.coverages[0].recorded.microseconds, at(20).microseconds);
    assert_int_equal(found.coverages[1].recorded.microseconds, at(0).microseconds);
}

static void a_clock_set_back_loses_nothing(void **state)
{
    struct world *world = *state;
    struct sample first, second, third;

    sample_make(&first, 7);
    sample_make(&second, 7);
    sample_make(&third, 7);
    second.person.address = TEXT("二");
    third.person.address = TEXT("三");
    put_at(world, 10, &first.person);
    put_at(world, 5, &second.person);
    put_at(world, 20, &third.person);
    assert_as_of(world, 10, &second.person);
    assert_as_of(world, 19, &second.person);
    assert_as_of(world, 20, &third.person);
    assert_int_equal(
        world_number(world, "SELECT COUNT(*) FROM person_history WHERE superseded >= recorded"), 2);
}

static void what_is_put_at_one_instant_ends_with_the_last(void **state)
{
    struct world *world = *state;
    struct sample sample;

    sample_make(&sample, 7);
    for (int i = 0; i < 5; i++) {
        char address[16];
        snprintf(address, sizeof address, "%d", i);
        sample.person.address = text_of(address);
        put_at(world, 0, &sample.person);
        assert_as_of(world, 0, &sample.person);
    }
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person_history"), 4);
}

static void a_coverage_that_is_not_put_stays(void **state)
{
    struct world *world = *state;
    struct sample sample;
    struct sample part;

    sample_make(&sample, 7);
    sample_make(&part, 7);
    put_at(world, 0, &sample.person);
    part.person.coverage_count = 1;
    part.coverages[0].share = 20;
    part.person.elderly_count = part.person.limit_count = part.person.disease_count = 0;
    put_at(world, 10, &part.person);
    sample.coverages[0].share = 20;
    assert_as_of(world, 10, &sample.person);
}

static size_t count_matches(struct world *world, const struct sample *sample, int coverage)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insured_key key = sample_key(sample, coverage);
    struct insured_match *matches = NULL;
    size_t count = 0;

    assert_ok(&scope, store_list_matches(&scope, world->store, &key, &matches, &count));
    return count;
}

static void e5_a_changed_birth_date_moves_all_ways_in(void **state)
{
    struct world *world = *state;
    struct sample before, after;

    sample_make(&before, 7);
    sample_make(&after, 7);
    put_at(world, 0, &before.person);
    after.person.birth = DATE(19540204);
    after.person.coverage_count = 1;
    put_at(world, 10, &after.person);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(count_matches(world, &before, i), 0);
        assert_int_equal(count_matches(world, &after, i), 1);
    }
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage_key"), 2);
}

static void e5_a_changed_number_moves_its_way_in(void **state)
{
    struct world *world = *state;
    struct sample before, after;

    sample_make(&before, 7);
    sample_make(&after, 7);
    put_at(world, 0, &before.person);
    after.coverages[0].number = TEXT("４２");
    after.coverages[1].branch[0] = '0';
    after.coverages[1].branch[1] = '3';
    put_at(world, 10, &after.person);
    assert_int_equal(count_matches(world, &before, 0), 0);
    assert_int_equal(count_matches(world, &after, 0), 1);
    assert_int_equal(count_matches(world, &after, 1), 1);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage_key"), 2);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage_key WHERE branch = '03'"),
                     1);
}

static void k3_a_certificate_keeps_its_former_states(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(5, 7);
    struct card_holder holder = {0};
    struct sample sample;

    sample_make(&sample, 7);
    put_at(world, 0, &sample.person);
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    certificate.state = CERTIFICATE_SUPERSEDED;
    certificate.successor = 6;
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, store_find_card_holder(&scope, world->store, 1, 5, &holder));
    assert_int_equal(holder.certificate.state, CERTIFICATE_SUPERSEDED);
    assert_int_equal(holder.certificate.successor, 6);
    assert_int_equal(world_number(world, "SELECT state FROM authentication_certificate_history"),
                     CERTIFICATE_CURRENT);
}

static void names_of_insurers_and_institutions_keep_their_past(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct insurer insurer = {{"139998"}, TEXT("一")};
    struct institution institution = {{"1319912349"}, TEXT("一"), FACILITY_PHARMACY, 0, DATE_NONE};

    for (int i = 0; i < 3; i++) {
        assert_ok(&scope, store_put_insurer(&scope, world->store, &insurer));
        assert_ok(&scope, store_put_institution(&scope, world->store, &institution));
        insurer.name = institution.name = TEXT("二");
    }
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM insurer_history"), 1);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM institution_history"), 1);
}

static void a_transaction_is_whole_or_not_at_all(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct person found = {0};
    struct sample sample;

    sample_make(&sample, 7);
    assert_ok(&scope, store_begin(&scope, world->store));
    put_at(world, 0, &sample.person);
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
    if (world->engine != ENGINE_SQLITE_MEMORY)
        assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 0);
    store_rollback(world->store);
    assert_int_equal(store_find_person(&scope, world->store, 7, &found), STATUS_NOT_FOUND);
    assert_ok(&scope, store_begin(&scope, world->store));
    put_at(world, 0, &sample.person);
    assert_ok(&scope, store_commit(&scope, world->store));
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 1);
    store_rollback(world->store); /* nothing is open: nothing happens */
    assert_ok(&scope, store_find_person(&scope, world->store, 7, &found));
}

static void a_refused_row_does_not_spoil_a_batch(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample good, bad;

    sample_make(&good, 7);
    sample_make(&bad, 8);
    bad.coverages[1].from = DATE(20230229);
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_fails(&scope, store_put_person(&scope, world->store, &bad.person), CAUSE_DATE_WRONG);
    assert_ok(&scope, store_put_person(&scope, world->store, &good.person));
    assert_ok(&scope, store_commit(&scope, world->store));
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 1);
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM coverage"), 2);
}

static void a_failed_transaction_cannot_be_committed(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct sample sample;

    sample_make(&sample, 7);
    world_tamper(world, "ALTER TABLE coverage_key RENAME TO gone");
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_fails(&scope, store_put_person(&scope, world->store, &sample.person),
                 CAUSE_STORE_CORRUPT);
    assert_fails(&scope, store_put_person(&scope, world->store, &sample.person),
                 CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_commit(&scope, world->store), CAUSE_STORE_UNAVAILABLE);
    world_tamper(world, "ALTER TABLE gone RENAME TO coverage_key");
    assert_int_equal(world_number(world, "SELECT COUNT(*) FROM person"), 0);
    put_at(world, 0, &sample.person);
}

static void a_store_opened_to_read_changes_nothing(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *reader = NULL;
    struct person found = {0};
    struct sample sample;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return; /* one handle is all there is */
    sample_make(&sample, 7);
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    assert_fails(&scope, store_put_person(&scope, reader, &sample.person), CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_begin(&scope, reader), CAUSE_STORE_UNAVAILABLE);
    assert_fails(&scope, store_load_begin(&scope, reader), CAUSE_STORE_UNAVAILABLE);
    assert_int_not_equal(store_script(&scope, reader, "DELETE FROM store_state"), STATUS_OK);
    scope_forgive(&scope);
    put_at(world, 0, &sample.person);
    assert_ok(&scope, store_find_person(&scope, reader, 7, &found));
    assert_person(&found, &sample.person);
    store_close(reader);
}

static void transactions_do_not_nest(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);

    assert_fails(&scope, store_commit(&scope, world->store), CAUSE_INTERNAL);
    assert_ok(&scope, store_begin(&scope, world->store));
    assert_fails(&scope, store_begin(&scope, world->store), CAUSE_INTERNAL);
    assert_fails(&scope, store_load_begin(&scope, world->store), CAUSE_INTERNAL);
    assert_ok(&scope, store_commit(&scope, world->store));
}

/* --- a reader beside the writer -----------------------------------------------------------------
 */

#define ROUNDS 100 /* shares are percent */

static void put_share(const struct scope *scope, struct store *store, int share)
{
    struct sample sample;
    struct scope own = scope_begin_at(scope->limit, at(share));

    sample_make(&sample, 7);
    sample.coverages[0].share = sample.elderly[0].share = share;
    sample.diseases[0].monthly_limit = share;
    assert_ok(&own, store_put_person(&own, store, &sample.person));
    scope_end(&own);
}

static void *write_shares(void *context)
{
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct store *store = NULL;

    assert_ok(&scope, world_open(&scope, context, STORE_WRITE, &store));
    for (int i = 1; i <= ROUNDS; i++)
        put_share(&scope, store, i);
    store_close(store);
    return NULL;
}

static void e1_a_reader_never_sees_half_of_a_change(void **state)
{
    struct world *world = *state;
    CLEANUP(scope_end) struct scope scope = scope_at(0);
    struct authentication_certificate certificate = sample_certificate(5, 7);
    struct store *reader = NULL;
    pthread_t writer;
    int seen = 0;

    if (world->engine == ENGINE_SQLITE_MEMORY)
        return; /* one handle is all there is */
    put_share(&scope, world->store, 0);
    assert_ok(&scope, store_put_certificate(&scope, world->store, &certificate));
    assert_ok(&scope, world_open(&scope, world, STORE_READ, &reader));
    assert_int_equal(pthread_create(&writer, NULL, write_shares, world), 0);
    while (seen != ROUNDS) {
        struct card_holder holder = {0};
        assert_ok(&scope, store_find_card_holder(&scope, reader, 1, 5, &holder));
        seen = holder.person.coverages[0].share;
        assert_int_equal(holder.person.elderly[0].share, seen);
        assert_int_equal(holder.person.diseases[0].monthly_limit, seen);
        scope_reset(&scope);
    }
    pthread_join(writer, NULL);
    store_close(reader);
}

struct conformance_list conformance_changes(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_believed_can_be_asked_later),
        cmocka_unit_test(what_is_said_twice_makes_no_history),
        cmocka_unit_test(a_clock_set_back_loses_nothing),
        cmocka_unit_test(what_is_put_at_one_instant_ends_with_the_last),
        cmocka_unit_test(a_coverage_that_is_not_put_stays),
        cmocka_unit_test(e5_a_changed_birth_date_moves_all_ways_in),
        cmocka_unit_test(e5_a_changed_number_moves_its_way_in),
        cmocka_unit_test(k3_a_certificate_keeps_its_former_states),
        cmocka_unit_test(names_of_insurers_and_institutions_keep_their_past),
        cmocka_unit_test(a_transaction_is_whole_or_not_at_all),
        cmocka_unit_test(a_refused_row_does_not_spoil_a_batch),
        cmocka_unit_test(a_failed_transaction_cannot_be_committed),
        cmocka_unit_test(a_store_opened_to_read_changes_nothing),
        cmocka_unit_test(transactions_do_not_nest),
        cmocka_unit_test(e1_a_reader_never_sees_half_of_a_change),
    };
    return (struct conformance_list){tests, sizeof tests / sizeof tests[0]};
}
