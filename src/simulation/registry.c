/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/registry_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch/settle.h"
#include "domain/document_days.h"
#include "store/store.h"
#include "world/person_name.h"
#include "world/population.h"
#include "world/timeline.h"

#define ROUND_LIMIT (8UL * 1024 * 1024)
#define WALK_LIMIT (256UL * 1024 * 1024)
#define FIRST_COVERAGE 50 /* those below are the world's */
#define FILE_SIZE (FOLDER_SIZE + 32)
#define FIRST_HOUSEHOLD UINT64_C(100000000) /* numbers of memberships that began here */

/* --- opening ---------------------------------------------------------------------------------- */

static enum status make_folder(struct scope *scope, struct registry *registry)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables while the program runs */
    const char *base = getenv("TMPDIR");
    int size = snprintf(registry->folder, sizeof registry->folder, "%s/shikaku-simulate-XXXXXX",
                        base && *base ? base : "/tmp");

    if (size < 0 || (size_t)size >= sizeof registry->folder || !mkdtemp(registry->folder)) {
        registry->folder[0] = '\0';
        return scope_fail(scope, CAUSE_FILE_UNAVAILABLE, "no temporary folder: %s",
                          strerrordesc_np(errno));
    }
    return STATUS_OK;
}

static void remove_folder(const struct registry *registry)
{
    static const char *const files[] = {"store.sqlite", "store.sqlite-wal", "store.sqlite-shm",
                                        "store.sqlite-journal"};
    char path[FILE_SIZE];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", registry->folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(registry->folder);
}

enum status registry_open(struct scope *scope, const char *url, struct registry **out)
{
    struct registry *registry = NULL;
    char path[FILE_SIZE];

    TRY(scope_alloc(scope, 1, sizeof *registry, &registry));
    registry->scope = scope;
    registry->round = scope_begin_at(ROUND_LIMIT, scope->now);
    *out = registry; /* from here on to be closed */
    if (url)
        return store_open(scope, url, STORE_CREATE, &registry->store);
    TRY(make_folder(scope, registry));
    snprintf(path, sizeof path, "%s/store.sqlite", registry->folder);
    return store_open(scope, path, STORE_CREATE, &registry->store);
}

void registry_close(struct registry *registry)
{
    if (!registry)
        return;
    if (registry->open)
        store_rollback(registry->store);
    store_close(registry->store);
    scope_end(&registry->round);
    if (registry->folder[0] != '\0')
        remove_folder(registry);
}

/* --- the first day ---------------------------------------------------------------------------- */

enum status registry_load_begin(struct scope *scope, struct registry *registry)
{
    return store_load_begin(scope, registry->store);
}

/* The old card that somebody holds of a membership; NULL where there is none. */
static const struct held_paper *old_card_of(const struct resident *resident, int enrolment)
{
    for (size_t i = 0; i < resident->paper_count; i++)
        if (resident->papers[i].kind == PAPER_OLD_CARD &&
            resident->papers[i].enrolment == enrolment)
            return &resident->papers[i];
    return NULL;
}

/*
 * Papers since the reform stand in their register; a coverage has the old card, or none. Its day of
 * issue stays: by it one of two coverages counts.
 */
static void write_paper(struct coverage *coverage, const struct held_paper *card)
{
    coverage->paper = card ? PAPER_OLD_CARD : PAPER_NONE;
    coverage->valid_from = card ? card->valid_from : DATE_NONE;
    coverage->valid_until = card ? card->valid_until : DATE_NEVER;
}

static enum status load_person(struct scope *scope, struct registry *registry,
                               const struct person *made, const struct resident *resident)
{
    struct person person = *made;
    struct coverage *coverages = NULL;

    person.register_difference = 0; /* nobody's record differs from the resident register */
    TRY(scope_alloc(scope, person.coverage_count + 1, sizeof *coverages, &coverages));
    for (size_t i = 0; i < person.coverage_count; i++) {
        coverages[i] = made->coverages[i];
        if (coverages[i].coverage_id == resident->enrolment.coverage_id)
            write_paper(&coverages[i], old_card_of(resident, resident->enrolment.id));
    }
    person.coverages = coverages;
    return store_load_person(scope, registry->store, &person);
}

/* Phones are not of the simulation. */
enum status registry_load(struct scope *scope, struct registry *registry,
                          const struct population_household *made, const struct resident *residents)
{
    for (size_t i = 0; i < made->household.count; i++) {
        TRY(load_person(scope, registry, &made->household.people[i], &residents[i]));
        for (size_t j = 0; j < made->cards[i].count; j++)
            if (!made->cards[i].certificates[j].phone)
                TRY(store_load_certificate(scope, registry->store,
                                           &made->cards[i].certificates[j]));
    }
    return STATUS_OK;
}

enum status registry_load_end(struct scope *scope, struct registry *registry)
{
    return store_load_end(scope, registry->store);
}

enum status registry_begin_day(struct registry *registry, struct date today)
{
    registry->round.now = instant_noon(today);
    if (registry->open)
        return STATUS_OK;
    TRY(store_begin(registry->scope, registry->store));
    registry->open = true;
    return STATUS_OK;
}

enum status registry_end_month(struct registry *registry)
{
    if (!registry->open)
        return STATUS_OK;
    registry->open = false;
    return store_commit(registry->scope, registry->store);
}

/* --- one change ------------------------------------------------------------------------------- */

enum status registry_read_person(struct change_of *change)
{
    struct person *person = &change->person;

    TRY(store_find_person(change->scope, change->registry->store, change->resident->person_id,
                          person));
    TRY(scope_alloc(change->scope, person->coverage_count + 1, sizeof *change->coverages,
                    &change->coverages));
    if (person->coverage_count > 0)
        memcpy(change->coverages, person->coverages,
               person->coverage_count * sizeof *change->coverages);
    person->coverages = change->coverages;
    return STATUS_OK;
}

enum status registry_put_person(const struct change_of *change)
{
    return store_put_person(change->scope, change->registry->store, &change->person);
}

enum status registry_run(struct registry *registry, struct date today,
                         const struct resident *resident, changer make, const void *value)
{
    struct change_of change = {
        .registry = registry, .scope = &registry->round, .today = today, .resident = resident};
    enum status status = make(&change, value);

    if (status != STATUS_OK)
        return registry->round.cause == CAUSE_NONE
                   ? scope_fail(registry->scope, CAUSE_STORE_CORRUPT,
                                "a person of the simulation is not in its store")
                   : scope_fail(registry->scope, registry->round.cause, "%s",
                                registry->round.failure);
    scope_reset(&registry->round);
    return STATUS_OK;
}

/* --- reading back ----------------------------------------------------------------------------- */

static enum status visit_run(struct scope *scope, const struct standing_run *run,
                             registry_visit visit, void *context)
{
    for (size_t i = 0; i < run->count; i++)
        TRY(visit(scope, context, &run->standings[i]));
    return STATUS_OK;
}

/* One scope a run of people. */
enum status registry_walk(struct registry *registry, registry_visit visit, void *context)
{
    struct standing_run run = {0};

    while (!run.last) {
        CLEANUP(scope_end)
        struct scope scope = scope_begin_at(WALK_LIMIT, registry->round.now);
        enum status status = store_read_standings(&scope, registry->store, run.next, &run);
        if (status == STATUS_OK)
            status = visit_run(&scope, &run, visit, context);
        if (status != STATUS_OK)
            return scope_fail(registry->scope, scope.cause, "%s", scope.failure);
    }
    return STATUS_OK;
}

enum status registry_list_certificates(struct scope *scope, struct registry *registry,
                                       int64_t person_id, struct authentication_certificate **out,
                                       size_t *count)
{
    return store_list_certificates(scope, registry->store, person_id, out, count);
}

enum status registry_find_card(struct scope *scope, struct registry *registry,
                               const struct authentication_certificate *certificate,
                               struct card_holder *out)
{
    return store_find_card_holder(scope, registry->store, certificate->issuer, certificate->serial,
                                  out);
}

enum status registry_number_enrolment(struct registry *registry, int64_t person_id,
                                      struct enrolment *enrolment)
{
    if (enrolment->id >= COVERAGES_EACH - FIRST_COVERAGE)
        return scope_fail(registry->scope, CAUSE_SIMULATION_TOO_MANY,
                          "somebody changed insurers more than %d times",
                          COVERAGES_EACH - FIRST_COVERAGE - 1);
    enrolment->coverage_id = person_id * COVERAGES_EACH + FIRST_COVERAGE + enrolment->id;
    return STATUS_OK;
}

/* --- coverages -------------------------------------------------------------------------------- */

static void end_coverage(struct coverage *coverage, struct date until, enum loss_reason reason)
{
    coverage->until = date_before(coverage->from, until) ? until : coverage->from;
    coverage->loss_reason = reason;
}

/* Family members have the numbers of the one they are insured through. */
static enum status take_numbers(struct change_of *change, const struct world_insurer *insurer,
                                struct coverage *coverage)
{
    const struct resident *resident = change->resident;
    struct draw draw = {0};
    struct person earner = {0};

    if (resident->earner != NOBODY && insurer == resident->enrolment.insurer) {
        TRY(store_find_person(change->scope, change->registry->store,
                              POPULATION_FIRST_ID + (int64_t)resident->earner, &earner));
        for (size_t i = 0; i < earner.coverage_count; i++)
            if (insurer_number_equal(earner.coverages[i].insurer, coverage->insurer)) {
                coverage->symbol = earner.coverages[i].symbol;
                coverage->number = earner.coverages[i].number;
            }
        coverage->insured_name = earner.name;
    }
    if (!text_empty(coverage->number))
        return STATUS_OK;
    draw = draw_begin(0, DRAW_RESIDENT, change->registry->memberships);
    return membership_write_numbers(change->scope, &draw, insurer,
                                    FIRST_HOUSEHOLD + change->registry->memberships++, 0,
                                    &coverage->symbol, &coverage->number);
}

/* The coverage of a membership as its insurer enters it; one that was expected is there already. */
static enum status add_coverage(struct change_of *change, const struct enrolment *enrolment)
{
    const struct resident *resident = change->resident;
    bool expected = enrolment->insurance == INSURANCE_LATE_ELDERLY;
    struct coverage coverage = {
        .coverage_id = enrolment->coverage_id,
        .insurer = enrolment->insurer->number,
        .relation = resident->earner == NOBODY || expected ? RELATION_INSURED : RELATION_FAMILY,
        .from = enrolment->enrolled,
        .until = DATE_NEVER,
        .kind = enrolment->insurance == INSURANCE_SDF ? KIND_SELF_DEFENCE : KIND_GENERAL,
        .recorded = change->scope->now,
    };

    for (size_t i = 0; i < change->person.coverage_count; i++)
        if (change->coverages[i].coverage_id == enrolment->coverage_id)
            return STATUS_OK;
    write_paper(&coverage, old_card_of(resident, enrolment->id));
    TRY(take_numbers(change, enrolment->insurer, &coverage));
    if (enrolment->insurance != INSURANCE_LATE_ELDERLY) {
        coverage.branch[0] = (char)('0' + resident->place_at_home / 10 % 10);
        coverage.branch[1] = (char)('0' + resident->place_at_home % 10);
    } else {
        coverage.share = 10;
    }
    change->coverages[change->person.coverage_count++] = coverage;
    return STATUS_OK;
}

static enum status enrol(struct change_of *change, const void *value)
{
    const struct enrolment *enrolment = &change->resident->enrolment;
    const struct enrolment *coming = &change->resident->coming;
    struct date enrolled = enrolment->enrolled;

    (void)value;
    TRY(registry_read_person(change));
    for (size_t i = 0; i < change->person.coverage_count; i++) {
        struct coverage *coverage = &change->coverages[i];
        if (coverage->coverage_id == enrolment->coverage_id ||
            (coming->id != 0 && coverage->coverage_id == coming->coverage_id) ||
            !date_before(enrolled, coverage->until))
            continue;
        end_coverage(coverage, enrolled, LOSS_OTHER_INSURANCE);
    }
    TRY(add_coverage(change, enrolment));
    return registry_put_person(change);
}

static enum status expect(struct change_of *change, const void *value)
{
    const struct enrolment *coming = &change->resident->coming;

    (void)value;
    TRY(registry_read_person(change));
    for (size_t i = 0; i < change->person.coverage_count; i++)
        if (date_before(change->today, change->coverages[i].from)) /* of another prefecture */
            end_coverage(&change->coverages[i], change->coverages[i].from, LOSS_OTHER_INSURANCE);
    TRY(add_coverage(change, coming));
    return registry_put_person(change);
}

enum status registry_expect(struct registry *registry, struct date today,
                            const struct resident *resident)
{
    return registry_run(registry, today, resident, expect, NULL);
}

enum status registry_enrol(struct registry *registry, struct date today,
                           const struct resident *resident)
{
    return registry_run(registry, today, resident, enrol, NULL);
}

static enum status leave(struct change_of *change, const void *value)
{
    const enum loss_reason *reason = value;

    TRY(registry_read_person(change));
    for (size_t i = 0; i < change->person.coverage_count; i++)
        if (date_before(change->today, change->coverages[i].until))
            end_coverage(&change->coverages[i], change->today, *reason);
    return registry_put_person(change);
}

enum status registry_leave(struct registry *registry, struct date today,
                           const struct resident *resident)
{
    const enum loss_reason reason = LOSS_PUBLIC_ASSISTANCE;

    return registry_run(registry, today, resident, leave, &reason);
}

enum status registry_die(struct registry *registry, struct date today,
                         const struct resident *resident)
{
    const enum loss_reason reason = LOSS_DEATH;

    return registry_run(registry, date_add_days(today, 1), resident, leave, &reason);
}

static enum status born(struct change_of *change, const void *value)
{
    const struct resident *child = change->resident;
    const struct resident *mother = value;
    struct draw draw = draw_begin(0, DRAW_HOUSEHOLD, (uint64_t)child->person_id);
    struct family_name family = family_name_draw(&draw);
    struct person person = {0};

    TRY(store_find_person(change->scope, change->registry->store, mother->person_id, &person));
    change->person = (struct person){
        .person_id = child->person_id,
        .birth = child->birth,
        .sex1 = child->sex,
        .postal_code = person.postal_code,
        .address = person.address,
    };
    TRY(person_name_write(change->scope, &draw, &family, &change->person));
    return registry_put_person(change);
}

enum status registry_born(struct registry *registry, struct date today,
                          const struct resident *child, const struct resident *mother)
{
    return registry_run(registry, today, child, born, mother);
}

/* --- papers ----------------------------------------------------------------------------------- */

static enum status put_need(struct change_of *change, const void *value)
{
    return store_put_need(change->scope, change->registry->store, value);
}

enum status registry_need(struct registry *registry, const struct resident *resident,
                          const struct need_row *need)
{
    return registry_run(registry, need->since, resident, put_need, need);
}

/* The use of the card is counted by the insurers, not by the store. */
void registry_count_uses(const struct resident *resident, struct standing *standing)
{
    standing->uses_12_months = resident->uses_card ? 12 : 0;
    standing->uses_3_months = resident->uses_card ? 3 : 0;
}

struct seeing {
    registry_visit visit;
    void *context;
};

static enum status find_standing(const struct change_of *change, struct standing *out)
{
    return store_find_standing(change->scope, change->registry->store, change->resident->person_id,
                               out);
}

static enum status see(struct change_of *change, const void *value)
{
    const struct seeing *seeing = value;
    struct standing standing = {0};

    TRY(find_standing(change, &standing));
    return seeing->visit(change->scope, seeing->context, &standing);
}

enum status registry_see(struct registry *registry, const struct resident *resident,
                         registry_visit visit, void *context)
{
    const struct seeing seeing = {visit, context};

    return registry_run(registry, DATE_NONE, resident, see, &seeing);
}

static enum status take_papers(struct change_of *change, const void *value)
{
    const struct registry_papers *papers = value;
    struct settlement settlement = {0};
    struct standing standing = {0};

    TRY(find_standing(change, &standing));
    registry_count_uses(change->resident, &standing);
    TRY(settle_papers(change->scope, change->registry->store, &standing, &papers->order,
                      &settlement));
    for (size_t i = 0; i < settlement.issue_count; i++)
        TRY(papers->taken(papers->context, settlement.issues[i].issue));
    return papers->then ? papers->then(change->scope, papers->context, &settlement.standing)
                        : STATUS_OK;
}

enum status registry_papers(struct registry *registry, const struct resident *resident,
                            const struct registry_papers *papers)
{
    return registry_run(registry, papers->order.on, resident, take_papers, papers);
}
