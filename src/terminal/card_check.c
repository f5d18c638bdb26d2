/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/card_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"
#include "card/emulated_card.h"
#include "card/jpki.h"
#include "terminal/identify.h"
#include "terminal/reader_notice.h"
#include "terminal/steady.h"

#define SIGNATURE_SIZE 256
#define TOKEN_SIZE 16 /* characters of the file identifier that a terminal makes */

/* Microseconds since *since, which moves on to now. */
static int64_t lap(int64_t *since)
{
    int64_t before = *since;

    *since = steady_microseconds();
    return *since - before;
}

/* One check under way. */
struct check {
    struct reader *reader;
    struct identify identify;
    struct oqs_card_inquiry inquiry;
    struct challenge challenge;
    struct card_check *out;
    bool on_slot;
    uint64_t arrival; /* of the card on the slot */
    int64_t since;    /* microseconds, when the step began */
};

static void link_drop(struct card_link **link)
{
    if (*link)
        (*link)->ops->close(*link);
}

/* --- the card --------------------------------------------------------------------------------- */

/* A relative path starts at reader/; without one the card lies on the slot. */
static enum status open_card(struct scope *scope, const struct reader *reader, const char *path,
                             struct card_link **out)
{
    struct text whole = text_of(path);

    if (path[0] == '\0' && reader->slot)
        return reader->slot->ops->connect(scope, reader->slot, out);
    if (path[0] == '\0')
        return scope_fail(scope, CAUSE_ELEMENT_MISSING, "'card' is missing");
    if (path[0] != '/')
        TRY(text_format(scope, &whole, "%s/%s", reader->folders->paths[FOLDER_READER], path));
    return emulated_card_open(scope, whole.bytes, out);
}

/* An Android phone shows its certificate after the PIN only (card-and-pki 1.8). */
static bool shows_late(enum card_kind kind)
{
    return kind == CARD_KIND_ANDROID;
}

static enum status read_certificate(struct scope *scope, struct check *check)
{
    TRY(jpki_read_certificate(scope, check->identify.link, &check->inquiry.certificate));
    check->out->warning = reader_warning_of(
        check->inquiry.certificate, check->identify.kind != CARD_KIND_PLASTIC, check->inquiry.on);
    return STATUS_OK;
}

/* What can be read without proving anything: the card's last day, its kind, its certificate. */
static enum status read_card(struct scope *scope, struct check *check)
{
    struct card_link *link = check->identify.link;

    TRY(common_read_expiry(scope, link, &check->out->card_expires));
    TRY(jpki_select(scope, link));
    TRY(jpki_read_kind(scope, link, &check->identify.kind));
    return shows_late(check->identify.kind) ? STATUS_OK : read_certificate(scope, check);
}

/* --- the holder ------------------------------------------------------------------------------- */

static bool same_card(void *check_)
{
    const struct check *check = check_;
    struct card_slot *slot = check->reader->slot;
    struct card_slot_state state = {0};

    if (!check->on_slot)
        return true;
    state = slot->ops->state(slot);
    return state.occupied && state.arrival == check->arrival;
}

/* A face device is asked unless PIN or visual is stated. */
static enum status open_device(struct scope *scope, struct check *check)
{
    const struct reader *reader = check->reader;
    enum identity_mode mode = check->identify.presentation->mode;
    const struct face_watch watch = {same_card, check, reader->stop};

    if (!mode && !reader->face_device)
        return scope_fail(scope, CAUSE_CONFIGURATION, "mode ask needs --face-device");
    if (!reader->face_device || mode == IDENTITY_PIN || mode == IDENTITY_VISUAL)
        return STATUS_OK;
    return face_session_open(scope, reader->face_device, reader->face_wait, &watch,
                             &check->identify.device);
}

/* K2: in its grace a card opens no medical information, and no screen asks for it. */
static enum status take_consents(struct scope *scope, struct check *check)
{
    unsigned *consents = &check->inquiry.consents;
    bool medical = check->out->warning.phase != PHASE_GRACE;

    if (!medical)
        *consents &= ~(unsigned)CONSENT_MEDICAL;
    if (!medical || !check->identify.device || check->reader->class == CLASS_ELIGIBILITY_ONLY)
        return STATUS_OK;
    return identify_consents(scope, &check->identify,
                             CONSENT_MEDICAL | CONSENT_LIMIT | CONSENT_DISEASE, consents);
}

static enum status identify(struct scope *scope, struct check *check)
{
    struct identify *identify = &check->identify;
    const struct identity *identity = &identify->identity;
    enum status status = identify_holder(scope, identify);

    check->out->tries_left = identity->tries;
    if (identity->mode)
        check->out->mode = check->inquiry.mode = identity->mode;
    memcpy(check->out->staff, identity->staff, sizeof identity->staff);
    if (status != STATUS_OK)
        return status;
    if (identity->mode == IDENTITY_VISUAL)
        check->inquiry.staff = text_of(check->out->staff);
    if (shows_late(identify->kind))
        TRY(read_certificate(scope, check));
    return take_consents(scope, check);
}

/* What lets the card sign: the PIN did already. */
static enum status open_key(struct scope *scope, struct check *check)
{
    if (check->inquiry.mode == IDENTITY_PIN)
        return STATUS_OK;
    if (!check->reader->credential)
        return scope_fail(scope, CAUSE_CONFIGURATION, "face and visual need --terminal-credential");
    return jpki_authenticate_terminal(scope, check->identify.link, check->reader->credential);
}

/* --- the service ------------------------------------------------------------------------------ */

/* A refusal is kept as the answer: challenged is false then. */
static enum status ask_challenge(struct scope *scope, struct check *check, bool *challenged)
{
    struct service_reply reply = {0};
    struct oqs_challenge message = {0};
    struct challenge *out = &check->challenge;

    TRY(service_post(scope, check->reader->client, SERVICE_CARD_CHALLENGE, (struct text){0},
                     &reply));
    *challenged = reply.http_code == 200;
    if (!*challenged) {
        check->out->answer = reply.body;
        return oqs_answer_read(scope, OQS_XML, reply.body, &check->out->summary);
    }
    TRY(oqs_challenge_read(scope, OQS_XML, reply.body, &message));
    if (!hex_read(message.session, out->session, sizeof out->session) ||
        !hex_read(message.nonce, out->nonce, sizeof out->nonce))
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "challenge is not hexadecimal, or too short");
    check->inquiry.session = message.session;
    return STATUS_OK;
}

/* Sixteen characters of base64url, as real terminals write them. */
static enum status make_token(struct scope *scope, char out[TOKEN_SIZE + 1])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char bytes[TOKEN_SIZE];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return scope_fail(scope, CAUSE_INTERNAL, "no random bytes");
    for (size_t i = 0; i < TOKEN_SIZE; i++)
        out[i] = letters[bytes[i] & 63];
    out[TOKEN_SIZE] = '\0';
    return STATUS_OK;
}

/* What is stated beside the proof, and the card's signature over both. */
static enum status sign(struct scope *scope, struct card_link *link,
                        const struct challenge *challenge, const struct oqs_card_inquiry *inquiry,
                        unsigned char out[SIGNATURE_SIZE])
{
    const struct proof_circumstance circumstance = {.institution = inquiry->institution,
                                                    .terminal = inquiry->terminal.bytes,
                                                    .mode = inquiry->mode,
                                                    .time = inquiry->time};
    unsigned char hash[32];

    proof_block_hash(challenge, &circumstance, hash);
    return jpki_sign(scope, link, hash, out);
}

static enum status post_proof(struct scope *scope, const struct reader *reader,
                              const struct oqs_card_inquiry *inquiry, struct card_check *check)
{
    struct service_reply reply = {0};
    struct text body = {0};

    TRY(oqs_card_inquiry_write(scope, OQS_XML, inquiry, &body));
    TRY(service_post(scope, reader->client, SERVICE_CHECK_BY_CARD, body, &reply));
    check->answer = reply.body;
    return oqs_answer_read(scope, OQS_XML, reply.body, &check->summary);
}

/* --- the sequence ----------------------------------------------------------------------------- */

static enum status step_challenge(struct scope *scope, struct check *check, bool *challenged)
{
    enum status status = ask_challenge(scope, check, challenged);

    check->out->times.challenge = lap(&check->since);
    return status;
}

static enum status step_identify(struct scope *scope, struct check *check)
{
    enum status status = identify(scope, check);

    check->out->times.identify = lap(&check->since);
    return status;
}

/*
 * A challenge lives for a minute. What is stated already waits for it, so that no PIN is tried
 * while the service is away; people at a face device may take longer, so there it comes after them.
 */
static enum status challenge_and_identify(struct scope *scope, struct check *check,
                                          bool *challenged)
{
    if (check->identify.device) {
        TRY(step_identify(scope, check));
        return step_challenge(scope, check, challenged);
    }
    TRY(step_challenge(scope, check, challenged));
    return *challenged ? step_identify(scope, check) : STATUS_OK;
}

static enum status prove(struct scope *scope, struct check *check)
{
    const struct identity_event signing = {.what = HAPPENED_SIGNATURE};
    unsigned char signature[SIGNATURE_SIZE];
    bool challenged = false;
    enum status status = challenge_and_identify(scope, check, &challenged);

    if (status != STATUS_OK || !challenged)
        return status;
    if (identity_step(&check->identify.identity, &signing) != ACT_GO_ON)
        return scope_fail(scope, CAUSE_INTERNAL, "E2: a signature without an identity");
    check->inquiry.time = instant_to_japan14(instant_now());
    status = open_key(scope, check);
    if (status == STATUS_OK)
        status = sign(scope, check->identify.link, &check->challenge, &check->inquiry, signature);
    check->out->times.sign = lap(&check->since);
    if (status != STATUS_OK)
        return status;
    check->inquiry.signature = (struct text){(const char *)signature, sizeof signature};
    status = post_proof(scope, check->reader, &check->inquiry, check->out);
    check->out->times.service = lap(&check->since);
    check->inquiry.signature = (struct text){0}; /* it was ours */
    return status;
}

/* The device shows how it ended; it has no word in it any more. */
static void tell_device(const struct scope *scope, const struct check *check, enum status status)
{
    const struct card_check *out = check->out;
    const char *code = status == STATUS_OK ? "" : failure_text(scope->cause)->code;
    enum cause cause = status == STATUS_OK ? CAUSE_NONE : scope->cause;
    char message[FACE_LINE_MAX], refusal[32] = "";

    if (!check->identify.device)
        return;
    if (status == STATUS_OK && out->summary.code.size < sizeof refusal) {
        memcpy(refusal, out->summary.code.bytes ? out->summary.code.bytes : "",
               out->summary.code.size);
        code = refusal;
        cause = failure_cause(refusal);
    }
    snprintf(message, sizeof message, "end result=%s validity=%d code=%s number=%03d",
             status == STATUS_OK && out->summary.segment == 1 ? "answered" : "refused",
             out->summary.validity, code[0] ? code : "none", reader_number(cause));
    if (reader_warns(&out->warning))
        snprintf(message + strlen(message), sizeof message - strlen(message), " warning=%s days=%d",
                 out->warning.phase == PHASE_GRACE ? "grace" : "renew", out->warning.days);
    face_session_tell(check->identify.device, message);
}

static enum status check_card(struct scope *scope, struct check *check)
{
    const char *path = check->identify.presentation->card;
    char token[TOKEN_SIZE + 1];
    enum status status = STATUS_OK;

    TRY(make_token(scope, token));
    TRY(text_copy(scope, text_of(token), &check->inquiry.file_identifier));
    check->on_slot = path[0] == '\0' && check->reader->slot;
    if (check->on_slot)
        check->arrival = check->reader->slot->ops->state(check->reader->slot).arrival;
    status = open_card(scope, check->reader, path, &check->identify.link);
    if (status == STATUS_OK)
        status = read_card(scope, check);
    check->out->times.card = lap(&check->since);
    if (status != STATUS_OK)
        return status;
    TRY(open_device(scope, check));
    return prove(scope, check);
}

enum status card_check(struct scope *scope, struct reader *reader,
                       struct presentation *presentation, struct card_check *out)
{
    struct check check = {
        .reader = reader,
        .identify = {.reader = reader, .presentation = presentation},
        .inquiry = {.on = date_is(presentation->on) ? presentation->on : instant_date(scope->now),
                    .institution = reader->institution,
                    .terminal = text_of(reader->terminal),
                    .mode = presentation->mode,
                    .class = reader->class,
                    .consents = presentation->consents,
                    .registers = presentation->registers},
        .out = out,
        .since = steady_microseconds(),
    };
    enum status status = STATUS_OK;

    out->tries_left = -1;
    out->mode = presentation->mode;
    status = check_card(scope, &check);
    tell_device(scope, &check, status);
    face_session_close(check.identify.device);
    link_drop(&check.identify.link);
    return status;
}
