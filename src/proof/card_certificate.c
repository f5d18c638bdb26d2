/* SPDX-License-Identifier: Apache-2.0
 *
 * card_certificate.c - reads the documented profile, and nothing but it. Verifying: card_trust.c.
 */
#include "proof/card_certificate.h"

#include <string.h>

#include "proof/der.h"

#define RSA_SIZE 256
#define KEY_ID_SIZE 20
#define EXTENSIONS_MAX 16

/* AlgorithmIdentifier of rsaEncryption, whole. */
static const unsigned char rsa_encryption[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                               0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
static const unsigned char client_auth[] = {0x06, 0x08, 0x2B, 0x06, 0x01,
                                            0x05, 0x05, 0x07, 0x03, 0x02};
static const unsigned char cps_qualifier[] = {0x06, 0x08, 0x2B, 0x06, 0x01,
                                              0x05, 0x05, 0x07, 0x02, 0x01};

static bool read_version(struct text *rest, struct card_certificate *out)
{
    static const unsigned char version_3[] = {0xA0, 0x03, 0x02, 0x01, 0x02};

    (void)out;
    return der_take_bytes(rest, version_3, sizeof version_3);
}

static bool read_serial(struct text *rest, struct card_certificate *out)
{
    return der_take_number(rest, &out->serial);
}

static bool read_algorithm(struct text *rest, struct card_certificate *out)
{
    (void)out;
    return der_take_sha256_with_rsa(rest);
}

static bool read_issuer(struct text *rest, struct card_certificate *out)
{
    return der_take_name(rest, &out->issuer_name);
}

static bool read_validity(struct text *rest, struct card_certificate *out)
{
    struct text times = {0};

    return der_take(rest, DER_SEQUENCE, &times, NULL) && der_take_time(&times, &out->not_before) &&
           der_take_time(&times, &out->not_after) && times.size == 0 &&
           out->not_before.microseconds <= out->not_after.microseconds;
}

static bool read_subject(struct text *rest, struct card_certificate *out)
{
    (void)out;
    return der_take_name(rest, NULL);
}

static bool odd(struct text magnitude)
{
    return magnitude.size > 0 && (magnitude.bytes[magnitude.size - 1] & 1);
}

/* 2048 bits, that is no leading zero bit, and odd. */
static bool modulus_ok(struct text modulus)
{
    return modulus.size == RSA_SIZE && (modulus.bytes[0] & 0x80) && odd(modulus);
}

/* Odd, 3 to 2^32 - 1: a larger one would make us work for a stranger. */
static bool exponent_ok(struct text exponent)
{
    return exponent.size <= 4 && odd(exponent) && !(exponent.size == 1 && exponent.bytes[0] == 1);
}

static bool read_key(struct text *rest, struct card_certificate *out)
{
    struct text information = {0};
    struct text bits = {0};
    struct text numbers = {0};

    return der_take(rest, DER_SEQUENCE, &information, NULL) &&
           der_take_bytes(&information, rsa_encryption, sizeof rsa_encryption) &&
           der_take_bits(&information, &bits) && information.size == 0 &&
           der_take(&bits, DER_SEQUENCE, &numbers, NULL) && bits.size == 0 &&
           der_take_positive(&numbers, &out->modulus) &&
           der_take_positive(&numbers, &out->exponent) && numbers.size == 0 &&
           modulus_ok(out->modulus) && exponent_ok(out->exponent);
}

/* One or two bytes of bits, no unused bit set, no trailing zero bit. */
static bool named_bits_ok(struct text bits)
{
    unsigned unused = bits.size > 0 ? (unsigned char)bits.bytes[0] : 8;
    unsigned last = bits.size > 1 ? (unsigned char)bits.bytes[bits.size - 1] : 0;

    return bits.size >= 2 && bits.size <= 3 && unused < 8 && last >> unused << unused == last &&
           (last >> unused & 1);
}

static bool read_key_usage(struct text value, struct card_certificate *out)
{
    struct text bits = {0};

    if (!der_take(&value, DER_BIT_STRING, &bits, NULL) || value.size > 0 || !named_bits_ok(bits))
        return false;
    out->digital_signature = bits.size == 2 && (unsigned char)bits.bytes[1] == 0x80;
    return true;
}

static bool read_extended_usage(struct text value, struct card_certificate *out)
{
    struct text purposes = {0};

    if (!der_take(&value, DER_SEQUENCE, &purposes, NULL) || value.size > 0 || purposes.size == 0)
        return false;
    while (purposes.size > 0) {
        struct text purpose = {0};
        if (!der_take_oid(&purposes, &purpose))
            return false;
        if (purpose.size == sizeof client_auth &&
            memcmp(purpose.bytes, client_auth, sizeof client_auth) == 0)
            out->client_auth = true;
    }
    return true;
}

/* Nothing, or where the practice statement is: one CPS URI. */
static bool qualifiers_ok(struct text rest)
{
    struct text list = {0};
    struct text qualifier = {0};
    struct text address = {0};

    if (rest.size == 0)
        return true;
    return der_take(&rest, DER_SEQUENCE, &list, NULL) && rest.size == 0 &&
           der_take(&list, DER_SEQUENCE, &qualifier, NULL) && list.size == 0 &&
           der_take_bytes(&qualifier, cps_qualifier, sizeof cps_qualifier) &&
           der_take(&qualifier, DER_IA5_STRING, &address, NULL) && qualifier.size == 0;
}

/* The profile has exactly one policy. */
static bool read_policies(struct text value, struct card_certificate *out)
{
    struct text policies = {0};
    struct text policy = {0};

    return der_take(&value, DER_SEQUENCE, &policies, NULL) && value.size == 0 &&
           der_take(&policies, DER_SEQUENCE, &policy, NULL) && policies.size == 0 &&
           der_take_oid(&policy, &out->policy) && qualifiers_ok(policy);
}

/* authorityCertIssuer of an authorityKeyIdentifier: one directoryName. */
static bool take_authority_issuer(struct text *rest)
{
    struct text names = {0};
    struct text directory = {0};

    return der_take(rest, DER_CONTEXT_CONSTRUCTED | 1, &names, NULL) &&
           der_take(&names, DER_CONTEXT_CONSTRUCTED | 4, &directory, NULL) && names.size == 0 &&
           der_take_name(&directory, NULL) && directory.size == 0;
}

static bool read_authority_key(struct text value, struct card_certificate *out)
{
    struct text parts = {0};
    struct text serial = {0};

    if (!der_take(&value, DER_SEQUENCE, &parts, NULL) || value.size > 0)
        return false;
    if (der_take(&parts, DER_CONTEXT | 0, &out->authority_key, NULL) &&
        out->authority_key.size != KEY_ID_SIZE)
        return false;
    if (der_peek(parts) == (DER_CONTEXT_CONSTRUCTED | 1) && !take_authority_issuer(&parts))
        return false;
    if (der_take(&parts, DER_CONTEXT | 2, &serial, NULL) && !der_positive(serial, &serial))
        return false;
    return parts.size == 0;
}

static bool read_nothing(struct text value, struct card_certificate *out)
{
    (void)value;
    (void)out;
    return true;
}

/* The extensions of the profile; each once. */
static const struct {
    unsigned char oid[3]; /* 2.5.29.x, without tag and length */
    bool may_be_critical;
    bool (*read)(struct text value, struct card_certificate *out);
} known_extensions[] = {
    {{0x55, 0x1D, 15}, true, read_key_usage},      /* keyUsage */
    {{0x55, 0x1D, 37}, true, read_extended_usage}, /* extKeyUsage */
    {{0x55, 0x1D, 32}, true, read_policies},       /* certificatePolicies */
    {{0x55, 0x1D, 35}, false, read_authority_key}, /* authorityKeyIdentifier */
    {{0x55, 0x1D, 14}, false, read_nothing},       /* subjectKeyIdentifier */
    {{0x55, 0x1D, 18}, false, read_nothing},       /* issuerAltName */
    {{0x55, 0x1D, 31}, false, read_nothing},       /* cRLDistributionPoints */
};

#define KNOWN_COUNT (sizeof known_extensions / sizeof known_extensions[0])

/* The row of an extension; KNOWN_COUNT where it has none. oid: with tag and length. */
static size_t find_extension(struct text oid)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (oid.size == 5 && memcmp(oid.bytes + 2, known_extensions[i].oid, 3) == 0)
            return i;
    return KNOWN_COUNT;
}

/* One extension. seen: a bit a row. What we don't know may stand there unless it is critical. */
static bool read_extension(struct text *rest, unsigned *seen, struct card_certificate *out)
{
    static const unsigned char is_critical[] = {DER_BOOLEAN, 0x01, 0xFF};
    struct text extension = {0};
    struct text oid = {0};
    struct text value = {0};
    bool critical = false;
    size_t row = 0;

    if (!der_take(rest, DER_SEQUENCE, &extension, NULL) || !der_take_oid(&extension, &oid))
        return false;
    critical = der_take_bytes(&extension, is_critical, sizeof is_critical);
    if (!der_take(&extension, DER_OCTET_STRING, &value, NULL) || extension.size > 0)
        return false;
    row = find_extension(oid);
    if (row == KNOWN_COUNT)
        return !critical;
    if ((*seen >> row & 1) || (critical && !known_extensions[row].may_be_critical))
        return false;
    *seen |= 1U << row;
    return known_extensions[row].read(value, out);
}

static bool read_extensions(struct text *rest, struct card_certificate *out)
{
    struct text wrapper = {0};
    struct text list = {0};
    unsigned seen = 0;

    if (!der_take(rest, DER_CONTEXT_CONSTRUCTED | 3, &wrapper, NULL) ||
        !der_take(&wrapper, DER_SEQUENCE, &list, NULL) || wrapper.size > 0 || list.size == 0)
        return false;
    for (int i = 0; list.size > 0; i++)
        if (i == EXTENSIONS_MAX || !read_extension(&list, &seen, out))
            return false;
    return true;
}

/* tbsCertificate, in its order. */
static const struct {
    const char *name;
    bool (*read)(struct text *rest, struct card_certificate *out);
} fields[] = {
    {"version", read_version},          {"serialNumber", read_serial},
    {"signature", read_algorithm},      {"issuer", read_issuer},
    {"validity", read_validity},        {"subject", read_subject},
    {"subjectPublicKeyInfo", read_key}, {"extensions", read_extensions},
};

static enum status malformed(struct scope *scope, const char *what)
{
    return scope_fail(scope, CAUSE_CARD_CERTIFICATE_MALFORMED, "certificate: %s", what);
}

static enum status read_fields(struct scope *scope, struct text rest, struct card_certificate *out)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (!fields[i].read(&rest, out))
            return malformed(scope, fields[i].name);
    return rest.size == 0 ? STATUS_OK : malformed(scope, "more than the profile");
}

enum status card_certificate_read(struct scope *scope, struct text der,
                                  struct card_certificate *out)
{
    struct card_certificate read = {0};
    struct text parts = {0};
    struct text fields_part = {0};

    if (der.size > CARD_CERTIFICATE_MAX)
        return malformed(scope, "too large");
    if (!der_take(&der, DER_SEQUENCE, &parts, NULL) || der.size > 0 ||
        !der_take(&parts, DER_SEQUENCE, &fields_part, &read.signed_part))
        return malformed(scope, "not DER");
    if (!read_algorithm(&parts, &read))
        return malformed(scope, "signatureAlgorithm");
    if (!der_take_bits(&parts, &read.signature) || read.signature.size != RSA_SIZE ||
        parts.size > 0)
        return malformed(scope, "signatureValue");
    TRY(read_fields(scope, fields_part, &read));
    *out = read;
    return STATUS_OK;
}
