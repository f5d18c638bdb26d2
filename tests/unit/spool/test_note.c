/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "spool/spool_parts.h"

#define ID "0123456789abcdef0123456789abcdef"

static struct spool_entry entry_full(void)
{
    return (struct spool_entry){
        .id = ID,
        .insurer = {"06139992"},
        .name = "四月 分.csv",
        .sha256 = ID ID,
        .length = 1234567890123,
        .state = SPOOL_REFUSED,
        .confirmed = true,
        .created = {1700000000000000},
        .changed = {1700000001000000},
        .cause = CAUSE_UPLOAD_OFFSET,
        .rows = 10,
        .accepted = 7,
        .warned = 2,
        .refused = 1,
        .loaded_before = true,
        .content = ID ID,
    };
}

static void a_note_says_what_was_written(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    const struct spool_entry wrote = entry_full();
    struct spool_entry read = {.length = 0};
    struct text text = {0};

    (void)state;
    assert_int_equal(spool_note_write(&scope, &wrote, &text), STATUS_OK);
    assert_true(spool_note_read(text, &read));
    assert_string_equal(read.id, wrote.id);
    assert_string_equal(read.insurer.digits, wrote.insurer.digits);
    assert_string_equal(read.name, wrote.name);
    assert_string_equal(read.sha256, wrote.sha256);
    assert_string_equal(read.content, wrote.content);
    assert_int_equal(read.length, wrote.length);
    assert_int_equal(read.state, wrote.state);
    assert_int_equal(read.confirmed, wrote.confirmed);
    assert_int_equal(read.created.microseconds, wrote.created.microseconds);
    assert_int_equal(read.changed.microseconds, wrote.changed.microseconds);
    assert_int_equal(read.cause, wrote.cause);
    assert_int_equal(read.rows, wrote.rows);
    assert_int_equal(read.accepted, wrote.accepted);
    assert_int_equal(read.warned, wrote.warned);
    assert_int_equal(read.refused, wrote.refused);
    assert_int_equal(read.loaded_before, wrote.loaded_before);
}

static void every_cut_of_a_note_is_none(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1 << 16);
    const struct spool_entry wrote = entry_full();
    struct spool_entry read = {.length = 0};
    struct text text = {0};
    size_t mandatory = 0;

    (void)state;
    assert_int_equal(spool_note_write(&scope, &wrote, &text), STATUS_OK);
    mandatory = (size_t)(strstr(text.bytes, "state ") - text.bytes);
    for (size_t size = 0; size < mandatory; size++)
        assert_false(spool_note_read((struct text){text.bytes, size}, &read));
    assert_false(spool_note_read((struct text){text.bytes, text.size - 1}, &read));
}

static void what_is_no_note_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "shikaku-spool 2\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate 7\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 0\nstate 1\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139991\nlength 5\nstate 1\n",
        "shikaku-spool 1\nid " ID "0\ninsurer 06139992\nlength 5\nstate 1\n",
        "shikaku-spool 1\nid 01\ninsurer 06139992\nlength 5\nstate 1\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength -5\nstate 1\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate 1\nother 1\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate 1\ncause SKK-0000\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate 1\nconfirmed 2\n",
        "shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate\n",
    };
    struct spool_entry read = {.length = 0};

    (void)state;
    assert_true(spool_note_read(
        TEXT("shikaku-spool 1\nid " ID "\ninsurer 06139992\nlength 5\nstate 1\n"), &read));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(spool_note_read(text_of(wrong[i]), &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_says_what_was_written),
        cmocka_unit_test(every_cut_of_a_note_is_none),
        cmocka_unit_test(what_is_no_note_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
