/* SPDX-License-Identifier: Apache-2.0
 *
 * draw.h - random draws that anyone can repeat: a counter-based stream of (seed, purpose, index).
 *
 * Each household draws from a stream of its own, so that a household comes out the same whoever
 * makes it, in whatever order and on whatever machine. Not for keys: those come from the system.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a stream is for; streams of different purposes have nothing in common. Values are stable. */
enum draw_purpose {
    DRAW_HOUSEHOLD = 1,  /* index: household number */
    DRAW_INSURANCE = 2,  /* index: household number */
    DRAW_CARD = 3,       /* index: person id */
    DRAW_INSURERS = 4,   /* index: place in the list */
    DRAW_FACILITIES = 5, /* index: place in the list */
    DRAW_LIFE = 6,       /* index: person id * 120 + month of a simulation */
    DRAW_OFFICES = 7,    /* index: place in the list of insurers */
    DRAW_RESIDENT = 8,   /* index: person id */
};

/* One stream; a plain value. */
struct draw {
    uint64_t key, counter;
};

struct draw draw_begin(uint64_t seed, enum draw_purpose purpose, uint64_t index);

/* 64 random bits. */
uint64_t draw_bits(struct draw *draw);
/* 0 to count - 1; count is 1 to 2^31 - 1. */
int draw_below(struct draw *draw, int count);
/* low to high, both included. */
int draw_between(struct draw *draw, int low, int high);
/* True in so many of a million. */
bool draw_chance(struct draw *draw, int per_million);
/* An index below count, each with its weight (0 and up; the sum is 1 to 2^31 - 1). */
size_t draw_weighted(struct draw *draw, const int *weights, size_t count);
/* An index below count; sums[i] is the sum of the weights up to and with i. For long tables. */
size_t draw_cumulative(struct draw *draw, const int *sums, size_t count);
