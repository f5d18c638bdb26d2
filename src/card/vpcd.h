/* SPDX-License-Identifier: Apache-2.0
 *
 * vpcd.h - puts a card into the virtual reader of vsmartcard-vpcd, so that pcscd and every PC/SC
 * program see it.
 *
 * The driver, inside pcscd, listens; the card connects. It speaks without encryption and asks for
 * no name: the reader belongs on the same machine.
 */
#pragma once

#include <stdint.h>

#include "card/vpcd_wire.h"

struct vpcd_options {
    const char *host, *port; /* of the driver */
    int64_t patience;        /* ms: how long the reader may be away, at the start and later */
    void (*seen)(void *context);
    void *context; /* of seen(), called each time the reader has found the card */
};

/*
 * Serves the card until the descriptor stop can be read; then OK, and the card is out of the
 * reader. A reader that goes away is connected to again. Fails with CARD_SLOT_AWAY where it stays
 * away, CARD_SLOT_TAKEN where it accepts us and asks nothing: another card is in it.
 */
MUST_CHECK enum status vpcd_serve(struct scope *scope, const struct vpcd_options *options,
                                  struct vpcd_card *card, int stop);
