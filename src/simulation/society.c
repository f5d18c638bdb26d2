/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/society.h"

#include "domain/copayment.h"
#include "domain/coverage.h"
#include "domain/document_days.h"
#include "domain/policy.h"
#include "simulation/life.h"
#include "simulation/office.h"
#include "world/population.h"

#define ENTRIES_PER_PERSON 8 /* that lie in the calendar at one time, at most */
#define BIRTHS_ROOM 1000
#define BIRTHS_SHARE 8 /* room for births: an eighth of the people, and some */
#define USERS_RATE 550000

uint32_t society_index(const struct society *society, const struct resident *resident)
{
    return (uint32_t)(resident - society->residents);
}

enum status society_note(struct society *society, const struct resident *resident, struct date day,
                         enum happening what)
{
    if (date_before(day, society->today))
        return STATUS_OK;
    return calendar_note(society->scope, society->calendar, day, society_index(society, resident),
                         what);
}

enum insurance society_insurance(const struct world_insurer *insurer)
{
    switch (insurer->scheme) {
    case SCHEME_COMMUNITY:
        return INSURANCE_COMMUNITY;
    case SCHEME_LATE_ELDERLY:
        return INSURANCE_LATE_ELDERLY;
    case SCHEME_SELF_DEFENCE:
        return INSURANCE_SDF;
    case SCHEME_DAY_LABOUR:
    case SCHEME_DAY_LABOUR_SPECIAL:
        return INSURANCE_DAY_LABOURER;
    case SCHEME_ASSOCIATION:
    case SCHEME_SEAMEN:
    case SCHEME_SOCIETY:
    case SCHEME_NATIONAL_SERVANTS:
    case SCHEME_LOCAL_SERVANTS:
    case SCHEME_POLICE:
    case SCHEME_SCHOOLS:
    case SCHEME_SPECIAL_RETIRED:
    case SCHEME_RETIRED:
    case SCHEME_SPECIAL_NATIONAL:
    case SCHEME_SPECIAL_LOCAL:
    case SCHEME_SPECIAL_POLICE:
    case SCHEME_SPECIAL_SCHOOLS:
        break;
    }
    return INSURANCE_EMPLOYEE;
}

struct resident *society_add(struct society *society, uint32_t home)
{
    struct resident *resident = &society->residents[society->count];
    uint32_t *link = &society->homes[home].first;

    if (society->count == society->capacity)
        return NULL;
    *resident = (struct resident){
        .person_id = POPULATION_FIRST_ID + (int64_t)society->count,
        .home = home,
        .next_at_home = NOBODY,
        .earner = NOBODY,
        .alive = true,
    };
    resident->draw = draw_begin(society->seed, DRAW_RESIDENT, (uint64_t)resident->person_id);
    for (; *link != NOBODY; resident->place_at_home++)
        link = &society->residents[*link].next_at_home;
    *link = (uint32_t)society->count++;
    return resident;
}

/* --- from a household of the world ------------------------------------------------------------ */

static const struct world_insurer *insurer_by_number(const struct society *society,
                                                     struct insurer_number number)
{
    for (size_t i = 0; i < society->insurers.count; i++)
        if (insurer_number_equal(society->insurers.items[i].number, number))
            return &society->insurers.items[i];
    return NULL;
}

static bool is_dead(const struct person *person)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (person->coverages[i].loss_reason == LOSS_DEATH)
            return true;
    return false;
}

/* The coverage of the first day; coverage_on() leaves out those outside of the system. */
static const struct coverage *live_coverage(const struct person *person, struct date on)
{
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct coverage *coverage = &person->coverages[i];
        if (!date_before(on, coverage->from) && date_before(on, coverage->until))
            found = coverage_later_issued(found, coverage);
    }
    return found;
}

static void take_enrolment(struct society *society, struct resident *resident,
                           const struct person *person)
{
    const struct coverage *coverage = live_coverage(person, society->first);
    const struct world_insurer *insurer =
        coverage ? insurer_by_number(society, coverage->insurer) : NULL;

    if (!insurer)
        return;
    resident->enrolment = (struct enrolment){
        .id = ++resident->enrolments,
        .coverage_id = coverage->coverage_id,
        .insurance = society_insurance(insurer),
        .insurer = insurer,
        .enrolled = coverage->from,
        .notified = society->first,
        .visible = society->first,
        .allowed = document_registration_due(society_insurance(insurer), coverage->from),
    };
}

/* A request of which only the last day of use is known was made in the month before. */
static void take_card(struct society *society, struct resident *resident,
                      const struct person *person, const struct card_life *life)
{
    const struct authentication_certificate *newest = &life->certificates[life->newest];

    resident->certificates = (int)life->count;
    if (life->count == 0)
        return;
    resident->card = newest->state == CERTIFICATE_CURRENT;
    resident->expires = newest->expires;
    resident->registered =
        date_is(person->registered) &&
        (!date_is(person->deregisters) || !date_before(person->deregisters, society->first));
    if (resident->registered && date_is(person->deregisters))
        resident->requested = date_add_months(date_first_of_month(person->deregisters),
                                              -POLICY_DEREGISTRATION_MONTHS);
}

static void take_person(struct society *society, struct resident *resident,
                        const struct population_household *made, size_t i)
{
    const struct person *person = &made->household.people[i];

    resident->role = made->household.roles[i];
    resident->sex = person->sex1;
    resident->birth = person->birth;
    resident->alive = !is_dead(person);
    resident->uses_card = draw_chance(&resident->draw, USERS_RATE);
    if (person->protection & PROTECTION_SELF_REFUSAL)
        resident->protected_since = society->first;
    take_enrolment(society, resident, person);
    take_card(society, resident, person, &made->cards[i]);
}

/* Family members are insured through the one whose name their coverage has. */
static void find_earners(struct society *society, uint32_t first,
                         const struct population_household *made)
{
    for (size_t i = 0; i < made->household.count; i++) {
        const struct coverage *coverage = live_coverage(&made->household.people[i], society->first);
        struct resident *resident = &society->residents[first + i];
        if (!coverage || coverage->relation != RELATION_FAMILY ||
            resident->enrolment.insurance != INSURANCE_EMPLOYEE)
            continue;
        for (size_t j = 0; j < made->household.count; j++)
            if (j != i && text_equal(coverage->insured_name, made->household.people[j].name))
                resident->earner = first + (uint32_t)j;
    }
}

static enum status note_birthday(struct society *society, struct resident *resident)
{
    struct date birthday = copayment_late_elderly_first(resident->birth);
    struct date lead = document_lead(date_add_days(birthday, -1));

    if (!date_before(society->first, birthday))
        return STATUS_OK;
    TRY(society_note(society, resident, date_before(lead, society->first) ? society->first : lead,
                     HAPPENING_OFFICE_EXPECTS_75));
    return society_note(society, resident, birthday, HAPPENING_TURNS_75);
}

static enum status take_household(struct scope *scope, void *context,
                                  const struct population_household *made)
{
    struct society *society = context;
    uint32_t home = (uint32_t)society->home_count++;
    uint32_t first = (uint32_t)society->count;

    society->homes[home] = (struct home){
        .number = made->household.number, .place = made->household.place, .first = NOBODY};
    for (size_t i = 0; i < made->household.count; i++) {
        struct resident *resident = society_add(society, home);
        if (!resident)
            return scope_fail(scope, CAUSE_SIMULATION_TOO_MANY, "no room for the people");
        take_person(society, resident, made, i);
        TRY(office_endow_old_card(society, resident));
    }
    find_earners(society, first, made);
    return registry_load(scope, society->registry, made, &society->residents[first]);
}

/* --- the first day ---------------------------------------------------------------------------- */

static enum status begin_lives(struct society *society)
{
    for (size_t i = 0; i < society->count; i++) {
        struct resident *resident = &society->residents[i];
        if (!resident->alive)
            continue;
        TRY(office_endow(society, resident));
        TRY(note_birthday(society, resident));
        if (resident->card)
            TRY(life_plan_renewal(society, resident));
    }
    return STATUS_OK;
}

static enum status make_room(struct scope *scope, struct society *society, size_t people)
{
    society->capacity = people + people / BIRTHS_SHARE + BIRTHS_ROOM;
    society->home_capacity = people;
    TRY(scope_alloc(scope, society->capacity, sizeof *society->residents, &society->residents));
    TRY(scope_alloc(scope, society->home_capacity, sizeof *society->homes, &society->homes));
    return calendar_make(scope, society->first, society->last,
                         society->capacity * ENTRIES_PER_PERSON, &society->calendar);
}

/* What the store has of them is known since the first day: of a lost card, too. */
static enum status load_people(struct scope *scope, const struct population_order *population,
                               struct society *society)
{
    struct instant now = scope->now;
    enum status status = STATUS_OK;

    scope->now = instant_noon(society->first);
    status = registry_load_begin(scope, society->registry);
    if (status == STATUS_OK)
        status = population_make(scope, population, NULL, take_household, society);
    if (status == STATUS_OK)
        status = registry_load_end(scope, society->registry);
    scope->now = now;
    return status;
}

enum status society_make(struct scope *scope, const struct society_order *order,
                         struct society *out)
{
    struct population_order population = {
        .seed = order->seed, .people = order->people, .on = order->first};

    *out = (struct society){
        .scope = scope,
        .seed = order->seed,
        .first = order->first,
        .last = order->last,
        .today = order->first,
        .without = order->without,
        .policies = order->policies,
    };
    TRY(insurer_list_make(scope, &out->insurers));
    population.insurers = &out->insurers;
    TRY(make_room(scope, out, (size_t)order->people));
    out->month = &out->tally.months[0];
    TRY(registry_open(scope, order->store, &out->registry));
    TRY(load_people(scope, &population, out));
    TRY(registry_begin_day(out->registry, out->first));
    TRY(begin_lives(out));
    TRY(registry_end_month(out->registry));
    out->tally = (struct tally){0}; /* what lay in people's hands before is not counted */
    return STATUS_OK;
}

void society_end(struct society *society)
{
    registry_close(society->registry);
    society->registry = NULL;
}
