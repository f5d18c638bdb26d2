/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_vpcd.c - bytes of a virtual reader into a card: every message is taken whole, answered
 * within bounds or not at all, and nothing of it stays. The first byte says in what pieces they
 * come. Corpus: tests/data/vpcd/.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "card/vpcd_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The longest answer there can be to any command; every seventh fails. */
static enum status transmit(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size)
{
    (void)link;
    if (command_size < 2)
        abort(); /* one byte is for the reader's own words */
    if (command[0] % 7 == 6)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "fuzz");
    *response_size = command[1] & 1 ? APDU_MAX : 2;
    memset(response, command[0], *response_size);
    return STATUS_OK;
}

static enum status reset(struct scope *scope, struct card_link *link)
{
    (void)scope;
    (void)link;
    return STATUS_OK;
}

static void close_nothing(struct card_link *link)
{
    (void)link;
}

static const struct card_link_ops ops = {"fuzz", transmit, reset, close_nothing};

static void take_all(struct vpcd_stream *stream, struct vpcd_card *card)
{
    unsigned char *answer = malloc(VPCD_ANSWER_MAX); /* of its exact size */
    size_t answered = 0;

    if (!answer)
        abort();
    while (vpcd_take(stream, card, answer, &answered))
        if (answered > VPCD_ANSWER_MAX ||
            (answered > 0 && answered != 2 + ((size_t)answer[0] << 8 | answer[1])))
            abort();
    free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct vpcd_stream stream;
    struct card_link link = {&ops};
    struct vpcd_card card = {.link = &link, .log = true};
    size_t step = size > 0 ? bytes[0] + 1U : 1;

    log_set_level(LOG_ERROR);
    if (!vpcd_atr_read("3B80800101", &card))
        abort();
    stream.size = 0;
    for (size_t at = 1; at < size; at += step) {
        size_t room = 0, part = size - at < step ? size - at : step;
        unsigned char *end = vpcd_stream_end(&stream, &room);
        if (part > room)
            abort(); /* a whole message always fits */
        memcpy(end, bytes + at, part);
        stream.size += part;
        take_all(&stream, &card);
    }
    return 0;
}
