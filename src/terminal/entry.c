/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/entry.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_names[] = {
    [ENTRY_NEW] = "queued",        [ENTRY_SETTLING] = "incomplete",
    [ENTRY_QUEUED] = "queued",     [ENTRY_WORKING] = "asking",
    [ENTRY_AWAY] = "service_away", [ENTRY_BLOCKED] = "result_not_collected",
    [ENTRY_PLACED] = "answered",   [ENTRY_ANSWERED] = "result_not_collected",
    [ENTRY_OVER] = "answered",
};

const char *entry_state_name(enum entry_state state)
{
    return state_names[state];
}

bool entry_has_claim(const struct entry *entry)
{
    return entry->state == ENTRY_ANSWERED || entry->state == ENTRY_PLACED;
}

bool entry_waits(const struct entry *entry)
{
    return entry->state != ENTRY_PLACED && entry->state != ENTRY_OVER;
}

struct claim entry_claim(const struct entry *entry)
{
    struct claim claim = {.identity = entry->identity};

    memcpy(claim.request, entry->name, sizeof claim.request);
    memcpy(claim.result, entry->read.result, sizeof claim.result);
    return claim;
}

void entries_begin(struct entries *entries)
{
    *entries = (struct entries){0};
    entries->last = &entries->first;
    entries->queue_last = &entries->queue_first;
}

void entries_end(struct entries *entries)
{
    for (struct entry *entry = entries->first; entry;) {
        struct entry *next = entry->next;
        free(entry);
        entry = next;
    }
    entries_begin(entries);
}

static size_t bucket_of(const char *name)
{
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211ULL;
    return hash % ENTRY_BUCKETS;
}

struct entry *entries_find(const struct entries *entries, const char *name)
{
    struct entry *entry = entries->buckets[bucket_of(name)];

    while (entry && strcmp(entry->name, name) != 0)
        entry = entry->same_bucket;
    return entry;
}

struct entry *entries_add(struct entries *entries, const char *name,
                          const struct request_name *read, int64_t now)
{
    struct entry **bucket = &entries->buckets[bucket_of(name)];
    struct entry *entry = NULL;
    size_t size = strlen(name) + 1;

    if (entries->count >= ENTRIES_MAX || size > sizeof entry->name)
        return NULL;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    *entry = (struct entry){.same_bucket = *bucket, .read = *read, .changed_at = now};
    memcpy(entry->name, name, size);
    *bucket = entry;
    *entries->last = entry;
    entries->last = &entry->next;
    entries->count++;
    return entry;
}

static void bucket_remove(struct entries *entries, const struct entry *entry)
{
    struct entry **at = &entries->buckets[bucket_of(entry->name)];

    while (*at != entry)
        at = &(*at)->same_bucket;
    *at = entry->same_bucket;
}

void entries_sweep(struct entries *entries)
{
    struct entry **at = &entries->first;

    while (*at) {
        struct entry *entry = *at;
        if (entry->state != ENTRY_OVER) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        bucket_remove(entries, entry);
        free(entry);
        entries->count--;
    }
    entries->last = at;
}

void entries_queue(struct entries *entries, struct entry *entry)
{
    entry->state = ENTRY_QUEUED;
    entry->queued = NULL;
    *entries->queue_last = entry;
    entries->queue_last = &entry->queued;
    entries->queued++;
}

struct entry *entries_take(struct entries *entries)
{
    struct entry *entry = entries->queue_first;

    if (!entry)
        return NULL;
    entries->queue_first = entry->queued;
    if (!entries->queue_first)
        entries->queue_last = &entries->queue_first;
    entries->queued--;
    entry->state = ENTRY_WORKING;
    return entry;
}
