/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/face_device.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "terminal/steady.h"

#define HELLO_MILLISECONDS 3000
#define TICK_MILLISECONDS 100 /* how late a card that was taken away is seen */

struct face_session {
    int socket;
    int64_t milliseconds;
    struct face_watch watch;
    char id[FACE_SESSION_SIZE + 1];
    char bytes[FACE_LINE_MAX]; /* of the device, not read yet; may hold a PIN */
    size_t size;
};

/* --- sending ---------------------------------------------------------------------------------- */

/* "word fields" becomes "word session=ID fields". A socket that takes no line is a lost one. */
static bool send_line(struct face_session *session, const char *message)
{
    char line[FACE_LINE_MAX];
    size_t word = strcspn(message, " ");
    int size = snprintf(line, sizeof line, "%.*s session=%s%s\n", (int)word, message, session->id,
                        message + word);

    return size > 0 && (size_t)size < sizeof line &&
           send(session->socket, line, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
}

/* --- receiving -------------------------------------------------------------------------------- */

/* Takes a line that is whole out of bytes; the message, or NOT_FOUND without a cause. */
static enum status take_line(struct scope *scope, struct face_session *session,
                             struct face_message *out)
{
    const char *end = memchr(session->bytes, '\n', session->size);
    size_t size = end ? (size_t)(end - session->bytes) : 0;
    enum status status = STATUS_NOT_FOUND;

    if (!end && session->size < sizeof session->bytes)
        return STATUS_NOT_FOUND;
    if (!end)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: a line without an end");
    status = face_message_read(scope, (struct text){session->bytes, size}, out);
    session->size -= size + 1;
    memmove(session->bytes, end + 1, session->size);
    explicit_bzero(session->bytes + session->size, sizeof session->bytes - session->size);
    return status;
}

/* True where the device said something that nobody asked for: a PIN sent ahead, say. */
static bool spoke_unasked(const struct face_session *session)
{
    char byte = 0;
    bool spoke =
        session->size > 0 || recv(session->socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) > 0;

    explicit_bzero(&byte, sizeof byte);
    return spoke;
}

/* Waits a tick for bytes. */
static enum status receive(struct scope *scope, struct face_session *session, int64_t left)
{
    struct pollfd polled[] = {{session->socket, POLLIN, 0}, {session->watch.stop, POLLIN, 0}};
    ssize_t got = 0;

    poll(polled, 2, (int)(left < TICK_MILLISECONDS ? left : TICK_MILLISECONDS));
    if (polled[1].revents & POLLIN)
        return scope_fail(scope, CAUSE_IDENTITY_CANCELLED, "the terminal ends");
    if (!(polled[0].revents & (POLLIN | POLLHUP | POLLERR)))
        return STATUS_OK;
    got = recv(session->socket, session->bytes + session->size,
               sizeof session->bytes - session->size, MSG_DONTWAIT);
    if (got > 0)
        session->size += (size_t)got;
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: it closed the connection");
    return STATUS_OK;
}

static enum status await(struct scope *scope, struct face_session *session, int64_t milliseconds,
                         struct face_message *out)
{
    int64_t end = steady_milliseconds() + milliseconds;

    for (;;) {
        int64_t left = end - steady_milliseconds();
        enum status status = take_line(scope, session, out);
        if (status != STATUS_NOT_FOUND)
            return status;
        if (session->watch.still && !session->watch.still(session->watch.context))
            return scope_fail(scope, CAUSE_CARD_TAKEN_AWAY, "no card any more");
        if (left <= 0)
            return scope_fail(scope, CAUSE_IDENTITY_TIME_OVER, "no answer of the face device");
        TRY(receive(scope, session, left));
    }
}

/* --- the session ------------------------------------------------------------------------------ */

static enum status connect_device(struct scope *scope, const char *path, int *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = -1;

    if (strlen(path) >= sizeof address.sun_path)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face-device: the path is too long");
    memcpy(address.sun_path, path, strlen(path) + 1);
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0 ||
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        if (descriptor >= 0)
            close(descriptor);
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face-device: no connection, errno %d",
                          error);
    }
    *out = descriptor;
    return STATUS_OK;
}

static enum status greet(struct scope *scope, struct face_session *session)
{
    unsigned char random[FACE_SESSION_SIZE / 2];
    struct face_message hello = {.word = FACE_HELLO};

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes");
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(session->id + 2 * i, 3, "%02x", random[i]);
    if (!send_line(session, "hello version=1"))
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: it takes nothing");
    TRY(await(scope, session, HELLO_MILLISECONDS, &hello));
    if (hello.word != FACE_HELLO || hello.version != FACE_VERSION)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: it speaks version %d",
                          hello.version);
    return STATUS_OK;
}

enum status face_session_open(struct scope *scope, const char *path, int64_t milliseconds,
                              const struct face_watch *watch, struct face_session **out)
{
    struct face_session *session = calloc(1, sizeof *session);
    enum status status = STATUS_OK;

    if (!session)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    session->socket = -1;
    session->milliseconds = milliseconds;
    session->watch = *watch;
    status = connect_device(scope, path, &session->socket);
    if (status == STATUS_OK)
        status = greet(scope, session);
    if (status == STATUS_OK)
        *out = session;
    else
        face_session_close(session);
    return status;
}

enum status face_session_ask(struct scope *scope, struct face_session *session,
                             const char *question, struct face_message *answer)
{
    if (spoke_unasked(session))
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: it spoke unasked");
    if (!send_line(session, question))
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: it takes nothing");
    TRY(await(scope, session, session->milliseconds, answer));
    if (answer->word != FACE_HELLO && strcmp(answer->session, session->id) == 0)
        return STATUS_OK;
    face_message_wipe(answer);
    return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: an answer of another session");
}

void face_session_tell(struct face_session *session, const char *message)
{
    if (!send_line(session, message))
        return; /* it will see the connection end */
}

void face_session_close(struct face_session *session)
{
    if (!session)
        return;
    if (session->socket >= 0)
        close(session->socket);
    explicit_bzero(session, sizeof *session);
    free(session);
}
