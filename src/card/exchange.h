/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange.h - one command and its whole answer, over any link.
 *
 * What readers and protocols put in between is dealt with here: 61xx (more to fetch) and 6Cxx (ask
 * again with this length), both permitted by ISO 7816-4.
 */
#pragma once

#include "card/apdu.h"

#define EXCHANGE_OK 0x9000U

/* An answer: data and status word. */
struct exchange {
    unsigned char bytes[APDU_MAX];
    size_t size;     /* of the data */
    unsigned status; /* SW1 SW2 */
};

/* Sends a command. Fails with CARD_UNREADABLE; any status word is an answer. */
MUST_CHECK enum status exchange_send(struct scope *scope, struct card_link *link,
                                     const unsigned char *command, size_t size,
                                     struct exchange *out);
/* The same, failing with CARD_UNREADABLE unless the answer is 9000. what: for the failure. */
MUST_CHECK enum status exchange_expect(struct scope *scope, struct card_link *link,
                                       const unsigned char *command, size_t size, const char *what,
                                       struct exchange *out);
