/* SPDX-License-Identifier: Apache-2.0
 *
 * scope.h - one request, one batch record, or one command run.
 *
 * A scope owns all memory made on its behalf (an arena with a byte limit), the text of the failure,
 * the request id, and the time, read once, so that every rule of a request is decided at one
 * instant. Results live in the caller's scope: nothing to free one by one. Not shared by threads.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/failure.h"

#define SCOPE_ID_SIZE 17 /* 16 hexadecimal digits and the NUL */

struct scope_chunk;

struct scope {
    struct scope_chunk *chunks; /* private: newest first */
    size_t used;                /* bytes handed out */
    size_t limit;               /* bytes that may be handed out */
    struct instant now;         /* the time of this request */
    enum cause cause;           /* why it failed; CAUSE_NONE while it has not */
    char id[SCOPE_ID_SIZE];     /* request id, for logs and the journal */
    char failure[256];          /* detail for IT: one line, lower case, no personal data */
};

/*
 * Begins a scope that may hand out at most limit bytes; reads the clock and makes an id.
 * Used as: CLEANUP(scope_end) struct scope scope = scope_begin(limit);
 */
struct scope scope_begin(size_t limit);

/* The same at a given instant: commands with --today, tests. */
struct scope scope_begin_at(size_t limit, struct instant now);

/* Wipes and frees everything made in the scope. Accepts a scope that was ended. */
void scope_end(struct scope *scope);

/* Forgets what was made and the failure, keeps one chunk: a loop's next round. The time stays. */
void scope_reset(struct scope *scope);

/*
 * Hands out count * size zeroed bytes, aligned for any type; *out (a pointer to a pointer) is set
 * on success. Fails with CAUSE_MEMORY_LIMIT when the limit would be passed.
 */
MUST_CHECK enum status scope_alloc(struct scope *scope, size_t count, size_t size, void *out);

/* Copies size bytes and a NUL behind them into the scope. */
MUST_CHECK enum status scope_copy(struct scope *scope, const void *bytes, size_t size, char **out);

/*
 * Notes why the scope failed and returns the status of the cause. The first failure of a scope is
 * kept; later ones (while unwinding) are ignored. The detail names the rule, never personal data.
 */
enum status scope_fail(struct scope *scope, enum cause cause, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Takes a failure back: the caller has dealt with it. */
void scope_forgive(struct scope *scope);
