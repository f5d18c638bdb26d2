/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/card_check.h"

#include <string.h>
#include <sys/random.h>

#include "card/emulated_card.h"
#include "card/jpki.h"
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

/* What can be read without proving anything: the card's last day, its kind, its certificate. */
static enum status read_card(struct scope *scope, struct card_link *link, struct date *expires,
                             struct text *certificate)
{
    enum card_kind kind = CARD_KIND_PLASTIC;

    TRY(common_read_expiry(scope, link, expires));
    TRY(jpki_select(scope, link));
    TRY(jpki_read_kind(scope, link, &kind));
    return jpki_read_certificate(scope, link, certificate);
}

/* PIN: never repeated by itself, and not tried where one wrong digit would lock the card. */
static enum status satisfy_by_pin(struct scope *scope, struct card_link *link,
                                  struct presentation *presentation, int *tries)
{
    enum status status = STATUS_OK;

    TRY(jpki_pin_tries(scope, link, tries));
    if (*tries == 1 && !presentation->last_try)
        return scope_fail(scope, CAUSE_CARD_PIN_LAST_TRY, "one try left");
    status = jpki_verify_pin(scope, link, presentation->pin, strlen(presentation->pin), tries);
    explicit_bzero(presentation->pin, sizeof presentation->pin);
    return status;
}

static enum status satisfy(struct scope *scope, const struct reader *reader, struct card_link *link,
                           struct presentation *presentation, int *tries)
{
    if (presentation->mode == IDENTITY_PIN)
        return satisfy_by_pin(scope, link, presentation, tries);
    if (!reader->credential)
        return scope_fail(scope, CAUSE_CONFIGURATION, "face and visual need --terminal-credential");
    return jpki_authenticate_terminal(scope, link, reader->credential);
}

/* --- the service ------------------------------------------------------------------------------ */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static enum status read_hex(struct scope *scope, struct text hex, unsigned char *out, size_t size)
{
    if (hex.size != 2 * size)
        return scope_fail(scope, CAUSE_SERVICE_AWAY, "challenge of a wrong length");
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex.bytes[2 * i]), low = hex_digit(hex.bytes[2 * i + 1]);
        if (high < 0 || low < 0)
            return scope_fail(scope, CAUSE_SERVICE_AWAY, "challenge is not hexadecimal");
        out[i] = (unsigned char)(16 * high + low);
    }
    return STATUS_OK;
}

/* A refusal is kept as the answer: challenged is false then. */
static enum status ask_challenge(struct scope *scope, const struct reader *reader,
                                 struct card_check *check, struct text *session,
                                 struct challenge *out, bool *challenged)
{
    struct service_reply reply = {0};
    struct oqs_challenge message = {0};

    TRY(service_post(scope, reader->client, SERVICE_CARD_CHALLENGE, (struct text){0}, &reply));
    *challenged = reply.http_code == 200;
    if (!*challenged) {
        check->answer = reply.body;
        return oqs_answer_read(scope, OQS_XML, reply.body, &check->summary);
    }
    TRY(oqs_challenge_read(scope, OQS_XML, reply.body, &message));
    TRY(read_hex(scope, message.session, out->session, sizeof out->session));
    TRY(read_hex(scope, message.nonce, out->nonce, sizeof out->nonce));
    *session = message.session;
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

static enum status prove(struct scope *scope, const struct reader *reader,
                         struct presentation *presentation, struct card_link *link,
                         struct oqs_card_inquiry *inquiry, struct card_check *out)
{
    struct challenge challenge = {0};
    unsigned char signature[SIGNATURE_SIZE];
    bool challenged = false;
    int64_t since = steady_microseconds();
    enum status status =
        ask_challenge(scope, reader, out, &inquiry->session, &challenge, &challenged);

    out->times.challenge = lap(&since);
    if (status != STATUS_OK || !challenged)
        return status;
    status = satisfy(scope, reader, link, presentation, &out->tries_left);
    if (status == STATUS_OK)
        status = sign(scope, link, &challenge, inquiry, signature);
    out->times.sign = lap(&since);
    if (status != STATUS_OK)
        return status;
    inquiry->signature = (struct text){(const char *)signature, sizeof signature};
    status = post_proof(scope, reader, inquiry, out);
    out->times.service = lap(&since);
    inquiry->signature = (struct text){0}; /* it was ours */
    return status;
}

enum status card_check(struct scope *scope, const struct reader *reader,
                       struct presentation *presentation, struct card_check *out)
{
    CLEANUP(link_drop) struct card_link *link = NULL;
    char token[TOKEN_SIZE + 1];
    struct oqs_card_inquiry inquiry = {
        .on = date_is(presentation->on) ? presentation->on : instant_date(scope->now),
        .institution = reader->institution,
        .terminal = text_of(reader->terminal),
        .mode = presentation->mode,
        .class = reader->class,
        .time = instant_to_japan14(scope->now),
        .consents = presentation->consents,
        .registers = presentation->registers,
    };
    int64_t since = steady_microseconds();
    enum status status = STATUS_OK;

    out->tries_left = -1;
    TRY(make_token(scope, token));
    inquiry.file_identifier = text_of(token);
    status = open_card(scope, reader, presentation->card, &link);
    if (status == STATUS_OK)
        status = read_card(scope, link, &out->card_expires, &inquiry.certificate);
    out->times.card = lap(&since);
    if (status != STATUS_OK)
        return status;
    return prove(scope, reader, presentation, link, &inquiry, out);
}
