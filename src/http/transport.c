/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* libmicrohttpd corks the socket for answers smaller than this, header included. */
#define BRIEF_SIZE 1400

static ssize_t push(gnutls_transport_ptr_t transport, const giovec_t *pieces, int count)
{
    struct iovec vector[16];
    struct msghdr message = {.msg_iov = vector};

    /* fewer than all is a short send, which GnuTLS goes on from */
    for (int i = 0; i < count && i < 16; i++)
        vector[message.msg_iovlen++] = pieces[i];
    return sendmsg(((struct transport *)transport)->fd, &message, MSG_NOSIGNAL);
}

int64_t transport_clock(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void start_clock(struct transport *transport)
{
    transport->deadline = transport_clock() + (int64_t)transport->patience * 1000000;
}

/* The client's last message of the handshake is in: until its first request there is time. */
static int handshake_done(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                          const gnutls_datum_t *message)
{
    struct transport *transport = gnutls_transport_get_ptr(session);

    (void)type;
    (void)when;
    (void)message;
    if (incoming)
        transport->deadline = 0;
    return 0;
}

void transport_begin(struct transport *transport, gnutls_session_t session, int fd, int patience)
{
    const int on = 1;

    transport->session = session;
    transport->fd = fd;
    transport->patience = patience;
    start_clock(transport);
    gnutls_transport_set_ptr(session, transport);
    gnutls_transport_set_pull_function(session, transport_pull);
    gnutls_transport_set_vec_push_function(session, push);
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST,
                                       handshake_done);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Reads what the socket has, within the time that the sender has for it. */
static ssize_t receive(struct transport *transport, void *bytes, size_t size)
{
    ssize_t got = recv(transport->fd, bytes, size, 0);

    if (got <= 0)
        return got;
    if (transport->deadline == 0)
        start_clock(transport);
    if (transport_clock() <= transport->deadline)
        return got;
    errno = ETIMEDOUT;
    return -1;
}

ssize_t transport_pull(gnutls_transport_ptr_t context, void *bytes, size_t size)
{
    struct transport *transport = context;
    size_t ready = 0;

    if (transport->at == transport->size) {
        ssize_t got = 0;
        if (size >= sizeof transport->bytes)
            return receive(transport, bytes, size);
        got = receive(transport, transport->bytes, sizeof transport->bytes);
        if (got <= 0)
            return got;
        transport->at = 0;
        transport->size = (size_t)got;
    }
    ready = transport->size - transport->at;
    if (ready > size)
        ready = size;
    memcpy(bytes, transport->bytes + transport->at, ready);
    transport->at += ready;
    return (ssize_t)ready;
}

void transport_extend(struct transport *transport, int seconds)
{
    transport->deadline = transport_clock() + (int64_t)seconds * 1000000;
}

void transport_hold(struct transport *transport, size_t size)
{
    transport->brief = size < BRIEF_SIZE;
    gnutls_record_cork(transport->session);
    transport->held = true;
}

/*
 * libmicrohttpd corks the socket once, for its first short answer, and pushes by setting
 * TCP_NODELAY after each; what we send after that would wait. Its cork is taken out when it is
 * first seen.
 */
static void take_cork_out(struct transport *transport)
{
    const int off = 0;
    int corked = 0;
    socklen_t size = sizeof corked;

    if (getsockopt(transport->fd, IPPROTO_TCP, TCP_CORK, &corked, &size) != 0 || !corked)
        return;
    setsockopt(transport->fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    transport->uncorked = true;
}

void transport_release(struct transport *transport)
{
    transport->deadline = 0;
    if (!transport->held)
        return;
    transport->held = false;
    if (gnutls_record_uncork(transport->session, 0) < 0)
        shutdown(transport->fd, SHUT_RDWR);
    if (transport->brief && !transport->uncorked)
        take_cork_out(transport);
}
