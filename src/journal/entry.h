/* SPDX-License-Identifier: Apache-2.0
 *
 * entry.h - a journal entry as the bytes of a record's payload, and back.
 *
 *   at  0  operation 1 | mode 1 | validity 1 | flags 1 (bit 0: degraded,
 *          bits 1 and 2: service class, 0 = none)
 *       4  consents 4 | number of the cause's code 2, 0 = none | zero 2
 *      12  instant 8 (microseconds) | person 8 | coverage 8 | day 4 (yyyymmdd)
 *      40  five texts: length 1, bytes: request id, institution, client, terminal, rule
 *          a sixth only where it is not empty: the staff's account. Entries of before it had none,
 *          and are written and read as they were.
 *
 * Numbers are little-endian. A cause is written as the number of its code (SKK-1104 is 1104), which
 * is never reused; enumerators may move.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal.h"

#define ENTRY_TEXT_MAX 64 /* bytes of one text */
#define ENTRY_TEXT_ALWAYS 5
#define ENTRY_TEXT_COUNT 6
#define ENTRY_FIXED_SIZE 40
#define ENTRY_SIZE_MAX (ENTRY_FIXED_SIZE + ENTRY_TEXT_COUNT * (1 + ENTRY_TEXT_MAX))

/* Where the texts of an entry that was read live. */
struct entry_texts {
    char text[ENTRY_TEXT_COUNT][ENTRY_TEXT_MAX + 1];
};

/*
 * Writes an entry; returns its size, or 0 where it cannot be written: a text is too long or holds a
 * control byte, or a number is outside its field.
 */
size_t entry_write(const struct journal_entry *entry, unsigned char out[ENTRY_SIZE_MAX]);

/*
 * Reads exactly size bytes. False where they are not what entry_write() writes. The texts of out
 * point into texts; empty ones are NULL. An operation that this program does not know is kept.
 */
bool entry_read(const unsigned char *bytes, size_t size, struct entry_texts *texts,
                struct journal_entry *out);
