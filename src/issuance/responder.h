/* SPDX-License-Identifier: Apache-2.0
 *
 * responder.h - the status desk on the network: plain HTTP, for loopback or behind a proxy.
 *
 *   POST / or /ocsp, GET /ocsp/BASE64     OCSP (RFC 6960, appendix A)
 *   GET /crl/ISSUER.crl                   the CRL of a generation, DER
 *   GET /links/ISSUER/SERIALHEX, GET /links?after=N   links as JSON; phones=1: phones too
 *   GET /healthz
 *
 * OCSP answers and CRLs are signed, so the connection need not be. One thread answers; it has the
 * desk. The log says what was asked for, never about which certificate.
 */
#pragma once

#include "issuance/status_desk.h"

struct responder; /* opaque */

struct responder_options {
    const char *address; /* numeric */
    int port;            /* 0: the system chooses */
    int connections;     /* at most, to RESPONDER_CONNECTIONS_MAX */
    int idle_timeout;    /* seconds without a byte */
    int request_timeout; /* seconds for a request from its beginning, however slow its bytes */
};
#define RESPONDER_CONNECTIONS_MAX 1000

/* The desk is borrowed until the close. Fails with CONFIGURATION, LISTEN_FAILED. */
MUST_CHECK enum status responder_open(struct scope *scope, const struct responder_options *options,
                                      struct status_desk *desk, struct responder **out);
int responder_port(const struct responder *responder);
/* Ends connections whose time is over; to be called every second or so, from another thread. */
void responder_sweep(struct responder *responder);
/* No new connections; what is under way may end within the seconds. Accepts NULL. */
void responder_close(struct responder *responder, int seconds);
