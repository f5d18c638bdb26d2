/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/identity.h"

#include <stddef.h>
#include <string.h>

#define MILLISECONDS_PER_HOUR INT64_C(3600000)
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- which modes there are -------------------------------------------------------------------- */

static bool has_face(const struct identity *identity)
{
    return identity->bearer != BEARER_PHONE && !identity->broken &&
           identity->faces < identity->faces_max;
}

static bool has_pin(const struct identity *identity)
{
    return identity->bearer != BEARER_CARD_NO_PIN && identity->tries > 0 &&
           identity->pins < IDENTITY_PINS_MAX;
}

static bool has_visual(const struct identity *identity)
{
    return identity->bearer != BEARER_PHONE;
}

unsigned identity_offers(const struct identity *identity)
{
    bool picks = identity->state <= IDENTITY_WARNED;

    return (picks && has_face(identity) ? IDENTITY_BIT(IDENTITY_FACE) : 0U) |
           (picks && has_pin(identity) ? IDENTITY_BIT(IDENTITY_PIN) : 0U) |
           (picks && has_visual(identity) ? IDENTITY_BIT(IDENTITY_VISUAL) : 0U);
}

bool staff_id_ok(const char *staff)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t size = staff ? strspn(staff, allowed) : 0;

    return size >= 1 && size <= STAFF_ID_MAX && staff[size] == '\0';
}

/* --- conditions of a row ---------------------------------------------------------------------- */

typedef bool condition(const struct identity *identity, const struct identity_event *event);

static bool always(const struct identity *identity, const struct identity_event *event)
{
    (void)identity;
    (void)event;
    return true;
}

static bool face_left(const struct identity *identity, const struct identity_event *event)
{
    (void)event;
    return has_face(identity);
}

static bool pin_left(const struct identity *identity, const struct identity_event *event)
{
    (void)event;
    return has_pin(identity);
}

/* One try is left, and nobody has said that it shall be taken. */
static bool pin_is_last(const struct identity *identity, const struct identity_event *event)
{
    (void)event;
    return has_pin(identity) && identity->tries == 1 && !identity->last_try;
}

static bool staff_may(const struct identity *identity, const struct identity_event *event)
{
    return has_visual(identity) && event->permitted && staff_id_ok(event->staff);
}

static bool nothing_left(const struct identity *identity, const struct identity_event *event)
{
    (void)event;
    return !has_face(identity) && !has_pin(identity) && !has_visual(identity);
}

/* --- the table -------------------------------------------------------------------------------- */

#define IN(state) (1U << IDENTITY_##state)
/* Where the holder, or the staff, may change their mind. */
#define OPEN                                                                                       \
    (IN(CHOOSING) | IN(COMPARING) | IN(FACE_FAILED) | IN(TYPING) | IN(WARNED) | IN(LOOKING))
/* The device at work, and the card, are not interrupted by a pick. */
#define PICKING (IN(CHOOSING) | IN(FACE_FAILED) | IN(TYPING) | IN(WARNED))

/*
 * The first row whose states, event and condition fit counts; an event without one changes nothing.
 * PIN_WRONG and the faces are counted (note()) before conditions are asked.
 */
static const struct transition {
    unsigned from;
    enum identity_happening what;
    condition *when;
    enum identity_state next;
    enum identity_act act;
} transitions[] = {
    {PICKING, HAPPENED_PICK_FACE, face_left, IDENTITY_COMPARING, ACT_COMPARE},
    {PICKING, HAPPENED_PICK_PIN, pin_is_last, IDENTITY_WARNED, ACT_WARN},
    {PICKING, HAPPENED_PICK_PIN, pin_left, IDENTITY_TYPING, ACT_ASK_PIN},
    {OPEN, HAPPENED_STAFF, staff_may, IDENTITY_LOOKING, ACT_LOOK},

    {IN(COMPARING), HAPPENED_FACE_MATCH, always, IDENTITY_PROVEN, ACT_GO_ON},
    {IN(COMPARING), HAPPENED_FACE_OTHER, always, IDENTITY_FACE_FAILED, ACT_ASK_MODE},
    {IN(COMPARING), HAPPENED_FACE_ABSENT, always, IDENTITY_FACE_FAILED, ACT_ASK_MODE},
    {IN(COMPARING), HAPPENED_FACE_BROKEN, always, IDENTITY_FACE_FAILED, ACT_ASK_MODE},

    {IN(WARNED), HAPPENED_LAST_TRY, pin_left, IDENTITY_TYPING, ACT_ASK_PIN},
    {IN(TYPING), HAPPENED_PIN_TYPED, pin_left, IDENTITY_VERIFYING, ACT_SEND_PIN},
    {IN(VERIFYING), HAPPENED_PIN_RIGHT, always, IDENTITY_PROVEN, ACT_GO_ON},
    {IN(VERIFYING), HAPPENED_PIN_WRONG, pin_is_last, IDENTITY_WARNED, ACT_WARN},
    {IN(VERIFYING), HAPPENED_PIN_WRONG, pin_left, IDENTITY_TYPING, ACT_ASK_PIN},
    {IN(VERIFYING), HAPPENED_PIN_WRONG, nothing_left, IDENTITY_OVER, ACT_END},
    {IN(VERIFYING), HAPPENED_PIN_WRONG, always, IDENTITY_CHOOSING, ACT_ASK_MODE},

    {IN(LOOKING), HAPPENED_ALIKE, always, IDENTITY_PROVEN, ACT_GO_ON},
    {IN(LOOKING), HAPPENED_UNLIKE, always, IDENTITY_OVER, ACT_END},

    {IN(PROVEN), HAPPENED_SIGNATURE, always, IDENTITY_SIGNED, ACT_GO_ON},
    {OPEN | IN(VERIFYING) | IN(PROVEN), HAPPENED_CARD_GONE, always, IDENTITY_OVER, ACT_END},
    {OPEN | IN(PROVEN), HAPPENED_CANCEL, always, IDENTITY_OVER, ACT_END},
    {OPEN | IN(PROVEN), HAPPENED_TIME_OVER, always, IDENTITY_OVER, ACT_END},
};

/* What an event says went wrong; the rest changes nothing about it. */
static const enum cause causes[HAPPENED_COUNT] = {
    [HAPPENED_FACE_OTHER] = CAUSE_FACE_OTHER,     [HAPPENED_FACE_ABSENT] = CAUSE_FACE_ABSENT,
    [HAPPENED_FACE_BROKEN] = CAUSE_FACE_BROKEN,   [HAPPENED_PIN_WRONG] = CAUSE_CARD_PIN_WRONG,
    [HAPPENED_UNLIKE] = CAUSE_VISUAL_UNLIKE,      [HAPPENED_CARD_GONE] = CAUSE_CARD_TAKEN_AWAY,
    [HAPPENED_CANCEL] = CAUSE_IDENTITY_CANCELLED, [HAPPENED_TIME_OVER] = CAUSE_IDENTITY_TIME_OVER,
};

/* --- stepping --------------------------------------------------------------------------------- */

static bool is_at(const struct identity *identity, unsigned states)
{
    return (1U << (unsigned)identity->state & states) != 0;
}

/* A pick or a visit of the staff that is not allowed: why, for the screen. */
static enum cause why_not(const struct identity *identity, const struct identity_event *event)
{
    bool phone = identity->bearer == BEARER_PHONE;

    if (phone && (event->what == HAPPENED_PICK_FACE || event->what == HAPPENED_STAFF))
        return CAUSE_MODE_NOT_ON_PHONE;
    if (event->what == HAPPENED_STAFF)
        return staff_id_ok(event->staff) ? CAUSE_VISUAL_NOT_PERMITTED : CAUSE_STAFF_MISSING;
    if (event->what == HAPPENED_PICK_PIN && identity->bearer == BEARER_CARD_NO_PIN)
        return CAUSE_CARD_PIN_NONE;
    if (event->what == HAPPENED_PICK_PIN && identity->tries == 0)
        return CAUSE_CARD_PIN_LOCKED;
    return identity->cause;
}

/* What the card or the device told, whatever comes of it. */
static void note(struct identity *identity, const struct identity_event *event)
{
    if (identity->state == IDENTITY_COMPARING && event->what >= HAPPENED_FACE_MATCH &&
        event->what <= HAPPENED_FACE_BROKEN) {
        identity->faces++;
        identity->broken = event->what == HAPPENED_FACE_BROKEN;
    }
    if (identity->state == IDENTITY_VERIFYING && event->what == HAPPENED_PIN_WRONG) {
        identity->tries = event->tries;
        identity->last_try = false;
    }
}

/* What a step changes besides the state. */
static void enter(struct identity *identity, const struct identity_event *event)
{
    if (causes[event->what] != CAUSE_NONE)
        identity->cause = causes[event->what];
    if (event->what == HAPPENED_PIN_WRONG && identity->tries == 0)
        identity->cause = CAUSE_CARD_PIN_LOCKED;
    if (identity->state == IDENTITY_WARNED && event->what == HAPPENED_PICK_PIN)
        identity->cause = CAUSE_CARD_PIN_LAST_TRY;
    if (event->what == HAPPENED_LAST_TRY)
        identity->last_try = true;
    if (event->what == HAPPENED_PICK_FACE || event->what == HAPPENED_STAFF)
        identity->last_try = false; /* to be wanted anew */
    if (event->what == HAPPENED_PIN_TYPED)
        identity->pins++;
    if (event->what == HAPPENED_STAFF)
        memcpy(identity->staff, event->staff, strlen(event->staff) + 1);
    if (event->what == HAPPENED_FACE_MATCH)
        identity->mode = IDENTITY_FACE;
    if (event->what == HAPPENED_PIN_RIGHT)
        identity->mode = IDENTITY_PIN;
    if (event->what == HAPPENED_ALIKE)
        identity->mode = IDENTITY_VISUAL;
    if (identity->state == IDENTITY_PROVEN)
        identity->cause = CAUSE_NONE;
}

enum identity_act identity_step(struct identity *identity, const struct identity_event *event)
{
    note(identity, event);
    for (size_t i = 0; i < COUNT(transitions); i++) {
        const struct transition *row = &transitions[i];
        if (row->what != event->what || !is_at(identity, row->from) || !row->when(identity, event))
            continue;
        identity->state = row->next;
        enter(identity, event);
        return row->act;
    }
    if (is_at(identity, OPEN))
        identity->cause = why_not(identity, event);
    return ACT_NONE;
}

struct identity identity_begin(const struct identity_settings *settings, enum identity_act *act)
{
    struct identity identity = {
        .bearer = settings->bearer, .tries = settings->tries, .faces_max = settings->faces_max};
    const struct identity_event taken_over = {
        .what = HAPPENED_STAFF, .staff = settings->staff, .permitted = true};

    if (settings->staff && staff_may(&identity, &taken_over)) {
        *act = identity_step(&identity, &taken_over);
        return identity;
    }
    *act = ACT_ASK_MODE;
    if (identity.tries >= 0 && nothing_left(&identity, NULL)) {
        identity.state = IDENTITY_OVER;
        identity.cause = CAUSE_CARD_PIN_LOCKED;
        *act = ACT_END;
    }
    return identity;
}

/* --- the switch ------------------------------------------------------------------------------- */

bool visual_switch_on(struct visual_switch *visual, const char *staff, int64_t now,
                      int64_t milliseconds)
{
    if (!staff_id_ok(staff) || milliseconds < 1 ||
        milliseconds > VISUAL_HOURS_MAX * MILLISECONDS_PER_HOUR)
        return false;
    memcpy(visual->staff, staff, strlen(staff) + 1);
    visual->until = now + milliseconds;
    return true;
}

void visual_switch_off(struct visual_switch *visual)
{
    *visual = (struct visual_switch){.until = 0};
}

const char *visual_switch_staff(struct visual_switch *visual, int64_t now)
{
    if (visual->staff[0] && now >= visual->until)
        visual_switch_off(visual);
    return visual->staff[0] ? visual->staff : NULL;
}
