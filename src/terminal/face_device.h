/* SPDX-License-Identifier: Apache-2.0
 *
 * face_device.h - the reader vendor's face device, as the terminal speaks to it: lines over a Unix
 * socket (docs/face-device.md). The terminal connects, one connection a card; it asks, the device
 * answers. No image passes here, and nothing here compares faces.
 */
#pragma once

#include <stdint.h>

#include "terminal/face_message.h"

/* Whether the wait for an answer still makes sense; false once the card is gone. */
struct face_watch {
    bool (*still)(void *context);
    void *context;
    int stop; /* a descriptor that can be read when the terminal ends; -1 = none */
};

struct face_session; /* opaque */

/*
 * Connects and says hello. path: of the socket. milliseconds: for each answer. Fails with
 * FACE_DEVICE_AWAY.
 */
MUST_CHECK enum status face_session_open(struct scope *scope, const char *path,
                                         int64_t milliseconds, const struct face_watch *watch,
                                         struct face_session **out);
/*
 * Asks: question is a word and its fields without the session's, which is put in. The answer is
 * wiped by the caller. Fails: FACE_DEVICE_AWAY (closed, or not what the interface says),
 * IDENTITY_TIME_OVER, CARD_TAKEN_AWAY, IDENTITY_CANCELLED (the terminal ends).
 */
MUST_CHECK enum status face_session_ask(struct scope *scope, struct face_session *session,
                                        const char *question, struct face_message *answer);
/* Tells something that has no answer; a device that does not listen is not waited for. */
void face_session_tell(struct face_session *session, const char *message);
/* Accepts NULL. */
void face_session_close(struct face_session *session);
