/* SPDX-License-Identifier: Apache-2.0
 *
 * played_responder.h - an OCSP responder for tests, made of libcrypto's: it signs what it is told.
 */
#pragma once

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "proof/ocsp.h"
#include "proof_world.h"

/* How an answer is to look; members left 0 give a good, fresh one by the CA itself. */
struct played_answer {
    int state;       /* V_OCSP_CERTSTATUS_ */
    int reason;      /* where revoked */
    uint64_t serial; /* of whom it speaks; 0 = whom the request asks about */
    int64_t age;     /* seconds that thisUpdate is back */
    int64_t valid;   /* nextUpdate: seconds behind thisUpdate; 0 = none, -1 = at once */
    bool no_nonce;
    bool other_nonce;
    const EVP_MD *digest;    /* NULL = SHA-256 */
    EVP_PKEY *key;           /* NULL = the CA's */
    X509 *signer;            /* of key; NULL = the CA */
    const struct issuer *of; /* whose certificates it speaks of; NULL = the CA's */
};

static inline ASN1_TIME *played_time(struct instant now, int64_t seconds)
{
    return ASN1_TIME_set(NULL, (time_t)(now.microseconds / 1000000 + seconds));
}

/* A certificate for a delegated signer: usage such as "OCSPSigning". */
static inline X509 *played_signer(const struct issuer *issuer, EVP_PKEY *key, const char *usage)
{
    static const struct issuer_attribute name[] = {{NID_commonName, "responder"}, {0, NULL}};
    const struct issuer_extension extensions[] = {{NID_ext_key_usage, usage}, {0, NULL}};
    X509 *made = X509_new();

    if (!issuer_fill_basics(made, key, 77, instant_noon(DATE(20241101)),
                            instant_noon(DATE(20341101))) ||
        !issuer_fill_name(X509_get_subject_name(made), name) ||
        X509_set_issuer_name(made, X509_get_subject_name(issuer->certificate)) != 1 ||
        !issuer_add_extensions(made, issuer->certificate, NULL, extensions) ||
        X509_sign(made, issuer->key, EVP_sha256()) <= 0)
        abort();
    return made;
}

static inline void played_nonce(OCSP_REQUEST *request, OCSP_BASICRESP *basic,
                                const struct played_answer *how)
{
    unsigned char other[OCSP_NONCE_SIZE] = {1};

    if (how->other_nonce)
        OCSP_basic_add1_nonce(basic, other, sizeof other);
    else if (!how->no_nonce)
        OCSP_copy_nonce(basic, request);
}

static inline OCSP_CERTID *played_id(OCSP_REQUEST *request, const struct issuer *ca,
                                     const struct played_answer *how)
{
    const X509 *of = (how->of ? how->of : ca)->certificate;
    ASN1_INTEGER *asked = NULL;
    ASN1_INTEGER *serial = NULL;
    OCSP_CERTID *id = NULL;

    OCSP_id_get0_info(NULL, NULL, NULL, &asked,
                      OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, 0)));
    serial = ASN1_INTEGER_dup(asked);
    if (how->serial)
        ASN1_INTEGER_set_uint64(serial, how->serial);
    id = OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(of), X509_get0_pubkey_bitstr(of),
                          serial);
    ASN1_INTEGER_free(serial);
    return id;
}

/* The answer to a request; DER in the scope. */
static inline struct text played_respond(struct scope *scope, const struct issuer *ca,
                                         struct text request_der, const struct played_answer *how)
{
    const unsigned char *at = (const unsigned char *)request_der.bytes;
    OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long)request_der.size);
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_RESPONSE *response = NULL;
    ASN1_TIME *this_update = played_time(scope->now, -how->age);
    ASN1_TIME *next_update = how->valid ? played_time(scope->now, how->valid - how->age) : NULL;
    ASN1_TIME *revoked = played_time(scope->now, -how->age);
    OCSP_CERTID *id = NULL;
    unsigned char *bytes = NULL;
    char *copy = NULL;
    int size = 0;

    if (!request)
        abort();
    id = played_id(request, ca, how);
    OCSP_basic_add1_status(basic, id, how->state, how->reason,
                           how->state == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL, this_update,
                           next_update);
    played_nonce(request, basic, how);
    if (OCSP_basic_sign(basic, how->signer ? how->signer : ca->certificate,
                        how->key ? how->key : ca->key, how->digest ? how->digest : EVP_sha256(),
                        NULL, how->signer ? 0 : OCSP_NOCERTS) != 1)
        abort();
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    size = i2d_OCSP_RESPONSE(response, &bytes);
    if (size <= 0 || scope_copy(scope, bytes, (size_t)size, &copy) != STATUS_OK)
        abort();
    OPENSSL_free(bytes);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(this_update);
    ASN1_TIME_free(next_update);
    ASN1_TIME_free(revoked);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_REQUEST_free(request);
    return (struct text){copy, (size_t)size};
}

/* A trust that pins the CA alone, by way of a file. */
static inline struct card_trust *played_trust(struct scope *scope, const struct issuer *ca)
{
    char path[] = "/tmp/test_status.XXXXXX";
    struct card_trust *trust = NULL;
    struct text pem = {0};

    close(mkstemp(path));
    if (issuer_public_pem(scope, ca, &pem) != STATUS_OK ||
        file_write(scope, path, pem, FILE_MODE_PUBLIC) != STATUS_OK ||
        card_trust_open(scope, path, ISSUER_POLICY_OID, 8, &trust) != STATUS_OK)
        abort();
    unlink(path);
    return trust;
}
