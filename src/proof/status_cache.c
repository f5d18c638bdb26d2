/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/status_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define WAYS 8
#define LOCKS 64 /* more than threads, so that two rarely meet */
#define CACHE_LINE 64

/* Certificates whose keys fall together; issuer 0 is an empty way. */
struct set {
    struct status_key keys[WAYS];
    struct status_entry entries[WAYS];
    uint64_t used[WAYS]; /* when, by the lock's clock */
};

struct lock {
    _Alignas(CACHE_LINE) pthread_mutex_t mutex;
    uint64_t clock;
};

struct status_cache {
    struct lock locks[LOCKS];
    size_t set_count;
    struct set *sets;
};

struct status_cache *status_cache_make(size_t size)
{
    struct status_cache *cache = aligned_alloc(CACHE_LINE, sizeof *cache);

    if (!cache)
        return NULL;
    memset(cache, 0, sizeof *cache);
    cache->set_count = size / WAYS + (size % WAYS > 0 || size == 0);
    cache->sets = calloc(cache->set_count, sizeof *cache->sets);
    if (!cache->sets) {
        free(cache);
        return NULL;
    }
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&cache->locks[i].mutex, NULL);
    return cache;
}

void status_cache_free(struct status_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&cache->locks[i].mutex);
    free(cache->sets);
    free(cache);
}

/* Serials count up: a multiplication spreads them (Fibonacci hashing). */
static struct set *set_of(struct status_cache *cache, struct status_key key, struct lock **lock)
{
    uint64_t number = (key.serial + (uint64_t)key.issuer) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(number >> 32) % cache->set_count;

    *lock = &cache->locks[at % LOCKS];
    return &cache->sets[at];
}

/* The way that holds a key, or WAYS. The caller has the lock. */
static size_t way_of(const struct set *set, struct status_key key)
{
    for (size_t way = 0; way < WAYS; way++)
        if (set->keys[way].serial == key.serial && set->keys[way].issuer == key.issuer)
            return way;
    return WAYS;
}

bool status_cache_find(struct status_cache *cache, struct status_key key,
                       struct instant refresh_before, struct status_entry *out)
{
    struct lock *lock = NULL;
    struct set *set = set_of(cache, key, &lock);
    size_t way = 0;

    pthread_mutex_lock(&lock->mutex);
    way = way_of(set, key);
    if (way < WAYS) {
        struct status_entry *entry = &set->entries[way];
        *out = *entry;
        entry->asked_anew |= entry->heard.microseconds < refresh_before.microseconds;
        set->used[way] = ++lock->clock;
    }
    pthread_mutex_unlock(&lock->mutex);
    return way < WAYS;
}

/* An empty way (never used, so 0), or the least lately used one. */
static size_t oldest_way(const struct set *set)
{
    size_t oldest = 0;

    for (size_t way = 1; way < WAYS; way++)
        if (set->used[way] < set->used[oldest])
            oldest = way;
    return oldest;
}

void status_cache_put(struct status_cache *cache, struct status_key key,
                      const struct revocation *said, struct instant heard)
{
    struct lock *lock = NULL;
    struct set *set = set_of(cache, key, &lock);
    size_t way = 0;

    pthread_mutex_lock(&lock->mutex);
    way = way_of(set, key);
    if (way == WAYS || set->entries[way].heard.microseconds <= heard.microseconds) {
        if (way == WAYS)
            way = oldest_way(set);
        set->keys[way] = key;
        set->entries[way] = (struct status_entry){*said, heard, false};
        set->used[way] = ++lock->clock;
    }
    pthread_mutex_unlock(&lock->mutex);
}
