/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer_card.c - certificates of cards, field by field as documented (card-and-pki 2.2), but with
 * O=JPKI-SIM, a private policy OID and addresses that do not exist (Q13).
 */
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "proof/issuer.h"
#include "proof/issuer_internal.h"

#define COMMON_NAME_SIZE 23
#define ADDRESS_MAX 128
#define RANDOM_PART 14 /* A-Z 0-9 in front; then municipality 5, three digits, 'A' */

/* Where the two kinds of card certificate differ. */
struct card_profile {
    const char *key_usage;
    const char *extended_key_usage; /* NULL = none */
    const char *unit;               /* of the CRL distribution point */
    const char *unit_ja;            /* of issuerAltName */
    const char *ocsp;
    const char *policy;
};

static const struct card_profile authentication = {
    "critical,digitalSignature",         "clientAuth",
    "JPKI for user authentication",      "利用者証明用",
    "http://ocsp.auth.jpki-sim.invalid", ISSUER_POLICY_OID,
};
static const struct card_profile signature = {
    "critical,digitalSignature,nonRepudiation",
    NULL,
    "JPKI for digital signature",
    "署名用",
    "http://ocsp.sign.jpki-sim.invalid",
    ISSUER_SIGNATURE_POLICY_OID,
};

/* The documented certificate names prefecture and municipality; a code says the same shorter. */
#define SECTIONS                                                                                   \
    "[policies]\n"                                                                                 \
    "policyIdentifier=%s\n"                                                                        \
    "CPS.1=http://www.jpki-sim.invalid/cps.html\n"                                                 \
    "[crl]\n"                                                                                      \
    "fullname=dirName:point\n"                                                                     \
    "[point]\n"                                                                                    \
    "C=JP\n"                                                                                       \
    "O=JPKI-SIM\n"                                                                                 \
    "1.OU=%s\n"                                                                                    \
    "2.OU=CRL Distribution Points\n"                                                               \
    "3.OU=Prefecture %.2s\n"                                                                       \
    "CN=Municipality %s CRLDP\n"

static bool municipality_ok(const char *municipality)
{
    return municipality && strlen(municipality) == 5 && text_is_digits(text_of(municipality));
}

/* 14 random characters, municipality, three random digits, 'A' (Q14). */
static bool random_common_name(const char *municipality, char out[COMMON_NAME_SIZE + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char random[RANDOM_PART + 2];
    unsigned digits = 0;

    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    for (size_t i = 0; i < RANDOM_PART; i++) /* a little uneven: a name, not a key */
        out[i] = letters[random[i] % (sizeof letters - 1)];
    digits = (random[RANDOM_PART] * 256U + random[RANDOM_PART + 1]) % 1000;
    snprintf(out + RANDOM_PART, COMMON_NAME_SIZE + 1 - RANDOM_PART, "%.5s%03uA", municipality,
             digits);
    return true;
}

/* It goes into OpenSSL's little language of extensions, where commas and such mean something. */
static bool address_ok(const char *address)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]";

    return !address || (strncmp(address, "http://", 7) == 0 && strlen(address) <= ADDRESS_MAX &&
                        address[strspn(address, plain)] == '\0');
}

static enum status check_order(struct scope *scope, const struct card_certificate_order *order)
{
    if (order->serial == 0 || order->serial > INT64_MAX)
        return scope_fail(scope, CAUSE_USAGE, "a serial is 1 to 63 bits");
    if (!date_ok(order->expires))
        return scope_fail(scope, CAUSE_USAGE, "the expiry is not a day");
    if (!municipality_ok(order->municipality))
        return scope_fail(scope, CAUSE_USAGE, "a municipality code has five digits");
    if (!address_ok(order->ocsp))
        return scope_fail(scope, CAUSE_USAGE, "an OCSP address is http:// and plain characters");
    if (order->common_name && strlen(order->common_name) != COMMON_NAME_SIZE)
        return scope_fail(scope, CAUSE_USAGE, "a common name has 23 characters");
    return STATUS_OK;
}

static bool fill_names(X509 *certificate, const struct issuer *issuer,
                       const struct card_certificate_order *order)
{
    char random_name[COMMON_NAME_SIZE + 1] = {0};
    const char *name = order->common_name;

    if (!name) {
        if (!random_common_name(order->municipality, random_name))
            return false;
        name = random_name;
    }
    return issuer_fill_name(X509_get_subject_name(certificate),
                            (const struct issuer_attribute[]){
                                {NID_countryName, "JP"}, {NID_commonName, name}, {0, NULL}}) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)) == 1;
}

/* In the order of the documented certificate. */
static bool fill_extensions(X509 *certificate, const struct issuer *issuer,
                            const struct card_profile *profile, const char *sections,
                            const char *ocsp)
{
    const struct issuer_extension usage[] = {{NID_key_usage, profile->key_usage}, {0, NULL}};
    const struct issuer_extension extended[] = {{NID_ext_key_usage, profile->extended_key_usage},
                                                {0, NULL}};
    const struct issuer_extension policies[] = {{NID_certificate_policies, "critical,@policies"},
                                                {0, NULL}};
    const struct issuer_attribute japanese[] = {
        {NID_countryName, "JP"},
        {NID_organizationName, "公的個人認証サービス(模擬)"},
        {NID_organizationalUnitName, profile->unit_ja},
        {NID_organizationalUnitName, "模擬情報システム機構"},
        {0, NULL},
    };
    const struct issuer_extension rest[] = {
        {NID_crl_distribution_points, "crl"},
        {NID_info_access, ocsp},
        {NID_authority_key_identifier, "keyid:always,issuer:always"},
        {NID_subject_key_identifier, "hash"},
        {0, NULL},
    };
    X509 *ca = issuer->certificate;

    return issuer_add_extensions(certificate, ca, NULL, usage) &&
           issuer_add_extensions(certificate, ca, NULL, extended) &&
           issuer_add_extensions(certificate, ca, sections, policies) &&
           issuer_add_directory_name(certificate, NID_issuer_alt_name, japanese) &&
           issuer_add_extensions(certificate, ca, sections, rest);
}

/* The certificate of a key, signed. */
static enum status certify(struct scope *scope, const struct issuer *issuer,
                           const struct card_certificate_order *order, EVP_PKEY *key,
                           struct text *der)
{
    const struct card_profile *profile =
        issuer->kind == ISSUER_CARD_SIGNATURE ? &signature : &authentication;
    CLEANUP(issuer_certificate_drop) X509 *certificate = X509_new();
    struct text sections = {0};
    struct text ocsp = {0};
    bool made = false;

    TRY(text_format(scope, &sections, SECTIONS, profile->policy, profile->unit, order->municipality,
                    order->municipality));
    TRY(text_format(scope, &ocsp, "OCSP;URI:%s", order->ocsp ? order->ocsp : profile->ocsp));
    made = certificate &&
           issuer_fill_basics(certificate, key, order->serial, order->not_before,
                              issuer_end_of_day(order->expires)) &&
           fill_names(certificate, issuer, order) &&
           fill_extensions(certificate, issuer, profile, sections.bytes, ocsp.bytes) &&
           X509_sign(certificate, issuer->key, EVP_sha256()) > 0;
    TRY(issuer_tried(scope, made, "a card certificate"));
    return issuer_certificate_der(scope, certificate, der);
}

enum status issuer_make_card(struct scope *scope, const struct issuer *issuer,
                             const struct card_certificate_order *order, struct text *key_pem,
                             struct text *certificate_der)
{
    CLEANUP(issuer_key_drop) EVP_PKEY *key = NULL;

    if (issuer->kind != ISSUER_CARD_AUTHENTICATION && issuer->kind != ISSUER_CARD_SIGNATURE)
        return scope_fail(scope, CAUSE_INTERNAL, "this issuer makes no cards");
    TRY(check_order(scope, order));
    key = issuer_new_rsa();
    TRY(issuer_tried(scope, key != NULL, "a card's key"));
    TRY(certify(scope, issuer, order, key, certificate_der));
    return issuer_key_pem(scope, key, key_pem);
}
