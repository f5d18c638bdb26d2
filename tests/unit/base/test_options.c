/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/options.h"

struct settings {
    const char *dir;
    int64_t people;
    bool once;
    struct date on;
};

static const struct option rows[] = {
    {"dir", OPTION_TEXT, "DIR", NULL, 0, 0, "Where.", "場所。", offsetof(struct settings, dir),
     true},
    {"people", OPTION_NUMBER, "N", "100", 1, 1000, "How many.", "人数。",
     offsetof(struct settings, people), false},
    {"once", OPTION_FLAG, NULL, NULL, 0, 0, "Stop after.", "一度だけ。",
     offsetof(struct settings, once), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "The day.", "日付。", offsetof(struct settings, on),
     false},
};
static const struct option_table table = {rows, 4};

/* Parses words given as one string, parted by blanks. */
static enum status parse(struct scope *scope, const char *line, struct settings *out, int *words)
{
    static char copy[512];
    static char *argv[32];
    int argc = 0;

    snprintf(copy, sizeof copy, "%s", line);
    for (char *at = copy; *at && argc < 32;) {
        argv[argc++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    *out = (struct settings){0};
    assert_int_equal(options_default(scope, table, out), STATUS_OK);
    return options_parse(scope, table, argc, argv, out, words);
}

static void reads_options_and_words_in_any_order(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct settings settings = {0};
    int words = 0;

    (void)state;
    assert_int_equal(parse(&scope, "one --people 7 --dir=/x two --once --on 2026-11-05 -- --three",
                           &settings, &words),
                     STATUS_OK);
    assert_int_equal(words, 3);
    assert_int_equal(settings.people, 7);
    assert_string_equal(settings.dir, "/x");
    assert_true(settings.once);
    assert_int_equal(settings.on.yyyymmdd, 20261105);
}

static void refuses_what_it_does_not_know(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"--peple 7", "did you mean --people"},
        {"--people", "needs a value"},
        {"--people 0", "from 1 to 1000"},
        {"--people 7x", "from 1 to 1000"},
        {"--people 99999999999999999999", "1000"},
        {"--on 20230229", "a date such as"},
        {"-x", "begin with --"},
        {"--once=maybe", "once"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(10000);
        struct settings settings = {0};
        int words = 0;
        assert_int_equal(parse(&scope, cases[i].line, &settings, &words), STATUS_INVALID);
        assert_int_equal(scope.cause, CAUSE_USAGE);
        assert_non_null(strstr(scope.failure, cases[i].says));
    }
}

static enum status read_file(struct scope *scope, const char *content, struct settings *out)
{
    char path[] = "/tmp/options-XXXXXX";
    int file = mkstemp(path);
    enum status status = STATUS_OK;

    assert_true(file >= 0);
    assert_int_equal(write(file, content, strlen(content)), strlen(content));
    close(file);
    status = options_read_file(scope, table, path, out);
    unlink(path);
    return status;
}

static void reads_a_configuration_file(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(10000);
    struct settings settings = {0};

    (void)state;
    assert_int_equal(read_file(&scope, "# c\n\n dir = /a b \npeople=3\nonce = yes\n", &settings),
                     STATUS_OK);
    assert_string_equal(settings.dir, "/a b");
    assert_int_equal(settings.people, 3);
    assert_true(settings.once);
    assert_int_equal(options_require(&scope, table, &settings), STATUS_OK);
    settings.dir = NULL;
    assert_int_equal(options_require(&scope, table, &settings), STATUS_INVALID);
}

static void names_the_line_of_a_wrong_file(void **state)
{
    static const char *const contents[] = {"\npeople = many\n", "\nno such thing\n",
                                           "\ncolour = red\n"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(10000);
        struct settings settings = {0};
        assert_int_equal(read_file(&scope, contents[i], &settings), STATUS_INVALID);
        assert_int_equal(scope.cause, CAUSE_CONFIGURATION);
        assert_non_null(strstr(scope.failure, "line 2"));
    }
}

static void the_sample_file_reads_back_as_the_defaults(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct settings settings = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    options_write_sample(out, table, "sample");
    fclose(out);
    assert_non_null(strstr(text, "#dir ="));
    assert_int_equal(read_file(&scope, text, &settings), STATUS_OK);
    assert_int_equal(settings.people, 100);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_options_and_words_in_any_order),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(reads_a_configuration_file),
        cmocka_unit_test(names_the_line_of_a_wrong_file),
        cmocka_unit_test(the_sample_file_reads_back_as_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
