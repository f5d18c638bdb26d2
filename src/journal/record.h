/* SPDX-License-Identifier: Apache-2.0
 *
 * record.h - the layout of the journal's files: segment header, record, checkpoint.
 *
 *   segment   header, records one behind the other, zeros to the end of the file
 *   header    magic 8 | version 4 | number 4 | journal id 16 | first sequence 8 | file size 8 |
 *             hash before the first record 32 | made at 8 | zero 8 | SHA-256 of these 96 bytes 32
 *   record    size 4 | payload size 2 | version 2 | sequence 8 | group 8 | hash before 32 |
 *             payload (entry.h), zeros up to a multiple of 8 | SHA-256 of all these bytes 32
 *   HEAD      magic 8 | version 4 | segment 4 | journal id 16 | count 8 | offset 8 |
 *             hash of record number count 32 | SHA-256 of these 80 bytes 32
 *
 * Numbers are little-endian. A record carries the hash of the one before it and its own, so that a
 * record alone tells whether its bytes were changed, and two tell whether they belong together. Its
 * group is the sequence of the first record that was made durable together with it: whoever finds
 * a record of a later group knows that everything of the earlier one had reached the disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "base/scope.h"
#include "journal/entry.h"

#define JOURNAL_HASH_SIZE 32
#define JOURNAL_ID_SIZE 16

#define SEGMENT_HEADER_SIZE 128
#define SEGMENT_SIZE_MIN 4096
#define SEGMENT_SIZE_MAX ((size_t)1 << 30)

#define RECORD_PAYLOAD_AT 56
#define RECORD_SIZE_MIN (RECORD_PAYLOAD_AT + JOURNAL_HASH_SIZE)
#define RECORD_SIZE_MAX (RECORD_SIZE_MIN + (ENTRY_SIZE_MAX + 7) / 8 * 8)

/* Bytes of records that are written at once, at most. */
#define RECORD_GROUP_MAX ((size_t)1 << 20)

#define HEAD_SIZE 112

/* SHA-256 with its context made once; belongs to one thread at a time. */
struct hasher {
    EVP_MD_CTX *context;
};
MUST_CHECK enum status hasher_open(struct scope *scope, struct hasher *out);
void hasher_close(struct hasher *hasher);
/* Returns false where the library has no memory. */
bool hasher_hash(struct hasher *hasher, const void *bytes, size_t size,
                 unsigned char out[JOURNAL_HASH_SIZE]);

struct segment_header {
    uint32_t number; /* from 1, as in the file's name */
    unsigned char id[JOURNAL_ID_SIZE];
    uint64_t first; /* sequence of its first record */
    uint64_t size;  /* bytes of the file */
    unsigned char before[JOURNAL_HASH_SIZE];
    struct instant made;
};
bool segment_header_write(struct hasher *hasher, const struct segment_header *header,
                          unsigned char out[SEGMENT_HEADER_SIZE]);
/* False where the bytes are too few, or not what segment_header_write() wrote. */
bool segment_header_read(struct hasher *hasher, const unsigned char *bytes, size_t size,
                         struct segment_header *out);

/* A record in the bytes of a segment; payload, before and hash point there. */
struct record {
    size_t size; /* of the whole, a multiple of 8 */
    uint64_t sequence, group;
    const unsigned char *before, *payload, *hash;
    size_t payload_size;
};

/* Size of the record that holds a payload. */
size_t record_size(size_t payload_size);
/*
 * Lays the payload out as a record whose place in the chain is not known yet: returns its size, 0
 * where the entry cannot be written. record_seal() fills in the rest.
 */
size_t record_write(const struct journal_entry *entry, unsigned char out[RECORD_SIZE_MAX]);
/* Gives a record its place and makes hash (that of the record before) its own. */
bool record_seal(struct hasher *hasher, unsigned char *bytes, size_t size, uint64_t sequence,
                 uint64_t group, unsigned char hash[JOURNAL_HASH_SIZE]);
/* Reads the record at the start of bytes; false unless its bytes are what it hashed. */
bool record_read(struct hasher *hasher, const unsigned char *bytes, size_t size,
                 struct record *out);
/* Size, sequence and group of what may be a record, unproven; false where it cannot be one. */
bool record_peek(const unsigned char *bytes, size_t size, struct record *out);

/* The checkpoint: what was durable when it was written. */
struct head {
    uint32_t segment;
    unsigned char id[JOURNAL_ID_SIZE];
    uint64_t count;  /* records */
    uint64_t offset; /* end of the last one, in its segment */
    unsigned char hash[JOURNAL_HASH_SIZE];
};
bool head_write(struct hasher *hasher, const struct head *head, unsigned char out[HEAD_SIZE]);
bool head_read(struct hasher *hasher, const unsigned char *bytes, size_t size, struct head *out);
