/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/registration_clock.h"

#include "domain/coverage.h"
#include "domain/policy.h"

int clock_notice_days(struct insurer_number insurer)
{
    int law = insurer_number_law(insurer);

    if (law == LAW_LATE_ELDERLY)
        return -1;
    return law == 0 ? POLICY_NOTIFICATION_DAYS_COMMUNITY : POLICY_NOTIFICATION_DAYS;
}

static int days_between(struct date from, struct date to)
{
    return date_to_days(to) - date_to_days(from);
}

int clock_lateness(struct insurer_number insurer, struct date happened, struct date received,
                   struct date registered)
{
    int allowed = clock_notice_days(insurer);
    int late = 0;

    if (!date_is(received) || !date_is(happened))
        return 0;
    if (allowed >= 0 && days_between(happened, received) > allowed)
        late |= CLOCK_NOTICE_LATE;
    if (days_between(received, registered) > POLICY_REGISTRATION_DAYS)
        late |= CLOCK_REGISTRATION_LATE;
    return late;
}

enum clock_notifier clock_notifier(struct insurer_number insurer)
{
    int law = insurer_number_law(insurer);

    if (law == LAW_LATE_ELDERLY)
        return CLOCK_NOBODY;
    return law == 0 ? CLOCK_HOUSEHOLD : CLOCK_EMPLOYER;
}

static int beyond(int days, int allowed)
{
    return allowed >= 0 && days > allowed ? days - allowed : 0;
}

struct clock_delay clock_delay_on(struct insurer_number insurer, struct clock_days days,
                                  struct date on)
{
    struct clock_delay delay = {0};
    struct date counted = days.registered;

    if (!date_is(days.happened) || !date_is(days.received) || date_before(on, days.received))
        return delay;
    delay.open = !date_is(days.registered) || date_before(on, days.registered);
    if (delay.open)
        counted = on;
    delay.notice = beyond(days_between(days.happened, days.received), clock_notice_days(insurer));
    delay.registration = beyond(days_between(days.received, counted), POLICY_REGISTRATION_DAYS);
    return delay;
}
