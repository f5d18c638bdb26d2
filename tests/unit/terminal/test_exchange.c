/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal_files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "played_service.h"
#include "requests.h"
#include "terminal/exchange.h"

#define REQ "OQSsiquc01req_1.xml"
#define RES "OQSsiquc01res_1.xml"
#define SETTLE 2000
#define GIVE_UP 60000

static struct exchange *exchange;
static struct played_service service;
static int64_t now; /* ms, played */

static void open_exchange(enum oqs_encoding encoding)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    const struct exchange_settings settings = {.folders = &folders,
                                               .encoding = encoding,
                                               .request_max = 1024 * 1024,
                                               .queue_max = 64,
                                               .settle = SETTLE,
                                               .give_up = GIVE_UP,
                                               .rescan = 2000};

    assert_int_equal(exchange_open(&scope, &settings, &exchange), STATUS_OK);
}

static int setup(void **state)
{
    if (folders_setup(state) != 0)
        return -1;
    service = (struct played_service){.base = {&played_ops}};
    now = 1000;
    open_exchange(OQS_UTF8);
    return 0;
}

static int teardown(void **state)
{
    exchange_close(exchange);
    return folders_teardown(state);
}

/* Looks, and works off what is due, after so many milliseconds. */
static void after(int64_t milliseconds)
{
    now += milliseconds;
    exchange_scan(exchange, now);
    while (exchange_work(exchange, &service.base, false))
        continue;
}

/* The touch, and the end of the claim. */
static void let_finish(void)
{
    after(0);
    after(300);
    assert_int_equal(count(FOLDER_WORK), 0);
}

static void expect_answered(const char *result)
{
    assert_true(exists(FOLDER_RES, result));
    assert_true(holds(FOLDER_RES, result, "<SegmentOfResult>1<"));
    assert_int_equal(count(FOLDER_REQ), 0);
    let_finish();
}

static void expect_refused(const char *code)
{
    assert_int_equal(count(FOLDER_RES), 1);
    assert_true(holds(FOLDER_RES, RES, "<SegmentOfResult>9<"));
    assert_true(holds(FOLDER_RES, RES, code));
    assert_int_equal(count(FOLDER_REQ), 0);
    let_finish();
}

/* --- habits of real programs ------------------------------------------------------------------ */

static void e5_a_request_by_numbers_is_answered_and_goes(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    assert_int_equal(service.calls, 1);
    assert_non_null(strstr(service.last, "<InsurerNumber>  139998</InsurerNumber>"));
    assert_true(holds(FOLDER_RES, RES, "<ArbitraryFileIdentifier>F-1<"));
    assert_true(holds(FOLDER_RES, RES, "髙﨑　𠮷次"));
    expect_answered(RES);
    after(5000);
    assert_int_equal(service.calls, 1);
    assert_int_equal(exchange_figures(exchange).answered, 1);
}

static void e5_habit_1_blanks_in_tags_and_a_long_suffix(void **state)
{
    (void)state;
    put(FOLDER_REQ, "OQSsiquc01req_2026110500012.xml", TEXT(REQUEST_BLANKS));
    after(0);
    expect_answered("OQSsiquc01res_2026110500012.xml");
}

static void e5_habit_2_shift_jis_goes_to_the_service_as_utf8(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_SHIFT_JIS));
    after(0);
    assert_non_null(strstr(service.last, "<InsuredCardSymbol>架空</InsuredCardSymbol>"));
    assert_null(strstr(service.last, "Shift_JIS"));
    expect_answered(RES);
}

static void e5_habit_3_byte_order_mark_and_crlf(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_MARK));
    after(0);
    expect_answered(RES);
}

static void e5_habit_4_written_as_tmp_and_renamed(void **state)
{
    int req = folders.fds[FOLDER_REQ];

    (void)state;
    put(FOLDER_REQ, REQ ".tmp", TEXT(REQUEST_PLAIN));
    after(0);
    after(SETTLE);
    assert_int_equal(count(FOLDER_RES), 0);
    assert_int_equal(renameat(req, REQ ".tmp", req, REQ), 0);
    after(0);
    expect_answered(RES);
}

static void e5_habit_5_written_in_pieces(void **state)
{
    static const char whole[] = REQUEST_PLAIN;

    (void)state;
    /* wherever the first piece ends, there is one answer, to the whole */
    for (size_t cut = 0; cut < sizeof whole - 2; cut += 37) {
        int calls = service.calls;
        put(FOLDER_REQ, REQ, (struct text){whole, cut});
        after(0);
        after(500);
        assert_int_equal(count(FOLDER_RES), 0);
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        after(100);
        assert_int_equal(service.calls, calls + 1);
        expect_answered(RES);
        take_away(FOLDER_RES, RES);
    }
}

static void e5_habit_6_zeros_and_hyphens(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_ZEROS));
    after(0);
    assert_non_null(strstr(service.last, "<InsurerNumber>  139998</InsurerNumber>"));
    expect_answered(RES);
}

static void e5_habit_7_a_suffix_whose_answer_was_not_collected_waits(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(100000);
    struct text waiting = {0};

    (void)state;
    put(FOLDER_RES, RES, TEXT("an older answer"));
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    after(SETTLE);
    after(10 * GIVE_UP);
    assert_int_equal(service.calls, 0);
    assert_string_equal(content(FOLDER_RES, RES), "an older answer");
    assert_true(exists(FOLDER_REQ, REQ));
    assert_int_equal(exchange_figures(exchange).blocked, 1);
    assert_int_equal(exchange_write_waiting(&scope, exchange, &waiting), STATUS_OK);
    assert_string_equal(waiting.bytes,
                        "[{\"request\":\"" REQ "\",\"reason\":\"result_not_collected\"}]");
    take_away(FOLDER_RES, RES);
    after(0);
    expect_answered(RES);
}

static void e5_habit_8_upper_case_ending_and_letters(void **state)
{
    (void)state;
    put(FOLDER_REQ, "OQSsiquc01req_a9Z.XML", TEXT(REQUEST_PLAIN));
    after(0);
    expect_answered("OQSsiquc01res_a9Z.xml");
}

static void e5_requests_that_differ_in_their_ending_share_one_result_name(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    put(FOLDER_REQ, "OQSsiquc01req_1.XML", TEXT(REQUEST_ZEROS));
    after(0);
    assert_int_equal(count(FOLDER_RES), 1);
    assert_int_equal(count(FOLDER_REQ), 1);
    take_away(FOLDER_RES, RES);
    after(0);
    assert_int_equal(count(FOLDER_RES), 1);
    assert_int_equal(count(FOLDER_REQ), 0);
}

/* --- hostile files ---------------------------------------------------------------------------- */

static void a_request_that_stays_cut_is_answered_with_its_error(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, (struct text){REQUEST_PLAIN, 300});
    after(0);
    after(SETTLE - 1);
    assert_int_equal(count(FOLDER_RES), 0);
    after(1);
    expect_refused("SKK-1001");
    assert_int_equal(service.calls, 0);
}

static void an_empty_request_is_answered_with_its_error(void **state)
{
    (void)state;
    put(FOLDER_REQ, REQ, TEXT(""));
    after(0);
    after(SETTLE);
    expect_refused("SKK-1001");
}

static void wrong_content_is_answered_at_once(void **state)
{
    static const struct {
        const char *bytes, *code;
    } rows[] = {{REQUEST_BAD_DATE, "SKK-1104"},
                {REQUEST_BOMB, "SKK-1002"},
                {REQUEST_TWO_BODIES, "SKK-1102"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(FOLDER_REQ, REQ, text_of(rows[i].bytes));
        after(0);
        expect_refused(rows[i].code);
        take_away(FOLDER_RES, RES);
    }
    assert_int_equal(service.calls, 0);
}

static void bytes_that_are_no_text_are_answered_with_their_error(void **state)
{
    static const char nul[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg>\0</XmlMsg>";
    static const char wrong[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg>\x89\xCB\x8B\xF3</XmlMsg>";

    (void)state;
    put(FOLDER_REQ, REQ, (struct text){nul, sizeof nul - 1});
    after(0);
    assert_true(holds(FOLDER_RES, RES, "<SegmentOfResult>9<"));
    let_finish();
    take_away(FOLDER_RES, RES);
    put(FOLDER_REQ, REQ, (struct text){wrong, sizeof wrong - 1});
    after(0);
    expect_refused("SKK-1003");
}

static void a_file_of_fifty_megabytes_is_answered_unread(void **state)
{
    int file = openat(folders.fds[FOLDER_REQ], REQ, O_WRONLY | O_CREAT, 0600);

    (void)state;
    assert_int_equal(ftruncate(file, 50L * 1024 * 1024), 0);
    after(0);
    assert_int_equal(count(FOLDER_RES), 0); /* it may still grow */
    assert_int_equal(ftruncate(file, 51L * 1024 * 1024), 0);
    after(SETTLE - 1);
    after(SETTLE - 1);
    assert_int_equal(count(FOLDER_RES), 0);
    after(1);
    close(file);
    expect_refused("SKK-1006");
}

static void what_is_no_file_stays_untouched(void **state)
{
    int req = folders.fds[FOLDER_REQ];

    (void)state;
    put(FOLDER_WORK, "secret", TEXT(REQUEST_PLAIN));
    assert_int_equal(symlinkat("../work/secret", req, "OQSsiquc01req_1.xml"), 0);
    assert_int_equal(mkdirat(req, "OQSsiquc01req_2.xml", 0700), 0);
    assert_int_equal(mkfifoat(req, "OQSsiquc01req_3.xml", 0600), 0);
    after(0);
    after(SETTLE);
    assert_int_equal(count(FOLDER_RES), 0);
    assert_int_equal(count(FOLDER_REQ), 3);
    assert_int_equal(service.calls, 0);
}

static void other_families_are_answered_and_other_names_rejected(void **state)
{
    (void)state;
    put(FOLDER_REQ, "OQSmuquc01req_7.xml", TEXT("<XmlMsg>" HEADER("F-7") "</XmlMsg>"));
    put(FOLDER_REQ, "OQSsiquc01req_bad-name.xml", TEXT(REQUEST_PLAIN));
    put(FOLDER_REQ, "notes.txt", TEXT("others' file"));
    after(0);
    assert_true(holds(FOLDER_RES, "OQSmuquc01res_7.xml", "<ErrorCode>SKK-1201<"));
    assert_true(holds(FOLDER_RES, "OQSmuquc01res_7.xml", "<ArbitraryFileIdentifier>F-7<"));
    assert_true(exists(FOLDER_REQ, "OQSsiquc01req_bad-name.xml")); /* may still be written */
    after(SETTLE);
    assert_true(exists(FOLDER_REJECTED, "OQSsiquc01req_bad-name.xml"));
    assert_true(holds(FOLDER_REJECTED, "OQSsiquc01req_bad-name.xml.txt", "半角英数字"));
    assert_true(holds(FOLDER_REJECTED, "OQSsiquc01req_bad-name.xml.txt", "ASCII letters"));
    assert_true(exists(FOLDER_REQ, "notes.txt"));
    assert_int_equal(count(FOLDER_REQ), 1);
    /* the same name again does not replace the first */
    put(FOLDER_REQ, "OQSsiquc01req_bad-name.xml", TEXT("another"));
    after(0);
    after(SETTLE);
    assert_true(holds(FOLDER_REJECTED, "OQSsiquc01req_bad-name.xml", "InsurerNumber"));
    assert_true(holds(FOLDER_REJECTED, "OQSsiquc01req_bad-name.xml.2", "another"));
    assert_int_equal(exchange_figures(exchange).rejected, 2);
    assert_int_equal(service.calls, 0);
}

/* --- the service ------------------------------------------------------------------------------ */

static void c5_while_the_service_is_away_a_request_is_tried_again(void **state)
{
    static const int64_t delays[] = {1000, 2000, 4000, 8000, 16000};

    (void)state;
    service.play = PLAY_AWAY;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        after(0); /* sees that it failed */
        after(delays[i] - 1);
        assert_int_equal(service.calls, i + 1);
        after(1);
        assert_int_equal(service.calls, i + 2);
    }
    assert_int_equal(count(FOLDER_RES), 0);
    assert_true(exists(FOLDER_REQ, REQ));
    assert_true(exchange_figures(exchange).service_away);
    service.play = PLAY_ANSWER;
    after(0);
    after(30000);
    assert_false(exchange_figures(exchange).service_away);
    expect_answered(RES);
}

static void c5_after_the_limit_the_answer_is_that_the_service_is_away(void **state)
{
    (void)state;
    service.play = PLAY_AWAY;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    for (int64_t passed = 0; passed < GIVE_UP; passed += 500) {
        assert_int_equal(count(FOLDER_RES), 0);
        after(500);
    }
    after(0);
    expect_refused("SKK-4001");
    assert_true(holds(FOLDER_RES, RES, "<ArbitraryFileIdentifier>F-1<"));
    assert_int_equal(service.calls, 7); /* after 0, 1, 3, 7, 15, 31 and 60 seconds */
}

static void c5_a_pile_does_not_wait_for_a_try_each(void **state)
{
    char name[64];

    (void)state;
    service.play = PLAY_AWAY;
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "OQSsiquc01req_%d.xml", i);
        put(FOLDER_REQ, name, TEXT(REQUEST_PLAIN));
    }
    exchange_scan(exchange, now);
    assert_true(exchange_work(exchange, &service.base, false));
    /* the time-outs of others used up their time */
    now += GIVE_UP + EXCHANGE_RETRY_LAST;
    for (int i = 0; i < 4; i++)
        after(1000);
    assert_int_equal(count(FOLDER_RES), 100);
    assert_int_equal(count(FOLDER_REQ), 0);
    assert_true(service.calls <= 65); /* those that were queued */
}

static void a_busy_or_foreign_service_counts_as_away(void **state)
{
    static const enum play plays[] = {PLAY_BUSY, PLAY_NONSENSE};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        service.play = plays[i];
        put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
        after(0);
        assert_int_equal(count(FOLDER_RES), 0);
        assert_int_equal(exchange_figures(exchange).away, 1);
        service.play = PLAY_ANSWER;
        after(0);
        after(1000);
        expect_answered(RES);
        take_away(FOLDER_RES, RES);
    }
}

static void a_refusal_of_the_service_is_passed_on_as_it_is(void **state)
{
    (void)state;
    service.play = PLAY_REFUSE;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    assert_string_equal(content(FOLDER_RES, RES), PLAYED_REFUSAL);
    expect_refused("SKK-2001");
}

static void rewrite_request(void)
{
    service.meanwhile = NULL;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_ZEROS));
}

static void a_request_that_changes_while_it_is_asked_is_asked_again(void **state)
{
    (void)state;
    service.meanwhile = rewrite_request;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    assert_int_equal(count(FOLDER_RES), 0);
    after(0);
    assert_int_equal(service.calls, 2);
    assert_non_null(strstr(service.last, "<InsuredCardSymbol>9-9</InsuredCardSymbol>"));
    expect_answered(RES);
}

static void withdraw_request(void)
{
    take_away(FOLDER_REQ, REQ);
}

static void a_request_that_is_withdrawn_gets_no_answer(void **state)
{
    (void)state;
    service.meanwhile = withdraw_request;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    after(0);
    assert_int_equal(count(FOLDER_RES), 0);
    assert_int_equal(count(FOLDER_WORK), 0);
    service.meanwhile = NULL;
    service.play = PLAY_AWAY;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    take_away(FOLDER_REQ, REQ);
    service.play = PLAY_ANSWER;
    after(0);
    after(1000);
    assert_int_equal(count(FOLDER_RES), 0);
    assert_int_equal(exchange_figures(exchange).waiting, 0);
}

static void lay_result(void)
{
    put(FOLDER_RES, RES, TEXT("somebody was faster"));
}

static void a_result_that_appears_meanwhile_is_not_overwritten(void **state)
{
    (void)state;
    service.meanwhile = lay_result;
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    after(5000);
    assert_string_equal(content(FOLDER_RES, RES), "somebody was faster");
    assert_true(exists(FOLDER_REQ, REQ));
    take_away(FOLDER_RES, RES);
    after(0);
    assert_int_equal(service.calls, 1); /* the answer was kept */
    expect_answered(RES);
}

/* --- encodings and amounts -------------------------------------------------------------------- */

static void e5_a_site_may_have_its_results_in_shift_jis(void **state)
{
    (void)state;
    exchange_close(exchange);
    open_exchange(OQS_SHIFT_JIS);
    put(FOLDER_REQ, REQ, TEXT(REQUEST_PLAIN));
    after(0);
    assert_true(holds(FOLDER_RES, RES, "encoding=\"Shift_JIS\""));
    assert_true(holds(FOLDER_RES, RES, "<CharacterCodeIdentifier>1<"));
    assert_true(holds(FOLDER_RES, RES, "\xFB\xFC\xFA\xB1")); /* 髙﨑 */
    assert_true(holds(FOLDER_RES, RES, "\x81\x9C\x8E\x9F")); /* ●次 */
    assert_true(holds(FOLDER_RES, RES, "<ProcessingResultCode>SKK-7007<"));
    assert_false(holds(FOLDER_RES, RES, "髙"));
}

static void many_requests_are_answered_in_the_order_of_their_coming(void **state)
{
    char name[64];

    (void)state;
    for (int i = 0; i < 150; i++) {
        snprintf(name, sizeof name, "OQSsiquc01req_%06d.xml", i);
        put(FOLDER_REQ, name, TEXT(REQUEST_PLAIN));
    }
    for (int i = 0; i < 10; i++)
        after(1);
    assert_int_equal(count(FOLDER_RES), 150);
    assert_int_equal(count(FOLDER_REQ), 0);
    assert_int_equal(service.calls, 150);
}

/* --- threads ---------------------------------------------------------------------------------- */

static atomic_bool released;

static void be_slow(void)
{
    while (!atomic_load(&released))
        usleep(1000);
}

static void wait_for_results(size_t wanted)
{
    for (int i = 0; i < 10000 && count(FOLDER_RES) < wanted; i++)
        usleep(1000);
}

static void *work(void *service_)
{
    struct played_service *own = service_;

    while (exchange_work(exchange, &own->base, true))
        continue;
    return NULL;
}

static void one_slow_request_does_not_hold_the_others(void **state)
{
    struct played_service slow = {.base = {&played_ops}, .meanwhile = be_slow};
    struct played_service quick = {.base = {&played_ops}};
    pthread_t threads[2];
    char name[64];

    (void)state;
    pthread_create(&threads[0], NULL, work, &slow);
    put(FOLDER_REQ, "OQSsiquc01req_slow.xml", TEXT(REQUEST_PLAIN));
    exchange_scan(exchange, ++now);
    while (atomic_load(&slow.calls) == 0)
        usleep(1000);
    pthread_create(&threads[1], NULL, work, &quick);
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "OQSsiquc01req_%d.xml", i);
        put(FOLDER_REQ, name, TEXT(REQUEST_PLAIN));
    }
    exchange_scan(exchange, ++now);
    wait_for_results(20);
    assert_int_equal(count(FOLDER_RES), 20);
    assert_false(exists(FOLDER_RES, "OQSsiquc01res_slow.xml"));
    exchange_stop(exchange);
    atomic_store(&released, true);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_true(exists(FOLDER_RES, "OQSsiquc01res_slow.xml")); /* what is begun is ended */
}

#define EXCHANGE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXCHANGE(e5_a_request_by_numbers_is_answered_and_goes),
        EXCHANGE(e5_habit_1_blanks_in_tags_and_a_long_suffix),
        EXCHANGE(e5_habit_2_shift_jis_goes_to_the_service_as_utf8),
        EXCHANGE(e5_habit_3_byte_order_mark_and_crlf),
        EXCHANGE(e5_habit_4_written_as_tmp_and_renamed),
        EXCHANGE(e5_habit_5_written_in_pieces),
        EXCHANGE(e5_habit_6_zeros_and_hyphens),
        EXCHANGE(e5_habit_7_a_suffix_whose_answer_was_not_collected_waits),
        EXCHANGE(e5_habit_8_upper_case_ending_and_letters),
        EXCHANGE(e5_requests_that_differ_in_their_ending_share_one_result_name),
        EXCHANGE(a_request_that_stays_cut_is_answered_with_its_error),
        EXCHANGE(an_empty_request_is_answered_with_its_error),
        EXCHANGE(wrong_content_is_answered_at_once),
        EXCHANGE(bytes_that_are_no_text_are_answered_with_their_error),
        EXCHANGE(a_file_of_fifty_megabytes_is_answered_unread),
        EXCHANGE(what_is_no_file_stays_untouched),
        EXCHANGE(other_families_are_answered_and_other_names_rejected),
        EXCHANGE(c5_while_the_service_is_away_a_request_is_tried_again),
        EXCHANGE(c5_after_the_limit_the_answer_is_that_the_service_is_away),
        EXCHANGE(c5_a_pile_does_not_wait_for_a_try_each),
        EXCHANGE(a_busy_or_foreign_service_counts_as_away),
        EXCHANGE(a_refusal_of_the_service_is_passed_on_as_it_is),
        EXCHANGE(a_request_that_changes_while_it_is_asked_is_asked_again),
        EXCHANGE(a_request_that_is_withdrawn_gets_no_answer),
        EXCHANGE(a_result_that_appears_meanwhile_is_not_overwritten),
        EXCHANGE(e5_a_site_may_have_its_results_in_shift_jis),
        EXCHANGE(one_slow_request_does_not_hold_the_others),
        EXCHANGE(many_requests_are_answered_in_the_order_of_their_coming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
