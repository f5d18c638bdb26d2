/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/coverage.h"

#include "domain/policy.h"

bool coverage_excluded(struct insurer_number insurer, struct date on, enum rule_id *rule)
{
    int law = insurer_number_law(insurer);

    if (law == LAW_DAY_LABOURER || law == LAW_DAY_LABOURER_SPECIAL) {
        *rule = RULE_E9_DAY_LABOURER;
        return true;
    }
    if (law == LAW_SELF_DEFENCE && date_before(on, POLICY_DATE(SELF_DEFENCE_IN))) {
        *rule = RULE_E9_BEFORE_SDF;
        return true;
    }
    return false;
}

static bool counts(const struct coverage *coverage, struct date on)
{
    enum rule_id why = RULE_COUNT;

    return !coverage_excluded(coverage->insurer, on, &why);
}

bool coverage_holds(const struct coverage *coverage, struct date on)
{
    return !date_before(on, coverage->from) && date_before(on, coverage->until) &&
           counts(coverage, on);
}

bool coverage_lost(const struct coverage *coverage, struct date on)
{
    return !date_before(on, coverage->from) && !date_before(on, coverage->until) &&
           counts(coverage, on);
}

bool coverage_begins_later(const struct coverage *coverage, struct date on)
{
    return date_before(on, coverage->from) && counts(coverage, coverage->from);
}

const struct coverage *coverage_later_issued(const struct coverage *a, const struct coverage *b)
{
    int order = 0;

    if (!a || !b)
        return a ? a : b;
    order = date_compare(a->issued, b->issued);
    if (order == 0)
        order = date_compare(a->from, b->from);
    if (order == 0)
        return a->coverage_id >= b->coverage_id ? a : b;
    return order > 0 ? a : b;
}

const struct coverage *coverage_later_lost(const struct coverage *a, const struct coverage *b)
{
    int order = 0;

    if (!a || !b)
        return a ? a : b;
    order = date_compare(a->until, b->until);
    if (order == 0)
        return coverage_later_issued(a, b);
    return order > 0 ? a : b;
}

const struct coverage *coverage_on(const struct person *person, struct date on)
{
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++)
        if (coverage_holds(&person->coverages[i], on))
            found = coverage_later_issued(found, &person->coverages[i]);
    return found;
}

const struct coverage *coverage_last_lost(const struct person *person, struct date on)
{
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++)
        if (coverage_lost(&person->coverages[i], on))
            found = coverage_later_lost(found, &person->coverages[i]);
    return found;
}
