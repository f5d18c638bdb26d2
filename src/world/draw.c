/* SPDX-License-Identifier: Apache-2.0 */
#include "world/draw.h"

/* The finishing mix of SplitMix64 (Steele, Lea, Flood 2014): a bijection whose bits all depend on
 * all. */
static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

#define STEP UINT64_C(0x9E3779B97F4A7C15) /* 2^64 / golden ratio, odd */

struct draw draw_begin(uint64_t seed, enum draw_purpose purpose, uint64_t index)
{
    uint64_t key = mix(seed + STEP);

    key = mix(key ^ ((uint64_t)purpose * STEP));
    return (struct draw){.key = mix(key ^ (index * STEP))};
}

uint64_t draw_bits(struct draw *draw)
{
    draw->counter++;
    return mix(draw->key + draw->counter * STEP);
}

int draw_below(struct draw *draw, int count)
{
    return (int)(((draw_bits(draw) >> 33) * (uint64_t)count) >> 31);
}

int draw_between(struct draw *draw, int low, int high)
{
    return low + draw_below(draw, high - low + 1);
}

bool draw_chance(struct draw *draw, int per_million)
{
    return draw_below(draw, 1000000) < per_million;
}

size_t draw_weighted(struct draw *draw, const int *weights, size_t count)
{
    int sum = 0;
    int at = 0;
    size_t i = 0;

    for (i = 0; i < count; i++)
        sum += weights[i];
    at = draw_below(draw, sum);
    for (i = 0; i + 1 < count && at >= weights[i]; i++)
        at -= weights[i];
    return i;
}

size_t draw_cumulative(struct draw *draw, const int *sums, size_t count)
{
    int at = draw_below(draw, sums[count - 1]);
    size_t low = 0;
    size_t high = count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sums[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
