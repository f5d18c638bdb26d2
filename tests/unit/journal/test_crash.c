/* SPDX-License-Identifier: Apache-2.0
 *
 * test_crash.c - what was acknowledged is still there: after a write that only half reached the
 * disk, after kill -9 under load, and when the disk refuses to write.
 *
 * SHIKAKU_KILL_ROUNDS: how often the writer is killed; 20 where it is not set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "journal/journal.h"
#include "journal/writer.h"
#include "journal_files.h"

#define SEGMENT 8192
#define BEFORE 10 /* acknowledged, a group each, none in the checkpoint */
#define LAST 8    /* records of the last group */

/* --- a disk that fails: fdatasync() of the program is this one --- */

static _Atomic int syncs_until_failure = -1;

int fdatasync(int fd)
{
    if (atomic_load(&syncs_until_failure) >= 0 && atomic_fetch_sub(&syncs_until_failure, 1) <= 0) {
        atomic_store(&syncs_until_failure, 0);
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

/* --- (a) a group that did not reach the disk --- */

static void ignore(void *context, bool ok)
{
    (void)context;
    (void)ok;
}

static void put_group(struct writer *writer, uint64_t first, uint64_t count)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct batch batch = {0};
    struct writer_part part = {0};

    for (uint64_t i = first; i < first + count; i++) {
        unsigned char record[RECORD_SIZE_MAX];
        char holder[32];
        struct journal_entry entry = entry_of(i, holder);
        struct waiter waiter = {ignore, NULL, record_write(&entry, record)};
        assert_true(batch_add(&batch, record, &waiter));
    }
    assert_int_equal(writer_put(&scope, writer, &batch, &part), STATUS_OK);
    assert_int_equal(part.count, count);
    batch_drop(&batch);
}

/* The files as a killed process leaves them: no checkpoint at the end. */
struct remains {
    struct place place;
    struct image segment, head;
    size_t group; /* where the last group begins */
    size_t end;
};

static struct remains remains_make(void)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct remains remains = {.place = place_make()};
    struct writer writer = WRITER_NONE;

    assert_int_equal(writer_open(&scope, remains.place.path, SEGMENT, &writer), STATUS_OK);
    for (uint64_t i = 1; i <= BEFORE; i++)
        put_group(&writer, i, 1);
    remains.group = writer.offset;
    put_group(&writer, BEFORE + 1, LAST);
    remains.end = writer.offset;
    writer_close(&writer);
    remains.segment = image_read(&remains.place, "journal-00000001.log");
    remains.head = image_read(&remains.place, "HEAD");
    return remains;
}

static void remains_drop(struct remains *remains)
{
    image_drop(&remains->segment);
    image_drop(&remains->head);
    place_drop(&remains->place);
}

static void put_back(const struct remains *remains, const struct image *segment)
{
    image_write(&remains->place, "journal-00000001.log", segment);
    image_write(&remains->place, "HEAD", &remains->head);
}

/* Opens, goes on writing, closes: all that was acknowledged is there and the journal is whole. */
static void expect_recovery(const struct remains *remains, const struct image *segment)
{
    struct journal *journal = NULL;
    struct journal_report report = {0};
    uint64_t kept = 0;

    put_back(remains, segment);
    report = verify(&remains->place);
    assert_true(report.fault == JOURNAL_UNFINISHED || report.fault == JOURNAL_WHOLE);
    kept = report.records;
    assert_true(kept >= BEFORE);
    journal = journal_begin(&remains->place, SEGMENT);
    append_all(journal, 100, 101);
    journal_close(journal);
    report = verify(&remains->place);
    assert_int_equal(report.fault, JOURNAL_WHOLE);
    assert_int_equal(report.records, kept + 2);
}

static void a_group_cut_at_any_byte_is_removed(void **state)
{
    CLEANUP(remains_drop) struct remains remains = remains_make();

    (void)state;
    for (size_t at = remains.group; at <= remains.end; at++) {
        struct image image = {malloc(SEGMENT), SEGMENT};
        assert_non_null(image.bytes);
        memcpy(image.bytes, remains.segment.bytes, SEGMENT);
        memset(image.bytes + at, 0, SEGMENT - at);
        expect_recovery(&remains, &image);
        image_drop(&image);
    }
}

/* A disk writes the sectors of a group in any order: any of them may be missing, or be rubbish. */
static void a_group_of_which_any_sectors_are_missing_is_removed(void **state)
{
    CLEANUP(remains_drop) struct remains remains = remains_make();

    (void)state;
    for (unsigned subset = 0; subset < 64; subset++) {
        struct image image = {malloc(SEGMENT), SEGMENT};
        assert_non_null(image.bytes);
        memcpy(image.bytes, remains.segment.bytes, SEGMENT);
        for (size_t at = remains.group; at < remains.end; at++)
            if (subset >> (at / 512 % 6) & 1)
                image.bytes[at] = subset % 2 ? 0 : 0xA5;
        expect_recovery(&remains, &image);
        image_drop(&image);
    }
}

static void what_was_acknowledged_is_never_taken_for_remains(void **state)
{
    CLEANUP(remains_drop) struct remains remains = remains_make();

    (void)state;
    for (size_t at = SEGMENT_HEADER_SIZE; at < remains.group; at += 7) {
        CLEANUP(scope_end) struct scope scope = scope_begin(0);
        struct journal *journal = NULL;
        remains.segment.bytes[at] ^= 1;
        put_back(&remains, &remains.segment);
        assert_int_equal(verify(&remains.place).fault, JOURNAL_CHANGED);
        assert_int_equal(journal_open(&scope, remains.place.path, NULL, &journal), STATUS_CORRUPT);
        remains.segment.bytes[at] ^= 1;
    }
}

static void a_crash_while_the_journal_is_made_does_no_harm(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    struct image rubbish = {(unsigned char[]){1, 2, 3}, 3};
    struct journal *journal = NULL;

    (void)state;
    image_write(&place, "HEAD.new", &rubbish);
    image_write(&place, "journal.new", &rubbish);
    journal = journal_begin(&place, SEGMENT);
    append_all(journal, 1, 100);
    journal_close(journal);
    image_write(&place, "HEAD.new", &rubbish);
    image_write(&place, "journal.new", &rubbish);
    journal_close(journal_begin(&place, SEGMENT));
    assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
    assert_int_equal(verify(&place).records, 100);
}

/* --- (b) kill -9 under load --- */

#define UNDER_WAY 64

struct load {
    int pipe;
    _Atomic int under_way;
};

struct ticket {
    struct load *load;
    uint64_t number;
};

/* Reports an acknowledged record; a pipe keeps what was written to it when its writer dies. */
static void report_number(void *context, bool ok)
{
    struct ticket *ticket = context;

    if (!ok || write(ticket->load->pipe, &ticket->number, sizeof ticket->number) !=
                   (ssize_t)sizeof ticket->number)
        abort();
    atomic_fetch_sub(&ticket->load->under_way, 1);
    free(ticket);
}

_Noreturn static void write_until_killed(const struct place *place, int pipe, uint64_t first)
{
    struct load load = {.pipe = pipe};
    struct journal *journal = journal_begin(place, (size_t)1 << 16);

    for (uint64_t number = first;; number++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(0);
        struct ticket *ticket = malloc(sizeof *ticket);
        char holder[32];
        struct journal_entry entry = entry_of(number, holder);
        if (!ticket)
            abort();
        *ticket = (struct ticket){&load, number};
        while (atomic_load(&load.under_way) >= UNDER_WAY)
            usleep(20);
        atomic_fetch_add(&load.under_way, 1);
        if (journal_append(&scope, journal, &entry, report_number, ticket) != STATUS_OK)
            abort();
    }
}

/* Numbers that were found in the journal, a bit each. */
#define NUMBERS_MAX (1U << 22)
static unsigned char seen[NUMBERS_MAX / 8];

static int note_number(void *context, uint64_t sequence, const struct journal_entry *entry)
{
    uint64_t number = (uint64_t)entry->person_id / 7;

    (void)context;
    (void)sequence;
    assert_true(number < NUMBERS_MAX);
    seen[number / 8] |= (unsigned char)(1U << (number % 8));
    return 0;
}

/* One round: returns the highest number the writer may have used. */
static uint64_t kill_once(const struct place *place, uint64_t first, unsigned char *acknowledged)
{
    int ends[2];
    uint16_t moment = 0;
    pid_t child = 0;
    uint64_t number = 0, highest = first;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(place, ends[1], first);
    }
    close(ends[1]);
    assert_int_equal(getrandom(&moment, sizeof moment, 0), sizeof moment);
    /* the first acknowledged record, then up to 65 ms more of load */
    assert_int_equal(read(ends[0], &number, sizeof number), sizeof number);
    acknowledged[number / 8] |= (unsigned char)(1U << (number % 8));
    usleep(moment);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number) {
        assert_true(number < NUMBERS_MAX);
        acknowledged[number / 8] |= (unsigned char)(1U << (number % 8));
        if (number > highest)
            highest = number;
    }
    close(ends[0]);
    return highest + UNDER_WAY + 1;
}

static int rounds_wanted(void)
{
    const char *wanted = getenv("SHIKAKU_KILL_ROUNDS");

    return wanted ? (int)strtol(wanted, NULL, 10) : 20;
}

static void nothing_acknowledged_is_missing_after_kill_9(void **state)
{
    static unsigned char acknowledged[NUMBERS_MAX / 8];
    CLEANUP(place_drop) struct place place = place_make();
    uint64_t first = 1, missing = 0, count = 0;
    int rounds = rounds_wanted();

    (void)state;
    for (int i = 0; i < rounds && first < NUMBERS_MAX / 2; i++) {
        struct journal_report report = {0};
        CLEANUP(scope_end) struct scope scope = scope_begin(0);
        first = kill_once(&place, first, acknowledged);
        memset(seen, 0, sizeof seen);
        assert_int_equal(journal_read(&scope, place.path, note_number, NULL, &report), STATUS_OK);
        assert_true(report.fault == JOURNAL_WHOLE || report.fault == JOURNAL_UNFINISHED);
    }
    for (uint64_t number = 0; number < NUMBERS_MAX; number++) {
        bool told = acknowledged[number / 8] >> (number % 8) & 1;
        count += told;
        missing += told && !(seen[number / 8] >> (number % 8) & 1);
    }
    print_message("# killed %d times, %llu acknowledged, %llu missing\n", rounds,
                  (unsigned long long)count, (unsigned long long)missing);
    assert_true(count >= (uint64_t)rounds);
    assert_int_equal(missing, 0);
    journal_close(journal_begin(&place, 0));
    assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
}

/* --- (c) a disk that refuses --- */

struct answers {
    _Atomic int good, bad;
};

static void count_answer(void *context, bool ok)
{
    struct answers *answers = context;

    atomic_fetch_add(ok ? &answers->good : &answers->bad, 1);
}

static void a_failed_sync_acknowledges_nothing_and_ends_the_journal(void **state)
{
    CLEANUP(place_drop) struct place place = place_make();
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal *journal = journal_begin(&place, 0);
    char holder[32];
    struct journal_entry entry = entry_of(1, holder);
    struct answers answers = {0};

    (void)state;
    append_all(journal, 1, 5);
    atomic_store(&syncs_until_failure, 0);
    for (int i = 0; i < 100; i++) {
        CLEANUP(scope_end) struct scope one = scope_begin(0);
        if (journal_append(&one, journal, &entry, count_answer, &answers) != STATUS_OK)
            break;
    }
    assert_int_equal(journal_append_wait(&scope, journal, &entry), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_JOURNAL_UNAVAILABLE);
    atomic_store(&syncs_until_failure, -1); /* the disk is well again: still no */
    scope_forgive(&scope);
    assert_int_equal(journal_append_wait(&scope, journal, &entry), STATUS_UNAVAILABLE);
    assert_true(journal_figures(journal).failed);
    assert_int_equal(journal_figures(journal).records, 5);
    journal_close(journal);
    assert_int_equal(answers.good, 0);
    assert_true(verify(&place).records >= 5);
    journal = journal_begin(&place, 0); /* a new start goes on */
    append_all(journal, 6, 7);
    journal_close(journal);
    assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
}

/* In a child: files may not grow past a limit, as on a full disk. Exit code 0 = as it must be. */
static int write_to_a_full_disk(const struct place *place, rlim_t limit)
{
    struct rlimit small = {limit, limit};
    struct scope scope = scope_begin(0);
    struct journal *journal = journal_begin(place, SEGMENT);
    enum status status = STATUS_OK;
    uint64_t good = 0;

    signal(SIGXFSZ, SIG_IGN);
    append_all(journal, 1, 3);
    good = 3;
    if (setrlimit(RLIMIT_FSIZE, &small) != 0)
        return 2;
    for (uint64_t i = 4; i < 200 && status == STATUS_OK; i++) {
        char holder[32];
        struct journal_entry entry = entry_of(i, holder);
        status = journal_append_wait(&scope, journal, &entry);
        good += status == STATUS_OK;
    }
    if (status != STATUS_UNAVAILABLE || !journal_figures(journal).failed ||
        journal_figures(journal).records != good)
        return 3;
    journal_close(journal);
    return good < 100 ? (int)good + 10 : 4;
}

static void a_full_disk_acknowledges_nothing_that_is_not_there(void **state)
{
    static const rlim_t limits[] = {500, 1000, 3001, SEGMENT - 1};

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        CLEANUP(place_drop) struct place place = place_make();
        int status = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(write_to_a_full_disk(&place, limits[i]));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) >= 13);
        assert_true(verify(&place).records >= (uint64_t)WEXITSTATUS(status) - 10);
        journal_close(journal_begin(&place, SEGMENT)); /* with room again it opens */
        assert_int_equal(verify(&place).fault, JOURNAL_WHOLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_cut_at_any_byte_is_removed),
        cmocka_unit_test(a_group_of_which_any_sectors_are_missing_is_removed),
        cmocka_unit_test(what_was_acknowledged_is_never_taken_for_remains),
        cmocka_unit_test(a_crash_while_the_journal_is_made_does_no_harm),
        cmocka_unit_test(nothing_acknowledged_is_missing_after_kill_9),
        cmocka_unit_test(a_failed_sync_acknowledges_nothing_and_ends_the_journal),
        cmocka_unit_test(a_full_disk_acknowledges_nothing_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
