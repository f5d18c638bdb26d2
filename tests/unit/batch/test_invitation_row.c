/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "batch/invitation_row.h"

static struct person person;

static int make_person(void **state)
{
    (void)state;
    person = (struct person){
        .name = TEXT("試験　花子"),
        .name_kana = TEXT("ｼｹﾝ ﾊﾅｺ"),
        .birth = DATE(19850203),
        .sex1 = SEX_FEMALE,
        .postal_code = TEXT("100-0000"),
        .address = TEXT("東京都架空区試験１－２－３, \"B\""),
    };
    return 0;
}

static struct text write(const struct invitation_row *row)
{
    static char out[INVITATION_ROW_MAX + 1];
    size_t size = invitation_row_write(row, out);

    out[size] = '\0';
    return (struct text){out, size};
}

static void d4_a_city_is_told_who_it_is_and_no_insurer(void **state)
{
    const struct invitation_row row = {.to = {"139998"},
                                       .key = TEXT("C-1"),
                                       .way = INVITATION_BY_CITY,
                                       .lost = DATE(20260831),
                                       .reason = LOSS_OTHER_INSURANCE,
                                       .person = &person};

    (void)state;
    assert_true(text_starts_with(write(&row),
                                 "C-1,D4.invite,20260831,03,試験　花子,ｼｹﾝ ﾊﾅｺ,19850203,2,100-0000,"
                                 "\"東京都架空区試験１－２－３, \"\"B\"\"\","));
}

static void d4_a_former_insurer_is_told_its_key_and_nothing_of_the_person(void **state)
{
    const struct invitation_row row = {.to = {"06139992"},
                                       .key = TEXT("K-1"),
                                       .way = INVITATION_PROTECTED,
                                       .lost = DATE(20260831),
                                       .reason = LOSS_OTHER};

    (void)state;
    assert_true(text_starts_with(write(&row), "K-1,D4.invite_former,20260831,99,,,,,,,"));
}

/* However long an insurer registers a name, the month's lists are written. */
static void d4_a_long_name_is_cut_at_a_whole_letter_and_ends_no_row(void **state)
{
    static char quotes[1024];
    char kanji[1024] = "x"; /* so that the cut falls into a letter */
    struct person long_person = person;
    struct invitation_row row = {.key = TEXT("K\r\n1"),
                                 .way = INVITATION_BY_CITY,
                                 .lost = DATE(20260831),
                                 .person = &long_person};
    struct text text = {0};

    (void)state;
    memset(quotes, '"', sizeof quotes);
    for (size_t i = 1; i + 3 < sizeof kanji; i += 3)
        memcpy(kanji + i, "髙", 3);
    long_person.name = text_of(kanji);
    long_person.name_kana = long_person.address = (struct text){quotes, sizeof quotes};
    text = write(&row);
    assert_true(text.size > 0 && text.bytes[text.size - 1] == '\n');
    assert_true(text_is_utf8(text));
    assert_ptr_equal(memchr(text.bytes, '\n', text.size), text.bytes + text.size - 1);
    assert_null(memchr(text.bytes, '\r', text.size));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(d4_a_city_is_told_who_it_is_and_no_insurer),
        cmocka_unit_test(d4_a_former_insurer_is_told_its_key_and_nothing_of_the_person),
        cmocka_unit_test(d4_a_long_name_is_cut_at_a_whole_letter_and_ends_no_row),
    };
    return cmocka_run_group_tests(tests, make_person, NULL);
}
