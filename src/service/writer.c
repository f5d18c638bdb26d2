/* SPDX-License-Identifier: Apache-2.0
 *
 * writer.c - the way to change the store while checks go on: one connection for the whole service,
 * opened at the first change, under a lock. Checks have connections of their own and wait for
 * nothing here; who wants to change waits a bounded time, and is told to come back else.
 */
#include <string.h>
#include <time.h>

#include "service/operation.h"

/* Seconds to wait for the changes of other threads. Our choice: a change takes milliseconds. */
#define WRITER_WAIT_SECONDS 2

static enum status take_lock(struct scope *scope, struct service *service)
{
    struct timespec until = {0};

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WRITER_WAIT_SECONDS;
    if (pthread_mutex_timedlock(&service->writer_lock, &until) != 0)
        return scope_fail(scope, CAUSE_SERVICE_BUSY, "other changes are under way");
    return STATUS_OK;
}

static enum status run_change(struct scope *scope, struct store *store, service_change change,
                              void *context)
{
    enum status status = STATUS_OK;

    TRY(store_begin(scope, store));
    status = change(scope, store, context);
    if (status == STATUS_OK)
        return store_commit(scope, store);
    store_rollback(store);
    return status;
}

/* The worker's own connection is well: what failed is told as something that passes. */
static enum status come_back(struct scope *scope)
{
    char reason[sizeof scope->failure];

    memcpy(reason, scope->failure, sizeof reason);
    scope_forgive(scope);
    return scope_fail(scope, CAUSE_SERVICE_BUSY, "no change now: %s", reason);
}

/* A connection that failed is given up; the next change opens another. */
static enum status change_locked(struct scope *scope, struct service *service,
                                 service_change change, void *context)
{
    enum status status = STATUS_OK;

    if (!service->writer)
        TRY(store_open(scope, service->options.store_url, STORE_WRITE_SOON, &service->writer));
    status = run_change(scope, service->writer, change, context);
    if (status == STATUS_UNAVAILABLE) {
        store_close(service->writer);
        service->writer = NULL;
    }
    return status;
}

enum status service_write(struct scope *scope, struct service *service, service_change change,
                          void *context)
{
    enum status status = STATUS_OK;

    TRY(take_lock(scope, service));
    status = change_locked(scope, service, change, context);
    pthread_mutex_unlock(&service->writer_lock);
    if (status != STATUS_OK && scope->cause == CAUSE_STORE_UNAVAILABLE)
        return come_back(scope);
    if (status == STATUS_OK)
        atomic_fetch_add_explicit(&service->changes, 1, memory_order_relaxed);
    return status;
}
