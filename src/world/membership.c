/* SPDX-License-Identifier: Apache-2.0 */
#include "world/membership.h"

#include <string.h>

#include "domain/policy.h"
#include "world/timeline.h"

/* Slots of a household's timelines: the head, each other member, and the household's 国保. */
#define SLOT_COMMUNITY 7

/* One person's coverages while they are gathered. */
struct gathering {
    struct scope *scope;
    struct draw *draw;
    const struct insurer_list *insurers;
    const struct household *household;
    size_t member;
    struct coverage items[MEMBERSHIP_COVERAGES_MAX];
    size_t count;
};

/* Percent of people of an age who have an employee's insurance of their own (assumed). */
static int earners(int age)
{
    static const struct {
        int below, percent;
    } rows[] = {{18, 0}, {22, 35}, {60, 78}, {65, 62}, {70, 42}, {73, 22}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (age < rows[i].below)
            return rows[i].percent;
    return 0;
}

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

static struct date earlier(struct date a, struct date b)
{
    return date_before(a, b) ? a : b;
}

/* Branches are two digits (a household has at most seven members); coverages that ended before they
 * were introduced often have none. */
static void write_branch(struct gathering *gathering, const struct membership *membership,
                         struct coverage *coverage)
{
    int branch = (int)gathering->member;

    if (membership->insurer->scheme == SCHEME_COMMUNITY)
        branch++; /* 国保 counts from 01, employers' insurers give the insured person 00 */
    if (date_before(coverage->until, DATE(20220401)) && draw_chance(gathering->draw, 500000))
        return;
    coverage->branch[0] = '0';
    coverage->branch[1] = (char)('0' + branch);
}

/* Registered some days after it began; nothing is registered after T. */
static struct instant draw_recorded(struct gathering *gathering, struct date from)
{
    int64_t seconds = (int64_t)draw_between(gathering->draw, 1, 10) * 86400 +
                      draw_between(gathering->draw, 9 * 3600, 18 * 3600);
    struct instant at = instant_start(later(from, SYSTEM_BEGINS));
    struct instant latest = instant_start(gathering->household->on);

    at.microseconds += seconds * 1000000;
    return at.microseconds < latest.microseconds ? at : latest;
}

/* Adds what a membership means for the person: within first to last, if anything remains. */
static struct coverage *add(struct gathering *gathering, const struct membership *membership,
                            struct date first, struct date last)
{
    struct coverage coverage = {
        .insurer = membership->insurer->number,
        .symbol = membership->symbol,
        .number = membership->number,
        .from = later(membership->from, first),
        .until = membership->until,
        .loss_reason = membership->loss,
        .kind = membership->kind,
    };
    struct coverage *at = &gathering->items[gathering->count];

    if (date_before(last, coverage.until)) {
        coverage.until = last;
        coverage.loss_reason = LOSS_OTHER_INSURANCE;
    }
    if (!date_before(coverage.from, coverage.until) ||
        !date_before(SYSTEM_BEGINS, coverage.until) || gathering->count == MEMBERSHIP_COVERAGES_MAX)
        return NULL;
    if (membership->insurer->scheme != SCHEME_LATE_ELDERLY)
        write_branch(gathering, membership, &coverage);
    coverage.recorded = draw_recorded(gathering, coverage.from);
    *at = coverage;
    gathering->count++;
    return at;
}

/* SDF members' families are insured with the servants' association: the same numbers there. */
static enum status family_of(struct gathering *gathering, struct membership *membership, int slot)
{
    if (membership->insurer->scheme != SCHEME_SELF_DEFENCE)
        return STATUS_OK;
    membership->insurer =
        insurer_draw_scheme(gathering->insurers, gathering->draw, SCHEME_NATIONAL_SERVANTS);
    membership->kind = KIND_GENERAL;
    return membership_write_numbers(gathering->scope, gathering->draw, membership->insurer,
                                    gathering->household->number, slot, &membership->symbol,
                                    &membership->number);
}

/* The coverages that a timeline gives one person, up to the 75th birthday. */
static enum status add_timeline(struct gathering *gathering, const struct timeline *timeline,
                                size_t insured)
{
    const struct household *household = gathering->household;
    const struct person *person = &household->people[gathering->member];
    bool own = insured == gathering->member;
    struct date first = person->birth;
    struct date last = date_birthday(person->birth, POLICY_LATE_ELDERLY_AGE);

    if (date_before(household->on, last))
        last = DATE_NEVER; /* nobody registers a loss that has not come */
    if (!own && household->roles[gathering->member] != ROLE_CHILD)
        first = date_birthday(person->birth, 18); /* nobody marries before */
    for (size_t i = 0; i < timeline->count; i++) {
        struct membership membership = timeline->items[i];
        struct coverage *coverage = NULL;
        if (!own)
            TRY(family_of(gathering, &membership, (int)(insured * 8 + i)));
        coverage = add(gathering, &membership, first, last);
        if (!coverage)
            continue;
        coverage->relation = own ? RELATION_INSURED : RELATION_FAMILY;
        coverage->insured_name = household->people[insured].name;
    }
    return STATUS_OK;
}

/* 後期高齢者医療 from the 75th birthday; the scheme itself began in April 2008. */
static enum status add_late_elderly(struct gathering *gathering)
{
    const struct household *household = gathering->household;
    const struct person *person = &household->people[gathering->member];
    struct date birthday =
        later(date_birthday(person->birth, POLICY_LATE_ELDERLY_AGE), DATE(20080401));
    struct membership membership = {
        .insurer = insurer_late_elderly(gathering->insurers, household->place.prefecture),
        .from = birthday,
        .until = DATE_NEVER,
        .kind = draw_chance(gathering->draw, 800) ? KIND_SPECIAL_EXPENSE : KIND_GENERAL,
    };
    struct membership before = membership;
    struct coverage *coverage = NULL;

    if (date_before(household->on, birthday))
        return STATUS_OK;
    /* moved here from another prefecture */
    if (date_before(birthday, DATE(20210101)) && draw_chance(gathering->draw, 15000)) {
        membership.from = date_add_days(DATE(20210401), draw_below(gathering->draw, 1200));
        membership.from = earlier(membership.from, household->on);
        before.insurer = insurer_late_elderly(gathering->insurers,
                                              draw_between(gathering->draw, 1, PREFECTURE_COUNT));
        before.until = membership.from;
        before.loss = LOSS_OTHER_INSURANCE;
        before.kind = KIND_GENERAL;
        TRY(text_format(gathering->scope, &before.number, "%08u",
                        (unsigned)(person->person_id * 7 % 100000000)));
        coverage = add(gathering, &before, before.from, DATE_NEVER);
        if (coverage)
            coverage->relation = RELATION_INSURED;
    }
    TRY(text_format(gathering->scope, &membership.number, "%08u",
                    (unsigned)(person->person_id * 77 % 100000000)));
    coverage = add(gathering, &membership, membership.from, DATE_NEVER);
    if (coverage)
        coverage->relation = RELATION_INSURED;
    return STATUS_OK;
}

/* Deaths of the last year, per million people of an age (about the life table of 2023). */
static int death_rate(int age)
{
    static const struct {
        int below, rate;
    } rows[] = {{40, 500}, {65, 3000}, {75, 13000}, {85, 38000}, {200, 120000}};
    size_t i = 0;

    while (age >= rows[i].below)
        i++;
    return rows[i].rate;
}

/* Ends all coverages with a death (資格喪失日 is the day after). */
static void draw_death(struct gathering *gathering, int age)
{
    struct date lost = date_add_days(gathering->household->on, -draw_below(gathering->draw, 365));
    size_t kept = 0;

    if (!draw_chance(gathering->draw, death_rate(age)))
        return;
    for (size_t i = 0; i < gathering->count; i++) {
        struct coverage *coverage = &gathering->items[i];
        if (!date_before(coverage->from, lost))
            continue;
        if (date_before(lost, coverage->until)) {
            coverage->until = lost;
            coverage->loss_reason = LOSS_DEATH;
        }
        gathering->items[kept++] = *coverage;
    }
    if (kept > 0)
        gathering->count = kept;
}

/* Ids: unique in a world, and they tell the person. */
static enum status finish(struct gathering *gathering, struct person *person)
{
    struct coverage *coverages = NULL;

    TRY(scope_alloc(gathering->scope, gathering->count, sizeof *coverages, &coverages));
    for (size_t i = 0; i < gathering->count; i++) {
        coverages[i] = gathering->items[i];
        coverages[i].coverage_id = person->person_id * 100 + (int64_t)i + 1;
    }
    person->coverages = coverages;
    person->coverage_count = gathering->count;
    return STATUS_OK;
}

/* The timelines of a household. own[i]: member i has the one at slot i. */
struct timelines {
    struct timeline of[HOUSEHOLD_MAX];
    bool own[HOUSEHOLD_MAX];
    struct timeline community;
};

static enum status make_timelines(struct scope *scope, struct draw *draw,
                                  const struct insurer_list *insurers,
                                  const struct household *household, struct timelines *out)
{
    struct timeline_order order = {.household = household, .insurers = insurers};
    struct date adult = date_birthday(household->people[0].birth, 20);

    order.slot = SLOT_COMMUNITY;
    order.age = household->ages[0];
    order.earliest = later(adult, DATE(19850401));
    TRY(timeline_make(scope, draw, &order, &out->community));
    for (size_t i = 0; i < household->count; i++) {
        bool head = household->roles[i] == ROLE_HEAD;
        int percent = earners(household->ages[i]);
        if (household->roles[i] == ROLE_SPOUSE)
            percent = percent * 60 / 100; /* the others go with the head */
        order.slot = (int)i;
        order.age = household->ages[i];
        order.employee = draw_chance(draw, percent * 10000);
        order.earliest = later(date_birthday(household->people[i].birth, 18), DATE(19850401));
        out->own[i] = head || order.employee;
        if (out->own[i] && date_before(order.earliest, household->on))
            TRY(timeline_make(scope, draw, &order, &out->of[i]));
        else
            out->own[i] = false;
    }
    return STATUS_OK;
}

/* Whose timeline a member without one of their own goes with. */
static enum status add_memberships(struct gathering *gathering, const struct timelines *timelines)
{
    size_t member = gathering->member;
    int head_age = gathering->household->ages[0];

    if (timelines->own[member])
        return add_timeline(gathering, &timelines->of[member], member);
    if (timelines->own[0] && head_age < 75)
        return add_timeline(gathering, &timelines->of[0], 0);
    return add_timeline(gathering, &timelines->community, member);
}

enum status membership_assign(struct scope *scope, const struct insurer_list *insurers,
                              struct household *household)
{
    struct draw draw = draw_begin(household->seed, DRAW_INSURANCE, household->number);
    struct timelines timelines = {0};

    TRY(make_timelines(scope, &draw, insurers, household, &timelines));
    for (size_t i = 0; i < household->count; i++) {
        struct gathering gathering = {.scope = scope,
                                      .draw = &draw,
                                      .insurers = insurers,
                                      .household = household,
                                      .member = i};
        TRY(add_memberships(&gathering, &timelines));
        TRY(add_late_elderly(&gathering));
        draw_death(&gathering, household->ages[i]);
        TRY(finish(&gathering, &household->people[i]));
    }
    return STATUS_OK;
}
