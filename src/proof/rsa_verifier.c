/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/rsa_verifier.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdatomic.h>
#include <stdlib.h>

#define RSA_SIZE 256
#define EXPONENT_MAX 4
#define CACHE_LINE 64

/* One copy of the key, for one thread at a time. */
struct lane {
    EVP_PKEY *key;
    EVP_PKEY_CTX *_Atomic prepared;                       /* NULL while a thread has it out */
    unsigned char apart[CACHE_LINE - 2 * sizeof(void *)]; /* threads write to neighbours */
};

struct rsa_verifier {
    unsigned lane_count;
    struct lane lanes[];
};

/* Threads are numbered as they come; equal lanes only cost, they do not harm. */
static unsigned thread_number(void)
{
    static _Atomic unsigned next;
    static _Thread_local unsigned own;

    if (own == 0)
        own = atomic_fetch_add(&next, 1) + 1;
    return own;
}

static void context_drop(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

/* libcrypto takes numbers little-endian here. */
static void reverse(struct text number, unsigned char *out)
{
    for (size_t i = 0; i < number.size; i++)
        out[i] = (unsigned char)number.bytes[number.size - 1 - i];
}

static EVP_PKEY *make_key(struct text modulus, struct text exponent)
{
    CLEANUP(context_drop) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    unsigned char n[RSA_SIZE];
    unsigned char e[EXPONENT_MAX];
    EVP_PKEY *key = NULL;

    if (modulus.size > sizeof n || exponent.size > sizeof e)
        return NULL;
    reverse(modulus, n);
    reverse(exponent, e);
    OSSL_PARAM numbers[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, modulus.size),
                            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e, exponent.size),
                            OSSL_PARAM_construct_end()};
    if (!context || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, numbers) != 1)
        return NULL;
    return key;
}

static EVP_PKEY_CTX *prepare(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

    if (context && EVP_PKEY_verify_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1)
        return context;
    EVP_PKEY_CTX_free(context);
    return NULL;
}

struct rsa_verifier *rsa_verifier_make(struct text modulus, struct text exponent, unsigned lanes)
{
    struct rsa_verifier *verifier = calloc(1, sizeof *verifier + lanes * sizeof(struct lane));

    if (!verifier)
        return NULL;
    verifier->lane_count = lanes;
    for (unsigned i = 0; i < lanes; i++) {
        verifier->lanes[i].key = make_key(modulus, exponent);
        if (!verifier->lanes[i].key) {
            ERR_clear_error();
            rsa_verifier_free(verifier);
            return NULL;
        }
    }
    return verifier;
}

void rsa_verifier_free(struct rsa_verifier *verifier)
{
    if (!verifier)
        return;
    for (unsigned i = 0; i < verifier->lane_count; i++) {
        EVP_PKEY_CTX_free(atomic_load(&verifier->lanes[i].prepared));
        EVP_PKEY_free(verifier->lanes[i].key);
    }
    free(verifier);
}

bool rsa_verifier_check(struct rsa_verifier *verifier, const unsigned char hash[32],
                        struct text signature)
{
    struct lane *lane = &verifier->lanes[thread_number() % verifier->lane_count];
    EVP_PKEY_CTX *context = atomic_exchange(&lane->prepared, NULL);
    bool good = false;

    if (!context)
        context = prepare(lane->key);
    good = context && signature.size == RSA_SIZE &&
           EVP_PKEY_verify(context, (const unsigned char *)signature.bytes, signature.size, hash,
                           32) == 1;
    if (!good)
        ERR_clear_error();
    EVP_PKEY_CTX_free(atomic_exchange(&lane->prepared, context));
    return good;
}
