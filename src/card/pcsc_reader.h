/* SPDX-License-Identifier: Apache-2.0
 *
 * pcsc_reader.h - the readers of this machine, through its PC/SC service (pcscd, libpcsclite).
 *
 * Readers and the service itself may come and go at any time. Two kinds of threads, each with a
 * PC/SC context of its own: one that watches (pcsc_watch.c), and one a link that talks to the card
 * (pcsc_worker.c), which can be given up where a reader hangs, for PC/SC has no time limits.
 */
#pragma once

#include "card/card_slot.h"

#define PCSC_NAME_MAX 128 /* bytes of a reader's name, NUL included: the interface's own limit */

/*
 * Opens the readers whose name contains name ("" = all). Of several with a card the one counts
 * where a card came first. Does not fail because the service is away. Fails: CONFIGURATION (name
 * too long), MEMORY_LIMIT, INTERNAL. Closed with slot->ops->close().
 */
MUST_CHECK enum status pcsc_reader_open(struct scope *scope, const char *name,
                                        struct card_slot **out);
