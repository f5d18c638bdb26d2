/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/sha256.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

static EVP_MD *algorithm; /* lives as long as the program */

static void fetch(void)
{
    algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
}

void sha256(struct text text, unsigned char out[SHA256_SIZE])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, fetch);
    /* a hash that is not the hash must never be answered with */
    if (!algorithm || EVP_Digest(text.bytes, text.size, out, NULL, algorithm, NULL) != 1)
        abort();
}
