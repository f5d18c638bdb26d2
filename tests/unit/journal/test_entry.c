/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "journal/entry.h"
#include "journal_files.h"

static void reads_back_what_it_wrote(void **state)
{
    unsigned char bytes[ENTRY_SIZE_MAX], again[ENTRY_SIZE_MAX];
    struct entry_texts texts;
    struct journal_entry read = {0};
    char holder[32];
    struct journal_entry entry = entry_of(3, holder);
    size_t size = entry_write(&entry, bytes);

    (void)state;
    entry.degraded = true;
    entry.class = CLASS_ELIGIBILITY_ONLY;
    size = entry_write(&entry, bytes);
    assert_true(size > ENTRY_FIXED_SIZE);
    assert_true(entry_read(bytes, size, &texts, &read));
    assert_string_equal(read.request_id, "0000000000000003");
    assert_string_equal(read.institution, "1311234567");
    assert_string_equal(read.terminal, "R");
    assert_string_equal(read.rule, "E1.valid");
    assert_int_equal(read.person_id, 21);
    assert_int_equal(read.coverage_id, 33);
    assert_int_equal(read.on.yyyymmdd, 20261105);
    assert_int_equal(read.cause, CAUSE_REMARK_CERTIFICATE_ALERT);
    assert_true(read.degraded);
    assert_int_equal(read.class, CLASS_ELIGIBILITY_ONLY);
    assert_int_equal(entry_write(&read, again), size);
    assert_memory_equal(bytes, again, size);
}

static void keeps_every_cause_and_no_text(void **state)
{
    unsigned char bytes[ENTRY_SIZE_MAX];
    struct entry_texts texts;
    struct journal_entry read = {0};

    (void)state;
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        struct journal_entry entry = {.operation = JOURNAL_OPENED, .cause = (enum cause)cause};
        size_t size = entry_write(&entry, bytes);
        assert_int_equal(size, ENTRY_FIXED_SIZE + ENTRY_TEXT_ALWAYS);
        assert_true(entry_read(bytes, size, &texts, &read));
        assert_int_equal(read.cause, cause);
        assert_null(read.terminal);
    }
}

static void refuses_what_cannot_be_written(void **state)
{
    static const char longest[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const char too_long[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefX";
    unsigned char bytes[ENTRY_SIZE_MAX];
    struct journal_entry entry = {.operation = JOURNAL_OPENED};

    (void)state;
    entry.rule = longest;
    assert_int_equal(entry_write(&entry, bytes), ENTRY_FIXED_SIZE + ENTRY_TEXT_ALWAYS + 64);
    entry.rule = too_long;
    assert_int_equal(entry_write(&entry, bytes), 0);
    entry.rule = "a\nb";
    assert_int_equal(entry_write(&entry, bytes), 0);
    entry.rule = NULL;
    entry.operation = (enum journal_operation)0;
    assert_int_equal(entry_write(&entry, bytes), 0);
    entry.operation = (enum journal_operation)256;
    assert_int_equal(entry_write(&entry, bytes), 0);
}

static void refuses_bytes_that_are_no_entry(void **state)
{
    unsigned char bytes[ENTRY_SIZE_MAX + 1] = {0};
    struct entry_texts texts;
    struct journal_entry read = {0};
    struct journal_entry entry = {.operation = JOURNAL_OPENED, .rule = "E1.valid"};
    size_t size = entry_write(&entry, bytes);

    (void)state;
    for (size_t shorter = 0; shorter < size; shorter++)
        assert_false(entry_read(bytes, shorter, &texts, &read));
    assert_false(entry_read(bytes, size + 1, &texts, &read));
    bytes[size - 1] = 0x1B; /* a control byte in a text */
    assert_false(entry_read(bytes, size, &texts, &read));
    bytes[size - 1] = 'd';
    bytes[1] = 4; /* no such mode */
    assert_false(entry_read(bytes, size, &texts, &read));
    bytes[1] = 0;
    bytes[3] = 8; /* no such flag or class */
    assert_false(entry_read(bytes, size, &texts, &read));
    bytes[3] = 0;
    bytes[8] = 7; /* no such code */
    assert_false(entry_read(bytes, size, &texts, &read));
    bytes[8] = 0;
    assert_true(entry_read(bytes, size, &texts, &read));
}

/* Entries of before the sixth text are whole as they are; an empty sixth is not what is written. */
static void e2_the_staff_account_is_kept_and_old_entries_stay_as_they_are(void **state)
{
    unsigned char bytes[ENTRY_SIZE_MAX + 1], again[ENTRY_SIZE_MAX];
    struct entry_texts texts;
    struct journal_entry read = {0};
    struct journal_entry entry = {
        .operation = JOURNAL_CHECK_BY_CARD, .mode = IDENTITY_VISUAL, .rule = "E1.valid"};
    size_t old = entry_write(&entry, bytes), size = 0;

    (void)state;
    assert_int_equal(old, ENTRY_FIXED_SIZE + ENTRY_TEXT_ALWAYS + strlen("E1.valid"));
    assert_true(entry_read(bytes, old, &texts, &read));
    assert_null(read.staff);
    bytes[old] = 0;
    assert_false(entry_read(bytes, old + 1, &texts, &read));
    entry.staff = "desk-07";
    size = entry_write(&entry, again);
    assert_int_equal(size, old + 1 + strlen("desk-07"));
    assert_memory_equal(bytes, again, old);
    assert_true(entry_read(again, size, &texts, &read));
    assert_string_equal(read.staff, "desk-07");
    for (size_t shorter = old + 1; shorter < size; shorter++)
        assert_false(entry_read(again, shorter, &texts, &read));
    entry.staff = "desk\n07";
    assert_int_equal(entry_write(&entry, again), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(keeps_every_cause_and_no_text),
        cmocka_unit_test(refuses_what_cannot_be_written),
        cmocka_unit_test(refuses_bytes_that_are_no_entry),
        cmocka_unit_test(e2_the_staff_account_is_kept_and_old_entries_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
