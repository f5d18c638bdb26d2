/* SPDX-License-Identifier: Apache-2.0
 *
 * Row P (who). A person is found by the insurer's key or by the link code of
 * the individual number; without the number the resident register must know all five items.
 */
#include <string.h>

#include "insurer/draft_parts.h"
#include "store/store_register.h"

#define POSTAL_SIZE 8 /* nnn-nnnn */

static enum status postal_of(struct scope *scope, const struct registration_value *told,
                             struct text *out)
{
    if (told->told == TOLD_NOTHING)
        return STATUS_OK;
    if (told->told == TOLD_NONE || told->text.size == POSTAL_SIZE) {
        *out = told->text;
        return STATUS_OK;
    }
    return text_format(scope, out, "%.3s-%.4s", told->text.bytes, told->text.bytes + 3);
}

/* What the row tells, over what is known. */
static enum status merge(struct scope *scope, const struct registration_row *row,
                         struct person *person)
{
    const struct registration_value *told = row->values;
    int sex1 = (int)person->sex1;
    int sex2 = (int)person->sex2;

    draft_text(&person->name, &told[P_NAME]);
    draft_text(&person->name_kana, &told[P_KANA]);
    draft_text(&person->other_name, &told[P_OTHER_NAME]);
    draft_text(&person->other_name_kana, &told[P_OTHER_KANA]);
    draft_text(&person->address, &told[P_ADDRESS]);
    draft_day(&person->birth, &told[P_BIRTH]);
    draft_number(&sex1, &told[P_SEX1]);
    draft_number(&sex2, &told[P_SEX2]);
    person->sex1 = (enum sex)sex1;
    person->sex2 = (enum sex)sex2;
    return postal_of(scope, &told[P_POSTAL], &person->postal_code);
}

static bool five_items(const struct person *person)
{
    return !text_empty(person->name) && !text_empty(person->name_kana) &&
           !text_empty(person->address) && date_is(person->birth) && person->sex1 != SEX_NONE;
}

static bool same_identity(const struct person *a, const struct person *b)
{
    return text_equal(a->name, b->name) && text_equal(a->name_kana, b->name_kana) &&
           text_equal(a->address, b->address) && date_compare(a->birth, b->birth) == 0 &&
           a->sex1 == b->sex1 && a->sex2 == b->sex2;
}

static bool same_person(const struct person *a, const struct person *b)
{
    return same_identity(a, b) && text_equal(a->other_name, b->other_name) &&
           text_equal(a->other_name_kana, b->other_name_kana) &&
           text_equal(a->postal_code, b->postal_code);
}

/* 2.4: without the number all five items must lead to exactly one resident. */
static enum status ask_register(struct scope *scope, struct member_draft *draft,
                                const struct person *person, struct registration_finding *finding)
{
    const struct register_identity items = {person->name, person->name_kana, person->address,
                                            person->birth, person->sex1};
    struct register_finding *found = NULL;

    if (!five_items(person))
        return draft_find(finding, CAUSE_ROW_FIVE_ITEMS, "individual_number");
    if (!draft->context->lookup)
        return draft_find(finding, CAUSE_ROW_NUMBER_UNRESOLVED, "individual_number");
    TRY(register_by_items(scope, draft->context->lookup, &items, 1, &found));
    if (found->found != REGISTER_FOUND_ONE)
        return draft_find(finding, CAUSE_ROW_NUMBER_UNRESOLVED, "individual_number");
    return link_code_make(scope, draft->context->key, found->person.number, draft->link);
}

/* draft->link: of the row's number, or of what the register knows. */
static enum status find_link(struct scope *scope, struct member_draft *draft,
                             const struct registration_row *row, const struct person *person,
                             struct registration_finding *finding)
{
    if (row->values[P_NUMBER].told == TOLD_VALUE)
        return link_code_make(scope, draft->context->key, row->values[P_NUMBER].text, draft->link);
    return ask_register(scope, draft, person, finding);
}

/* Who has the link code: an id, or -1. The first row's was looked up with its key. */
static enum status holder_of_link(struct scope *scope, struct member_draft *draft, int64_t *out)
{
    struct enrolment enrolment = {0};

    if (strcmp(draft->link, draft->first_link) == 0) {
        *out = draft->first_holder;
        return STATUS_OK;
    }
    TRY(store_find_enrolment(scope, draft->context->store, draft->context->insurer, draft->key,
                             text_of(draft->link), &enrolment));
    *out = enrolment.link_found ? enrolment.link_person : -1;
    return STATUS_OK;
}

#define NO_DOUBT 9 /* 本人確認判定フラグ: 理由付き疑いなし */

static void note_member(struct member_draft *draft, const struct registration_row *row)
{
    const struct registration_value *identity = &row->values[P_IDENTITY];

    if (identity->told == TOLD_VALUE && draft->member.identity != (int)identity->number) {
        draft->member.identity = (int)identity->number;
        draft->member_changed = true;
    }
}

static bool reason_missing(const struct registration_row *row)
{
    return row->values[P_IDENTITY].number == NO_DOUBT && text_empty(row->values[P_REASON].text);
}

/* 2.4: the reason clears what a comparison found; before one there is nothing that it answers. */
static enum status note_no_doubt(struct scope *scope, struct member_draft *draft,
                                 const struct registration_row *row,
                                 struct registration_finding *finding)
{
    struct register_check check = {0};
    enum status status = STATUS_OK;

    if (row->values[P_IDENTITY].number != NO_DOUBT)
        return STATUS_OK;
    if (draft->person_stored)
        status = store_find_register_check(scope, draft->context->store, draft->person.person_id,
                                           &check);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (draft->person.register_difference == 0 || check.difference == 0) {
        draft_warn(finding, CAUSE_WARN_NO_DIFFERENCE, "reason");
        return STATUS_OK;
    }
    draft->no_doubt = row->values[P_REASON].text;
    draft->person.register_difference = 0;
    return STATUS_OK;
}

/* The number is one that another insurer registered: the same person, if birth date and sex agree.
 */
static enum status join(struct scope *scope, struct member_draft *draft,
                        const struct registration_row *row, int64_t holder,
                        struct registration_finding *finding)
{
    struct person found = {0};
    struct person merged;
    bool other_sex = false;

    TRY(store_find_person(scope, draft->context->store, holder, &found));
    merged = found;
    TRY(merge(scope, row, &merged));
    other_sex =
        found.sex1 != merged.sex1 && found.sex1 != SEX_NOT_SET && merged.sex1 != SEX_NOT_SET;
    if (date_compare(found.birth, merged.birth) != 0 || other_sex)
        return draft_find(finding, CAUSE_ROW_OTHER_PERSON, "individual_number");
    draft->person_changed = !same_person(&merged, &found);
    draft->person = merged;
    draft->person_stored = true;
    return draft_take_arrays(scope, draft);
}

/* The key is new here: a person of another insurer, or one whom nobody has had. */
static enum status enrol(struct scope *scope, struct member_draft *draft,
                         const struct registration_row *row, const struct person *person,
                         struct registration_finding *finding)
{
    int64_t holder = -1;

    TRY(find_link(scope, draft, row, person, finding));
    if (draft_refused(finding))
        return STATUS_OK;
    TRY(holder_of_link(scope, draft, &holder));
    if (holder >= 0) {
        TRY(join(scope, draft, row, holder, finding));
        if (draft_refused(finding))
            return STATUS_OK;
    } else {
        draft->person = *person;
        draft->person.person_id = draft->context->next_person++;
    }
    draft->member.person_id = draft->person.person_id;
    draft->member_known = draft->member_changed = draft->compare = true;
    note_member(draft, row);
    return note_no_doubt(scope, draft, row, finding);
}

static enum status person_new(struct scope *scope, struct member_draft *draft,
                              const struct registration_row *row,
                              struct registration_finding *finding)
{
    struct person person = draft->person;

    TRY(merge(scope, row, &person));
    if (!five_items(&person))
        return draft_find(finding, CAUSE_ROW_FIVE_ITEMS, "");
    if (date_before(instant_date(scope->now), person.birth))
        return draft_find(finding, CAUSE_ROW_BIRTH_FUTURE, "birth");
    if (reason_missing(row))
        return draft_find(finding, CAUSE_ROW_REASON, "reason");
    return enrol(scope, draft, row, &person, finding);
}

/* Every coverage of the insurer must still hold with the new birth date. */
static bool birth_fits(struct member_draft *draft, struct date birth)
{
    for (size_t i = 0; i < draft->person.coverage_count; i++)
        if (date_before(draft->coverages[i].from, birth))
            return false;
    return true;
}

/* A number in a row for a known key must be that of its person; one who had none is given it. */
static enum status check_number(struct scope *scope, struct member_draft *draft,
                                const struct registration_row *row,
                                struct registration_finding *finding)
{
    int64_t holder = -1;
    struct text link = {0};
    enum status status = STATUS_OK;

    char former[LINK_CODE_SIZE];

    if (row->values[P_NUMBER].told != TOLD_VALUE)
        return STATUS_OK;
    memcpy(former, draft->link, sizeof former);
    TRY(link_code_make(scope, draft->context->key, row->values[P_NUMBER].text, draft->link));
    if (!draft->person_stored) { /* an earlier row of this run registered the person */
        bool same = strcmp(former, draft->link) == 0;
        memcpy(draft->link, former, sizeof former);
        return same ? STATUS_OK : draft_find(finding, CAUSE_ROW_OTHER_NUMBER, "individual_number");
    }
    TRY(holder_of_link(scope, draft, &holder));
    if (holder == draft->person.person_id)
        return STATUS_OK;
    status = store_find_link(scope, draft->context->store, draft->person.person_id, &link);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (holder >= 0 || status == STATUS_OK)
        return draft_find(finding, CAUSE_ROW_OTHER_NUMBER, "individual_number");
    draft->link_new = true;
    return STATUS_OK;
}

static enum status person_change(struct scope *scope, struct member_draft *draft,
                                 const struct registration_row *row,
                                 struct registration_finding *finding)
{
    struct person person = draft->person;

    if (!draft->member_known)
        return draft_find(finding, CAUSE_ROW_KEY_UNKNOWN, "key");
    TRY(merge(scope, row, &person));
    if (!five_items(&person))
        return draft_find(finding, CAUSE_ROW_FIVE_ITEMS, "");
    if (!birth_fits(draft, person.birth))
        return draft_find(finding, CAUSE_ROW_BIRTH_AFTER, "birth");
    if (date_before(instant_date(scope->now), person.birth))
        return draft_find(finding, CAUSE_ROW_BIRTH_FUTURE, "birth");
    if (reason_missing(row))
        return draft_find(finding, CAUSE_ROW_REASON, "reason");
    if (row->op == OP_NEW && (!same_person(&person, &draft->person) ||
                              row->values[P_IDENTITY].number != draft->member.identity))
        return draft_find(finding, CAUSE_ROW_KEY_TAKEN, "key");
    TRY(check_number(scope, draft, row, finding)); /* the last: it may note a new number */
    if (draft_refused(finding))
        return STATUS_OK;
    draft->compare |= !same_identity(&person, &draft->person);
    draft->person_changed |= !same_person(&person, &draft->person);
    draft->person = person;
    note_member(draft, row);
    return row->op == OP_CHANGE ? note_no_doubt(scope, draft, row, finding) : STATUS_OK;
}

/* The key and all that this insurer registered under it; what others registered stays. */
static enum status person_cancel(struct scope *scope, struct member_draft *draft,
                                 struct registration_finding *finding)
{
    struct coverage *coverage = NULL;

    if (!draft->member_known)
        return draft_find(finding, CAUSE_ROW_KEY_UNKNOWN, "key");
    TRY(draft_drop_filings(scope, draft));
    while ((coverage = draft_coverage_last(draft)))
        draft_drop_coverage(draft, coverage);
    draft->member_known = draft->member_changed = draft->compare = false;
    draft->member_dropped = true;
    return STATUS_OK;
}

static bool holds(struct text text, const char *character)
{
    return text.size > 0 && memmem(text.bytes, text.size, character, strlen(character));
}

/* insurers-and-documents 11, row 1: a character that some system before us could not write. */
static void warn_of_replaced(const struct registration_row *row,
                             struct registration_finding *finding)
{
    static const struct {
        int column;
        const char *item;
    } written[] = {{P_NAME, "name"}, {P_OTHER_NAME, "other_name"}, {P_ADDRESS, "address"}};

    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        struct text text = row->values[written[i].column].text;
        if (row->values[written[i].column].told == TOLD_VALUE &&
            (holds(text, "●") || holds(text, "〓") || holds(text, "\xEF\xBF\xBD"))) {
            draft_warn(finding, CAUSE_WARN_REPLACED, written[i].item);
            return;
        }
    }
}

enum status draft_person_row(struct scope *scope, struct member_draft *draft,
                             const struct registration_row *row,
                             struct registration_finding *finding)
{
    if (row->op == OP_CANCEL)
        return person_cancel(scope, draft, finding);
    if (draft->member_known || row->op == OP_CHANGE)
        TRY(person_change(scope, draft, row, finding));
    else
        TRY(person_new(scope, draft, row, finding));
    warn_of_replaced(row, finding);
    return STATUS_OK;
}
