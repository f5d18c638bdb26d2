/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.h - the card reader: a .present file says how the holder is identified, and which card it
 * is: an emulated one, put down by naming its file, or the one on a PC/SC reader (reader_slot.h).
 *
 * How the holder is identified: identify.h. Nothing here compares faces: a face device does
 * (face_device.h), or, without one, its match is only stated (card-and-pki 3.1, Q10). What follows
 * is real: card commands, terminal authentication or PIN, challenge, signature, check.
 *
 * reader/NAME.present is read, overwritten and deleted at once: it may hold a PIN. A presentation
 * that is stopped midway is therefore lost, and the card is put down again. reader/NAME.result says
 * what came of it (JSON); face/OQSsiquc01res_face_... holds the answer where it has a person.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "card/card_slot.h"
#include "card/jpki.h"
#include "domain/number.h"
#include "format/oqs.h"
#include "proof/challenge.h"
#include "terminal/folder.h"
#include "terminal/presentation.h"
#include "terminal/reader_board.h"
#include "terminal/service_client.h"
#include "terminal/visual_password.h"

/* Face files whose modification time is still to be touched (publish.h). */
#define READER_TOUCHES_MAX 16
#define READER_FILE_NAME_SIZE 96
#define READER_NAME_MAX 64 /* characters before ".present" */
/* Who compared, where a presentation in mode visual names no account and none is demanded. */
#define READER_STAFF_UNNAMED "unnamed"

struct reader_touch {
    char name[READER_FILE_NAME_SIZE]; /* in face/ */
    int64_t due;                      /* ms, steady clock */
};

/* A presentation that waits for a card on the slot; name "" = none. It may hold a PIN. */
struct reader_waiting {
    char name[READER_NAME_MAX + 1];
    struct presentation presentation;
    int64_t until; /* ms, steady clock */
};

/* Belongs to one thread. */
struct reader {
    const struct folders *folders;
    enum oqs_encoding encoding; /* of the files in face/ */
    struct institution_code institution;
    char terminal[CHALLENGE_TERMINAL_MAX + 1];    /* 1 to 20 letters, digits, hyphens */
    enum service_class class;                     /* E3 */
    const struct terminal_credential *credential; /* NULL: mode pin only */
    struct service_client *client;
    struct file_identity refused; /* a presentation that cannot be deleted: not tried again */
    struct reader_touch touches[READER_TOUCHES_MAX]; /* oldest first */
    size_t touch_count;
    struct card_slot *slot;       /* NULL: cards are files only */
    enum identity_mode slot_mode; /* for a card that nothing was said about; 0 = it lies there */
    bool slot_asks;               /* for such a card: the face device asks the holder */
    int64_t slot_patience;        /* ms that a presentation waits for a card */
    struct reader_waiting waiting;
    uint64_t answered; /* arrival of the card that was answered last */
    uint64_t noticed;  /* arrival of the card that slot_mode was tried on last */
    /* E2 */
    const char *face_device; /* path of the device's socket; NULL = none */
    int64_t face_wait;       /* ms for each of its answers */
    int faces_max;           /* comparisons a card, 1 to IDENTITY_FACES_MAX */
    bool face_refused;       /* mode face cannot be stated without a device */
    struct visual_password visual_password;
    struct visual_switch visual;
    int64_t visual_milliseconds; /* how long the switch stays on unless told otherwise */
    int stop;                    /* can be read when the terminal ends; -1 = none */
    struct reader_board *board;  /* NULL = nobody looks */
    struct reader_board_state shown;
};

/* True for NAME.present, NAME being 1 to 64 letters, digits, '-' or '_'. */
bool reader_takes(const char *name);

/*
 * Takes one presentation from reader/ and answers it. Failures become the result; where not even
 * that can be written, or the presentation cannot be deleted (then the card is not asked: a PIN
 * would be tried again and again), they are logged.
 */
void reader_present(struct reader *reader, const char *name);

/* Answers a presentation, which is wiped, under a name: its result, and a face file. */
void reader_answer(struct reader *reader, const char *name, struct presentation *presentation);
/* The same where the answer is a cause. */
void reader_refuse(struct reader *reader, const char *name, enum cause cause, const char *detail);

/* Tells the board how slot and switch stand now. */
void reader_show(struct reader *reader);

/* Takes what lies in reader/ unchanged for age milliseconds: what no event told of. */
void reader_scan(struct reader *reader, int64_t age);

/* Touches the face files that are due. Returns the milliseconds until the next is, or otherwise. */
int64_t reader_touch_due(struct reader *reader, int64_t otherwise);
