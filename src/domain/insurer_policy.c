/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/insurer_policy.h"

#include <string.h>

#include "domain/policy.h"

#define USES_MOST 366 /* in a year; ours */

static bool ends_each_july(enum insurance insurance)
{
    return insurance == INSURANCE_COMMUNITY || insurance == INSURANCE_LATE_ELDERLY;
}

struct insurer_policy insurer_policy_default(enum insurance insurance)
{
    return (struct insurer_policy){
        .certificate_years = ends_each_july(insurance) ? 0 : POLICY_CERTIFICATE_YEARS,
        .expiry_months = POLICY_EXPIRY_MONTHS,
        .uses_12_months = POLICY_LATE_ELDERLY_USES_12_MONTHS,
        .uses_3_months = POLICY_LATE_ELDERLY_USES_3_MONTHS,
        .uses_month = POLICY_LATE_ELDERLY_USES_MONTH,
    };
}

/* The first of those behind which only later insurers, or days, stand. */
static size_t rows_up_to(const struct insurer_policies *policies, struct insurer_number insurer,
                         struct date on)
{
    size_t low = 0;
    size_t high = policies->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct insurer_policy *at = &policies->items[middle];
        int order = strcmp(at->insurer.digits, insurer.digits);
        if (order < 0 || (order == 0 && !date_before(on, at->valid_from)))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct insurer_policy *insurer_policy_on(const struct insurer_policies *policies,
                                               struct insurer_number insurer, struct date on)
{
    size_t behind = rows_up_to(policies, insurer, on);

    if (behind == 0 || strcmp(policies->items[behind - 1].insurer.digits, insurer.digits) != 0)
        return NULL;
    return &policies->items[behind - 1];
}

static bool within(int value, int least, int most)
{
    return value >= least && value <= most;
}

const char *insurer_policy_fault(const struct insurer_policy *policy)
{
    enum insurance insurance = insurance_of(policy->insurer, KIND_GENERAL);

    if (date_before(policy->valid_from, POLICY_DATE(REFORM_DAY)))
        return "there are no certificates before 2024-12-02 / 資格確認書は2024年12月2日から";
    if (!within(policy->certificate_years, 0, POLICY_CERTIFICATE_YEARS))
        return "a certificate holds at most five years / 資格確認書の有効期間は5年以内";
    if (insurance == INSURANCE_LATE_ELDERLY && policy->certificate_years != 0)
        return "certificates of the late elderly hold to 31 July / 後期高齢者は7月31日まで";
    if (!within(policy->expiry_months, 1, POLICY_GRACE_MONTHS))
        return "papers after an expiry come within the grace of three months / "
               "更新忘れの方への交付は猶予の3か月以内";
    if (!within(policy->uses_12_months, 1, USES_MOST) ||
        !within(policy->uses_3_months, 0, policy->uses_12_months))
        return "a record of use is 1 to 366 uses in twelve months, no more of them in three / "
               "利用実績は12か月に1〜366回、うち3か月の回数はそれ以下";
    if (!within(policy->uses_month, POLICY_USES_MONTH_FIRST, POLICY_USES_MONTH_LAST))
        return "uses are counted at the end of March to June / 利用回数の基準月は3月から6月";
    return NULL;
}
