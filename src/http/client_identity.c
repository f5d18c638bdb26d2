/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client_identity.h"

#include "base/hex.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

/* Longest OU or CN that is looked at, NUL included. */
#define NAME_SIZE 65

static const struct {
    const char *unit;
    enum role role;
} roles[] = {
    {"institution", ROLE_INSTITUTION},
    {"insurer", ROLE_INSURER},
    {"operator", ROLE_OPERATOR},
    {"portal", ROLE_PORTAL},
};

static bool code_good(enum role role, const char *name, struct caller *caller)
{
    if (role == ROLE_INSTITUTION)
        return institution_code_read(text_of(name), &caller->institution) == NUMBER_GOOD;
    if (role == ROLE_INSURER)
        return insurer_number_read(text_of(name), &caller->insurer) == NUMBER_GOOD;
    return name[0] != '\0';
}

enum role client_role(const char *unit, const char *name, struct caller *out)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(roles[i].unit, unit) == 0 && code_good(roles[i].role, name, out))
            out->role = roles[i].role;
    return out->role;
}

/* The one value of a subject's attribute; false where there is none, or two, or a NUL inside. */
static bool subject_value(gnutls_x509_crt_t certificate, const char *oid, char out[NAME_SIZE])
{
    char second[NAME_SIZE];
    size_t size = NAME_SIZE;
    size_t second_size = NAME_SIZE;

    if (gnutls_x509_crt_get_dn_by_oid(certificate, oid, 0, 0, out, &size) < 0)
        return false;
    if (strlen(out) != size)
        return false;
    return gnutls_x509_crt_get_dn_by_oid(certificate, oid, 1, 0, second, &second_size) ==
           GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* extendedKeyUsage must name client authentication; a certificate without the extension is none. */
static bool for_clients(gnutls_x509_crt_t certificate)
{
    char oid[64];
    unsigned critical = 0;

    for (unsigned i = 0; i < 8; i++) {
        size_t size = sizeof oid;
        int code = gnutls_x509_crt_get_key_purpose_oid(certificate, i, oid, &size, &critical);
        if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return false;
        if (code >= 0 && strcmp(oid, GNUTLS_KP_TLS_WWW_CLIENT) == 0)
            return true;
    }
    return false;
}

static void write_fingerprint(const gnutls_datum_t *der, char out[17])
{
    unsigned char hash[32];

    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, der->data, der->size, hash) < 0)
        return;
    hex_write(hash, 8, out);
}

static struct instant instant_of(time_t seconds)
{
    return (struct instant){(int64_t)seconds * 1000000};
}

static enum cause read_subject(gnutls_x509_crt_t certificate, struct client_identity *out)
{
    char unit[NAME_SIZE] = "";
    char name[NAME_SIZE] = "";

    out->from = instant_of(gnutls_x509_crt_get_activation_time(certificate));
    out->until = instant_of(gnutls_x509_crt_get_expiration_time(certificate));
    if (!for_clients(certificate) ||
        !subject_value(certificate, GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME, unit) ||
        !subject_value(certificate, GNUTLS_OID_X520_COMMON_NAME, name) ||
        client_role(unit, name, &out->caller) == ROLE_NONE)
        return CAUSE_CLIENT_CERTIFICATE_UNKNOWN;
    return CAUSE_NONE;
}

/* Issuer, signature, purpose, dates. The dates alone are told apart: the desk can act on them. */
static enum cause verify(gnutls_session_t session)
{
    unsigned char client_purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID,
        .data = client_purpose,
    };
    const unsigned dates = GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED;
    unsigned faults = 0;

    if (gnutls_certificate_verify_peers(session, &purpose, 1, &faults) < 0)
        return CAUSE_CLIENT_CERTIFICATE_UNKNOWN;
    if (faults == 0)
        return CAUSE_NONE;
    if ((faults & ~(dates | GNUTLS_CERT_INVALID)) == 0 && (faults & dates) != 0)
        return CAUSE_CLIENT_CERTIFICATE_EXPIRED;
    return CAUSE_CLIENT_CERTIFICATE_UNKNOWN;
}

struct client_identity client_identity_read(gnutls_session_t session)
{
    struct client_identity identity = {.refusal = CAUSE_CLIENT_CERTIFICATE_MISSING};
    gnutls_x509_crt_t certificate = NULL;
    unsigned count = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);

    if (!chain || count == 0)
        return identity;
    write_fingerprint(&chain[0], identity.caller.fingerprint);
    identity.refusal = CAUSE_CLIENT_CERTIFICATE_UNKNOWN;
    if (gnutls_x509_crt_init(&certificate) < 0)
        return identity;
    if (gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0) {
        identity.refusal = verify(session);
        if (identity.refusal == CAUSE_NONE)
            identity.refusal = read_subject(certificate, &identity);
    }
    gnutls_x509_crt_deinit(certificate);
    return identity;
}

enum cause client_refusal(const struct client_identity *identity, struct instant now)
{
    if (identity->refusal != CAUSE_NONE)
        return identity->refusal;
    if (now.microseconds < identity->from.microseconds ||
        now.microseconds >= identity->until.microseconds + 1000000)
        return CAUSE_CLIENT_CERTIFICATE_EXPIRED;
    return CAUSE_NONE;
}
