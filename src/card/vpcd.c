/* SPDX-License-Identifier: Apache-2.0 */
#include "card/vpcd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define TRY_EVERY 100      /* ms between two tries to connect */
#define CONNECT_MAX 2000   /* ms for one of them */
#define SILENCE_MIN 2000   /* ms: a reader asks its card every 400 */
#define SEND_MAX_SECONDS 5 /* for one answer */

enum turn { GO_ON, STOPPED, GONE, SILENT };

/* One card in one reader. */
struct vpcd {
    const struct vpcd_options *options;
    struct vpcd_card *card;
    struct vpcd_stream *stream;
    int stop, socket;
    bool told; /* the log knows that the reader is away */
};

static int64_t now_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void socket_drop(int *socket)
{
    if (*socket >= 0)
        close(*socket);
    *socket = -1;
}

/* Waits for an event of the socket (-1: none), the stop, or the time. */
static enum turn wait_for(const struct vpcd *vpcd, short events, int64_t milliseconds)
{
    struct pollfd polled[] = {{vpcd->stop, POLLIN, 0}, {vpcd->socket, events, 0}};
    int ready = poll(polled, 2, (int)milliseconds);

    if (polled[0].revents)
        return STOPPED;
    if (ready < 0 && errno == EINTR)
        return GO_ON;
    return ready > 0 ? GO_ON : SILENT;
}

/* --- connecting ------------------------------------------------------------------------------- */

/* GO_ON where the connection stands. */
static enum turn finish_connecting(const struct vpcd *vpcd)
{
    enum turn turn = wait_for(vpcd, POLLOUT, CONNECT_MAX);
    int error = 0;
    socklen_t size = sizeof error;

    if (turn != GO_ON)
        return turn == STOPPED ? STOPPED : GONE;
    if (getsockopt(vpcd->socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
        return GONE;
    return GO_ON;
}

static enum turn connect_to(struct vpcd *vpcd, const struct addrinfo *address)
{
    const struct timeval limit = {.tv_sec = SEND_MAX_SECONDS};
    enum turn turn = GONE;

    vpcd->socket = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (vpcd->socket < 0)
        return GONE;
    setsockopt(vpcd->socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(vpcd->socket, address->ai_addr, address->ai_addrlen) == 0)
        turn = GO_ON;
    else if (errno == EINPROGRESS)
        turn = finish_connecting(vpcd);
    if (turn != GO_ON)
        socket_drop(&vpcd->socket);
    return turn;
}

static enum turn connect_once(struct vpcd *vpcd)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    enum turn turn = GONE;

    if (getaddrinfo(vpcd->options->host, vpcd->options->port, &wanted, &found) != 0)
        return GONE;
    for (const struct addrinfo *at = found; at && turn == GONE; at = at->ai_next)
        turn = connect_to(vpcd, at);
    freeaddrinfo(found);
    return turn;
}

static enum turn connect_patiently(struct vpcd *vpcd)
{
    int64_t until = now_milliseconds() + vpcd->options->patience;
    enum turn turn = connect_once(vpcd);

    while (turn == GONE && now_milliseconds() < until) {
        if (!vpcd->told)
            LOG(INFO, NULL, "waiting for the virtual reader", "host='%s' port='%s'",
                vpcd->options->host, vpcd->options->port);
        vpcd->told = true;
        if (wait_for(vpcd, 0, TRY_EVERY) == STOPPED)
            return STOPPED;
        turn = connect_once(vpcd);
    }
    return turn;
}

/* --- serving ---------------------------------------------------------------------------------- */

/* Length and body leave in one segment. */
static bool send_answer(const struct vpcd *vpcd, const unsigned char *answer, size_t size)
{
    size_t sent = 0;

    while (sent < size) {
        ssize_t got = send(vpcd->socket, answer + sent, size - sent, MSG_NOSIGNAL);
        if (got < 0 && errno == EAGAIN &&
            wait_for(vpcd, POLLOUT, SEND_MAX_SECONDS * 1000L) == GO_ON)
            continue;
        if (got <= 0)
            return false;
        sent += (size_t)got;
    }
    return true;
}

static enum turn answer_all(struct vpcd *vpcd)
{
    unsigned char answer[VPCD_ANSWER_MAX];
    size_t size = 0;
    bool seen = vpcd->card->seen;

    while (vpcd_take(vpcd->stream, vpcd->card, answer, &size))
        if (!send_answer(vpcd, answer, size))
            return GONE;
    if (vpcd->card->seen && !seen)
        vpcd->options->seen(vpcd->options->context);
    return GO_ON;
}

/*
 * The driver sends length and body apart, without TCP_NODELAY: the body waits for our
 * acknowledgement of the length, which the kernel holds back 40 ms unless asked each time.
 */
static void acknowledge_at_once(const struct vpcd *vpcd)
{
    const int one = 1;

    setsockopt(vpcd->socket, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
}

static enum turn receive(struct vpcd *vpcd)
{
    size_t room = 0;
    unsigned char *end = vpcd_stream_end(vpcd->stream, &room);
    ssize_t got = recv(vpcd->socket, end, room, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return GO_ON;
    if (got <= 0)
        return GONE;
    vpcd->stream->size += (size_t)got;
    return answer_all(vpcd);
}

/* A reader that has asked once keeps asking; one that never does has another card. */
static enum turn serve_connection(struct vpcd *vpcd)
{
    int64_t silence = vpcd->options->patience > SILENCE_MIN ? vpcd->options->patience : SILENCE_MIN;
    enum turn turn = GO_ON;

    vpcd->stream->size = 0;
    vpcd->card->seen = false;
    while (turn == GO_ON) {
        acknowledge_at_once(vpcd);
        turn = wait_for(vpcd, POLLIN, vpcd->card->seen ? -1 : silence);
        if (turn == GO_ON)
            turn = receive(vpcd);
    }
    return turn;
}

static enum status serve(struct scope *scope, struct vpcd *vpcd)
{
    for (;;) {
        enum turn turn = connect_patiently(vpcd);
        if (turn == GONE)
            return scope_fail(scope, CAUSE_CARD_SLOT_AWAY,
                              "nobody listens at %s:%s: is pcscd running, with vsmartcard-vpcd?",
                              vpcd->options->host, vpcd->options->port);
        vpcd->told = false;
        if (turn == GO_ON)
            turn = serve_connection(vpcd);
        socket_drop(&vpcd->socket);
        (void)vpcd->card->link->ops->reset(scope, vpcd->card->link);
        if (turn == STOPPED)
            return STATUS_OK;
        if (turn == SILENT)
            return scope_fail(scope, CAUSE_CARD_SLOT_TAKEN, "%s:%s accepts us and asks nothing",
                              vpcd->options->host, vpcd->options->port);
        LOG(WARNING, NULL, "the virtual reader is gone", "%s", "");
        wait_for(vpcd, 0, TRY_EVERY);
    }
}

enum status vpcd_serve(struct scope *scope, const struct vpcd_options *options,
                       struct vpcd_card *card, int stop)
{
    struct vpcd vpcd = {.options = options, .card = card, .stop = stop, .socket = -1};
    enum status status = STATUS_OK;

    vpcd.stream = calloc(1, sizeof *vpcd.stream);
    if (!vpcd.stream)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    status = serve(scope, &vpcd);
    OPENSSL_cleanse(vpcd.stream, sizeof *vpcd.stream);
    free(vpcd.stream);
    return status;
}
