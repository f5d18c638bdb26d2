/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/copayment.h"

#include "domain/coverage.h"
#include "domain/policy.h"

/*
 * The day at whose end an age is reached by law: the day before the birthday. Someone born on 29
 * February reaches it on the 28th in every year.
 */
static struct date day_of_reaching(struct date birth, int age)
{
    struct date first = date_of(date_year(birth) + age, date_month(birth), 1);

    return date_add_days(first, date_day(birth) - 2);
}

struct date copayment_preschool_last(struct date birth)
{
    struct date reached = day_of_reaching(birth, POLICY_PRESCHOOL_AGE);
    int year = date_year(reached) + (date_month(reached) > POLICY_PRESCHOOL_END_MONTH);

    return date_end_of_month(date_of(year, POLICY_PRESCHOOL_END_MONTH, 1));
}

bool copayment_preschool(struct date birth, struct date on)
{
    if (!date_ok(birth))
        return false;
    return date_within(on, birth, copayment_preschool_last(birth));
}

struct date copayment_late_elderly_first(struct date birth)
{
    return date_add_days(day_of_reaching(birth, POLICY_LATE_ELDERLY_AGE), 1);
}

bool copayment_late_elderly(struct date birth, struct date on)
{
    return date_ok(birth) && !date_before(on, copayment_late_elderly_first(birth));
}

struct date copayment_elderly_first(struct date birth)
{
    struct date reached = day_of_reaching(birth, POLICY_ELDERLY_AGE);

    return date_first_of_month(date_add_months(reached, 1));
}

bool copayment_elderly(struct date birth, struct date on)
{
    if (!date_ok(birth) || copayment_late_elderly(birth, on))
        return false;
    return !date_before(on, copayment_elderly_first(birth));
}

static struct copayment late_elderly_share(const struct coverage *coverage)
{
    if (coverage->share > 0)
        return (struct copayment){coverage->share, RULE_E1_SHARE_LATE_ELDERLY};
    return (struct copayment){POLICY_SHARE_LATE_ELDERLY, RULE_E1_SHARE_LATE_ELDERLY_UNTOLD};
}

static struct copayment elderly_share(const struct elderly_certificate *elderly)
{
    if (elderly)
        return (struct copayment){elderly->share, RULE_E4_SHARE_ELDERLY};
    return (struct copayment){POLICY_SHARE_ELDERLY, RULE_E4_SHARE_ELDERLY_UNTOLD};
}

struct copayment copayment_decide(const struct person *person, const struct coverage *coverage,
                                  const struct elderly_certificate *elderly, struct date on)
{
    if (coverage->kind == KIND_SPECIAL_EXPENSE)
        return (struct copayment){POLICY_SHARE_SPECIAL_EXPENSE, RULE_E1_SHARE_SPECIAL_EXPENSE};
    if (copayment_preschool(person->birth, on))
        return (struct copayment){POLICY_SHARE_PRESCHOOL, RULE_E1_SHARE_PRESCHOOL};
    if (insurer_number_law(coverage->insurer) == LAW_LATE_ELDERLY ||
        copayment_late_elderly(person->birth, on))
        return late_elderly_share(coverage);
    if (copayment_elderly(person->birth, on))
        return elderly_share(elderly);
    return (struct copayment){POLICY_SHARE_GENERAL, RULE_E1_SHARE_GENERAL};
}

int copayment_share(const struct person *person, const struct coverage *coverage,
                    const struct elderly_certificate *elderly, struct date on)
{
    return copayment_decide(person, coverage, elderly, on).share;
}
