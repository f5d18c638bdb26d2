/* SPDX-License-Identifier: Apache-2.0 */
#include "world/world.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "world/card_life.h"
#include "world/card_maker.h"
#include "world/folder.h"
#include "world/issuer_book.h"
#include "world/keys.h"
#include "world/loading.h"
#include "world/residents.h"
#include "world/samples.h"

#define LOADING_SCOPE_LIMIT (64UL * 1024 * 1024)

/* A world while it is made. */
struct making {
    const struct world_order *order;
    struct world_folder folder;
    char store_url[FOLDER_PATH_SIZE + 8];
    struct world_keys keys;
    struct card_job *jobs;
    size_t job_count, job_limit;
    struct progress progress;
    struct world_figures figures;
};

static void store_drop(struct store **store)
{
    store_close(*store);
}

/* world.json is there from the start, so that an unfinished world can be told and replaced. */
static enum status write_about(struct scope *scope, const struct making *making, bool finished)
{
    const struct world_order *order = making->order;
    struct text content = {0};
    char on[11];

    date_write_iso(order->on, on);
    TRY(text_format(scope, &content,
                    "{\"world\": 1, \"version\": \"%s\", \"on\": \"%s\", \"seed\": %llu, "
                    "\"people\": %lld, \"cards\": %lld, \"finished\": %s}\n",
                    SHIKAKU_VERSION, on, (unsigned long long)order->seed, (long long)order->people,
                    (long long)order->cards, finished ? "true" : "false"));
    return folder_write(scope, &making->folder, "world.json", content);
}

/* --- what the cast needs ------------------------------------------------------------------------
 */

static void add_cast_cards(struct making *making, const struct cast_person *person)
{
    struct authentication_certificate certificates[CAST_CERTIFICATES];
    size_t count = cast_make_certificates(person, making->order->on, certificates);

    for (size_t i = 0; i < count; i++) {
        struct card_job *job = &making->jobs[making->job_count++];
        *job = (struct card_job){.holder = person->id,
                                 .birth = cast_birth(person, making->order->on),
                                 .serial = certificates[i].serial,
                                 .successor = certificates[i].successor,
                                 .state = certificates[i].state,
                                 .not_before = certificates[i].not_before,
                                 .expires = certificates[i].expires,
                                 .municipality = CAST_MUNICIPALITY,
                                 .kind = person->card,
                                 .signature = person->id == 1 || person->card == CARD_PIN_LOCKED};
        snprintf(job->file, sizeof job->file, "cards/%s.card", person->certificates[i].file);
    }
}

static enum status plan_jobs(struct scope *scope, struct making *making)
{
    size_t people_count = 0;
    size_t institution_count = 0;
    const struct cast_person *people = cast_people(&people_count);
    const struct cast_institution *institutions = cast_institutions(&institution_count);

    making->job_limit = people_count * CAST_CERTIFICATES + institution_count;
    TRY(scope_alloc(scope, making->job_limit + (size_t)making->order->cards, sizeof *making->jobs,
                    &making->jobs));
    for (size_t i = 0; i < people_count; i++)
        add_cast_cards(making, &people[i]);
    for (size_t i = 0; i < institution_count; i++) {
        struct card_job *job = &making->jobs[making->job_count];
        if (!institutions[i].face_reader)
            continue;
        job->institution = institutions[i].code;
        snprintf(job->file, sizeof job->file, "pki/institutions/%s.credential", job->institution);
        making->job_count++;
    }
    return STATUS_OK;
}

/* --- steps --------------------------------------------------------------------------------------
 */

static enum status load_people(struct scope *scope, struct making *making, struct loading *loading)
{
    struct residents residents = {0};
    bool wanted = making->order->people <= making->order->register_limit;
    enum status status = STATUS_OK;

    if (wanted) {
        loading->residents = &residents;
        status = residents_begin(scope, &making->folder, loading->store, &residents);
    }
    if (status == STATUS_OK)
        status = loading_people(scope, loading);
    if (status == STATUS_OK && wanted)
        status = residents_end(scope, &residents);
    residents_close(&residents);
    loading->residents = NULL;
    return status;
}

/* With T as the time, so that what is believed since when does not hang on today. */
static enum status load(struct scope *scope, struct making *making)
{
    const struct world_order *order = making->order;
    CLEANUP(scope_end)
    struct scope loading_scope = scope_begin_at(LOADING_SCOPE_LIMIT, instant_noon(order->on));
    CLEANUP(store_drop) struct store *store = NULL;
    struct insurer_list insurers = {0};
    struct population_order population = {order->seed, order->people, order->on, &insurers};
    struct loading loading = {.population = &population,
                              .stop = order->stop,
                              .progress = &making->progress,
                              .jobs = making->jobs + making->job_count,
                              .job_limit = (size_t)order->cards};
    enum status status = insurer_list_make(&loading_scope, &insurers);

    if (status == STATUS_OK)
        status = store_open(&loading_scope, making->store_url, STORE_CREATE, &store);
    if (status == STATUS_OK)
        status = loading_register(&loading_scope, store, &insurers, order->people, order->on,
                                  &making->figures.insurers, &making->figures.institutions);
    loading.store = store;
    progress_begin(&making->progress, "people", order->people);
    if (status == STATUS_OK)
        status = load_people(&loading_scope, making, &loading);
    making->figures.people_rate = progress_end(&making->progress);
    if (status != STATUS_OK)
        return scope_fail(scope, loading_scope.cause, "%s", loading_scope.failure);
    making->job_count += loading.job_count;
    making->figures.people = order->people;
    making->figures.cards = (int64_t)loading.job_count;
    return STATUS_OK;
}

static enum status make_cards(struct scope *scope, struct making *making)
{
    const struct card_maker maker = {&making->folder, &making->keys, making->order->stop,
                                     &making->progress};
    enum status status = STATUS_OK;

    progress_begin(&making->progress, "cards", (int64_t)making->job_count);
    status = card_maker_run(scope, &maker, making->jobs, making->job_count);
    progress_end(&making->progress);
    return status;
}

static enum status write_samples(struct scope *scope, const struct making *making)
{
    const struct world_folder *folder = &making->folder;
    struct date on = making->order->on;

    TRY(samples_write_cast(scope, folder, on));
    TRY(samples_write_presentations(scope, folder));
    TRY(samples_write_requests(scope, folder, on));
    TRY(samples_write_hostile(scope, folder, on));
    return samples_write_configurations(scope, folder, making->store_url);
}

/* Serials behind those of all people: the next in the issuer's sequence. */
static uint64_t first_free_serial(const struct world_order *order)
{
    return card_life_serial(POPULATION_FIRST_ID + order->people, 0);
}

static enum status write_issuer_book(struct scope *scope, const struct making *making,
                                     uint64_t next)
{
    const struct issuer_book_order order = {.jobs = making->jobs,
                                            .count = making->job_count,
                                            .on = making->order->on,
                                            .next = next};

    return issuer_book_write(scope, &making->folder, &order);
}

static enum status fill(struct scope *scope, struct making *making)
{
    uint64_t first = first_free_serial(making->order);

    TRY(write_about(scope, making, false));
    TRY(plan_jobs(scope, making));
    TRY(load(scope, making));
    TRY(keys_make(scope, &making->folder, making->order->on, first, &making->keys));
    TRY(make_cards(scope, making));
    TRY(write_issuer_book(scope, making, first + 1));
    TRY(write_samples(scope, making));
    return write_about(scope, making, true);
}

enum status world_make(struct scope *scope, const struct world_order *order,
                       struct world_figures *out)
{
    struct making making = {.order = order};
    struct instant begun = instant_now();
    enum status status = STATUS_OK;

    if (date_before(order->on, WORLD_FIRST_DAY))
        return scope_fail(scope, CAUSE_USAGE, "--on: a world's date is 2024-08-01 or later");
    TRY(folder_begin(scope, order->directory, order->force, &making.folder));
    if (order->store)
        snprintf(making.store_url, sizeof making.store_url, "%s", order->store);
    else
        snprintf(making.store_url, sizeof making.store_url, "sqlite:%s/store.sqlite",
                 making.folder.path);
    status = fill(scope, &making);
    keys_close(&making.keys);
    if (status != STATUS_OK) {
        folder_remove(&making.folder);
        return status;
    }
    making.figures.seconds = (double)(instant_now().microseconds - begun.microseconds) / 1e6;
    *out = making.figures;
    return STATUS_OK;
}
