/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_identity.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* A PEM file larger than this is not one of ours. */
#define PEM_FILE_MAX (1024UL * 1024)

struct tls_identity {
    gnutls_certificate_credentials_t credentials;
    _Atomic int holders;
};

enum status tls_files_read(struct scope *scope, const char *certificate_path, const char *key_path,
                           const char *client_ca_path, struct tls_files *out)
{
    TRY(file_read(scope, certificate_path, PEM_FILE_MAX, &out->certificate));
    TRY(file_read(scope, key_path, PEM_FILE_MAX, &out->key));
    return file_read(scope, client_ca_path, PEM_FILE_MAX, &out->client_ca);
}

/* GnuTLS's type has no const; it only reads. */
static gnutls_datum_t datum(struct text text)
{
    gnutls_datum_t datum = {.size = (unsigned)text.size};

    memcpy(&datum.data, &text.bytes, sizeof datum.data);
    return datum;
}

static enum status fill(struct scope *scope, const struct tls_files *files,
                        struct tls_identity *identity)
{
    const gnutls_datum_t certificate = datum(files->certificate);
    const gnutls_datum_t key = datum(files->key);
    const gnutls_datum_t client_ca = datum(files->client_ca);
    int code = gnutls_certificate_allocate_credentials(&identity->credentials);

    if (code == GNUTLS_E_SUCCESS)
        code = gnutls_certificate_set_x509_key_mem(identity->credentials, &certificate, &key,
                                                   GNUTLS_X509_FMT_PEM);
    if (code < 0)
        return scope_fail(scope, CAUSE_CONFIGURATION, "server certificate or key: %s",
                          gnutls_strerror(code));
    code = gnutls_certificate_set_x509_trust_mem(identity->credentials, &client_ca,
                                                 GNUTLS_X509_FMT_PEM);
    if (code <= 0)
        return scope_fail(scope, CAUSE_CONFIGURATION, "client CA: %s",
                          code == 0 ? "no certificate in it" : gnutls_strerror(code));
    return STATUS_OK;
}

enum status tls_identity_make(struct scope *scope, const struct tls_files *files,
                              struct tls_identity **out)
{
    struct tls_identity *identity = calloc(1, sizeof *identity);
    enum status status = STATUS_OK;

    if (!identity)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the server's identity");
    identity->holders = 1;
    status = fill(scope, files, identity);
    if (status != STATUS_OK)
        tls_identity_drop(identity);
    else
        *out = identity;
    return status;
}

struct tls_identity *tls_identity_hold(struct tls_identity *identity)
{
    atomic_fetch_add(&identity->holders, 1);
    return identity;
}

void tls_identity_drop(struct tls_identity *identity)
{
    if (!identity || atomic_fetch_sub(&identity->holders, 1) > 1)
        return;
    if (identity->credentials)
        gnutls_certificate_free_credentials(identity->credentials);
    free(identity);
}

gnutls_certificate_credentials_t tls_identity_credentials(const struct tls_identity *identity)
{
    return identity->credentials;
}
