/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/invitation.h"

#include "domain/coverage.h"
#include "domain/policy.h"

/* Holds on the day or begins later: not an empty one, which was cancelled. E9 does not matter. */
static bool has_coverage(const struct person *person, struct date on)
{
    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct coverage *one = &person->coverages[i];
        if (date_before(on, one->until) && date_before(one->from, one->until))
            return true;
    }
    return false;
}

static const struct coverage *last_lost(const struct person *person)
{
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++)
        if (date_before(person->coverages[i].from, person->coverages[i].until))
            found = coverage_later_lost(found, &person->coverages[i]);
    return found;
}

/* Asked to join no municipal insurance, whatever the residence. */
static bool joins_elsewhere(const struct person *person, const struct coverage *lost,
                            struct date on)
{
    return lost->loss_reason == LOSS_DEATH || lost->loss_reason == LOSS_PUBLIC_ASSISTANCE ||
           !date_before(on, date_birthday(person->birth, POLICY_LATE_ELDERLY_AGE));
}

bool invitation_due(const struct invitation_facts *facts, struct invitation *out)
{
    const struct coverage *lost = NULL;

    if (!has_coverage(facts->person, facts->on))
        lost = last_lost(facts->person);
    if (!lost || joins_elsewhere(facts->person, lost, facts->on))
        return false;
    struct date month = date_add_months(date_first_of_month(lost->until), POLICY_JOINING_MONTHS);
    for (size_t i = 0; i < facts->loss_count; i++) {
        struct date registered = instant_date(facts->losses[i].registered);
        if (facts->losses[i].coverage_id == lost->coverage_id && date_before(month, registered))
            month = date_first_of_month(registered);
    }
    *out = (struct invitation){lost, month};
    return true;
}

enum invitation_way invitation_way_of(const struct person *person, bool moved, bool city_known)
{
    if (person->protection != 0)
        return INVITATION_PROTECTED;
    if (person->register_difference != 0 || moved)
        return INVITATION_DOUBTFUL;
    return city_known ? INVITATION_BY_CITY : INVITATION_NO_CITY;
}

const struct rule *invitation_rule(enum invitation_way way)
{
    return rule_at(way == INVITATION_BY_CITY ? RULE_D4_INVITE : RULE_D4_INVITE_FORMER);
}
