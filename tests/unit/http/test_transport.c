/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/transport.h"

/* Both ends: what is sent into far is read from the transport. */
struct ends {
    gnutls_session_t session;
    struct transport transport;
    int near, far;
};

static int open_ends(void **state)
{
    static struct ends ends;
    int pair[2];

    memset(&ends, 0, sizeof ends);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        return 1;
    if (gnutls_init(&ends.session, GNUTLS_SERVER | GNUTLS_NONBLOCK) < 0)
        return 1;
    ends.near = pair[0];
    ends.far = pair[1];
    transport_begin(&ends.transport, ends.session, ends.near, 30);
    *state = &ends;
    return 0;
}

static int close_ends(void **state)
{
    struct ends *ends = *state;

    gnutls_deinit(ends->session);
    close(ends->near);
    return ends->far < 0 ? 0 : close(ends->far);
}

static ssize_t pull(struct ends *ends, char *bytes, size_t size)
{
    errno = 0;
    return transport_pull(&ends->transport, bytes, size);
}

static void every_byte_comes_once_and_in_order(void **state)
{
    static const size_t sizes[] = {1, 5, 4095, 4096, 4097, 17, 20000};
    struct ends *ends = *state;
    static unsigned char sent[50000];
    static unsigned char got[sizeof sent];
    size_t in = 0;
    size_t out = 0;

    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (unsigned char)(i * 7 + i / 251);
    for (size_t i = 0; out < sizeof sent; i++) {
        size_t want = sizes[i % 7];
        ssize_t count = 0;
        if (in < sizeof sent) {
            size_t size = sizes[(i + 3) % 7];
            size = size < sizeof sent - in ? size : sizeof sent - in;
            assert_int_equal(send(ends->far, sent + in, size, 0), size);
            in += size;
        }
        want = want < sizeof sent - out ? want : sizeof sent - out;
        count = pull(ends, (char *)got + out, want);
        if (count < 0)
            assert_int_equal(errno, EAGAIN);
        else
            out += (size_t)count;
    }
    assert_memory_equal(sent, got, sizeof sent);
}

static void one_call_reads_head_and_body(void **state)
{
    struct ends *ends = *state;
    char bytes[64];

    assert_int_equal(send(ends->far, "12345body", 9, 0), 9);
    assert_int_equal(pull(ends, bytes, 5), 5);
    assert_int_equal(recv(ends->near, bytes, 1, MSG_PEEK), -1); /* nothing left in the socket */
    assert_int_equal(pull(ends, bytes, 4), 4);
    assert_memory_equal(bytes, "body", 4);
    assert_int_equal(pull(ends, bytes, 5), -1);
    assert_int_equal(errno, EAGAIN);
}

static void the_end_is_told_behind_the_last_byte(void **state)
{
    struct ends *ends = *state;
    char bytes[64];

    assert_int_equal(send(ends->far, "abc", 3, 0), 3);
    close(ends->far);
    ends->far = -1;
    assert_int_equal(pull(ends, bytes, 2), 2);
    assert_int_equal(pull(ends, bytes, 2), 1);
    assert_int_equal(pull(ends, bytes, 2), 0);
}

static void what_does_not_arrive_in_time_is_cut_off(void **state)
{
    struct ends *ends = *state;
    char bytes[64];

    assert_int_equal(send(ends->far, "a", 1, 0), 1);
    assert_int_equal(pull(ends, bytes, 5), 1);
    ends->transport.deadline = transport_clock() - 1;
    assert_int_equal(pull(ends, bytes, 5), -1);
    assert_int_equal(errno, EAGAIN); /* silence is the idle time-out's business */
    assert_int_equal(send(ends->far, "b", 1, 0), 1);
    assert_int_equal(pull(ends, bytes, 5), -1);
    assert_int_equal(errno, ETIMEDOUT);
}

static void a_new_request_has_time_of_its_own(void **state)
{
    struct ends *ends = *state;
    char bytes[64];

    ends->transport.deadline = transport_clock() - 1;
    transport_release(&ends->transport);
    assert_int_equal(send(ends->far, "b", 1, 0), 1);
    assert_int_equal(pull(ends, bytes, 5), 1);
    assert_true(ends->transport.deadline > transport_clock());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_byte_comes_once_and_in_order, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(one_call_reads_head_and_body, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(the_end_is_told_behind_the_last_byte, open_ends,
                                        close_ends),
        cmocka_unit_test_setup_teardown(what_does_not_arrive_in_time_is_cut_off, open_ends,
                                        close_ends),
        cmocka_unit_test_setup_teardown(a_new_request_has_time_of_its_own, open_ends, close_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
