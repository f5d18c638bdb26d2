/* SPDX-License-Identifier: Apache-2.0
 *
 * pcsc_worker.h - one card in one reader, behind a thread that can be given up.
 *
 * PC/SC calls wait for the reader for ever. So they are made by a thread of the connection; the
 * caller waits for an answer so long, and where none comes leaves the thread to itself: it frees
 * everything once the reader lets go of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/scope.h"

struct pcsc_worker; /* opaque */

/*
 * Connects to the card in a reader and keeps other programs out, until it is closed. reader: its
 * name. Fails as card_slot.h says of connect().
 */
MUST_CHECK enum status pcsc_worker_open(struct scope *scope, const char *reader,
                                        struct pcsc_worker **out);
/* The card talks T=0, where a command cannot be sent as it stands. */
bool pcsc_worker_is_t0(const struct pcsc_worker *worker);
/*
 * One command, at most APDU_MAX bytes, and its answer, at most as many. Fails as card_slot.h says;
 * where the answer does not come in time *worker is NULL, and every call fails from then on.
 */
MUST_CHECK enum status pcsc_worker_transmit(struct scope *scope, struct pcsc_worker **worker,
                                            const unsigned char *command, size_t size,
                                            unsigned char *response, size_t *response_size);
/* Power off and on; other programs are still kept out. Fails likewise. */
MUST_CHECK enum status pcsc_worker_reset(struct scope *scope, struct pcsc_worker **worker);
/* Resets the card, so that nothing stays open on it, and lets go. Accepts NULL. */
void pcsc_worker_close(struct pcsc_worker *worker);
