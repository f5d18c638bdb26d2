/* SPDX-License-Identifier: Apache-2.0
 *
 * client.h - one keep-alive HTTPS connection with a client certificate, one request at a time.
 *
 * OpenSSL, TLS 1.3, blocking: as many connections under way as there are threads.
 */
#pragma once

#include <stdbool.h>

#include <openssl/ssl.h>

#include "base/scope.h"
#include "base/text.h"

#define CLIENT_ANSWER_MAX 65536 /* bytes of header and body */
#define CLIENT_REQUEST_MAX 16384

/* Where to, and as whom. */
struct client_order {
    const char *host; /* numeric IPv4 */
    int port;
    const char *ca_path; /* who may have signed the server's certificate */
    const char *certificate_path, *key_path;
};

/* What all connections share: certificate, key, CA. NULL after a failure, which is printed. */
SSL_CTX *client_context(const struct client_order *order);

struct client {
    const struct client_order *order;
    SSL_CTX *context;
    SSL *tls;
    int fd;
    char bytes[CLIENT_ANSWER_MAX + 1];
    size_t size;
};

bool client_connect(struct client *client);
void client_close(struct client *client);

/* One answer; body points into the client and lives until its next request. */
struct client_answer {
    int code;
    struct text body;
    char request_id[SCOPE_ID_SIZE]; /* "" where the server sent none */
};

/* body of size 0: GET, else POST of application/xml. False where the connection broke. */
bool client_request(struct client *client, const char *path, struct text body,
                    struct client_answer *out);
