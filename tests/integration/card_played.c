/* SPDX-License-Identifier: Apache-2.0
 *
 * card_played.c - cards that a reader should not meet, in the virtual reader.
 *
 * usage: card_played PORT stranger|silent      (a card without our application; one that hangs)
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "card/vpcd.h"

#define HANGS 60 /* seconds */

static enum status refuse(struct scope *scope, struct card_link *link, const unsigned char *command,
                          size_t command_size, unsigned char *response, size_t *response_size)
{
    (void)scope;
    (void)link;
    (void)command;
    (void)command_size;
    memcpy(response, "\x6A\x82", 2);
    *response_size = 2;
    return STATUS_OK;
}

static enum status hang(struct scope *scope, struct card_link *link, const unsigned char *command,
                        size_t command_size, unsigned char *response, size_t *response_size)
{
    sleep(HANGS);
    return refuse(scope, link, command, command_size, response, response_size);
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

static void tell_seen(void *context)
{
    (void)context;
    puts("ready");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(4096);
    bool silent = argc == 3 && strcmp(argv[2], "silent") == 0;
    const struct card_link_ops ops = {"played", silent ? hang : refuse, reset, close_nothing};
    struct card_link link = {&ops};
    struct vpcd_card card = {.link = &link, .atr = {0x3B, 0x80, 0x80, 0x01, 0x01}, .atr_size = 5};
    struct vpcd_options options = {.host = "127.0.0.1",
                                   .port = argc == 3 ? argv[1] : "",
                                   .patience = 10000,
                                   .seen = tell_seen};

    return vpcd_serve(&scope, &options, &card, -1) == STATUS_OK ? 0 : 3;
}
