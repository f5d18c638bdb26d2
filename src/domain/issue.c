/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/issue.h"

#include <stdio.h>
#include <string.h>

#include "domain/coverage.h"
#include "domain/policy.h"
#include "domain/standing.h"

/* The plan as it grows: the standing as it was, and the rows that are new or changed. */
struct plan {
    const struct standing *standing;
    const struct issue_order *order;
    struct issue *out;
    size_t count;
};

bool issue_counts(const struct issue *issue)
{
    return issue->state == ISSUE_DUE || issue->state == ISSUE_ISSUED;
}

bool issue_left_out(const struct document_due *due, const char *rule)
{
    return rule && (strcmp(rule, due->trigger) == 0 || strcmp(rule, rule_at(due->rule)->id) == 0);
}

const char *issue_kind_name(enum issue_kind kind)
{
    return kind == ISSUE_CERTIFICATE ? "certificate" : "notice";
}

const char *issue_state_name(enum issue_state state)
{
    static const char *const names[] = {"",        "due",      "issued", "replaced",
                                        "renewed", "recalled", "void",   "cancelled"};

    return names[state];
}

static bool same_insurer(struct insurer_number a, struct insurer_number b)
{
    return strcmp(a.digits, b.digits) == 0;
}

static bool is_ordered(const struct plan *plan, struct insurer_number insurer)
{
    return plan->order->insurer.digits[0] == '\0' || same_insurer(plan->order->insurer, insurer);
}

/* Notes a row; one of the same key that was noted before gives way. */
static struct issue *note(struct plan *plan, const struct issue *row)
{
    struct issue *at = NULL;

    for (size_t i = 0; i < plan->count && !at; i++)
        if (plan->out[i].kind == row->kind && plan->out[i].serial == row->serial)
            at = &plan->out[i];
    if (!at && plan->count < ISSUE_CHANGES_MAX)
        at = &plan->out[plan->count++];
    if (at)
        *at = *row;
    return at;
}

/*
 * Has papers on the day: a coverage that holds, and that of the late elderly which begins with a
 * 75th birthday: the union knows the day, and its paper is in hand by then (T7).
 */
static bool has_papers(const struct coverage *coverage, struct date on)
{
    bool to_come = date_before(on, coverage->from) && !date_before(coverage->until, coverage->from);

    return coverage_holds(coverage, on) ||
           (to_come && insurer_number_law(coverage->insurer) == LAW_LATE_ELDERLY);
}

/* The coverage whose numbers stand on a paper; NULL where it was lost. */
static const struct coverage *coverage_of(const struct plan *plan, const struct issue *issue)
{
    const struct person *person = &plan->standing->person;

    for (size_t i = 0; i < person->coverage_count; i++)
        if (person->coverages[i].coverage_id == issue->coverage_id &&
            has_papers(&person->coverages[i], plan->order->on))
            return &person->coverages[i];
    return NULL;
}

/* Papers of a protected person wait until the insurer knows where they go. */
static bool may_issue(const struct plan *plan, const struct issue *row)
{
    const struct standing *standing = plan->standing;

    if (!plan->order->issue || date_before(plan->order->on, row->due))
        return false;
    if (!(standing->person.protection & PROTECTION_SELF_REFUSAL))
        return true;
    for (size_t i = 0; i < standing->need_count; i++)
        if (standing->needs[i].need == NEED_ADDRESS_CHECKED &&
            date_within(plan->order->on, standing->needs[i].since, standing->needs[i].until))
            return true;
    return false;
}

/* What the rules are asked with; the policy is that of the day. */
static struct document_facts facts_of(const struct plan *plan, const struct standing *standing,
                                      const struct coverage *coverage, const struct issue *without)
{
    struct document_facts facts = standing_facts(standing, coverage, plan->order->on, without);

    facts.policy = insurer_policy_on(&plan->order->policies, coverage->insurer, plan->order->on);
    if (facts.insurance == INSURANCE_LATE_ELDERLY && standing->use_count > 0) {
        struct date until = document_uses_until(&facts, plan->order->on);
        facts.uses_12_months = card_uses_until(standing->uses, standing->use_count, until, 12);
        facts.uses_3_months = card_uses_until(standing->uses, standing->use_count, until, 3);
    }
    return facts;
}

/* --- papers that are there -------------------------------------------------------------------- */

/* The same kind that the rules ask for by the horizon, were this paper not there; or false. */
static bool asked_without(const struct plan *plan, const struct coverage *coverage,
                          const struct issue *issue)
{
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;
    const struct document_facts facts = facts_of(plan, plan->standing, coverage, issue);
    enum document_kind kind =
        issue->kind == ISSUE_CERTIFICATE ? DOCUMENT_CERTIFICATE : DOCUMENT_NOTICE;
    size_t count = documents_due(&facts, plan->order->on, due, &rule);
    struct date last =
        date_before(issue->due, plan->order->horizon) ? plan->order->horizon : issue->due;

    for (size_t i = 0; i < count; i++)
        if (due[i].kind == kind && !date_before(last, due[i].due) &&
            !issue_left_out(&due[i], plan->order->left_out))
            return true;
    return false;
}

/* The card came into use since: what was issued for want of it is asked back (4.5). */
static bool is_recalled(const struct plan *plan, const struct coverage *coverage,
                        const struct issue *issue)
{
    const struct document_facts facts = facts_of(plan, plan->standing, coverage, issue);
    bool for_want = strcmp(issue->reason, "T1") == 0 || strcmp(issue->reason, "T3") == 0;

    return POLICY_RECALL_CERTIFICATES && issue->kind == ISSUE_CERTIFICATE && for_want &&
           document_card_works(&facts, plan->order->on) && !asked_without(plan, coverage, issue);
}

/* The state that a paper has on the day. */
static enum issue_state state_on(const struct plan *plan, const struct issue *issue)
{
    const struct coverage *coverage = coverage_of(plan, issue);
    struct date on = plan->order->on;

    if (!coverage)
        return issue->state == ISSUE_DUE ? ISSUE_CANCELLED : ISSUE_VOID;
    if (issue->state == ISSUE_DUE)
        return asked_without(plan, coverage, issue) ? ISSUE_DUE : ISSUE_CANCELLED;
    if (issue->special != (coverage->kind == KIND_SPECIAL_EXPENSE))
        return ISSUE_REPLACED;
    if (standing_paper_lost(plan->standing, issue->issued, issue->valid_from, on) &&
        issue->kind == ISSUE_CERTIFICATE)
        return ISSUE_REPLACED;
    if (issue->replaced_by != 0 && date_before(issue->valid_until, on))
        return ISSUE_RENEWED;
    return is_recalled(plan, coverage, issue) ? ISSUE_RECALLED : ISSUE_ISSUED;
}

static void follow(struct plan *plan, const struct issue *issue)
{
    struct issue row = *issue;

    if (!issue_counts(issue) || !is_ordered(plan, issue->insurer))
        return;
    row.state = state_on(plan, issue);
    if (row.state == ISSUE_DUE && may_issue(plan, &row)) {
        row.state = ISSUE_ISSUED;
        row.issued = plan->order->on;
    }
    if (row.state != issue->state)
        (void)note(plan, &row);
}

/* --- new ones --------------------------------------------------------------------------------- */

/* The standing with the rows that changed: what is asked for now is asked of it. */
struct changed {
    struct standing standing;
    struct issue issues[2 * ISSUE_CHANGES_MAX];
};

/* Newest first are looked at where a person has had more papers than there is room for. */
static void apply(const struct plan *plan, struct changed *out)
{
    const struct standing *standing = plan->standing;
    size_t count = 0;

    out->standing = *standing;
    for (size_t i = 0; i < standing->issue_count && count < ISSUE_CHANGES_MAX; i++)
        if (issue_counts(&standing->issues[i]))
            out->issues[count++] = standing->issues[i];
    for (size_t i = 0; i < plan->count; i++) {
        size_t at = 0;
        while (at < count && (out->issues[at].kind != plan->out[i].kind ||
                              out->issues[at].serial != plan->out[i].serial))
            at++;
        out->issues[at] = plan->out[i];
        count += at == count;
    }
    out->standing.issues = out->issues;
    out->standing.issue_count = count;
}

static int64_t next_serial(const struct plan *plan, enum issue_kind kind)
{
    int64_t highest = 0;

    for (size_t i = 0; i < plan->standing->issue_count; i++)
        if (plan->standing->issues[i].kind == kind && plan->standing->issues[i].serial > highest)
            highest = plan->standing->issues[i].serial;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->out[i].kind == kind && plan->out[i].serial > highest)
            highest = plan->out[i].serial;
    return highest + 1;
}

static bool is_reason(const struct issue *a, const struct issue *b)
{
    return a->kind == b->kind && same_insurer(a->insurer, b->insurer) &&
           strcmp(a->reason, b->reason) == 0 && date_compare(a->valid_from, b->valid_from) == 0;
}

/* The reason was served before: by a paper that was cancelled, replaced or asked back. */
static bool reason_known(const struct plan *plan, const struct issue *row)
{
    for (size_t i = 0; i < plan->standing->issue_count; i++)
        if (is_reason(&plan->standing->issues[i], row))
            return true;
    for (size_t i = 0; i < plan->count; i++)
        if (is_reason(&plan->out[i], row))
            return true;
    return false;
}

/* The paper before it gives way when its last day has passed. */
static void replace_former(struct plan *plan, const struct standing *standing,
                           const struct issue *row)
{
    for (size_t i = 0; i < standing->issue_count; i++) {
        struct issue former = standing->issues[i];
        if (former.kind != row->kind || former.serial == row->serial ||
            !same_insurer(former.insurer, row->insurer) || former.replaced_by != 0 ||
            !(issue_counts(&former) || former.state == ISSUE_REPLACED))
            continue;
        former.replaced_by = row->serial;
        (void)note(plan, &former);
    }
}

static void add(struct plan *plan, const struct standing *standing, const struct coverage *coverage,
                const struct document_due *due)
{
    struct issue row = {
        .person_id = standing->person.person_id,
        .kind = due->kind == DOCUMENT_CERTIFICATE ? ISSUE_CERTIFICATE : ISSUE_NOTICE,
        .insurer = coverage->insurer,
        .coverage_id = coverage->coverage_id,
        .due = due->due,
        .latest = due->latest,
        .valid_from = due->valid_from,
        .valid_until = due->valid_until,
        .state = ISSUE_DUE,
        .special = due->special_expense,
    };

    row.serial = next_serial(plan, row.kind);
    snprintf(row.reason, sizeof row.reason, "%s", due->trigger);
    snprintf(row.rule, sizeof row.rule, "%s", rule_at(due->rule)->id);
    if (reason_known(plan, &row))
        row.valid_from = plan->order->on;
    if (reason_known(plan, &row))
        return; /* cancelled or replaced this very day: tomorrow */
    if (may_issue(plan, &row)) {
        row.state = ISSUE_ISSUED;
        row.issued = plan->order->on;
    }
    if (note(plan, &row))
        replace_former(plan, standing, &row);
}

static void ask(struct plan *plan, const struct coverage *coverage)
{
    struct document_due due[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;
    struct changed changed;
    struct document_facts facts;
    size_t count = 0;

    apply(plan, &changed);
    facts = facts_of(plan, &changed.standing, coverage, NULL);
    count = documents_due(&facts, plan->order->on, due, &rule);
    for (size_t i = 0; i < count; i++)
        if (!date_before(plan->order->horizon, due[i].due) &&
            !issue_left_out(&due[i], plan->order->left_out))
            add(plan, &changed.standing, coverage, &due[i]);
}

size_t issues_plan(const struct standing *standing, const struct issue_order *order,
                   struct issue out[ISSUE_CHANGES_MAX])
{
    struct plan plan = {standing, order, out, 0};

    for (size_t i = 0; i < standing->issue_count; i++)
        follow(&plan, &standing->issues[i]);
    for (size_t i = 0; i < standing->person.coverage_count; i++) {
        const struct coverage *coverage = &standing->person.coverages[i];
        if (has_papers(coverage, order->on) && is_ordered(&plan, coverage->insurer))
            ask(&plan, coverage);
    }
    return plan.count;
}
