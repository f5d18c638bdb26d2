/* SPDX-License-Identifier: Apache-2.0
 *
 * challenge.c - the table of challenges, in shards of their own lock.
 *
 * A session id is random and ours, so its bytes choose shard and bucket. Within a shard, entries
 * hang in a bucket's chain and in a list by age; both are indexes into one array, made at open.
 */
#include "proof/challenge.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "proof/sha256.h"

#define SHARDS 16
#define NONE UINT32_MAX
#define CAPACITY_MAX (1U << 26) /* 67 million: five gigabytes */

struct entry {
    struct challenge challenge;
    struct institution_code institution;
    struct instant given;
    uint32_t chained;      /* next of the bucket; of the free entries while free */
    uint32_t older, newer; /* by age */
};

struct shard {
    _Alignas(64) pthread_mutex_t lock;
    struct entry *entries;
    uint32_t *buckets; /* first entry of each; as many as entries */
    uint32_t count;    /* entries of this shard */
    uint32_t free;     /* first free entry, or NONE */
    uint32_t oldest, newest;
};

struct challenge_table {
    struct shard shards[SHARDS];
    int64_t lifetime; /* microseconds */
};

static bool shard_open(struct shard *shard, uint32_t count)
{
    shard->entries = calloc(count, sizeof *shard->entries);
    shard->buckets = calloc(count, sizeof *shard->buckets);
    if (!shard->entries || !shard->buckets)
        return false;
    shard->count = count;
    shard->oldest = shard->newest = NONE;
    for (uint32_t i = 0; i < count; i++) {
        shard->buckets[i] = NONE;
        shard->entries[i].chained = i + 1 < count ? i + 1 : NONE;
    }
    shard->free = 0;
    return true;
}

static void table_drop(struct challenge_table **table)
{
    challenge_table_close(*table);
}

enum status challenge_table_open(struct scope *scope, size_t capacity, int lifetime_seconds,
                                 struct challenge_table **out)
{
    CLEANUP(table_drop) struct challenge_table *table = NULL;

    if (capacity == 0 || capacity > CAPACITY_MAX || lifetime_seconds <= 0)
        return scope_fail(scope, CAUSE_CONFIGURATION, "challenges: capacity or lifetime");
    table = aligned_alloc(_Alignof(struct challenge_table), sizeof *table);
    if (!table)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    memset(table, 0, sizeof *table);
    table->lifetime = lifetime_seconds * INT64_C(1000000);
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&table->shards[i].lock, NULL);
    for (size_t i = 0; i < SHARDS; i++)
        if (!shard_open(&table->shards[i], (uint32_t)((capacity + SHARDS - 1) / SHARDS)))
            return scope_fail(scope, CAUSE_MEMORY_LIMIT, "%zu challenges", capacity);
    *out = table;
    table = NULL;
    return STATUS_OK;
}

void challenge_table_close(struct challenge_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *shard = &table->shards[i];
        pthread_mutex_destroy(&shard->lock);
        if (shard->entries)
            explicit_bzero(shard->entries, shard->count * sizeof *shard->entries);
        free(shard->entries);
        free(shard->buckets);
    }
    free(table);
}

/* The shard of a session, and the place of its bucket. */
static struct shard *shard_of(struct challenge_table *table, const unsigned char *session,
                              uint32_t **bucket)
{
    struct shard *shard = &table->shards[session[0] % SHARDS];
    uint64_t number = 0;

    memcpy(&number, session + 1, sizeof number);
    *bucket = &shard->buckets[number % shard->count];
    return shard;
}

/* The link that points to a session's entry, in its chain; it points to NONE where there is none.
 */
static uint32_t *link_of(struct shard *shard, uint32_t *bucket, const unsigned char *session)
{
    uint32_t *link = bucket;

    while (*link != NONE && CRYPTO_memcmp(shard->entries[*link].challenge.session, session,
                                          CHALLENGE_SESSION_SIZE) != 0)
        link = &shard->entries[*link].chained;
    return link;
}

static void append_by_age(struct shard *shard, uint32_t at)
{
    shard->entries[at].older = shard->newest;
    shard->entries[at].newer = NONE;
    if (shard->newest != NONE)
        shard->entries[shard->newest].newer = at;
    else
        shard->oldest = at;
    shard->newest = at;
}

static void unlink_by_age(struct shard *shard, uint32_t at)
{
    const struct entry *entry = &shard->entries[at];

    if (entry->older != NONE)
        shard->entries[entry->older].newer = entry->newer;
    else
        shard->oldest = entry->newer;
    if (entry->newer != NONE)
        shard->entries[entry->newer].older = entry->older;
    else
        shard->newest = entry->older;
}

/* Takes the entry at a link out and wipes it. */
static void take_out(struct shard *shard, uint32_t *link)
{
    uint32_t at = *link;
    struct entry *entry = &shard->entries[at];

    *link = entry->chained;
    unlink_by_age(shard, at);
    explicit_bzero(entry, sizeof *entry);
    entry->chained = shard->free;
    shard->free = at;
}

static void evict_oldest(struct challenge_table *table, struct shard *shard)
{
    const unsigned char *session = shard->entries[shard->oldest].challenge.session;
    uint32_t *bucket = NULL;

    shard_of(table, session, &bucket);
    take_out(shard, link_of(shard, bucket, session));
}

static void put(struct challenge_table *table, const struct entry *made)
{
    uint32_t *bucket = NULL;
    struct shard *shard = shard_of(table, made->challenge.session, &bucket);
    uint32_t at = 0;

    pthread_mutex_lock(&shard->lock);
    if (shard->free == NONE)
        evict_oldest(table, shard);
    at = shard->free;
    shard->free = shard->entries[at].chained;
    shard->entries[at] = *made;
    shard->entries[at].chained = *bucket;
    *bucket = at;
    append_by_age(shard, at);
    pthread_mutex_unlock(&shard->lock);
}

enum status challenge_issue(struct scope *scope, struct challenge_table *table,
                            struct institution_code institution, struct challenge *out)
{
    struct entry made = {.institution = institution, .given = scope->now};

    if (getrandom(&made.challenge, sizeof made.challenge, 0) != (ssize_t)sizeof made.challenge)
        return scope_fail(scope, CAUSE_INTERNAL, "the system gives no random bytes");
    put(table, &made);
    *out = made.challenge;
    return STATUS_OK;
}

/* Copies the entry of a session and takes it out; false where there is none. */
static bool take(struct challenge_table *table, const unsigned char *session, struct entry *out)
{
    uint32_t *bucket = NULL;
    struct shard *shard = shard_of(table, session, &bucket);
    uint32_t *link = NULL;
    bool found = false;

    pthread_mutex_lock(&shard->lock);
    link = link_of(shard, bucket, session);
    found = *link != NONE;
    if (found) {
        *out = shard->entries[*link];
        take_out(shard, link);
    }
    pthread_mutex_unlock(&shard->lock);
    return found;
}

enum status challenge_consume(struct scope *scope, struct challenge_table *table,
                              struct institution_code institution,
                              const unsigned char session[CHALLENGE_SESSION_SIZE],
                              struct challenge *out)
{
    struct entry taken = {0};
    int64_t age = 0;

    /* of another institution: gone all the same, for the session has leaked */
    if (!take(table, session, &taken) || !institution_code_equal(taken.institution, institution))
        return scope_fail(scope, CAUSE_CHALLENGE_UNKNOWN, "no such challenge of the institution");
    age = scope->now.microseconds - taken.given.microseconds;
    if (age > table->lifetime || age < -table->lifetime)
        return scope_fail(scope, CAUSE_CHALLENGE_EXPIRED, "the challenge is too old");
    *out = taken.challenge;
    return STATUS_OK;
}

/* What a card signs, as it lies in memory: bytes only, so without gaps. */
struct proof_block {
    char domain[sizeof "shikaku-card-proof-1"];
    unsigned char nonce[CHALLENGE_NONCE_SIZE];
    unsigned char session[CHALLENGE_SESSION_SIZE];
    char institution[10];
    char terminal[CHALLENGE_TERMINAL_MAX];
    unsigned char mode;
    char time[14];
};
_Static_assert(sizeof(struct proof_block) == 114, "the block has no gaps");

void proof_block_hash(const struct challenge *challenge,
                      const struct proof_circumstance *circumstance, unsigned char out[32])
{
    struct proof_block block = {.domain = "shikaku-card-proof-1",
                                .mode = (unsigned char)circumstance->mode};
    char time[24];

    memcpy(block.nonce, challenge->nonce, sizeof block.nonce);
    memcpy(block.session, challenge->session, sizeof block.session);
    memcpy(block.institution, circumstance->institution.digits, sizeof block.institution);
    memcpy(block.terminal, circumstance->terminal,
           strnlen(circumstance->terminal, sizeof block.terminal));
    snprintf(time, sizeof time, "%014" PRId64, circumstance->time);
    memcpy(block.time, time, sizeof block.time);
    sha256((struct text){(const char *)&block, sizeof block}, out);
}
