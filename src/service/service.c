/* SPDX-License-Identifier: Apache-2.0
 *
 * service.c - what the operations are made of: opened once, shared by the workers of all threads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "service/operation.h"

/* A store that was lost is tried again no more often than this. */
#define STORE_RETRY_MICROSECONDS INT64_C(1000000)

static enum status read_names(struct scope *scope, struct service *service)
{
    struct store *store = NULL;
    struct insurer_names *names = NULL;
    struct insurer_names *former = NULL;
    enum status status = STATUS_OK;

    TRY(store_open(scope, service->options.store_url, STORE_READ, &store));
    status = insurer_names_read(scope, store, &names);
    store_close(store);
    if (status != STATUS_OK)
        return status;
    pthread_mutex_lock(&service->names_lock);
    former = service->names;
    service->names = names;
    atomic_fetch_add(&service->names_version, 1);
    pthread_mutex_unlock(&service->names_lock);
    insurer_names_drop(former);
    return STATUS_OK;
}

static enum status copy_string(struct scope *scope, const char *string, const char **out)
{
    char *copy = NULL;

    if (!string)
        return STATUS_OK;
    TRY(scope_copy(scope, string, strlen(string), &copy));
    *out = copy;
    return STATUS_OK;
}

static enum status copy_options(struct service *service, const struct service_options *options)
{
    struct service_options *out = &service->options;

    *out = *options;
    TRY(copy_string(&service->scope, options->store_url, &out->store_url));
    TRY(copy_string(&service->scope, options->journal_directory, &out->journal_directory));
    TRY(copy_string(&service->scope, options->card_ca_path, &out->card_ca_path));
    TRY(copy_string(&service->scope, options->status.ocsp_url, &out->status.ocsp_url));
    TRY(copy_string(&service->scope, options->status.crl_url, &out->status.crl_url));
    TRY(copy_string(&service->scope, options->link_url, &out->link_url));
    return copy_string(&service->scope, options->policy_oid, &out->policy_oid);
}

/* A record of the service itself: it began, it ended. */
static enum status record_turn(struct scope *scope, struct service *service,
                               enum journal_operation operation)
{
    const struct journal_entry entry = {
        .operation = operation, .at = scope->now, .request_id = scope->id};

    return journal_append_wait(scope, service->journal, &entry);
}

/* Nothing where no source of revocations, and of links, is named. */
static enum status open_status(struct scope *scope, struct service *service)
{
    const struct card_status_options *options = &service->options.status;

    bool status = !text_empty(text_of(options->ocsp_url)) || !text_empty(text_of(options->crl_url));
    bool links = !text_empty(text_of(service->options.link_url));

    if (links && !card_link_url_ok(service->options.link_url))
        return scope_fail(scope, CAUSE_CONFIGURATION,
                          "link-url: https, or http on this machine (127.0.0.1, [::1])");
    if (status || links)
        TRY(fetcher_open(scope, NULL, &service->fetcher));
    if (!status)
        return STATUS_OK;
    return card_status_open(scope, service->trust, service->fetcher, options, &service->status);
}

static enum status open_parts(struct scope *scope, const struct service_options *options,
                              struct service *service)
{
    const struct journal_options journal = {.segment_bytes = options->journal_segment};

    if (copy_options(service, options) != STATUS_OK)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the service's options");
    TRY(card_trust_open(scope, options->card_ca_path, options->policy_oid,
                        options->certificate_cache, &service->trust));
    TRY(open_status(scope, service));
    TRY(challenge_table_open(scope, options->challenge_capacity, options->challenge_lifetime,
                             &service->challenges));
    TRY(read_names(scope, service));
    TRY(journal_open(scope, options->journal_directory, &journal, &service->journal));
    return record_turn(scope, service, JOURNAL_OPENED);
}

static void close_parts(struct service *service)
{
    journal_close(service->journal);
    challenge_table_close(service->challenges);
    card_status_close(service->status);
    fetcher_close(service->fetcher);
    card_trust_close(service->trust);
    insurer_names_drop(service->names);
    store_close(service->writer);
    pthread_mutex_destroy(&service->writer_lock);
    pthread_mutex_destroy(&service->names_lock);
    scope_end(&service->scope);
    free(service);
}

enum status service_open(struct scope *scope, const struct service_options *options,
                         struct service **out)
{
    struct service *service = calloc(1, sizeof *service);
    enum status status = STATUS_OK;

    if (!service)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for the service");
    service->scope = scope_begin(SERVICE_SCOPE_LIMIT);
    pthread_mutex_init(&service->names_lock, NULL);
    pthread_mutex_init(&service->writer_lock, NULL);
    status = open_parts(scope, options, service);
    if (status != STATUS_OK)
        close_parts(service);
    else
        *out = service;
    return status;
}

void service_close(struct service *service)
{
    struct scope scope = scope_begin(SERVICE_SCOPE_LIMIT);

    if (!service)
        return;
    if (record_turn(&scope, service, JOURNAL_CLOSED) != STATUS_OK)
        log_failure(&scope, "the end of the service is not in the journal");
    scope_end(&scope);
    close_parts(service);
}

struct journal *service_journal(struct service *service)
{
    return service->journal;
}

enum status service_reload(struct scope *scope, struct service *service)
{
    return read_names(scope, service);
}

struct service_figures service_figures(struct service *service)
{
    return (struct service_figures){
        .journal = journal_figures(service->journal),
        .certificates = card_trust_figures(service->trust),
        .status = card_status_figures(service->status),
        .store_errors = atomic_load_explicit(&service->store_errors, memory_order_relaxed),
        .changes = atomic_load_explicit(&service->changes, memory_order_relaxed),
    };
}

/* --- workers -------------------------------------------------------------------------------- */

static void take_names(struct service_worker *worker)
{
    struct service *service = worker->service;

    memset(worker->known, 0, sizeof worker->known);
    insurer_names_drop(worker->names);
    pthread_mutex_lock(&service->names_lock);
    worker->names = insurer_names_hold(service->names);
    worker->names_version = atomic_load(&service->names_version);
    pthread_mutex_unlock(&service->names_lock);
}

static enum status open_store(struct scope *scope, struct service_worker *worker)
{
    int64_t since = scope->now.microseconds - worker->store_opened.microseconds;

    if (since >= 0 && since < STORE_RETRY_MICROSECONDS)
        return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "the store was lost a moment ago");
    store_close(worker->store);
    worker->store = NULL;
    worker->store_opened = scope->now;
    TRY(store_open(scope, worker->service->options.store_url, STORE_READ, &worker->store));
    worker->store_lost = false;
    return STATUS_OK;
}

enum status service_worker_open(struct scope *scope, struct service *service,
                                struct service_worker **out)
{
    struct service_worker *worker = calloc(1, sizeof *worker);
    enum status status = STATUS_OK;

    if (!worker)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "no memory for a worker");
    worker->service = service;
    status = open_store(scope, worker);
    if (status != STATUS_OK) {
        service_worker_close(worker);
        return status;
    }
    take_names(worker);
    *out = worker;
    return STATUS_OK;
}

void service_worker_close(struct service_worker *worker)
{
    if (!worker)
        return;
    store_close(worker->store);
    insurer_names_drop(worker->names);
    free(worker);
}

enum status worker_begin(struct scope *scope, struct service_worker *worker)
{
    if (worker->names_version != atomic_load(&worker->service->names_version))
        take_names(worker);
    if (worker->store_lost)
        return open_store(scope, worker);
    return STATUS_OK;
}

enum status service_health(struct scope *scope, struct service_worker *worker)
{
    enum status status = worker_begin(scope, worker);

    if (journal_figures(worker->service->journal).failed)
        return scope_fail(scope, CAUSE_JOURNAL_UNAVAILABLE, "nothing more can be written");
    if (status == STATUS_OK)
        status = store_ping(scope, worker->store);
    worker->store_lost = status != STATUS_OK;
    return status;
}
