/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE ((size_t)256 * 1024)

static EVP_MD *algorithm; /* lives as long as the program */

static void fetch(void)
{
    algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
}

static void have_algorithm(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, fetch);
    if (!algorithm)
        abort();
}

void sha256(struct text text, unsigned char out[SHA256_SIZE])
{
    have_algorithm();
    /* a hash that is not the hash must never be answered with */
    if (EVP_Digest(text.bytes, text.size, out, NULL, algorithm, NULL) != 1)
        abort();
}

static void context_drop(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

enum status sha256_file(struct scope *scope, int file, void (*moved)(void *context, int64_t more),
                        void *context, unsigned char out[SHA256_SIZE])
{
    CLEANUP(context_drop) EVP_MD_CTX *hash = EVP_MD_CTX_new();
    unsigned char *piece = NULL;
    off_t at = 0;
    ssize_t got = 0;

    have_algorithm();
    TRY(scope_alloc(scope, PIECE, 1, &piece));
    if (!hash || EVP_DigestInit_ex(hash, algorithm, NULL) != 1)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    while ((got = pread(file, piece, PIECE, at)) > 0) {
        if (EVP_DigestUpdate(hash, piece, (size_t)got) != 1)
            abort();
        at += got;
        if (moved)
            moved(context, got);
    }
    if (got < 0)
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "the file cannot be read");
    if (EVP_DigestFinal_ex(hash, out, NULL) != 1)
        abort();
    return STATUS_OK;
}
