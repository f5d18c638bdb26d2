/* SPDX-License-Identifier: Apache-2.0
 *
 * listen_address.h - a numeric address and a port, as a socket takes them.
 */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/scope.h"

/* IPv4 or IPv6; port 0 lets the system choose. Fails: CONFIGURATION (no numeric address). */
MUST_CHECK enum status listen_address_read(struct scope *scope, const char *address, int port,
                                           struct sockaddr_storage *out);
