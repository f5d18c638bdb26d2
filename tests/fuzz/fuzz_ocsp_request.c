/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_ocsp_request.c - aims at ocsp_responder_answer(); corpus: tests/data/ocsp_request/. The CA's
 * key is made anew in each run, so requests of the corpus name it by twenty bytes 'Z', which are
 * put right here.
 */
#include <openssl/ocsp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proof/ocsp_responder.h"

#define FUZZ_MEMORY_LIMIT (4UL * 1024 * 1024)
#define KEY_HASH_SIZE 20
#define FUZZ_INPUT_MAX (OCSP_REQUEST_MAX + 16)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct ocsp_responder *responder;
static unsigned char key_hash[KEY_HASH_SIZE];

static void make_responder(void)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct issuer *issuer = NULL;
    struct text der = {0};
    const unsigned char *at = NULL;
    X509 *certificate = NULL;

    if (issuer_make_generation(&scope, ISSUER_CARD_AUTHENTICATION, scope.now, 1, &issuer) !=
            STATUS_OK ||
        issuer_certificate(&scope, issuer, &der) != STATUS_OK ||
        ocsp_responder_open(&scope, &responder) != STATUS_OK ||
        ocsp_responder_set(&scope, responder, 1, issuer, 2) != STATUS_OK)
        abort();
    at = (const unsigned char *)der.bytes;
    certificate = d2i_X509(NULL, &at, (long)der.size);
    if (!certificate || X509_pubkey_digest(certificate, EVP_sha1(), key_hash, NULL) != 1)
        abort();
    X509_free(certificate);
    issuer_close(issuer);
}

/* Odd serials are good, those that three divides revoked; seven has the book on fire. */
static enum status tell(struct scope *scope, void *count, int generation, uint64_t serial,
                        struct ocsp_status *out)
{
    ++*(int *)count;
    if (generation != 1 || serial == 0 || serial > INT64_MAX)
        abort();
    if (serial % 7 == 0)
        return scope_fail(scope, CAUSE_ISSUER_BOOK_UNAVAILABLE, "away");
    *out = (struct ocsp_status){.state = OCSP_STATE_GOOD, .reason = OCSP_REASON_NOT_TOLD};
    if (serial % 3 == 0)
        *out = (struct ocsp_status){OCSP_STATE_REVOKED, scope->now, 1};
    return STATUS_OK;
}

/* What is answered is an answer, complete, and says what was told. */
static void check(struct text answer, const struct ocsp_told *told, int asked)
{
    const unsigned char *at = (const unsigned char *)answer.bytes;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)answer.size);
    OCSP_BASICRESP *basic = NULL;

    if (!response || at != (const unsigned char *)answer.bytes + answer.size ||
        OCSP_response_status(response) != (int)told->reply)
        abort();
    if (told->reply == OCSP_REPLY_SUCCESSFUL) {
        basic = OCSP_response_get1_basic(response);
        if (!basic || OCSP_resp_count(basic) != told->asked || told->asked > OCSP_ASKED_MAX ||
            asked > told->asked)
            abort();
        OCSP_BASICRESP_free(basic);
    }
    OCSP_RESPONSE_free(response);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char placeholder[] = "ZZZZZZZZZZZZZZZZZZZZ";
    static char request[FUZZ_INPUT_MAX];
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct ocsp_told told = {0};
    struct text answer = {0};
    int asked = 0;

    if (!responder)
        make_responder();
    if (size > sizeof request)
        return 0;
    if (size > 0)
        memcpy(request, bytes, size);
    for (char *at = memmem(request, size, placeholder, KEY_HASH_SIZE); at;
         at = memmem(request, size, placeholder, KEY_HASH_SIZE))
        memcpy(at, key_hash, KEY_HASH_SIZE);
    if (ocsp_responder_answer(&scope, responder, (struct text){request, size}, tell, &asked,
                              &answer, &told) != STATUS_OK)
        abort(); /* there is an answer to everything */
    check(answer, &told, asked);
    return 0;
}
