/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal_files.h"

#include <sys/stat.h>

#include "terminal/publish.h"

static void a_second_terminal_on_the_same_folders_is_refused(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct folders second = {0};
    char other[128];
    const char *apart[FOLDER_COUNT] = {[FOLDER_WORK] = other};

    (void)state;
    assert_int_equal(folders_open(&scope, base, not_apart, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_FOLDER_IN_USE);
    scope_forgive(&scope);
    /* another work folder does not help: req/ is the same */
    snprintf(other, sizeof other, "%s/other", base);
    assert_int_equal(mkdir(other, 0700), 0);
    assert_int_equal(folders_open(&scope, base, apart, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_FOLDER_IN_USE);
    folders_close(&second);
}

static void a_folder_set_apart_must_exist_and_suit(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct folders second = {0};
    const char *missing[FOLDER_COUNT] = {[FOLDER_REQ] = "/nonexistent/share"};
    const char *elsewhere[FOLDER_COUNT] = {[FOLDER_RES] = "/dev"};
    char own[128];

    (void)state;
    snprintf(own, sizeof own, "%s/own", base);
    assert_int_equal(folders_open(&scope, own, missing, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_FILE_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(folders_open(&scope, own, elsewhere, &second), STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_FILE_UNAVAILABLE);
    assert_non_null(strstr(scope.failure, "one file system"));
    scope_forgive(&scope);
    assert_int_equal(folders_open(&scope, NULL, missing, &second), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(folders_open(&scope, NULL, not_apart, &second), STATUS_INVALID);
    assert_int_equal(scope.cause, CAUSE_CONFIGURATION);
}

static void only_regular_files_within_the_bound_are_read(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct file_identity identity = {0};
    struct text read = {0};
    int req = folders.fds[FOLDER_REQ];

    (void)state;
    put(FOLDER_REQ, "file", TEXT("twelve bytes"));
    assert_int_equal(folder_read(&scope, req, "file", 12, &read, &identity), STATUS_OK);
    assert_true(text_is(read, "twelve bytes"));
    assert_int_equal(folder_read(&scope, req, "file", 11, &read, &identity), STATUS_EXHAUSTED);
    assert_int_equal(scope.cause, CAUSE_BODY_TOO_LARGE);
    scope_forgive(&scope);
    assert_int_equal(symlinkat("file", req, "link"), 0);
    assert_int_equal(mkfifoat(req, "fifo", 0600), 0);
    assert_int_equal(mkdirat(req, "folder", 0700), 0);
    assert_int_equal(folder_read(&scope, req, "link", 99, &read, &identity), STATUS_NOT_FOUND);
    assert_int_equal(folder_read(&scope, req, "fifo", 99, &read, &identity), STATUS_NOT_FOUND);
    assert_int_equal(folder_read(&scope, req, "folder", 99, &read, &identity), STATUS_NOT_FOUND);
    assert_int_equal(folder_read(&scope, req, "gone", 99, &read, &identity), STATUS_NOT_FOUND);
    assert_false(folder_find(req, "link", &identity));
    assert_false(folder_find(req, "fifo", &identity));
}

static void a_file_is_placed_once_and_never_over_another(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    int work = folders.fds[FOLDER_WORK], res = folders.fds[FOLDER_RES];

    (void)state;
    assert_int_equal(publish_write(&scope, work, "a", TEXT("first")), STATUS_OK);
    assert_int_equal(publish_place(&scope, work, "a", res, "r.xml"), STATUS_OK);
    assert_false(exists(FOLDER_WORK, "a"));
    assert_int_equal(publish_write(&scope, work, "b", TEXT("second")), STATUS_OK);
    assert_int_equal(publish_place(&scope, work, "b", res, "r.xml"), STATUS_CONFLICT);
    assert_int_equal(scope.cause, CAUSE_NONE);
    assert_string_equal(content(FOLDER_RES, "r.xml"), "first");
    assert_true(exists(FOLDER_WORK, "b"));
    assert_int_equal(publish_place(&scope, work, "gone", res, "s.xml"), STATUS_NOT_FOUND);
    publish_touch(res, "gone"); /* a reader was faster */
}

static void a_touch_changes_the_time_and_nothing_else(void **state)
{
    struct file_identity before = {0}, after = {0};
    const struct timespec old[2] = {{1000, 0}, {1000, 0}};

    (void)state;
    put(FOLDER_RES, "r.xml", TEXT("result"));
    assert_int_equal(utimensat(folders.fds[FOLDER_RES], "r.xml", old, 0), 0);
    assert_true(folder_find(folders.fds[FOLDER_RES], "r.xml", &before));
    publish_touch(folders.fds[FOLDER_RES], "r.xml");
    assert_true(folder_find(folders.fds[FOLDER_RES], "r.xml", &after));
    assert_int_equal(before.inode, after.inode);
    assert_int_equal(before.size, after.size);
    assert_true(after.changed > before.changed);
}

#define IN_FOLDERS(test) cmocka_unit_test_setup_teardown(test, folders_setup, folders_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDERS(a_second_terminal_on_the_same_folders_is_refused),
        IN_FOLDERS(a_folder_set_apart_must_exist_and_suit),
        IN_FOLDERS(only_regular_files_within_the_bound_are_read),
        IN_FOLDERS(a_file_is_placed_once_and_never_over_another),
        IN_FOLDERS(a_touch_changes_the_time_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
