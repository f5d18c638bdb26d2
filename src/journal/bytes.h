/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.h - numbers as they lie in the journal's files: little-endian, any alignment.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the lowest size bytes (1 to 8) of a number. */
static inline void bytes_put(unsigned char *at, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(number >> (8 * i));
}

static inline uint64_t bytes_get(const unsigned char *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

/* Position of the last byte that is not zero, counted from 1; 0 where all are. */
static inline size_t bytes_extent(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;

    while (size % 8 != 0 && bytes[size - 1] == 0)
        size--;
    if (size % 8 != 0)
        return size;
    for (; size > 0; size -= 8) {
        __builtin_memcpy(&word, bytes + size - 8, sizeof word);
        if (word != 0)
            break;
    }
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size;
}
