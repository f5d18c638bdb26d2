/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/document_days.h"
#include "store/store.h"
#include "world/person_name.h"
#include "world/population.h"
#include "world/timeline.h"

#define ROUND_LIMIT (1024UL * 1024)
#define WALK_LIMIT (256UL * 1024 * 1024)
#define FIRST_COVERAGE 50 /* those below are the world's */
#define FOLDER_SIZE 256
#define FILE_SIZE (FOLDER_SIZE + 32)
#define ISSUER 1
#define CERTIFICATE_SERIALS UINT64_C(1000000000000) /* above those of the world */
#define COVERAGES_EACH 100                  /* coverage ids of a person: person_id * 100 + n */
#define FIRST_HOUSEHOLD UINT64_C(100000000) /* numbers of memberships that began here */

struct registry {
    struct store *store;
    struct scope *scope; /* of the whole run: failures go there */
    struct scope round;  /* of one change */
    uint64_t memberships;
    char folder[FOLDER_SIZE]; /* "" where the store is elsewhere */
    bool open;
};

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

enum status registry_load(struct scope *scope, struct registry *registry,
                          const struct population_household *made)
{
    for (size_t i = 0; i < made->household.count; i++) {
        struct person person = made->household.people[i];
        person.register_difference = 0; /* nobody's record differs from the resident register */
        TRY(store_load_person(scope, registry->store, &person));
        for (size_t j = 0; j < made->cards[i].count; j++)
            TRY(store_load_certificate(scope, registry->store, &made->cards[i].certificates[j]));
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

/* A person's row while it is changed. */
struct change_of {
    struct registry *registry;
    struct scope *scope; /* of this change */
    struct date today;
    const struct resident *resident;
    struct person person;
    struct coverage *coverages; /* a copy with room for one more */
};

typedef enum status (*changer)(struct change_of *change, const void *value);

static enum status read_person(struct change_of *change)
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

static enum status put_person(const struct change_of *change)
{
    return store_put_person(change->scope, change->registry->store, &change->person);
}

/* Runs one change in a scope of its own; a failure is the whole run's. */
static enum status run(struct registry *registry, struct date today,
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

static void end_coverages(struct change_of *change, struct date until, enum loss_reason reason)
{
    for (size_t i = 0; i < change->person.coverage_count; i++) {
        struct coverage *coverage = &change->coverages[i];
        if (!date_before(until, coverage->until))
            continue;
        coverage->until = date_before(coverage->from, until) ? until : coverage->from;
        coverage->loss_reason = reason;
    }
}

/* NULL where the insurer has not entered it yet. */
static struct coverage *present_coverage(const struct change_of *change)
{
    for (size_t i = 0; i < change->person.coverage_count; i++)
        if (change->coverages[i].coverage_id == change->resident->enrolment.coverage_id)
            return &change->coverages[i];
    return NULL;
}

/* Family members have the numbers of the one they are insured through. */
static enum status take_numbers(struct change_of *change, struct coverage *coverage)
{
    const struct resident *resident = change->resident;
    struct draw draw = {0};
    struct person earner = {0};

    if (resident->earner != NOBODY) {
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
    return membership_write_numbers(change->scope, &draw, resident->enrolment.insurer,
                                    FIRST_HOUSEHOLD + change->registry->memberships++, 0,
                                    &coverage->symbol, &coverage->number);
}

static enum status enrol(struct change_of *change, const void *value)
{
    const struct resident *resident = change->resident;
    const struct enrolment *enrolment = &resident->enrolment;
    struct coverage coverage = {
        .coverage_id = enrolment->coverage_id,
        .insurer = enrolment->insurer->number,
        .relation = resident->earner == NOBODY ? RELATION_INSURED : RELATION_FAMILY,
        .from = enrolment->enrolled,
        .until = DATE_NEVER,
        .kind = enrolment->insurance == INSURANCE_SDF ? KIND_SELF_DEFENCE : KIND_GENERAL,
        .issued = DATE_NONE,
        .valid_until = DATE_NEVER,
        .recorded = change->scope->now,
    };

    (void)value;
    TRY(read_person(change));
    TRY(take_numbers(change, &coverage));
    if (enrolment->insurance != INSURANCE_LATE_ELDERLY) {
        coverage.branch[0] = (char)('0' + resident->place_at_home / 10 % 10);
        coverage.branch[1] = (char)('0' + resident->place_at_home % 10);
    } else {
        coverage.share = 10;
    }
    end_coverages(change, enrolment->enrolled, LOSS_OTHER_INSURANCE);
    change->coverages[change->person.coverage_count++] = coverage;
    return put_person(change);
}

enum status registry_enrol(struct registry *registry, struct date today,
                           const struct resident *resident)
{
    return run(registry, today, resident, enrol, NULL);
}

static enum status leave(struct change_of *change, const void *value)
{
    const enum loss_reason *reason = value;

    TRY(read_person(change));
    end_coverages(change, change->today, *reason);
    return put_person(change);
}

enum status registry_leave(struct registry *registry, struct date today,
                           const struct resident *resident)
{
    const enum loss_reason reason = LOSS_PUBLIC_ASSISTANCE;

    return run(registry, today, resident, leave, &reason);
}

enum status registry_die(struct registry *registry, struct date today,
                         const struct resident *resident)
{
    const enum loss_reason reason = LOSS_DEATH;

    return run(registry, date_add_days(today, 1), resident, leave, &reason);
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
    return put_person(change);
}

enum status registry_born(struct registry *registry, struct date today,
                          const struct resident *child, const struct resident *mother)
{
    return run(registry, today, child, born, mother);
}

/* --- the card --------------------------------------------------------------------------------- */

static enum status newest_certificate(struct change_of *change,
                                      struct authentication_certificate *out, size_t *count)
{
    struct authentication_certificate *items = NULL;
    size_t given = 0;

    TRY(store_list_certificates(change->scope, change->registry->store, change->resident->person_id,
                                &items, &given));
    for (size_t i = 0; i < given; i++)
        if (!items[i].phone)
            *out = items[i];
    *count = given;
    return STATUS_OK;
}

static enum status certify(struct change_of *change, const void *value)
{
    const struct resident *resident = change->resident;
    struct authentication_certificate former = {0};
    struct authentication_certificate made = {
        .issuer = ISSUER,
        .serial = CERTIFICATE_SERIALS + (uint64_t)resident->person_id * COVERAGES_EACH +
                  (uint64_t)resident->certificates,
        .person_id = resident->person_id,
        .not_before = change->today,
        .expires = resident->expires,
        .state = CERTIFICATE_CURRENT,
    };
    size_t count = 0;

    (void)value;
    TRY(newest_certificate(change, &former, &count));
    if (former.serial != 0 && former.state == CERTIFICATE_CURRENT) {
        former.state = CERTIFICATE_SUPERSEDED;
        former.successor = made.serial;
        TRY(store_put_certificate(change->scope, change->registry->store, &former));
    }
    return store_put_certificate(change->scope, change->registry->store, &made);
}

enum status registry_certify(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    return run(registry, today, resident, certify, NULL);
}

static enum status revoke_newest(struct change_of *change, const void *value)
{
    struct authentication_certificate newest = {0};
    size_t count = 0;

    (void)value;
    TRY(newest_certificate(change, &newest, &count));
    if (newest.serial == 0)
        return STATUS_OK;
    newest.state = CERTIFICATE_REVOKED;
    return store_put_certificate(change->scope, change->registry->store, &newest);
}

enum status registry_revoke(struct registry *registry, struct date today,
                            const struct resident *resident)
{
    return run(registry, today, resident, revoke_newest, NULL);
}

static enum status make_registration(struct change_of *change, const void *value)
{
    bool already = false;

    (void)value;
    return store_register_person(change->scope, change->registry->store,
                                 change->resident->person_id, change->today, REGISTERED_AT_READER,
                                 &already);
}

enum status registry_register(struct registry *registry, struct date today,
                              const struct resident *resident)
{
    return run(registry, today, resident, make_registration, NULL);
}

struct registration_ending {
    enum registration_end ended;
    struct date until;
};

/* One that a new certificate found lapsed has ended already. */
static enum status end_registration(struct change_of *change, const void *value)
{
    const struct registration_ending *ending = value;
    enum status status =
        store_end_registration(change->scope, change->registry->store, change->resident->person_id,
                               ending->until, ending->ended);

    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status registry_end_registration(struct registry *registry, struct date today,
                                      const struct resident *resident, enum registration_end ended)
{
    const struct registration_ending ending = {ended, date_add_days(today, -1)};

    return run(registry, today, resident, end_registration, &ending);
}

/* R2: the last day of use is written with the request. */
enum status registry_request(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    const struct registration_ending ending = {REGISTRATION_DEREGISTERED,
                                               document_deregistered_on(resident->requested)};

    return run(registry, today, resident, end_registration, &ending);
}

static enum status protect(struct change_of *change, const void *value)
{
    unsigned refusal = date_is(change->resident->protected_since) ? PROTECTION_SELF_REFUSAL : 0;

    (void)value;
    TRY(read_person(change));
    change->person.protection &= ~(unsigned)PROTECTION_SELF_REFUSAL;
    change->person.protection |= refusal;
    return put_person(change);
}

enum status registry_protect(struct registry *registry, struct date today,
                             const struct resident *resident)
{
    return run(registry, today, resident, protect, NULL);
}

/* --- papers ----------------------------------------------------------------------------------- */

/* What was last issued stands in the coverage; what it replaces goes to the history. */
static enum status issue(struct change_of *change, const void *value)
{
    const struct document_due *due = value;
    struct coverage *coverage = NULL;

    TRY(read_person(change));
    coverage = present_coverage(change);
    if (!coverage)
        return STATUS_OK;
    coverage->paper = due->kind == DOCUMENT_CERTIFICATE ? PAPER_ELIGIBILITY_CERTIFICATE
                                                        : PAPER_ELIGIBILITY_NOTICE;
    coverage->issued = change->today;
    coverage->valid_from = due->valid_from;
    coverage->valid_until = due->valid_until;
    return put_person(change);
}

enum status registry_issue(struct registry *registry, struct date today,
                           const struct resident *resident, const struct document_due *due)
{
    return run(registry, today, resident, issue, due);
}
