/* SPDX-License-Identifier: Apache-2.0
 *
 * overdue.h - registrations that came too late, by insurer and employer: the 5 + 5 day clock read.
 *
 * What is late is the notice (the employer's, the household's delay), the registration (the
 * insurer's), or both. Seen on a day: what was registered only later counts as not registered yet.
 * Source: insurers-and-documents 2.3, 4.1; 11, 2.
 */
#pragma once

#include "store/store_member.h"

struct overdue_order {
    struct date on;    /* seen on this day */
    struct date since; /* notices that came from this day on */
};

/* Late events counted. */
struct overdue_count {
    int64_t events;
    int64_t notices;       /* of them, the notice was late */
    int notice_most;       /* days, at most */
    int64_t registrations; /* of them, the registration was, or is */
    int registration_most;
    int64_t open; /* of them, not registered by the day */
};

struct overdue_event {
    const struct registration_clock *clock;
    struct clock_delay delay;
};

/* What a list does with it. The texts live as long as the call. */
struct overdue_reader {
    enum status (*event)(struct scope *scope, void *context, const struct overdue_event *event);
    /* after the last event of an office (記号) */
    enum status (*office)(struct scope *scope, void *context, struct text symbol,
                          const struct overdue_count *count);
    void *context;
};

/*
 * Reads one insurer's events, by office, received day, person, and counts them. reader: members
 * may be NULL. Memory is flat.
 */
MUST_CHECK enum status overdue_read(struct scope *scope, struct store *store,
                                    struct insurer_number insurer,
                                    const struct overdue_order *order,
                                    const struct overdue_reader *reader, struct overdue_count *out);
/* Adds the one to the other. */
void overdue_add(struct overdue_count *to, const struct overdue_count *more);
