/* SPDX-License-Identifier: Apache-2.0 */
#include "card/pcsc_reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "card/pcsc_watch.h"
#include "card/pcsc_worker.h"

#define HEADER_SIZE 4 /* CLA INS P1 P2 */

struct pcsc_link {
    struct card_link base; /* first, so that a struct card_link * of ours is this */
    struct pcsc_worker *worker;
};

struct pcsc_slot {
    struct card_slot base; /* likewise */
    struct pcsc_watch *watch;
};

/* --- the link --------------------------------------------------------------------------------- */

static struct pcsc_link *link_of(struct card_link *link)
{
    return (struct pcsc_link *)link;
}

/*
 * T=0 knows neither a command without a length, nor one with data that also asks for an answer, nor
 * long ones (ISO 7816-3, 12.2): 00 is added, Le goes, the third kind fails.
 */
static enum status shape_for_t0(struct scope *scope, unsigned char *command, size_t *size)
{
    if (*size == HEADER_SIZE)
        command[(*size)++] = 0x00;
    if (*size > HEADER_SIZE + 1 && command[HEADER_SIZE] == 0)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE,
                          "protocol T=0 carries no extended commands, T=1 is needed");
    if (*size == HEADER_SIZE + 2 + (size_t)command[HEADER_SIZE])
        (*size)--;
    return STATUS_OK;
}

static enum status transmit(struct scope *scope, struct card_link *link_,
                            const unsigned char *command, size_t size, unsigned char *response,
                            size_t *response_size)
{
    struct pcsc_link *link = link_of(link_);
    unsigned char shaped[APDU_MAX + 1];
    enum status status = STATUS_OK;

    if (size < HEADER_SIZE || size > APDU_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "a command of %zu bytes", size);
    memcpy(shaped, command, size);
    if (pcsc_worker_is_t0(link->worker))
        status = shape_for_t0(scope, shaped, &size);
    if (status == STATUS_OK)
        status = pcsc_worker_transmit(scope, &link->worker, shaped, size, response, response_size);
    explicit_bzero(shaped, sizeof shaped);
    return status;
}

static enum status reset(struct scope *scope, struct card_link *link)
{
    return pcsc_worker_reset(scope, &link_of(link)->worker);
}

static void close_link(struct card_link *link)
{
    pcsc_worker_close(link_of(link)->worker);
    free(link);
}

static const struct card_link_ops link_ops = {"pcsc", transmit, reset, close_link};

/* --- the slot --------------------------------------------------------------------------------- */

static struct pcsc_slot *slot_of(struct card_slot *slot)
{
    return (struct pcsc_slot *)slot;
}

static struct card_slot_state state(struct card_slot *slot)
{
    char reader[PCSC_NAME_MAX];

    return pcsc_watch_state(slot_of(slot)->watch, reader);
}

static enum status connect_card(struct scope *scope, struct card_slot *slot, struct card_link **out)
{
    char reader[PCSC_NAME_MAX];
    struct card_slot_state now = pcsc_watch_state(slot_of(slot)->watch, reader);
    struct pcsc_link *link = NULL;
    enum status status = STATUS_OK;

    if (!now.reachable)
        return scope_fail(scope, CAUSE_READER_AWAY, "no reader");
    if (!now.occupied)
        return scope_fail(scope, CAUSE_CARD_ABSENT, "no card on the reader");
    link = calloc(1, sizeof *link);
    if (!link)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    link->base.ops = &link_ops;
    status = pcsc_worker_open(scope, reader, &link->worker);
    if (status == STATUS_OK)
        *out = &link->base;
    else
        free(link);
    return status;
}

static void close_slot(struct card_slot *slot)
{
    pcsc_watch_close(slot_of(slot)->watch);
    if (slot->events >= 0)
        close(slot->events);
    free(slot);
}

static const struct card_slot_ops slot_ops = {"pcsc", state, connect_card, close_slot};

enum status pcsc_reader_open(struct scope *scope, const char *name, struct card_slot **out)
{
    struct pcsc_slot *slot = calloc(1, sizeof *slot);
    enum status status = STATUS_OK;

    if (!slot)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    slot->base.ops = &slot_ops;
    slot->base.events = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (slot->base.events < 0)
        status = scope_fail(scope, CAUSE_INTERNAL, "no eventfd");
    else
        status = pcsc_watch_open(scope, name, slot->base.events, &slot->watch);
    if (status == STATUS_OK)
        *out = &slot->base;
    else
        close_slot(&slot->base);
    return status;
}
