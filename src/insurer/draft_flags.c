/* SPDX-License-Identifier: Apache-2.0
 *
 * Row F (protection, 2.5): the filing that this insurer has of its member. Others have theirs, so
 * none of them is changed here, and a flag holds while any filing does.
 */
#include <string.h>

#include "insurer/draft_parts.h"

/* What a row tells of one flag. */
struct telling {
    const struct registration_value *flag, *from, *until;
    bool cancelled;
};

/* The filings of the draft's person, read once. */
static enum status read_filings(struct scope *scope, struct member_draft *draft)
{
    if (draft->filings.items)
        return STATUS_OK;
    return store_find_protection(scope, draft->context->store, &draft->person, &draft->filings);
}

static void hold(struct scope *scope, struct member_draft *draft)
{
    draft->filings_changed = true;
    draft->person.protection = protection_on(&draft->filings, instant_date(scope->now));
}

/* Whether it is not told: what this insurer filed before stays. */
static bool is_filed(const struct telling *telling, const struct protection_filing *former)
{
    if (telling->cancelled)
        return false;
    return telling->flag->told == TOLD_VALUE ? telling->flag->number != 0 : former != NULL;
}

static struct protection_filing filing_of(const struct member_draft *draft, unsigned flag,
                                          const struct telling *telling, struct date today,
                                          const struct protection_filing *former)
{
    struct protection_filing filing = {.flag = flag, .from = today, .until = DATE_NEVER};

    if (former)
        filing = *former;
    memcpy(filing.source, draft->context->insurer.digits, sizeof filing.source);
    if (telling->from->told == TOLD_VALUE)
        filing.from = draft_day_of(telling->from);
    if (telling->until->told != TOLD_NOTHING)
        filing.until =
            telling->until->told == TOLD_VALUE ? draft_day_of(telling->until) : DATE_NEVER;
    return filing;
}

static enum status tell_flag(struct scope *scope, struct member_draft *draft, unsigned flag,
                             const struct telling *telling)
{
    const struct date today = instant_date(scope->now);
    const char *source = draft->context->insurer.digits;
    const struct protection_filing *former = protection_find(&draft->filings, source, flag);
    const struct protection_filing filing = filing_of(draft, flag, telling, today, former);

    if (!is_filed(telling, former) || date_before(filing.until, today))
        protection_drop(&draft->filings, source, flag);
    else if (!protection_put(&draft->filings, &filing))
        return scope_fail(scope, CAUSE_INTERNAL, "2.5: no room for a filing");
    return STATUS_OK;
}

enum status draft_flags_row(struct scope *scope, struct member_draft *draft,
                            const struct registration_row *row,
                            struct registration_finding *finding)
{
    const struct registration_value *told = row->values;
    const struct date until = draft_day_of(&told[F_UNTIL]);
    const struct date today = instant_date(scope->now);
    const bool cancelled = row->op == OP_CANCEL;

    if (date_before(today, draft_day_of(&told[F_FROM])))
        return draft_find(finding, CAUSE_ROW_FLAG_DAY, "valid_from");
    if (date_is(until) && date_before(until, draft_day_of(&told[F_FROM])))
        return draft_find(finding, CAUSE_ROW_PERIOD, "valid_until");
    if (!cancelled && date_within(until, today, date_add_days(DATE_NEVER, -1)))
        draft_warn(finding, CAUSE_WARN_FLAG_END, "valid_until");
    TRY(read_filings(scope, draft));
    TRY(tell_flag(
        scope, draft, PROTECTION_NON_DISCLOSURE,
        &(struct telling){&told[F_NON_DISCLOSURE], &told[F_FROM], &told[F_UNTIL], cancelled}));
    TRY(tell_flag(scope, draft, PROTECTION_SELF_REFUSAL,
                  &(struct telling){&told[F_REFUSAL], &told[F_FROM], &told[F_UNTIL], cancelled}));
    hold(scope, draft);
    return STATUS_OK;
}

enum status draft_drop_filings(struct scope *scope, struct member_draft *draft)
{
    struct store *store = draft->context->store;
    bool dropped = false;

    TRY(read_filings(scope, draft));
    dropped = protection_drop(&draft->filings, draft->context->insurer.digits, PROTECTION_FLAGS);
    if (draft->person_stored && (dropped || draft->filings_changed))
        TRY(store_put_protection(scope, store, draft->person.person_id, &draft->filings));
    hold(scope, draft);
    draft->filings = (struct protection_book){0};
    draft->filings_changed = false;
    return STATUS_OK;
}
