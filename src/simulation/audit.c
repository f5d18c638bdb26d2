/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/audit.h"

#include "domain/eligibility.h"
#include "world/population.h"

#define SAMPLE_ONE_IN 16 /* of the people, another sixteenth each month */

struct comparing {
    struct society *society;
    int month; /* shifts the sample */
};

/* Does a check with this certificate answer that the present membership holds? */
static bool answers(const struct person *person,
                    const struct authentication_certificate *certificate, int64_t coverage_id,
                    struct date on)
{
    struct eligibility answer = eligibility_by_card(person, certificate, on, 0);

    return answer.validity == VALIDITY_VALID && answer.coverage->coverage_id == coverage_id;
}

/* The same as a check asks it: by issuer and serial. */
static enum status looked_up(struct scope *scope, const struct comparing *comparing,
                             int64_t person_id, int64_t coverage_id, bool *out)
{
    struct registry *registry = comparing->society->registry;
    struct authentication_certificate *items = NULL;
    size_t count = 0;

    TRY(registry_list_certificates(scope, registry, person_id, &items, &count));
    for (size_t i = 0; i < count && !*out; i++) {
        struct card_holder holder = {0};
        if (items[i].phone)
            continue;
        TRY(registry_find_card(scope, registry, &items[i], &holder));
        *out = answers(&holder.person, &holder.certificate, coverage_id, comparing->society->today);
    }
    comparing->society->month->looked_up++;
    return STATUS_OK;
}

/* Phones are not of the simulation. */
static enum status ask_by_card(struct scope *scope, const struct comparing *comparing,
                               const struct standing *standing, int64_t coverage_id, bool *out)
{
    int64_t person_id = standing->person.person_id;

    *out = false;
    if ((person_id + comparing->month) % SAMPLE_ONE_IN == 0)
        return looked_up(scope, comparing, person_id, coverage_id, out);
    for (size_t i = 0; i < standing->certificate_count && !*out; i++)
        *out = !standing->certificates[i].certificate.phone &&
               answers(&standing->person, &standing->certificates[i].certificate, coverage_id,
                       comparing->society->today);
    return STATUS_OK;
}

static bool answers_by_numbers(const struct person *person, int64_t coverage_id, struct date on)
{
    const struct insured_match match = {.person_id = person->person_id, .coverage_id = coverage_id};

    return eligibility_by_numbers(person, &match, 1, on, 0).validity == VALIDITY_VALID;
}

/* The insurer has it, and checks find it some days later: neither answer is wrong. */
static bool under_way(const struct enrolment *enrolment, struct date on)
{
    return !date_before(on, enrolment->notified) && date_before(on, enrolment->visible);
}

static enum status compare(struct scope *scope, void *context, const struct standing *standing)
{
    const struct comparing *comparing = context;
    struct society *society = comparing->society;
    size_t index = (size_t)(standing->person.person_id - POPULATION_FIRST_ID);
    const struct resident *resident = NULL;
    struct tally_month *month = society->month;
    int64_t coverage_id = 0;
    bool by_card = false;

    if (index >= society->count)
        return STATUS_OK;
    resident = &society->residents[index];
    if (!means_insured(resident, society->today) || under_way(&resident->enrolment, society->today))
        return STATUS_OK;
    coverage_id = resident->enrolment.coverage_id;
    TRY(ask_by_card(scope, comparing, standing, coverage_id, &by_card));
    month->compared++;
    month->differ[AUDIT_CARD] += by_card != means_card_works(resident, society->today);
    month->differ[AUDIT_NUMBERS] +=
        answers_by_numbers(&standing->person, coverage_id, society->today) !=
        !date_before(society->today, resident->enrolment.visible);
    return STATUS_OK;
}

enum status audit_month(struct society *society)
{
    struct comparing comparing = {society, (int)society->tally.count};

    return registry_walk(society->registry, compare, &comparing);
}

/* --- names ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *ja, *en;
} differences[AUDIT_DIFFERENCES] = {
    [AUDIT_CARD] = {"card", "カードでの確認", "check by card"},
    [AUDIT_NUMBERS] = {"numbers", "記号・番号での確認", "check by numbers"},
};

const char *audit_difference_name(enum audit_difference difference)
{
    return differences[difference].name;
}

const char *audit_difference_ja(enum audit_difference difference)
{
    return differences[difference].ja;
}

const char *audit_difference_en(enum audit_difference difference)
{
    return differences[difference].en;
}
