/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static char folder[] = "/tmp/test_file.XXXXXX";
static char path[64];

static void a_file_comes_back_with_its_mode(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text read = {0};
    struct stat about = {0};

    (void)state;
    assert_int_equal(file_write(&scope, path, TEXT("one\0two"), FILE_MODE_PUBLIC), STATUS_OK);
    assert_int_equal(file_write(&scope, path, TEXT("secret"), FILE_MODE_SECRET), STATUS_OK);
    assert_int_equal(file_read(&scope, path, 6, &read), STATUS_OK);
    assert_true(text_is(read, "secret"));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void refuses_what_is_too_large_or_no_file(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct text read = {0};

    (void)state;
    assert_int_equal(file_write(&scope, path, TEXT("secret"), FILE_MODE_SECRET), STATUS_OK);
    assert_int_equal(file_read(&scope, path, 5, &read), STATUS_EXHAUSTED);
    scope_forgive(&scope);
    assert_int_equal(file_read(&scope, folder, 100, &read), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(file_read(&scope, "/nonexistent/file", 100, &read), STATUS_UNAVAILABLE);
    scope_forgive(&scope);
    assert_int_equal(file_write(&scope, "/nonexistent/file", read, 0600), STATUS_UNAVAILABLE);
    assert_null(read.bytes);
}

static void a_failed_write_leaves_nothing_behind(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);

    (void)state;
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(file_write(&scope, path, TEXT("x"), 0600), STATUS_UNAVAILABLE);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0); /* empty: no temporary file stays */
    assert_int_equal(mkdir(folder, 0700), 0);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_back_with_its_mode),
        cmocka_unit_test(refuses_what_is_too_large_or_no_file),
        cmocka_unit_test(a_failed_write_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
