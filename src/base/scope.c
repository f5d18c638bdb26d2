/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scope.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Under AddressSanitizer each allocation is its own, or an overflow into a neighbour stays hidden.
 */
#if defined(__SANITIZE_ADDRESS__)
#define OWN_ALLOCATIONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_ALLOCATIONS 1
#endif
#endif
#ifndef OWN_ALLOCATIONS
#define OWN_ALLOCATIONS 0
#endif

#define CHUNK_SIZE 8192
#define ALIGNMENT 16

struct scope_chunk {
    struct scope_chunk *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

/* Ids: a random start per process and a counter, so that making one costs no system call. */
static void write_id(char *out)
{
    static _Atomic uint64_t counter;
    static const char digits[] = "0123456789abcdef";
    uint64_t id = atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);

    while (id == 0) {
        uint64_t start = 0;
        uint64_t zero = 1;
        if (getrandom(&start, sizeof start, 0) != (ssize_t)sizeof start)
            start = (uint64_t)instant_now().microseconds << 16;
        /* whoever is first sets the start; the others take the next number */
        atomic_compare_exchange_strong(&counter, &zero, (start | 1) << 1);
        id = atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
    }
    for (int i = 0; i < SCOPE_ID_SIZE - 1; i++)
        out[i] = digits[(id >> (60 - 4 * i)) & 15];
    out[SCOPE_ID_SIZE - 1] = '\0';
}

struct scope scope_begin_at(size_t limit, struct instant now)
{
    struct scope scope = {.limit = limit, .now = now};

    write_id(scope.id);
    return scope;
}

struct scope scope_begin(size_t limit)
{
    return scope_begin_at(limit, instant_now());
}

static void chunk_free(struct scope_chunk *chunk)
{
    explicit_bzero(chunk->bytes, chunk->used);
    free(chunk);
}

void scope_end(struct scope *scope)
{
    while (scope->chunks) {
        struct scope_chunk *next = scope->chunks->next;
        chunk_free(scope->chunks);
        scope->chunks = next;
    }
    scope->used = 0;
}

void scope_reset(struct scope *scope)
{
    struct scope_chunk *keep = NULL;

    if (!OWN_ALLOCATIONS && scope->chunks) {
        keep = scope->chunks;
        scope->chunks = keep->next;
        explicit_bzero(keep->bytes, keep->used);
        keep->used = 0;
        keep->next = NULL;
    }
    scope_end(scope);
    scope->chunks = keep;
    scope_forgive(scope);
}

static struct scope_chunk *chunk_with_room(struct scope *scope, size_t need)
{
    struct scope_chunk *chunk = scope->chunks;
    size_t size = need;

    if (chunk && !OWN_ALLOCATIONS && chunk->size - chunk->used >= need)
        return chunk;
    if (!OWN_ALLOCATIONS && size < CHUNK_SIZE)
        size = CHUNK_SIZE;
    chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    *chunk = (struct scope_chunk){.next = scope->chunks, .size = size};
    scope->chunks = chunk;
    return chunk;
}

enum status scope_alloc(struct scope *scope, size_t count, size_t size, void *out)
{
    size_t need = 0;
    struct scope_chunk *chunk = NULL;
    void *made = NULL;

    if (__builtin_mul_overflow(count, size, &need) ||
        __builtin_add_overflow(need, (size_t)ALIGNMENT - 1, &need))
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "size overflow");
    need &= ~((size_t)ALIGNMENT - 1);
    if (need > scope->limit - scope->used)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "limit of %zu bytes", scope->limit);
    chunk = chunk_with_room(scope, need);
    if (!chunk)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    made = chunk->bytes + chunk->used;
    chunk->used += need;
    scope->used += need;
    memset(made, 0, need);
    memcpy(out, &made, sizeof made);
    return STATUS_OK;
}

enum status scope_copy(struct scope *scope, const void *bytes, size_t size, char **out)
{
    char *copy = NULL;

    TRY(scope_alloc(scope, size + 1, 1, &copy));
    assert(copy); /* set on success: the analyzer cannot see through the void pointer */
    if (size > 0)
        memcpy(copy, bytes, size);
    *out = copy;
    return STATUS_OK;
}

enum status scope_fail(struct scope *scope, enum cause cause, const char *format, ...)
{
    va_list args;

    if (scope->cause == CAUSE_NONE) {
        scope->cause = cause;
        va_start(args, format);
        vsnprintf(scope->failure, sizeof scope->failure, format, args);
        va_end(args);
    }
    return failure_text(cause)->status;
}

void scope_forgive(struct scope *scope)
{
    scope->cause = CAUSE_NONE;
    scope->failure[0] = '\0';
}
