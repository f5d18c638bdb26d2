/* SPDX-License-Identifier: Apache-2.0
 *
 * property_eligibility.c - E1, E9: random coverage histories around the reform, asked for every
 * day, against a model that walks each coverage through its states a day at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/eligibility.h"
#include "random.h"

#define HISTORIES 3000
#define COVERAGES 5
#define FIRST_DAY 20030 /* 2024-11-03: a window of 60 days around the reform, in days since 1970   \
                         */
#define WINDOW 60
#define REFORM_INDEX 29 /* 2024-12-02 */

enum day_state { NOT_YET, HOLDS, LOST, LEFT_OUT };

struct history {
    struct coverage coverages[COVERAGES];
    struct person person;
    enum day_state states[COVERAGES][WINDOW];
};

static const char *const insurers[] = {"06139992", "139998", "01139997", "07139991", "03139995"};

static struct date day_at(int index)
{
    return date_from_days(FIRST_DAY + index);
}

static struct coverage random_coverage(struct random *random, int id)
{
    struct coverage coverage = {.coverage_id = id, .kind = KIND_GENERAL, .loss_reason = LOSS_OTHER};
    int from = random_below(random, WINDOW) - 10;

    strcpy(coverage.insurer.digits, insurers[random_below(random, 5)]);
    coverage.from = day_at(from);
    coverage.until =
        random_one_in(random, 3) ? DATE_NEVER : day_at(from + 1 + random_below(random, 30));
    coverage.issued = random_one_in(random, 4) ? DATE_NONE : day_at(random_below(random, 3));
    return coverage;
}

/* Walks the window a day at a time; what came before it was walked too. */
static void walk(struct history *history, size_t which)
{
    const struct coverage *coverage = &history->coverages[which];
    bool sdf = memcmp(coverage->insurer.digits, "07", 2) == 0;
    bool labourer = memcmp(coverage->insurer.digits, "03", 2) == 0;
    enum day_state state = NOT_YET;

    for (int index = -20; index < WINDOW; index++) {
        int today = day_at(index).yyyymmdd;
        if (today == coverage->from.yyyymmdd)
            state = HOLDS;
        if (today == coverage->until.yyyymmdd)
            state = LOST;
        if (index >= 0)
            history->states[which][index] =
                labourer || (sdf && index < REFORM_INDEX) ? LEFT_OUT : state;
    }
}

static void random_history(struct random *random, struct history *history)
{
    size_t count = (size_t)random_below(random, COVERAGES + 1);

    memset(history, 0, sizeof *history);
    history->person = (struct person){
        .person_id = 1,
        .birth = DATE(19800101),
        .registered = DATE(20200101),
        .coverages = history->coverages,
        .coverage_count = count,
    };
    for (size_t i = 0; i < count; i++) {
        history->coverages[i] = random_coverage(random, (int)i + 1);
        walk(history, i);
    }
}

/* True where a goes before b among those in a state: by loss first where both are lost. */
static bool goes_before(const struct coverage *a, const struct coverage *b, enum day_state state)
{
    if (state == LOST && a->until.yyyymmdd != b->until.yyyymmdd)
        return a->until.yyyymmdd > b->until.yyyymmdd;
    if (a->issued.yyyymmdd != b->issued.yyyymmdd)
        return a->issued.yyyymmdd > b->issued.yyyymmdd;
    if (a->from.yyyymmdd != b->from.yyyymmdd)
        return a->from.yyyymmdd > b->from.yyyymmdd;
    return a->coverage_id > b->coverage_id;
}

/* The first, in that order, of those of a mask in a state on a day; -1: none. */
static int slow_first(const struct history *history, unsigned mask, int index, enum day_state state)
{
    int found = -1;

    for (int i = 0; i < (int)history->person.coverage_count; i++) {
        if (!(mask & 1U << i) || history->states[i][index] != state)
            continue;
        if (found < 0 || goes_before(&history->coverages[i], &history->coverages[found], state))
            found = i;
    }
    return found;
}

/* Is there one that begins later in the window or behind it, and will be known then? */
static bool slow_future(const struct history *history, int index)
{
    for (size_t i = 0; i < history->person.coverage_count; i++) {
        bool begins = false;
        if (history->states[i][index] == NOT_YET)
            begins = true;
        /* left out now, but begins after the reform */
        if (history->states[i][index] == LEFT_OUT && index < REFORM_INDEX &&
            memcmp(history->coverages[i].insurer.digits, "07", 2) == 0 &&
            history->coverages[i].from.yyyymmdd >= 20241202)
            begins = true;
        if (begins)
            return true;
    }
    return false;
}

struct expected {
    enum validity validity;
    int coverage; /* index, -1: none */
};

static struct expected slow_by_card(const struct history *history, int index)
{
    int holds = slow_first(history, ~0U, index, HOLDS);
    int lost = slow_first(history, ~0U, index, LOST);

    if (holds >= 0)
        return (struct expected){VALIDITY_VALID, holds};
    return (struct expected){lost >= 0 ? VALIDITY_INVALID : VALIDITY_NONE, lost};
}

static struct expected slow_by_numbers(const struct history *history, unsigned mask, int index)
{
    int holds = slow_first(history, mask, index, HOLDS);
    int lost = slow_first(history, mask, index, LOST);

    if (holds >= 0)
        return (struct expected){VALIDITY_VALID, holds};
    if (lost < 0)
        return (struct expected){VALIDITY_NONE, -1};
    if (slow_first(history, ~0U, index, HOLDS) >= 0 || slow_future(history, index))
        return (struct expected){VALIDITY_INVALID_NEWER, lost};
    return (struct expected){VALIDITY_INVALID, lost};
}

static void compare(const struct history *history, struct eligibility answer,
                    struct expected expected, const char *way, int index, uint64_t seed)
{
    const struct coverage *coverage =
        expected.coverage < 0 ? NULL : &history->coverages[expected.coverage];

    if (answer.validity != expected.validity || answer.coverage != coverage)
        fail_msg("seed %" PRIu64 ": %s, day %d: %d, the model says %d (coverage %d)", seed, way,
                 day_at(index).yyyymmdd, (int)answer.validity, (int)expected.validity,
                 expected.coverage);
}

static size_t matches_of(unsigned mask, size_t count, struct insured_match *out)
{
    size_t matched = 0;

    for (size_t i = 0; i < count; i++)
        if (mask & 1U << i)
            out[matched++] = (struct insured_match){1, (int64_t)i + 1, ""};
    return matched;
}

static void check_history(const struct history *history, unsigned mask, uint64_t seed)
{
    const struct authentication_certificate card = {
        .not_before = DATE(20230101), .expires = DATE(20280101), .state = CERTIFICATE_CURRENT};
    struct insured_match matches[COVERAGES];
    size_t count = matches_of(mask, history->person.coverage_count, matches);

    for (int index = 0; index < WINDOW; index++) {
        struct date on = day_at(index);
        compare(history, eligibility_by_card(&history->person, &card, on, 0),
                slow_by_card(history, index), "by card", index, seed);
        compare(history, eligibility_by_numbers(&history->person, matches, count, on, 0),
                slow_by_numbers(history, mask, index), "by numbers", index, seed);
    }
}

static void e1_e9_every_day_of_random_histories(void **state)
{
    struct random random = random_begin();
    struct history history;

    (void)state;
    for (int i = 0; i < HISTORIES; i++) {
        random_history(&random, &history);
        check_history(&history, (unsigned)random_below(&random, 1 << COVERAGES), random.seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_e9_every_day_of_random_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
