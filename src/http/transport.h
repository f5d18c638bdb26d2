/* SPDX-License-Identifier: Apache-2.0
 *
 * transport.h - the bytes between a TLS session and its socket, with fewer system calls.
 *
 * GnuTLS reads a record's five-byte head and its body apart; here one call reads what is there. An
 * answer's header and body are sent as one record. (After a short read the socket must be asked
 * again all the same: it is watched edge-triggered, and the edge may have been told already.)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <gnutls/gnutls.h>

/* Bytes read ahead: a request by card fits. */
#define TRANSPORT_BUFFER 4096

struct transport {
    gnutls_session_t session; /* borrowed */
    int fd;                   /* borrowed; does not block */
    int patience;             /* seconds that a handshake, or a request, may take to arrive */
    int64_t deadline; /* until when what has begun must be here, monotonic; 0 = nothing has */
    bool held;        /* an answer is being gathered */
    bool brief;       /* it is so short that libmicrohttpd may cork the socket for it */
    bool uncorked;    /* libmicrohttpd's cork was seen and taken out */
    size_t at, size;  /* what was read ahead */
    char bytes[TRANSPORT_BUFFER];
};

/* Monotonic clock, microseconds. */
int64_t transport_clock(void);

/*
 * Puts itself between session and socket; before the handshake, whose time begins now. Lives as
 * long as the session.
 */
void transport_begin(struct transport *transport, gnutls_session_t session, int fd, int patience);

/*
 * What GnuTLS calls to read; 0 at the end. errno is EAGAIN where nothing is there yet, and
 * ETIMEDOUT where what began to arrive was not complete in time: who sends a byte now and then
 * holds no connection for ever.
 */
ssize_t transport_pull(gnutls_transport_ptr_t context, void *bytes, size_t size);

/* What arrives now may take so many seconds, from here on. */
void transport_extend(struct transport *transport, int seconds);

/* Gathers what is sent from here on; size: bytes of the answer's body. */
void transport_hold(struct transport *transport, size_t size);
/*
 * A request has ended: the next may take its time to begin. Sends what was gathered. A client that
 * lets its answers pile up until the socket is full is cut off: nobody would call again to send the
 * rest.
 */
void transport_release(struct transport *transport);
