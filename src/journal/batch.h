/* SPDX-License-Identifier: Apache-2.0
 *
 * batch.h - records that wait to be made durable together, one behind the other in memory.
 *
 * Grows up to what it was asked to hold and keeps its memory. Not safe with threads by itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal.h"

/* Who must be told about a record. */
struct waiter {
    journal_done done;
    void *context;
    size_t size; /* bytes of the record */
};

struct batch {
    unsigned char *bytes;
    size_t size, capacity;
    struct waiter *waiters; /* one a record, in order */
    size_t count, waiter_capacity;
};

/* Adds a record. False where the system has no memory; nothing is added then. */
bool batch_add(struct batch *batch, const unsigned char *record, const struct waiter *waiter);
void batch_clear(struct batch *batch); /* keeps the memory */
void batch_drop(struct batch *batch);
