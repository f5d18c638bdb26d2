/* SPDX-License-Identifier: Apache-2.0
 *
 * random.h - numbers for property tests: a new seed each run, the same run again from its seed.
 *
 * SHIKAKU_SEED=N repeats a run. Each test prints the seed in its failures.
 */
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"

struct random {
    uint64_t seed; /* what the run began with */
    uint64_t state;
};

static inline struct random random_begin(void)
{
    const char *given = getenv("SHIKAKU_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)instant_now().microseconds;

    printf("# SHIKAKU_SEED=%" PRIu64 "\n", seed);
    return (struct random){seed, seed ^ 0x9E3779B97F4A7C15U};
}

static inline uint64_t random_next(struct random *random)
{
    uint64_t mixed = random->state += 0x9E3779B97F4A7C15U;

    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

/* 0 to count - 1. */
static inline int random_below(struct random *random, int count)
{
    return (int)(random_next(random) % (uint64_t)count);
}

static inline bool random_one_in(struct random *random, int count)
{
    return random_below(random, count) == 0;
}
