/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/overdue.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SCOPE_LIMIT (16UL * 1024 * 1024)

void overdue_add(struct overdue_count *to, const struct overdue_count *more)
{
    to->events += more->events;
    to->notices += more->notices;
    to->registrations += more->registrations;
    to->open += more->open;
    if (more->notice_most > to->notice_most)
        to->notice_most = more->notice_most;
    if (more->registration_most > to->registration_most)
        to->registration_most = more->registration_most;
}

/* An insurer's events as they come, over pages; the last one's place and office are kept. */
struct reading {
    const struct overdue_order *order;
    const struct overdue_reader *reader;
    struct registration_clock last; /* its symbol lies in office */
    struct scope office_scope;
    struct text office;
    struct overdue_count in_office, total;
    bool begun;
};

static void reading_drop(struct reading *reading)
{
    scope_end(&reading->office_scope);
}

static enum status end_office(struct scope *scope, struct reading *reading)
{
    const struct overdue_reader *reader = reading->reader;

    overdue_add(&reading->total, &reading->in_office);
    if (reading->in_office.events > 0 && reader->office)
        TRY(reader->office(scope, reader->context, reading->office, &reading->in_office));
    reading->in_office = (struct overdue_count){0};
    return STATUS_OK;
}

static enum status begin_office(struct scope *scope, struct reading *reading, struct text symbol)
{
    if (reading->begun && text_equal(reading->office, symbol))
        return STATUS_OK;
    TRY(end_office(scope, reading));
    scope_reset(&reading->office_scope);
    if (text_copy(&reading->office_scope, symbol, &reading->office) != STATUS_OK)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "a symbol is larger than its room");
    reading->begun = true;
    return STATUS_OK;
}

static enum status take(struct scope *scope, struct reading *reading,
                        const struct registration_clock *clock)
{
    const struct clock_days days = {clock->happened, clock->received,
                                    instant_date(clock->registered)};
    const struct overdue_event event = {clock,
                                        clock_delay_on(clock->insurer, days, reading->order->on)};
    const struct overdue_count one = {
        .events = 1,
        .notices = event.delay.notice > 0,
        .notice_most = event.delay.notice,
        .registrations = event.delay.registration > 0,
        .registration_most = event.delay.registration,
        .open = event.delay.open,
    };

    TRY(begin_office(scope, reading, clock->symbol));
    reading->last = *clock;
    reading->last.symbol = reading->office;
    if (event.delay.notice == 0 && event.delay.registration == 0)
        return STATUS_OK; /* late later: not yet on that day */
    overdue_add(&reading->in_office, &one);
    return reading->reader->event ? reading->reader->event(scope, reading->reader->context, &event)
                                  : STATUS_OK;
}

static enum status read_page(struct scope *scope, struct store *store, struct reading *reading,
                             const struct clock_search *search, bool *more)
{
    struct registration_clock *clocks = NULL;
    size_t count = 0;

    TRY(store_next_late_clocks(scope, store, search, reading->begun ? &reading->last : NULL,
                               &clocks, &count));
    for (size_t i = 0; i < count; i++)
        TRY(take(scope, reading, &clocks[i]));
    *more = count == MEMBER_LIST_MAX;
    return STATUS_OK;
}

enum status overdue_read(struct scope *scope, struct store *store, struct insurer_number insurer,
                         const struct overdue_order *order, const struct overdue_reader *reader,
                         struct overdue_count *out)
{
    CLEANUP(reading_drop)
    struct reading reading = {
        .order = order, .reader = reader, .office_scope = scope_begin_at(65536, scope->now)};
    const struct clock_search search = {insurer, order->since, order->on};
    bool more = true;

    while (more) {
        CLEANUP(scope_end) struct scope page = scope_begin_at(PAGE_SCOPE_LIMIT, scope->now);
        if (read_page(&page, store, &reading, &search, &more) != STATUS_OK)
            return scope_fail(scope, page.cause, "%s", page.failure);
    }
    TRY(end_office(scope, &reading));
    *out = reading.total;
    return STATUS_OK;
}
