/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/identify.h"

#include <stdio.h>
#include <string.h>

#include "terminal/steady.h"

#define REFUSALS_MAX 10 /* answers of a device, in a session, that have no place */

/* --- the staff -------------------------------------------------------------------------------- */

/*
 * May this account compare by eye? The switch is on, or the facility's password is right, or none
 * is set (then whoever runs the reader answers for it). The password is wiped.
 */
static enum status permit_visual(struct scope *scope, struct reader *reader, char *password,
                                 bool *permitted)
{
    int64_t now = steady_milliseconds();
    enum status status = STATUS_OK;

    if (reader->visual_password.set && !visual_switch_staff(&reader->visual, now))
        status = visual_password_check(scope, &reader->visual_password, text_of(password), now);
    explicit_bzero(password, strlen(password));
    *permitted = status == STATUS_OK;
    if (scope->cause != CAUSE_VISUAL_NOT_PERMITTED)
        return status;
    scope_forgive(scope); /* the machine says it, and a device may be asked again */
    return STATUS_OK;
}

/* --- what a presentation states ----------------------------------------------------------------
 */

static enum status state_mode(struct scope *scope, struct identify *identify,
                              struct identity_event *out)
{
    struct presentation *presentation = identify->presentation;
    struct reader *reader = identify->reader;
    const char *switched = visual_switch_staff(&reader->visual, steady_milliseconds());

    if (presentation->mode == IDENTITY_FACE && reader->face_refused)
        return scope_fail(scope, CAUSE_FACE_NOT_STATED, "face-without-device = refuse");
    *out = (struct identity_event){.what = presentation->mode == IDENTITY_FACE ? HAPPENED_PICK_FACE
                                                                               : HAPPENED_PICK_PIN};
    if (presentation->mode != IDENTITY_VISUAL)
        return STATUS_OK;
    out->what = HAPPENED_STAFF;
    out->staff = presentation->staff;
    if (!presentation->staff[0])
        out->staff = switched ? switched : reader->visual_password.set ? "" : READER_STAFF_UNNAMED;
    return permit_visual(scope, reader, presentation->password, &out->permitted);
}

/* Each answer once: where the machine asks for more than was stated, the session's cause is told.
 */
static enum status answer_stated(struct scope *scope, struct identify *identify,
                                 enum identity_act act, struct identity_event *out)
{
    struct presentation *presentation = identify->presentation;
    enum cause cause = identify->identity.cause;

    *out = (struct identity_event){.what = HAPPENED_CANCEL};
    if (act == ACT_ASK_MODE && cause == CAUSE_NONE)
        return state_mode(scope, identify, out);
    if (act == ACT_COMPARE)
        out->what = HAPPENED_FACE_MATCH; /* an outside device's word (Q10) */
    else if (act == ACT_LOOK)
        out->what = HAPPENED_ALIKE;
    else if (act == ACT_WARN && presentation->last_try)
        out->what = HAPPENED_LAST_TRY;
    else if (act == ACT_ASK_PIN && presentation->pin[0])
        out->what = HAPPENED_PIN_TYPED;
    else
        return scope_fail(scope, cause ? cause : CAUSE_ELEMENT_MISSING, "E2: nothing more is said");
    return STATUS_OK;
}

/* --- what the device says ----------------------------------------------------------------------
 */

static const char *kind_name(const struct identify *identify)
{
    if (identify->kind != CARD_KIND_PLASTIC)
        return "phone";
    return identify->identity.bearer == BEARER_CARD_NO_PIN ? "pinless" : "plastic";
}

static void add_modes(struct text_buffer *buffer, unsigned offers)
{
    static const enum identity_mode modes[] = {IDENTITY_FACE, IDENTITY_PIN, IDENTITY_VISUAL};
    const char *separator = "";

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (offers & IDENTITY_BIT(modes[i])) {
            text_buffer_add_format(buffer, "%s%s", separator, identity_mode_name(modes[i]));
            separator = ",";
        }
}

/* The question of an act; cause: what went wrong before, for the screen. */
static enum status make_question(struct scope *scope, const struct identify *identify,
                                 enum identity_act act, struct text *out)
{
    const struct identity *identity = &identify->identity;
    struct text_buffer buffer = text_buffer_begin(scope, 128);

    if (act == ACT_ASK_MODE)
        text_buffer_add_format(&buffer, "identify card=%s", kind_name(identify));
    else if (act == ACT_COMPARE)
        text_buffer_add_format(&buffer, "compare attempt=%d", identity->faces + 1);
    else if (act == ACT_ASK_PIN)
        text_buffer_add_format(&buffer, "pin tries=%d", identity->tries);
    else if (act == ACT_WARN)
        text_buffer_add_string(&buffer, "warn tries=1");
    else
        text_buffer_add_format(&buffer, "look account=%s", identity->staff);
    text_buffer_add_string(&buffer, " modes=");
    add_modes(&buffer, identity_offers(identity));
    if (identity->cause != CAUSE_NONE)
        text_buffer_add_format(&buffer, " cause=%s", failure_text(identity->cause)->code);
    return text_buffer_end(&buffer, out);
}

static const struct {
    enum face_word word;
    enum identity_happening what;
} happenings[] = {
    {FACE_DIGITS, HAPPENED_PIN_TYPED},
    {FACE_LAST_TRY, HAPPENED_LAST_TRY},
    {FACE_STAFF, HAPPENED_STAFF},
    {FACE_CANCEL, HAPPENED_CANCEL},
};

/* consented has no place here: it is taken for a cancellation. */
static enum identity_happening happening_of(const struct face_message *answer)
{
    if (answer->word == FACE_PICK)
        return answer->mode == IDENTITY_FACE ? HAPPENED_PICK_FACE : HAPPENED_PICK_PIN;
    if (answer->word == FACE_RESULT || answer->word == FACE_LOOKED)
        return answer->result;
    for (size_t i = 0; i < sizeof happenings / sizeof happenings[0]; i++)
        if (happenings[i].word == answer->word)
            return happenings[i].what;
    return HAPPENED_CANCEL;
}

/* A session that the device cannot go on with ends as the machine says. */
static bool is_end(enum cause cause, struct identity_event *out)
{
    if (cause == CAUSE_IDENTITY_TIME_OVER)
        out->what = HAPPENED_TIME_OVER;
    else if (cause == CAUSE_CARD_TAKEN_AWAY)
        out->what = HAPPENED_CARD_GONE;
    else
        return false;
    return true;
}

static enum status answer_by_device(struct scope *scope, struct identify *identify,
                                    enum identity_act act, struct face_message *answer,
                                    struct identity_event *out)
{
    struct presentation *presentation = identify->presentation;
    struct text question = {0};
    enum status status = STATUS_OK;

    *out = (struct identity_event){.what = HAPPENED_PICK_FACE};
    if (act == ACT_ASK_MODE && presentation->mode == IDENTITY_FACE &&
        identify->identity.cause == CAUSE_NONE)
        return STATUS_OK; /* the presentation picked */
    TRY(make_question(scope, identify, act, &question));
    status = face_session_ask(scope, identify->device, question.bytes, answer);
    if (status != STATUS_OK && !is_end(scope->cause, out))
        return status;
    if (status != STATUS_OK) {
        scope_forgive(scope);
        return STATUS_OK;
    }
    out->what = happening_of(answer);
    out->staff = answer->staff;
    memcpy(presentation->pin, answer->pin, sizeof presentation->pin);
    if (out->what != HAPPENED_STAFF)
        return STATUS_OK;
    return permit_visual(scope, identify->reader, answer->password, &out->permitted);
}

/* --- the card ----------------------------------------------------------------------------------
 */

/* Once; the PIN is gone afterwards, right or wrong. */
static enum status send_pin(struct scope *scope, struct identify *identify,
                            struct identity_event *out)
{
    struct presentation *presentation = identify->presentation;
    int tries = identify->identity.tries;
    enum status status = jpki_verify_pin(scope, identify->link, presentation->pin,
                                         strlen(presentation->pin), &tries);

    explicit_bzero(presentation->pin, sizeof presentation->pin);
    *out = (struct identity_event){.what = HAPPENED_PIN_RIGHT, .tries = tries};
    if (status == STATUS_OK ||
        (scope->cause != CAUSE_CARD_PIN_WRONG && scope->cause != CAUSE_CARD_PIN_LOCKED))
        return status;
    scope_forgive(scope);
    out->what = HAPPENED_PIN_WRONG;
    return STATUS_OK;
}

static enum status begin(struct scope *scope, struct identify *identify, enum identity_act *act)
{
    struct reader *reader = identify->reader;
    bool by_device = identify->device != NULL;
    struct jpki_pin pin = {.tries = -1};
    struct identity_settings settings = {.bearer = BEARER_CARD,
                                         .faces_max = by_device ? reader->faces_max : 1};

    if (by_device || identify->presentation->mode == IDENTITY_PIN)
        TRY(jpki_read_pin(scope, identify->link, &pin));
    if (identify->kind != CARD_KIND_PLASTIC)
        settings.bearer = BEARER_PHONE;
    else if (pin.none)
        settings.bearer = BEARER_CARD_NO_PIN;
    settings.tries = pin.tries;
    if (by_device)
        settings.staff = visual_switch_staff(&reader->visual, steady_milliseconds());
    identify->identity = identity_begin(&settings, act);
    return STATUS_OK;
}

static enum status next_event(struct scope *scope, struct identify *identify, enum identity_act act,
                              struct face_message *answer, struct identity_event *out)
{
    if (act == ACT_SEND_PIN)
        return send_pin(scope, identify, out);
    if (identify->device)
        return answer_by_device(scope, identify, act, answer, out);
    return answer_stated(scope, identify, act, out);
}

static enum status go_on(struct scope *scope, struct identify *identify)
{
    struct identity *identity = &identify->identity;
    enum identity_act act = ACT_NONE, next = ACT_NONE;
    int refusals = 0;

    TRY(begin(scope, identify, &act));
    while (act != ACT_GO_ON && act != ACT_END) {
        CLEANUP(face_message_wipe) struct face_message answer = {.word = FACE_HELLO};
        struct identity_event event = {.what = HAPPENED_CANCEL};
        TRY(next_event(scope, identify, act, &answer, &event));
        next = identity_step(identity, &event);
        if (next != ACT_NONE) {
            act = next;
            continue;
        }
        if (!identify->device || ++refusals == REFUSALS_MAX)
            return scope_fail(scope, identity->cause ? identity->cause : CAUSE_FACE_DEVICE_AWAY,
                              "E2: no place for this now");
    }
    if (act == ACT_GO_ON)
        return STATUS_OK;
    return scope_fail(scope, identity->cause, "E2: the holder was not identified");
}

enum status identify_holder(struct scope *scope, struct identify *identify)
{
    enum status status = go_on(scope, identify);

    explicit_bzero(identify->presentation->pin, sizeof identify->presentation->pin);
    explicit_bzero(identify->presentation->password, sizeof identify->presentation->password);
    return status;
}

enum status identify_consents(struct scope *scope, struct identify *identify, unsigned offered,
                              unsigned *out)
{
    CLEANUP(face_message_wipe) struct face_message answer = {.word = FACE_HELLO};
    struct text_buffer buffer = text_buffer_begin(scope, 128);
    struct text question = {0};

    text_buffer_add_string(&buffer, "consent items=");
    consents_add(&buffer, offered);
    TRY(text_buffer_end(&buffer, &question));
    TRY(face_session_ask(scope, identify->device, question.bytes, &answer));
    if (answer.word == FACE_CANCEL)
        return scope_fail(scope, CAUSE_IDENTITY_CANCELLED, "cancelled at the consents");
    if (answer.word != FACE_CONSENTED || answer.consents & ~offered)
        return scope_fail(scope, CAUSE_FACE_DEVICE_AWAY, "face device: no answer to the consents");
    *out = answer.consents;
    return STATUS_OK;
}
