/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/record.h"

#include <string.h>

#include "journal/bytes.h"

#define VERSION 1
#define HEADER_HASHED (SEGMENT_HEADER_SIZE - JOURNAL_HASH_SIZE)
#define HEAD_HASHED (HEAD_SIZE - JOURNAL_HASH_SIZE)

static const unsigned char segment_magic[8] = {'S', 'H', 'K', 'S', 'E', 'G', '\r', '\n'};
static const unsigned char head_magic[8] = {'S', 'H', 'K', 'H', 'E', 'D', '\r', '\n'};

enum status hasher_open(struct scope *scope, struct hasher *out)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "SHA-256 is not available");
    }
    out->context = context;
    return STATUS_OK;
}

void hasher_close(struct hasher *hasher)
{
    EVP_MD_CTX_free(hasher->context);
    hasher->context = NULL;
}

bool hasher_hash(struct hasher *hasher, const void *bytes, size_t size,
                 unsigned char out[JOURNAL_HASH_SIZE])
{
    /* no digest named: the context keeps the one it has, which saves a look-up a record */
    return EVP_DigestInit_ex(hasher->context, NULL, NULL) == 1 &&
           EVP_DigestUpdate(hasher->context, bytes, size) == 1 &&
           EVP_DigestFinal_ex(hasher->context, out, NULL) == 1;
}

/* True where the last 32 of size bytes are the hash of those before. */
static bool hash_holds(struct hasher *hasher, const unsigned char *bytes, size_t size)
{
    unsigned char hash[JOURNAL_HASH_SIZE];
    size_t hashed = size - JOURNAL_HASH_SIZE;

    return hasher_hash(hasher, bytes, hashed, hash) &&
           memcmp(hash, bytes + hashed, sizeof hash) == 0;
}

bool segment_header_write(struct hasher *hasher, const struct segment_header *header,
                          unsigned char out[SEGMENT_HEADER_SIZE])
{
    memset(out, 0, SEGMENT_HEADER_SIZE);
    memcpy(out, segment_magic, sizeof segment_magic);
    bytes_put(out + 8, 4, VERSION);
    bytes_put(out + 12, 4, header->number);
    memcpy(out + 16, header->id, JOURNAL_ID_SIZE);
    bytes_put(out + 32, 8, header->first);
    bytes_put(out + 40, 8, header->size);
    memcpy(out + 48, header->before, JOURNAL_HASH_SIZE);
    bytes_put(out + 80, 8, (uint64_t)header->made.microseconds);
    return hasher_hash(hasher, out, HEADER_HASHED, out + HEADER_HASHED);
}

bool segment_header_read(struct hasher *hasher, const unsigned char *bytes, size_t size,
                         struct segment_header *out)
{
    if (size < SEGMENT_HEADER_SIZE || memcmp(bytes, segment_magic, sizeof segment_magic) != 0 ||
        bytes_get(bytes + 8, 4) != VERSION || !hash_holds(hasher, bytes, SEGMENT_HEADER_SIZE))
        return false;
    out->number = (uint32_t)bytes_get(bytes + 12, 4);
    memcpy(out->id, bytes + 16, JOURNAL_ID_SIZE);
    out->first = bytes_get(bytes + 32, 8);
    out->size = bytes_get(bytes + 40, 8);
    memcpy(out->before, bytes + 48, JOURNAL_HASH_SIZE);
    out->made.microseconds = (int64_t)bytes_get(bytes + 80, 8);
    return out->size >= SEGMENT_SIZE_MIN && out->size <= SEGMENT_SIZE_MAX && out->first > 0;
}

size_t record_size(size_t payload_size)
{
    return RECORD_SIZE_MIN + (payload_size + 7) / 8 * 8;
}

size_t record_write(const struct journal_entry *entry, unsigned char out[RECORD_SIZE_MAX])
{
    size_t payload_size = entry_write(entry, out + RECORD_PAYLOAD_AT);
    size_t size = record_size(payload_size);

    if (payload_size == 0)
        return 0;
    bytes_put(out, 4, size);
    bytes_put(out + 4, 2, payload_size);
    bytes_put(out + 6, 2, VERSION);
    memset(out + RECORD_PAYLOAD_AT + payload_size, 0, size - RECORD_PAYLOAD_AT - payload_size);
    return size;
}

bool record_seal(struct hasher *hasher, unsigned char *bytes, size_t size, uint64_t sequence,
                 uint64_t group, unsigned char hash[JOURNAL_HASH_SIZE])
{
    size_t hashed = size - JOURNAL_HASH_SIZE;

    bytes_put(bytes + 8, 8, sequence);
    bytes_put(bytes + 16, 8, group);
    memcpy(bytes + 24, hash, JOURNAL_HASH_SIZE);
    if (!hasher_hash(hasher, bytes, hashed, bytes + hashed))
        return false;
    memcpy(hash, bytes + hashed, JOURNAL_HASH_SIZE);
    return true;
}

bool record_peek(const unsigned char *bytes, size_t size, struct record *out)
{
    if (size < RECORD_SIZE_MIN)
        return false;
    out->size = bytes_get(bytes, 4);
    out->payload_size = bytes_get(bytes + 4, 2);
    if (out->size > size || out->size > RECORD_SIZE_MAX || bytes_get(bytes + 6, 2) != VERSION ||
        out->size != record_size(out->payload_size))
        return false;
    out->sequence = bytes_get(bytes + 8, 8);
    out->group = bytes_get(bytes + 16, 8);
    out->before = bytes + 24;
    out->payload = bytes + RECORD_PAYLOAD_AT;
    out->hash = bytes + out->size - JOURNAL_HASH_SIZE;
    return out->group > 0 && out->group <= out->sequence;
}

bool record_read(struct hasher *hasher, const unsigned char *bytes, size_t size, struct record *out)
{
    return record_peek(bytes, size, out) && hash_holds(hasher, bytes, out->size);
}

bool head_write(struct hasher *hasher, const struct head *head, unsigned char out[HEAD_SIZE])
{
    memcpy(out, head_magic, sizeof head_magic);
    bytes_put(out + 8, 4, VERSION);
    bytes_put(out + 12, 4, head->segment);
    memcpy(out + 16, head->id, JOURNAL_ID_SIZE);
    bytes_put(out + 32, 8, head->count);
    bytes_put(out + 40, 8, head->offset);
    memcpy(out + 48, head->hash, JOURNAL_HASH_SIZE);
    return hasher_hash(hasher, out, HEAD_HASHED, out + HEAD_HASHED);
}

bool head_read(struct hasher *hasher, const unsigned char *bytes, size_t size, struct head *out)
{
    if (size != HEAD_SIZE || memcmp(bytes, head_magic, sizeof head_magic) != 0 ||
        bytes_get(bytes + 8, 4) != VERSION || !hash_holds(hasher, bytes, HEAD_SIZE))
        return false;
    out->segment = (uint32_t)bytes_get(bytes + 12, 4);
    memcpy(out->id, bytes + 16, JOURNAL_ID_SIZE);
    out->count = bytes_get(bytes + 32, 8);
    out->offset = bytes_get(bytes + 40, 8);
    memcpy(out->hash, bytes + 48, JOURNAL_HASH_SIZE);
    return true;
}
