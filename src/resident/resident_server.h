/* SPDX-License-Identifier: Apache-2.0
 *
 * resident_server.h - the register on the network: HTTPS (TLS 1.3) with client certificates.
 *
 * One thread answers; it has the file's only handle. The log says who asked how many of what, never
 * about whom.
 */
#pragma once

#include "resident/resident_file.h"

struct resident_server; /* opaque */

struct resident_options {
    const char *address;                                      /* numeric */
    int port;                                                 /* 0: the system chooses */
    const char *certificate_path, *key_path, *client_ca_path; /* PEM */
    int connections;                                          /* at most */
    int idle_timeout;                                         /* seconds */
};

/* The file is borrowed until the server is closed. Fails with CONFIGURATION, LISTEN_FAILED. */
MUST_CHECK enum status resident_server_open(struct scope *scope,
                                            const struct resident_options *options,
                                            struct resident_file *file,
                                            struct resident_server **out);
int resident_server_port(const struct resident_server *server);
/* Ends what is under way. Accepts NULL. */
void resident_server_close(struct resident_server *server);
