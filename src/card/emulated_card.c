/* SPDX-License-Identifier: Apache-2.0
 *
 * emulated_card.c - a chip behind a link, its state in a file: counters are kept before the answer
 * that tells of them leaves.
 */
#include "card/emulated_card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card/chip.h"

#define SCOPE_LIMIT (1 << 20)
#define HOLD_TRIES 200 /* a check by another terminal is over long before */
#define HOLD_EVERY 10  /* ms */

struct emulated_card {
    struct card_link base; /* first, so that a struct card_link * of ours is this */
    struct scope scope;    /* of the image */
    char *path;
    int hold;  /* the file, open and locked; -1 = the file system knows no locks */
    bool lost; /* another has the file: the card is as good as taken away */
    struct chip chip;
};

static struct emulated_card *card_of(struct card_link *link)
{
    return (struct emulated_card *)link;
}

/* --- one user of a file at a time ------------------------------------------------------------- */

static bool has_path(int file, const char *path)
{
    struct stat held = {0}, named = {0};

    return fstat(file, &held) == 0 && stat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

/*
 * Locks the file that has the path now; every writing puts another in its place. false where
 * someone else has it, or where it was replaced meanwhile.
 */
static bool take_hold(struct emulated_card *card)
{
    int file = open(card->path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return true; /* reading it tells why */
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        bool taken = errno == EWOULDBLOCK;
        close(file);
        return !taken;
    }
    if (has_path(file, card->path)) {
        card->hold = file;
        return true;
    }
    close(file);
    return false;
}

static void let_go(struct emulated_card *card)
{
    if (card->hold >= 0)
        close(card->hold);
    card->hold = -1;
}

static enum status take_hold_patiently(struct scope *scope, struct emulated_card *card)
{
    for (int i = 0; i < HOLD_TRIES; i++) {
        if (take_hold(card))
            return STATUS_OK;
        usleep(HOLD_EVERY * 1000);
    }
    return scope_fail(scope, CAUSE_CARD_IN_USE, "another process has the card file");
}

/* --- the link --------------------------------------------------------------------------------- */

/* Keeps what changed. Where that fails, nothing that was opened stays open. */
static enum status keep(struct emulated_card *card)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(SCOPE_LIMIT);
    enum status status = card_image_write(&scope, card->path, &card->chip.image);

    card->chip.changed = status != STATUS_OK;
    if (status != STATUS_OK) {
        chip_reset(&card->chip);
        return status;
    }
    let_go(card); /* of the file that was replaced */
    card->lost = !take_hold(card);
    return STATUS_OK;
}

static enum status transmit(struct scope *scope, struct card_link *link,
                            const unsigned char *command, size_t command_size,
                            unsigned char *response, size_t *response_size)
{
    struct emulated_card *card = card_of(link);

    if (command_size > APDU_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "a command of %zu bytes", command_size);
    if (card->lost)
        return scope_fail(scope, CAUSE_CARD_IN_USE, "another process has the card file");
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
    let_go(card);
    free(card->path);
    free(card);
}

static const struct card_link_ops ops = {"emulated", transmit, reset, close_card};

/* The image lives in the card's own scope; a failure goes to the caller's. */
static enum status load(struct scope *scope, struct emulated_card *card)
{
    struct card_image image = {0};
    enum status status = STATUS_OK;

    TRY(take_hold_patiently(scope, card));
    status = card_image_read(&card->scope, card->path, &image);
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
    card->hold = -1;
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
