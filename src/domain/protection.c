/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/protection.h"

#include <string.h>

unsigned protection_on(const struct protection_book *book, struct date on)
{
    unsigned flags = 0;

    for (size_t i = 0; i < book->count; i++)
        if (date_within(on, book->items[i].from, book->items[i].until))
            flags |= book->items[i].flag;
    return flags;
}

struct protection_filing *protection_find(const struct protection_book *book, const char *source,
                                          unsigned flag)
{
    for (size_t i = 0; i < book->count; i++)
        if (book->items[i].flag == flag && strcmp(book->items[i].source, source) == 0)
            return &book->items[i];
    return NULL;
}

bool protection_put(struct protection_book *book, const struct protection_filing *filing)
{
    struct protection_filing *former = protection_find(book, filing->source, filing->flag);

    if (former)
        *former = *filing;
    else if (book->count == book->room)
        return false;
    else
        book->items[book->count++] = *filing;
    return true;
}

static bool take_away(struct protection_book *book, size_t at)
{
    book->items[at] = book->items[--book->count];
    return true;
}

bool protection_drop(struct protection_book *book, const char *source, unsigned flags)
{
    bool dropped = false;

    for (size_t i = book->count; i-- > 0;)
        if ((book->items[i].flag & flags) && strcmp(book->items[i].source, source) == 0)
            dropped = take_away(book, i);
    return dropped;
}

bool protection_end(struct protection_book *book, struct date day)
{
    bool ended = false;

    for (size_t i = book->count; i-- > 0;)
        if (date_before(book->items[i].until, day))
            ended = take_away(book, i);
    return ended;
}

static bool is_open(const struct coverage *coverage, struct date on)
{
    return date_before(on, coverage->until);
}

static bool any_open(const struct person *person, struct date on)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (is_open(&person->coverages[i], on))
            return true;
    return false;
}

void protection_inherit(struct protection_book *book, const struct person *person, struct date on)
{
    const unsigned flags[] = {PROTECTION_NON_DISCLOSURE, PROTECTION_SELF_REFUSAL};
    const bool open = any_open(person, on);
    unsigned missing = person->protection;

    for (size_t i = 0; i < book->count; i++)
        missing &= ~book->items[i].flag;
    for (size_t i = 0; i < person->coverage_count; i++)
        for (size_t f = 0; f < 2; f++) {
            struct protection_filing filing = {.flag = flags[f], .until = DATE_NEVER};
            if (!(missing & flags[f]) || (open && !is_open(&person->coverages[i], on)))
                continue;
            memcpy(filing.source, person->coverages[i].insurer.digits,
                   strlen(person->coverages[i].insurer.digits) + 1);
            (void)protection_put(book, &filing);
        }
}
