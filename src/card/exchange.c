/* SPDX-License-Identifier: Apache-2.0 */
#include "card/exchange.h"

#include <stdbool.h>
#include <string.h>

#define ROUNDS_MAX 8 /* answers a card may cut one into */

/* One transmission; its data is appended to out. */
static enum status transmit(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t size, struct exchange *out)
{
    unsigned char response[APDU_MAX];
    size_t response_size = 0;

    TRY(link->ops->transmit(scope, link, command, size, response, &response_size));
    if (response_size < 2 || response_size > sizeof response ||
        response_size - 2 > sizeof out->bytes - out->size)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "an answer of %zu bytes", response_size);
    memcpy(out->bytes + out->size, response, response_size - 2);
    out->size += response_size - 2;
    out->status = (unsigned)response[response_size - 2] << 8 | response[response_size - 1];
    return STATUS_OK;
}

/* True for a short command whose last byte is Le; a VERIFY has none, and is never sent twice. */
static bool ends_in_le(const unsigned char *command, size_t size)
{
    return size == 5 || (size > 5 && size == 5 + (size_t)command[4] + 1);
}

/* 6Cxx: the same command with the length the card names. */
static enum status send_with_length(struct scope *scope, struct card_link *link,
                                    const unsigned char *command, size_t size, struct exchange *out)
{
    unsigned char again[APDU_MAX];

    if (!ends_in_le(command, size) || size > sizeof again)
        return STATUS_OK;
    memcpy(again, command, size);
    again[size - 1] = (unsigned char)(out->status & 0xFF);
    out->size = 0;
    return transmit(scope, link, again, size, out);
}

enum status exchange_send(struct scope *scope, struct card_link *link, const unsigned char *command,
                          size_t size, struct exchange *out)
{
    out->size = 0;
    TRY(transmit(scope, link, command, size, out));
    if (out->status >> 8 == 0x6C)
        TRY(send_with_length(scope, link, command, size, out));
    for (int i = 0; i < ROUNDS_MAX && out->status >> 8 == 0x61; i++) {
        unsigned char get_response[] = {0x00, 0xC0, 0x00, 0x00, (unsigned char)out->status};
        TRY(transmit(scope, link, get_response, sizeof get_response, out));
    }
    return STATUS_OK;
}

enum status exchange_expect(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t size, const char *what,
                            struct exchange *out)
{
    TRY(exchange_send(scope, link, command, size, out));
    if (out->status == EXCHANGE_OK)
        return STATUS_OK;
    return scope_fail(scope, CAUSE_CARD_UNREADABLE, "card: %s: %04X", what, out->status);
}
