/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/batch.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_RECORDS 64
#define FIRST_BYTES 16384

static bool room_for_bytes(struct batch *batch, size_t size)
{
    size_t capacity = batch->capacity ? batch->capacity : FIRST_BYTES;
    unsigned char *grown = NULL;

    if (size <= batch->capacity - batch->size)
        return true;
    while (capacity - batch->size < size)
        capacity *= 2;
    grown = realloc(batch->bytes, capacity);
    if (!grown)
        return false;
    batch->bytes = grown;
    batch->capacity = capacity;
    return true;
}

static bool room_for_waiter(struct batch *batch)
{
    size_t capacity = batch->waiter_capacity ? batch->waiter_capacity * 2 : FIRST_RECORDS;
    struct waiter *grown = NULL;

    if (batch->count < batch->waiter_capacity)
        return true;
    grown = reallocarray(batch->waiters, capacity, sizeof *grown);
    if (!grown)
        return false;
    batch->waiters = grown;
    batch->waiter_capacity = capacity;
    return true;
}

bool batch_add(struct batch *batch, const unsigned char *record, const struct waiter *waiter)
{
    if (!room_for_bytes(batch, waiter->size) || !room_for_waiter(batch))
        return false;
    memcpy(batch->bytes + batch->size, record, waiter->size);
    batch->size += waiter->size;
    batch->waiters[batch->count++] = *waiter;
    return true;
}

void batch_clear(struct batch *batch)
{
    batch->size = 0;
    batch->count = 0;
}

void batch_drop(struct batch *batch)
{
    free(batch->bytes);
    free(batch->waiters);
    *batch = (struct batch){0};
}
