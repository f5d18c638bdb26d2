/* SPDX-License-Identifier: Apache-2.0
 *
 * emulated_card.c - a chip behind a link, its state in a file: counters are kept before the answer
 * that tells of them leaves.
 */
#include "card/emulated_card.h"

#include <stdlib.h>
#include <string.h>

#include "card/chip.h"

#define SCOPE_LIMIT (1 << 20)

struct emulated_card {
    struct card_link base; /* first, so that a struct card_link * of ours is this */
    struct scope scope;    /* of the image */
    char *path;
    struct chip chip;
};

static struct emulated_card *card_of(struct card_link *link)
{
    return (struct emulated_card *)link;
}

/* Keeps what changed. Where that fails, nothing that was opened stays open. */
static enum status keep(struct emulated_card *card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    enum status status = card_image_write(&scope, card->path, &card->chip.image);

    card->chip.changed = status != STATUS_OK;
    if (status != STATUS_OK)
        chip_reset(&card->chip);
    return status;
}

static enum status transmit(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size)
{
    struct emulated_card *card = card_of(link);

    if (command_size > APDU_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "a command of %zu bytes", command_size);
    *response_size = chip_transmit(&card->chip, command, command_size, response);
    if (card->chip.changed && keep(card) != STATUS_OK) {
        response[0] = CHIP_MEMORY_FAILURE >> 8;
        response[1] = CHIP_MEMORY_FAILURE & 0xFF;
        *response_size = 2;
    }
    return STATUS_OK;
}

static enum status reset(struct scope *scope, struct card_link *link)
{
    (void)scope;
    chip_reset(&card_of(link)->chip);
    return STATUS_OK;
}

static void close_card(struct card_link *link)
{
    struct emulated_card *card = card_of(link);

    chip_close(&card->chip);
    scope_end(&card->scope);
    free(card->path);
    free(card);
}

static const struct card_link_ops ops = {"emulated", transmit, reset, close_card};

/* The image lives in the card's own scope; a failure goes to the caller's. */
static enum status load(struct scope *scope, struct emulated_card *card)
{
    struct card_image image = {0};
    enum status status = card_image_read(&card->scope, card->path, &image);

    if (status == STATUS_OK)
        status = chip_open(&card->scope, &image, &card->chip);
    explicit_bzero(&image, sizeof image);
    if (status != STATUS_OK)
        return scope_fail(scope, card->scope.cause, "%s", card->scope.failure);
    return STATUS_OK;
}

enum status emulated_card_open(struct scope *scope, const char *path, struct card_link **out)
{
    struct emulated_card *card = calloc(1, sizeof *card);
    enum status status = STATUS_OK;

    if (!card)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    card->base.ops = &ops;
    card->scope = scope_begin(SCOPE_LIMIT);
    card->path = strdup(path);
    if (!card->path)
        status = scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    else
        status = load(scope, card);
    if (status != STATUS_OK) {
        close_card(&card->base);
        return status;
    }
    *out = &card->base;
    return STATUS_OK;
}
