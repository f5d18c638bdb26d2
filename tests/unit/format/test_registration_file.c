/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of registration files: each column's checks, and the code that answers a wrong one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "format/registration_file.h"

#define LIMIT ((size_t)1024 * 1024)
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static bool read(struct scope *scope, const char *line, struct registration_row *row,
                 struct registration_finding *finding)
{
    struct csv_record record = {0};

    assert_int_equal(csv_split(scope, text_of(line), &record), STATUS_OK);
    return registration_row_read(&record, row, finding);
}

static void good(const char *line)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct registration_row row = {0};
    struct registration_finding finding = {0};
    struct text_buffer buffer = text_buffer_begin(&scope, 256);
    struct text written = {0};

    if (!read(&scope, line, &row, &finding))
        fail_msg("%s: %s %s", line, failure_text(finding.cause)->code, finding.item);
    registration_row_write(&buffer, &row);
    assert_int_equal(text_buffer_end(&buffer, &written), STATUS_OK);
    assert_int_equal(written.bytes[written.size - 1], '\n');
    assert_int_equal(written.size - 1, strlen(line));
    assert_memory_equal(written.bytes, line, strlen(line));
}

static void bad(const char *line, enum cause cause, const char *item)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct registration_row row = {0};
    struct registration_finding finding = {0};

    assert_false(read(&scope, line, &row, &finding));
    assert_string_equal(failure_text(finding.cause)->code, failure_text(cause)->code);
    assert_string_equal(finding.item, item);
    assert_int_equal(registration_result(&finding), 2);
}

static void e1_each_kind_of_row_is_read_and_written_back(void **state)
{
    (void)state;
    good("P,N,A-1,,20261101,123456789018,髙橋　ハナ,ﾀｶﾊｼ ﾊﾅ,,,2,,19800203,100-9999,架空区１,1,");
    good("P,U,A-1,,,,,,-,-,,,,-,架空区２,9,旧姓のまま");
    good("Q,N,A-1,20261101,20261103,１２,345,00,1,髙橋　ハナ,20261101,22,,,0");
    good("Q,L,A-1,,20261103,,,,,,,,20261130,03,");
    good("C,N,A-1,,,07,20261101,20261101,99991231,");
    good("C,N,A-1,,,A1,20261101,20261101,99991231,010");
    good("E,N,A-1,,,,20260801,20270731,020");
    good("L,N,A-1,,,01,B05,20260801,20260801,20270731,-");
    good("S,N,A-1,,,1,20260801,20260801,20270731,10000");
    good("F,N,A-1,,,1,0,,");
    good("D,N,A-1,,20261103,20261102,1,0");
    good("D,X,A-1,,,20261102,1,0");
}

static void e1_what_a_row_says_of_itself_is_checked(void **state)
{
    (void)state;
    bad("Z,N,1,,,1,0,,", CAUSE_ROW_TYPE, "");
    bad(",N,1,,,1,0,,", CAUSE_ROW_TYPE, "");
    bad("F,L,1,,,1,0,,", CAUSE_ROW_OP, "op");
    bad("D,U,1,,,20261102,1,0", CAUSE_ROW_OP, "op");
    bad("F,NN,1,,,1,0,,", CAUSE_ROW_OP, "op");
    bad("F,N,1,,,1,0,", CAUSE_ROW_COLUMNS, "");
    bad("F,N,1,,,1,0,,,", CAUSE_ROW_COLUMNS, "");
    bad("F,N,,,,1,0,,", CAUSE_ROW_MISSING, "key");
    bad("F,N,123456789012345678901,,,1,0,,", CAUSE_ROW_TOO_LONG, "key");
    bad("F,N,1,20260231,,1,0,,", CAUSE_ROW_DATE, "effective");
    bad("F,N,1,,2026-11-01,1,0,,", CAUSE_ROW_DATE, "received");
}

static void e1_each_column_has_its_shape(void **state)
{
    (void)state;
    bad("P,N,1,,,123456789012,a,b,,,2,,19800203,,c,1,", CAUSE_ROW_INDIVIDUAL, "individual_number");
    bad("P,N,1,,,,,b,,,2,,19800203,,c,1,", CAUSE_ROW_MISSING, "name");
    bad("P,N,1,,,,a,b,,,4,,19800203,,c,1,", CAUSE_ROW_CODE, "sex1");
    bad("P,N,1,,,,a,b,,,2,,19800230,,c,1,", CAUSE_ROW_DATE, "birth");
    bad("P,N,1,,,,a,b,,,2,,19800203,100-99,c,1,", CAUSE_ROW_NUMBER, "postal_code");
    bad("P,N,1,,,,a\tb,b,,,2,,19800203,,c,1,", CAUSE_ROW_TEXT, "name");
    bad("P,N,1,,,,a\xff,b,,,2,,19800203,,c,1,", CAUSE_ROW_TEXT, "name");
    bad("P,N,1,,,,a,b,,,2,,19800203,,c,3,", CAUSE_ROW_CODE, "identity");
    bad("P,U,1,,,,-,,,,,,,,,,", CAUSE_ROW_MISSING, "name");
    bad("Q,N,1,,,,2,001,1,,20261101,,,,", CAUSE_ROW_NUMBER, "branch");
    bad("Q,N,1,,,,123456789012345678901,00,1,,20261101,,,,", CAUSE_ROW_TOO_LONG, "number");
    bad("Q,N,1,,,,2,00,1,,20261101,,,04,", CAUSE_ROW_CODE, "loss_reason");
    bad("C,N,1,,,08,20261101,20261101,99991231,", CAUSE_ROW_CODE, "kind");
    bad("L,N,1,,,01,B11,20260801,20260801,20270731,", CAUSE_ROW_CODE, "category");
    bad("S,N,1,,,1,20260801,20260801,20270731,10000001", CAUSE_ROW_NUMBER, "monthly_limit");
    bad("S,N,1,,,1,20260801,20260801,20270731,1e4", CAUSE_ROW_NUMBER, "monthly_limit");
}

static void e1_codes_are_numbers(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct registration_row row = {0};
    struct registration_finding finding = {0};

    (void)state;
    assert_true(read(&scope, "C,N,1,,,A1,,,,010", &row, &finding));
    assert_int_equal(row.values[C_KIND].number, 0xA1);
    assert_int_equal(row.values[C_SHARE].number, 10);
    assert_true(read(&scope, "Q,L,1,,,,,,,,,,20261130,99,", &row, &finding));
    assert_int_equal(row.values[Q_LOSS_REASON].number, 99);
    assert_int_equal(row.values[Q_UNTIL].number, 20261130);
    assert_int_equal(row.values[Q_SYMBOL].told, TOLD_NOTHING);
}

static void header(const char *line, enum cause cause)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct registration_header header = {0};
    struct csv_record record = {0};

    assert_int_equal(csv_split(&scope, text_of(line), &record), STATUS_OK);
    assert_int_equal(registration_header_read(&scope, &record, &header),
                     cause == CAUSE_NONE ? STATUS_OK : STATUS_INVALID);
    assert_int_equal(scope.cause, cause);
    if (cause == CAUSE_NONE)
        assert_int_equal(header.rows, 12);
}

static void e1_the_header_says_whose_file_it_is(void **state)
{
    (void)state;
    header("H,1,06139992,20261125,12", CAUSE_NONE);
    header("H,1,00139998,20261125093000,12", CAUSE_NONE);
    header("\xEF\xBB\xBFH,1,06139992,20261125,12", CAUSE_NONE);
    header("H,2,06139992,20261125,12", CAUSE_REGISTRATION_HEADER);
    header("H,1,06139993,20261125,12", CAUSE_REGISTRATION_HEADER);
    header("H,1,77777777,20261125,12", CAUSE_REGISTRATION_HEADER);
    header("H,1,06139992,today,12", CAUSE_REGISTRATION_HEADER);
    header("H,1,06139992,20261125,-1", CAUSE_REGISTRATION_HEADER);
    header("H,1,06139992,20261125,100000001", CAUSE_REGISTRATION_HEADER);
    header("P,1,06139992,20261125,12", CAUSE_REGISTRATION_HEADER);
}

static void trailer(const char *line, enum cause cause)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct registration_trailer trailer = {0};
    struct csv_record record = {0};

    assert_true(registration_is_trailer(text_of(line)));
    assert_int_equal(csv_split(&scope, text_of(line), &record), STATUS_OK);
    assert_int_equal(registration_trailer_read(&scope, &record, &trailer),
                     cause == CAUSE_NONE ? STATUS_OK : STATUS_INVALID);
    assert_int_equal(scope.cause, cause);
    if (cause == CAUSE_NONE)
        assert_string_equal(trailer.sha256, HASH);
}

static void e1_the_trailer_proves_that_nothing_is_missing(void **state)
{
    (void)state;
    trailer("T,12," HASH, CAUSE_NONE);
    trailer("T,12", CAUSE_REGISTRATION_CUT);
    trailer("T,12,0123", CAUSE_REGISTRATION_CUT);
    trailer("T,x," HASH, CAUSE_REGISTRATION_CUT);
    trailer("T,12,0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
            CAUSE_REGISTRATION_CUT);
    assert_false(registration_is_trailer(TEXT("TT,1")));
}

static void reply_is(const struct registration_reply *reply, const char *expected)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text_buffer buffer = text_buffer_begin(&scope, 256);
    struct text written = {0};

    registration_reply_write(&buffer, reply);
    assert_int_equal(text_buffer_end(&buffer, &written), STATUS_OK);
    assert_true(text_is(written, expected));
}

static void e1_a_reply_tells_code_item_and_what_to_do(void **state)
{
    struct registration_reply reply = {
        .row = 7, .finding = {CAUSE_NONE, ""}, .difference = -1, .visible = {1795575600000000}};

    (void)state;
    reply_is(&reply, "7,0,,,,,20261125120000\n");
    reply.difference = 3;
    reply.finding = (struct registration_finding){CAUSE_WARN_BRANCH, "branch"};
    reply_is(&reply,
             "7,1,SKK-7101,branch,\"枝番が09を超えています。電子処方箋等で使えないことがあります。"
             " / Branch above 09: clinical documents may refuse it.\",3,20261125120000\n");
    reply.finding = (struct registration_finding){CAUSE_ROW_DATE, "birth"};
    reply.difference = -1;
    reply_is(&reply, "7,2,SKK-6026,birth,\"日付が正しくありません(YYYYMMDD)。 / "
                     "The date is wrong (YYYYMMDD).\",,\n");
}

/* Every text that may stand in a reply is readable there, and says something. */
static void e1_texts_of_replies_fit_their_columns(void **state)
{
    (void)state;
    for (int cause = CAUSE_ROW_TYPE; cause <= CAUSE_WARN_WIDTH; cause++) {
        const struct failure_text *text = failure_text((enum cause)cause);
        assert_true(strncmp(text->code, "SKK-60", 6) == 0 || strncmp(text->code, "SKK-71", 6) == 0);
        assert_true(text->desk_ja[0] != '\0' && text->desk_en[0] != '\0');
        assert_true(!strchr(text->desk_ja, '"') && !strchr(text->desk_en, '"'));
        assert_true((text->status == STATUS_OK) == (strncmp(text->code, "SKK-71", 6) == 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_each_kind_of_row_is_read_and_written_back),
        cmocka_unit_test(e1_what_a_row_says_of_itself_is_checked),
        cmocka_unit_test(e1_each_column_has_its_shape),
        cmocka_unit_test(e1_codes_are_numbers),
        cmocka_unit_test(e1_the_header_says_whose_file_it_is),
        cmocka_unit_test(e1_the_trailer_proves_that_nothing_is_missing),
        cmocka_unit_test(e1_a_reply_tells_code_item_and_what_to_do),
        cmocka_unit_test(e1_texts_of_replies_fit_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
