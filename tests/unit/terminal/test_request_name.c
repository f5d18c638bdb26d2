/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "terminal/request_name.h"

static const struct {
    const char *name;
    enum request_kind kind;
    enum name_fault fault;
    const char *result;
} rows[] = {
    {"OQSsiquc01req_202611050001.xml", REQUEST_SUPPORTED, NAME_GOOD,
     "OQSsiquc01res_202611050001.xml"},
    {"OQSsiquc01req_2026110500012.xml", REQUEST_SUPPORTED, NAME_GOOD,
     "OQSsiquc01res_2026110500012.xml"},
    {"OQSsiquc01req_20261105aZ9.XML", REQUEST_SUPPORTED, NAME_GOOD,
     "OQSsiquc01res_20261105aZ9.xml"},
    {"OQSsiquc01req_1.Xml", REQUEST_SUPPORTED, NAME_GOOD, "OQSsiquc01res_1.xml"},
    {"OQSsiimm01req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "OQSsiimm01res_1.xml"},
    {"OQSmuquc01req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "OQSmuquc01res_1.xml"},
    {"OQSmuquc02req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "OQSmuquc02res_1.xml"},
    {"OQSmuhvq02req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "OQSmuhvq02res_1.xml"},
    {"OQSsihvq01req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "OQSsihvq01res_1.xml"},
    {"YZKsiquc01req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "YZKsiquc01res_1.xml"},
    {"TKKsiquc01req_1.xml", REQUEST_UNSUPPORTED, NAME_GOOD, "TKKsiquc01res_1.xml"},
    /* others' files, and files still being written */
    {"readme.txt", REQUEST_IGNORED, NAME_GOOD, ""},
    {"EPSsiDMP01req_1.xml", REQUEST_IGNORED, NAME_GOOD, ""},
    {"PMHsimsm01req_1.xml", REQUEST_IGNORED, NAME_GOOD, ""},
    {"OQSsiquc01req_1.xml.tmp", REQUEST_IGNORED, NAME_GOOD, ""},
    {"OQSsiquc01req_1.TMP", REQUEST_IGNORED, NAME_GOOD, ""},
    {"OQSsiquc01req_1.xml~", REQUEST_IGNORED, NAME_GOOD, ""},
    {".OQSsiquc01req_1.xml", REQUEST_IGNORED, NAME_GOOD, ""},
    {"", REQUEST_IGNORED, NAME_GOOD, ""},
    /* meant for us, and wrong */
    {"OQSsiquc01res_1.xml", REQUEST_MISNAMED, NAME_RESULT, ""},
    {"OQSsiquc01res_face_1.xml", REQUEST_MISNAMED, NAME_RESULT, ""},
    {"OQSsiquc01req_.xml", REQUEST_MISNAMED, NAME_SUFFIX_EMPTY, ""},
    {"OQSsiquc01req_1-2.xml", REQUEST_MISNAMED, NAME_SUFFIX_CHARACTERS, ""},
    {"OQSsiquc01req_1 .xml", REQUEST_MISNAMED, NAME_SUFFIX_CHARACTERS, ""},
    {"OQSsiquc01req_../../etc.xml", REQUEST_MISNAMED, NAME_EXTENSION, ""},
    {"OQSsiquc01req_１.xml", REQUEST_MISNAMED, NAME_SUFFIX_CHARACTERS, ""},
    {"OQSsiquc01req_1", REQUEST_MISNAMED, NAME_EXTENSION, ""},
    {"OQSsiquc01req_1.zip", REQUEST_MISNAMED, NAME_EXTENSION, ""},
    {"OQSsiquc01req_1.xml.xml", REQUEST_MISNAMED, NAME_EXTENSION, ""},
    {"OQSsiquc02req_1.xml", REQUEST_MISNAMED, NAME_FAMILY_UNKNOWN, ""},
    {"OQSsixyz01req_1.xml", REQUEST_MISNAMED, NAME_FAMILY_UNKNOWN, ""},
    {"oqssiquc01req_1.xml", REQUEST_MISNAMED, NAME_FAMILY_UNKNOWN, ""},
    {"OQS", REQUEST_MISNAMED, NAME_FAMILY_UNKNOWN, ""},
};

static void e5_each_name_says_what_to_do_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request_name read = request_name_read(rows[i].name);
        if (read.kind != rows[i].kind || read.fault != rows[i].fault)
            fail_msg("'%s' gives kind %d, fault %d", rows[i].name, (int)read.kind, (int)read.fault);
        assert_string_equal(read.result, rows[i].result);
    }
}

static void e5_a_suffix_is_bounded(void **state)
{
    char name[200] = "OQSsiquc01req_";
    size_t head = strlen(name);

    (void)state;
    memset(name + head, 'a', REQUEST_SUFFIX_MAX + 1);
    memcpy(name + head + REQUEST_SUFFIX_MAX, ".xml", 5);
    assert_int_equal(request_name_read(name).kind, REQUEST_SUPPORTED);
    memcpy(name + head + REQUEST_SUFFIX_MAX, "a.xml", 6);
    assert_int_equal(request_name_read(name).fault, NAME_SUFFIX_LONG);
}

static void each_fault_says_what_to_correct(void **state)
{
    (void)state;
    for (int i = 1; i < NAME_FAULT_COUNT; i++) {
        assert_true(strlen(name_fault_ja((enum name_fault)i)) > 10);
        assert_true(strlen(name_fault_en((enum name_fault)i)) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e5_each_name_says_what_to_do_with_it),
        cmocka_unit_test(e5_a_suffix_is_bounded),
        cmocka_unit_test(each_fault_says_what_to_correct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
