/* SPDX-License-Identifier: Apache-2.0
 *
 * played_register.h - a register that a test plays: it holds a few people, or is away.
 */
#pragma once

#include <string.h>

#include "register/register_client.h"

#define PLAYED_MAX 8

struct played_register {
    struct register_client base; /* first */
    bool away;
    int calls;
    struct register_person people[PLAYED_MAX];
    size_t count;
    struct register_changes feed;
};

static inline enum status played_compare(struct scope *scope, struct register_client *client,
                                         const struct register_record *records, size_t count,
                                         struct register_comparison **out)
{
    struct played_register *played = (struct played_register *)client;
    struct register_comparison *found = NULL;

    played->calls++;
    if (played->away)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "played");
    TRY(scope_alloc(scope, count, sizeof *found, &found));
    for (size_t i = 0; i < count; i++) {
        found[i] = register_unknown();
        for (size_t j = 0; j < played->count; j++)
            if (text_equal(played->people[j].link, records[i].link))
                found[i] = register_compare(&records[i].reported, &played->people[j].identity);
    }
    *out = found;
    return STATUS_OK;
}

/* Two changes a page, so that pages are seen to go on. */
static inline enum status played_changes(struct scope *scope, struct register_client *client,
                                         int64_t since, struct register_changes *out)
{
    struct played_register *played = (struct played_register *)client;
    size_t first = 0;

    played->calls++;
    if (played->away)
        return scope_fail(scope, CAUSE_REGISTER_AWAY, "played");
    while (first < played->feed.count && played->feed.items[first].sequence <= since)
        first++;
    *out = (struct register_changes){.items = played->feed.items + first, .next = since};
    while (out->count < 2 && first + out->count < played->feed.count)
        out->next = out->items[out->count++].sequence;
    out->more = first + out->count < played->feed.count;
    return STATUS_OK;
}

static inline enum status played_no_numbers(struct scope *scope, struct register_client *client,
                                            const struct text *numbers, size_t count,
                                            struct register_finding **out)
{
    (void)client;
    (void)numbers;
    (void)count;
    (void)out;
    return scope_fail(scope, CAUSE_REGISTER_REFUSED, "played");
}

static inline enum status played_no_items(struct scope *scope, struct register_client *client,
                                          const struct register_identity *items, size_t count,
                                          struct register_finding **out)
{
    (void)client;
    (void)items;
    (void)count;
    (void)out;
    return scope_fail(scope, CAUSE_REGISTER_REFUSED, "played");
}

static inline void played_close(struct register_client *client)
{
    (void)client;
}

static const struct register_ops played_ops = {
    "played", played_no_numbers, played_no_items, played_compare, played_changes, played_close,
};
