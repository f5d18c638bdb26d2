/* SPDX-License-Identifier: Apache-2.0
 *
 * The way between structs and cells: one pair of functions a table, in the order of its columns.
 */
#include <string.h>

#include "store/store_rows.h"

static struct cell number(int64_t value)
{
    return CELL_OF_NUMBER(value);
}

static struct cell day(struct date date)
{
    return CELL_OF_NUMBER(date.yyyymmdd);
}

static struct cell words(struct text text)
{
    return CELL_OF_TEXT(text);
}

/* Digits in an array that need not end in NUL. */
static struct cell letters(const char *bytes, size_t size)
{
    return CELL_OF_TEXT(((struct text){bytes, strnlen(bytes, size)}));
}

static struct date day_of(const struct cell *cell)
{
    return DATE((int32_t)cell->number);
}

/* The check has seen to it that the text fits. */
static void letters_of(const struct cell *cell, char *out, size_t size)
{
    size_t length = cell->text.size < size ? cell->text.size : size - 1;

    memset(out, 0, size);
    if (length > 0)
        memcpy(out, cell->text.bytes, length);
}

void cells_of_person(const struct person *person, unsigned holds, struct instant recorded,
                     struct cell *out)
{
    const struct cell cells[PERSON_COLUMNS] = {
        number(person->person_id),
        words(person->name),
        words(person->name_kana),
        words(person->other_name),
        words(person->other_name_kana),
        words(person->postal_code),
        words(person->address),
        day(person->birth),
        number(person->sex1),
        number(person->sex2),
        number(person->protection),
        number(person->register_difference),
        day(person->registered),
        day(person->deregisters),
        number(holds),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void person_of_cells(const struct cell *cells, struct person *out)
{
    *out = (struct person){
        .person_id = cells[0].number,
        .name = cells[1].text,
        .name_kana = cells[2].text,
        .other_name = cells[3].text,
        .other_name_kana = cells[4].text,
        .postal_code = cells[5].text,
        .address = cells[6].text,
        .birth = day_of(&cells[7]),
        .sex1 = (enum sex)cells[8].number,
        .sex2 = (enum sex)cells[9].number,
        .protection = (unsigned)cells[10].number,
        .register_difference = (int)cells[11].number,
        .registered = day_of(&cells[12]),
        .deregisters = day_of(&cells[13]),
    };
}

unsigned person_holds(const struct cell *cells)
{
    return (unsigned)cells[14].number;
}

int64_t person_birth(const struct cell *cells)
{
    return cells[7].number;
}

void cells_of_coverage(int64_t person_id, const struct coverage *coverage, struct instant recorded,
                       struct cell *out)
{
    const struct cell cells[COVERAGE_COLUMNS] = {
        number(person_id),
        number(coverage->coverage_id),
        letters(coverage->insurer.digits, sizeof coverage->insurer.digits),
        words(coverage->symbol),
        words(coverage->number),
        letters(coverage->branch, sizeof coverage->branch),
        number(coverage->relation),
        words(coverage->insured_name),
        day(coverage->from),
        day(coverage->until),
        number(coverage->loss_reason),
        number(coverage->kind),
        number(coverage->paper),
        day(coverage->issued),
        day(coverage->valid_from),
        day(coverage->valid_until),
        number(coverage->share),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void coverage_of_cells(const struct cell *cells, struct coverage *out)
{
    *out = (struct coverage){
        .coverage_id = cells[1].number,
        .symbol = cells[3].text,
        .number = cells[4].text,
        .relation = (enum relation)cells[6].number,
        .insured_name = cells[7].text,
        .from = day_of(&cells[8]),
        .until = day_of(&cells[9]),
        .loss_reason = (enum loss_reason)cells[10].number,
        .kind = (enum certificate_kind)cells[11].number,
        .paper = (enum paper)cells[12].number,
        .issued = day_of(&cells[13]),
        .valid_from = day_of(&cells[14]),
        .valid_until = day_of(&cells[15]),
        .share = (int)cells[16].number,
        .recorded = {cells[17].number},
    };
    letters_of(&cells[2], out->insurer.digits, sizeof out->insurer.digits);
    letters_of(&cells[5], out->branch, sizeof out->branch);
}

void cells_of_elderly(int64_t person_id, const struct elderly_certificate *elderly,
                      struct instant recorded, struct cell *out)
{
    const struct cell cells[ELDERLY_COLUMNS] = {
        number(person_id),
        number(elderly->coverage_id),
        day(elderly->valid_from),
        day(elderly->valid_until),
        day(elderly->issued),
        number(elderly->share),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void elderly_of_cells(const struct cell *cells, struct elderly_certificate *out)
{
    *out = (struct elderly_certificate){
        .coverage_id = cells[1].number,
        .valid_from = day_of(&cells[2]),
        .valid_until = day_of(&cells[3]),
        .issued = day_of(&cells[4]),
        .share = (int)cells[5].number,
    };
}

void cells_of_limit(int64_t person_id, const struct limit_certificate *limit,
                    struct instant recorded, struct cell *out)
{
    const struct cell cells[LIMIT_COLUMNS] = {
        number(person_id),
        number(limit->coverage_id),
        day(limit->valid_from),
        day(limit->valid_until),
        day(limit->issued),
        number(limit->kind),
        letters(limit->category, sizeof limit->category),
        day(limit->long_stay),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void limit_of_cells(const struct cell *cells, struct limit_certificate *out)
{
    *out = (struct limit_certificate){
        .coverage_id = cells[1].number,
        .valid_from = day_of(&cells[2]),
        .valid_until = day_of(&cells[3]),
        .issued = day_of(&cells[4]),
        .kind = (int)cells[5].number,
        .long_stay = day_of(&cells[7]),
    };
    letters_of(&cells[6], out->category, sizeof out->category);
}

void cells_of_disease(int64_t person_id, const struct specified_disease *disease,
                      struct instant recorded, struct cell *out)
{
    const struct cell cells[DISEASE_COLUMNS] = {
        number(person_id),
        number(disease->coverage_id),
        number(disease->category),
        day(disease->valid_from),
        day(disease->valid_until),
        day(disease->issued),
        number(disease->monthly_limit),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void disease_of_cells(const struct cell *cells, struct specified_disease *out)
{
    *out = (struct specified_disease){
        .coverage_id = cells[1].number,
        .category = (int)cells[2].number,
        .valid_from = day_of(&cells[3]),
        .valid_until = day_of(&cells[4]),
        .issued = day_of(&cells[5]),
        .monthly_limit = (int)cells[6].number,
    };
}

/* Serials are 64 bits without sign; a column has 64 bits with one. The bits stay. */
void cells_of_certificate(const struct authentication_certificate *certificate,
                          struct instant recorded, struct cell *out)
{
    const struct cell cells[CERTIFICATE_COLUMNS] = {
        number(certificate->issuer),
        number((int64_t)certificate->serial),
        number(certificate->person_id),
        day(certificate->not_before),
        day(certificate->expires),
        number(certificate->state),
        number((int64_t)certificate->successor),
        number(certificate->phone),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void certificate_of_cells(const struct cell *cells, struct authentication_certificate *out)
{
    *out = (struct authentication_certificate){
        .issuer = (int)cells[0].number,
        .serial = (uint64_t)cells[1].number,
        .person_id = cells[2].number,
        .not_before = day_of(&cells[3]),
        .expires = day_of(&cells[4]),
        .state = (enum certificate_state)cells[5].number,
        .successor = (uint64_t)cells[6].number,
        .phone = cells[7].number != 0,
    };
}

void cells_of_insurer(const struct insurer *insurer, struct instant recorded, struct cell *out)
{
    out[0] = letters(insurer->number.digits, sizeof insurer->number.digits);
    out[1] = words(insurer->name);
    out[2] = number(recorded.microseconds);
}

void insurer_of_cells(const struct cell *cells, struct insurer *out)
{
    letters_of(&cells[0], out->number.digits, sizeof out->number.digits);
    out->name = cells[1].text;
}

void cells_of_institution(const struct institution *institution, struct instant recorded,
                          struct cell *out)
{
    const struct cell cells[INSTITUTION_COLUMNS] = {
        letters(institution->code.digits, sizeof institution->code.digits),
        words(institution->name),
        number(institution->type),
        number(institution->measure),
        day(institution->measure_until),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void institution_of_cells(const struct cell *cells, struct institution *out)
{
    *out = (struct institution){
        .name = cells[1].text,
        .type = (enum facility_type)cells[2].number,
        .measure = (int)cells[3].number,
        .measure_until = day_of(&cells[4]),
    };
    letters_of(&cells[0], out->code.digits, sizeof out->code.digits);
}

void cells_of_registration(int64_t person_id, const struct registration *registration,
                           struct instant recorded, struct cell *out)
{
    const struct cell cells[REGISTRATION_COLUMNS] = {
        number(person_id),         day(registration->since),    day(registration->until),
        number(registration->way), number(registration->ended), number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void registration_of_cells(const struct cell *cells, struct registration *out)
{
    *out = (struct registration){
        .since = day_of(&cells[1]),
        .until = day_of(&cells[2]),
        .way = (enum registration_way)cells[3].number,
        .ended = (enum registration_end)cells[4].number,
    };
}

void cells_of_device(const struct mobile_device *device, struct instant recorded, struct cell *out)
{
    const struct cell cells[DEVICE_COLUMNS] = {
        letters(device->device, sizeof device->device),
        letters(device->institution.digits, sizeof device->institution.digits),
        number(device->class),
        letters(device->code_hash, sizeof device->code_hash),
        number(device->code_until.microseconds),
        letters(device->secret_hash, sizeof device->secret_hash),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void device_of_cells(const struct cell *cells, struct mobile_device *out)
{
    *out = (struct mobile_device){.class = (enum service_class)cells[2].number,
                                  .code_until = {cells[4].number}};
    letters_of(&cells[0], out->device, sizeof out->device);
    letters_of(&cells[1], out->institution.digits, sizeof out->institution.digits);
    letters_of(&cells[3], out->code_hash, sizeof out->code_hash);
    letters_of(&cells[5], out->secret_hash, sizeof out->secret_hash);
}

/* OQSCD031: withdrawn by the patient. */
#define ENDED_BY_PATIENT 2

void cells_of_consent(const struct mobile_consent *consent, struct instant recorded,
                      struct cell *out)
{
    const struct cell cells[CONSENT_COLUMNS] = {
        number(consent->person_id),
        letters(consent->institution.digits, sizeof consent->institution.digits),
        number(consent->given),
        day(consent->until),
        number(consent->withdrawn ? ENDED_BY_PATIENT : 0),
        number(consent->consents),
        number(consent->mode),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void consent_of_cells(const struct cell *cells, struct mobile_consent *out)
{
    *out = (struct mobile_consent){
        .person_id = cells[0].number,
        .given = cells[2].number,
        .until = day_of(&cells[3]),
        .withdrawn = cells[4].number == ENDED_BY_PATIENT,
        .consents = (unsigned)cells[5].number,
        .mode = (enum identity_mode)cells[6].number,
    };
    letters_of(&cells[1], out->institution.digits, sizeof out->institution.digits);
}

void cells_of_deregistration(const struct deregistration_request *request, struct instant recorded,
                             struct cell *out)
{
    const struct cell cells[DEREGISTRATION_COLUMNS] = {
        number(request->person_id),
        number(request->request_id),
        day(request->requested),
        day(request->received),
        letters(request->insurer.digits, sizeof request->insurer.digits),
        number(request->channel),
        number(request->proxy),
        number(request->state),
        day(request->executes),
        day(request->executed),
        words(text_of(failure_text(request->error)->code)),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void deregistration_of_cells(const struct cell *cells, struct deregistration_request *out)
{
    char code[16] = {0};

    *out = (struct deregistration_request){
        .person_id = cells[0].number,
        .request_id = cells[1].number,
        .requested = day_of(&cells[2]),
        .received = day_of(&cells[3]),
        .channel = (enum deregistration_channel)cells[5].number,
        .proxy = cells[6].number != 0,
        .state = (enum deregistration_state)cells[7].number,
        .executes = day_of(&cells[8]),
        .executed = day_of(&cells[9]),
    };
    letters_of(&cells[4], out->insurer.digits, sizeof out->insurer.digits);
    letters_of(&cells[10], code, sizeof code);
    out->error = failure_cause(code);
}

void cells_of_issue(const struct issue *issue, struct instant recorded, struct cell *out)
{
    const struct cell cells[DOCUMENT_COLUMNS] = {
        number(issue->person_id),
        number(issue->kind),
        number(issue->serial),
        letters(issue->insurer.digits, sizeof issue->insurer.digits),
        number(issue->coverage_id),
        letters(issue->reason, sizeof issue->reason),
        words(text_of(issue->rule)),
        day(issue->due),
        day(issue->latest),
        day(issue->issued),
        day(issue->valid_from),
        day(issue->valid_until),
        number(issue->state),
        day(issue->returned),
        number(issue->replaced_by),
        number(issue->special),
        number(recorded.microseconds),
    };

    memcpy(out, cells, sizeof cells);
}

void issue_of_cells(const struct cell *cells, struct issue *out)
{
    *out = (struct issue){
        .person_id = cells[0].number,
        .kind = (enum issue_kind)cells[1].number,
        .serial = cells[2].number,
        .coverage_id = cells[4].number,
        .due = day_of(&cells[7]),
        .latest = day_of(&cells[8]),
        .issued = day_of(&cells[9]),
        .valid_from = day_of(&cells[10]),
        .valid_until = day_of(&cells[11]),
        .state = (enum issue_state)cells[12].number,
        .returned = day_of(&cells[13]),
        .replaced_by = cells[14].number,
        .special = cells[15].number != 0,
    };
    letters_of(&cells[3], out->insurer.digits, sizeof out->insurer.digits);
    letters_of(&cells[5], out->reason, sizeof out->reason);
    letters_of(&cells[6], out->rule, sizeof out->rule);
}

void cells_of_need(const struct need_row *need, struct instant recorded, struct cell *out)
{
    out[0] = number(need->person_id);
    out[1] = number(need->need);
    out[2] = day(need->since);
    out[3] = day(need->until);
    out[4] = number(recorded.microseconds);
}

void need_of_cells(const struct cell *cells, struct need_row *out)
{
    *out = (struct need_row){cells[0].number, (enum need)cells[1].number, day_of(&cells[2]),
                             day_of(&cells[3])};
}

void cells_of_policy(const struct insurer_policy *policy, struct instant recorded, struct cell *out)
{
    out[0] = letters(policy->insurer.digits, sizeof policy->insurer.digits);
    out[1] = day(policy->valid_from);
    out[2] = number(policy->gives_both);
    out[3] = number(policy->certificate_years);
    out[4] = number(policy->expiry_months);
    out[5] = number(policy->uses_12_months);
    out[6] = number(policy->uses_3_months);
    out[7] = number(policy->uses_month);
    out[8] = number(recorded.microseconds);
}

void policy_of_cells(const struct cell *cells, struct insurer_policy *out)
{
    *out = (struct insurer_policy){
        .valid_from = day_of(&cells[1]),
        .gives_both = cells[2].number != 0,
        .certificate_years = (int)cells[3].number,
        .expiry_months = (int)cells[4].number,
        .uses_12_months = (int)cells[5].number,
        .uses_3_months = (int)cells[6].number,
        .uses_month = (int)cells[7].number,
    };
    letters_of(&cells[0], out->insurer.digits, sizeof out->insurer.digits);
}

enum status cells_of_key(struct scope *scope, const struct cell *coverage, int64_t birth,
                         struct key_texts *texts, struct cell *out)
{
    if (!insured_text_normalise(coverage[3].text, false, texts->symbol) ||
        !insured_text_normalise(coverage[4].text, true, texts->number))
        return scope_fail(scope, CAUSE_VALUE_TOO_LONG,
                          "a symbol or number has more than %d characters", INSURED_TEXT_MAX);
    out[0] = coverage[2];
    out[1] = words(text_of(texts->symbol));
    out[2] = words(text_of(texts->number));
    out[3] = number(birth);
    out[4] = coverage[0];
    out[5] = coverage[1];
    out[6] = coverage[5];
    return STATUS_OK;
}
