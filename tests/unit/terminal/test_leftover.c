/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal_files.h"

#include "terminal/leftover.h"

#define DAY (24 * 60 * 60)

/* A file that was last changed so many seconds before the time of the scope. */
static void put_old(const struct scope *scope, const char *name, int64_t age)
{
    time_t at = (time_t)(scope->now.microseconds / 1000000 - age);
    const struct timespec times[2] = {{at, 0}, {at, 0}};

    put(FOLDER_RES, name, TEXT("answer"));
    assert_int_equal(utimensat(folders.fds[FOLDER_RES], name, times, 0), 0);
}

static void a_result_is_removed_after_its_stay_and_not_before(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    size_t removed = 0;

    (void)state;
    put_old(&scope, "OQSsiquc01res_1.xml", DAY + 1);
    put_old(&scope, "OQSsiquc01res_2.xml", DAY - 5);
    put_old(&scope, "OQSmuquc02res_3.xml", DAY + 1);
    assert_int_equal(leftover_remove(&scope, &folders, DAY, &removed), STATUS_OK);
    assert_int_equal(removed, 2);
    assert_false(exists(FOLDER_RES, "OQSsiquc01res_1.xml"));
    assert_true(exists(FOLDER_RES, "OQSsiquc01res_2.xml"));
    assert_true(holds(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt", "OQSsiquc01res_1.xml"));
    assert_true(holds(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt", "削除しました"));
    assert_true(holds(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt", "was removed"));
    assert_false(holds(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt", "answer"));
    assert_int_equal(count(FOLDER_WORK), 0);
}

static void what_others_put_into_res_stays(void **state)
{
    static const char *const names[] = {"OQSsiquc01res_1.pdf",         "OQSsiquc01res_1.xml.bak",
                                        "EPSsiDMP01res_1.xml",         "OQSsiquc01req_1.xml",
                                        "DEL_OQSsiquc01res_9.xml.txt", "xOQSsiquc01res_1.xml",
                                        "OQSsiquc01res_1.XML",         "res_"};
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    size_t removed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        put_old(&scope, names[i], 100 * DAY);
    assert_int_equal(mkdirat(folders.fds[FOLDER_RES], "OQSsiquc01res_7.xml", 0700), 0);
    assert_int_equal(symlinkat("/etc/hosts", folders.fds[FOLDER_RES], "OQSsiquc01res_8.xml"), 0);
    assert_int_equal(leftover_remove(&scope, &folders, 0, &removed), STATUS_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(count(FOLDER_RES), sizeof names / sizeof names[0] + 2);
}

static void an_earlier_notice_is_no_obstacle(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);

    (void)state;
    put_old(&scope, "OQSsiquc01res_1.xml", DAY + 1);
    put(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt", TEXT("earlier"));
    assert_int_equal(leftover_remove(&scope, &folders, DAY, NULL), STATUS_OK);
    assert_false(exists(FOLDER_RES, "OQSsiquc01res_1.xml"));
    assert_string_equal(content(FOLDER_RES, "DEL_OQSsiquc01res_1.xml.txt"), "earlier");
    assert_int_equal(count(FOLDER_WORK), 0);
}

#define IN_FOLDERS(test) cmocka_unit_test_setup_teardown(test, folders_setup, folders_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDERS(a_result_is_removed_after_its_stay_and_not_before),
        IN_FOLDERS(what_others_put_into_res_stays),
        IN_FOLDERS(an_earlier_notice_is_no_obstacle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
