/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "journal/journal.h"
#include "journal_files.h"

#define SEGMENT 4096

static int count_entry(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    uint64_t *next = context;
    char holder[32];
    struct journal_entry expected = entry_of(*next, holder);

    assert_int_equal(sequence, *next);
    assert_string_equal(entry->request_id, expected.request_id);
    assert_int_equal(entry->person_id, expected.person_id);
    (*next)++;
    return 0;
}

static void keeps_records_over_segments_and_restarts(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal_report report = {0};
    uint64_t next = 1;

    (void)state;
    for (uint64_t round = 0; round < 5; round++) {
        struct journal *journal = journal_begin(&place, SEGMENT);
        append_all(journal, round * 13 + 1, round * 13 + 13);
        assert_int_equal(journal_figures(journal).records, 13);
        assert_false(journal_figures(journal).failed);
        journal_close(journal);
    }
    assert_int_equal(journal_read(&scope, place.path, count_entry, &next, &report), STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_WHOLE);
    assert_int_equal(report.records, 65);
    assert_int_equal(next, 66);
}

static void an_empty_journal_is_whole(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();

    (void)state;
    for (int round = 0; round < 3; round++) {
        journal_close(journal_begin(&place, 0));
        assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
        assert_int_equal(verify(&place).records, 0);
    }
}

static int stop_at_three(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    (void)context;
    (void)entry;
    return sequence == 3;
}

static void a_visitor_can_stop(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal *journal = journal_begin(&place, SEGMENT);
    struct journal_report report = {0};

    (void)state;
    append_all(journal, 1, 40);
    journal_close(journal);
    assert_int_equal(journal_read(&scope, place.path, stop_at_three, NULL, &report), STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_WHOLE);
    assert_int_equal(report.records, 3);
}

/* Over several files, three records at a time: each is visited once. */
static int three_more(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    uint64_t *next = context;

    (void)entry;
    assert_int_equal(sequence, *next);
    ++*next;
    return *next % 3 == 0;
}

static void d1_a_reader_goes_on_where_it_stopped(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal *journal = journal_begin(&place, SEGMENT);
    struct journal_position position = {0};
    struct journal_report report = {0};
    uint64_t next = 1;

    (void)state;
    append_all(journal, 1, 40);
    for (int round = 0; round < 30; round++)
        assert_int_equal(journal_read_on(&scope, place.path, &position, three_more, &next, &report),
                         STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_WHOLE);
    assert_int_equal(next, 41);
    assert_int_equal(position.anchor.records, 40);
    assert_true(position.segment > 1);
    position.anchor.hash[5] = position.anchor.hash[5] == 'a' ? 'b' : 'a';
    assert_int_equal(journal_read_on(&scope, place.path, &position, three_more, &next, &report),
                     STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_CHANGED);
    assert_int_equal(next, 41);
    journal_close(journal);
}

static void a_second_writer_is_refused(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal *journal = journal_begin(&place, SEGMENT);
    struct journal *second = NULL;

    (void)state;
    assert_int_equal(journal_open(&scope, place.path, NULL, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_JOURNAL_UNAVAILABLE);
    append_all(journal, 1, 2);
    journal_close(journal);
    assert_int_equal(verify(&place).records, 2);
}

static void a_journal_can_be_verified_while_it_is_written(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    struct journal *journal = journal_begin(&place, SEGMENT);

    (void)state;
    for (uint64_t i = 1; i <= 60; i++) {
        append_all(journal, i, i);
        assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
        assert_int_equal(verify(&place).records, i);
    }
    journal_close(journal);
}

static void wrong_options_and_places_are_refused(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    struct journal_options options = {.segment_bytes = 100};
    struct journal_report report = {0};
    struct journal *journal = NULL;
    struct scope scope = scope_begin(0);

    (void)state;
    assert_int_equal(journal_open(&scope, place.path, &options, &journal), STATUS_INVALID);
    scope_forgive(&scope);
    assert_int_equal(journal_open(&scope, "/dev/null/none", NULL, &journal), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(journal_verify(&scope, "/dev/null/none", NULL, &report), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    rmdir(place.path); /* a directory that is not there, then one that holds no journal */
    assert_int_equal(journal_verify(&scope, place.path, NULL, &report), STATUS_UNAVAILABLE);
    assert_int_equal(mkdir(place.path, 0700), 0);
    scope_forgive(&scope);
    assert_int_equal(journal_verify(&scope, place.path, NULL, &report), STATUS_UNAVAILABLE);
    journal_close(NULL);
}

static void files_are_for_the_owner_only(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    struct place inner = {{0}};
    struct stat stat_of = {0};
    char path[PATH_SIZE];

    (void)state;
    snprintf(inner.path, sizeof inner.path, "%.100s/inner", place.path);
    journal_close(journal_begin(&inner, SEGMENT));
    assert_int_equal(stat(inner.path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0700);
    place_file(&inner, "HEAD", path);
    assert_int_equal(stat(path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0600);
    place_drop(&inner);
}

/* --- many producers --- */

#define PRODUCERS 4
#define EACH 500

struct producer {
    struct journal *journal;
    uint64_t number;
    _Atomic uint64_t good, bad, refused;
};

static void count_done(void *context, bool ok)
{
    struct producer *producer = context;

    atomic_fetch_add(ok ? &producer->good : &producer->bad, 1);
}

static void *produce(void *argument)
{
    struct producer *producer = argument;

    for (uint64_t i = 0; i < EACH; i++) {
        struct scope scope = scope_begin(0);
        char holder[32];
        struct journal_entry entry = entry_of(producer->number * EACH + i, holder);
        if (journal_append(&scope, producer->journal, &entry, count_done, producer) != STATUS_OK)
            atomic_fetch_add(&producer->refused, 1);
        scope_end(&scope);
    }
    return NULL;
}

static void many_threads_append_and_each_record_is_there_once(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    struct journal *journal = journal_begin(&place, (size_t)1 << 16);
    struct producer producers[PRODUCERS] = {0};
    pthread_t threads[PRODUCERS];
    uint64_t good = 0;

    (void)state;
    for (uint64_t i = 0; i < PRODUCERS; i++) {
        producers[i].journal = journal;
        producers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
    for (int i = 0; i < PRODUCERS; i++)
        pthread_join(threads[i], NULL);
    journal_close(journal);
    for (int i = 0; i < PRODUCERS; i++) {
        good += producers[i].good;
        assert_int_equal(producers[i].bad + producers[i].refused, 0);
    }
    assert_int_equal(good, PRODUCERS * EACH);
    assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
    assert_int_equal(verify(&place).records, PRODUCERS * EACH);
}

static void a_full_queue_refuses_and_loses_nothing(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal_options options = {.segment_bytes = 1 << 20, .queue_records = 3};
    struct producer producer = {.number = 1};

    (void)state;
    assert_int_equal(journal_open(&scope, place.path, &options, &producer.journal), STATUS_OK);
    produce(&producer);
    journal_close(producer.journal);
    assert_true(producer.refused > 0);
    assert_int_equal(producer.bad, 0);
    assert_int_equal(producer.good + producer.refused, EACH);
    assert_int_equal(verify(&place).records, producer.good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_records_over_segments_and_restarts),
        cmocka_unit_test(an_empty_journal_is_whole),
        cmocka_unit_test(a_visitor_can_stop),
        cmocka_unit_test(d1_a_reader_goes_on_where_it_stopped),
        cmocka_unit_test(a_second_writer_is_refused),
        cmocka_unit_test(a_journal_can_be_verified_while_it_is_written),
        cmocka_unit_test(wrong_options_and_places_are_refused),
        cmocka_unit_test(files_are_for_the_owner_only),
        cmocka_unit_test(many_threads_append_and_each_record_is_there_once),
        cmocka_unit_test(a_full_queue_refuses_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
