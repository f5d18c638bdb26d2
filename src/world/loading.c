/* SPDX-License-Identifier: Apache-2.0 */
#include "world/loading.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"

#define ROUND_SCOPE_LIMIT (1024UL * 1024)
#define PEOPLE_PER_INSTITUTION                                                                     \
    500 /* some 250,000 for 124 million, those without a mandate included */

/* --- insurers and institutions ------------------------------------------------------------------
 */

static enum status put_insurer(struct scope *scope, struct store *store,
                               struct insurer_number number, struct text name, int64_t *count)
{
    const struct insurer insurer = {number, name};

    (*count)++;
    return store_put_insurer(scope, store, &insurer);
}

static enum status put_insurers(struct scope *scope, struct store *store,
                                const struct insurer_list *insurers, int64_t *count)
{
    CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_SCOPE_LIMIT, scope->now);
    size_t cast_count = 0;
    const struct cast_insurer *cast = cast_insurers(&cast_count);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < cast_count && status == STATUS_OK; i++) {
        struct insurer_number number = {{0}};
        memcpy(number.digits, cast[i].number, strlen(cast[i].number));
        status = put_insurer(&round, store, number, text_of(cast[i].name), count);
    }
    for (size_t i = 0; i < insurers->count && status == STATUS_OK; i++) {
        scope_reset(&round);
        status =
            put_insurer(&round, store, insurers->items[i].number, insurers->items[i].name, count);
    }
    return status == STATUS_OK ? STATUS_OK : scope_fail(scope, round.cause, "%s", round.failure);
}

static enum status put_institutions(struct scope *scope, struct store *store, int64_t people,
                                    struct date on, int64_t *count)
{
    CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_SCOPE_LIMIT, scope->now);
    size_t cast_count = 0;
    const struct cast_institution *cast = cast_institutions(&cast_count);
    struct institution institution = {0};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < cast_count && status == STATUS_OK; i++, (*count)++) {
        institution = cast_institution_make(&cast[i], on);
        status = store_put_institution(&round, store, &institution);
    }
    for (int64_t i = 0; i < people / PEOPLE_PER_INSTITUTION && status == STATUS_OK; i++) {
        scope_reset(&round);
        status = facility_make(&round, (uint64_t)i, &institution);
        if (status == STATUS_OK)
            status = store_put_institution(&round, store, &institution);
        (*count)++;
    }
    return status == STATUS_OK ? STATUS_OK : scope_fail(scope, round.cause, "%s", round.failure);
}

enum status loading_register(struct scope *scope, struct store *store,
                             const struct insurer_list *insurers, int64_t people, struct date on,
                             int64_t *insurer_count, int64_t *institution_count)
{
    enum status status = STATUS_OK;

    TRY(store_begin(scope, store));
    status = put_insurers(scope, store, insurers, insurer_count);
    if (status == STATUS_OK)
        status = put_institutions(scope, store, people, on, institution_count);
    if (status == STATUS_OK)
        return store_commit(scope, store);
    store_rollback(store);
    return status;
}

/* --- people -------------------------------------------------------------------------------------
 */

static enum status load_one(struct scope *scope, const struct loading *loading,
                            const struct person *person, const char *municipality,
                            const struct authentication_certificate *certificates, size_t count)
{
    TRY(store_load_person(scope, loading->store, person));
    for (size_t i = 0; i < count; i++)
        TRY(store_load_certificate(scope, loading->store, &certificates[i]));
    return loading->residents ? residents_add(scope, loading->residents, person, municipality)
                              : STATUS_OK;
}

static enum status load_cast(struct scope *scope, struct loading *loading)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    for (size_t i = 0; i < count; i++) {
        struct authentication_certificate certificates[CAST_CERTIFICATES];
        struct person person = {0};
        size_t held = cast_make_certificates(&people[i], loading->population->on, certificates);
        TRY(cast_make_person(scope, &people[i], loading->population->on, &person));
        TRY(load_one(scope, loading, &person, CAST_MUNICIPALITY, certificates, held));
    }
    return STATUS_OK;
}

/* A real card for whoever has a certificate that can be used on T. */
static void note_card(struct loading *loading, const struct person *person, struct place place,
                      const struct card_life *life)
{
    struct card_job *job = &loading->jobs[loading->job_count];
    const struct authentication_certificate *newest = &life->certificates[life->newest];

    if (loading->job_count >= loading->job_limit || life->count == 0 ||
        !date_is(person->registered) || !certificate_life_on(newest, loading->population->on).check)
        return;
    *job = (struct card_job){.holder = person->person_id,
                             .birth = person->birth,
                             .serial = newest->serial,
                             .successor = newest->successor,
                             .state = newest->state,
                             .not_before = newest->not_before,
                             .expires = newest->expires,
                             .kind = CARD_USUAL};
    snprintf(job->file, sizeof job->file, "cards/person-%lld.card", (long long)person->person_id);
    place_municipality_code(place, job->municipality);
    loading->job_count++;
}

static enum status load_household(struct scope *scope, void *context,
                                  const struct population_household *made)
{
    struct loading *loading = context;
    char municipality[6];

    place_municipality_code(made->household.place, municipality);
    for (size_t i = 0; i < made->household.count; i++) {
        const struct person *person = &made->household.people[i];
        TRY(load_one(scope, loading, person, municipality, made->cards[i].certificates,
                     made->cards[i].count));
        note_card(loading, person, made->household.place, &made->cards[i]);
    }
    if (loading->progress)
        progress_add(loading->progress, (int64_t)made->household.count);
    return STATUS_OK;
}

enum status loading_people(struct scope *scope, struct loading *loading)
{
    TRY(store_load_begin(scope, loading->store));
    TRY(load_cast(scope, loading));
    TRY(population_make(scope, loading->population, loading->stop, load_household, loading));
    return store_load_end(scope, loading->store);
}
