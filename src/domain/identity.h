/* SPDX-License-Identifier: Apache-2.0
 *
 * identity.h - E2: how it is made sure that a card is its holder's, as two state machines.
 *
 * One session goes from the card on the reader to one signature, or to none: face (顔認証), PIN
 * (暗証番号) or visual (目視). The other is the administrator's switch for visual
 * (card-and-pki 3.1, 3.3). Pure: no card, no device, no clock, and no PIN: what happens comes as an
 * event, what is to be done goes back as an act. Who carries acts out: terminal/identify.h. Proven
 * by tests/property/property_identity.c over every run of events up to a length.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "domain/eligibility.h"

#define STAFF_ID_MAX 20      /* letters, digits, hyphens: an account, never a name */
#define IDENTITY_PINS_MAX 3  /* PINs sent in a session, whatever the card says of its counter */
#define IDENTITY_FACES_MAX 9 /* comparisons in a session at most; ten in a row may lock a card */
#define VISUAL_HOURS_MAX 24  /* the switch at most */

/* What lies on the reader. */
enum identity_bearer {
    BEARER_CARD,        /* face, PIN, visual */
    BEARER_CARD_NO_PIN, /* 顔認証マイナンバーカード: face and visual only */
    BEARER_PHONE,       /* its own PIN only: there is no printed photo */
};

enum identity_state {
    IDENTITY_CHOOSING,    /* unattended start: the holder picks */
    IDENTITY_COMPARING,   /* the face device compares */
    IDENTITY_FACE_FAILED, /* it did not match: again, PIN, or the staff */
    IDENTITY_TYPING,      /* the holder types the PIN */
    IDENTITY_WARNED,      /* one try is left: on only where the holder wants it */
    IDENTITY_VERIFYING,   /* the card has the PIN */
    IDENTITY_LOOKING,     /* the staff compare face and photo */
    IDENTITY_PROVEN,      /* one signature may be made */
    IDENTITY_SIGNED,
    IDENTITY_OVER, /* ended without a signature */
};

enum identity_happening {
    HAPPENED_PICK_FACE,
    HAPPENED_PICK_PIN,
    HAPPENED_FACE_MATCH,
    HAPPENED_FACE_OTHER,  /* another person, by the device's word */
    HAPPENED_FACE_ABSENT, /* no face was seen */
    HAPPENED_FACE_BROKEN, /* the device cannot compare now */
    HAPPENED_PIN_TYPED,   /* four digits, which the caller holds */
    HAPPENED_PIN_RIGHT,
    HAPPENED_PIN_WRONG, /* tries: what the card says is left */
    HAPPENED_LAST_TRY,  /* the holder wants it, knowing that the card may lock */
    HAPPENED_STAFF,     /* the staff take over: staff and permitted */
    HAPPENED_ALIKE,     /* they found the holder */
    HAPPENED_UNLIKE,    /* they found somebody else */
    HAPPENED_SIGNATURE, /* the card is about to sign */
    HAPPENED_CARD_GONE,
    HAPPENED_CANCEL,
    HAPPENED_TIME_OVER,
    HAPPENED_COUNT
};

struct identity_event {
    enum identity_happening what;
    int tries;         /* PIN_WRONG: 0 to 15 */
    const char *staff; /* STAFF: the account, 1 to STAFF_ID_MAX characters */
    bool permitted;    /* STAFF: the facility's password was right, or nobody asks for one */
};

/* What the caller does next. */
enum identity_act {
    ACT_NONE,     /* the event has no place here: nothing changed */
    ACT_ASK_MODE, /* let the holder pick of identity_offers() */
    ACT_COMPARE,
    ACT_ASK_PIN,  /* show the tries left */
    ACT_WARN,     /* one try is left: stop, and say so */
    ACT_SEND_PIN, /* once, to the card */
    ACT_LOOK,     /* let the staff compare */
    ACT_GO_ON,    /* PROVEN: ask for a signature; SIGNED: use it */
    ACT_END,
};

struct identity_settings {
    enum identity_bearer bearer;
    int tries;         /* of the PIN, as the card told; -1 = not asked: no PIN can be picked */
    int faces_max;     /* comparisons, 1 to IDENTITY_FACES_MAX */
    const char *staff; /* account of a visual switch that is on: begins with LOOK; NULL = off */
};

/* A session. Read it; only the functions below change it. */
struct identity {
    enum identity_bearer bearer;
    enum identity_state state;
    enum identity_mode mode; /* what was satisfied; 0 before PROVEN */
    int tries;
    int faces, faces_max;
    int pins;                     /* sent */
    bool broken;                  /* the face device */
    bool last_try;                /* is wanted */
    char staff[STAFF_ID_MAX + 1]; /* who looked; "" = nobody */
    enum cause cause;             /* what went wrong last; CAUSE_NONE = nothing */
};

/* Begins a session; *act is ASK_MODE, LOOK, or END (a phone whose PIN is locked). */
struct identity identity_begin(const struct identity_settings *settings, enum identity_act *act);
/* Takes one event. */
enum identity_act identity_step(struct identity *identity, const struct identity_event *event);

/* The modes that can be picked now, a bit each: 1 << IDENTITY_FACE ... */
unsigned identity_offers(const struct identity *identity);
#define IDENTITY_BIT(mode) (1U << (unsigned)(mode))

/* True for an account: 1 to STAFF_ID_MAX letters, digits, hyphens. */
bool staff_id_ok(const char *staff);

/* 目視, first form: an administrator switches the reader, and must switch it back. */
struct visual_switch {
    char staff[STAFF_ID_MAX + 1]; /* "" = off */
    int64_t until;                /* ms, the caller's clock: off from here on by itself */
};

/* False, and nothing changes, where staff is no account or the time is not 1 ms to a day. */
bool visual_switch_on(struct visual_switch *visual, const char *staff, int64_t now,
                      int64_t milliseconds);
void visual_switch_off(struct visual_switch *visual);
/* The account that switched it on, or NULL where it is off; one that is over goes off. */
const char *visual_switch_staff(struct visual_switch *visual, int64_t now);
