/* SPDX-License-Identifier: Apache-2.0
 *
 * https_client.h - asks one server, with our certificate: TLS 1.3 only, their CA pinned, no proxy,
 * no redirect, no other protocol. On libcurl.
 *
 * One client is one kept connection and belongs to one thread.
 */
#pragma once

#include <stdbool.h>

#include "base/scope.h"
#include "base/text.h"

/* Whom we ask, and how. Texts and paths live as long as the client. */
struct https_order {
    const char *name;         /* "service": what a failure calls the server */
    const char *url;          /* "https://host:port", without a path */
    const char *ca;           /* PEM; no other CA counts */
    const char *certificate;  /* PEM: ours, and its chain */
    const char *key;          /* PEM */
    const char *agent;        /* "shikaku/1.0" */
    const char *content_type; /* of what is posted */
    int timeout;       /* seconds, for a whole request; a third of it to connect, at least one */
    size_t answer_max; /* bytes; a longer answer is none */
    enum cause away;   /* the failure where nothing usable came back */
    enum cause distrusted; /* ... where a certificate, ours or theirs, is why; NONE: as away */
};

struct https_reply {
    int http_code;
    struct text body; /* in the scope */
    struct text head; /* of https_ask(): its lines, in the scope */
};

/* Bytes of a file that go to the server as they are read, or come from it as they are written. */
struct https_stream {
    int file;                                   /* descriptor; the caller's */
    int64_t offset;                             /* in the file; moves on */
    int64_t left;                               /* bytes that may still go or come */
    void (*moved)(void *context, int64_t more); /* after each piece; or NULL */
    void *context;                              /* of moved */
    bool failed;                                /* out: the file is why it ended */
};

struct https_question {
    const char *method;         /* "GET", "HEAD", "POST", "PATCH", "DELETE" */
    const char *path;           /* on the server */
    const char *const *headers; /* "Name: value", NULL-terminated; or NULL */
    struct https_stream *sent;  /* the body; NULL: none */
    struct https_stream *taken; /* a good answer's body (2xx) goes there; NULL: into the reply */
};

struct https_client; /* opaque */

/*
 * Makes a client; it connects at the first question. curl_global_init() must have been called.
 * Fails: CONFIGURATION (not https, a file that cannot be read), MEMORY_LIMIT, INTERNAL (a libcurl
 * without TLS 1.3).
 */
MUST_CHECK enum status https_client_open(struct scope *scope, const struct https_order *order,
                                         struct https_client **out);
/* Accepts NULL. */
void https_client_close(struct https_client *client);

/*
 * Posts a body (may be empty) to a path. Fails with the order's `away`: no connection, TLS refused,
 * time-out, an answer too long. What the answer means is the caller's, whatever its HTTP code.
 */
MUST_CHECK enum status https_post(struct scope *scope, struct https_client *client,
                                  const char *path, struct text body, struct https_reply *out);

/*
 * Asks anything else. With a stream the time-out is for silence: nothing moved for so long. Fails
 * as https_post() does.
 */
MUST_CHECK enum status https_ask(struct scope *scope, struct https_client *client,
                                 const struct https_question *question, struct https_reply *out);
/* The value of a header field of a reply, without blanks around it; empty where it is not there. */
struct text https_reply_field(const struct https_reply *reply, const char *name);
