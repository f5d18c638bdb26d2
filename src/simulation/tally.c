/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/tally.h"

static const char *const papers[TALLY_PAPERS] = {"T1", "T2", "T3", "T4", "T5", "T6",      "T7",
                                                 "N1", "N2", "N3", "N4", "N5", "old_card"};

enum tally_paper tally_paper_of(const char *trigger)
{
    int base = trigger[0] == 'N' ? TALLY_N1 : TALLY_T1;

    return (enum tally_paper)(base + trigger[1] - '1');
}

const char *tally_paper_name(enum tally_paper paper)
{
    return papers[paper];
}

void tally_note_run(struct tally *tally, const struct means_today *means, int days)
{
    int *longest = NULL;

    if (means->means == MEANS_PENDING)
        longest = &tally->longest_pending[means->reason];
    if (means->means == MEANS_WAITING)
        longest = &tally->longest_waiting[means->reason];
    if (longest && days > *longest)
        *longest = days;
}

void tally_note_day(struct tally_month *month, struct date day, int64_t people)
{
    if (people <= month->most)
        return;
    month->most = people;
    month->most_on = day;
}

int tally_longest(const int days[REASON_COUNT])
{
    int longest = 0;

    for (int i = 0; i < REASON_COUNT; i++)
        if (days[i] > longest)
            longest = days[i];
    return longest;
}

static void add(int64_t *sum, const int64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += more[i];
}

struct tally_month tally_total(const struct tally *tally)
{
    struct tally_month total = {0};

    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_month *month = &tally->months[i];
        total.people = month->people;
        add(total.events, month->events, HAPPENING_LIVES);
        add(total.papers, month->papers, TALLY_PAPERS);
        add(total.days, month->days, MEANS_COUNT);
        add(total.none, month->none, REASON_COUNT);
        add(total.pending, month->pending, REASON_COUNT);
        add(total.waiting, month->waiting, REASON_COUNT);
        total.double_certificates += month->double_certificates;
        total.double_notices += month->double_notices;
        total.compared += month->compared;
        total.looked_up += month->looked_up;
        add(total.differ, month->differ, AUDIT_DIFFERENCES);
        tally_note_day(&total, month->most_on, month->most);
    }
    total.first = tally->count > 0 ? tally->months[0].first : DATE_NONE;
    return total;
}

int64_t tally_differences(const struct tally_month *month)
{
    int64_t sum = 0;

    for (int i = 0; i < AUDIT_DIFFERENCES; i++)
        sum += month->differ[i];
    return sum;
}

bool tally_seamless(const struct tally *tally)
{
    struct tally_month total = tally_total(tally);

    return total.days[MEANS_NONE] == 0 && total.double_certificates == 0 &&
           total.double_notices == 0 && tally_differences(&total) == 0;
}
