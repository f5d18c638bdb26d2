/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows Q (qualification) and C (its certificate). A qualification is known by its insurer, its
 * person and its first day: those of one insurer never overlap.
 */
#include <string.h>

#include "domain/insured_number.h"
#include "domain/policy.h"
#include "domain/registration_rules.h"
#include "insurer/draft_parts.h"

/* --- Q ------------------------------------------------------------------------------------------
 */

static void merge(const struct registration_row *row, struct coverage *coverage)
{
    const struct registration_value *told = row->values;
    int relation = (int)coverage->relation;
    int reason = (int)coverage->loss_reason;

    draft_text(&coverage->symbol, &told[Q_SYMBOL]);
    draft_text(&coverage->number, &told[Q_NUMBER]);
    draft_text(&coverage->insured_name, &told[Q_INSURED_NAME]);
    draft_day(&coverage->from, &told[Q_FROM]);
    draft_day(&coverage->until, &told[Q_UNTIL]);
    draft_number(&relation, &told[Q_RELATION]);
    draft_number(&reason, &told[Q_LOSS_REASON]);
    if (!date_is(coverage->until)) /* none: a loss that is taken back */
        coverage->until = DATE_NEVER;
    coverage->relation = (enum relation)relation;
    coverage->loss_reason = (enum loss_reason)reason;
    if (told[Q_BRANCH].told != TOLD_NOTHING) /* its shape was read; none is empty */
        (void)!insured_branch_read(told[Q_BRANCH].text, coverage->branch);
}

static bool same_qualification(const struct coverage *a, const struct coverage *b)
{
    return text_equal(a->symbol, b->symbol) && text_equal(a->number, b->number) &&
           strcmp(a->branch, b->branch) == 0 && a->relation == b->relation &&
           text_equal(a->insured_name, b->insured_name) && date_compare(a->from, b->from) == 0 &&
           date_compare(a->until, b->until) == 0 && a->loss_reason == b->loss_reason;
}

/* The item that a refusal of the whole qualification points to. */
static const char *item_of(enum cause cause)
{
    if (cause == CAUSE_ROW_LOSS_BEFORE)
        return "lost";
    return cause == CAUSE_ROW_REASON ? "loss_reason" : "acquired";
}

static bool text_fits(const struct coverage *coverage)
{
    char normal[INSURED_NORMAL_SIZE];

    return insured_text_normalise(coverage->symbol, false, normal) &&
           insured_text_normalise(coverage->number, true, normal);
}

static void check(const struct member_draft *draft, const struct coverage *candidate,
                  struct registration_finding *finding)
{
    enum cause cause = rules_coverage(&draft->person, candidate);

    if (cause != CAUSE_NONE) {
        *finding = (struct registration_finding){cause, item_of(cause)};
        return;
    }
    if (!text_fits(candidate)) {
        *finding = (struct registration_finding){CAUSE_ROW_TOO_LONG, "number"};
        return;
    }
    draft_warn(finding, rules_width(candidate->symbol), "symbol");
    draft_warn(finding, rules_width(candidate->number), "number");
    draft_warn(finding, rules_branch(candidate->branch), "branch");
    if (rules_two_insurers(&draft->person, candidate))
        draft_warn(finding, CAUSE_WARN_TWO_INSURERS, "acquired");
}

/* Starts the clock of an event that the row brings. */
static void note_event(struct scope *scope, struct member_draft *draft,
                       const struct registration_row *row, const struct coverage *coverage,
                       enum clock_event event, struct registration_finding *finding)
{
    struct registration_clock clock = {
        .person_id = draft->person.person_id,
        .coverage_id = coverage->coverage_id,
        .event = event,
        .insurer = coverage->insurer,
        .symbol = coverage->symbol,
        .happened = event == CLOCK_ACQUISITION ? coverage->from : coverage->until,
        .received = row->received,
        .registered = scope->now,
    };

    clock.late =
        clock_lateness(clock.insurer, clock.happened, clock.received, instant_date(scope->now));
    if (clock.late != 0)
        draft_warn(finding, CAUSE_WARN_LATE, "received");
    draft->clocks[draft->clock_count++] = clock;
}

static bool lost(const struct coverage *coverage)
{
    return date_compare(coverage->until, DATE_NEVER) != 0;
}

static enum status new_id(struct scope *scope, struct member_draft *draft, int64_t *out)
{
    if (draft->next_coverage == 0 && draft->person_stored)
        TRY(store_next_coverage_id(scope, draft->context->store, draft->person.person_id,
                                   &draft->next_coverage));
    else if (draft->next_coverage == 0)
        draft->next_coverage = 1;
    *out = draft->next_coverage++;
    return STATUS_OK;
}

static enum status add(struct scope *scope, struct member_draft *draft,
                       const struct registration_row *row, struct registration_finding *finding)
{
    struct coverage candidate = {.coverage_id = -1,
                                 .insurer = draft->context->insurer,
                                 .until = DATE_NEVER,
                                 .kind = KIND_GENERAL};

    merge(row, &candidate);
    check(draft, &candidate, finding);
    if (draft_refused(finding))
        return STATUS_OK;
    TRY(new_id(scope, draft, &candidate.coverage_id));
    note_event(scope, draft, row, &candidate, CLOCK_ACQUISITION, finding);
    if (lost(&candidate))
        note_event(scope, draft, row, &candidate, CLOCK_LOSS, finding);
    draft->coverages[draft->person.coverage_count++] = candidate;
    draft->person_changed = true;
    return STATUS_OK;
}

static enum status change(struct scope *scope, struct member_draft *draft,
                          const struct registration_row *row, struct coverage *coverage,
                          struct registration_finding *finding)
{
    struct coverage candidate = *coverage;

    merge(row, &candidate);
    if (same_qualification(&candidate, coverage))
        return STATUS_OK;
    if (row->op == OP_NEW)
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "acquired");
    check(draft, &candidate, finding);
    if (draft_refused(finding))
        return STATUS_OK;
    if (lost(&candidate) && !lost(coverage))
        note_event(scope, draft, row, &candidate, CLOCK_LOSS, finding);
    *coverage = candidate;
    draft->person_changed = true;
    return STATUS_OK;
}

static enum status qualification_new(struct scope *scope, struct member_draft *draft,
                                     const struct registration_row *row,
                                     struct registration_finding *finding)
{
    struct date from = draft_day_of(&row->values[Q_FROM]);
    struct coverage *known = draft_coverage_from(draft, from);

    if (date_is(row->effective) && date_compare(row->effective, from) != 0)
        return draft_find(finding, CAUSE_ROW_EFFECTIVE, "effective");
    return known ? change(scope, draft, row, known, finding) : add(scope, draft, row, finding);
}

/* U and X: by the registered first day, in the effective date or in its own column. */
static struct coverage *named(struct member_draft *draft, const struct registration_row *row)
{
    if (date_is(row->effective))
        return draft_coverage_from(draft, row->effective);
    if (row->values[Q_FROM].told == TOLD_VALUE)
        return draft_coverage_from(draft, draft_day_of(&row->values[Q_FROM]));
    return draft_coverage_last(draft);
}

/* L: the loss date may stand in the effective date; a loss that is known already changes nothing.
 */
static enum status loss(struct scope *scope, struct member_draft *draft,
                        const struct registration_row *row, struct registration_finding *finding)
{
    struct registration_row told = *row;
    struct coverage *last = draft_coverage_last(draft);

    if (told.values[Q_FROM].told == TOLD_VALUE)
        last = draft_coverage_from(draft, draft_day_of(&told.values[Q_FROM]));
    if (told.values[Q_UNTIL].told != TOLD_VALUE && date_is(row->effective))
        told.values[Q_UNTIL] =
            (struct registration_value){.told = TOLD_VALUE, .number = row->effective.yyyymmdd};
    if (told.values[Q_UNTIL].told != TOLD_VALUE)
        return draft_find(finding, CAUSE_ROW_MISSING, "lost");
    if (told.values[Q_LOSS_REASON].told != TOLD_VALUE)
        return draft_find(finding, CAUSE_ROW_REASON, "loss_reason");
    if (!last ||
        (lost(last) && (date_compare(last->until, draft_day_of(&told.values[Q_UNTIL])) != 0 ||
                        (int64_t)last->loss_reason != told.values[Q_LOSS_REASON].number)))
        return draft_find(finding, CAUSE_ROW_NO_QUALIFICATION, "acquired");
    return change(scope, draft, &told, last, finding);
}

enum status draft_qualification_row(struct scope *scope, struct member_draft *draft,
                                    const struct registration_row *row,
                                    struct registration_finding *finding)
{
    struct coverage *coverage = NULL;

    if (row->op == OP_NEW)
        return qualification_new(scope, draft, row, finding);
    if (row->op == OP_LOSS)
        return loss(scope, draft, row, finding);
    coverage = named(draft, row);
    if (!coverage)
        return draft_find(finding, CAUSE_ROW_NO_QUALIFICATION, "acquired");
    if (row->op == OP_CHANGE)
        return change(scope, draft, row, coverage, finding);
    draft_drop_coverage(draft, coverage);
    return STATUS_OK;
}

/* --- C ------------------------------------------------------------------------------------------
 */

/* What was handed out: a card before the reform, then a certificate, or a notice without an end. */
static enum paper paper_of(const struct coverage *coverage)
{
    if (!date_is(coverage->issued))
        return PAPER_NONE;
    if (date_before(coverage->issued, POLICY_DATE(REFORM_DAY)))
        return PAPER_OLD_CARD;
    if (!date_is(coverage->valid_until) || date_compare(coverage->valid_until, DATE_NEVER) == 0)
        return PAPER_ELIGIBILITY_NOTICE;
    return PAPER_ELIGIBILITY_CERTIFICATE;
}

static void merge_certificate(const struct registration_row *row, struct coverage *coverage)
{
    const struct registration_value *told = row->values;
    int kind = (int)coverage->kind;

    draft_number(&kind, &told[C_KIND]);
    draft_number(&coverage->share, &told[C_SHARE]);
    draft_day(&coverage->issued, &told[C_ISSUED]);
    draft_day(&coverage->valid_from, &told[C_FROM]);
    draft_day(&coverage->valid_until, &told[C_UNTIL]);
    coverage->kind = kind == 0 ? KIND_GENERAL : (enum certificate_kind)kind;
    coverage->paper = paper_of(coverage);
}

static bool same_certificate(const struct coverage *a, const struct coverage *b)
{
    return a->kind == b->kind && a->share == b->share && date_compare(a->issued, b->issued) == 0 &&
           date_compare(a->valid_from, b->valid_from) == 0 &&
           date_compare(a->valid_until, b->valid_until) == 0;
}

static bool has_certificate(const struct coverage *coverage)
{
    return date_is(coverage->issued) || date_is(coverage->valid_from);
}

static void clear_certificate(struct coverage *coverage)
{
    coverage->kind = KIND_GENERAL;
    coverage->paper = PAPER_NONE;
    coverage->issued = coverage->valid_from = coverage->valid_until = DATE_NONE;
    coverage->share = 0;
}

static void check_certificate(const struct member_draft *draft, const struct coverage *former,
                              const struct coverage *candidate,
                              struct registration_finding *finding)
{
    enum cause cause = rules_certificate(draft->person.birth, candidate);

    if (cause != CAUSE_NONE) {
        *finding = (struct registration_finding){
            cause, cause == CAUSE_ROW_SHARE_AGE ? "share" : "valid_until"};
        return;
    }
    if (has_certificate(former) && date_compare(former->valid_from, candidate->valid_from) != 0 &&
        !rules_follows(former->valid_until, candidate->valid_from))
        draft_warn(finding, CAUSE_WARN_GAP, "valid_from");
}

/* The coverage that a certificate belongs to: that of its day, or the last one. */
static struct coverage *coverage_of_row(struct member_draft *draft,
                                        const struct registration_row *row)
{
    struct date on = row->values[C_FROM].told == TOLD_VALUE ? draft_day_of(&row->values[C_FROM])
                                                            : row->effective;
    struct coverage *found = date_is(on) ? draft_coverage_on(draft, on) : NULL;

    return found ? found : draft_coverage_last(draft);
}

enum status draft_certificate_row(struct scope *scope, struct member_draft *draft,
                                  const struct registration_row *row,
                                  struct registration_finding *finding)
{
    struct coverage *coverage = coverage_of_row(draft, row);
    struct coverage candidate;

    (void)scope;
    if (!coverage)
        return draft_find(finding, CAUSE_ROW_NO_QUALIFICATION, "valid_from");
    candidate = *coverage;
    if (row->op == OP_NEW && has_certificate(coverage) &&
        draft_day_of(&row->values[C_FROM]).yyyymmdd != coverage->valid_from.yyyymmdd)
        clear_certificate(&candidate); /* the next paper owes nothing to the former one */
    if (row->op == OP_CANCEL)
        clear_certificate(&candidate);
    else
        merge_certificate(row, &candidate);
    if (same_certificate(&candidate, coverage))
        return STATUS_OK;
    if (row->op == OP_NEW && has_certificate(coverage) &&
        date_compare(candidate.valid_from, coverage->valid_from) == 0)
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    check_certificate(draft, coverage, &candidate, finding);
    if (draft_refused(finding))
        return STATUS_OK;
    if (row->values[C_KIND].told == TOLD_VALUE) /* Q19: a void kind is passed through */
        draft_warn(finding, rules_kind(&candidate), "kind");
    *coverage = candidate;
    draft->person_changed = true;
    return STATUS_OK;
}
