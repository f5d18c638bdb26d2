/* SPDX-License-Identifier: Apache-2.0
 *
 * card_slot.h - a place where cards are put down and taken away: a reader, or several.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "card/apdu.h"

struct card_slot;

struct card_slot_state {
    bool reachable;   /* a reader is there */
    bool occupied;    /* and a card lies on it */
    uint64_t arrival; /* counts the cards that came, from 1; the same card put down again counts */
};

struct card_slot_ops {
    const char *name; /* "pcsc" */
    /* What is known now; asks nobody. */
    struct card_slot_state (*state)(struct card_slot *slot);
    /*
     * A link to the card that lies there, for this caller alone until it is closed. Fails:
     * READER_AWAY, CARD_ABSENT, CARD_IN_USE (another program has it), CARD_UNREADABLE, CARD_SILENT.
     * The link's transmit() fails with the last three.
     */
    enum status (*connect)(struct scope *scope, struct card_slot *slot, struct card_link **out);
    void (*close)(struct card_slot *slot); /* after its links */
};

struct card_slot {
    const struct card_slot_ops *ops; /* every member set */
    int events;                      /* eventfd that can be read once the state has changed */
};
