/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "format/csv.h"

#define LIMIT ((size_t)4 * 1024 * 1024)

/* Bytes in memory, handed over in pieces. */
struct pieces {
    const char *bytes;
    size_t size, at, piece;
};

static enum status fill(struct scope *scope, void *context, char *room, size_t size, size_t *filled)
{
    struct pieces *pieces = context;
    size_t left = pieces->size - pieces->at;
    size_t give = pieces->piece < left ? pieces->piece : left;

    (void)scope;
    *filled = give < size ? give : size;
    if (*filled > 0)
        memcpy(room, pieces->bytes + pieces->at, *filled);
    pieces->at += *filled;
    return STATUS_OK;
}

/* Asserts that the only record has these values, whatever the size of the pieces. */
static void one_record_is(const char *bytes, const char *const *values, size_t count)
{
    for (size_t piece = 1; piece <= strlen(bytes) + 1; piece++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        struct pieces pieces = {bytes, strlen(bytes), 0, piece};
        struct csv_reader reader = {0};
        struct csv_record record = {0};
        struct text raw = {0};

        assert_int_equal(csv_begin(&scope, fill, &pieces, &reader), STATUS_OK);
        assert_int_equal(csv_next(&scope, &reader, &raw), STATUS_OK);
        assert_int_equal(csv_split(&scope, raw, &record), STATUS_OK);
        assert_int_equal(record.count, count);
        for (size_t i = 0; i < count; i++)
            assert_true(text_is(record.fields[i], values[i]));
        assert_int_equal(csv_next(&scope, &reader, &raw), STATUS_NOT_FOUND);
        assert_int_equal(reader.offset, strlen(bytes));
        assert_int_equal(reader.records, 1);
    }
}

static void refused(struct text bytes)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct pieces pieces = {bytes.bytes, bytes.size, 0, bytes.size};
    struct csv_reader reader = {0};
    struct csv_record record = {0};
    struct text raw = {0};
    enum status status = csv_begin(&scope, fill, &pieces, &reader);

    assert_int_equal(status, STATUS_OK);
    status = csv_next(&scope, &reader, &raw);
    if (status == STATUS_OK)
        status = csv_split(&scope, raw, &record);
    assert_int_equal(status, STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_REGISTRATION_CSV);
}

static void a_record_is_its_values(void **state)
{
    (void)state;
    one_record_is("a,,c\n", (const char *const[]){"a", "", "c"}, 3);
    one_record_is("a,b\r\n", (const char *const[]){"a", "b"}, 2);
    one_record_is("a,b", (const char *const[]){"a", "b"}, 2);
    one_record_is("\n", (const char *const[]){""}, 1);
    one_record_is(",\n", (const char *const[]){"", ""}, 2);
}

static void quotes_hold_commas_line_ends_and_quotes(void **state)
{
    (void)state;
    one_record_is("\"a,b\",c\n", (const char *const[]){"a,b", "c"}, 2);
    one_record_is("\"a\nb\",\"\"\n", (const char *const[]){"a\nb", ""}, 2);
    one_record_is("\"say \"\"x\"\"\",1\n", (const char *const[]){"say \"x\"", "1"}, 2);
    one_record_is("\"\"\"\"\n", (const char *const[]){"\""}, 1);
}

static void what_is_no_csv_is_refused(void **state)
{
    static char wide[CSV_RECORD_MAX + 2];

    (void)state;
    refused(TEXT("a\"b\"\n"));
    refused(TEXT("\"a\"b\n"));
    refused(TEXT("\"a\n"));
    refused(TEXT("a,\"\n"));
    refused(TEXT(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n")); /* 33 values */
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = '\n';
    refused((struct text){wide, sizeof wide});
}

static void records_are_read_on_from_any_of_them(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct pieces pieces = {"a\n\"b\nc\"\nd\n", 10, 0, 3};
    struct csv_reader reader = {0};
    struct text raw = {0};
    int64_t second = 0;

    (void)state;
    assert_int_equal(csv_begin(&scope, fill, &pieces, &reader), STATUS_OK);
    assert_int_equal(csv_next(&scope, &reader, &raw), STATUS_OK);
    second = reader.offset;
    assert_int_equal(second, 2);
    assert_int_equal(csv_next(&scope, &reader, &raw), STATUS_OK);
    assert_true(text_is(raw, "\"b\nc\"\n"));
    assert_int_equal(csv_next(&scope, &reader, &raw), STATUS_OK);
    assert_true(text_is(raw, "d\n"));
    assert_int_equal(reader.offset, 10);
}

static void what_is_written_reads_back(void **state)
{
    static const char *const values[] = {"plain", "a,b", "a\"b", "a\r\nb", "", "\"", "髙橋　ハナ"};
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text_buffer buffer = text_buffer_begin(&scope, 64);
    struct csv_record record = {0};
    struct text written = {0};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (i > 0)
            text_buffer_add_char(&buffer, ',');
        csv_write(&buffer, text_of(values[i]));
    }
    text_buffer_add_char(&buffer, '\n');
    assert_int_equal(text_buffer_end(&buffer, &written), STATUS_OK);
    assert_int_equal(csv_split(&scope, written, &record), STATUS_OK);
    assert_int_equal(record.count, sizeof values / sizeof *values);
    for (size_t i = 0; i < record.count; i++)
        assert_true(text_is(record.fields[i], values[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_its_values),
        cmocka_unit_test(quotes_hold_commas_line_ends_and_quotes),
        cmocka_unit_test(what_is_no_csv_is_refused),
        cmocka_unit_test(records_are_read_on_from_any_of_them),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
