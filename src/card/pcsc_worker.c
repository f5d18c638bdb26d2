/* SPDX-License-Identifier: Apache-2.0 */
#include "card/pcsc_worker.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

#include "card/apdu.h"
#include "card/pcsc_reader.h"

#define ANSWER_MAX_SECONDS 5 /* a card signs within one */
#define ABANDONED_MAX 8      /* threads that a hanging reader may keep */

enum task { CONNECT, TRANSMIT, RESET, END };

struct pcsc_worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy;      /* a task is set and not done */
    bool abandoned; /* nobody waits any more */
    enum task task;
    LONG result;
    bool waits_for_others; /* in CONNECT: the card is there, another program has it */
    unsigned char command[APDU_MAX], response[APDU_MAX];
    size_t command_size, response_size;
    char reader[PCSC_NAME_MAX];
    /* Of the thread alone, but protocol: that is set before CONNECT is done. */
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    bool connected;
};

static atomic_int abandoned_count;

/* --- the thread ------------------------------------------------------------------------------- */

static LONG connect_card(struct pcsc_worker *worker)
{
    LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &worker->context);

    if (result != SCARD_S_SUCCESS)
        return result;
    result = SCardConnect(worker->context, worker->reader, SCARD_SHARE_SHARED,
                          SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &worker->card, &worker->protocol);
    if (result != SCARD_S_SUCCESS)
        return result;
    worker->connected = true;
    pthread_mutex_lock(&worker->lock);
    worker->waits_for_others = true;
    pthread_mutex_unlock(&worker->lock);
    return SCardBeginTransaction(worker->card); /* nobody else between the PIN and the signature */
}

static LONG transmit(struct pcsc_worker *worker)
{
    const SCARD_IO_REQUEST *header =
        worker->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    DWORD size = sizeof worker->response;
    LONG result = SCardTransmit(worker->card, header, worker->command, (DWORD)worker->command_size,
                                NULL, worker->response, &size);

    explicit_bzero(worker->command, sizeof worker->command);
    worker->response_size = result == SCARD_S_SUCCESS ? size : 0;
    return result;
}

static LONG reset(struct pcsc_worker *worker)
{
    return SCardReconnect(worker->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                          SCARD_RESET_CARD, &worker->protocol);
}

static LONG end(struct pcsc_worker *worker)
{
    if (worker->connected)
        SCardDisconnect(worker->card, SCARD_RESET_CARD);
    if (worker->context)
        SCardReleaseContext(worker->context);
    return SCARD_S_SUCCESS;
}

static LONG (*const tasks[])(struct pcsc_worker *worker) = {
    [CONNECT] = connect_card, [TRANSMIT] = transmit, [RESET] = reset, [END] = end};

static void destroy(struct pcsc_worker *worker)
{
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    explicit_bzero(worker, sizeof *worker);
    free(worker);
}

/* Carries out the task that is set. Returns false after the last, or where nobody waits for it. */
static bool work_once(struct pcsc_worker *worker)
{
    enum task task = CONNECT;
    LONG result = SCARD_S_SUCCESS;
    bool abandoned = false;

    pthread_mutex_lock(&worker->lock);
    while (!worker->busy)
        pthread_cond_wait(&worker->changed, &worker->lock);
    task = worker->task;
    pthread_mutex_unlock(&worker->lock);
    result = tasks[task](worker);
    pthread_mutex_lock(&worker->lock);
    worker->result = result;
    worker->busy = false;
    abandoned = worker->abandoned;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    if (!abandoned)
        return task != END;
    if (task != END)
        end(worker);
    destroy(worker);
    atomic_fetch_sub(&abandoned_count, 1);
    return false;
}

static void *work(void *worker)
{
    while (work_once(worker))
        continue;
    return NULL;
}

/* --- the caller ------------------------------------------------------------------------------- */

/* What a result of PC/SC means; anything else: the card cannot be read. */
static const struct {
    LONG result;
    enum cause cause;
} causes[] = {
    {SCARD_E_NO_SERVICE, CAUSE_READER_AWAY},     {SCARD_E_SERVICE_STOPPED, CAUSE_READER_AWAY},
    {SCARD_F_COMM_ERROR, CAUSE_READER_AWAY},     {SCARD_E_NO_READERS_AVAILABLE, CAUSE_READER_AWAY},
    {SCARD_E_UNKNOWN_READER, CAUSE_READER_AWAY}, {SCARD_E_READER_UNAVAILABLE, CAUSE_READER_AWAY},
    {SCARD_E_NO_SMARTCARD, CAUSE_CARD_ABSENT},   {SCARD_E_SHARING_VIOLATION, CAUSE_CARD_IN_USE},
};

static enum status fail(struct scope *scope, LONG result)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].result == result)
            return scope_fail(scope, causes[i].cause, "PC/SC: %08lX", (unsigned long)result);
    return scope_fail(scope, CAUSE_CARD_UNREADABLE, "PC/SC: %08lX", (unsigned long)result);
}

static struct timespec time_limit(void)
{
    struct timespec limit = {0};

    clock_gettime(CLOCK_MONOTONIC, &limit);
    limit.tv_sec += ANSWER_MAX_SECONDS;
    return limit;
}

/* Sets a task and waits until it is done; false where the time is over. Holds the lock. */
static bool wait_for(struct pcsc_worker *worker, enum task task)
{
    const struct timespec limit = time_limit();
    int waited = 0;

    worker->task = task;
    worker->busy = true;
    pthread_cond_signal(&worker->changed);
    while (worker->busy && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&worker->changed, &worker->lock, &limit);
    return !worker->busy;
}

/* Carries out a task. Where it is not done in time the thread has the worker, and *worker is NULL.
 */
static enum status carry_out(struct scope *scope, struct pcsc_worker **worker_, enum task task)
{
    struct pcsc_worker *worker = *worker_;
    LONG result = SCARD_S_SUCCESS;
    bool done = false, others = false;

    if (!worker)
        return scope_fail(scope, CAUSE_CARD_SILENT, "the reader was given up");
    pthread_mutex_lock(&worker->lock);
    done = wait_for(worker, task);
    result = worker->result;
    others = task == CONNECT && worker->waits_for_others;
    worker->abandoned = !done;
    if (!done) {
        atomic_fetch_add(&abandoned_count, 1);
        pthread_detach(worker->thread);
        *worker_ = NULL;
    }
    pthread_mutex_unlock(&worker->lock);
    if (done)
        return result == SCARD_S_SUCCESS ? STATUS_OK : fail(scope, result);
    return scope_fail(scope, others ? CAUSE_CARD_IN_USE : CAUSE_CARD_SILENT,
                      "no answer for %d seconds", ANSWER_MAX_SECONDS);
}

static void init_waiting(struct pcsc_worker *worker)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&worker->lock, NULL);
}

enum status pcsc_worker_open(struct scope *scope, const char *reader, struct pcsc_worker **out)
{
    struct pcsc_worker *worker = NULL;
    enum status status = STATUS_OK;

    if (atomic_load(&abandoned_count) >= ABANDONED_MAX)
        return scope_fail(scope, CAUSE_CARD_SILENT, "the reader hangs");
    worker = calloc(1, sizeof *worker);
    if (!worker)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the system has no memory");
    memcpy(worker->reader, reader, strnlen(reader, sizeof worker->reader - 1));
    init_waiting(worker);
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
        destroy(worker);
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no thread");
    }
    status = carry_out(scope, &worker, CONNECT);
    if (status == STATUS_OK)
        *out = worker;
    else
        pcsc_worker_close(worker);
    return status;
}

bool pcsc_worker_is_t0(const struct pcsc_worker *worker)
{
    return worker && worker->protocol == SCARD_PROTOCOL_T0;
}

enum status pcsc_worker_transmit(struct scope *scope, struct pcsc_worker **worker,
                                 const unsigned char *command, size_t size, unsigned char *response,
                                 size_t *response_size)
{
    if (size > APDU_MAX)
        return scope_fail(scope, CAUSE_CARD_UNREADABLE, "a command of %zu bytes", size);
    if (*worker) {
        memcpy((*worker)->command, command, size);
        (*worker)->command_size = size;
    }
    TRY(carry_out(scope, worker, TRANSMIT));
    assert(*worker); /* it is done */
    memcpy(response, (*worker)->response, (*worker)->response_size);
    *response_size = (*worker)->response_size;
    return STATUS_OK;
}

enum status pcsc_worker_reset(struct scope *scope, struct pcsc_worker **worker)
{
    return carry_out(scope, worker, RESET);
}

void pcsc_worker_close(struct pcsc_worker *worker)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(1024);
    struct pcsc_worker *still = worker;

    if (!worker || carry_out(&scope, &still, END) != STATUS_OK)
        return;
    pthread_join(worker->thread, NULL);
    destroy(worker);
}
