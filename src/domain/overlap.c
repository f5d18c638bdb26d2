/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/overlap.h"

#include "domain/coverage.h"
#include "domain/policy.h"

const char *overlap_kind_name(enum overlap_kind kind)
{
    static const char *const names[OVERLAP_KIND_COUNT] = {
        [OVERLAP_LIVE] = "live",
        [OVERLAP_ENDED] = "overlap",
        [OVERLAP_GAP] = "gap",
        [OVERLAP_LATE_LOSS] = "late_loss",
    };

    return names[kind];
}

/* --- findings as they come ----------------------------------------------------------------------
 */

struct finding_list {
    const struct overlap_facts *facts;
    struct overlap_finding *items;
    size_t count;
};

static void add(struct finding_list *list, struct overlap_finding finding)
{
    if (list->count < OVERLAP_FINDINGS_MAX)
        list->items[list->count++] = finding;
}

static struct date earlier(struct date a, struct date b)
{
    return date_before(a, b) ? a : b;
}

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

/* Begun by the day, and not empty. */
static bool counts(const struct coverage *coverage, struct date on)
{
    return !date_before(on, coverage->from) && date_before(coverage->from, coverage->until);
}

/* --- two at a time ------------------------------------------------------------------------------
 */

/* E9: a coverage that the system does not know on the day of an overlap is none of it. */
static bool excluded(const struct coverage *coverage, struct date on)
{
    enum rule_id why = RULE_COUNT;

    return coverage_excluded(coverage->insurer, on, &why);
}

static void find_overlap(struct finding_list *list, const struct coverage *a,
                         const struct coverage *b)
{
    const struct overlap_facts *facts = list->facts;
    struct date first = later(a->from, b->from);
    struct date end = earlier(a->until, b->until); /* the day after the last */
    bool live = date_before(facts->on, end);
    const struct coverage *winner = coverage_later_issued(a, b);
    struct date last = facts->on;

    if (!date_before(first, end) || (!live && date_before(end, facts->since)))
        return;
    if (!live)
        last = date_add_days(end, -1);
    if (excluded(a, last) || excluded(b, last))
        return;
    add(list, (struct overlap_finding){
                  .kind = live ? OVERLAP_LIVE : OVERLAP_ENDED,
                  .mine = a,
                  .other = b,
                  .first = first,
                  .last = last,
                  .mine_counts = winner == a,
              });
}

static void find_overlaps(struct finding_list *list)
{
    const struct person *person = list->facts->person;

    for (size_t i = 0; i < person->coverage_count; i++)
        for (size_t j = i + 1; j < person->coverage_count; j++)
            if (counts(&person->coverages[i], list->facts->on) &&
                counts(&person->coverages[j], list->facts->on))
                find_overlap(list, &person->coverages[i], &person->coverages[j]);
}

/* --- none for a time ----------------------------------------------------------------------------
 */

/* The coverage that ends last of those that begin before a day; NULL where there is none. */
static const struct coverage *last_before(const struct overlap_facts *facts, struct date day)
{
    const struct person *person = facts->person;
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct coverage *one = &person->coverages[i];
        if (counts(one, facts->on) && date_before(one->from, day) &&
            (!found || date_before(found->until, one->until)))
            found = one;
    }
    return found;
}

/*
 * A gap ends where a coverage begins after the end of all that began before. Public assistance is
 * none. E9 does not matter here: the person was covered.
 */
static void find_gap(struct finding_list *list, const struct coverage *next)
{
    const struct coverage *before = last_before(list->facts, next->from);

    if (!before || !date_before(before->until, next->from) ||
        before->loss_reason == LOSS_PUBLIC_ASSISTANCE ||
        date_before(next->from, list->facts->since))
        return;
    add(list, (struct overlap_finding){
                  .kind = OVERLAP_GAP,
                  .mine = before,
                  .other = next,
                  .first = before->until,
                  .last = date_add_days(next->from, -1),
              });
}

/* --- losses that came late ----------------------------------------------------------------------
 */

/* The first coverage that began while the loss was not yet registered. */
static const struct coverage *met(const struct overlap_facts *facts, const struct coverage *lost,
                                  struct date registered)
{
    const struct person *person = facts->person;
    const struct coverage *found = NULL;

    for (size_t i = 0; i < person->coverage_count; i++) {
        const struct coverage *one = &person->coverages[i];
        if (one != lost && counts(one, facts->on) &&
            date_within(one->from, lost->until, registered) &&
            (!found || date_before(one->from, found->from)))
            found = one;
    }
    return found;
}

static void find_late_loss(struct finding_list *list, const struct coverage *lost)
{
    const struct overlap_facts *facts = list->facts;
    struct date registered = DATE_NONE;

    for (size_t i = 0; i < facts->loss_count; i++)
        if (facts->losses[i].coverage_id == lost->coverage_id)
            registered = instant_date(facts->losses[i].registered);
    if (!date_is(registered) || date_compare(lost->until, DATE_NEVER) == 0 ||
        !date_within(registered, facts->since, facts->on) ||
        !date_before(date_add_days(lost->until, POLICY_LATE_LOSS_DAYS), registered))
        return;
    add(list, (struct overlap_finding){
                  .kind = OVERLAP_LATE_LOSS,
                  .mine = lost,
                  .other = met(facts, lost, registered),
                  .first = lost->until,
                  .last = registered,
              });
}

size_t overlap_find(const struct overlap_facts *facts, struct overlap_finding *out)
{
    struct finding_list list = {facts, out, 0};
    const struct person *person = facts->person;

    if (person->coverage_count > 1)
        find_overlaps(&list);
    for (size_t i = 0; person->coverage_count > 1 && i < person->coverage_count; i++)
        if (counts(&person->coverages[i], facts->on))
            find_gap(&list, &person->coverages[i]);
    for (size_t i = 0; facts->loss_count > 0 && i < person->coverage_count; i++)
        find_late_loss(&list, &person->coverages[i]);
    return list.count;
}

const struct rule *overlap_rule(const struct overlap_finding *finding, bool mine)
{
    static const struct {
        enum rule_id mine, other;
    } rules[OVERLAP_KIND_COUNT] = {
        [OVERLAP_LIVE] = {RULE_E1_OVERLAP_COUNTS, RULE_E1_OVERLAP_YIELDS},
        [OVERLAP_ENDED] = {RULE_E1_OVERLAP_ENDED, RULE_E1_OVERLAP_ENDED},
        [OVERLAP_GAP] = {RULE_E1_GAP_BEFORE, RULE_E1_GAP_AFTER},
        [OVERLAP_LATE_LOSS] = {RULE_E1_LATE_LOSS, RULE_E1_LATE_LOSS_NEXT},
    };
    bool first = finding->kind == OVERLAP_LIVE ? mine == finding->mine_counts : mine;

    return rule_at(first ? rules[finding->kind].mine : rules[finding->kind].other);
}

int overlap_days(const struct overlap_finding *finding)
{
    return date_to_days(finding->last) - date_to_days(finding->first) + 1;
}
