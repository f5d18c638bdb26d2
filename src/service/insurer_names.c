/* SPDX-License-Identifier: Apache-2.0 */
#include "service/insurer_names.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct insurer_names {
    struct scope scope; /* owns the names */
    _Atomic int holders;
    struct insurer *items; /* ordered by number */
    size_t count;
};

static int compare(const void *a, const void *b)
{
    const struct insurer *left = a;
    const struct insurer *right = b;

    return strcmp(left->number.digits, right->number.digits);
}

/* What the directory's own scope failed with is what the caller's fails with. */
static enum status pass_failure(struct scope *scope, const struct scope *inner, enum status status)
{
    enum cause cause = inner->cause == CAUSE_NONE ? CAUSE_INTERNAL : inner->cause;

    scope_fail(scope, cause, "%s", inner->failure);
    return status;
}

enum status insurer_names_read(struct scope *scope, struct store *store, struct insurer_names **out)
{
    struct insurer_names *names = calloc(1, sizeof *names);
    enum status status = STATUS_OK;

    if (!names)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the insurers' names");
    names->scope = scope_begin_at(INSURER_NAMES_LIMIT, scope->now);
    names->holders = 1;
    status = store_list_insurers(&names->scope, store, &names->items, &names->count);
    if (status != STATUS_OK) {
        status = pass_failure(scope, &names->scope, status);
        insurer_names_drop(names);
        return status;
    }
    if (names->count > 0)
        qsort(names->items, names->count, sizeof *names->items, compare);
    *out = names;
    return STATUS_OK;
}

struct insurer_names *insurer_names_hold(struct insurer_names *names)
{
    atomic_fetch_add(&names->holders, 1);
    return names;
}

void insurer_names_drop(struct insurer_names *names)
{
    if (!names || atomic_fetch_sub(&names->holders, 1) > 1)
        return;
    scope_end(&names->scope);
    free(names);
}

struct text insurer_name(const struct insurer_names *names, struct insurer_number number)
{
    struct insurer key = {.number = number};
    const struct insurer *found = NULL;

    if (names->count > 0)
        found = bsearch(&key, names->items, names->count, sizeof key, compare);
    return found ? found->name : (struct text){0};
}
