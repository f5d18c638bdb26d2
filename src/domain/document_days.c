/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/document_days.h"

#include "domain/copayment.h"
#include "domain/policy.h"

#define AUGUST 8

struct date document_deregistered_on(struct date requested)
{
    return date_end_of_month(
        date_add_months(date_first_of_month(requested), POLICY_DEREGISTRATION_MONTHS));
}

static struct date next_month(struct date date)
{
    return date_add_months(date_first_of_month(date), 1);
}

struct date document_list_day(struct date happened)
{
    return date_add_days(next_month(happened), POLICY_MONTHLY_LIST_DAY - 1);
}

struct date document_list_month_ends(struct date happened)
{
    return date_end_of_month(next_month(happened));
}

struct date document_registration_due(enum insurance insurance, struct date enrolled)
{
    int notification = insurance == INSURANCE_COMMUNITY ? POLICY_NOTIFICATION_DAYS_COMMUNITY
                                                        : POLICY_NOTIFICATION_DAYS;

    return date_add_days(enrolled, notification + POLICY_REGISTRATION_DAYS);
}

struct date document_lead(struct date ends)
{
    struct date next = date_add_days(ends, 1);

    return date_add_months(next, -POLICY_CERTIFICATE_LEAD_MONTHS);
}

struct date document_year_begins(struct date on)
{
    struct date august = date_of(date_year(on), AUGUST, 1);

    return date_before(on, august) ? date_of(date_year(on) - 1, AUGUST, 1) : august;
}

struct date document_year_ends(struct date on)
{
    return date_add_days(date_add_months(document_year_begins(on), 12), -1);
}

struct date document_community_year_ends_before(struct date on)
{
    struct date ended = date_add_days(document_year_begins(on), -1);
    struct date first = POLICY_DATE(COMMUNITY_OLD_CARD_LAST_DAY);

    return date_before(ended, first) ? first : ended;
}

/* The earlier of an end and the day before a change, where that lies ahead. */
static struct date before_change(struct date end, struct date change, struct date from)
{
    struct date last = date_add_days(change, -1);

    return date_before(from, change) && date_before(last, end) ? last : end;
}

/* Community insurance: from 70 on the share is on it, which changes each August. */
static struct date community_ends(struct date end, struct date birth, struct date from)
{
    struct date elderly = copayment_elderly_first(birth);
    struct date july = document_year_ends(from);

    if (date_before(from, elderly))
        return before_change(end, elderly, from);
    return date_before(july, end) ? july : end;
}

struct date document_certificate_ends(enum insurance insurance, int years, struct date birth,
                                      struct date from)
{
    struct date end = years > 0 && insurance != INSURANCE_LATE_ELDERLY
                          ? date_add_days(date_add_months(from, 12 * years), -1)
                          : document_year_ends(from);

    if (insurance == INSURANCE_LATE_ELDERLY || !date_is(birth))
        return end;
    if (insurance == INSURANCE_COMMUNITY)
        end = community_ends(end, birth, from);
    return before_change(end, copayment_late_elderly_first(birth), from);
}
