/* SPDX-License-Identifier: Apache-2.0 */
#include "world/card_maker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "card/emulated_card.h"
#include "domain/certificate_life.h"
#include "world/issuer_book.h"

#define WORKERS_MAX 64
#define JOB_SCOPE_LIMIT (1024UL * 1024)
#define LABEL "JPKIAPICCTOKEN2"

/* What all workers share. */
struct shop {
    const struct card_maker *maker;
    const struct card_job *jobs;
    size_t count;
    struct text card_ca, signature_ca, terminal_ca; /* DER, DER, PEM */
    struct instant now;
    atomic_size_t next;
    atomic_bool failed;
    pthread_mutex_t lock; /* of cause and failure */
    enum cause cause;
    char failure[256];
};

static enum status make_authentication(struct scope *scope, const struct shop *shop,
                                       const struct card_job *job, struct card_image *image)
{
    const struct card_certificate_order order = {
        .serial = job->serial,
        .not_before = instant_noon(job->not_before),
        .expires = job->expires,
        .municipality = job->municipality,
        .ocsp = ISSUER_BOOK_OCSP,
    };

    image->auth_ca = shop->card_ca;
    return issuer_make_card(scope, shop->maker->keys->card, &order, &image->auth_key_pem,
                            &image->auth_certificate);
}

/* Of the signature certificates only a few are made: nothing here asks for one. */
static enum status make_signature(struct scope *scope, const struct shop *shop,
                                  const struct card_job *job, struct card_image *image)
{
    const struct card_certificate_order order = {
        .serial = job->serial,
        .not_before = instant_noon(job->not_before),
        .expires = job->expires,
        .municipality = job->municipality,
    };

    if (!job->signature)
        return STATUS_OK;
    image->sign_ca = shop->signature_ca;
    snprintf(image->sign_password, sizeof image->sign_password, "%s", CARD_MAKER_PASSWORD);
    return issuer_make_card(scope, shop->maker->keys->signature, &order, &image->sign_key_pem,
                            &image->sign_certificate);
}

/* The cast's days are made to show a case: no card of theirs ends before its certificate. */
static struct date card_end(const struct card_job *job)
{
    struct date end = card_expiry(job->birth, job->not_before);

    return date_before(end, job->expires) ? job->expires : end;
}

static enum status make_card(struct scope *scope, const struct shop *shop,
                             const struct card_job *job, const char *path)
{
    struct card_image image = {
        .label = TEXT(LABEL),
        .terminal_ca_pem = shop->terminal_ca,
        .municipality = text_of(job->municipality),
        .auth_tries = job->kind == CARD_PIN_LOCKED ? 0 : 3,
        .sign_tries = 5,
        .card_expires = card_end(job),
    };

    if (job->kind != CARD_PINLESS)
        snprintf(image.auth_pin, sizeof image.auth_pin, "%s", CARD_MAKER_PIN);
    TRY(text_format(scope, &image.card_number, "%015llu", (unsigned long long)job->serial));
    TRY(make_authentication(scope, shop, job, &image));
    TRY(make_signature(scope, shop, job, &image));
    return card_image_write(scope, path, &image);
}

static enum status make_one(struct scope *scope, const struct shop *shop,
                            const struct card_job *job)
{
    char path[FOLDER_PATH_SIZE];

    folder_path(shop->maker->folder, job->file, path);
    if (job->institution)
        return issuer_make_terminal(scope, shop->maker->keys->terminal, job->institution, path);
    return make_card(scope, shop, job, path);
}

static void note_failure(struct shop *shop, enum cause cause, const char *failure)
{
    pthread_mutex_lock(&shop->lock);
    if (!atomic_exchange(&shop->failed, true)) {
        shop->cause = cause;
        snprintf(shop->failure, sizeof shop->failure, "%s", failure);
    }
    pthread_mutex_unlock(&shop->lock);
}

static bool stopped(const struct card_maker *maker)
{
    return maker->stop && atomic_load(maker->stop);
}

static void *work(void *context)
{
    struct shop *shop = context;
    CLEANUP(scope_end) struct scope scope = scope_begin_at(JOB_SCOPE_LIMIT, shop->now);

    while (!atomic_load(&shop->failed)) {
        size_t at = atomic_fetch_add(&shop->next, 1);
        if (at >= shop->count)
            return NULL;
        if (stopped(shop->maker)) {
            note_failure(shop, CAUSE_FILE_UNAVAILABLE, "stopped by a signal");
            return NULL;
        }
        if (make_one(&scope, shop, &shop->jobs[at]) != STATUS_OK)
            note_failure(shop, scope.cause, scope.failure);
        scope_reset(&scope);
        if (shop->maker->progress)
            progress_add(shop->maker->progress, 1);
    }
    return NULL;
}

/* As many workers as there are cores; this thread is one of them. */
static void run_workers(struct shop *shop)
{
    pthread_t threads[WORKERS_MAX];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores > 1 ? (size_t)cores - 1 : 0;
    size_t started = 0;

    while (started < wanted && started < WORKERS_MAX &&
           pthread_create(&threads[started], NULL, work, shop) == 0)
        started++;
    work(shop);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

enum status card_maker_run(struct scope *scope, const struct card_maker *maker,
                           const struct card_job *jobs, size_t count)
{
    struct shop shop = {.maker = maker,
                        .jobs = jobs,
                        .count = count,
                        .now = scope->now,
                        .lock = PTHREAD_MUTEX_INITIALIZER};

    TRY(issuer_certificate(scope, maker->keys->card, &shop.card_ca));
    TRY(issuer_certificate(scope, maker->keys->signature, &shop.signature_ca));
    TRY(issuer_public_pem(scope, maker->keys->terminal, &shop.terminal_ca));
    run_workers(&shop);
    if (atomic_load(&shop.failed))
        return scope_fail(scope, shop.cause, "%s", shop.failure);
    return STATUS_OK;
}
