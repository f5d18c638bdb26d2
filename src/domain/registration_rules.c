/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/registration_rules.h"

#include <stdlib.h>
#include <string.h>

#include "domain/copayment.h"
#include "domain/coverage.h"
#include "domain/policy.h"

/* Half width: ASCII and half-width kana; everything else takes two places. */
static bool half_width(uint32_t point)
{
    return point < 0x80 || (point >= 0xff61 && point <= 0xff9f);
}

enum cause rules_width(struct text text)
{
    size_t at = 0;
    bool half = false;
    bool full = false;

    while (at < text.size)
        if (half_width(text_next(text, &at)))
            half = true;
        else
            full = true;
    return half && full ? CAUSE_WARN_WIDTH : CAUSE_NONE;
}

enum cause rules_branch(const char *branch)
{
    return branch[0] > '0' ? CAUSE_WARN_BRANCH : CAUSE_NONE;
}

/* --- coverages ----------------------------------------------------------------------------------
 */

/* First day to the day before the loss: do the two have a day in common? */
static bool overlap(const struct coverage *a, const struct coverage *b)
{
    return date_before(a->from, b->until) && date_before(b->from, a->until);
}

static bool overlaps_any(const struct person *person, const struct coverage *candidate,
                         bool same_insurer)
{
    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct coverage *other = &person->coverages[i];
        bool same = insurer_number_equal(other->insurer, candidate->insurer);
        if (other->coverage_id != candidate->coverage_id && same == same_insurer &&
            overlap(other, candidate))
            return true;
    }
    return false;
}

enum cause rules_coverage(const struct person *person, const struct coverage *candidate)
{
    bool lost = date_compare(candidate->until, DATE_NEVER) != 0;

    if (date_before(candidate->from, person->birth))
        return CAUSE_ROW_BIRTH_AFTER;
    if (date_before(candidate->until, candidate->from))
        return CAUSE_ROW_LOSS_BEFORE;
    if (lost != (candidate->loss_reason != LOSS_NONE))
        return CAUSE_ROW_REASON;
    /* E9: who was lost by then was never in the system */
    if (insurer_number_law(candidate->insurer) == LAW_SELF_DEFENCE &&
        !date_before(POLICY_DATE(SELF_DEFENCE_IN), candidate->until))
        return CAUSE_ROW_SELF_DEFENCE;
    return overlaps_any(person, candidate, true) ? CAUSE_ROW_OVERLAP : CAUSE_NONE;
}

bool rules_two_insurers(const struct person *person, const struct coverage *candidate)
{
    return overlaps_any(person, candidate, false);
}

/* --- ages ---------------------------------------------------------------------------------------
 */

enum age_group { AGE_UNDER_70, AGE_70_TO_74, AGE_FROM_75, AGE_GROUPS };

/* Members of 39 belong to the late elderly whatever their age: some enter at 65 (障害認定). */
static enum age_group age_group_of(struct date birth, struct insurer_number insurer, struct date on)
{
    if (insurer_number_law(insurer) == LAW_LATE_ELDERLY || copayment_late_elderly(birth, on))
        return AGE_FROM_75;
    return copayment_elderly(birth, on) ? AGE_70_TO_74 : AGE_UNDER_70;
}

static bool period_ok(struct date from, struct date until)
{
    return !date_is(from) || !date_is(until) || !date_before(until, from);
}

enum cause rules_certificate(struct date birth, const struct coverage *candidate)
{
    struct date on = date_is(candidate->valid_from) ? candidate->valid_from : candidate->from;

    if (!period_ok(candidate->valid_from, candidate->valid_until))
        return CAUSE_ROW_PERIOD;
    if (candidate->share != 0 && age_group_of(birth, candidate->insurer, on) != AGE_FROM_75)
        return CAUSE_ROW_SHARE_AGE;
    return CAUSE_NONE;
}

enum cause rules_kind(const struct coverage *candidate)
{
    bool void_kind = candidate->kind >= KIND_GENERAL && candidate->kind <= KIND_SHORT_TERM_RETIRED;

    if (void_kind && date_is(candidate->issued) &&
        !date_before(candidate->issued, POLICY_DATE(REFORM_DAY)))
        return CAUSE_WARN_VOID_KIND;
    return CAUSE_NONE;
}

static bool elderly_share_ok(struct date birth, int share)
{
    return share == POLICY_SHARE_ELDERLY || share == POLICY_SHARE_GENERAL ||
           (share == POLICY_SHARE_ELDERLY_BEFORE &&
            !date_before(POLICY_DATE(ELDERLY_BEFORE_LAST_BIRTH), birth));
}

enum cause rules_elderly(struct date birth, const struct elderly_certificate *candidate)
{
    if (!period_ok(candidate->valid_from, candidate->valid_until))
        return CAUSE_ROW_PERIOD;
    if (date_before(candidate->valid_from, copayment_elderly_first(birth)) ||
        !date_before(candidate->valid_from, copayment_late_elderly_first(birth)))
        return CAUSE_ROW_SHARE_AGE;
    return elderly_share_ok(birth, candidate->share) ? CAUSE_NONE : CAUSE_ROW_SHARE_AGE;
}

/* Classes of OQSCD012 that an age may have: the letter, and from which number to which. */
static const struct {
    char letter;
    int first, last;
    int except; /* one between that it may not, 0 = none */
} classes[AGE_GROUPS] = {
    [AGE_UNDER_70] = {'A', 1, 6, 0},
    [AGE_70_TO_74] = {'B', 1, 6, 0},
    [AGE_FROM_75] = {'B', 1, 10, 4},
};

enum cause rules_limit(struct date birth, struct insurer_number insurer,
                       const struct limit_certificate *candidate)
{
    enum age_group group = age_group_of(birth, insurer, candidate->valid_from);
    int number = (candidate->category[1] - '0') * 10 + candidate->category[2] - '0';

    if (!period_ok(candidate->valid_from, candidate->valid_until))
        return CAUSE_ROW_PERIOD;
    if (candidate->category[0] != classes[group].letter || number < classes[group].first ||
        number > classes[group].last || number == classes[group].except)
        return CAUSE_ROW_CLASS_AGE;
    return CAUSE_NONE;
}

enum cause rules_disease(const struct specified_disease *candidate)
{
    return period_ok(candidate->valid_from, candidate->valid_until) ? CAUSE_NONE : CAUSE_ROW_PERIOD;
}

bool rules_follows(struct date former_until, struct date from)
{
    if (!date_is(former_until) || !date_is(from))
        return true;
    return date_compare(former_until, DATE_NEVER) != 0 &&
           date_compare(date_add_days(former_until, 1), from) == 0;
}
