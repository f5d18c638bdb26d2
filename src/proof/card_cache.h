/* SPDX-License-Identifier: Apache-2.0
 *
 * card_cache.h - verified certificates by the SHA-256 of their DER: who it is, and the key.
 *
 * Bounded, and shared by threads: certificates fall into sets of eight, the least lately used of a
 * set goes. Sets share a fixed number of locks, each held for a few comparisons only. An entry
 * lives until its last holder lets go.
 */
#pragma once

#include "proof/card_certificate.h"
#include "proof/rsa_verifier.h"

#define CARD_CACHE_HASH 32

/* A verified certificate; not changed once it is in the cache. */
struct card_entry {
    unsigned char hash[CARD_CACHE_HASH];
    struct card_identity identity;
    struct rsa_verifier *key; /* owned by the entry */
    _Atomic unsigned holders;
};

struct card_cache;

/* size: certificates kept at most (rounded up to eight). NULL without memory. */
struct card_cache *card_cache_make(size_t size);
void card_cache_free(struct card_cache *cache);

/* A new entry with one holder, which owns key from now on. NULL without memory: key is freed. */
struct card_entry *card_entry_make(const unsigned char hash[CARD_CACHE_HASH],
                                   const struct card_identity *identity, struct rsa_verifier *key);
/* Lets go of an entry; NULL is fine. */
void card_entry_release(struct card_entry *entry);

/* The entry of a hash, held for the caller, or NULL. Counts a hit or a miss. */
struct card_entry *card_cache_find(struct card_cache *cache,
                                   const unsigned char hash[CARD_CACHE_HASH]);
/* Puts an entry in, with a hold of the cache's own. Does nothing where the hash is there. */
void card_cache_put(struct card_cache *cache, struct card_entry *entry);

struct card_trust_figures card_cache_figures(struct card_cache *cache);
