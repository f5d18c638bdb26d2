/* SPDX-License-Identifier: Apache-2.0
 *
 * status_cache.h - the last known word of the issuer about each certificate, by issuer and serial.
 *
 * Bounded, and shared by threads: entries fall into sets of eight, the least lately used of a set
 * goes; sets share a fixed number of locks. An entry is a copy: nothing is held.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proof/revocation.h"

struct status_key {
    int issuer; /* from 1 */
    uint64_t serial;
};

struct status_entry {
    struct revocation said;
    struct instant heard; /* when it was said to us */
    bool asked_anew;      /* someone was told to refresh it: see status_cache_find() */
};

struct status_cache;

/* size: entries at most (rounded up to eight). NULL without memory. */
struct status_cache *status_cache_make(size_t size);
void status_cache_free(struct status_cache *cache); /* accepts NULL */

/*
 * Copies the entry of a key; false where there is none. refresh_before: an entry heard earlier is
 * marked, so that one caller only finds asked_anew false and asks the issuer again.
 */
bool status_cache_find(struct status_cache *cache, struct status_key key,
                       struct instant refresh_before, struct status_entry *out);
/* Puts what was heard; an entry that was heard later stays. */
void status_cache_put(struct status_cache *cache, struct status_key key,
                      const struct revocation *said, struct instant heard);
