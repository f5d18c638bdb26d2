/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/reader_slot.h"

#include <string.h>

#include "terminal/steady.h"

bool reader_slot_takes(const struct reader *reader, const struct presentation *presentation)
{
    return reader->slot && presentation->card[0] == '\0';
}

static struct card_slot_state state_of(const struct reader *reader)
{
    return reader->slot->ops->state(reader->slot);
}

/* Answers what waits with the card that lies there. */
static void answer_waiting(struct reader *reader)
{
    struct reader_waiting *waiting = &reader->waiting;
    char name[sizeof waiting->name];

    memcpy(name, waiting->name, sizeof name);
    waiting->name[0] = '\0';
    reader_answer(reader, name, &waiting->presentation); /* which wipes it */
}

static void refuse_waiting(struct reader *reader, enum cause cause, const char *detail)
{
    struct reader_waiting *waiting = &reader->waiting;

    presentation_wipe(&waiting->presentation);
    reader_refuse(reader, waiting->name, cause, detail);
    waiting->name[0] = '\0';
}

/* Why no card came. */
static void give_up(struct reader *reader, const struct card_slot_state *state)
{
    if (!state->reachable)
        refuse_waiting(reader, CAUSE_READER_AWAY, "no reader");
    else if (state->occupied)
        refuse_waiting(reader, CAUSE_CARD_LEFT, "the card that was answered is still there");
    else
        refuse_waiting(reader, CAUSE_CARD_ABSENT, "no card came");
}

/* A card that nothing was said about. */
static void answer_unasked(struct reader *reader)
{
    struct presentation presentation = {.mode = reader->slot_asks ? (enum identity_mode)0
                                                                  : reader->slot_mode};

    reader_answer(reader, READER_SLOT_NAME, &presentation);
}

void reader_slot_look(struct reader *reader)
{
    struct card_slot_state state = {0};
    bool ready = false;

    if (!reader->slot)
        return;
    state = state_of(reader);
    ready = state.occupied && state.arrival != reader->answered;
    if (reader->waiting.name[0]) {
        if (ready) {
            reader->noticed = state.arrival;
            answer_waiting(reader);
        } else if (steady_milliseconds() >= reader->waiting.until) {
            give_up(reader, &state);
        }
    } else if (ready && (reader->slot_mode || reader->slot_asks) &&
               state.arrival != reader->noticed) {
        reader->noticed = state.arrival;
        answer_unasked(reader);
    }
}

void reader_slot_wait(struct reader *reader, const char *name,
                      const struct presentation *presentation)
{
    struct reader_waiting *waiting = &reader->waiting;

    if (waiting->name[0])
        refuse_waiting(reader, CAUSE_PRESENTATION_REPLACED, "a later presentation counts");
    memcpy(waiting->name, name, strlen(name) + 1);
    waiting->presentation = *presentation;
    waiting->until = steady_milliseconds() + reader->slot_patience;
    reader_slot_look(reader);
}

int64_t reader_slot_due(const struct reader *reader, int64_t otherwise)
{
    int64_t left = reader->waiting.until - steady_milliseconds();

    if (!reader->waiting.name[0] || left > otherwise)
        return otherwise;
    return left > 0 ? left : 0;
}

void reader_slot_end(struct reader *reader)
{
    presentation_wipe(&reader->waiting.presentation);
    reader->waiting.name[0] = '\0';
}
