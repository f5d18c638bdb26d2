/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_tus.c - aims at the header fields of a resumable upload, tus_read_metadata() and
 * tus_read_range(); corpus: tests/data/tus/. The first byte says which.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/tus.h"

#define REPLY_SIZE 1000
#define FIELD_MAX (2 * TUS_METADATA_MAX)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void look_at_metadata(const char *field)
{
    struct tus_metadata metadata;

    if (!tus_read_metadata(field, &metadata))
        return;
    if (strlen(metadata.name) >= sizeof metadata.name ||
        (metadata.sha256[0] && strlen(metadata.sha256) != SPOOL_HASH_SIZE - 1))
        abort();
    for (const char *at = metadata.name; *at; at++)
        if ((unsigned char)*at < 0x20)
            abort(); /* names go into JSON and headers */
}

static void look_at_range(const char *field)
{
    struct tus_range range;
    bool whole = false;

    if (!tus_read_range(field, REPLY_SIZE, &range, &whole))
        return;
    if (range.first < 0 || range.first > range.last || range.last >= REPLY_SIZE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char field[FIELD_MAX] = "";
    int64_t number = 0;

    if (size == 0)
        return 0;
    memcpy(field, bytes + 1, size < sizeof field ? size - 1 : sizeof field - 1);
    if (tus_read_number(field, &number) && number < 0)
        abort();
    if (bytes[0] == 'r')
        look_at_range(field);
    else
        look_at_metadata(field);
    return 0;
}
