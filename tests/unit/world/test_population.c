/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/copayment.h"
#include "domain/insured_number.h"
#include "world/population.h"

#define LIMIT (32UL * 1024 * 1024)
#define PEOPLE 50000
#define NAME_MAX_CHARACTERS 100
#define ADDRESS_MAX_CHARACTERS 200

/* What a population is made of. */
struct tally {
    struct date on;
    int64_t people, households, live, holders, registered, deregistering, phones, protection;
    int64_t last_id;
    int64_t ages[20], laws[100], kinds[16], losses[100], papers[4], sexes[4], second_sexes;
    int64_t elderly[4], shares[4], diseases[4], differences[4], phases[7], states[4];
    int64_t limits[2][11], limit_kinds[4], long_stays;
    int64_t no_branch, late_branch, aliases, non_bmp, selectors, full_width_numbers, gaps, overlaps;
    uint64_t digest;
};

static void digest_add(struct tally *tally, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < size; i++)
        tally->digest = (tally->digest ^ at[i]) * UINT64_C(0x100000001B3);
}

static void digest_text(struct tally *tally, struct text text)
{
    if (text.size > 0)
        digest_add(tally, text.bytes, text.size);
}

static void check_text(struct text text, size_t longest)
{
    assert_true(text_is_utf8(text));
    assert_true(text_length(text) <= longest);
}

static void tally_characters(struct tally *tally, struct text text)
{
    bool beyond = false;
    bool selector = false;

    for (size_t at = 0; at < text.size;) {
        uint32_t point = text_next(text, &at);
        beyond = beyond || (point > 0xFFFF && point < 0xE0100);
        selector = selector || (point >= 0xE0100 && point <= 0xE01EF);
    }
    tally->non_bmp += beyond;
    tally->selectors += selector;
}

static void tally_coverage(struct tally *tally, const struct person *person,
                           const struct coverage *coverage)
{
    char normal[INSURED_NORMAL_SIZE];
    int law = insurer_number_law(coverage->insurer);

    assert_int_equal(number_check(NUMBER_INSURER, text_of(coverage->insurer.digits)), NUMBER_GOOD);
    assert_true(insured_text_normalise(coverage->symbol, false, normal));
    assert_true(insured_text_normalise(coverage->number, true, normal));
    assert_true(normal[0] != '\0');
    assert_true(date_ok(coverage->from) && date_before(coverage->from, coverage->until));
    assert_false(date_before(tally->on, coverage->from));
    assert_true(date_is(coverage->issued) && date_is(coverage->valid_from));
    assert_false(date_before(coverage->valid_until, coverage->valid_from));
    /* nobody registers what has not come */
    assert_true(coverage->until.yyyymmdd == DATE_NEVER.yyyymmdd ||
                date_compare(coverage->until, date_add_days(tally->on, 1)) <= 0);
    assert_int_equal(coverage->loss_reason == LOSS_NONE,
                     coverage->until.yyyymmdd == DATE_NEVER.yyyymmdd);
    assert_true((law == 39) == text_empty(coverage->symbol));
    assert_true(law != 39 || (coverage->branch[0] == '\0' && coverage->share >= 10));
    assert_true(law == 39 || coverage->share == 0);
    assert_true(law == 39 || !date_before(date_birthday(person->birth, 75), coverage->until) ||
                date_before(tally->on, date_birthday(person->birth, 75)));
    tally->laws[law]++;
    tally->kinds[coverage->kind]++;
    tally->losses[coverage->loss_reason]++;
    tally->papers[coverage->paper]++;
    if (law == 39)
        tally->shares[coverage->share / 10]++;
    else if (coverage->branch[0] == '\0')
        tally->no_branch++;
    tally->full_width_numbers += (unsigned char)coverage->number.bytes[0] >= 0x80;
    digest_add(tally, coverage->insurer.digits, sizeof coverage->insurer.digits);
    digest_text(tally, coverage->symbol);
    digest_text(tally, coverage->number);
    digest_add(tally, &coverage->from, sizeof coverage->from);
    digest_add(tally, &coverage->until, sizeof coverage->until);
    digest_add(tally, &coverage->recorded, sizeof coverage->recorded);
}

static void tally_certificates(struct tally *tally, const struct person *person)
{
    for (size_t i = 0; i < person->elderly_count; i++) {
        assert_in_range(date_age(person->birth, tally->on), 70, 74);
        tally->elderly[person->elderly[i].share / 10]++;
    }
    for (size_t i = 0; i < person->limit_count; i++) {
        const struct limit_certificate *limit = &person->limits[i];
        bool old = copayment_elderly(person->birth, tally->on) ||
                   copayment_late_elderly(person->birth, tally->on);
        assert_int_equal(limit->category[0], old ? 'B' : 'A');
        tally->limits[old][atoi(limit->category + 1)]++;
        tally->limit_kinds[limit->kind]++;
        tally->long_stays += date_is(limit->long_stay);
    }
    for (size_t i = 0; i < person->disease_count; i++)
        tally->diseases[person->diseases[i].category]++;
}

static void tally_card(struct tally *tally, const struct card_life *life)
{
    tally->holders += life->count > 0;
    for (size_t i = 0; i < life->count; i++) {
        const struct authentication_certificate *one = &life->certificates[i];
        assert_true(date_before(one->not_before, one->expires));
        assert_true((one->state == CERTIFICATE_SUPERSEDED) == (one->successor != 0));
        tally->states[one->state]++;
        tally->phones += one->phone;
        tally->phases[certificate_life_on(one, tally->on).phase]++;
        digest_add(tally, &one->serial, sizeof one->serial);
        digest_add(tally, &one->expires, sizeof one->expires);
    }
}

static void tally_person(struct tally *tally, const struct person *person)
{
    int age = date_age(person->birth, tally->on);
    size_t live = 0;

    assert_int_equal(person->person_id, tally->last_id + 1);
    tally->last_id = person->person_id;
    check_text(person->name, NAME_MAX_CHARACTERS);
    check_text(person->name_kana, NAME_MAX_CHARACTERS);
    check_text(person->other_name, NAME_MAX_CHARACTERS);
    check_text(person->address, ADDRESS_MAX_CHARACTERS);
    assert_int_equal(person->postal_code.size, 8);
    assert_true(date_ok(person->birth) && age >= 0 && age < 115);
    for (size_t i = 0; i < person->coverage_count; i++) {
        tally_coverage(tally, person, &person->coverages[i]);
        live += date_before(tally->on, person->coverages[i].until);
    }
    tally->live += live > 0;
    tally->overlaps += live > 1;
    tally->ages[age / 5 > 19 ? 19 : age / 5]++;
    tally->sexes[person->sex1]++;
    tally->second_sexes += person->sex2 != SEX_NONE;
    tally->protection += person->protection != 0;
    tally->differences[person->register_difference]++;
    tally->registered += date_is(person->registered);
    tally->deregistering += date_is(person->deregisters);
    tally->aliases += !text_empty(person->other_name);
    tally_characters(tally, person->name);
    tally_certificates(tally, person);
    digest_text(tally, person->name);
    digest_text(tally, person->address);
    digest_add(tally, &person->birth, sizeof person->birth);
    tally->people++;
}

static enum status visit(struct scope *scope, void *context,
                         const struct population_household *household)
{
    struct tally *tally = context;

    (void)scope;
    tally->households++;
    for (size_t i = 0; i < household->household.count; i++) {
        tally_person(tally, &household->household.people[i]);
        tally_card(tally, &household->cards[i]);
    }
    return STATUS_OK;
}

static struct tally make(uint64_t seed, int64_t people, int32_t on)
{
    CLEANUP(scope_end) struct scope scope = scope_begin_at(LIMIT, instant_noon(DATE(on)));
    struct insurer_list insurers = {0};
    struct population_order order = {seed, people, DATE(on), &insurers};
    struct tally tally = {.on = DATE(on), .last_id = POPULATION_FIRST_ID - 1};

    assert_int_equal(insurer_list_make(&scope, &insurers), STATUS_OK);
    assert_int_equal(population_make(&scope, &order, NULL, visit, &tally), STATUS_OK);
    assert_int_equal(tally.people, people);
    return tally;
}

/* --- the same again ----------------------------------------------------------------------------
 */

static void the_same_seed_people_and_date_give_the_same_world(void **state)
{
    struct tally one = make(11, 3000, 20261105);
    struct tally again = make(11, 3000, 20261105);

    (void)state;
    assert_true(one.digest == again.digest);
    assert_true(one.digest != make(12, 3000, 20261105).digest);
    assert_true(one.digest != make(11, 3000, 20261106).digest);
}

static void a_household_does_not_depend_on_those_before_it(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct insurer_list insurers = {0};
    struct population_order order = {5, 1000, DATE(20261105), &insurers};
    struct population_household one = {0};
    struct population_household again = {0};

    (void)state;
    assert_int_equal(insurer_list_make(&scope, &insurers), STATUS_OK);
    assert_int_equal(population_make_household(&scope, &order, 40, 9000, &one), STATUS_OK);
    assert_int_equal(population_make_household(&scope, &order, 41, 9100, &again), STATUS_OK);
    assert_int_equal(population_make_household(&scope, &order, 40, 9000, &again), STATUS_OK);
    assert_true(text_equal(one.household.people[0].name, again.household.people[0].name));
    assert_int_equal(one.household.count, again.household.count);
    assert_int_equal(one.household.people[0].birth.yyyymmdd,
                     again.household.people[0].birth.yyyymmdd);
}

static void a_stop_ends_it(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct insurer_list insurers = {0};
    struct population_order order = {5, 1000, DATE(20261105), &insurers};
    struct tally tally = {.on = order.on, .last_id = POPULATION_FIRST_ID - 1};
    atomic_bool stop = true;

    (void)state;
    assert_int_equal(insurer_list_make(&scope, &insurers), STATUS_OK);
    assert_int_equal(population_make(&scope, &order, &stop, visit, &tally), STATUS_UNAVAILABLE);
    assert_int_equal(tally.people, 0);
}

static enum status refuse(struct scope *scope, void *context,
                          const struct population_household *household)
{
    (void)context;
    (void)household;
    return scope_fail(scope, CAUSE_STORE_UNAVAILABLE, "the disk is full");
}

static void a_failure_of_the_visit_is_passed_on(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct insurer_list insurers = {0};
    struct population_order order = {5, 1000, DATE(20261105), &insurers};

    (void)state;
    assert_int_equal(insurer_list_make(&scope, &insurers), STATUS_OK);
    assert_int_equal(population_make(&scope, &order, NULL, refuse, NULL), STATUS_UNAVAILABLE);
    assert_string_equal(scope.failure, "the disk is full");
}

/* --- like Japan --------------------------------------------------------------------------------
 */

/* Five-year bands, ten thousands, about 2024; the last is 95 and over. */
static const int pyramid[20] = {400, 475, 520, 545, 620, 650, 635, 690, 765, 890,
                                965, 835, 755, 725, 830, 800, 600, 400, 210, 75};

static void check_pyramid(const struct tally *tally)
{
    int64_t sum = 0;

    for (size_t i = 0; i < 20; i++)
        sum += pyramid[i];
    for (size_t i = 0; i < 20; i++) {
        int64_t expected = tally->people * pyramid[i] / sum;
        assert_in_range(tally->ages[i], expected * 80 / 100, expected * 120 / 100);
    }
}

static void check_insurers(const struct tally *tally)
{
    static const int laws[] = {0, 1, 2, 6, 7, 31, 32, 33, 34, 39, 63, 67, 72, 73, 74, 75};
    int64_t live = 0;

    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
        assert_true(tally->laws[laws[i]] > 0);
    /* the system knows no day labourers (E9) */
    assert_int_equal(tally->laws[3] + tally->laws[4], 0);
    for (size_t i = 0; i < 100; i++)
        live += tally->laws[i];
    assert_in_range(tally->laws[39] * 100 / tally->people, 15, 19);
    assert_in_range(tally->laws[1] * 100 / live, 25, 38);
    assert_in_range(tally->laws[6] * 100 / live, 17, 28);
    assert_in_range(tally->laws[0] * 100 / live, 18, 32);
}

static void check_codes(const struct tally *tally)
{
    static const int losses[] = {LOSS_NONE, LOSS_DEATH, LOSS_PUBLIC_ASSISTANCE,
                                 LOSS_OTHER_INSURANCE, LOSS_OTHER};

    for (int kind = KIND_GENERAL; kind <= KIND_SELF_DEFENCE; kind++)
        assert_true(tally->kinds[kind] > 0);
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        assert_true(tally->losses[losses[i]] > 0);
    for (int category = 1; category <= 6; category++)
        assert_true(tally->limits[0][category] > 0);
    for (int category = 1; category <= 10; category++)
        assert_true(tally->limits[1][category] > 0);
    for (int i = 1; i <= 3; i++) {
        assert_true(tally->limit_kinds[i] > 0);
        assert_true(tally->diseases[i] > 0);
        assert_true(tally->differences[i] > 0);
        assert_true(tally->sexes[i] > 0);
        assert_true(tally->shares[i] > 0);
        assert_true(tally->states[i] > 0);
    }
    assert_int_equal(tally->sexes[0], 0);
    assert_true(tally->elderly[2] > 0 && tally->elderly[3] > 0);
    assert_true(tally->long_stays > 0 && tally->second_sexes > 0 && tally->protection > 0);
    assert_true(tally->no_branch > 0 && tally->full_width_numbers > 0 && tally->overlaps > 0);
    assert_true(tally->aliases > 0 && tally->non_bmp > 0 && tally->selectors > 0);
}

static void check_cards(const struct tally *tally)
{
    assert_in_range(tally->holders * 1000 / tally->people, 735, 765);
    /* 81 % of the holders; who died or let the certificate lapse is out */
    assert_in_range(tally->registered * 1000 / tally->holders, 740, 815);
    assert_true(tally->deregistering > 0);
    for (int phase = PHASE_VALID; phase <= PHASE_SUPERSEDED; phase++)
        assert_true(tally->phases[phase] > 0 || phase == PHASE_NOT_YET);
}

static void e1_people_are_like_those_of_japan(void **state)
{
    struct tally tally = make(1, PEOPLE, 20261105);

    (void)state;
    check_pyramid(&tally);
    assert_in_range(tally.people * 100 / tally.households, 200, 224);
    assert_in_range(tally.live * 1000 / tally.people, 960, 990);
    check_insurers(&tally);
    check_codes(&tally);
    check_cards(&tally);
    assert_true(tally.phones > 0);
    assert_true(tally.papers[PAPER_OLD_CARD] > 0);
    assert_true(tally.papers[PAPER_ELIGIBILITY_CERTIFICATE] > 0);
    assert_true(tally.papers[PAPER_ELIGIBILITY_NOTICE] > 0);
}

static void e1_people_before_the_reform_have_cards_of_old(void **state)
{
    struct tally tally = make(1, 20000, 20241120);

    (void)state;
    check_pyramid(&tally);
    assert_int_equal(
        tally.papers[PAPER_ELIGIBILITY_NOTICE] + tally.papers[PAPER_ELIGIBILITY_CERTIFICATE], 0);
    assert_int_equal(tally.phones, 0);
    assert_int_equal(tally.phases[PHASE_GRACE], 0);
}

static void e1_insurers_have_good_numbers_and_names_of_their_own(void **state)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(LIMIT);
    struct insurer_list list = {0};

    (void)state;
    assert_int_equal(insurer_list_make(&scope, &list), STATUS_OK);
    assert_in_range(list.count, 3300, 3500);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(number_check(NUMBER_INSURER, text_of(list.items[i].number.digits)),
                         NUMBER_GOOD);
        check_text(list.items[i].name, NAME_MAX_CHARACTERS);
        for (size_t j = 0; j < i; j++)
            assert_false(insurer_number_equal(list.items[i].number, list.items[j].number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_people_and_date_give_the_same_world),
        cmocka_unit_test(a_household_does_not_depend_on_those_before_it),
        cmocka_unit_test(a_stop_ends_it),
        cmocka_unit_test(a_failure_of_the_visit_is_passed_on),
        cmocka_unit_test(e1_people_are_like_those_of_japan),
        cmocka_unit_test(e1_people_before_the_reform_have_cards_of_old),
        cmocka_unit_test(e1_insurers_have_good_numbers_and_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
