/* SPDX-License-Identifier: Apache-2.0
 *
 * sha256.h - SHA-256 through an algorithm that is fetched once: fetching takes OpenSSL's locks.
 */
#pragma once

#include "base/text.h"

#define SHA256_SIZE 32

/* Cannot fail; where even the few bytes for the calculation are missing, the program ends. */
void sha256(struct text text, unsigned char out[SHA256_SIZE]);
