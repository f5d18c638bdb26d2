/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/reader_board.h"

#include <inttypes.h>
#include <string.h>

#include "terminal/json_text.h"

void reader_board_begin(struct reader_board *board)
{
    *board = (struct reader_board){.state = {.slot = false}};
    pthread_mutex_init(&board->lock, NULL);
}

void reader_board_end(struct reader_board *board)
{
    pthread_mutex_destroy(&board->lock);
}

void reader_board_write(struct reader_board *board, const struct reader_board_state *state)
{
    pthread_mutex_lock(&board->lock);
    board->state = *state;
    pthread_mutex_unlock(&board->lock);
}

struct reader_board_state reader_board_read(struct reader_board *board)
{
    struct reader_board_state state;

    pthread_mutex_lock(&board->lock);
    state = board->state;
    pthread_mutex_unlock(&board->lock);
    return state;
}

bool reader_board_equal(const struct reader_board_state *a, const struct reader_board_state *b)
{
    return a->slot == b->slot && a->reachable == b->reachable && a->occupied == b->occupied &&
           strcmp(a->visual_staff, b->visual_staff) == 0 && a->visual_until == b->visual_until &&
           a->presented == b->presented;
}

static const char *state_name(const struct reader_board_state *state)
{
    if (!state->slot)
        return "files";
    if (!state->reachable)
        return "away";
    return state->occupied ? "card" : "empty";
}

static void add_last(struct text_buffer *buffer, const struct reader_board_state *state)
{
    const struct failure_text *text = failure_text(state->last);

    text_buffer_add_format(buffer, ",\"last\":{\"code\":\"%s\",\"number\":\"%03d\"", text->code,
                           reader_number(state->last));
    if (state->last != CAUSE_NONE) {
        text_buffer_add_string(buffer, ",\"ja\":");
        json_text_add(buffer, text_of(text->desk_ja));
        text_buffer_add_string(buffer, ",\"en\":");
        json_text_add(buffer, text_of(text->desk_en));
    }
    if (reader_warns(&state->warning)) {
        text_buffer_add_string(buffer, ",\"warning\":");
        reader_warning_add(buffer, &state->warning);
    }
    text_buffer_add_char(buffer, '}');
}

void reader_board_add(struct text_buffer *buffer, const struct reader_board_state *state,
                      int64_t now)
{
    bool on = state->visual_staff[0] && now < state->visual_until;

    text_buffer_add_format(buffer, "{\"state\":\"%s\",\"presented\":%" PRIu64 ",\"visual\":{",
                           state_name(state), state->presented);
    if (on)
        text_buffer_add_format(buffer, "\"on\":true,\"staff\":\"%s\",\"minutes_left\":%" PRId64 "}",
                               state->visual_staff, (state->visual_until - now + 59999) / 60000);
    else
        text_buffer_add_string(buffer, "\"on\":false}");
    if (state->presented > 0)
        add_last(buffer, state);
    text_buffer_add_char(buffer, '}');
}
