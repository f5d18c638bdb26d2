/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/card_use.h"

#include <limits.h>

#include "domain/policy.h"

int32_t card_use_month(struct date day)
{
    return day.yyyymmdd / 100;
}

int card_uses_until(const struct monthly_uses *uses, size_t count, struct date day, int months)
{
    struct date first = date_add_months(date_first_of_month(day), 1 - months);
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        if (uses[i].month >= card_use_month(first) && uses[i].month <= card_use_month(day) &&
            sum < INT_MAX)
            sum += uses[i].uses;
    return sum < INT_MAX ? (int)sum : INT_MAX;
}

int32_t card_use_first_month(struct date on)
{
    return card_use_month(date_add_months(date_first_of_month(on), 1 - POLICY_CARD_USE_MONTHS));
}
