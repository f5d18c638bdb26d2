/* SPDX-License-Identifier: Apache-2.0
 *
 * identify.h - carries out what identity.h decides: who compares, who types, who checks the PIN.
 *
 * Two sources of answers. What a presentation states is taken once: a wrong PIN ends it, and is
 * never sent again. The face device (face_device.h) is asked step by step, as a holder goes on.
 */
#pragma once

#include "card/apdu.h"
#include "card/jpki.h"
#include "domain/identity.h"
#include "terminal/face_device.h"
#include "terminal/presentation.h"
#include "terminal/reader.h"

struct identify {
    struct reader *reader;
    struct presentation *presentation; /* its PIN and password are wiped once they were used */
    struct card_link *link;            /* the application is selected */
    enum card_kind kind;
    struct face_session *device; /* NULL: what the presentation states counts */
    struct identity identity;    /* how it stands */
};

/*
 * Goes on until the holder is identified. Fails with what the card says (31xx), with the cause of
 * the session's end, FACE_DEVICE_AWAY, VISUAL_NOT_PERMITTED, VISUAL_PASSWORD_PAUSED,
 * FACE_NOT_STATED. identity is set in every case.
 */
MUST_CHECK enum status identify_holder(struct scope *scope, struct identify *identify);
/* Asks the device for the consents of the holder; CONSENT_ bits. Fails as face_session_ask(). */
MUST_CHECK enum status identify_consents(struct scope *scope, struct identify *identify,
                                         unsigned offered, unsigned *out);
