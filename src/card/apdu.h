/* SPDX-License-Identifier: Apache-2.0
 *
 * apdu.h - the one way to talk to a card: a command APDU in, a response APDU out.
 *
 * An emulated card in this process and, later, a reader through PC/SC stand behind the same link.
 */
#pragma once

#include <stddef.h>

#include "base/scope.h"

#define APDU_MAX 1024 /* bytes of a command or a response, status word included */

struct card_link;

struct card_link_ops {
    const char *name; /* "emulated", "pcsc" */
    /* response: at least APDU_MAX bytes; size is set. Fails with CARD_UNREADABLE. */
    enum status (*transmit)(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size);
    /* Power off and on: security states are lost, counters stay. */
    enum status (*reset)(struct scope *scope, struct card_link *link);
    void (*close)(struct card_link *link);
};

struct card_link {
    const struct card_link_ops *ops; /* every member set */
};
