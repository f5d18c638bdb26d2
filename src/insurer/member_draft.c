/* SPDX-License-Identifier: Apache-2.0 */
#include "insurer/member_draft.h"

#include <assert.h>
#include <string.h>

#include "insurer/draft_parts.h"
#include "register/register_job.h"
#include "store/store_register.h"

/* A new person's entries: at most one a row, and a clock for acquisition and loss. */
#define DROPPED_PER_ROW 4

/* --- what the parts share -----------------------------------------------------------------------
 */

enum status draft_find(struct registration_finding *finding, enum cause cause, const char *item)
{
    *finding = (struct registration_finding){cause, item};
    return STATUS_OK;
}

void draft_warn(struct registration_finding *finding, enum cause cause, const char *item)
{
    if (cause != CAUSE_NONE && finding->cause == CAUSE_NONE)
        *finding = (struct registration_finding){cause, item};
}

bool draft_refused(const struct registration_finding *finding)
{
    return registration_result(finding) == 2;
}

void draft_text(struct text *value, const struct registration_value *told)
{
    if (told->told != TOLD_NOTHING)
        *value = told->text;
}

void draft_day(struct date *value, const struct registration_value *told)
{
    if (told->told != TOLD_NOTHING)
        *value = draft_day_of(told);
}

void draft_number(int *value, const struct registration_value *told)
{
    if (told->told != TOLD_NOTHING)
        *value = (int)told->number;
}

struct date draft_day_of(const struct registration_value *told)
{
    return DATE((int32_t)told->number);
}

static bool ours(const struct member_draft *draft, const struct coverage *coverage)
{
    return insurer_number_equal(coverage->insurer, draft->context->insurer);
}

struct coverage *draft_coverage_from(struct member_draft *draft, struct date from)
{
    for (size_t i = 0; i < draft->person.coverage_count; i++)
        if (ours(draft, &draft->coverages[i]) && date_compare(draft->coverages[i].from, from) == 0)
            return &draft->coverages[i];
    return NULL;
}

struct coverage *draft_coverage_on(struct member_draft *draft, struct date on)
{
    for (size_t i = 0; i < draft->person.coverage_count; i++)
        if (ours(draft, &draft->coverages[i]) && !date_before(on, draft->coverages[i].from) &&
            date_before(on, draft->coverages[i].until))
            return &draft->coverages[i];
    return NULL;
}

struct coverage *draft_coverage_last(struct member_draft *draft)
{
    struct coverage *last = NULL;

    for (size_t i = 0; i < draft->person.coverage_count; i++)
        if (ours(draft, &draft->coverages[i]) &&
            (!last || date_before(last->from, draft->coverages[i].from)))
            last = &draft->coverages[i];
    return last;
}

void draft_drop(struct member_draft *draft, const struct part_key *key)
{
    draft->dropped[draft->dropped_count] = *key;
    draft->dropped[draft->dropped_count].person_id = draft->person.person_id;
    draft->dropped_count++;
    draft->person_changed = true;
}

/* Removes the certificates of a coverage from one array. */
#define DROP_OF(draft, array, total, id, part_, category_)                                         \
    do {                                                                                           \
        size_t kept_ = 0;                                                                          \
        for (size_t i_ = 0; i_ < (total); i_++) {                                                  \
            if ((array)[i_].coverage_id == (id))                                                   \
                draft_drop(draft, &(struct part_key){.part = (part_),                              \
                                                     .coverage_id = (id),                          \
                                                     .valid_from = (array)[i_].valid_from,         \
                                                     .category = (category_)});                    \
            else                                                                                   \
                (array)[kept_++] = (array)[i_];                                                    \
        }                                                                                          \
        (total) = kept_;                                                                           \
    } while (0)

void draft_drop_coverage(struct member_draft *draft, const struct coverage *coverage)
{
    size_t at = (size_t)(coverage - draft->coverages);
    int64_t id = coverage->coverage_id;

    DROP_OF(draft, draft->elderly, draft->person.elderly_count, id, PART_ELDERLY, 0);
    DROP_OF(draft, draft->limits, draft->person.limit_count, id, PART_LIMIT, 0);
    DROP_OF(draft, draft->diseases, draft->person.disease_count, id, PART_DISEASE,
            draft->diseases[i_].category);
    draft_drop(draft, &(struct part_key){.part = PART_COVERAGE, .coverage_id = id});
    draft->coverages[at] = draft->coverages[--draft->person.coverage_count];
}

/* --- begin --------------------------------------------------------------------------------------
 */

/* Copies what was read into arrays with room behind. */
static enum status make_room(struct scope *scope, const void *from, size_t count, size_t room,
                             size_t size, void *out)
{
    void *made = NULL;

    TRY(scope_alloc(scope, count + room, size, &made));
    if (count > 0)
        memcpy(made, from, count * size);
    memcpy(out, &made, sizeof made);
    return STATUS_OK;
}

enum status draft_take_arrays(struct scope *scope, struct member_draft *draft)
{
    struct person *person = &draft->person;

    TRY(make_room(scope, person->coverages, person->coverage_count, draft->room,
                  sizeof *draft->coverages, &draft->coverages));
    TRY(make_room(scope, person->elderly, person->elderly_count, draft->room,
                  sizeof *draft->elderly, &draft->elderly));
    TRY(make_room(scope, person->limits, person->limit_count, draft->room, sizeof *draft->limits,
                  &draft->limits));
    TRY(make_room(scope, person->diseases, person->disease_count, draft->room,
                  sizeof *draft->diseases, &draft->diseases));
    TRY(scope_alloc(scope,
                    person->coverage_count + person->elderly_count + person->limit_count +
                        person->disease_count + DROPPED_PER_ROW * draft->room,
                    sizeof *draft->dropped, &draft->dropped));
    person->coverages = draft->coverages;
    person->elderly = draft->elderly;
    person->limits = draft->limits;
    person->diseases = draft->diseases;
    return STATUS_OK;
}

static enum status take_person(struct scope *scope, struct member_draft *draft, int64_t person_id)
{
    enum status status = store_find_person(scope, draft->context->store, person_id, &draft->person);

    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_STORE_CORRUPT, "a key leads to no person");
    TRY(status);
    draft->person_stored = true;
    return draft_take_arrays(scope, draft);
}

/* The link code of the first row, so that key and number are looked up in one round. */
static enum status first_link(struct scope *scope, const struct draft_context *context,
                              const struct registration_row *first, char out[LINK_CODE_SIZE])
{
    out[0] = '\0';
    if (first->type != ROW_PERSON || first->values[P_NUMBER].told != TOLD_VALUE)
        return STATUS_OK;
    return link_code_make(scope, context->key, first->values[P_NUMBER].text, out);
}

enum status member_draft_begin(struct scope *scope, struct draft_context *context,
                               const struct registration_row *first, size_t rows,
                               struct member_draft *out)
{
    struct enrolment enrolment = {0};

    *out = (struct member_draft){.context = context, .key = first->key, .room = rows};
    TRY(first_link(scope, context, first, out->first_link));
    TRY(store_find_enrolment(scope, context->store, context->insurer, first->key,
                             text_of(out->first_link), &enrolment));
    TRY(scope_alloc(scope, 2 * rows, sizeof *out->clocks, &out->clocks));
    out->first_holder = enrolment.link_found ? enrolment.link_person : -1;
    out->member = (struct member){.insurer = context->insurer, .key = first->key};
    if (!enrolment.member_found)
        return draft_take_arrays(scope, out);
    out->member = enrolment.member;
    out->member_known = true;
    return take_person(scope, out, enrolment.member.person_id);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static enum status (*const appliers[ROW_TYPE_COUNT])(struct scope *, struct member_draft *,
                                                     const struct registration_row *,
                                                     struct registration_finding *) = {
    [ROW_PERSON] = draft_person_row,
    [ROW_QUALIFICATION] = draft_qualification_row,
    [ROW_CERTIFICATE] = draft_certificate_row,
    [ROW_ELDERLY] = draft_elderly_row,
    [ROW_LIMIT] = draft_limit_row,
    [ROW_DISEASE] = draft_disease_row,
    [ROW_FLAGS] = draft_flags_row,
    [ROW_REQUEST] = draft_request_row,
};

static bool too_many(const struct person *person)
{
    return person->coverage_count >= COVERAGE_HISTORY_MAX ||
           person->elderly_count >= PERSON_CERTIFICATES_MAX ||
           person->limit_count >= PERSON_CERTIFICATES_MAX ||
           person->disease_count >= PERSON_CERTIFICATES_MAX;
}

enum status member_draft_apply(struct scope *scope, struct member_draft *draft,
                               const struct registration_row *row,
                               struct registration_finding *finding)
{
    *finding = (struct registration_finding){CAUSE_NONE, ""};
    if (!draft->member_known && row->type != ROW_PERSON)
        return draft_find(finding, CAUSE_ROW_KEY_UNKNOWN, "key");
    if (row->op == OP_NEW && too_many(&draft->person))
        return draft_find(finding, CAUSE_ROW_TOO_MANY, "");
    return appliers[row->type](scope, draft, row, finding);
}

/* --- writing ------------------------------------------------------------------------------------
 */

static enum status write_new(struct scope *scope, struct member_draft *draft)
{
    const struct new_member added = {
        .person = &draft->person,
        .member = &draft->member,
        .link = text_of(draft->link),
        .clocks = draft->clocks,
        .clock_count = draft->clock_count,
        .compare = draft->compare,
    };

    return store_add_member(scope, draft->context->store, &added);
}

/* A key that was added and dropped within one draft is not in the store. */
static enum status drop_member(struct scope *scope, const struct member_draft *draft)
{
    enum status status =
        store_drop_member(scope, draft->context->store, draft->context->insurer, draft->key);

    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status write_keys(struct scope *scope, struct member_draft *draft)
{
    const struct person_key key = {text_of(draft->link), draft->person.person_id};
    const struct register_clearing clearing = {draft->person.person_id, draft->no_doubt,
                                               text_of(draft->context->insurer.digits)};
    struct store *store = draft->context->store;

    if (draft->link_new)
        TRY(store_put_person_key(scope, store, &key));
    if (!text_empty(draft->no_doubt))
        TRY(register_job_clear(scope, store, &clearing));
    if (draft->member_dropped)
        TRY(drop_member(scope, draft));
    else if (draft->member_changed)
        TRY(store_put_member(scope, store, &draft->member));
    if (draft->compare)
        TRY(store_request_register_check(scope, store, draft->person.person_id));
    return STATUS_OK;
}

/* A part that was added and dropped within one draft is not in the store. */
static enum status write_drops(struct scope *scope, struct member_draft *draft)
{
    for (size_t i = 0; i < draft->dropped_count; i++) {
        enum status status = store_drop_part(scope, draft->context->store, &draft->dropped[i]);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND)
            return status;
    }
    return STATUS_OK;
}

static enum status write_filings(struct scope *scope, struct member_draft *draft)
{
    return draft->filings_changed ? store_put_protection(scope, draft->context->store,
                                                         draft->person.person_id, &draft->filings)
                                  : STATUS_OK;
}

enum status member_draft_write(struct scope *scope, struct member_draft *draft)
{
    struct store *store = draft->context->store;

    if (!draft->person_stored && (!draft->member_known || draft->member_dropped))
        return STATUS_OK;
    if (!draft->person_stored) {
        TRY(write_new(scope, draft));
        return write_filings(scope, draft);
    }
    TRY(write_drops(scope, draft));
    if (draft->person_changed)
        TRY(store_put_person(scope, store, &draft->person));
    TRY(write_filings(scope, draft));
    for (size_t i = 0; i < draft->clock_count; i++)
        TRY(store_put_clock(scope, store, &draft->clocks[i]));
    return write_keys(scope, draft);
}
