/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_network.c - TLS certificates: P-256, subject C=JP, O=shikaku, OU=role, CN=name.
 */
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/file.h"
#include "proof/issuer.h"
#include "proof/issuer_internal.h"

#define HOSTS_MAX 16

static bool is_server(const struct network_certificate_order *order)
{
    return strcmp(order->role, "server") == 0;
}

/* Letters, digits and what host names and addresses are written with; nothing that would say more
 * to OpenSSL's parser of extensions. */
static bool host_ok(struct text host)
{
    for (size_t i = 0; i < host.size; i++) {
        char byte = host.bytes[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && byte != '.' && byte != '-' && byte != ':')
            return false;
    }
    return host.size > 0 && host.size <= 253;
}

static bool is_address(struct text host)
{
    return memchr(host.bytes, ':', host.size) || strspn(host.bytes, "0123456789.") >= host.size;
}

/* "localhost,127.0.0.1" to "DNS:localhost,IP:127.0.0.1". */
static enum status alternative_names(struct scope *scope, const char *hosts, struct text *out)
{
    struct text_buffer names = text_buffer_begin(scope, 128);
    const char *at = hosts;

    for (int i = 0; i < HOSTS_MAX; i++) {
        struct text host = {at, strcspn(at, ",")};
        if (!host_ok(host))
            return scope_fail(scope, CAUSE_USAGE, "hosts: DNS names and addresses with commas");
        text_buffer_add_string(&names, i > 0 ? "," : "");
        text_buffer_add_string(&names, is_address(host) ? "IP:" : "DNS:");
        text_buffer_add(&names, host);
        at += host.size;
        if (*at == '\0')
            return text_buffer_end(&names, out);
        at++;
    }
    return scope_fail(scope, CAUSE_USAGE, "more than %d hosts", HOSTS_MAX);
}

static bool fill_names(X509 *certificate, const struct issuer *issuer,
                       const struct network_certificate_order *order)
{
    const struct issuer_attribute subject[] = {{NID_countryName, "JP"},
                                               {NID_organizationName, "shikaku"},
                                               {NID_organizationalUnitName, order->role},
                                               {NID_commonName, order->name},
                                               {0, NULL}};

    return issuer_fill_name(X509_get_subject_name(certificate), subject) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)) == 1;
}

/* hosts: for the server's subjectAltName; NULL ends the table before it. */
static bool fill_extensions(X509 *certificate, const struct issuer *issuer, bool server,
                            const char *hosts)
{
    const struct issuer_extension extensions[] = {
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, server ? "serverAuth" : "clientAuth"},
        {NID_authority_key_identifier, "keyid:always"},
        {NID_subject_key_identifier, "hash"},
        {NID_subject_alt_name, hosts},
        {0, NULL},
    };

    return issuer_add_extensions(certificate, issuer->certificate, NULL, extensions);
}

static enum status certify(struct scope *scope, const struct issuer *issuer,
                           const struct network_certificate_order *order, EVP_PKEY *key,
                           struct text *pem)
{
    CLEANUP(issuer_certificate_drop) X509 *certificate = X509_new();
    struct text hosts = {0};
    uint64_t serial = 0;
    bool made = false;

    if (is_server(order))
        TRY(alternative_names(scope, order->hosts ? order->hosts : order->name, &hosts));
    TRY(issuer_random_serial(scope, 63, &serial));
    made = certificate &&
           issuer_fill_basics(certificate, key, serial, order->not_before, order->not_after) &&
           fill_names(certificate, issuer, order) &&
           fill_extensions(certificate, issuer, is_server(order), hosts.bytes) &&
           X509_sign(certificate, issuer->key, EVP_sha256()) > 0;
    TRY(issuer_tried(scope, made, "a network certificate"));
    return issuer_certificate_pem(scope, certificate, pem);
}

enum status issuer_make_network(struct scope *scope, const struct issuer *issuer,
                                const struct network_certificate_order *order, const char *key_path,
                                const char *certificate_path)
{
    CLEANUP(issuer_key_drop) EVP_PKEY *key = NULL;
    struct text certificate = {0};
    struct text key_pem = {0};

    if (issuer->kind != ISSUER_NETWORK)
        return scope_fail(scope, CAUSE_INTERNAL, "this issuer makes no network certificates");
    key = issuer_new_p256();
    TRY(issuer_tried(scope, key != NULL, "a network key"));
    TRY(certify(scope, issuer, order, key, &certificate));
    TRY(issuer_key_pem(scope, key, &key_pem));
    TRY(file_write(scope, key_path, key_pem, FILE_MODE_SECRET));
    return file_write(scope, certificate_path, certificate, FILE_MODE_PUBLIC);
}
