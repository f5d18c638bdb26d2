/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "format/oqs.h"
#include "world/samples.h"

#define LIMIT (64UL * 1024 * 1024)
#define FILE_LIMIT (16UL * 1024 * 1024)
#define T DATE(20261105)

static struct world_folder folder;

static int begin(void **state)
{
    struct scope scope = scope_begin(LIMIT);
    char path[] = "/tmp/shikaku-samples-XXXXXX";

    (void)state;
    if (!mkdtemp(path) || folder_begin(&scope, path, false, &folder) != STATUS_OK ||
        samples_write_cast(&scope, &folder, T) != STATUS_OK ||
        samples_write_presentations(&scope, &folder) != STATUS_OK ||
        samples_write_requests(&scope, &folder, T) != STATUS_OK ||
        samples_write_hostile(&scope, &folder, T) != STATUS_OK)
        return -1;
    scope_end(&scope);
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_remove(&folder);
    return access(folder.path, F_OK) == 0 ? -1 : 0;
}

static struct text read_sample(struct scope *scope, const char *file)
{
    char path[FOLDER_PATH_SIZE];
    struct text content = {0};

    folder_path(&folder, file, path);
    if (file_read(scope, path, FILE_LIMIT, &content) != STATUS_OK)
        fail_msg("%s", scope->failure);
    return content;
}

/* --- requests ----------------------------------------------------------------------------------
 */

static void e1_each_request_reads_as_its_scenario(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct cast_inquiry expected = cast_inquiry(&scenarios[i], T);
        struct oqs_inquiry read = {0};
        char file[FOLDER_FILE_MAX] = "samples/requests/OQSsiquc01req_";
        size_t size = strlen(file);
        if (scenarios[i].way != WAY_NUMBERS)
            continue;
        for (const char *at = scenarios[i].name; *at; at++)
            if (*at != '-')
                file[size++] = *at;
        snprintf(file + size, sizeof file - size, ".xml");
        if (oqs_inquiry_read(&scope, OQS_XML, read_sample(&scope, file), &read, NULL) != STATUS_OK)
            fail_msg("%s: %s", file, scope.failure);
        assert_string_equal(read.insurer.digits, expected.insurer);
        assert_int_equal(read.key.birth.yyyymmdd, expected.birth.yyyymmdd);
        assert_int_equal(read.on.yyyymmdd, expected.on.yyyymmdd);
        assert_true(text_is(read.symbol, expected.symbol));
        assert_true(text_is(read.number, expected.number));
        assert_true(text_is(read.branch, expected.branch));
        assert_int_equal(read.consents, scenarios[i].consents & CONSENT_LIMIT);
    }
}

static void check_habit(struct scope *scope, const char *file, const char *insurer,
                        const char *number, int32_t birth)
{
    struct oqs_inquiry read = {0};

    if (oqs_inquiry_read(scope, OQS_XML, read_sample(scope, file), &read, NULL) != STATUS_OK)
        fail_msg("%s: %s", file, scope->failure);
    assert_string_equal(read.insurer.digits, insurer);
    assert_string_equal(read.key.number, number);
    assert_int_equal(read.key.birth.yyyymmdd, birth);
}

static void e1_habits_of_real_programs_are_read(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);

    (void)state;
    check_habit(&scope, "samples/requests/OQSsiquc01req_2026110500001.xml", "06139992", "12345",
                19850510);
    check_habit(&scope, "samples/requests/OQSsiquc01req_habit2.xml", "139998", "567890", 19701123);
    check_habit(&scope, "samples/requests/OQSsiquc01req_habit3.xml", "06139992", "12345", 20170905);
    check_habit(&scope, "samples/requests/OQSsiquc01req_habit4.xml.tmp", "06139992", "12345",
                20220303);
    check_habit(&scope, "samples/requests/OQSsiquc01req_habit6.xml", "139998", "12345", 19540203);
    check_habit(&scope, "samples/requests/OQSsiquc01req_habit7.xml", "39139993", "12342", 19470401);
    check_habit(&scope, "samples/requests/OQSsiquc01req_Habit8aB.XML", "39139993", "12343",
                19490820);
}

static bool contains(struct text text, const char *bytes, size_t size)
{
    for (size_t i = 0; i + size <= text.size; i++)
        if (memcmp(text.bytes + i, bytes, size) == 0)
            return true;
    return false;
}

static void habits_are_exact_to_the_byte(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text file = read_sample(&scope, "samples/requests/OQSsiquc01req_2026110500001.xml");
    struct text halves[2];
    struct oqs_inquiry read = {0};
    char *whole = NULL;

    (void)state;
    assert_true(text_starts_with(file, "<?xml version='1.0' encoding='UTF-8'"));
    assert_true(contains(file, "<ArbitraryFileIdentifier >", 26));
    assert_true(contains(file, "<InsuredBranchNumber></InsuredBranchNumber>", 43));
    file = read_sample(&scope, "samples/requests/OQSsiquc01req_habit2.xml");
    assert_true(contains(file, "\x89\xCB\x8B\xF3", 4)); /* 架空 in CP932 */
    assert_false(contains(file, "\n", 1));
    file = read_sample(&scope, "samples/requests/OQSsiquc01req_habit3.xml");
    assert_true(text_starts_with(file, "\xEF\xBB\xBF<?xml"));
    assert_true(contains(file, "</XmlMsg>\r\n", 11));
    halves[0] = read_sample(&scope, "samples/requests/OQSsiquc01req_habit5.xml.part1");
    halves[1] = read_sample(&scope, "samples/requests/OQSsiquc01req_habit5.xml.part2");
    assert_int_equal(scope_alloc(&scope, halves[0].size + halves[1].size, 1, &whole), 0);
    memcpy(whole, halves[0].bytes, halves[0].size);
    memcpy(whole + halves[0].size, halves[1].bytes, halves[1].size);
    assert_int_equal(oqs_inquiry_read(&scope, OQS_XML,
                                      (struct text){whole, halves[0].size + halves[1].size}, &read,
                                      NULL),
                     STATUS_OK);
    assert_int_not_equal(oqs_inquiry_read(&scope, OQS_XML, halves[0], &read, NULL), STATUS_OK);
}

static void e1_hostile_requests_are_refused(void **state)
{
    static const char *const names[] = {"cut",    "wrongencoding", "entitybomb", "externalentity",
                                        "nested", "twobodies",     "nulbytes",   "nosuchday",
                                        "empty"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        CLEANUP(scope_end) struct scope reading = scope_begin(1024 * 1024);
        struct oqs_inquiry read = {0};
        char file[FOLDER_FILE_MAX];
        snprintf(file, sizeof file, "samples/hostile/OQSsiquc01req_%s.xml", names[i]);
        if (oqs_inquiry_read(&reading, OQS_XML, read_sample(&scope, file), &read, NULL) ==
            STATUS_OK)
            fail_msg("%s was read", file);
    }
}

/* --- the cast as files -------------------------------------------------------------------------
 */

static size_t count_bytes(struct text text, char byte)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += text.bytes[i] == byte;
    return count;
}

static void the_table_of_the_cast_has_a_row_for_each_scenario(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text file = read_sample(&scope, "samples/cast.csv");
    size_t count = 0;

    (void)state;
    cast_scenarios(&count);
    assert_int_equal(count_bytes(file, '\n'), count + 1);
    assert_true(text_starts_with(file, "scenario,insurer_number,symbol,number,branch,birth_date,"
                                       "card_file,mode,confirmation_date,"));
    assert_int_equal(count_bytes(file, '"') % 2, 0);
    assert_true(contains(
        file, "newer-coverage,06139992,架電１３,0000777,00,19920917,,,20261105,0,3,SKK-7006",
        strlen("newer-coverage,06139992,架電１３,0000777,00,19920917,,,20261105,0,3,"
               "SKK-7006")));
}

static void e2_presentations_say_card_mode_and_consent(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct text file = read_sample(&scope, "samples/presentations/cert-valid.present");
    char expected[FOLDER_PATH_SIZE + 128];

    (void)state;
    snprintf(expected, sizeof expected,
             "card = %s/cards/cert-valid.card\nmode = pin\npin = 1234\n"
             "consent = limit,disease,checkup,medication,diagnosis,operation\n",
             folder.path);
    assert_true(text_is(file, expected));
    file = read_sample(&scope, "samples/presentations/elderly-20-card.present");
    assert_false(contains(file, "pin", 3));
}

static void the_documentation_of_the_cast_is_current(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const char *root = getenv("SHIKAKU_ROOT"); /* NOLINT(concurrency-mt-unsafe) */
    char path[4096];
    struct text made = {0};
    struct text kept = {0};

    (void)state;
    assert_int_equal(samples_write_document(&scope, &made), STATUS_OK);
    snprintf(path, sizeof path, "%s/docs/sandbox.md", root ? root : ".");
    assert_int_equal(file_read(&scope, path, FILE_LIMIT, &kept), STATUS_OK);
    if (!text_equal(made, kept))
        fail_msg("docs/sandbox.md: write it anew with 'shikaku world --write-sandbox-doc'");
}

/* --- folders -----------------------------------------------------------------------------------
 */

static void a_folder_that_is_no_world_is_left_alone(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    char path[] = "/tmp/shikaku-folder-XXXXXX";
    char file[64];
    struct world_folder other = {0};

    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/thesis.txt", path);
    assert_int_equal(file_write(&scope, file, TEXT("years of work"), FILE_MODE_PUBLIC), STATUS_OK);
    assert_int_equal(folder_begin(&scope, path, false, &other), STATUS_INVALID);
    scope_forgive(&scope);
    assert_int_equal(folder_begin(&scope, path, true, &other), STATUS_INVALID);
    assert_int_equal(access(file, F_OK), 0);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(path), 0);
}

static void a_world_is_replaced_with_force_only_and_strange_files_stay(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    char path[] = "/tmp/shikaku-folder-XXXXXX";
    char file[FOLDER_PATH_SIZE];
    struct world_folder world = {0};

    (void)state;
    assert_non_null(mkdtemp(path));
    assert_int_equal(folder_begin(&scope, path, false, &world), STATUS_OK);
    assert_int_equal(folder_write(&scope, &world, "world.json", TEXT("{}")), STATUS_OK);
    assert_int_equal(folder_write(&scope, &world, "cards/old.card", TEXT("{}")), STATUS_OK);
    assert_int_equal(folder_begin(&scope, path, false, &world), STATUS_INVALID);
    scope_forgive(&scope);
    assert_int_equal(folder_begin(&scope, path, true, &world), STATUS_OK);
    folder_path(&world, "cards/old.card", file);
    assert_int_not_equal(access(file, F_OK), 0);
    assert_int_equal(folder_write(&scope, &world, "mine.txt", TEXT("mine")), STATUS_OK);
    folder_remove(&world);
    folder_path(&world, "mine.txt", file);
    assert_int_equal(access(file, F_OK), 0);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_each_request_reads_as_its_scenario),
        cmocka_unit_test(e1_habits_of_real_programs_are_read),
        cmocka_unit_test(habits_are_exact_to_the_byte),
        cmocka_unit_test(e1_hostile_requests_are_refused),
        cmocka_unit_test(the_table_of_the_cast_has_a_row_for_each_scenario),
        cmocka_unit_test(e2_presentations_say_card_mode_and_consent),
        cmocka_unit_test(the_documentation_of_the_cast_is_current),
        cmocka_unit_test(a_folder_that_is_no_world_is_left_alone),
        cmocka_unit_test(a_world_is_replaced_with_force_only_and_strange_files_stay),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
