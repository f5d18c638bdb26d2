/* SPDX-License-Identifier: Apache-2.0
 *
 * reader_board.h - how the reader stands, for work/status.json: written by the reader's thread,
 * read by the one that shows it. No person, no number of a person.
 */
#pragma once

#include <pthread.h>

#include "domain/identity.h"
#include "terminal/reader_notice.h"

struct reader_board_state {
    bool slot, reachable, occupied;      /* slot false: cards are files only */
    char visual_staff[STAFF_ID_MAX + 1]; /* who switched visual on; "" = off */
    int64_t visual_until;                /* ms, steady clock */
    uint64_t presented;                  /* since the start */
    enum cause last;                     /* of the last card; CAUSE_NONE = answered */
    struct reader_warning warning;       /* of the last card */
};

struct reader_board {
    pthread_mutex_t lock;
    struct reader_board_state state;
};

void reader_board_begin(struct reader_board *board);
void reader_board_end(struct reader_board *board);
void reader_board_write(struct reader_board *board, const struct reader_board_state *state);
struct reader_board_state reader_board_read(struct reader_board *board);
bool reader_board_equal(const struct reader_board_state *a, const struct reader_board_state *b);
/* Adds a JSON object. */
void reader_board_add(struct text_buffer *buffer, const struct reader_board_state *state,
                      int64_t now);
