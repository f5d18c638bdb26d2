/* SPDX-License-Identifier: Apache-2.0
 *
 * The client against a device that a thread plays: good, foreign, silent, too talkative, gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "terminal/face_device.h"

static struct {
    char folder[64], path[96];
    int listener;
    pthread_t thread;
    const char *hello;  /* answers, %s = the session; NULL = closes */
    const char *answer; /* likewise; "" = says nothing */
    char asked[FACE_LINE_MAX];
    bool card;
} played;

static bool still(void *context)
{
    (void)context;
    return played.card;
}

static const struct face_watch watch = {still, NULL, -1};

/* One line; the session behind its word. */
static bool take(int peer, char session[FACE_SESSION_SIZE + 1])
{
    size_t size = 0;

    while (size < sizeof played.asked - 1 && read(peer, played.asked + size, 1) == 1)
        if (played.asked[size++] == '\n') {
            const char *at = strstr(played.asked, "session=");
            played.asked[size - 1] = '\0';
            snprintf(session, FACE_SESSION_SIZE + 1, "%.16s", at ? at + 8 : "");
            return true;
        }
    return false;
}

static void say(int peer, const char *words, const char *session)
{
    const char *at = strstr(words, "%s");
    char line[2 * FACE_LINE_MAX] = "";
    int size =
        at ? snprintf(line, sizeof line, "%.*s%s%s", (int)(at - words), words, session, at + 2)
           : snprintf(line, sizeof line, "%s", words);

    if (send(peer, line, (size_t)size, MSG_NOSIGNAL) < 0)
        return;
}

static void *play(void *unused)
{
    int peer = accept(played.listener, NULL, NULL);
    char session[FACE_SESSION_SIZE + 1] = "", rest[64];

    (void)unused;
    if (take(peer, session) && played.hello) {
        say(peer, played.hello, session);
        if (take(peer, session) && played.answer) {
            say(peer, played.answer, session);
            while (read(peer, rest, sizeof rest) > 0)
                continue;
        }
    }
    close(peer);
    return NULL;
}

static int setup(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)state;
    memset(&played, 0, sizeof played);
    played.card = true;
    snprintf(played.folder, sizeof played.folder, "/tmp/shikaku-face-XXXXXX");
    if (!mkdtemp(played.folder))
        return -1;
    snprintf(played.path, sizeof played.path, "%s/socket", played.folder);
    memcpy(address.sun_path, played.path, strlen(played.path) + 1);
    played.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return bind(played.listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
                   listen(played.listener, 1) != 0
               ? -1
               : 0;
}

static int teardown(void **state)
{
    (void)state;
    close(played.listener);
    unlink(played.path);
    return rmdir(played.folder);
}

/* A whole talk: hello, one question. The cause of its end, CAUSE_NONE where it is good. */
static enum cause talk(const char *hello, const char *answer, struct face_message *out)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct face_session *session = NULL;
    enum status status = STATUS_OK;

    played.hello = hello;
    played.answer = answer;
    assert_int_equal(pthread_create(&played.thread, NULL, play, NULL), 0);
    status = face_session_open(&scope, played.path, 300, &watch, &session);
    if (status == STATUS_OK)
        status = face_session_ask(&scope, session, "pin tries=3", out);
    face_session_close(session);
    pthread_join(played.thread, NULL);
    assert_int_equal(status == STATUS_OK, scope.cause == CAUSE_NONE);
    assert_null(strstr(scope.failure, "1234"));
    return scope.cause;
}

static void e2_a_question_and_its_answer(void **state)
{
    struct face_message answer = {.word = FACE_HELLO};

    (void)state;
    assert_int_equal(talk("hello version=1\n", "digits session=%s pin=1234\n", &answer),
                     CAUSE_NONE);
    assert_int_equal(answer.word, FACE_DIGITS);
    assert_string_equal(answer.pin, "1234");
    assert_memory_equal(played.asked, "pin session=", 12);
    assert_non_null(strstr(played.asked, " tries=3"));
    face_message_wipe(&answer);
    assert_string_equal(answer.pin, "");
}

static void e2_a_device_that_speaks_otherwise_is_not_believed(void **state)
{
    static const struct {
        const char *hello, *answer;
    } rows[] = {
        {NULL, NULL},
        {"hello version=2\n", NULL},
        {"HTTP/1.1 200 OK\r\n", NULL},
        {"face session=%s result=match\n", NULL},
        {"hello version=1\n", NULL}, /* closed at the question */
        {"hello version=1\n", "digits session=0123456789abcdef pin=1234\n"},
        {"hello version=1\n", "digits session=%s pin=12345\n"},
        {"hello version=1\n", "digits session=%s pin=1234 pin=1234\n"},
        {"hello version=1\n", "open sesame\n"},
        {"hello version=1\n", "\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct face_message answer = {.word = FACE_HELLO};
        assert_int_equal(talk(rows[i].hello, rows[i].answer, &answer), CAUSE_FACE_DEVICE_AWAY);
        assert_string_equal(answer.pin, "");
    }
}

static void e2_what_nobody_asked_for_is_no_answer(void **state)
{
    struct face_message answer = {.word = FACE_HELLO};

    (void)state;
    assert_int_equal(talk("hello version=1\ndigits session=%s pin=1234\n", "", &answer),
                     CAUSE_FACE_DEVICE_AWAY);
    assert_string_equal(answer.pin, "");
}

static void a_line_without_an_end_is_bounded(void **state)
{
    char endless[FACE_LINE_MAX + 1];
    struct face_message answer = {.word = FACE_HELLO};

    (void)state;
    memset(endless, 'x', sizeof endless);
    endless[FACE_LINE_MAX] = '\0';
    assert_int_equal(talk("hello version=1\n", endless, &answer), CAUSE_FACE_DEVICE_AWAY);
}

static void e2_silence_and_a_card_that_goes_end_it(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(65536);
    struct face_message answer = {.word = FACE_HELLO};
    struct face_session *session = NULL;

    (void)state;
    assert_int_equal(talk("hello version=1\n", "", &answer), CAUSE_IDENTITY_TIME_OVER);
    played.card = false;
    assert_int_equal(talk(NULL, NULL, &answer), CAUSE_CARD_TAKEN_AWAY);
    assert_int_equal(face_session_open(&scope, "/nowhere/socket", 300, &watch, &session),
                     STATUS_UNAVAILABLE);
    assert_int_equal(scope.cause, CAUSE_FACE_DEVICE_AWAY);
}

#define DEVICE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEVICE(e2_a_question_and_its_answer),
        DEVICE(e2_a_device_that_speaks_otherwise_is_not_believed),
        DEVICE(e2_what_nobody_asked_for_is_no_answer),
        DEVICE(a_line_without_an_end_is_bounded),
        DEVICE(e2_silence_and_a_card_that_goes_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
