/* SPDX-License-Identifier: Apache-2.0 */
#include "card/vpcd_wire.h"

#include <openssl/crypto.h>
#include <string.h>

#include "card/apdu_log.h"

#define SCOPE_LIMIT 4096 /* bytes: for failures only */
#define WRONG_LENGTH 0x6700

/* What a message of one byte asks; none but the last is answered. */
enum control { POWER_OFF = 0x00, POWER_ON = 0x01, RESET = 0x02, GET_ATR = 0x04 };

unsigned char *vpcd_stream_end(struct vpcd_stream *stream, size_t *room)
{
    *room = sizeof stream->bytes - stream->size;
    return stream->bytes + stream->size;
}

static size_t put_length(unsigned char *answer, size_t size)
{
    answer[0] = (unsigned char)(size >> 8);
    answer[1] = (unsigned char)(size & 0xFF);
    return 2 + size;
}

/* The card as it is when it has just come: what was opened is closed, counters stay. */
static void reset(struct vpcd_card *card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);

    (void)card->link->ops->reset(&scope, card->link); /* an emulated card's cannot fail */
}

static size_t answer_control(struct vpcd_card *card, unsigned char control, unsigned char *answer)
{
    if (control == POWER_OFF || control == POWER_ON || control == RESET)
        reset(card);
    if (control != GET_ATR)
        return 0;
    card->seen = true;
    memcpy(answer + 2, card->atr, card->atr_size);
    return put_length(answer, card->atr_size);
}

/* A command that the link does not take is of a wrong length. */
static size_t answer_command(struct vpcd_card *card, const unsigned char *command, size_t size,
                             unsigned char *answer)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    size_t answered = 0;

    if (card->link->ops->transmit(&scope, card->link, command, size, answer + 2, &answered) !=
        STATUS_OK) {
        answer[2] = WRONG_LENGTH >> 8;
        answer[3] = WRONG_LENGTH & 0xFF;
        answered = 2;
    }
    if (card->log)
        apdu_log(command, size, answer + 2, answered);
    return put_length(answer, answered);
}

bool vpcd_take(struct vpcd_stream *stream, struct vpcd_card *card, unsigned char *answer,
               size_t *size)
{
    const unsigned char *message = stream->bytes + 2;
    size_t length = (size_t)stream->bytes[0] << 8 | stream->bytes[1];
    size_t taken = 2 + length;

    if (stream->size < 2 || stream->size < taken)
        return false;
    *size = 0;
    if (length == 1)
        *size = answer_control(card, message[0], answer);
    else if (length > 1)
        *size = answer_command(card, message, length, answer);
    OPENSSL_cleanse(stream->bytes, taken); /* it may have held a PIN */
    stream->size -= taken;
    memmove(stream->bytes, stream->bytes + taken, stream->size);
    return true;
}

bool vpcd_atr_read(const char *hex, struct vpcd_card *card)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t length = strlen(hex);

    if (length % 2 != 0 || length < 4 || length > 2 * sizeof card->atr)
        return false;
    for (size_t i = 0; i < length; i++) {
        char upper = (char)(hex[i] >= 'a' && hex[i] <= 'f' ? hex[i] - 'a' + 'A' : hex[i]);
        const char *digit = strchr(digits, upper);
        if (!digit)
            return false;
        card->atr[i / 2] = (unsigned char)(card->atr[i / 2] << 4 | (digit - digits));
    }
    card->atr_size = length / 2;
    return card->atr[0] == 0x3B || card->atr[0] == 0x3F;
}
