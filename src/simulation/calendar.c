/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/calendar.h"

#define END UINT32_MAX
#define QUEUES 2

struct slot {
    uint32_t resident, next;
    enum happening what;
};

/* Two queues a day, lives and offices, in one pool; slots that were taken are used again. */
struct calendar {
    int32_t first;
    int32_t days;
    uint32_t *heads, *tails;
    struct slot *slots;
    uint32_t free, used, capacity;
};

enum status calendar_make(struct scope *scope, struct date first, struct date last, size_t capacity,
                          struct calendar **out)
{
    struct calendar *calendar = NULL;

    TRY(scope_alloc(scope, 1, sizeof *calendar, &calendar));
    calendar->first = date_to_days(first);
    calendar->days = date_to_days(last) - calendar->first + 1;
    calendar->capacity = capacity < END ? (uint32_t)capacity : END - 1;
    calendar->free = END;
    TRY(scope_alloc(scope, QUEUES * (size_t)calendar->days, sizeof *calendar->heads,
                    &calendar->heads));
    TRY(scope_alloc(scope, QUEUES * (size_t)calendar->days, sizeof *calendar->tails,
                    &calendar->tails));
    TRY(scope_alloc(scope, calendar->capacity, sizeof *calendar->slots, &calendar->slots));
    for (int32_t i = 0; i < QUEUES * calendar->days; i++)
        calendar->heads[i] = END;
    *out = calendar;
    return STATUS_OK;
}

static bool take_slot(struct calendar *calendar, uint32_t *out)
{
    if (calendar->free != END) {
        *out = calendar->free;
        calendar->free = calendar->slots[*out].next;
        return true;
    }
    if (calendar->used == calendar->capacity)
        return false;
    *out = calendar->used++;
    return true;
}

enum status calendar_note(struct scope *scope, struct calendar *calendar, struct date day,
                          uint32_t resident, enum happening what)
{
    int32_t at = date_to_days(day) - calendar->first;
    uint32_t slot = 0;

    if (!date_is(day) || at < 0 || at >= calendar->days)
        return STATUS_OK;
    at = at * QUEUES + (what >= HAPPENING_LIVES);
    if (!take_slot(calendar, &slot))
        return scope_fail(scope, CAUSE_SIMULATION_TOO_MANY,
                          "more than %u things are to happen in the simulation",
                          calendar->capacity);
    calendar->slots[slot] = (struct slot){.resident = resident, .next = END, .what = what};
    if (calendar->heads[at] == END)
        calendar->heads[at] = slot;
    else
        calendar->slots[calendar->tails[at]].next = slot;
    calendar->tails[at] = slot;
    return STATUS_OK;
}

bool calendar_take(struct calendar *calendar, struct date day, struct calendar_entry *out)
{
    int32_t at = date_to_days(day) - calendar->first;
    uint32_t slot = 0;

    if (at < 0 || at >= calendar->days)
        return false;
    at *= QUEUES;
    if (calendar->heads[at] == END)
        at++;
    if (calendar->heads[at] == END)
        return false;
    slot = calendar->heads[at];
    *out = (struct calendar_entry){calendar->slots[slot].resident, calendar->slots[slot].what};
    calendar->heads[at] = calendar->slots[slot].next;
    calendar->slots[slot].next = calendar->free;
    calendar->free = slot;
    return true;
}
