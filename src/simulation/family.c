/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/family.h"

#include "domain/document_days.h"
#include "simulation/office.h"

#define CHILD_LAST_AGE 22
#define FOLLOWS_RATE 800000 /* of spouse and children in community insurance, to a new employer */

/* --- who goes with whom ----------------------------------------------------------------------- */

static struct resident *next_at_home(const struct society *society, const struct resident *resident)
{
    return resident->next_at_home == NOBODY ? NULL : &society->residents[resident->next_at_home];
}

static struct resident *first_at_home(const struct society *society, uint32_t home)
{
    return &society->residents[society->homes[home].first];
}

static struct place place_of(const struct society *society, const struct resident *resident)
{
    return society->homes[resident->home].place;
}

static enum status to_community(struct society *society, struct resident *resident)
{
    return office_enrol(society, resident,
                        insurer_of_place(&society->insurers, place_of(society, resident)), NOBODY,
                        society->today);
}

/* Who was insured through this person goes to community insurance, or with him to an employer. */
static enum status dependants_go(struct society *society, struct resident *earner,
                                 const struct world_insurer *insurer)
{
    uint32_t index = society_index(society, earner);
    struct resident *member = first_at_home(society, earner->home);

    for (; member; member = next_at_home(society, member)) {
        if (member->earner != index || member == earner || !member->alive)
            continue;
        if (insurer)
            TRY(office_enrol(society, member, insurer, index, society->today));
        else
            TRY(to_community(society, member));
    }
    return STATUS_OK;
}

/* SDF members' families are insured with the servants' association. */
static const struct world_insurer *insurer_of_family(struct society *society,
                                                     struct resident *earner,
                                                     const struct world_insurer *insurer)
{
    return insurer->scheme == SCHEME_SELF_DEFENCE
               ? insurer_draw_scheme(&society->insurers, &earner->draw, SCHEME_NATIONAL_SERVANTS)
               : insurer;
}

/* --- births and deaths ------------------------------------------------------------------------ */

enum status family_birth(struct society *society, struct resident *mother, bool *happened)
{
    struct resident *child = NULL;
    uint32_t earner = mother->earner;
    const struct world_insurer *insurer = mother->enrolment.insurer;

    if (mother->enrolment.id == 0 || mother->enrolment.insurance == INSURANCE_ASSISTANCE ||
        mother->enrolment.insurance == INSURANCE_DAY_LABOURER)
        return STATUS_OK;
    if (earner == NOBODY && mother->enrolment.insurance != INSURANCE_COMMUNITY)
        earner = society_index(society, mother);
    child = society_add(society, mother->home);
    if (!child)
        return scope_fail(society->scope, CAUSE_SIMULATION_TOO_MANY, "no room for another birth");
    child->birth = society->today;
    child->role = ROLE_CHILD;
    child->sex = draw_chance(&child->draw, 512000) ? SEX_MALE : SEX_FEMALE;
    child->expires = DATE_NONE;
    *happened = true;
    TRY(registry_born(society->registry, society->today, child, mother));
    return office_enrol(society, child, insurer_of_family(society, mother, insurer), earner,
                        society->today);
}

enum status family_death(struct society *society, struct resident *resident, bool *happened)
{
    *happened = true;
    resident->alive = false;
    TRY(registry_die(society->registry, society->today, resident));
    return dependants_go(society, resident, NULL);
}

/* --- jobs ------------------------------------------------------------------------------------- */

static bool earns(const struct resident *resident)
{
    return resident->earner == NOBODY && (resident->enrolment.insurance == INSURANCE_EMPLOYEE ||
                                          resident->enrolment.insurance == INSURANCE_SDF);
}

enum status family_other_employer(struct society *society, struct resident *resident,
                                  bool *happened)
{
    const struct world_insurer *insurer = NULL;

    *happened = earns(resident);
    if (!*happened)
        return STATUS_OK;
    insurer = insurer_draw_employee(&society->insurers, &resident->draw,
                                    place_of(society, resident).prefecture);
    TRY(office_enrol(society, resident, insurer, NOBODY, society->today));
    return dependants_go(society, resident, insurer_of_family(society, resident, insurer));
}

enum status family_leaves_job(struct society *society, struct resident *resident, bool *happened)
{
    *happened = earns(resident);
    if (!*happened)
        return STATUS_OK;
    TRY(to_community(society, resident));
    return dependants_go(society, resident, NULL);
}

/* Spouse and children mostly become dependants of the new employee. */
static enum status followers_go(struct society *society, struct resident *earner,
                                const struct world_insurer *insurer)
{
    uint32_t index = society_index(society, earner);
    struct resident *member = first_at_home(society, earner->home);

    for (; member; member = next_at_home(society, member)) {
        bool near = member->role == ROLE_HEAD || member->role == ROLE_SPOUSE ||
                    (member->role == ROLE_CHILD &&
                     date_age(member->birth, society->today) <= CHILD_LAST_AGE);
        if (member != earner && member->alive && near &&
            member->enrolment.insurance == INSURANCE_COMMUNITY && earner->role != ROLE_PARENT &&
            draw_chance(&earner->draw, FOLLOWS_RATE))
            TRY(office_enrol(society, member, insurer, index, society->today));
    }
    return STATUS_OK;
}

enum status family_finds_job(struct society *society, struct resident *resident, bool *happened)
{
    const struct world_insurer *insurer = NULL;

    *happened = resident->enrolment.insurance == INSURANCE_COMMUNITY && resident->enrolment.id != 0;
    if (!*happened)
        return STATUS_OK;
    insurer = insurer_draw_employee(&society->insurers, &resident->draw,
                                    place_of(society, resident).prefecture);
    TRY(office_enrol(society, resident, insurer, NOBODY, society->today));
    return followers_go(society, resident, insurer_of_family(society, resident, insurer));
}

enum status family_assistance(struct society *society, struct resident *resident, bool *happened)
{
    *happened = resident->enrolment.insurance == INSURANCE_COMMUNITY && resident->enrolment.id != 0;
    if (!*happened)
        return STATUS_OK;
    resident->enrolment.id = 0;
    resident->coming.id = 0;
    resident->enrolment.insurance = INSURANCE_ASSISTANCE;
    TRY(registry_leave(society->registry, society->today, resident));
    return office_follow(society, resident);
}

/* --- moves ------------------------------------------------------------------------------------ */

/* Community insurance is the municipality's, the late elderly's the prefecture's. */
static enum status member_moves(struct society *society, struct resident *member,
                                struct place before)
{
    const struct insurer_list *insurers = &society->insurers;
    struct place place = place_of(society, member);
    bool elsewhere = place.prefecture != before.prefecture;

    if (member->enrolment.id != 0 && member->enrolment.insurance == INSURANCE_COMMUNITY &&
        member->enrolment.insurer == insurer_of_place(insurers, before))
        TRY(to_community(society, member));
    if (member->enrolment.id != 0 && member->enrolment.insurance == INSURANCE_LATE_ELDERLY &&
        elsewhere)
        return office_enrol(society, member, insurer_late_elderly(insurers, place.prefecture),
                            NOBODY, society->today);
    if (member->coming.id != 0 && elsewhere) {
        TRY(office_expect(society, member));
        member->coming.allowed = document_registration_due(INSURANCE_LATE_ELDERLY, society->today);
    }
    return STATUS_OK;
}

enum status family_moves(struct society *society, struct resident *resident, bool *happened)
{
    struct home *home = &society->homes[resident->home];
    struct place before = home->place;
    struct resident *member = first_at_home(society, resident->home);

    *happened = true;
    home->place = place_draw(&resident->draw);
    for (; member; member = next_at_home(society, member))
        if (member->alive)
            TRY(member_moves(society, member, before));
    return STATUS_OK;
}

/* --- 75 --------------------------------------------------------------------------------------- */

enum status family_turns_75(struct society *society, struct resident *resident, bool *happened)
{
    *happened = resident->coming.id != 0;
    if (!*happened)
        return STATUS_OK;
    resident->enrolment = resident->coming;
    resident->coming = (struct enrolment){0};
    resident->earner = NOBODY;
    resident->last_means = MEANS_NOT_INSURED;
    resident->certificate = resident->coming_paper;
    resident->coming_paper = (struct planned){0};
    resident->notice = (struct planned){0};
    resident->look = DATE_NONE;
    TRY(office_end_applications(society, resident));
    TRY(registry_enrol(society->registry, society->today, resident));
    TRY(office_follow(society, resident));
    if (date_is(resident->certificate.issue))
        TRY(society_note(society, resident, resident->certificate.issue,
                         HAPPENING_OFFICE_ISSUES_CERTIFICATE));
    return dependants_go(society, resident, NULL);
}
