/* SPDX-License-Identifier: Apache-2.0
 *
 * ocsp_responder.c - from the bytes of an OCSP request to those of the answer.
 */
#include "proof/ocsp_responder.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "proof/issuer_internal.h"

#define HOUR INT64_C(3600000000)
#define HOLDS (720 * HOUR)
#define MADE_ANEW (360 * HOUR) /* half way, so that a copy of the certificate is never old */

struct authority {
    X509 *ca, *certificate;
    EVP_PKEY *key;
    struct instant made;
};

struct ocsp_responder {
    struct authority authorities[OCSP_GENERATIONS_MAX];
    int count;
};

static void request_drop(OCSP_REQUEST **request)
{
    OCSP_REQUEST_free(*request);
}

static void response_drop(OCSP_RESPONSE **response)
{
    OCSP_RESPONSE_free(*response);
}

static void basic_drop(OCSP_BASICRESP **basic)
{
    OCSP_BASICRESP_free(*basic);
}

static void id_drop(OCSP_CERTID **id)
{
    OCSP_CERTID_free(*id);
}

static void time_drop(ASN1_TIME **time)
{
    ASN1_TIME_free(*time);
}

static void der_drop(unsigned char **der)
{
    OPENSSL_free(*der);
}

/* --- who signs -------------------------------------------------------------------------------- */

static void authority_close(struct authority *authority)
{
    X509_free(authority->ca);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    *authority = (struct authority){0};
}

enum status ocsp_responder_open(struct scope *scope, struct ocsp_responder **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? STATUS_OK : scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
}

void ocsp_responder_close(struct ocsp_responder *responder)
{
    if (!responder)
        return;
    for (int i = 0; i < OCSP_GENERATIONS_MAX; i++)
        authority_close(&responder->authorities[i]);
    free(responder);
}

/* RFC 6960 4.2.2.2: whoever checks an answer need not ask whether this one was revoked. */
static const struct issuer_extension signer_extensions[] = {
    {NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "OCSPSigning"},
    {NID_id_pkix_OCSP_noCheck, "ignored"},        {NID_authority_key_identifier, "keyid:always"},
    {NID_subject_key_identifier, "hash"},         {0, NULL},
};

static bool certify(struct authority *authority, const struct issuer *issuer, uint64_t serial)
{
    const struct issuer_attribute subject[] = {
        {NID_countryName, "JP"},
        {NID_organizationName, "JPKI-SIM"},
        {NID_organizationalUnitName, "JPKI for user authentication"},
        {NID_commonName, "OCSP responder"},
        {0, NULL}};
    const struct instant until = {authority->made.microseconds + HOLDS};
    const struct instant from = {authority->made.microseconds - HOUR}; /* clocks differ */
    X509 *certificate = authority->certificate;

    return certificate && authority->key &&
           issuer_fill_basics(certificate, authority->key, serial, from, until) &&
           issuer_fill_name(X509_get_subject_name(certificate), subject) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)) == 1 &&
           issuer_add_extensions(certificate, issuer->certificate, NULL, signer_extensions) &&
           X509_sign(certificate, issuer->key, EVP_sha256()) > 0;
}

enum status ocsp_responder_set(struct scope *scope, struct ocsp_responder *responder,
                               int generation, const struct issuer *issuer, uint64_t serial)
{
    struct authority made = {
        .certificate = X509_new(), .key = issuer_new_p256(), .made = scope->now};

    if (generation < 1 || generation > OCSP_GENERATIONS_MAX || generation > responder->count + 1 ||
        issuer->kind != ISSUER_CARD_AUTHENTICATION || !certify(&made, issuer, serial)) {
        authority_close(&made);
        return issuer_tried(scope, false, "a certificate for OCSP answers");
    }
    X509_up_ref(issuer->certificate);
    made.ca = issuer->certificate;
    authority_close(&responder->authorities[generation - 1]);
    responder->authorities[generation - 1] = made;
    if (generation > responder->count)
        responder->count = generation;
    return STATUS_OK;
}

int ocsp_responder_due(const struct ocsp_responder *responder, struct instant now)
{
    for (int i = 0; i < responder->count; i++) {
        int64_t age = now.microseconds - responder->authorities[i].made.microseconds;
        if (age > MADE_ANEW || age < -HOUR)
            return i + 1;
    }
    return 0;
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* Hashes that a certificate may be named with. */
static const EVP_MD *naming_hash(OCSP_CERTID *id)
{
    static const int usual[] = {NID_sha1, NID_sha256, NID_sha384, NID_sha512};
    ASN1_OBJECT *algorithm = NULL;
    int nid = NID_undef;

    OCSP_id_get0_info(NULL, &algorithm, NULL, NULL, id);
    nid = OBJ_obj2nid(algorithm);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (nid == usual[i])
            return EVP_get_digestbynid(nid);
    return NULL;
}

/* The number of the generation that issued it, 0 where none of ours did. */
static int generation_of(const struct ocsp_responder *responder, OCSP_CERTID *id)
{
    const EVP_MD *hash = naming_hash(id);

    for (int i = 0; hash && i < responder->count; i++) {
        CLEANUP(id_drop)
        OCSP_CERTID *own = OCSP_cert_to_id(hash, NULL, responder->authorities[i].ca);
        if (own && OCSP_id_issuer_cmp(own, id) == 0)
            return i + 1;
    }
    return 0;
}

/* All of one generation: an answer has one signature. 0 where they are not, or not ours. */
static int generation_asked(const struct ocsp_responder *responder, OCSP_REQUEST *request)
{
    int generation = 0;

    for (int i = 0; i < OCSP_request_onereq_count(request); i++) {
        OCSP_CERTID *id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i));
        int found = generation_of(responder, id);
        if (found == 0 || (generation != 0 && found != generation))
            return 0;
        generation = found;
    }
    return generation;
}

/* A nonce of a sensible size, and nothing else that has to be understood. */
static bool extensions_ok(OCSP_REQUEST *request)
{
    for (int i = 0; i < OCSP_REQUEST_get_ext_count(request); i++) {
        X509_EXTENSION *extension = OCSP_REQUEST_get_ext(request, i);
        bool nonce = OBJ_obj2nid(X509_EXTENSION_get_object(extension)) == NID_id_pkix_OCSP_Nonce;
        int size = ASN1_STRING_length(X509_EXTENSION_get_data(extension));
        if ((nonce && (size < 1 || size > OCSP_NONCE_MAX)) ||
            (!nonce && X509_EXTENSION_get_critical(extension)))
            return false;
    }
    return true;
}

/* NULL where it is no request that we look at. */
static OCSP_REQUEST *read_request(struct text der)
{
    const unsigned char *at = (const unsigned char *)der.bytes;
    OCSP_REQUEST *request = NULL;
    int count = 0;

    if (der.size == 0 || der.size > OCSP_REQUEST_MAX)
        return NULL;
    request = d2i_OCSP_REQUEST(NULL, &at, (long)der.size);
    count = request ? OCSP_request_onereq_count(request) : 0;
    if (at == (const unsigned char *)der.bytes + der.size && count >= 1 &&
        count <= OCSP_ASKED_MAX && extensions_ok(request))
        return request;
    OCSP_REQUEST_free(request);
    ERR_clear_error();
    return NULL;
}

/* --- what is answered ------------------------------------------------------------------------- */

static time_t seconds_of(struct instant instant)
{
    return (time_t)(instant.microseconds / 1000000);
}

/* A serial that we never give out is one that we do not know (Q15: compared as a number). */
static bool serial_of(OCSP_CERTID *id, uint64_t *out)
{
    ASN1_INTEGER *serial = NULL;

    OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
    if (ASN1_INTEGER_get_uint64(out, serial) == 1)
        return *out > 0 && *out <= INT64_MAX;
    ERR_clear_error();
    return false;
}

static bool add_single(OCSP_BASICRESP *basic, OCSP_CERTID *id, const struct ocsp_status *status,
                       struct instant now)
{
    static const int words[] = {
        [OCSP_STATE_UNKNOWN] = V_OCSP_CERTSTATUS_UNKNOWN,
        [OCSP_STATE_GOOD] = V_OCSP_CERTSTATUS_GOOD,
        [OCSP_STATE_REVOKED] = V_OCSP_CERTSTATUS_REVOKED,
    };
    CLEANUP(time_drop) ASN1_TIME *from = ASN1_TIME_adj(NULL, seconds_of(now), 0, 0);
    CLEANUP(time_drop)
    ASN1_TIME *until = ASN1_TIME_adj(NULL, seconds_of(now), 0, OCSP_ANSWER_SECONDS);
    CLEANUP(time_drop) ASN1_TIME *revoked = ASN1_TIME_adj(NULL, seconds_of(status->revoked), 0, 0);

    return from && until && revoked &&
           OCSP_basic_add1_status(basic, id, words[status->state], status->reason, revoked, from,
                                  until) != NULL;
}

/* What one answer is made from. */
struct answering {
    const struct authority *authority;
    OCSP_REQUEST *request;
    int generation;
    ocsp_teller tell;
    void *context;
};

static enum status fill_singles(struct scope *scope, const struct answering *answering,
                                OCSP_BASICRESP *basic)
{
    for (int i = 0; i < OCSP_request_onereq_count(answering->request); i++) {
        OCSP_CERTID *id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(answering->request, i));
        struct ocsp_status status = {.reason = OCSP_REASON_NOT_TOLD};
        uint64_t serial = 0;
        if (serial_of(id, &serial))
            TRY(answering->tell(scope, answering->context, answering->generation, serial, &status));
        TRY(issuer_tried(scope, add_single(basic, id, &status, scope->now), "an OCSP answer"));
    }
    return STATUS_OK;
}

static enum status sign(struct scope *scope, const struct answering *answering,
                        OCSP_BASICRESP *basic)
{
    const struct authority *authority = answering->authority;
    bool made = OCSP_copy_nonce(basic, answering->request) > 0 &&
                OCSP_basic_sign(basic, authority->certificate, authority->key, EVP_sha256(), NULL,
                                OCSP_RESPID_KEY) == 1;

    return issuer_tried(scope, made, "an OCSP signature");
}

static enum status write_response(struct scope *scope, enum ocsp_reply reply, OCSP_BASICRESP *basic,
                                  struct text *out)
{
    CLEANUP(response_drop) OCSP_RESPONSE *response = OCSP_response_create((int)reply, basic);
    CLEANUP(der_drop) unsigned char *der = NULL;
    int size = response ? i2d_OCSP_RESPONSE(response, &der) : -1;

    TRY(issuer_tried(scope, size > 0, "an OCSP response"));
    return text_copy(scope, (struct text){(const char *)der, (size_t)size}, out);
}

/* A failure of the teller's is the answer tryLater: whoever asks goes by what is known there. */
static enum status answer_known(struct scope *scope, const struct answering *answering,
                                struct text *out, struct ocsp_told *told)
{
    CLEANUP(basic_drop) OCSP_BASICRESP *basic = OCSP_BASICRESP_new();

    TRY(issuer_tried(scope, basic != NULL, "an OCSP answer"));
    if (fill_singles(scope, answering, basic) != STATUS_OK) {
        told->reply = OCSP_REPLY_TRY_LATER;
        return write_response(scope, told->reply, NULL, out);
    }
    TRY(sign(scope, answering, basic));
    return write_response(scope, told->reply, basic, out);
}

enum status ocsp_responder_answer(struct scope *scope, struct ocsp_responder *responder,
                                  struct text request, ocsp_teller tell, void *context,
                                  struct text *answer, struct ocsp_told *told)
{
    CLEANUP(request_drop) OCSP_REQUEST *read = read_request(request);
    struct answering answering = {.request = read, .tell = tell, .context = context};

    *told = (struct ocsp_told){.reply = OCSP_REPLY_MALFORMED};
    if (!read)
        return write_response(scope, told->reply, NULL, answer);
    told->asked = OCSP_request_onereq_count(read);
    told->reply = OCSP_REPLY_UNAUTHORIZED;
    answering.generation = generation_asked(responder, read);
    if (answering.generation == 0)
        return write_response(scope, told->reply, NULL, answer);
    answering.authority = &responder->authorities[answering.generation - 1];
    told->reply = OCSP_REPLY_SUCCESSFUL;
    return answer_known(scope, &answering, answer, told);
}
