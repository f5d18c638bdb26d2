/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "batch/overlap_row.h"

static const struct rule rule = {.id = "E1.test",
                                 .title_ja = "題",
                                 .title_en = "a, b",
                                 .desk_ja = "事",
                                 .desk_en = "say \"no\""};

static struct overlap_row row_of(struct text key)
{
    return (struct overlap_row){
        .to = {"06139992"},
        .key = key,
        .branch = "01",
        .kind = OVERLAP_LIVE,
        .rule = &rule,
        .from = DATE(20200401),
        .until = DATE_NEVER,
        .other = {"139998"},
        .other_name = TEXT("架空区"),
        .other_from = DATE(20261001),
        .other_until = DATE_NEVER,
        .first = DATE(20261001),
        .last = DATE(20261125),
        .days = 56,
        .counts = true,
    };
}

static void e1_a_row_is_parted_by_commas_and_quoted_where_it_must_be(void **state)
{
    static const char expected[] =
        "K-1,01,live,E1.test,20200401,,139998,架空区,20261001,,20261001,20261125,56,1,題,事,"
        "\"a, b\",\"say \"\"no\"\"\"\n";
    const struct overlap_row row = row_of(TEXT("K-1"));
    char out[OVERLAP_ROW_MAX];
    size_t size = overlap_row_write(&row, out);

    (void)state;
    assert_int_equal(size, sizeof expected - 1);
    assert_memory_equal(out, expected, size);
}

static void e1_a_text_cannot_end_its_row(void **state)
{
    const struct overlap_row row = row_of(TEXT("K\r\n1\x01,"));
    char out[OVERLAP_ROW_MAX];
    size_t size = overlap_row_write(&row, out);

    (void)state;
    assert_true(size > 0);
    assert_memory_equal(out, "\"K  1 ,\",01,", 12);
    assert_ptr_equal(memchr(out, '\n', size), out + size - 1);
}

static void e1_a_row_that_does_not_fit_is_not_written(void **state)
{
    static char large[OVERLAP_ROW_MAX];
    char out[OVERLAP_ROW_MAX];
    struct overlap_row row = row_of(TEXT(""));
    size_t rest = 0;

    (void)state;
    memset(large, 'x', sizeof large);
    rest = overlap_row_write(&row, out);
    row.key = (struct text){large, sizeof large - rest};
    assert_int_equal(overlap_row_write(&row, out), OVERLAP_ROW_MAX);
    row.key.size++;
    assert_int_equal(overlap_row_write(&row, out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_a_row_is_parted_by_commas_and_quoted_where_it_must_be),
        cmocka_unit_test(e1_a_text_cannot_end_its_row),
        cmocka_unit_test(e1_a_row_that_does_not_fit_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
