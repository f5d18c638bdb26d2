/* SPDX-License-Identifier: Apache-2.0
 *
 * small_world_main.c - the small world for shell tests.
 *
 *   small_world DIR                 writes the world, as of today, into an existing folder
 *   small_world DIR other|stranger  the code of that institution
 *   small_world DIR proof CARD FILE [json | all | portal | web | mobile DEVICE SECRET]
 *
 * The last is what a client would send for a card and the challenge in FILE (an answer of the
 * service, XML): a terminal in JSON or with all consents, the portal, the institution's page, a
 * device; the last two in class 2.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "small_world.h"

#define LIMIT (16UL << 20)

static unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10) & 15U;
}

static void read_hex(struct text text, unsigned char *out, size_t size)
{
    for (size_t i = 0; i < size && 2 * i + 1 < text.size; i++)
        out[i] =
            (unsigned char)(hex_digit(text.bytes[2 * i]) << 4 | hex_digit(text.bytes[2 * i + 1]));
}

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

/* The element names of class 2, which a device and the institution's page send. */
static void ask_in_class_2(const struct scope *scope, char **device, struct oqs_card_inquiry *out)
{
    out->class = CLASS_MOBILE_CONSENT;
    out->consent_until = date_add_days(instant_date(scope->now), 30);
    if (device[0] && device[1]) {
        out->device = text_of(device[0]);
        out->secret = text_of(device[1]);
    }
}

static enum status write_proof(struct scope *scope, const char *folder, char **words)
{
    const char *kind = words[2];
    const bool portal = is(kind, "portal");
    struct small_proof proof = {
        .folder = folder,
        .card = words[0],
        .institution = {SMALL_INSTITUTION},
        .at = scope->now,
        .consents =
            kind && !is(kind, "json") ? CONSENT_LIMIT | CONSENT_DISEASE | CONSENT_MEDICAL : 0,
    };
    struct text bytes = {0}, out = {0};
    struct oqs_challenge challenge = {0};
    struct oqs_card_inquiry inquiry = {0};

    if (portal)
        proof.institution = (struct institution_code){CHALLENGE_PORTAL};
    TRY(file_read(scope, words[1], 1UL << 16, &bytes));
    TRY(oqs_challenge_read(scope, OQS_XML, bytes, &challenge));
    read_hex(challenge.session, proof.challenge.session, sizeof proof.challenge.session);
    read_hex(challenge.nonce, proof.challenge.nonce, sizeof proof.challenge.nonce);
    TRY(small_proof_make(scope, &proof, &inquiry));
    inquiry.action = portal ? CONSENT_VIEW : inquiry.action;
    if (is(kind, "web") || is(kind, "mobile"))
        ask_in_class_2(scope, words + 3, &inquiry);
    if (portal)
        TRY(oqs_portal_inquiry_write(scope, OQS_XML, &inquiry, &out));
    else
        TRY(oqs_card_inquiry_write(scope, is(kind, "json") ? OQS_JSON : OQS_XML, &inquiry, &out));
    fwrite(out.bytes, 1, out.size, stdout);
    return STATUS_OK;
}

static enum status run(struct scope *scope, int argc, char **argv)
{
    if (argc == 2)
        return small_world_write(scope, argv[1], instant_date(scope->now));
    if (argc == 3 && strcmp(argv[2], "other") == 0)
        puts(small_institution_other().digits);
    else if (argc == 3 && strcmp(argv[2], "stranger") == 0)
        puts(small_institution_stranger().digits);
    else if (argc >= 5 && strcmp(argv[2], "proof") == 0)
        return write_proof(scope, argv[1], argv + 3);
    else
        return scope_fail(scope, CAUSE_USAGE, "small_world DIR [proof CARD FILE [json]]");
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    enum status status = run(&scope, argc, argv);

    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", scope.failure);
    return failure_exit_code(status);
}
