/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/simulation.h"

#include <string.h>

#include "domain/policy.h"
#include "simulation/audit.h"
#include "simulation/life.h"
#include "simulation/office.h"
#include "world/progress.h"

/* --- rules that can be switched off ----------------------------------------------------------- */

static bool is_trigger(const char *rule)
{
    return strlen(rule) == 2 && ((rule[0] == 'T' && rule[1] >= '1' && rule[1] <= '7') ||
                                 (rule[0] == 'N' && rule[1] >= '1' && rule[1] <= '5'));
}

bool simulation_knows_rule(const char *rule)
{
    return is_trigger(rule) || ((strncmp(rule, "D1.", 3) == 0 || strncmp(rule, "D2.", 3) == 0) &&
                                rule_find(rule) != NULL);
}

/* --- a day ------------------------------------------------------------------------------------ */

/* First what happens to people, then what the offices make of it. */
static enum status live_day(struct society *society)
{
    struct calendar_entry entry = {0};

    while (calendar_take(society->calendar, society->today, &entry)) {
        struct resident *resident = &society->residents[entry.resident];
        if (entry.what < HAPPENING_LIVES)
            TRY(life_happens(society, resident, entry.what));
        else
            TRY(office_do(society, resident, entry.what));
    }
    return STATUS_OK;
}

static void count_one(struct society *society, struct resident *resident)
{
    struct means_today means = means_count(resident, society->today);
    struct tally_month *month = society->month;

    month->days[means.means]++;
    month->none[means.reason] += means.means == MEANS_NONE;
    month->pending[means.reason] += means.means == MEANS_PENDING;
    month->waiting[means.reason] += means.means == MEANS_WAITING;
    month->double_certificates += means.double_certificate;
    month->double_notices += means.double_notice;
    month->people += means.means != MEANS_NOT_INSURED;
    resident->without_days = means.means < MEANS_PENDING ? 0 : resident->without_days + 1;
    tally_note_run(&society->tally, &means, resident->without_days);
}

static void count_all(struct society *society)
{
    int64_t before = society->month->days[MEANS_NONE];

    society->month->people = 0;
    for (size_t i = 0; i < society->count; i++)
        count_one(society, &society->residents[i]);
    tally_note_day(society->month, society->today, society->month->days[MEANS_NONE] - before);
}

static enum status run_day(struct society *society)
{
    bool list = date_day(society->today) == POLICY_MONTHLY_LIST_DAY;

    TRY(registry_begin_day(society->registry, society->today));
    if (list)
        TRY(office_work_off_list(society));
    TRY(live_day(society));
    count_all(society);
    if (date_compare(society->today, date_end_of_month(society->today)) != 0)
        return STATUS_OK;
    TRY(audit_month(society));
    office_end_month(society);
    return registry_end_month(society->registry);
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum status begin_month(struct society *society)
{
    int month = (int)society->tally.count++;

    society->month = &society->tally.months[month];
    *society->month = (struct tally_month){.first = society->today};
    return life_draw_month(society, month);
}

static enum status run_days(struct scope *scope, const struct simulation_order *order,
                            struct society *society)
{
    for (; !date_before(society->last, society->today);
         society->today = date_add_days(society->today, 1)) {
        if (order->stop && atomic_load(order->stop))
            return scope_fail(scope, CAUSE_SIMULATION_STOPPED, "stopped by a signal");
        if (society->tally.count == 0 || date_day(society->today) == 1)
            TRY(begin_month(society));
        TRY(run_day(society));
        if (order->progress)
            progress_add(order->progress, 1);
    }
    return registry_end_month(society->registry);
}

static enum status check(struct scope *scope, const struct simulation_order *order)
{
    const struct society_order *society = &order->society;

    if (society->people < 1 || society->people > SIMULATION_PEOPLE_MAX || order->months < 1 ||
        order->months > TALLY_MONTHS_MAX)
        return scope_fail(scope, CAUSE_USAGE, "people 1 to %d, months 1 to %d",
                          SIMULATION_PEOPLE_MAX, TALLY_MONTHS_MAX);
    if (!date_within(society->first, SIMULATION_FIRST_DAY, SIMULATION_LAST_START))
        return scope_fail(scope, CAUSE_USAGE, "a simulation begins from 2024-10-01 to 2030-01-01");
    if (society->without && !simulation_knows_rule(society->without))
        return scope_fail(scope, CAUSE_SIMULATION_RULE_UNKNOWN,
                          "T1 to T7, N1 to N5, or an id of shikaku explain rule (D1.*, D2.*)");
    return STATUS_OK;
}

enum status simulation_run(struct scope *scope, const struct simulation_order *order,
                           struct tally *out)
{
    struct society_order ordered = order->society;
    CLEANUP(society_end) struct society society = {0};
    enum status status = STATUS_OK;

    TRY(check(scope, order));
    ordered.last = date_add_days(date_add_months(ordered.first, order->months), -1);
    status = society_make(scope, &ordered, &society);
    if (status == STATUS_OK)
        status = run_days(scope, order, &society);
    if (status == STATUS_OK)
        *out = society.tally;
    return status;
}
