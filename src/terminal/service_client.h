/* SPDX-License-Identifier: Apache-2.0
 *
 * service_client.h - the central service as a terminal speaks to it: XML over HTTPS.
 *
 * One client is one keep-alive connection and belongs to one thread. Behind the ops stands libcurl
 * with mutual TLS 1.3; tests put a service in its place that is away, slow or wrong.
 */
#pragma once

#include <stddef.h>

#include "base/scope.h"
#include "base/text.h"
#include "format/oqs.h"

/* Bytes of an answer that are read; a longer one is no answer of the service's. */
#define SERVICE_ANSWER_MAX ((size_t)OQS_BODY_MAX)

enum service_route {
    SERVICE_CHECK_BY_NUMBERS,
    SERVICE_CARD_CHALLENGE,
    SERVICE_CHECK_BY_CARD,
    SERVICE_ROUTE_COUNT
};

/* An answer: OQS XML in UTF-8, also where it reports a failure; lives in the scope. */
struct service_reply {
    int http_code;
    struct text body;
};

struct service_client;

struct service_client_ops {
    const char *name; /* "https" */
    /*
     * Posts a body (may be empty). Fails with SERVICE_AWAY where nothing usable came back: no
     * connection, TLS refused, time-out, an answer too long.
     */
    enum status (*post)(struct scope *scope, struct service_client *client,
                        enum service_route route, struct text body, struct service_reply *out);
    void (*close)(struct service_client *client);
};

struct service_client {
    const struct service_client_ops *ops; /* every member set */
};

/*
 * Posts, and sorts the answer: an HTTP code that says "later" (408, 429, 502 to 504), or a body
 * that is no OQS answer or challenge, fails with SERVICE_AWAY too, so that it is tried again; other
 * refusals are answers.
 */
MUST_CHECK enum status service_post(struct scope *scope, struct service_client *client,
                                    enum service_route route, struct text body,
                                    struct service_reply *out);

/* Who we are, and whom we trust. Paths are PEM files and live as long as the client. */
struct service_address {
    const char *url;         /* "https://host:port", without a path */
    const char *ca;          /* pinned: no other CA counts */
    const char *certificate; /* of this terminal's institution, and its chain */
    const char *key;
    int timeout; /* seconds, for a whole request; a third of it to connect, at least one */
};

/*
 * Makes a client; connects at the first post. curl_global_init() must have been called. Fails:
 * CONFIGURATION (not https, a file that cannot be read), MEMORY_LIMIT.
 */
MUST_CHECK enum status service_client_open(struct scope *scope,
                                           const struct service_address *address,
                                           struct service_client **out);
/* Accepts NULL. */
void service_client_close(struct service_client *client);
