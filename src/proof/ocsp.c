/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/ocsp.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "proof/der.h"

#define SECOND INT64_C(1000000)

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

static void serial_drop(ASN1_INTEGER **serial)
{
    ASN1_INTEGER_free(*serial);
}

static void stack_drop(STACK_OF(X509) * *stack)
{
    sk_X509_free(*stack);
}

static enum status wrong(struct scope *scope, const char *why)
{
    ERR_clear_error();
    return scope_fail(scope, CAUSE_STATUS_ANSWER_WRONG, "OCSP: %s", why);
}

static enum status no_memory(struct scope *scope)
{
    ERR_clear_error();
    return scope_fail(scope, CAUSE_MEMORY_LIMIT, "OCSP: libcrypto has no memory");
}

/* --- the question --- */

enum status ocsp_question_make(struct scope *scope, int issuer, uint64_t serial,
                               struct ocsp_question *out)
{
    struct ocsp_question question = {.issuer = issuer, .serial = serial};

    if (RAND_bytes(question.nonce, sizeof question.nonce) != 1)
        return no_memory(scope);
    *out = question;
    return STATUS_OK;
}

/* Whom the question is about; NULL without memory. */
static OCSP_CERTID *id_of(const struct card_trust *trust, const struct ocsp_question *question)
{
    const X509 *authority = card_trust_authority(trust, question->issuer);
    CLEANUP(serial_drop) ASN1_INTEGER *serial = ASN1_INTEGER_new();

    if (!serial || ASN1_INTEGER_set_uint64(serial, question->serial) != 1)
        return NULL;
    return OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(authority),
                            X509_get0_pubkey_bitstr(authority), serial);
}

enum status ocsp_question_write(struct scope *scope, const struct card_trust *trust,
                                const struct ocsp_question *question, struct text *out)
{
    CLEANUP(request_drop) OCSP_REQUEST *request = OCSP_REQUEST_new();
    OCSP_CERTID *id = id_of(trust, question);
    unsigned char nonce[OCSP_NONCE_SIZE];
    unsigned char *bytes = NULL;
    enum status status = STATUS_OK;
    char *copy = NULL;
    int size = 0;

    memcpy(nonce, question->nonce, sizeof nonce);
    if (!request || !id || !OCSP_request_add0_id(request, id)) {
        OCSP_CERTID_free(id);
        return no_memory(scope);
    }
    if (OCSP_request_add1_nonce(request, nonce, sizeof nonce) != 1)
        return no_memory(scope);
    size = i2d_OCSP_REQUEST(request, &bytes);
    if (size <= 0)
        return no_memory(scope);
    status = scope_copy(scope, bytes, (size_t)size, &copy);
    OPENSSL_free(bytes);
    *out = (struct text){copy, (size_t)size};
    return status;
}

/* --- who signed --- */

static bool strong(OCSP_BASICRESP *basic)
{
    const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(basic);
    const ASN1_OBJECT *object = NULL;
    int digest = NID_undef;

    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    return OBJ_find_sigid_algs(OBJ_obj2nid(object), &digest, NULL) == 1 &&
           (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512);
}

/* RFC 6960, 4.2.2.2: certified by the CA itself, for this, and for now. */
static bool may_speak_for(X509 *signer, X509 *authority, struct instant now)
{
    time_t seconds = (time_t)(now.microseconds / SECOND);
    X509_NAME *name = X509_get_issuer_name(signer);

    return X509_NAME_cmp(name, X509_get_subject_name(authority)) == 0 &&
           X509_verify(signer, X509_get0_pubkey(authority)) == 1 &&
           (X509_get_extension_flags(signer) & (EXFLAG_XKUSAGE | EXFLAG_INVALID)) ==
               EXFLAG_XKUSAGE &&
           (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) != 0 &&
           (X509_get_key_usage(signer) & KU_DIGITAL_SIGNATURE) != 0 &&
           X509_cmp_time(X509_get0_notBefore(signer), &seconds) < 0 &&
           X509_cmp_time(X509_get0_notAfter(signer), &seconds) > 0;
}

static enum status check_signer(struct scope *scope, X509 *authority, OCSP_BASICRESP *basic)
{
    CLEANUP(stack_drop) STACK_OF(X509) *pinned = sk_X509_new_null();
    X509 *signer = NULL;

    if (!pinned || sk_X509_push(pinned, authority) <= 0)
        return no_memory(scope);
    if (!strong(basic))
        return wrong(scope, "a weak signature algorithm");
    if (OCSP_resp_get0_signer(basic, &signer, pinned) != 1)
        return wrong(scope, "its signer is not known");
    if (signer != authority && !may_speak_for(signer, authority, scope->now))
        return wrong(scope, "its signer may not speak for the issuer");
    if (OCSP_basic_verify(basic, pinned, NULL, OCSP_NOVERIFY) != 1)
        return wrong(scope, "its signature does not verify");
    return STATUS_OK;
}

/* --- what it says --- */

/* Our nonce, none, or another one. */
enum nonce { NONCE_OURS, NONCE_NONE, NONCE_OTHER };

static enum nonce nonce_of(OCSP_BASICRESP *basic, const struct ocsp_question *question)
{
    int at = OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, -1);
    const ASN1_OCTET_STRING *value = NULL;
    struct text rest = {0};
    struct text nonce = {0};

    if (at < 0)
        return NONCE_NONE;
    value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
    rest = (struct text){(const char *)ASN1_STRING_get0_data(value),
                         (size_t)ASN1_STRING_length(value)};
    if (!der_take(&rest, DER_OCTET_STRING, &nonce, NULL) || rest.size > 0 ||
        !text_equal(nonce, (struct text){(const char *)question->nonce, OCSP_NONCE_SIZE}))
        return NONCE_OTHER;
    return NONCE_OURS;
}

/* libcrypto's time as ours; 0 where there is none or it is not well-formed. */
static struct instant instant_of(const ASN1_GENERALIZEDTIME *time)
{
    struct tm parts = {0};

    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return (struct instant){0};
    return (struct instant){(int64_t)timegm(&parts) * SECOND};
}

static enum status check_times(struct scope *scope, const struct revocation *said, bool has_until,
                               enum nonce nonce)
{
    int64_t now = scope->now.microseconds;

    if (said->as_of.microseconds <= 0 || (has_until && said->until.microseconds <= 0))
        return wrong(scope, "a time that is none");
    if (said->as_of.microseconds > now + OCSP_SKEW_SECONDS * SECOND)
        return wrong(scope, "thisUpdate is yet to come");
    if (has_until && said->until.microseconds < now - OCSP_SKEW_SECONDS * SECOND)
        return wrong(scope, "nextUpdate has passed");
    if (!has_until && nonce == NONCE_NONE &&
        said->as_of.microseconds < now - OCSP_AGE_SECONDS * SECOND)
        return wrong(scope, "old, without nonce and nextUpdate");
    return STATUS_OK;
}

static enum status read_single(struct scope *scope, OCSP_SINGLERESP *single, enum nonce nonce,
                               struct revocation *out)
{
    ASN1_GENERALIZEDTIME *this_update = NULL;
    ASN1_GENERALIZEDTIME *next_update = NULL;
    struct revocation said = {0};
    int reason = OCSP_REVOKED_STATUS_NOSTATUS;
    int state = OCSP_single_get0_status(single, &reason, NULL, &this_update, &next_update);

    said.as_of = instant_of(this_update);
    said.until = instant_of(next_update);
    TRY(check_times(scope, &said, next_update != NULL, nonce));
    if (state == V_OCSP_CERTSTATUS_GOOD)
        said.state = REVOCATION_GOOD;
    if (state == V_OCSP_CERTSTATUS_REVOKED) {
        said.state = REVOCATION_REVOKED;
        if (reason >= 0 && reason <= REVOCATION_REASON_LAST)
            said.reason = reason;
    }
    *out = said;
    return STATUS_OK;
}

static enum status read_basic(struct scope *scope, const struct card_trust *trust,
                              const struct ocsp_question *question, OCSP_BASICRESP *basic,
                              struct revocation *out)
{
    CLEANUP(id_drop) OCSP_CERTID *id = id_of(trust, question);
    enum nonce nonce = nonce_of(basic, question);
    int at = 0;

    if (!id)
        return no_memory(scope);
    TRY(check_signer(scope, card_trust_authority(trust, question->issuer), basic));
    if (nonce == NONCE_OTHER)
        return wrong(scope, "the nonce is not ours");
    at = OCSP_resp_find(basic, id, -1);
    if (at < 0)
        return wrong(scope, "it speaks of another certificate");
    return read_single(scope, OCSP_resp_get0(basic, at), nonce, out);
}

enum status ocsp_answer_read(struct scope *scope, const struct card_trust *trust,
                             const struct ocsp_question *question, struct text der,
                             struct revocation *out)
{
    const unsigned char *at = (const unsigned char *)der.bytes;
    CLEANUP(response_drop) OCSP_RESPONSE *response = NULL;
    CLEANUP(basic_drop) OCSP_BASICRESP *basic = NULL;

    if (der.size == 0 || der.size > OCSP_ANSWER_MAX)
        return wrong(scope, "its size");
    response = d2i_OCSP_RESPONSE(NULL, &at, (long)der.size);
    if (!response || at != (const unsigned char *)der.bytes + der.size)
        return wrong(scope, "not DER");
    if (OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        return wrong(scope, OCSP_response_status_str(OCSP_response_status(response)));
    basic = OCSP_response_get1_basic(response);
    if (!basic)
        return wrong(scope, "not a basic response");
    TRY(read_basic(scope, trust, question, basic, out));
    ERR_clear_error();
    return STATUS_OK;
}
