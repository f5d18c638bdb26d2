/* SPDX-License-Identifier: Apache-2.0 */
#include "batch/overlaps.h"

#include <stdlib.h>
#include <string.h>

#include "batch/member_label.h"
#include "store/store_finder.h"

#define RUN_SCOPE_LIMIT (64UL * 1024 * 1024)

/* --- telling ------------------------------------------------------------------------------------
 */

static int compare_number(const void *key, const void *insurer)
{
    return strcmp(key, ((const struct insurer *)insurer)->number.digits);
}

static struct text name_of(const struct overlaps_order *order, struct insurer_number number)
{
    const struct insurer *found = NULL;

    if (order->insurer_count > 0)
        found = bsearch(number.digits, order->insurers, order->insurer_count,
                        sizeof *order->insurers, compare_number);
    return found ? found->name : TEXT("");
}

static bool is_told(const struct overlaps_order *order, const struct coverage *side)
{
    return side && (order->insurer.digits[0] == '\0' ||
                    strcmp(order->insurer.digits, side->insurer.digits) == 0);
}

/* The other insurer: number, name and dates; under a protection flag the dates alone. */
static void add_other(const struct overlaps_order *order, const struct coverage *other,
                      struct overlap_row *row)
{
    if (!other)
        return;
    row->other_from = other->from;
    row->other_until = other->until;
    if (row->withheld)
        return;
    row->other = other->insurer;
    row->other_name = name_of(order, other->insurer);
}

static enum status tell_one(struct scope *scope, struct store *store,
                            const struct overlaps_order *order, const struct person *person,
                            const struct overlap_finding *finding, const struct coverage *own,
                            const struct coverage *other, struct overlap_row *row)
{
    row->to = own->insurer;
    row->kind = finding->kind;
    row->from = own->from;
    row->until = own->until;
    row->first = finding->first;
    row->last = finding->last;
    row->days = overlap_days(finding);
    memcpy(row->branch, own->branch, sizeof row->branch);
    add_other(order, other, row);
    TRY(member_label(scope, store, person, own, &row->key));
    return order->row(scope, order->context, row);
}

static enum status tell(struct scope *scope, struct store *store,
                        const struct overlaps_order *order, const struct person *person,
                        const struct overlap_finding *finding, struct overlaps_figures *figures)
{
    const struct coverage *const sides[] = {finding->mine, finding->other};
    bool told = false;

    for (int i = 0; i < 2; i++) {
        struct overlap_row row = {
            .rule = overlap_rule(finding, i == 0),
            .counts = finding->kind == OVERLAP_LIVE && finding->mine_counts == (i == 0),
            .withheld = person->protection != 0 && sides[1 - i],
            .key = TEXT(""),
            .other_name = TEXT(""),
        };
        if (!is_told(order, sides[i]))
            continue;
        TRY(tell_one(scope, store, order, person, finding, sides[i], sides[1 - i], &row));
        told = true;
        figures->rows++;
        figures->withheld += row.withheld;
    }
    figures->found[finding->kind] += told;
    return STATUS_OK;
}

/* --- finding ------------------------------------------------------------------------------------
 */

static enum status find_of_person(struct scope *scope, struct store *store,
                                  const struct overlaps_order *order,
                                  const struct overlap_facts *facts,
                                  struct overlaps_figures *figures)
{
    struct overlap_finding found[OVERLAP_FINDINGS_MAX];
    size_t count = overlap_find(facts, found);

    for (size_t i = 0; i < count; i++)
        TRY(tell(scope, store, order, facts->person, &found[i], figures));
    return STATUS_OK;
}

static enum status find_of_run(struct scope *scope, struct store *store,
                               const struct overlaps_order *order, const struct standing_run *run,
                               struct overlaps_figures *figures)
{
    struct coverage_loss *losses = NULL;
    size_t loss_count = 0;
    size_t at = 0;

    if (run->count == 0)
        return STATUS_OK;
    TRY(store_list_losses(scope, store, run->standings[0].person.person_id, run->next, &losses,
                          &loss_count));
    for (size_t i = 0; i < run->count; i++) {
        const struct person *person = &run->standings[i].person;
        struct overlap_facts facts = {.person = person, .on = order->on, .since = order->since};
        while (at < loss_count && losses[at].person_id < person->person_id)
            at++;
        facts.losses = at < loss_count ? &losses[at] : NULL;
        while (at + facts.loss_count < loss_count &&
               losses[at + facts.loss_count].person_id == person->person_id)
            facts.loss_count++;
        TRY(find_of_person(scope, store, order, &facts, figures));
    }
    figures->people += (int64_t)run->count;
    return STATUS_OK;
}

enum status overlaps_read(struct scope *scope, struct store *store,
                          const struct overlaps_order *order, struct overlaps_figures *out)
{
    struct overlaps_figures figures = {0};
    struct standing_run run = {0};

    while (!run.last) {
        CLEANUP(scope_end) struct scope round = scope_begin_at(RUN_SCOPE_LIMIT, scope->now);
        if (store_read_standings(&round, store, run.next, &run) != STATUS_OK ||
            find_of_run(&round, store, order, &run, &figures) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
    }
    *out = figures;
    return STATUS_OK;
}
