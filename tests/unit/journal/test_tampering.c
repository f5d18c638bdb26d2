/* SPDX-License-Identifier: Apache-2.0
 *
 * test_tampering.c - everything that can be done to a journal at rest is found, and called by its
 * name: changed, missing, out of order, cut; with file, offset and record number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/bytes.h"
#include "journal/journal.h"
#include "journal_files.h"

#define SEGMENT 4096
#define RECORDS 50
#define SEGMENTS 3

/* A journal of three segments, and what its files hold. */
struct sample {
    struct place place;
    struct image files[SEGMENTS];
    struct image head;
    uint64_t first[SEGMENTS + 1]; /* sequence of a segment's first record */
    size_t offset[RECORDS + 2];   /* of each record in its file */
    size_t end[SEGMENTS];         /* of the records of a segment */
};

static const char *const names[SEGMENTS + 1] = {"journal-00000001.log", "journal-00000002.log",
                                                "journal-00000003.log", "journal-00000004.log"};

static int segment_of(const struct sample *sample, uint64_t sequence)
{
    int segment = 0;

    while (segment < SEGMENTS - 1 && sequence >= sample->first[segment + 1])
        segment++;
    return segment;
}

static size_t size_at(const struct image *file, size_t at)
{
    return bytes_get(file->bytes + at, 4);
}

static struct sample sample_make(uint64_t records)
{
    struct sample sample = {.place = place_make()};
    struct journal *journal = journal_begin(&sample.place, SEGMENT);
    uint64_t sequence = 1;

    append_all(journal, 1, records);
    journal_close(journal);
    for (int i = 0; i < SEGMENTS; i++) {
        size_t at = SEGMENT_HEADER_SIZE;
        sample.files[i] = image_read(&sample.place, names[i]);
        sample.first[i] = sequence;
        for (; at + 4 <= SEGMENT && size_at(&sample.files[i], at) > 0; sequence++) {
            sample.offset[sequence] = at;
            at += size_at(&sample.files[i], at);
        }
        sample.end[i] = at;
    }
    sample.head = image_read(&sample.place, "HEAD");
    sample.first[SEGMENTS] = sequence;
    assert_int_equal(sequence, records + 1);
    return sample;
}

static void sample_drop(struct sample *sample)
{
    for (int i = 0; i < SEGMENTS; i++)
        image_drop(&sample->files[i]);
    image_drop(&sample->head);
    place_drop(&sample->place);
}

/* Puts a file back as it was. */
static void restore(const struct sample *sample, int segment)
{
    image_write(&sample->place, names[segment], &sample->files[segment]);
}

static struct image copy_of(const struct image *image)
{
    struct image copy = {malloc(image->size + 1), image->size};

    assert_non_null(copy.bytes);
    memcpy(copy.bytes, image->bytes, image->size);
    return copy;
}

static void expect(const struct sample *sample, enum journal_fault fault, uint64_t sequence,
                   const char *file, uint64_t offset)
{
    struct journal_report report = verify(&sample->place);

    if (report.fault != fault || report.sequence != sequence || report.offset != offset ||
        strcmp(report.file, file) != 0)
        print_error("fault %d record %llu file %s offset %llu\n", (int)report.fault,
                    (unsigned long long)report.sequence, report.file,
                    (unsigned long long)report.offset);
    assert_int_equal(report.fault, fault);
    assert_int_equal(report.sequence, sequence);
    assert_string_equal(report.file, file);
    assert_int_equal(report.offset, offset);
}

/* Opening for writing must refuse a fault of the tail and leave every byte as it is. */
static void expect_refused(const struct sample *sample, int segment, const struct image *bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    CLEANUP(image_drop) struct image after = {0};
    struct journal *journal = NULL;

    assert_int_equal(journal_open(&scope, sample->place.path, NULL, &journal), STATUS_CORRUPT);
    assert_int_equal(scope.cause, CAUSE_JOURNAL_CORRUPT);
    after = image_read(&sample->place, names[segment]);
    assert_int_equal(after.size, bytes->size);
    assert_memory_equal(after.bytes, bytes->bytes, bytes->size);
}

static void append_all_and_close(const struct sample *sample, uint64_t first, uint64_t last)
{
    struct journal *journal = journal_begin(&sample->place, SEGMENT);

    append_all(journal, first, last);
    journal_close(journal);
}

static void each_changed_byte_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (int i = 0; i < SEGMENTS; i++) {
        uint64_t sequence = sample.first[i];
        CLEANUP(image_drop) struct image copy = copy_of(&sample.files[i]);
        for (size_t at = 0; at < sample.end[i]; at++) {
            size_t offset = at < SEGMENT_HEADER_SIZE ? 0 : sample.offset[sequence];
            if (at >= SEGMENT_HEADER_SIZE && sequence + 1 < sample.first[i + 1] &&
                at == sample.offset[sequence + 1])
                offset = sample.offset[++sequence];
            copy.bytes[at] ^= (unsigned char)(1U << (at % 8));
            image_write(&sample.place, names[i], &copy);
            expect(&sample, JOURNAL_CHANGED, sequence, names[i], offset);
            if (i == SEGMENTS - 1 && at % 16 == 0)
                expect_refused(&sample, i, &copy);
            copy.bytes[at] ^= (unsigned char)(1U << (at % 8));
        }
        restore(&sample, i);
    }
}

static void bytes_in_the_empty_rest_are_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (int i = 0; i < SEGMENTS; i++) {
        /* behind the checkpoint it is what a crash may leave; anywhere else it is a change */
        enum journal_fault fault = i == SEGMENTS - 1 ? JOURNAL_UNFINISHED : JOURNAL_CHANGED;
        CLEANUP(image_drop) struct image copy = copy_of(&sample.files[i]);
        for (size_t at = sample.end[i]; at < SEGMENT; at += 5) {
            copy.bytes[at] = 1;
            image_write(&sample.place, names[i], &copy);
            expect(&sample, fault, sample.first[i + 1], names[i], sample.end[i]);
            copy.bytes[at] = 0;
        }
        restore(&sample, i);
    }
}

/* Takes a record out and moves the rest of its segment up. */
static struct image without(const struct sample *sample, int segment, uint64_t sequence)
{
    struct image copy = copy_of(&sample->files[segment]);
    size_t at = sample->offset[sequence];
    size_t size = size_at(&copy, at);

    memmove(copy.bytes + at, copy.bytes + at + size, SEGMENT - at - size);
    memset(copy.bytes + SEGMENT - size, 0, size);
    return copy;
}

static void each_removed_record_is_missed(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (uint64_t sequence = 1; sequence < RECORDS; sequence++) {
        int segment = segment_of(&sample, sequence);
        CLEANUP(image_drop) struct image copy = without(&sample, segment, sequence);
        image_write(&sample.place, names[segment], &copy);
        expect(&sample, JOURNAL_MISSING, sequence, names[segment], sample.offset[sequence]);
        if (segment == SEGMENTS - 1)
            expect_refused(&sample, segment, &copy);
        restore(&sample, segment);
    }
}

static void each_wiped_record_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (uint64_t sequence = 1; sequence < RECORDS; sequence++) {
        int segment = segment_of(&sample, sequence);
        size_t at = sample.offset[sequence];
        bool at_end = sequence + 1 == sample.first[segment + 1];
        CLEANUP(image_drop) struct image copy = copy_of(&sample.files[segment]);
        memset(copy.bytes + at, 0, size_at(&copy, at));
        image_write(&sample.place, names[segment], &copy);
        expect(&sample, at_end ? JOURNAL_MISSING : JOURNAL_CHANGED, sequence, names[segment], at);
        restore(&sample, segment);
    }
}

static void each_exchanged_pair_is_out_of_order(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (uint64_t sequence = 1; sequence < RECORDS; sequence++) {
        int segment = segment_of(&sample, sequence);
        size_t at = sample.offset[sequence];
        size_t size = size_at(&sample.files[segment], at);
        CLEANUP(image_drop) struct image copy = copy_of(&sample.files[segment]);
        size_t next_size = segment_of(&sample, sequence + 1) == segment
                               ? size_at(&sample.files[segment], at + size)
                               : 0;
        if (next_size == 0)
            continue;
        memcpy(copy.bytes + at, sample.files[segment].bytes + at + size, next_size);
        memcpy(copy.bytes + at + next_size, sample.files[segment].bytes + at, size);
        image_write(&sample.place, names[segment], &copy);
        expect(&sample, JOURNAL_REORDERED, sequence, names[segment], at);
        restore(&sample, segment);
    }
}

static void a_record_moved_to_a_later_segment_is_out_of_order(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(image_drop) struct image first = without(&sample, 0, 2);
    CLEANUP(image_drop) struct image last = copy_of(&sample.files[2]);
    size_t size = size_at(&sample.files[0], sample.offset[2]);

    (void)state;
    memcpy(last.bytes + sample.end[2], sample.files[0].bytes + sample.offset[2], size);
    image_write(&sample.place, names[0], &first);
    image_write(&sample.place, names[2], &last);
    expect(&sample, JOURNAL_REORDERED, 2, names[0], sample.offset[2]);
}

static void a_record_written_twice_is_out_of_order(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(image_drop) struct image copy = copy_of(&sample.files[2]);
    size_t at = sample.offset[RECORDS];

    (void)state;
    memcpy(copy.bytes + sample.end[2], copy.bytes + at, size_at(&copy, at));
    image_write(&sample.place, names[2], &copy);
    expect(&sample, JOURNAL_REORDERED, RECORDS + 1, names[2], sample.end[2]);
    expect_refused(&sample, 2, &copy);
}

/* Whoever changes a record and puts its own hash right still breaks the chain behind it. */
static void a_forged_record_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    CLEANUP(hasher_close) struct hasher hasher = {0};

    (void)state;
    assert_int_equal(hasher_open(&scope, &hasher), STATUS_OK);
    for (uint64_t sequence = 1; sequence <= RECORDS; sequence++) {
        int segment = segment_of(&sample, sequence);
        CLEANUP(image_drop) struct image copy = copy_of(&sample.files[segment]);
        unsigned char *record = copy.bytes + sample.offset[sequence];
        size_t size = size_at(&copy, sample.offset[sequence]);
        struct journal_report report = {0};
        record[RECORD_PAYLOAD_AT + 20] ^= 1; /* another person */
        assert_true(hasher_hash(&hasher, record, size - JOURNAL_HASH_SIZE,
                                record + size - JOURNAL_HASH_SIZE));
        image_write(&sample.place, names[segment], &copy);
        report = verify(&sample.place);
        assert_int_equal(report.fault, JOURNAL_CHANGED);
        assert_int_equal(report.sequence, sequence);
        restore(&sample, segment);
    }
}

static void each_cut_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    uint64_t sequence = sample.first[2];
    CLEANUP(image_drop) struct image copy = copy_of(&sample.files[2]);

    (void)state;
    for (size_t at = sample.offset[sequence]; at + 8 <= sample.end[2]; at += 1) {
        if (sequence < RECORDS && at == sample.offset[sequence + 1])
            sequence++;
        memset(copy.bytes + at, 0, SEGMENT - at); /* wiped from here on */
        image_write(&sample.place, names[2], &copy);
        /* within the last bytes of a hash a wipe looks like a change */
        if (sequence < RECORDS && at + 8 > sample.offset[sequence + 1])
            assert_int_not_equal(verify(&sample.place).fault, JOURNAL_WHOLE);
        else
            expect(&sample, JOURNAL_CUT, sequence, names[2], sample.offset[sequence]);
        memcpy(copy.bytes + at, sample.files[2].bytes + at, SEGMENT - at);
    }
}

static void each_shortened_file_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (int i = 0; i < SEGMENTS; i++) {
        for (size_t size = 0; size < SEGMENT; size += 7) {
            struct image shorter = {sample.files[i].bytes, size};
            enum journal_fault fault = JOURNAL_WHOLE;
            image_write(&sample.place, names[i], &shorter);
            fault = verify(&sample.place).fault;
            if (size < SEGMENT_HEADER_SIZE)
                assert_true(fault == JOURNAL_CHANGED || fault == JOURNAL_CUT);
            else if (i == SEGMENTS - 1)
                assert_int_equal(fault, JOURNAL_CUT);
            else /* without its empty rest it has changed, but lost no record */
                assert_int_equal(fault, size < sample.end[i] ? JOURNAL_MISSING : JOURNAL_CHANGED);
            if (i == SEGMENTS - 1 && size % 5 == 0)
                expect_refused(&sample, i, &shorter);
        }
        restore(&sample, i);
    }
}

static void a_file_that_grew_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    struct image longer = {calloc(1, SEGMENT + 8), SEGMENT + 8};

    (void)state;
    assert_non_null(longer.bytes);
    memcpy(longer.bytes, sample.files[1].bytes, SEGMENT);
    image_write(&sample.place, names[1], &longer);
    expect(&sample, JOURNAL_CHANGED, sample.first[1], names[1], SEGMENT);
    image_drop(&longer);
}

static void unlink_file(const struct sample *sample, const char *name)
{
    char path[PATH_SIZE];

    place_file(&sample->place, name, path);
    assert_int_equal(unlink(path), 0);
}

static void each_missing_file_is_named(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal *journal = NULL;

    (void)state;
    unlink_file(&sample, names[0]);
    expect(&sample, JOURNAL_MISSING, 1, names[0], 0);
    assert_int_equal(journal_open(&scope, sample.place.path, NULL, &journal), STATUS_CORRUPT);
    restore(&sample, 0);
    unlink_file(&sample, names[1]);
    expect(&sample, JOURNAL_MISSING, sample.first[1], names[1], 0);
    restore(&sample, 1);
    unlink_file(&sample, names[2]);
    expect(&sample, JOURNAL_CUT, sample.first[2], names[2], 0);
    scope_forgive(&scope);
    assert_int_equal(journal_open(&scope, sample.place.path, NULL, &journal), STATUS_CORRUPT);
    restore(&sample, 2);
    unlink_file(&sample, "HEAD");
    expect(&sample, JOURNAL_MISSING, 0, "HEAD", 0);
    for (int i = 0; i < SEGMENTS; i++)
        unlink_file(&sample, names[i]);
    image_write(&sample.place, "HEAD", &sample.head);
    expect(&sample, JOURNAL_CUT, 1, names[0], 0);
}

static void a_changed_checkpoint_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    for (size_t at = 0; at < sample.head.size; at++) {
        sample.head.bytes[at] ^= 1;
        image_write(&sample.place, "HEAD", &sample.head);
        expect(&sample, JOURNAL_CHANGED, 0, "HEAD", 0);
        sample.head.bytes[at] ^= 1;
    }
    sample.head.size--;
    image_write(&sample.place, "HEAD", &sample.head);
    expect(&sample, JOURNAL_CHANGED, 0, "HEAD", 0);
}

static void exchanged_files_are_out_of_order(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);

    (void)state;
    image_write(&sample.place, names[0], &sample.files[1]);
    image_write(&sample.place, names[1], &sample.files[0]);
    expect(&sample, JOURNAL_REORDERED, 1, names[0], 0);
    restore(&sample, 0);
    image_write(&sample.place, names[1], &sample.files[2]);
    image_write(&sample.place, names[2], &sample.files[1]);
    expect(&sample, JOURNAL_REORDERED, sample.first[1], names[1], 0);
}

static void a_file_of_another_journal_is_found(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(sample_drop) struct sample other = sample_make(RECORDS);

    (void)state;
    for (int i = 0; i < SEGMENTS; i++) {
        image_write(&sample.place, names[i], &other.files[i]);
        expect(&sample, JOURNAL_CHANGED, sample.first[i], names[i], 0);
        restore(&sample, i);
    }
    image_write(&sample.place, names[3], &other.files[2]);
    expect(&sample, JOURNAL_REORDERED, RECORDS + 1, names[3], 0);
}

/* Only what was kept outside tells a journal that was made anew, or put back. */
static void a_journal_put_back_is_found_by_its_anchor(void **state)
{
    CLEANUP(sample_drop) struct sample sample = sample_make(RECORDS);
    CLEANUP(sample_drop) struct sample other = sample_make(RECORDS);
    CLEANUP(scope_end) struct scope scope = scope_begin(0);
    struct journal_report report = verify(&sample.place);
    struct journal_anchor anchor = {.records = report.records};

    (void)state;
    memcpy(anchor.hash, report.hash, sizeof anchor.hash);
    append_all_and_close(&sample, RECORDS + 1, RECORDS + 2);
    assert_int_equal(journal_verify(&scope, sample.place.path, &anchor, &report), STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_WHOLE);
    assert_int_equal(journal_verify(&scope, other.place.path, &anchor, &report), STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_CHANGED);
    assert_int_equal(report.sequence, RECORDS);
    anchor.records = RECORDS + 3;
    assert_int_equal(journal_verify(&scope, sample.place.path, &anchor, &report), STATUS_OK);
    assert_int_equal(report.fault, JOURNAL_CUT);
    assert_int_equal(report.sequence, RECORDS + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_changed_byte_is_found),
        cmocka_unit_test(bytes_in_the_empty_rest_are_found),
        cmocka_unit_test(each_removed_record_is_missed),
        cmocka_unit_test(each_wiped_record_is_found),
        cmocka_unit_test(each_exchanged_pair_is_out_of_order),
        cmocka_unit_test(a_record_moved_to_a_later_segment_is_out_of_order),
        cmocka_unit_test(a_record_written_twice_is_out_of_order),
        cmocka_unit_test(a_forged_record_is_found),
        cmocka_unit_test(each_cut_is_found),
        cmocka_unit_test(each_shortened_file_is_found),
        cmocka_unit_test(a_file_that_grew_is_found),
        cmocka_unit_test(each_missing_file_is_named),
        cmocka_unit_test(a_changed_checkpoint_is_found),
        cmocka_unit_test(exchanged_files_are_out_of_order),
        cmocka_unit_test(a_file_of_another_journal_is_found),
        cmocka_unit_test(a_journal_put_back_is_found_by_its_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
