/* SPDX-License-Identifier: Apache-2.0
 *
 * A terminal is killed behind each step of each claim; the next one must give exactly one result.
 */
#include "terminal_files.h"

#include <signal.h>
#include <sys/wait.h>

#include "played_service.h"
#include "requests.h"
#include "terminal/exchange.h"

#define REQ "OQSsiquc01req_1.xml"
#define RES "OQSsiquc01res_1.xml"
#define STEPS 7

static int die_behind; /* the step */

static void die_there(int step)
{
    if (step == die_behind)
        raise(SIGKILL);
}

static struct exchange *open_exchange(claim_step step)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct exchange *exchange = NULL;
    const struct exchange_settings settings = {.folders = &folders,
                                               .request_max = 1024 * 1024,
                                               .queue_max = 64,
                                               .settle = 2000,
                                               .give_up = 60000,
                                               .rescan = 2000,
                                               .step = step};

    return exchange_open(&scope, &settings, &exchange) == STATUS_OK ? exchange : NULL;
}

/* A terminal's run to the end of all that is due. Returns how often it asked the service. */
static int run_terminal(claim_step step)
{
    struct played_service service = {.base = {&played_ops}};
    struct exchange *exchange = open_exchange(step);

    for (int64_t now = 1000; now < 3000; now += 250) {
        exchange_scan(exchange, now);
        while (exchange_work(exchange, &service.base, false))
            continue;
    }
    exchange_close(exchange);
    return service.calls;
}

/* The same in a process of its own, which dies behind a step. */
static void run_and_die(int step)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        die_behind = step;
        run_terminal(die_there);
        _exit(0); /* the step was not reached */
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void expect_all_done(void)
{
    assert_int_equal(count(FOLDER_REQ), 0);
    assert_int_equal(count(FOLDER_WORK), 0);
}

static void killed_behind_any_step_there_is_one_whole_result(void **state)
{
    (void)state;
    for (int step = 1; step <= STEPS; step++) {
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        run_and_die(step);
        assert_int_equal(exists(FOLDER_RES, RES), step >= 4);
        assert_int_equal(exists(FOLDER_REQ, REQ), step < 5);
        /* behind step 1 nothing was promised; behind step 2 the service is not asked twice */
        assert_int_equal(run_terminal(NULL), step == 1);
        assert_int_equal(count(FOLDER_RES), 1);
        assert_true(holds(FOLDER_RES, RES, "</XmlMsg>"));
        expect_all_done();
        take_away(FOLDER_RES, RES);
    }
}

static void a_result_collected_before_the_restart_is_not_given_twice(void **state)
{
    (void)state;
    for (int step = 4; step <= STEPS; step++) {
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        run_and_die(step);
        take_away(FOLDER_RES, RES);
        assert_int_equal(run_terminal(NULL), 0);
        assert_int_equal(count(FOLDER_RES), 0);
        expect_all_done();
    }
}

static void a_new_request_of_the_same_name_is_a_new_request(void **state)
{
    (void)state;
    for (int step = 4; step <= STEPS; step++) {
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        run_and_die(step);
        take_away(FOLDER_RES, RES);
        put(FOLDER_REQ, REQ, TEXT(REQUEST_ZEROS));
        assert_int_equal(run_terminal(NULL), 1);
        assert_int_equal(count(FOLDER_RES), 1);
        expect_all_done();
        take_away(FOLDER_RES, RES);
    }
}

static void killed_again_and_again_nothing_is_lost_or_doubled(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    put(FOLDER_REQ, "OQSsiquc01req_2.xml", TEXT(REQUEST_ZEROS));
    run_and_die(1);
    run_and_die(2);
    run_and_die(3);
    run_and_die(4);
    run_and_die(5);
    run_terminal(NULL);
    assert_int_equal(count(FOLDER_RES), 2);
    expect_all_done();
}

static void a_withdrawn_request_gets_no_late_answer(void **state)
{
    (void)state;
    for (int step = 2; step <= 3; step++) {
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        run_and_die(step);
        take_away(FOLDER_REQ, REQ);
        assert_int_equal(run_terminal(NULL), 0);
        assert_int_equal(count(FOLDER_RES), 0);
        expect_all_done();
    }
}

static void a_result_that_lies_there_is_waited_for_after_a_restart(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    run_and_die(3);
    put(FOLDER_RES, RES, TEXT("an older answer"));
    assert_int_equal(run_terminal(NULL), 0);
    assert_string_equal(content(FOLDER_RES, RES), "an older answer");
    take_away(FOLDER_RES, RES);
    assert_int_equal(run_terminal(NULL), 0);
    assert_true(holds(FOLDER_RES, RES, "</XmlMsg>"));
    expect_all_done();
}

static void foreign_files_in_work_do_no_harm(void **state)
{
    static const char *const names[] = {
        "OQSsiquc01req_1.xml.answer",
        "OQSsiquc01req_1.xml.zz-1-1.answer",
        "OQSsiquc01req_1.xml.1-1-1.answer.old",
        "OQSsiquc01res_1.xml.1-1-1.claim",
        "..xml.1-1-1.answer",
        ".xml.",
        "OQSsiquc01req_1.xml.11111111111111111111-1-1.claim",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        put(FOLDER_WORK, names[i], TEXT("?"));
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    assert_int_equal(run_terminal(NULL), 1);
    assert_int_equal(count(FOLDER_RES), 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(exists(FOLDER_WORK, names[i]));
}

static void the_touch_comes_behind_the_result(void **state)
{
    struct played_service service = {.base = {&played_ops}};
    struct exchange *exchange = open_exchange(NULL);
    struct file_identity placed = {0}, touched = {0};
    int res = folders.fds[FOLDER_RES];

    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    exchange_scan(exchange, 1000);
    assert_true(exchange_work(exchange, &service.base, false));
    assert_true(folder_find(res, RES, &placed));
    assert_false(exists(FOLDER_REQ, REQ));
    usleep(20000);
    exchange_scan(exchange, 1001);
    exchange_scan(exchange, 1300);
    assert_true(folder_find(res, RES, &touched));
    assert_true(file_identity_equal(placed, touched));
    exchange_scan(exchange, 1301);
    assert_true(folder_find(res, RES, &touched));
    assert_true(touched.changed > placed.changed);
    exchange_close(exchange);
}

#define IN_FOLDERS(test) cmocka_unit_test_setup_teardown(test, folders_setup, folders_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDERS(killed_behind_any_step_there_is_one_whole_result),
        IN_FOLDERS(a_result_collected_before_the_restart_is_not_given_twice),
        IN_FOLDERS(a_new_request_of_the_same_name_is_a_new_request),
        IN_FOLDERS(killed_again_and_again_nothing_is_lost_or_doubled),
        IN_FOLDERS(a_withdrawn_request_gets_no_late_answer),
        IN_FOLDERS(a_result_that_lies_there_is_waited_for_after_a_restart),
        IN_FOLDERS(foreign_files_in_work_do_no_harm),
        IN_FOLDERS(the_touch_comes_behind_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
