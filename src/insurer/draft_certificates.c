/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows E (70 to 74), L (ceiling) and S (specified disease): certificates beside the coverage. Each
 * is known by its coverage and its first day; a disease by its kind too.
 */
#include <string.h>

#include "domain/registration_rules.h"
#include "insurer/draft_parts.h"

/*
 * What the three have in common. Entries stand in an array of their kind; a row names one by its
 * first day and leaves it, changes it, adds one, or takes it away.
 */
struct certificates {
    struct date from;  /* the first day that names an entry */
    struct date until; /* last day of the entry before the row's: for the gap */
    int64_t coverage_id;
};

/* The day that names an entry: for N its own first day, else the effective date if it is told. */
static struct date naming_day(const struct registration_row *row,
                              const struct registration_value *from)
{
    return row->op != OP_NEW && date_is(row->effective) ? row->effective : draft_day_of(from);
}

/* The coverage that the row belongs to, by that day. */
static bool find_coverage(struct member_draft *draft, struct date on, int64_t *out,
                          struct registration_finding *finding)
{
    const struct coverage *coverage = draft_coverage_on(draft, on);

    if (!coverage)
        coverage = draft_coverage_last(draft);
    if (!coverage) {
        *finding = (struct registration_finding){CAUSE_ROW_NO_QUALIFICATION, "valid_from"};
        return false;
    }
    *out = coverage->coverage_id;
    return true;
}

/* Which array, how to know an entry, how to check one: a table would need a cast a field. */
#define SAME_DAY(entry, id, day)                                                                   \
    ((entry)->coverage_id == (id) && date_compare((entry)->valid_from, (day)) == 0)

/* The last day of the latest entry that begins before a day, or DATE_NONE. */
#define FORMER_UNTIL(array, total, id, day, out)                                                   \
    do {                                                                                           \
        struct date latest_ = DATE_NONE;                                                           \
        *(out) = DATE_NONE;                                                                        \
        for (size_t i_ = 0; i_ < (total); i_++)                                                    \
            if ((array)[i_].coverage_id == (id) && date_before((array)[i_].valid_from, (day)) &&   \
                !date_before((array)[i_].valid_from, latest_)) {                                   \
                latest_ = (array)[i_].valid_from;                                                  \
                *(out) = (array)[i_].valid_until;                                                  \
            }                                                                                      \
    } while (0)

/* An entry whose first day changed is another row of the store: the former one goes. */
static void move(struct member_draft *draft, enum person_part part, int64_t coverage_id,
                 struct date former, struct date from, int category)
{
    draft->person_changed = true;
    if (date_compare(former, from) != 0)
        draft_drop(draft, &(struct part_key){.part = part,
                                             .coverage_id = coverage_id,
                                             .valid_from = former,
                                             .category = category});
}

static void warn_gap(struct registration_finding *finding, struct date former_until,
                     struct date from)
{
    if (!rules_follows(former_until, from))
        draft_warn(finding, CAUSE_WARN_GAP, "valid_from");
}

/* Another entry begins on that day already. */
static bool taken(const void *known, const void *other)
{
    return other && other != known;
}

/* --- E ------------------------------------------------------------------------------------------
 */

static struct elderly_certificate *find_elderly(struct member_draft *draft, int64_t id,
                                                struct date from)
{
    for (size_t i = 0; i < draft->person.elderly_count; i++)
        if (SAME_DAY(&draft->elderly[i], id, from))
            return &draft->elderly[i];
    return NULL;
}

static bool same_elderly(const struct elderly_certificate *a, const struct elderly_certificate *b)
{
    return a->share == b->share && date_compare(a->issued, b->issued) == 0 &&
           date_compare(a->valid_from, b->valid_from) == 0 &&
           date_compare(a->valid_until, b->valid_until) == 0;
}

static void merge_elderly(const struct registration_row *row, struct elderly_certificate *entry)
{
    draft_day(&entry->issued, &row->values[E_ISSUED]);
    draft_day(&entry->valid_from, &row->values[E_FROM]);
    draft_day(&entry->valid_until, &row->values[E_UNTIL]);
    draft_number(&entry->share, &row->values[E_SHARE]);
}

static void put_elderly(struct member_draft *draft, struct elderly_certificate *known,
                        const struct elderly_certificate *candidate,
                        struct registration_finding *finding)
{
    enum cause cause = rules_elderly(draft->person.birth, candidate);
    struct date former = DATE_NONE;

    FORMER_UNTIL(draft->elderly, draft->person.elderly_count, candidate->coverage_id,
                 candidate->valid_from, &former);
    if (cause != CAUSE_NONE) {
        *finding = (struct registration_finding){
            cause, cause == CAUSE_ROW_SHARE_AGE ? "share" : "valid_until"};
        return;
    }
    if (!known) {
        warn_gap(finding, former, candidate->valid_from);
        known = &draft->elderly[draft->person.elderly_count++];
        known->valid_from = candidate->valid_from;
    }
    move(draft, PART_ELDERLY, candidate->coverage_id, known->valid_from, candidate->valid_from, 0);
    *known = *candidate;
}

enum status draft_elderly_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding)
{
    struct date from = naming_day(row, &row->values[E_FROM]);
    struct elderly_certificate candidate = {0};
    struct elderly_certificate *known = NULL;

    (void)scope;
    if (!find_coverage(draft, from, &candidate.coverage_id, finding))
        return STATUS_OK;
    known = find_elderly(draft, candidate.coverage_id, from);
    if (!known && row->op != OP_NEW)
        return draft_find(finding, CAUSE_ROW_NOT_THERE, "effective");
    if (row->op == OP_CANCEL) {
        draft_drop(draft, &(struct part_key){.part = PART_ELDERLY,
                                             .coverage_id = known->coverage_id,
                                             .valid_from = known->valid_from});
        *known = draft->elderly[--draft->person.elderly_count];
        return STATUS_OK;
    }
    if (known)
        candidate = *known;
    merge_elderly(row, &candidate);
    if (known && same_elderly(&candidate, known))
        return STATUS_OK;
    if (known && row->op == OP_NEW)
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    if (taken(known, find_elderly(draft, candidate.coverage_id, candidate.valid_from)))
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    put_elderly(draft, known, &candidate, finding);
    return STATUS_OK;
}

/* --- L ------------------------------------------------------------------------------------------
 */

static struct limit_certificate *find_limit(struct member_draft *draft, int64_t id,
                                            struct date from)
{
    for (size_t i = 0; i < draft->person.limit_count; i++)
        if (SAME_DAY(&draft->limits[i], id, from))
            return &draft->limits[i];
    return NULL;
}

static bool same_limit(const struct limit_certificate *a, const struct limit_certificate *b)
{
    return a->kind == b->kind && strcmp(a->category, b->category) == 0 &&
           date_compare(a->issued, b->issued) == 0 &&
           date_compare(a->valid_from, b->valid_from) == 0 &&
           date_compare(a->valid_until, b->valid_until) == 0 &&
           date_compare(a->long_stay, b->long_stay) == 0;
}

static void merge_limit(const struct registration_row *row, struct limit_certificate *entry)
{
    const struct registration_value *category = &row->values[L_CATEGORY];

    draft_number(&entry->kind, &row->values[L_KIND]);
    if (category->told == TOLD_VALUE) /* three characters: one of the list */
        memcpy(entry->category, category->text.bytes, sizeof entry->category - 1);
    draft_day(&entry->issued, &row->values[L_ISSUED]);
    draft_day(&entry->valid_from, &row->values[L_FROM]);
    draft_day(&entry->valid_until, &row->values[L_UNTIL]);
    draft_day(&entry->long_stay, &row->values[L_LONG_STAY]);
}

static void put_limit(struct member_draft *draft, struct limit_certificate *known,
                      const struct limit_certificate *candidate,
                      struct registration_finding *finding)
{
    enum cause cause = rules_limit(draft->person.birth, draft->context->insurer, candidate);
    struct date former = DATE_NONE;

    FORMER_UNTIL(draft->limits, draft->person.limit_count, candidate->coverage_id,
                 candidate->valid_from, &former);
    if (cause != CAUSE_NONE) {
        *finding = (struct registration_finding){
            cause, cause == CAUSE_ROW_CLASS_AGE ? "category" : "valid_until"};
        return;
    }
    if (!known) {
        warn_gap(finding, former, candidate->valid_from);
        known = &draft->limits[draft->person.limit_count++];
        known->valid_from = candidate->valid_from;
    }
    move(draft, PART_LIMIT, candidate->coverage_id, known->valid_from, candidate->valid_from, 0);
    *known = *candidate;
}

enum status draft_limit_row(struct scope *scope, struct member_draft *draft,
                            const struct registration_row *row,
                            struct registration_finding *finding)
{
    struct date from = naming_day(row, &row->values[L_FROM]);
    struct limit_certificate candidate = {0};
    struct limit_certificate *known = NULL;

    (void)scope;
    if (!find_coverage(draft, from, &candidate.coverage_id, finding))
        return STATUS_OK;
    known = find_limit(draft, candidate.coverage_id, from);
    if (!known && row->op != OP_NEW)
        return draft_find(finding, CAUSE_ROW_NOT_THERE, "effective");
    if (row->op == OP_CANCEL) {
        draft_drop(draft, &(struct part_key){.part = PART_LIMIT,
                                             .coverage_id = known->coverage_id,
                                             .valid_from = known->valid_from});
        *known = draft->limits[--draft->person.limit_count];
        return STATUS_OK;
    }
    if (known)
        candidate = *known;
    merge_limit(row, &candidate);
    if (known && same_limit(&candidate, known))
        return STATUS_OK;
    if (known && row->op == OP_NEW)
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    if (taken(known, find_limit(draft, candidate.coverage_id, candidate.valid_from)))
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    put_limit(draft, known, &candidate, finding);
    return STATUS_OK;
}

/* --- S ------------------------------------------------------------------------------------------
 */

static struct specified_disease *find_disease(struct member_draft *draft, int64_t id,
                                              struct date from, int category)
{
    for (size_t i = 0; i < draft->person.disease_count; i++)
        if (SAME_DAY(&draft->diseases[i], id, from) && draft->diseases[i].category == category)
            return &draft->diseases[i];
    return NULL;
}

static bool same_disease(const struct specified_disease *a, const struct specified_disease *b)
{
    return a->category == b->category && a->monthly_limit == b->monthly_limit &&
           date_compare(a->issued, b->issued) == 0 &&
           date_compare(a->valid_from, b->valid_from) == 0 &&
           date_compare(a->valid_until, b->valid_until) == 0;
}

static void merge_disease(const struct registration_row *row, struct specified_disease *entry)
{
    draft_number(&entry->category, &row->values[S_CATEGORY]);
    draft_number(&entry->monthly_limit, &row->values[S_LIMIT]);
    draft_day(&entry->issued, &row->values[S_ISSUED]);
    draft_day(&entry->valid_from, &row->values[S_FROM]);
    draft_day(&entry->valid_until, &row->values[S_UNTIL]);
}

static void put_disease(struct member_draft *draft, struct specified_disease *known,
                        const struct specified_disease *candidate,
                        struct registration_finding *finding)
{
    enum cause cause = rules_disease(candidate);

    if (cause != CAUSE_NONE) {
        *finding = (struct registration_finding){cause, "valid_until"};
        return;
    }
    if (!known) {
        known = &draft->diseases[draft->person.disease_count++];
        known->valid_from = candidate->valid_from;
    }
    move(draft, PART_DISEASE, candidate->coverage_id, known->valid_from, candidate->valid_from,
         candidate->category);
    *known = *candidate;
}

enum status draft_disease_row(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding)
{
    struct date from = naming_day(row, &row->values[S_FROM]);
    struct specified_disease candidate = {0};
    struct specified_disease *known = NULL;

    (void)scope;
    if (row->values[S_CATEGORY].told != TOLD_VALUE) /* which one the row means, in U and X too */
        return draft_find(finding, CAUSE_ROW_MISSING, "category");
    if (!find_coverage(draft, from, &candidate.coverage_id, finding))
        return STATUS_OK;
    known = find_disease(draft, candidate.coverage_id, from, (int)row->values[S_CATEGORY].number);
    if (!known && row->op != OP_NEW)
        return draft_find(finding, CAUSE_ROW_NOT_THERE, "effective");
    if (row->op == OP_CANCEL) {
        draft_drop(draft, &(struct part_key){.part = PART_DISEASE,
                                             .coverage_id = known->coverage_id,
                                             .valid_from = known->valid_from,
                                             .category = known->category});
        *known = draft->diseases[--draft->person.disease_count];
        return STATUS_OK;
    }
    if (known)
        candidate = *known;
    merge_disease(row, &candidate);
    if (known && same_disease(&candidate, known))
        return STATUS_OK;
    if (known && row->op == OP_NEW)
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    if (taken(known,
              find_disease(draft, candidate.coverage_id, candidate.valid_from, candidate.category)))
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "valid_from");
    put_disease(draft, known, &candidate, finding);
    return STATUS_OK;
}
