/* SPDX-License-Identifier: Apache-2.0 */
#include "world/paper.h"

#include "domain/number.h"
#include "domain/policy.h"
#include "world/insurer_list.h"

#define LATE_ELDERLY_ALL DATE(20260801) /* until then everyone of 75+ gets a certificate */
#define CERTIFICATE_MONTHS 60           /* at most five years */

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

static struct date earlier(struct date a, struct date b)
{
    return date_before(a, b) ? a : b;
}

struct date paper_year_begins(struct date on)
{
    struct date august = date_of(date_year(on), 8, 1);

    return date_before(on, august) ? date_of(date_year(on) - 1, 8, 1) : august;
}

static struct date year_ends(struct date begins)
{
    return date_of(date_year(paper_year_begins(begins)) + 1, 7, 31);
}

struct date paper_elderly_begins(struct date birth)
{
    struct date reached = date_add_days(date_birthday(birth, POLICY_ELDERLY_AGE), -1);

    return date_first_of_month(date_add_months(date_first_of_month(reached), 1));
}

static enum paper kind_of_paper(int scheme, struct date birth, bool registered, struct date begins)
{
    if (date_before(begins, POLICY_DATE(REFORM_DAY)))
        return PAPER_OLD_CARD;
    if (scheme == SCHEME_LATE_ELDERLY &&
        (date_before(begins, LATE_ELDERLY_ALL) || date_age(birth, begins) >= 85))
        return PAPER_ELIGIBILITY_CERTIFICATE;
    return registered ? PAPER_ELIGIBILITY_NOTICE : PAPER_ELIGIBILITY_CERTIFICATE;
}

/* From when the last paper holds: yearly, or once; old cards of employees were replaced in 2025. */
static struct date paper_begins(const struct coverage *coverage, int scheme, struct date by)
{
    if (scheme == SCHEME_COMMUNITY || scheme == SCHEME_LATE_ELDERLY)
        return later(coverage->from, paper_year_begins(by));
    if (date_before(coverage->from, POLICY_DATE(REFORM_DAY)) &&
        date_before(POLICY_DATE(OLD_CARD_LAST_DAY), by))
        return date_add_days(POLICY_DATE(OLD_CARD_LAST_DAY), 1);
    return coverage->from;
}

/* A notice holds until something on it changes; the share of those of 70 to 74 does yearly. */
static bool paper_has_end(const struct coverage *coverage, int scheme, struct date birth)
{
    return coverage->paper != PAPER_ELIGIBILITY_NOTICE || scheme == SCHEME_LATE_ELDERLY ||
           !date_before(coverage->valid_from, paper_elderly_begins(birth));
}

static struct date paper_ends(const struct coverage *coverage, int scheme, struct date birth)
{
    struct date end = DATE_NEVER;

    if (!paper_has_end(coverage, scheme, birth))
        return DATE_NEVER;
    if (scheme == SCHEME_COMMUNITY || scheme == SCHEME_LATE_ELDERLY)
        end = year_ends(coverage->valid_from);
    else if (coverage->paper == PAPER_ELIGIBILITY_CERTIFICATE)
        end = date_add_days(date_add_months(coverage->valid_from, CERTIFICATE_MONTHS), -1);
    if (scheme != SCHEME_LATE_ELDERLY)
        end = earlier(end, date_add_days(date_birthday(birth, POLICY_LATE_ELDERLY_AGE), -1));
    return end;
}

void paper_issue(struct coverage *coverage, struct date birth, bool registered, struct date on)
{
    int scheme = insurer_number_law(coverage->insurer);
    struct date by = earlier(on, date_add_days(coverage->until, -1));

    coverage->valid_from = paper_begins(coverage, scheme, by);
    coverage->paper = kind_of_paper(scheme, birth, registered, coverage->valid_from);
    coverage->valid_until = paper_ends(coverage, scheme, birth);
    /* renewals come by post before they hold; first papers after the enrolment was handled */
    coverage->issued = date_before(coverage->from, coverage->valid_from)
                           ? date_add_days(coverage->valid_from, -20)
                           : earlier(date_add_days(coverage->from, 7), later(by, coverage->from));
}

/* --- draws ------------------------------------------------------------------------------------ */

/* The coverage that holds on T, or NULL. */
static struct coverage *live(struct coverage *coverages, size_t count, struct date on)
{
    for (size_t i = count; i-- > 0;)
        if (!date_before(on, coverages[i].from) && date_before(on, coverages[i].until))
            return &coverages[i];
    return NULL;
}

static enum status assign_elderly(struct scope *scope, struct draw *draw, struct person *person,
                                  const struct coverage *coverage, struct date on)
{
    struct elderly_certificate *elderly = NULL;
    struct date begins = later(paper_elderly_begins(person->birth), coverage->from);
    struct date last = date_add_days(date_birthday(person->birth, POLICY_LATE_ELDERLY_AGE), -1);

    begins = later(begins, paper_year_begins(on));
    if (date_before(on, begins) || date_before(last, on))
        return STATUS_OK;
    TRY(scope_alloc(scope, 1, sizeof *elderly, &elderly));
    *elderly = (struct elderly_certificate){
        .coverage_id = coverage->coverage_id,
        .issued = date_add_days(begins, -15),
        .valid_from = begins,
        .valid_until = earlier(year_ends(begins), last),
        .share = draw_chance(draw, 130000) ? 30 : 20,
    };
    person->elderly = elderly;
    person->elderly_count = 1;
    return STATUS_OK;
}

/* OQSCD012 with weights: under 70, 70 to 74, and 75+ by share. */
struct limit_row {
    char category[4];
    int weight;
};
#define LIMIT_ROWS 6
static const struct limit_row under_70[LIMIT_ROWS] = {{"A01", 12}, {"A02", 18}, {"A03", 35},
                                                      {"A04", 20}, {"A05", 13}, {"A06", 2}};
static const struct limit_row elderly_20[LIMIT_ROWS] = {{"B04", 50}, {"B05", 28}, {"B06", 22},
                                                        {"", 0},     {"", 0},     {"", 0}};
static const struct limit_row working_30[LIMIT_ROWS] = {{"B01", 30}, {"B02", 32}, {"B03", 38},
                                                        {"", 0},     {"", 0},     {"", 0}};
static const struct limit_row late_20[LIMIT_ROWS] = {{"B09", 100}, {"", 0}, {"", 0},
                                                     {"", 0},      {"", 0}, {"", 0}};
static const struct limit_row late_10[LIMIT_ROWS] = {{"B10", 50}, {"B05", 28}, {"B06", 15},
                                                     {"B07", 4},  {"B08", 3},  {"", 0}};

/* The table, and how many of a million people have their class registered. */
static const struct limit_row *
limit_rows(const struct person *person, const struct coverage *coverage, struct date on, int *rate)
{
    if (coverage->share > 0) {
        *rate = 500000;
        return coverage->share == 30 ? working_30 : coverage->share == 20 ? late_20 : late_10;
    }
    if (person->elderly_count > 0) {
        *rate = 400000;
        return person->elderly[0].share == 30 ? working_30 : elderly_20;
    }
    *rate = date_age(person->birth, on) >= 18 ? 50000 : 8000;
    return under_70;
}

/* Low incomes: their certificate lowers the meals as well, and a long stay lowers them further. */
static bool low_income(const char *category)
{
    return (category[0] == 'A' && category[2] >= '5') ||
           (category[0] == 'B' && category[1] == '0' && category[2] >= '5' && category[2] <= '8');
}

static enum status assign_limit(struct scope *scope, struct draw *draw, struct person *person,
                                const struct coverage *coverage, struct date on)
{
    struct limit_certificate *limit = NULL;
    int weights[LIMIT_ROWS];
    int rate = 0;
    const struct limit_row *rows = limit_rows(person, coverage, on, &rate);
    const char *category = NULL;
    struct date begins = later(coverage->from, paper_year_begins(on));

    if (!draw_chance(draw, rate))
        return STATUS_OK;
    for (size_t i = 0; i < LIMIT_ROWS; i++)
        weights[i] = rows[i].weight;
    category = rows[draw_weighted(draw, weights, LIMIT_ROWS)].category;
    TRY(scope_alloc(scope, 1, sizeof *limit, &limit));
    *limit = (struct limit_certificate){
        .coverage_id = coverage->coverage_id,
        .kind = low_income(category) ? (draw_chance(draw, 100000) ? 3 : 2) : 1,
        .category = {category[0], category[1], category[2], '\0'},
        .issued = begins,
        .valid_from = begins,
        .valid_until = earlier(year_ends(begins), date_add_days(coverage->until, -1)),
    };
    if (low_income(category) && draw_chance(draw, 120000))
        limit->long_stay = later(begins, date_add_days(on, -draw_below(draw, 150)));
    person->limits = limit;
    person->limit_count = 1;
    return STATUS_OK;
}

/* About 350,000 people are on dialysis; the two others are rare and kept visible in small worlds.
 */
static enum status assign_diseases(struct scope *scope, struct draw *draw, struct person *person,
                                   const struct coverage *coverage, struct date on)
{
    bool has[SPECIFIED_DISEASES_MAX];
    int age = date_age(person->birth, on);
    struct specified_disease *diseases = NULL;
    size_t count = 0;

    has[0] = draw_chance(draw, age >= 40 ? 4500 : 50);
    has[1] = draw_chance(draw, 250);
    has[2] = draw_chance(draw, has[1] ? 300000 : 150);
    if (!has[0] && !has[1] && !has[2])
        return STATUS_OK;
    TRY(scope_alloc(scope, SPECIFIED_DISEASES_MAX, sizeof *diseases, &diseases));
    for (int i = 0; i < SPECIFIED_DISEASES_MAX; i++) {
        if (!has[i])
            continue;
        diseases[count++] = (struct specified_disease){
            .coverage_id = coverage->coverage_id,
            .category = i + 1,
            .issued = coverage->from,
            .valid_from = coverage->from,
            .valid_until = DATE_NEVER,
            .monthly_limit = i == 0 && age < 70 && draw_chance(draw, 200000) ? 20000 : 10000,
        };
    }
    person->diseases = diseases;
    person->disease_count = count;
    return STATUS_OK;
}

/* 10, 20 or 30 % of people of 75 and over. */
static int draw_late_share(struct draw *draw)
{
    static const int weights[3] = {73, 20, 7};

    return 10 + 10 * (int)draw_weighted(draw, weights, 3);
}

enum status paper_assign(struct scope *scope, struct draw *draw, struct person *person,
                         struct date on)
{
    struct coverage *coverages = NULL;
    const struct coverage *held = NULL;

    if (person->coverage_count == 0)
        return STATUS_OK;
    TRY(scope_alloc(scope, person->coverage_count, sizeof *coverages, &coverages));
    for (size_t i = 0; i < person->coverage_count; i++) {
        coverages[i] = person->coverages[i];
        paper_issue(&coverages[i], person->birth, date_is(person->registered), on);
        if (insurer_number_law(coverages[i].insurer) == SCHEME_LATE_ELDERLY)
            coverages[i].share = draw_late_share(draw);
    }
    person->coverages = coverages;
    held = live(coverages, person->coverage_count, on);
    if (!held)
        return STATUS_OK;
    TRY(assign_elderly(scope, draw, person, held, on));
    TRY(assign_limit(scope, draw, person, held, on));
    return assign_diseases(scope, draw, person, held, on);
}
