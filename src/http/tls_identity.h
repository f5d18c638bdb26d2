/* SPDX-License-Identifier: Apache-2.0
 *
 * tls_identity.h - who the server is (certificate, key) and whom it trusts (client CA).
 *
 * A value never changes; a reload makes a new one. It is counted: each connection holds the one
 * that it was made, or last verified, with.
 */
#pragma once

#include <gnutls/gnutls.h>

#include "base/scope.h"
#include "base/text.h"

struct tls_identity; /* opaque, counted */

/* The three files as they were read: PEM, NUL-terminated. */
struct tls_files {
    struct text certificate, key, client_ca;
};

/* Reads the files into the scope. Fails with FILE_UNAVAILABLE. */
MUST_CHECK enum status tls_files_read(struct scope *scope, const char *certificate_path,
                                      const char *key_path, const char *client_ca_path,
                                      struct tls_files *out);

/* Makes an identity; the caller holds it. Fails with CONFIGURATION. */
MUST_CHECK enum status tls_identity_make(struct scope *scope, const struct tls_files *files,
                                         struct tls_identity **out);
struct tls_identity *tls_identity_hold(struct tls_identity *identity);
/* The last holder frees it. Accepts NULL. */
void tls_identity_drop(struct tls_identity *identity);

/* What a TLS session is given; lives as long as the identity is held. */
gnutls_certificate_credentials_t tls_identity_credentials(const struct tls_identity *identity);
