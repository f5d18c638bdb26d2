/* SPDX-License-Identifier: Apache-2.0
 *
 * server_parts.h - inside this folder: the server, its connections and their requests.
 *
 * Who touches what: a connection and its request belong to the pool thread that serves the
 * connection, except between journal_append() and the writer thread's call of record_done(), which
 * writes `record` and resumes, and between what is handed to the spool's thread and its call of
 * disk_done(), which writes `on_disk` and resumes. What is shared is atomic or under `lock`.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "http/client_identity.h"
#include "http/metrics.h"
#include "http/server.h"
#include "http/tls_identity.h"
#include "http/transport.h"

/* Threads of a pool at most. */
#define THREADS_MAX 256

struct http_server {
    struct http_options options;
    struct service *service;
    struct MHD_Daemon *daemon;
    int port;
    gnutls_datum_t ticket_key; /* for session tickets, made at start */
    pthread_mutex_t lock;      /* for identity and workers */
    struct tls_identity *identity;
    _Atomic uint64_t identity_version;           /* moves on with each reload */
    struct service_worker *workers[THREADS_MAX]; /* one a thread of the pool, as they come */
    size_t worker_count;
    unsigned thread_count;
    _Atomic int64_t suspended; /* records under way: record_done() has not ended for them */
    _Atomic bool stopping;     /* answers close their connections */
    _Atomic bool stopped;      /* nothing may be suspended any more */
    struct metrics metrics;
};

/* A body that is too large is read to its end, so that its sender reads our answer, up to this. */
#define BODY_DROPPED_MAX (1024UL * 1024)

struct upload;

enum request_state {
    REQUEST_NONE,
    REQUEST_READING, /* its body */
    REQUEST_ON_DISK, /* its body is here; the spool's thread has it */
    REQUEST_WAITING, /* for its record to be on disk */
    REQUEST_ANSWERED,
};

/* What became of a record; set by the journal's thread. */
enum record_state { RECORD_WAITING, RECORD_WRITTEN, RECORD_LOST };

struct request {
    enum request_state state;
    struct scope scope;
    const struct route *route; /* NULL: no such route */
    enum oqs_syntax syntax;
    bool syntax_known;
    char *body;
    size_t size, capacity;
    size_t dropped; /* bytes of a body that is too large */
    int64_t began;  /* monotonic clock, microseconds */
    struct service_outcome outcome;
    struct upload *upload;    /* about insurers' files, else NULL */
    const char *content_type; /* of the answer */
    _Atomic int record;       /* enum record_state */
};

/* One connection; HTTP/1.1 has one request under way at a time. */
struct connection {
    struct http_server *server;
    struct MHD_Connection *handle;
    gnutls_session_t session;
    struct transport transport;
    struct tls_identity *identity;
    uint64_t identity_version;
    bool verified;         /* client is of this identity_version */
    bool refusal_recorded; /* once a connection */
    struct client_identity client;
    struct request request;
};

/* The worker of this thread of the pool, opened at first use. */
MUST_CHECK enum status server_worker(struct scope *scope, struct http_server *server,
                                     struct service_worker **out);

/* Who is at the other end: verified once, and again after a reload. */
const struct client_identity *connection_client(struct connection *connection);

/* What is wrong with the request as such, whoever sent it, or CAUSE_NONE. */
enum cause request_refusal(const struct connection *connection);
/* Why this client may not use the request's route, or CAUSE_NONE. */
enum cause request_client_refusal(struct connection *connection);
/* The outcome of that; recorded once a connection. */
void request_refuse_client(struct connection *connection, enum cause cause);
/* The outcome is complete: records it, then answers. */
enum MHD_Result request_finish(struct connection *connection);
/* The same before the body came, which is not waited for; the connection ends with the answer. */
enum MHD_Result request_answer_now(struct connection *connection);

/* Called by libmicrohttpd as a request's header, body and end come in, and after a resume. */
enum MHD_Result request_handle(void *server, struct MHD_Connection *handle, const char *url,
                               const char *method, const char *version, const char *bytes,
                               size_t *size, void **context);
/* Called when a request has ended, in whatever way. */
void request_completed(void *server, struct MHD_Connection *handle, void **context,
                       enum MHD_RequestTerminationCode how);
