/* SPDX-License-Identifier: Apache-2.0 */
#include "card/pcsc_watch.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <winscard.h>

#include "base/log.h"

#define LOOK_EVERY 500 /* ms: readers that come, and the end of the thread, are seen so late */
#define READERS_MAX 16 /* PC/SC itself knows no more */
#define NAMES_MAX 4096 /* bytes of all their names */
#define EVENT_SHIFT 16 /* above it the event state counts insertions and removals */

/* The readers as they were seen last, in the order of the service. */
struct readers {
    char names[READERS_MAX][PCSC_NAME_MAX];
    DWORD events[READERS_MAX];
    size_t count;
};

struct pcsc_watch {
    pthread_t thread;
    pthread_mutex_t lock; /* over state and reader */
    struct card_slot_state state;
    char reader[PCSC_NAME_MAX];
    char wanted[PCSC_NAME_MAX];
    int events;             /* borrowed */
    int stop;               /* eventfd */
    struct readers readers; /* of the thread alone, like what follows */
    DWORD event;            /* of the reader with the card */
};

/* --- what others see -------------------------------------------------------------------------- */

static void raise_event(int descriptor)
{
    const uint64_t one = 1;

    /* fails only where it is raised already */
    if (write(descriptor, &one, sizeof one) < 0)
        return;
}

static void log_change(const struct card_slot_state *before, const struct card_slot_state *now)
{
    if (now->reachable != before->reachable)
        LOG(INFO, NULL, now->reachable ? "card reader is there" : "no card reader", "%s", "");
}

/* at: the reader with a card, READERS_MAX where none has one. */
static void tell(struct pcsc_watch *watch, bool reachable, size_t at)
{
    struct card_slot_state before = {0}, now = {0};
    const char *name = at < READERS_MAX ? watch->readers.names[at] : "";
    DWORD event = at < READERS_MAX ? watch->readers.events[at] >> EVENT_SHIFT : 0;

    pthread_mutex_lock(&watch->lock);
    before = watch->state;
    now = (struct card_slot_state){reachable, at < READERS_MAX, before.arrival};
    if (now.occupied &&
        (!before.occupied || event != watch->event || strcmp(name, watch->reader) != 0))
        now.arrival++;
    watch->state = now;
    watch->event = event;
    memmove(watch->reader, name, strlen(name) + 1);
    pthread_mutex_unlock(&watch->lock);
    log_change(&before, &now);
    if (now.reachable != before.reachable || now.occupied != before.occupied ||
        now.arrival != before.arrival)
        raise_event(watch->events);
}

struct card_slot_state pcsc_watch_state(struct pcsc_watch *watch, char reader[PCSC_NAME_MAX])
{
    struct card_slot_state state = {0};

    pthread_mutex_lock(&watch->lock);
    state = watch->state;
    memcpy(reader, watch->reader, PCSC_NAME_MAX);
    pthread_mutex_unlock(&watch->lock);
    return state;
}

/* --- looking ---------------------------------------------------------------------------------- */

/* Waits; true where the thread shall end. */
static bool stopped_within(const struct pcsc_watch *watch, int milliseconds)
{
    struct pollfd polled = {watch->stop, POLLIN, 0};

    return poll(&polled, 1, milliseconds) > 0;
}

static DWORD event_before(const struct readers *before, const char *name)
{
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->names[i], name) == 0)
            return before->events[i];
    return SCARD_STATE_UNAWARE;
}

/* Asks for the readers of the name; what was known of one is kept. */
static LONG list_readers(struct pcsc_watch *watch, SCARDCONTEXT context)
{
    char names[NAMES_MAX] = "";
    DWORD size = sizeof names - 1;
    const struct readers before = watch->readers;
    struct readers *now = &watch->readers;
    LONG result = SCardListReaders(context, NULL, names, &size);

    now->count = 0;
    for (const char *name = names; result == SCARD_S_SUCCESS && *name; name += strlen(name) + 1) {
        if (now->count == READERS_MAX || strlen(name) >= PCSC_NAME_MAX ||
            !strstr(name, watch->wanted))
            continue;
        memcpy(now->names[now->count], name, strlen(name) + 1);
        now->events[now->count++] = event_before(&before, name);
    }
    return result == SCARD_E_NO_READERS_AVAILABLE ? SCARD_S_SUCCESS : result;
}

/* Waits for a change of any of them; a time without one is no failure. */
static LONG await_change(struct pcsc_watch *watch, SCARDCONTEXT context)
{
    SCARD_READERSTATE states[READERS_MAX] = {0};
    struct readers *readers = &watch->readers;
    LONG result = SCARD_S_SUCCESS;

    for (size_t i = 0; i < readers->count; i++) {
        states[i].szReader = readers->names[i];
        states[i].dwCurrentState = readers->events[i] & ~(DWORD)SCARD_STATE_CHANGED;
    }
    result = SCardGetStatusChange(context, LOOK_EVERY, states, (DWORD)readers->count);
    if (result == SCARD_S_SUCCESS)
        for (size_t i = 0; i < readers->count; i++)
            readers->events[i] = states[i].dwEventState;
    return result == SCARD_E_TIMEOUT || result == SCARD_E_UNKNOWN_READER ? SCARD_S_SUCCESS : result;
}

static bool has_card(const struct readers *readers, size_t at)
{
    return (readers->events[at] & (SCARD_STATE_PRESENT | SCARD_STATE_MUTE)) == SCARD_STATE_PRESENT;
}

/* The reader whose card counts: the one of before while it has one, else the first. */
static size_t reader_with_card(const struct pcsc_watch *watch)
{
    const struct readers *readers = &watch->readers;
    size_t found = READERS_MAX;

    for (size_t i = readers->count; i-- > 0;)
        if (has_card(readers, i) &&
            (found == READERS_MAX || strcmp(readers->names[found], watch->reader) != 0))
            found = i;
    return found;
}

/* Until the service goes or the thread shall end. */
static void follow(struct pcsc_watch *watch, SCARDCONTEXT context)
{
    while (list_readers(watch, context) == SCARD_S_SUCCESS) {
        if (watch->readers.count == 0) {
            tell(watch, false, READERS_MAX);
            if (stopped_within(watch, LOOK_EVERY))
                return;
            continue;
        }
        if (await_change(watch, context) != SCARD_S_SUCCESS)
            return;
        tell(watch, true, reader_with_card(watch));
        if (stopped_within(watch, 0))
            return;
    }
}

static void *watch_readers(void *watch_)
{
    struct pcsc_watch *watch = watch_;

    do {
        SCARDCONTEXT context = 0;
        if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) == SCARD_S_SUCCESS) {
            follow(watch, context);
            SCardReleaseContext(context);
        }
        if (stopped_within(watch, 0))
            break;
        watch->readers.count = 0;
        tell(watch, false, READERS_MAX);
    } while (!stopped_within(watch, LOOK_EVERY));
    return NULL;
}

/* --- opening ---------------------------------------------------------------------------------- */

enum status pcsc_watch_open(struct scope *scope, const char *name, int events,
                            struct pcsc_watch **out)
{
    struct pcsc_watch *watch = NULL;

    if (strlen(name) >= PCSC_NAME_MAX)
        return scope_fail(scope, CAUSE_CONFIGURATION, "a reader's name has at most %d bytes",
                          PCSC_NAME_MAX - 1);
    watch = calloc(1, sizeof *watch);
    if (!watch)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    memcpy(watch->wanted, name, strlen(name) + 1);
    watch->events = events;
    watch->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&watch->lock, NULL);
    if (watch->stop >= 0 && pthread_create(&watch->thread, NULL, watch_readers, watch) == 0) {
        *out = watch;
        return STATUS_OK;
    }
    if (watch->stop >= 0)
        close(watch->stop);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
    return scope_fail(scope, CAUSE_INTERNAL, "no thread to watch the readers");
}

void pcsc_watch_close(struct pcsc_watch *watch)
{
    if (!watch)
        return;
    raise_event(watch->stop);
    pthread_join(watch->thread, NULL);
    close(watch->stop);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}
