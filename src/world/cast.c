/* SPDX-License-Identifier: Apache-2.0 */
#include "world/cast.h"

#include <assert.h>
#include <string.h>

#include "world/card_life.h"
#include "world/paper.h"

static struct date earlier(struct date a, struct date b)
{
    return date_before(a, b) ? a : b;
}

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

struct date cast_day_on(struct cast_day day, struct date t, struct date birth)
{
    struct date year = paper_year_begins(t);

    switch (day.unit) {
    case DAY_NONE:
        return DATE_NONE;
    case DAY_FIXED:
        return DATE(day.value);
    case DAY_FROM_T:
        return date_add_days(t, day.value);
    case DAY_MONTHS:
        return date_add_months(t, day.value);
    case DAY_MONTH_END:
        return date_end_of_month(date_add_months(date_first_of_month(t), day.value));
    case DAY_YEAR_BEGINS:
        return date_add_months(year, 12 * day.value);
    case DAY_YEAR_ENDS:
        return date_add_days(date_add_months(year, 12 * (day.value + 1)), -1);
    case DAY_BIRTHDAY:
        return date_birthday(birth, day.value);
    case DAY_NEVER:
        return DATE_NEVER;
    }
    return DATE_NONE;
}

const struct cast_person *cast_person(int64_t id)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    assert(id >= 1 && (size_t)id <= count && people[id - 1].id == id);
    return &people[id - 1];
}

struct date cast_birth(const struct cast_person *person, struct date t)
{
    struct date birth =
        date_of(date_year(t) - person->age, person->month_day / 100, person->month_day % 100);

    if (date_before(t, date_birthday(birth, person->age)))
        birth = date_of(date_year(t) - person->age - 1, date_month(birth), date_day(birth));
    return birth;
}

uint64_t cast_serial(const struct cast_person *person, size_t certificate)
{
    return card_life_serial(person->id, certificate);
}

/* --- the person --------------------------------------------------------------------------------
 */

static struct coverage make_coverage(const struct cast_person *row, size_t i, struct date t,
                                     struct date birth)
{
    const struct cast_coverage *from = &row->coverages[i];
    struct coverage coverage = {
        .coverage_id = row->id * 100 + (int64_t)i + 1,
        .symbol = text_of(from->symbol),
        .number = text_of(from->number),
        .relation = from->relation,
        .insured_name = text_of(row->insured ? cast_person(row->insured)->name : row->name),
        .from = cast_day_on(from->held.from, t, birth),
        .until = cast_day_on(from->held.until, t, birth),
        .loss_reason = from->loss,
        .kind = from->kind ? from->kind : KIND_GENERAL,
        .share = from->share,
    };

    memcpy(coverage.insurer.digits, from->insurer, strlen(from->insurer));
    memcpy(coverage.branch, from->branch, strlen(from->branch));
    paper_issue(&coverage, birth, row->registered.unit != DAY_NONE, t);
    if (from->paper != PAPER_NONE)
        coverage.paper = from->paper;
    if (from->issued.unit != DAY_NONE)
        coverage.issued = cast_day_on(from->issued, t, birth);
    if (from->valid_until.unit != DAY_NONE)
        coverage.valid_until = cast_day_on(from->valid_until, t, birth);
    if (from->issued.unit != DAY_NONE)
        coverage.valid_from = later(coverage.from, coverage.issued);
    coverage.recorded = instant_start(date_add_days(coverage.from, 5));
    return coverage;
}

static enum status make_elderly(struct scope *scope, const struct cast_person *row, struct date t,
                                struct person *person)
{
    struct elderly_certificate *elderly = NULL;
    struct date begins = later(paper_elderly_begins(person->birth), paper_year_begins(t));

    if (row->elderly_share == 0)
        return STATUS_OK;
    TRY(scope_alloc(scope, 1, sizeof *elderly, &elderly));
    *elderly = (struct elderly_certificate){
        .coverage_id = person->coverages[0].coverage_id,
        .issued = date_add_days(begins, -15),
        .valid_from = begins,
        .valid_until = earlier(cast_day_on((struct cast_day){DAY_YEAR_ENDS, 0}, t, person->birth),
                               date_add_days(date_birthday(person->birth, 75), -1)),
        .share = row->elderly_share,
    };
    person->elderly = elderly;
    person->elderly_count = 1;
    return STATUS_OK;
}

static enum status make_limit(struct scope *scope, const struct cast_person *row, struct date t,
                              struct person *person)
{
    struct limit_certificate *limit = NULL;

    if (!row->limit_category)
        return STATUS_OK;
    TRY(scope_alloc(scope, 1, sizeof *limit, &limit));
    *limit = (struct limit_certificate){
        .coverage_id = person->coverages[0].coverage_id,
        .kind = row->limit_kind,
        .issued = paper_year_begins(t),
        .valid_from = paper_year_begins(t),
        .valid_until = cast_day_on((struct cast_day){DAY_YEAR_ENDS, 0}, t, person->birth),
        .long_stay = cast_day_on(row->long_stay, t, person->birth),
    };
    memcpy(limit->category, row->limit_category, 3);
    person->limits = limit;
    person->limit_count = 1;
    return STATUS_OK;
}

static enum status make_diseases(struct scope *scope, const struct cast_person *row,
                                 struct person *person)
{
    struct specified_disease *diseases = NULL;

    if (row->diseases[0] == 0)
        return STATUS_OK;
    TRY(scope_alloc(scope, CAST_DISEASES, sizeof *diseases, &diseases));
    for (size_t i = 0; i < CAST_DISEASES && row->diseases[i] > 0; i++) {
        diseases[i] = (struct specified_disease){
            .coverage_id = person->coverages[0].coverage_id,
            .category = row->diseases[i],
            .issued = person->coverages[0].from,
            .valid_from = person->coverages[0].from,
            .valid_until = DATE_NEVER,
            .monthly_limit = 10000,
        };
        person->disease_count++;
    }
    person->diseases = diseases;
    return STATUS_OK;
}

enum status cast_make_person(struct scope *scope, const struct cast_person *row, struct date t,
                             struct person *out)
{
    struct date birth = cast_birth(row, t);
    struct coverage *coverages = NULL;
    struct person person = {
        .person_id = row->id,
        .name = text_of(row->name),
        .name_kana = text_of(row->kana),
        .other_name = text_of(row->other_name),
        .other_name_kana = text_of(row->other_kana),
        .postal_code = text_of(row->postal),
        .address = text_of(row->address),
        .birth = birth,
        .sex1 = row->sex1,
        .sex2 = row->sex2,
        .protection = row->protection,
        .register_difference = row->register_difference,
        .registered = cast_day_on(row->registered, t, birth),
        .deregisters = cast_day_on(row->deregisters, t, birth),
    };

    TRY(scope_alloc(scope, CAST_COVERAGES, sizeof *coverages, &coverages));
    person.coverages = coverages;
    while (person.coverage_count < CAST_COVERAGES &&
           row->coverages[person.coverage_count].insurer) {
        coverages[person.coverage_count] = make_coverage(row, person.coverage_count, t, birth);
        person.coverage_count++;
    }
    TRY(make_elderly(scope, row, t, &person));
    TRY(make_limit(scope, row, t, &person));
    TRY(make_diseases(scope, row, &person));
    *out = person;
    return STATUS_OK;
}

size_t cast_make_certificates(const struct cast_person *row, struct date t,
                              struct authentication_certificate out[CAST_CERTIFICATES])
{
    struct date birth = cast_birth(row, t);
    size_t count = 0;

    while (count < CAST_CERTIFICATES && row->certificates[count].file) {
        const struct cast_certificate *from = &row->certificates[count];
        out[count] = (struct authentication_certificate){
            .issuer = 1,
            .serial = cast_serial(row, count),
            .person_id = row->id,
            .not_before = cast_day_on(from->from, t, birth),
            .expires = cast_day_on(from->expires, t, birth),
            .state = from->state ? from->state : CERTIFICATE_CURRENT,
            .successor = from->state == CERTIFICATE_SUPERSEDED ? cast_serial(row, count + 1) : 0,
        };
        count++;
    }
    return count;
}

/* --- what is asked, and answered ---------------------------------------------------------------
 */

static struct date day_asked(const struct cast_scenario *scenario, struct date t)
{
    return scenario->on.unit == DAY_NONE ? t : cast_day_on(scenario->on, t, DATE_NONE);
}

struct cast_inquiry cast_inquiry(const struct cast_scenario *scenario, struct date t)
{
    const struct cast_person *row = NULL;
    struct cast_inquiry inquiry = {.on = day_asked(scenario, t)};

    if (scenario->person == 0) {
        inquiry.insurer = scenario->unknown_insurer;
        inquiry.symbol = "0";
        inquiry.number = "99999999";
        inquiry.branch = "00";
        inquiry.birth = DATE(19800101);
        return inquiry;
    }
    row = cast_person(scenario->person);
    inquiry.birth = cast_birth(row, t);
    if (scenario->way == WAY_CARD)
        return inquiry;
    inquiry.insurer = row->coverages[scenario->entry].insurer;
    inquiry.symbol = row->coverages[scenario->entry].symbol;
    inquiry.number = row->coverages[scenario->entry].number;
    inquiry.branch = scenario->without_branch ? "" : row->coverages[scenario->entry].branch;
    return inquiry;
}

const struct cast_answer *cast_answer(const struct cast_scenario *scenario, struct date t)
{
    struct date on = day_asked(scenario, t);
    const struct cast_answer *answer = scenario->answers;

    while (date_before(answer->until, on))
        answer++;
    return answer;
}
