/* SPDX-License-Identifier: Apache-2.0
 *
 * server.h - the service's way in: HTTPS with client certificates, and the routes.
 *
 * libmicrohttpd with GnuTLS, epoll, a pool of threads; TLS 1.3 only. Each thread of the pool has a
 * service_worker of its own. An answer that must be recorded is sent after its record is on disk:
 * its connection is suspended meanwhile, so that a thread never waits for the disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"
#include "service/service.h"
#include "spool/spool.h"

/* How the server listens, and what one client may use of it. Paths live as long as the server. */
struct http_options {
    const char *address;          /* numeric, IPv4 or IPv6 */
    int port;                     /* 0 = the system chooses */
    const char *certificate_path; /* PEM: the server's certificate, then its chain */
    const char *key_path;         /* PEM */
    const char *client_ca_path;   /* PEM: who may have signed clients' certificates */
    int threads;                  /* 0 = one a core */
    size_t body_limit;            /* bytes of a request's body */
    size_t header_memory;         /* bytes a connection may use for headers and buffers */
    int idle_timeout;             /* seconds without a byte */
    int request_timeout;          /* seconds a handshake, or a request, may take to arrive */
    int connections;              /* in all */
    int connections_per_address;
    int requests_under_way; /* more are answered with SERVICE_BUSY */
    struct spool *spool;    /* insurers' files; NULL: there is no such route. Outlives the server */
    int upload_timeout;     /* seconds that a part of a file may take to arrive */
};

struct http_server; /* opaque */

/*
 * Starts listening; when it returns, connections are accepted. The service must outlive the server.
 * Fails: FILE_UNAVAILABLE, CONFIGURATION (certificate, key, address), UNAVAILABLE (port in use).
 */
MUST_CHECK enum status http_server_open(struct scope *scope, const struct http_options *options,
                                        struct service *service, struct http_server **out);

/* The port it listens on. */
int http_server_port(const struct http_server *server);

/*
 * Reads certificate, key and client CA anew; on failure the former ones stay. Connections that are
 * open are verified again at their next request.
 */
MUST_CHECK enum status http_server_reload(struct scope *scope, struct http_server *server);

/*
 * Stops: no new connections, what is under way is answered within the seconds given, then all
 * connections are closed. False where records were still not on disk by then: the server cannot be
 * freed then and the process should end. Accepts NULL.
 */
bool http_server_close(struct http_server *server, int seconds);
