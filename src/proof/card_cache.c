/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/card_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WAYS 8
#define LOCKS 64 /* more than threads, so that two rarely meet */
#define CACHE_LINE 64

/* Certificates whose hashes fall together. */
struct set {
    struct card_entry *entries[WAYS];
    uint64_t used[WAYS]; /* when, by the lock's clock */
};

struct lock {
    _Alignas(CACHE_LINE) pthread_mutex_t mutex;
    uint64_t clock;
    struct card_trust_figures figures;
};

struct card_cache {
    struct lock locks[LOCKS];
    size_t set_count;
    struct set *sets;
};

struct card_cache *card_cache_make(size_t size)
{
    struct card_cache *cache = aligned_alloc(CACHE_LINE, sizeof *cache);

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

void card_cache_free(struct card_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < cache->set_count; i++)
        for (size_t way = 0; way < WAYS; way++)
            card_entry_release(cache->sets[i].entries[way]);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&cache->locks[i].mutex);
    free(cache->sets);
    free(cache);
}

struct card_entry *card_entry_make(const unsigned char hash[CARD_CACHE_HASH],
                                   const struct card_identity *identity, struct rsa_verifier *key)
{
    struct card_entry *entry = calloc(1, sizeof *entry);

    if (!entry) {
        rsa_verifier_free(key);
        return NULL;
    }
    memcpy(entry->hash, hash, CARD_CACHE_HASH);
    entry->identity = *identity;
    entry->key = key;
    atomic_init(&entry->holders, 1);
    return entry;
}

void card_entry_release(struct card_entry *entry)
{
    if (!entry || atomic_fetch_sub(&entry->holders, 1) > 1)
        return;
    rsa_verifier_free(entry->key);
    free(entry);
}

/* A hash is spread evenly already: its first bytes choose set and lock. */
static struct set *set_of(struct card_cache *cache, const unsigned char *hash, struct lock **lock)
{
    uint64_t number = 0;
    size_t at = 0;

    memcpy(&number, hash, sizeof number);
    at = number % cache->set_count;
    *lock = &cache->locks[at % LOCKS];
    return &cache->sets[at];
}

/* The way that holds a hash, or WAYS. The caller has the lock. */
static size_t way_of(const struct set *set, const unsigned char *hash)
{
    for (size_t way = 0; way < WAYS; way++)
        if (set->entries[way] && memcmp(set->entries[way]->hash, hash, CARD_CACHE_HASH) == 0)
            return way;
    return WAYS;
}

struct card_entry *card_cache_find(struct card_cache *cache,
                                   const unsigned char hash[CARD_CACHE_HASH])
{
    struct lock *lock = NULL;
    struct set *set = set_of(cache, hash, &lock);
    struct card_entry *found = NULL;

    pthread_mutex_lock(&lock->mutex);
    size_t way = way_of(set, hash);
    if (way < WAYS) {
        found = set->entries[way];
        atomic_fetch_add(&found->holders, 1);
        set->used[way] = ++lock->clock;
        lock->figures.hits++;
    } else {
        lock->figures.misses++;
    }
    pthread_mutex_unlock(&lock->mutex);
    return found;
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

void card_cache_put(struct card_cache *cache, struct card_entry *entry)
{
    struct lock *lock = NULL;
    struct set *set = set_of(cache, entry->hash, &lock);
    struct card_entry *gone = NULL;

    pthread_mutex_lock(&lock->mutex);
    if (way_of(set, entry->hash) == WAYS) {
        size_t way = oldest_way(set);
        gone = set->entries[way];
        atomic_fetch_add(&entry->holders, 1);
        set->entries[way] = entry;
        set->used[way] = ++lock->clock;
    }
    pthread_mutex_unlock(&lock->mutex);
    card_entry_release(gone);
}

struct card_trust_figures card_cache_figures(struct card_cache *cache)
{
    struct card_trust_figures sum = {0};

    for (size_t i = 0; i < LOCKS; i++) {
        struct lock *lock = &cache->locks[i];
        pthread_mutex_lock(&lock->mutex);
        sum.hits += lock->figures.hits;
        sum.misses += lock->figures.misses;
        pthread_mutex_unlock(&lock->mutex);
    }
    return sum;
}
