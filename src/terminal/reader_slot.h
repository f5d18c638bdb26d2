/* SPDX-License-Identifier: Apache-2.0
 *
 * reader_slot.h - the part of the reader that deals with cards on a slot (card_slot.h): real ones.
 *
 * Presentation and card come in either order. A presentation without a card's path waits for the
 * card on the slot; a card waits for its presentation, unless a mode is set for cards that nothing
 * was said about. A card that was answered must be taken away before the next counts: else the
 * next person's PIN would be tried on the card of the one before. One that was refused, for a wrong
 * PIN say, may stay.
 */
#pragma once

#include "terminal/reader.h"

/* The name of the result where no presentation named one. */
#define READER_SLOT_NAME "card"

/* True for a presentation of the card on the slot. */
bool reader_slot_takes(const struct reader *reader, const struct presentation *presentation);

/*
 * Answers the presentation with the card that lies there, or keeps it until one comes, for
 * slot_patience at most. One that waited before is answered with PRESENTATION_REPLACED.
 */
void reader_slot_wait(struct reader *reader, const char *name,
                      const struct presentation *presentation);

/* To be called after each change of the slot and when reader_slot_due() is over. */
void reader_slot_look(struct reader *reader);

/* The milliseconds until a presentation's time is over, or otherwise. */
int64_t reader_slot_due(const struct reader *reader, int64_t otherwise);

/* Wipes what waits; its card never came. */
void reader_slot_end(struct reader *reader);
