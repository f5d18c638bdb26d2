/* SPDX-License-Identifier: Apache-2.0
 *
 * card_certificate.h - the authentication certificate (利用者証明用電子証明書) and its
 * verification.
 *
 * Reads the documented profile (card-and-pki 2.2) with a small DER walk of our own: OpenSSL's
 * parser costs 122 µs a certificate and serialises on a lock; the walk and a key from (n, e) cost 5
 * µs. The RSA arithmetic stays libcrypto's. Verified certificates are cached by the SHA-256 of
 * their DER.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/text.h"

#define CARD_CERTIFICATE_MAX 4096 /* bytes of DER accepted */

/* The fields of a certificate that decide anything; texts point into the DER. */
struct card_certificate {
    uint64_t serial;           /* positive, up to 8 bytes */
    struct text issuer_name;   /* DER of the issuer Name */
    struct text authority_key; /* authorityKeyIdentifier.keyid, 20 bytes; may be empty */
    struct instant not_before, not_after;
    struct text modulus, exponent; /* big-endian, RSA-2048 */
    bool digital_signature;        /* keyUsage is exactly digitalSignature */
    bool client_auth;              /* extendedKeyUsage has clientAuth */
    struct text policy;            /* DER of the first policy OID */
    struct text signed_part;       /* tbsCertificate, as signed */
    struct text signature;         /* 256 bytes */
};

/* Reads a DER certificate. Fails with CARD_CERTIFICATE_MALFORMED. */
MUST_CHECK enum status card_certificate_read(struct scope *scope, struct text der,
                                             struct card_certificate *out);

/* The pinned CA generations and the cache; safe to use from many threads. */
struct card_trust;

/*
 * Opens the trust from a PEM file of CA certificates (their order gives issuer numbers from 1).
 * policy_oid: dotted, the certificate policy that must be present. cache: certificates kept.
 * Refuses O=JPKI and O=JPKI-TEST as issuers (card-and-pki Q13).
 */
MUST_CHECK enum status card_trust_open(struct scope *scope, const char *ca_pem_path,
                                       const char *policy_oid, size_t cache,
                                       struct card_trust **out);
void card_trust_close(struct card_trust *trust);

/* Who a verified certificate is. */
struct card_identity {
    int issuer; /* number of the CA, from 1 */
    uint64_t serial;
    struct date not_before, expires; /* Japan; from the certificate itself */
};

/*
 * Verifies, in this order: signature over the hash, issuer pinned and its signature over the
 * certificate, policy and key usage. The clock is not looked at: dates are the rules' (K1-K3).
 *   hash        SHA-256 of the proof block
 *   signature   256 bytes: PKCS#1 v1.5 over the DigestInfo
 * Fails: CARD_CERTIFICATE_MALFORMED, CARD_SIGNATURE_WRONG, CARD_ISSUER_UNKNOWN,
 * CARD_CERTIFICATE_PURPOSE.
 */
MUST_CHECK enum status card_trust_verify(struct scope *scope, struct card_trust *trust,
                                         struct text certificate_der, const unsigned char hash[32],
                                         struct text signature, struct card_identity *out);

/* How many CA generations are pinned: their numbers are 1 to this. */
int card_trust_count(const struct card_trust *trust);
/* The certificate of a pinned CA, libcrypto's X509; borrowed, and to be read only. */
struct x509_st *card_trust_authority(const struct card_trust *trust, int issuer);
/* DER of a pinned CA's name, and its key identifier; borrowed. */
struct text card_trust_name(const struct card_trust *trust, int issuer);
struct text card_trust_key_id(const struct card_trust *trust, int issuer);
/* Did a pinned CA sign this (sha256WithRSAEncryption)? */
bool card_trust_signed(struct card_trust *trust, int issuer, struct text signed_part,
                       struct text signature);

struct card_trust_figures {
    uint64_t hits, misses;
};
struct card_trust_figures card_trust_figures(struct card_trust *trust);
