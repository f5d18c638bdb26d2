/* SPDX-License-Identifier: Apache-2.0
 *
 * tus.h - the header fields of a resumable upload (tus 1.0.0), read strictly: anybody may send
 * them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "spool/spool.h"

#define TUS_VERSION "1.0.0"
/* Bytes of Upload-Metadata that are looked at, and keys in it. */
#define TUS_METADATA_MAX 2048
#define TUS_KEYS_MAX 16

/* What of Upload-Metadata is kept. */
struct tus_metadata {
    char name[SPOOL_NAME_SIZE];   /* filename, or else name; "" = not told */
    char sha256[SPOOL_HASH_SIZE]; /* lower case; "" = not told */
};

/* Upload-Length, Upload-Offset: 1 to 18 ASCII digits. False for NULL and all else. */
bool tus_read_number(const char *value, int64_t *out);

/*
 * Upload-Metadata: `key base64` pairs with commas between, no key twice; a value may be missing.
 * False for what is none, for a name that is not UTF-8 or has control characters or is too long,
 * and for a sha256 that is no 64 hexadecimal digits. NULL is empty metadata.
 */
bool tus_read_metadata(const char *value, struct tus_metadata *out);

/* A range of bytes, both ends included. */
struct tus_range {
    int64_t first, last;
};
/*
 * Range: "bytes=A-B", "bytes=A-" or "bytes=-N" of something that has size bytes (1 and up). *whole
 * where there is no such range, or several: all is sent then. False for one that begins behind the
 * end.
 */
bool tus_read_range(const char *value, int64_t size, struct tus_range *out, bool *whole);
