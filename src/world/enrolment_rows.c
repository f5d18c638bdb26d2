/* SPDX-License-Identifier: Apache-2.0 */
#include "world/enrolment_rows.h"

#include <string.h>

#include "domain/coverage.h"
#include "world/individual.h"

#define NOTICE_DAYS 3  /* from the event to the notice, of those who joined lately */
#define RECENT_DAYS 7  /* whose notice is told: the 5 + 5 day clock runs */
#define IDENTITY_OWN 1 /* 本人確認判定フラグ: checked by the insurer */

/* A row in the making; the first failure is kept. */
struct making {
    struct scope *scope;
    struct registration_row row;
    enum status status;
};

static void tell(struct making *making, size_t item, struct text text)
{
    if (!text_empty(text))
        making->row.values[item] = (struct registration_value){.told = TOLD_VALUE, .text = text};
}

static void tell_number(struct making *making, size_t item, int digits, int64_t number)
{
    struct text text = {0};

    if (making->status == STATUS_OK)
        making->status = text_format(making->scope, &text, "%0*lld", digits, (long long)number);
    tell(making, item, text);
}

static void tell_day(struct making *making, size_t item, struct date day)
{
    if (date_is(day))
        tell_number(making, item, 8, day.yyyymmdd);
}

static struct making begin(struct scope *scope, enum registration_row_type type, struct text key)
{
    return (struct making){.scope = scope, .row = {.type = type, .op = OP_NEW, .key = key}};
}

static enum status end(struct making *making, struct text_buffer *buffer, int64_t *rows)
{
    TRY(making->status);
    registration_row_write(buffer, &making->row);
    (*rows)++;
    return buffer->status;
}

/* --- one function a kind of row -----------------------------------------------------------------
 */

static enum status add_person(struct scope *scope, const struct person *person, struct text key,
                              struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_PERSON, key);
    char number[INDIVIDUAL_NUMBER_SIZE];

    individual_number_make(person->person_id, number);
    tell(&making, P_NUMBER, text_of(number));
    tell(&making, P_NAME, person->name);
    tell(&making, P_KANA, person->name_kana);
    tell(&making, P_OTHER_NAME, person->other_name);
    tell(&making, P_OTHER_KANA, person->other_name_kana);
    tell_number(&making, P_SEX1, 1, person->sex1);
    if (person->sex2 != SEX_NONE)
        tell_number(&making, P_SEX2, 1, person->sex2);
    tell_day(&making, P_BIRTH, person->birth);
    tell(&making, P_POSTAL, person->postal_code);
    tell(&making, P_ADDRESS, person->address);
    tell_number(&making, P_IDENTITY, 1, IDENTITY_OWN);
    return end(&making, buffer, rows);
}

static enum status add_flags(struct scope *scope, const struct person *person, struct text key,
                             struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_FLAGS, key);

    tell_number(&making, F_NON_DISCLOSURE, 1,
                (person->protection & PROTECTION_NON_DISCLOSURE) != 0);
    tell_number(&making, F_REFUSAL, 1, (person->protection & PROTECTION_SELF_REFUSAL) != 0);
    return end(&making, buffer, rows);
}

static enum status add_qualification(struct scope *scope, const struct coverage *coverage,
                                     struct text key, struct date on, struct text_buffer *buffer,
                                     int64_t *rows)
{
    struct making making = begin(scope, ROW_QUALIFICATION, key);

    if (date_within(coverage->from, date_add_days(on, -RECENT_DAYS), on)) {
        struct date told = date_add_days(coverage->from, NOTICE_DAYS);
        making.row.received = date_before(on, told) ? on : told;
    }
    tell(&making, Q_SYMBOL, coverage->symbol);
    tell(&making, Q_NUMBER, coverage->number);
    tell(&making, Q_BRANCH, text_of(coverage->branch));
    tell_number(&making, Q_RELATION, 1, coverage->relation);
    tell(&making, Q_INSURED_NAME, coverage->insured_name);
    tell_day(&making, Q_FROM, coverage->from);
    if (date_compare(coverage->until, DATE_NEVER) != 0) {
        tell_day(&making, Q_UNTIL, coverage->until);
        tell_number(&making, Q_LOSS_REASON, 2, coverage->loss_reason);
    }
    return end(&making, buffer, rows);
}

static enum status add_certificate(struct scope *scope, const struct coverage *coverage,
                                   struct text key, struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_CERTIFICATE, key);

    if (!date_is(coverage->issued) && !date_is(coverage->valid_from))
        return STATUS_OK;
    if (coverage->kind == KIND_MEDICAL_ASSISTANCE)
        tell(&making, C_KIND, TEXT("A1"));
    else if (coverage->kind != KIND_GENERAL) /* the usual kind has no code since the reform */
        tell_number(&making, C_KIND, 2, coverage->kind);
    tell_day(&making, C_ISSUED, coverage->issued);
    tell_day(&making, C_FROM, coverage->valid_from);
    tell_day(&making, C_UNTIL, coverage->valid_until);
    if (coverage->share != 0)
        tell_number(&making, C_SHARE, 3, coverage->share);
    return end(&making, buffer, rows);
}

static enum status add_elderly(struct scope *scope, const struct elderly_certificate *elderly,
                               struct text key, struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_ELDERLY, key);

    tell_day(&making, E_ISSUED, elderly->issued);
    tell_day(&making, E_FROM, elderly->valid_from);
    tell_day(&making, E_UNTIL, elderly->valid_until);
    tell_number(&making, E_SHARE, 3, elderly->share);
    return end(&making, buffer, rows);
}

static enum status add_limit(struct scope *scope, const struct limit_certificate *limit,
                             struct text key, struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_LIMIT, key);

    tell_number(&making, L_KIND, 2, limit->kind);
    tell(&making, L_CATEGORY, text_of(limit->category));
    tell_day(&making, L_ISSUED, limit->issued);
    tell_day(&making, L_FROM, limit->valid_from);
    tell_day(&making, L_UNTIL, limit->valid_until);
    tell_day(&making, L_LONG_STAY, limit->long_stay);
    return end(&making, buffer, rows);
}

static enum status add_disease(struct scope *scope, const struct specified_disease *disease,
                               struct text key, struct text_buffer *buffer, int64_t *rows)
{
    struct making making = begin(scope, ROW_DISEASE, key);

    tell_number(&making, S_CATEGORY, 1, disease->category);
    tell_day(&making, S_ISSUED, disease->issued);
    tell_day(&making, S_FROM, disease->valid_from);
    tell_day(&making, S_UNTIL, disease->valid_until);
    tell_number(&making, S_LIMIT, 1, disease->monthly_limit);
    return end(&making, buffer, rows);
}

/* --- a person -----------------------------------------------------------------------------------
 */

static enum status add_parts(struct scope *scope, const struct person *person, int64_t coverage_id,
                             struct text key, struct text_buffer *buffer, int64_t *rows)
{
    for (size_t i = 0; i < person->elderly_count; i++)
        if (person->elderly[i].coverage_id == coverage_id)
            TRY(add_elderly(scope, &person->elderly[i], key, buffer, rows));
    for (size_t i = 0; i < person->limit_count; i++)
        if (person->limits[i].coverage_id == coverage_id)
            TRY(add_limit(scope, &person->limits[i], key, buffer, rows));
    for (size_t i = 0; i < person->disease_count; i++)
        if (person->diseases[i].coverage_id == coverage_id)
            TRY(add_disease(scope, &person->diseases[i], key, buffer, rows));
    return STATUS_OK;
}

/* E9: a coverage that the system never knows is in no file. */
static bool is_sent(const struct coverage *coverage, struct insurer_number insurer)
{
    struct date last = date_compare(coverage->until, DATE_NEVER) == 0
                           ? DATE_NEVER
                           : date_add_days(coverage->until, -1);
    enum rule_id rule;

    return insurer_number_equal(coverage->insurer, insurer) &&
           !coverage_excluded(insurer, last, &rule);
}

enum status enrolment_add_rows(struct scope *scope, const struct person *person,
                               struct insurer_number insurer, struct date on,
                               struct text_buffer *buffer, int64_t *rows)
{
    struct text key = {0};

    TRY(text_format(scope, &key, "%lld", (long long)person->person_id));
    for (size_t i = 0, sent = 0; i < person->coverage_count; i++) {
        const struct coverage *coverage = &person->coverages[i];
        if (!is_sent(coverage, insurer))
            continue;
        if (sent++ == 0) {
            TRY(add_person(scope, person, key, buffer, rows));
            if (person->protection != 0)
                TRY(add_flags(scope, person, key, buffer, rows));
        }
        TRY(add_qualification(scope, coverage, key, on, buffer, rows));
        TRY(add_certificate(scope, coverage, key, buffer, rows));
        TRY(add_parts(scope, person, coverage->coverage_id, key, buffer, rows));
    }
    return STATUS_OK;
}
