/* SPDX-License-Identifier: Apache-2.0
 *
 * registration_clock.h - was an acquisition or a loss notified and registered in time?
 *
 * Employees' insurance: the employer notifies the insurer within 5 days of the event, the insurer
 * registers within 5 days of the notice. Community insurance (国保): the household has 14 days. The
 * late elderly (後期高齢者) are enrolled without a notice. Days are calendar days of Japan. Pure.
 * Source: insurers-and-documents 1.1 and 2.3.
 */
#pragma once

#include <stdbool.h>

#include "base/date.h"
#include "domain/number.h"

/* What began or ended; the numbers are in the store. */
enum clock_event { CLOCK_ACQUISITION = 1, CLOCK_LOSS = 2 };

/* What was late, a bit each; the numbers are in the store. */
enum { CLOCK_NOTICE_LATE = 1, CLOCK_REGISTRATION_LATE = 2 };

/* Days that the notice of a member of this insurer may take; -1 where there is none. */
int clock_notice_days(struct insurer_number insurer);

/*
 * The CLOCK_ bits of one event. received: the day on which the insurer had the notice, or
 * DATE_NONE: then nothing is known to be late.
 */
int clock_lateness(struct insurer_number insurer, struct date happened, struct date received,
                   struct date registered);

/* Who gives the notice of a member of this insurer. */
enum clock_notifier { CLOCK_EMPLOYER, CLOCK_HOUSEHOLD, CLOCK_NOBODY };
enum clock_notifier clock_notifier(struct insurer_number insurer);

/* An event and its two steps. received: DATE_NONE = not told. */
struct clock_days {
    struct date happened, received, registered;
};

/* How late an event is, seen on a day: the notice is the notifier's, the rest the insurer's. */
struct clock_delay {
    int notice;       /* days beyond those allowed; 0 = in time, or nothing is known of it */
    int registration; /* the same; counted to that day where it is not registered by then */
    bool open;        /* the notice is there, the registration is not */
};

/* Nothing is late where the notice was not there by that day. */
struct clock_delay clock_delay_on(struct insurer_number insurer, struct clock_days days,
                                  struct date on);
