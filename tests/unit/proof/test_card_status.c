/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/log.h"
#include "played_crl.h"
#include "proof/card_status_parts.h"

#define LIMIT (1 << 22)
#define AGE 900
#define GRACE 86400
#define SECOND INT64_C(1000000)

static struct world {
    struct scope scope;
    struct issuer *ca;
    struct card_trust *trust;
    struct instant begun;
} world;

/* --- an issuer in the place of the network --- */

static struct played_issuer {
    struct fetcher base;
    pthread_mutex_t lock; /* for all below: the background thread asks, too */
    bool away;
    int questions, lists;
    struct played_answer answer;
    struct played_crl list;
} played;

static enum status played_fetch(struct scope *scope, struct fetcher *fetcher,
                                const struct fetch_request *request, struct text *body,
                                long *http_code)
{
    bool away = false;

    (void)fetcher;
    pthread_mutex_lock(&played.lock);
    away = played.away;
    if (text_empty(request->body)) {
        assert_string_equal(request->url, "http://played/1.crl");
        played.lists++;
        if (!away)
            *body = played_list(scope, world.ca, &played.list);
    } else {
        assert_string_equal(request->url, "http://played/ocsp");
        assert_string_equal(request->content_type, "application/ocsp-request");
        played.questions++;
        if (!away)
            *body = played_respond(scope, world.ca, request->body, &played.answer);
    }
    pthread_mutex_unlock(&played.lock);
    *http_code = 200;
    return away ? scope_fail(scope, CAUSE_STATUS_SOURCE_AWAY, "played") : STATUS_OK;
}

static void played_close(struct fetcher *fetcher)
{
    (void)fetcher;
}

static const struct fetcher_ops played_ops = {played_fetch, played_close};

static void go_away(bool away)
{
    pthread_mutex_lock(&played.lock);
    played.away = away;
    pthread_mutex_unlock(&played.lock);
}

static void answer_with(struct played_answer answer)
{
    pthread_mutex_lock(&played.lock);
    played.answer = answer;
    pthread_mutex_unlock(&played.lock);
}

static int questions(void)
{
    int asked = 0;

    pthread_mutex_lock(&played.lock);
    asked = played.questions;
    pthread_mutex_unlock(&played.lock);
    return asked;
}

/* A status over the played issuer, which is there and says good. */
static struct card_status *open_with(const char *ocsp, const char *crl)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    const struct card_status_options options = {
        .ocsp_url = ocsp, .crl_url = crl, .age = AGE, .grace = GRACE, .cache = 64};
    struct card_status *status = NULL;

    played.base.ops = &played_ops;
    played.away = false;
    played.questions = played.lists = 0;
    played.answer = (struct played_answer){0};
    assert_int_equal(card_status_open(&scope, world.trust, &played.base, &options, &status),
                     STATUS_OK);
    return status;
}

static struct card_status *open_ocsp(void)
{
    return open_with("http://played/ocsp", NULL);
}

/* Asks some seconds after now; the cause of a refusal. */
static enum cause find_after(struct card_status *status, int64_t seconds, uint64_t serial,
                             struct card_standing *out)
{
    CLEANUP(scope_end)
    struct scope scope =
        scope_begin_at(LIMIT, (struct instant){world.begun.microseconds + seconds * SECOND});
    enum status result = card_status_find(&scope, status, (struct status_key){1, serial}, out);

    assert_int_equal(result, failure_text(scope.cause)->status);
    return scope.cause;
}

static void assert_finds(struct card_status *status, int64_t seconds, uint64_t serial,
                         enum revocation_state state, bool degraded)
{
    struct card_standing standing = {0};

    assert_int_equal(find_after(status, seconds, serial, &standing), CAUSE_NONE);
    assert_int_equal(standing.state, state);
    assert_int_equal(standing.degraded, degraded);
}

/* --- the responder --- */

static void k1_an_answer_is_used_for_its_age(void **state)
{
    struct card_status *status = open_ocsp();

    (void)state;
    assert_finds(status, 0, 5, REVOCATION_GOOD, false);
    assert_finds(status, AGE / 2, 5, REVOCATION_GOOD, false);
    assert_int_equal(questions(), 1);
    assert_finds(status, 0, 6, REVOCATION_GOOD, false); /* another certificate */
    assert_int_equal(questions(), 2);
    answer_with((struct played_answer){.state = V_OCSP_CERTSTATUS_REVOKED, .reason = 4});
    assert_finds(status, AGE + 1, 5, REVOCATION_REVOKED, false);
    assert_int_equal(card_status_figures(status).asked, 3);
    card_status_close(status);
}

static void k1_an_answer_is_not_used_beyond_its_next_update(void **state)
{
    struct card_status *status = open_ocsp();

    (void)state;
    answer_with((struct played_answer){.valid = 60});
    assert_finds(status, 0, 5, REVOCATION_GOOD, false);
    assert_finds(status, 59, 5, REVOCATION_GOOD, false);
    assert_int_equal(questions(), 1);
    assert_finds(status, 62, 5, REVOCATION_GOOD, false);
    assert_int_equal(questions(), 2);
    card_status_close(status);
}

static void k1_unknown_is_told_as_that(void **state)
{
    struct card_status *status = open_ocsp();

    (void)state;
    answer_with((struct played_answer){.state = V_OCSP_CERTSTATUS_UNKNOWN});
    assert_finds(status, 0, 5, REVOCATION_UNKNOWN, false);
    card_status_close(status);
}

static void k1_while_the_responder_is_away_the_last_word_counts_until_grace_ends(void **state)
{
    struct card_status *status = open_ocsp();
    struct card_standing standing = {0};

    (void)state;
    assert_finds(status, 0, 5, REVOCATION_GOOD, false);
    go_away(true);
    assert_finds(status, AGE, 5, REVOCATION_GOOD, false);
    assert_int_equal(find_after(status, AGE + 1, 5, &standing), CAUSE_NONE);
    assert_true(standing.degraded);
    assert_true(standing.as_of.microseconds == world.begun.microseconds);
    assert_finds(status, GRACE, 5, REVOCATION_GOOD, true);
    assert_int_equal(find_after(status, GRACE + 1, 5, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    assert_int_equal(find_after(status, 0, 6, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    assert_int_equal(card_status_figures(status).degraded, 2);
    assert_int_equal(card_status_figures(status).refused, 2);
    card_status_close(status);
}

static void k1_a_revocation_counts_at_any_age(void **state)
{
    struct card_status *status = open_ocsp();

    (void)state;
    answer_with((struct played_answer){.state = V_OCSP_CERTSTATUS_REVOKED});
    assert_finds(status, 0, 5, REVOCATION_REVOKED, false);
    go_away(true);
    assert_finds(status, 2 * GRACE, 5, REVOCATION_REVOKED, true);
    card_status_close(status);
}

static void k1_a_false_answer_is_none(void **state)
{
    struct card_status *status = open_ocsp();
    struct card_standing standing = {0};

    (void)state;
    answer_with((struct played_answer){.other_nonce = true});
    assert_int_equal(find_after(status, 0, 5, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    answer_with((struct played_answer){.serial = 6});
    assert_int_equal(find_after(status, 0, 5, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    card_status_close(status);
}

/* Waits until a claim of the background thread holds; ten seconds at most. */
static void wait_until(bool (*claim)(struct card_status *status), struct card_status *status)
{
    for (int i = 0; i < 1000 && !claim(status); i++)
        usleep(10000);
    assert_true(claim(status));
}

static bool back(struct card_status *status)
{
    return !card_status_figures(status).away;
}

static bool asked_twice(struct card_status *status)
{
    (void)status;
    return questions() == 2;
}

static void k1_after_failures_checks_ask_no_more_until_it_answers_again(void **state)
{
    struct card_status *status = open_ocsp();
    struct card_standing standing = {0};

    (void)state;
    go_away(true);
    for (uint64_t serial = 1; serial <= BREAKER_FAILURES; serial++) {
        assert_false(card_status_figures(status).away);
        assert_int_equal(find_after(status, 0, serial, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    }
    assert_true(card_status_figures(status).away);
    for (uint64_t serial = 100; serial < 200; serial++)
        assert_int_equal(find_after(status, 0, serial, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    assert_true(questions() <= BREAKER_FAILURES + 1); /* one may be the background's */
    go_away(false);
    wait_until(back, status);
    assert_finds(status, 0, 100, REVOCATION_GOOD, false);
    card_status_close(status);
}

static void k1_what_nears_its_end_is_asked_for_in_the_background(void **state)
{
    struct card_status *status = open_ocsp();

    (void)state;
    assert_finds(status, -AGE + 60, 5, REVOCATION_GOOD, false);
    answer_with((struct played_answer){.state = V_OCSP_CERTSTATUS_REVOKED});
    assert_finds(status, 0, 5, REVOCATION_GOOD, false); /* at once, from what is kept */
    wait_until(asked_twice, status);
    for (int i = 0; i < 500 && card_status_figures(status).asked < 2; i++)
        usleep(10000);
    assert_finds(status, 0, 5, REVOCATION_REVOKED, false);
    assert_int_equal(questions(), 2);
    card_status_close(status);
}

/* --- lists --- */

static void k1_a_list_stands_in_for_the_responder(void **state)
{
    struct card_status *status = NULL;
    struct card_standing standing = {0};

    (void)state;
    played.list = (struct played_crl){.first = 50, .count = 2, .reason = 1, .valid = 86400};
    status = open_with("http://played/ocsp", "http://played/%d.crl");
    assert_int_equal(card_status_figures(status).listed, 2);
    assert_finds(status, 0, 5, REVOCATION_GOOD, false); /* by the responder */
    assert_int_equal(questions(), 1);
    assert_finds(status, 0, 51, REVOCATION_REVOKED, false); /* whatever the responder says */
    assert_int_equal(questions(), 1);
    go_away(true);
    assert_finds(status, 0, 6, REVOCATION_GOOD, true);
    assert_finds(status, GRACE - 5, 6, REVOCATION_GOOD, true);
    assert_int_equal(find_after(status, GRACE + 5, 6, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    assert_finds(status, GRACE + 5, 51, REVOCATION_REVOKED, false);
    card_status_close(status);
}

static void k1_a_list_alone_is_used_until_its_next_update(void **state)
{
    struct card_status *status = NULL;
    struct card_standing standing = {0};

    (void)state;
    played.list = (struct played_crl){.first = 50, .count = 2, .valid = 3600};
    status = open_with("", "http://played/%d.crl");
    assert_finds(status, 0, 5, REVOCATION_GOOD, false);
    assert_finds(status, 3590, 5, REVOCATION_GOOD, false);
    assert_finds(status, 3610, 5, REVOCATION_GOOD, true);
    assert_int_equal(find_after(status, GRACE + 5, 5, &standing), CAUSE_CARD_STATUS_UNCONFIRMED);
    assert_int_equal(questions(), 0);
    card_status_close(status);
}

static void k1_an_older_list_does_not_replace_a_newer_one(void **state)
{
    struct card_status *status = NULL;

    (void)state;
    played.list = (struct played_crl){.first = 50, .count = 2, .valid = 3600};
    status = open_with("", "http://played/%d.crl");
    played.list = (struct played_crl){.age = 7200, .valid = 86400};
    status_load_list(status, 1);
    assert_finds(status, 0, 50, REVOCATION_REVOKED, false);
    played.list = (struct played_crl){.first = 60, .count = 1, .age = -60, .valid = 86400};
    status_load_list(status, 1);
    assert_finds(status, 0, 60, REVOCATION_REVOKED, false);
    assert_int_equal(card_status_figures(status).listed, 1);
    go_away(true);
    status_load_list(status, 1);
    assert_finds(status, 0, 60, REVOCATION_REVOKED, false);
    assert_int_equal(card_status_figures(status).lists_failed, 1);
    card_status_close(status);
}

static void a_wrong_address_is_refused(void **state)
{
    static const char *const rows[] = {"ocsp.example", "ftp://example/", "http://", "file://x"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
        const struct card_status_options options = {
            .ocsp_url = rows[i], .age = AGE, .grace = GRACE, .cache = 64};
        struct card_status *status = NULL;
        assert_int_equal(card_status_open(&scope, world.trust, &played.base, &options, &status),
                         STATUS_INVALID);
        assert_null(status);
    }
}

/* --- many threads --- */

static void *find_many(void *status)
{
    struct card_standing standing = {0};

    for (uint64_t i = 0; i < 400; i++)
        if (find_after(status, (int64_t)(i % 20) * AGE / 10, 1 + i % 23, &standing) == CAUSE_NONE)
            assert_int_equal(standing.state, REVOCATION_GOOD);
    return NULL;
}

static void threads_share_what_is_known(void **state)
{
    struct card_status *status = NULL;
    pthread_t threads[3];

    (void)state;
    played.list = (struct played_crl){.first = 50, .count = 2, .valid = 3600};
    status = open_with("http://played/ocsp", "http://played/%d.crl");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_many, status), 0);
    for (int i = 0; i < 20; i++) {
        go_away(i % 2 == 0);
        status_load_list(status, 1);
        usleep(2000);
    }
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    go_away(false);
    wait_until(back, status);
    assert_finds(status, 0, 1, REVOCATION_GOOD, false);
    card_status_close(status);
}

static int make_world(void **state)
{
    (void)state;
    pthread_mutex_init(&played.lock, NULL);
    log_set_level(LOG_ERROR);
    world.scope = scope_begin(LIMIT);
    world.ca = test_make_issuer(&world.scope, ISSUER_CARD_AUTHENTICATION);
    world.trust = played_trust(&world.scope, world.ca);
    world.begun = instant_now();
    return 0;
}

static int drop_world(void **state)
{
    (void)state;
    card_trust_close(world.trust);
    issuer_close(world.ca);
    scope_end(&world.scope);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_an_answer_is_used_for_its_age),
        cmocka_unit_test(k1_an_answer_is_not_used_beyond_its_next_update),
        cmocka_unit_test(k1_unknown_is_told_as_that),
        cmocka_unit_test(k1_while_the_responder_is_away_the_last_word_counts_until_grace_ends),
        cmocka_unit_test(k1_a_revocation_counts_at_any_age),
        cmocka_unit_test(k1_a_false_answer_is_none),
        cmocka_unit_test(k1_after_failures_checks_ask_no_more_until_it_answers_again),
        cmocka_unit_test(k1_what_nears_its_end_is_asked_for_in_the_background),
        cmocka_unit_test(k1_a_list_stands_in_for_the_responder),
        cmocka_unit_test(k1_a_list_alone_is_used_until_its_next_update),
        cmocka_unit_test(k1_an_older_list_does_not_replace_a_newer_one),
        cmocka_unit_test(a_wrong_address_is_refused),
        cmocka_unit_test(threads_share_what_is_known),
    };

    return cmocka_run_group_tests(tests, make_world, drop_world);
}
