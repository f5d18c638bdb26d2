/* SPDX-License-Identifier: Apache-2.0
 *
 * CardChallenge: what a card is asked to sign. The layout is ours; it has no header.
 */
#include "format/envelope.h"
#include "format/fields.h"
#include "format/oqs.h"

#define SESSION_DIGITS 32
#define NONCE_DIGITS 64
#define LIFETIME_MAX 86400 /* seconds */

static const struct field challenge_fields[] = {
    FIELD("SessionIdentifier", FIELD_HEX, struct oqs_challenge, session, .required = true,
          .max = SESSION_DIGITS),
    FIELD("Nonce", FIELD_HEX, struct oqs_challenge, nonce, .required = true, .max = NONCE_DIGITS),
    FIELD("ChallengeLifetime", FIELD_CODE, struct oqs_challenge, lifetime, .required = true,
          .min = 1, .max = LIFETIME_MAX, .digits = 1),
};

enum status oqs_challenge_read(struct scope *scope, enum oqs_syntax syntax, struct text bytes,
                               struct oqs_challenge *out)
{
    struct element *document = NULL;
    const struct element *group = NULL;
    struct envelope envelope = {0};
    struct oqs_challenge challenge = {0};

    TRY(element_read(scope, syntax, bytes, &document));
    TRY(envelope_open(scope, document, &envelope));
    TRY(envelope_group(scope, &envelope, TEXT("CardChallenge"), &group));
    TRY(fields_read(scope, group, FIELD_TABLE(challenge_fields), &challenge, &envelope.unknown));
    *out = challenge;
    return STATUS_OK;
}

enum status oqs_challenge_write(struct scope *scope, enum oqs_syntax syntax,
                                const struct oqs_challenge *challenge, struct text *out)
{
    struct message_writer writer = message_begin(scope, syntax);

    message_group(&writer, TEXT("MessageBody"));
    message_group(&writer, TEXT("CardChallenge"));
    fields_write(&writer, FIELD_TABLE(challenge_fields), challenge);
    message_group_end(&writer);
    message_group_end(&writer);
    return message_end(&writer, out);
}
