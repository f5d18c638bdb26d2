/* SPDX-License-Identifier: Apache-2.0
 *
 * vpcd_wire.h - what a virtual reader (vsmartcard-vpcd) says, and what a card answers (card-and-pki
 * 4.1). Both ways a message is its length in two bytes, big-endian, and the bytes. No sockets here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "card/apdu.h"

#define VPCD_MESSAGE_MAX 65535 /* bytes: what the length can say */
#define VPCD_ANSWER_MAX (2 + APDU_MAX)
#define VPCD_ATR_MAX 33 /* bytes of an answer to reset (ISO 7816-3) */

/* Bytes as they arrive. Begins as zeros. */
struct vpcd_stream {
    unsigned char bytes[2 + VPCD_MESSAGE_MAX];
    size_t size; /* bytes that are there */
};

/* A card in a virtual reader. */
struct vpcd_card {
    struct card_link *link; /* borrowed */
    unsigned char atr[VPCD_ATR_MAX];
    size_t atr_size; /* 2 to VPCD_ATR_MAX */
    bool log;        /* every command with its answer, without what could be a PIN */
    bool seen;       /* the reader has asked for the ATR: the card is in it */
};

/* Where the next bytes go; *room says how many may be added, then to stream->size. */
unsigned char *vpcd_stream_end(struct vpcd_stream *stream, size_t *room);

/*
 * Takes the first message, if it is whole: its answer, with the length before it, goes to answer
 * (VPCD_ANSWER_MAX bytes), *size is 0 where none is due. Returns false where more bytes are needed.
 */
bool vpcd_take(struct vpcd_stream *stream, struct vpcd_card *card, unsigned char *answer,
               size_t *size);

/* "3BE000FF8131FE4514" to an ATR; false unless it is 2 to 33 bytes that begin with 3B or 3F. */
bool vpcd_atr_read(const char *hex, struct vpcd_card *card);
