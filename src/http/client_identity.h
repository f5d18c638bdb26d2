/* SPDX-License-Identifier: Apache-2.0
 *
 * client_identity.h - from a client certificate to a caller: role from OU, code from CN.
 *
 * Looked at once a connection, not once a request: verifying costs as much as twenty requests.
 */
#pragma once

#include <gnutls/gnutls.h>

#include "base/date.h"
#include "base/failure.h"
#include "service/service.h"

/* Who is at the other end. */
struct client_identity {
    struct caller caller;
    enum cause refusal;         /* CAUSE_NONE, or why the certificate is not accepted (2xxx) */
    struct instant from, until; /* the certificate's validity, both ends included */
};

/*
 * Verifies the peer's certificate against the session's trusted CAs. Refusals:
 * CLIENT_CERTIFICATE_MISSING, _EXPIRED (nothing else is wrong with it), _UNKNOWN (issuer, purpose,
 * role or code). The fingerprint is set wherever a certificate was shown.
 */
struct client_identity client_identity_read(gnutls_session_t session);

/* What refuses a client at an instant: a connection may outlive its certificate. */
enum cause client_refusal(const struct client_identity *identity, struct instant now);

/*
 * Role and code as the subject names them: OU "institution" and a ten-digit code, "insurer" and an
 * insurer number, "operator" and any name. ROLE_NONE where they are none of these.
 */
enum role client_role(const char *unit, const char *name, struct caller *out);
