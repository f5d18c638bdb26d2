/* SPDX-License-Identifier: Apache-2.0
 *
 * sha256.h - SHA-256 through an algorithm that is fetched once: fetching takes OpenSSL's locks.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"

#define SHA256_SIZE 32

/* Cannot fail; where even the few bytes for the calculation are missing, the program ends. */
void sha256(struct text text, unsigned char out[SHA256_SIZE]);

/*
 * Of a file from its first byte to its last, however long. moved (or NULL) is told the bytes of
 * each piece. Fails with FILE_UNAVAILABLE, MEMORY_LIMIT.
 */
MUST_CHECK enum status sha256_file(struct scope *scope, int file,
                                   void (*moved)(void *context, int64_t more), void *context,
                                   unsigned char out[SHA256_SIZE]);
