/* SPDX-License-Identifier: Apache-2.0
 *
 * pcsc_watch.h - which readers there are and whether a card lies on one; a thread of its own.
 */
#pragma once

#include "card/pcsc_reader.h"

struct pcsc_watch; /* opaque */

/* name: as pcsc_reader_open() takes it, copied. events: raised at each change. */
MUST_CHECK enum status pcsc_watch_open(struct scope *scope, const char *name, int events,
                                       struct pcsc_watch **out);
/* Ends the thread, within half a second. Accepts NULL. */
void pcsc_watch_close(struct pcsc_watch *watch);

/* State, and the name of the reader with the card ("" where there is none). From any thread. */
struct card_slot_state pcsc_watch_state(struct pcsc_watch *watch, char reader[PCSC_NAME_MAX]);
