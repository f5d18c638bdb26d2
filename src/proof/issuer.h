/* SPDX-License-Identifier: Apache-2.0
 *
 * issuer.h - makes the keys and certificates of a world: the card CA (J-LIS role), authentication
 * certificates of the documented profile, and the network CA with its server, client and terminal
 * certificates. Synthetic by name (O=JPKI-SIM): card-and-pki 2.1, 2.2, Q13.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

/* Our arc in place of 1.2.392.200149.8.5.1.3.30: policy of simulated authentication certificates.
 */
#define ISSUER_POLICY_OID "1.3.6.1.4.1.99999.8.5.1.3.30"
/* The same for signature certificates (署名用; 1.2.392.200149.8.5.1.1.20). */
#define ISSUER_SIGNATURE_POLICY_OID "1.3.6.1.4.1.99999.8.5.1.1.20"

struct issuer; /* opaque: a CA's key and certificate */

enum issuer_kind {
    ISSUER_CARD_AUTHENTICATION, /* RSA-2048, signs authentication certificates */
    ISSUER_CARD_SIGNATURE,      /* RSA-2048, signs signature certificates (署名用) */
    ISSUER_NETWORK,             /* P-256, signs server and client certificates */
    ISSUER_TERMINAL,            /* RSA-2048 key for 特定機関認証 (no X.509) */
};

/* Makes a CA valid for ten years from not_before, with a random serial. */
MUST_CHECK enum status issuer_make(struct scope *scope, enum issuer_kind kind,
                                   struct instant not_before, struct issuer **out);
/*
 * The same with a serial that is told: CA certificates stand in the sequence of those they sign
 * (card-and-pki 2.2), so that generations of one name can be told apart.
 */
MUST_CHECK enum status issuer_make_generation(struct scope *scope, enum issuer_kind kind,
                                              struct instant not_before, uint64_t serial,
                                              struct issuer **out);
void issuer_close(struct issuer *issuer);
/*
 * Key and certificate as PEM, and back; the key file is written with mode 0600. ISSUER_TERMINAL has
 * its public key in place of a certificate, and reading it does not look at certificate_path.
 */
MUST_CHECK enum status issuer_write(struct scope *scope, const struct issuer *issuer,
                                    const char *key_path, const char *certificate_path);
MUST_CHECK enum status issuer_read(struct scope *scope, enum issuer_kind kind, const char *key_path,
                                   const char *certificate_path, struct issuer **out);
/* The CA certificate as PEM; of ISSUER_TERMINAL the public key. What issuer_write() writes. */
MUST_CHECK enum status issuer_public_pem(struct scope *scope, const struct issuer *issuer,
                                         struct text *pem);
/* The CA certificate, DER; ISSUER_TERMINAL has none. */
MUST_CHECK enum status issuer_certificate(struct scope *scope, const struct issuer *issuer,
                                          struct text *der);

/* What goes into an authentication certificate. */
struct card_certificate_order {
    uint64_t serial;
    struct instant not_before;
    struct date expires;      /* notAfter = 23:59:59 Japan of this day */
    const char *municipality; /* five-digit JIS code */
    const char *common_name;  /* 23 characters, or NULL: made from random */
    const char *ocsp;         /* http address for authorityInfoAccess, or NULL: leads nowhere */
};

/*
 * Makes a key pair (RSA-2048) and its certificate; both in the scope. ISSUER_CARD_SIGNATURE gives a
 * signature certificate (署名用), with invented-person fields left out (no subjectAltName).
 */
MUST_CHECK enum status issuer_make_card(struct scope *scope, const struct issuer *issuer,
                                        const struct card_certificate_order *order,
                                        struct text *key_pem, struct text *certificate_der);

/* Who a TLS certificate speaks for: subject OU = role, CN = code or host. */
struct network_certificate_order {
    const char *role;  /* "server", "institution", "insurer", "operator" */
    const char *name;  /* ten-digit code, insurer number, or host name */
    const char *hosts; /* server: comma-separated DNS names and addresses, else NULL */
    struct instant not_before, not_after;
};

/* Makes a P-256 key and certificate and writes both as PEM files (key 0600). */
MUST_CHECK enum status issuer_make_network(struct scope *scope, const struct issuer *issuer,
                                           const struct network_certificate_order *order,
                                           const char *key_path, const char *certificate_path);

/*
 * Makes a terminal credential for 特定機関認証 (jpki.h): an RSA-2048 key and a card-verifiable
 * certificate (7F21) signed by the terminal issuer, in one file that terminal_credential_open()
 * reads.
 */
MUST_CHECK enum status issuer_make_terminal(struct scope *scope, const struct issuer *issuer,
                                            const char *institution, const char *path);
