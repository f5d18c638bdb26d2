/* SPDX-License-Identifier: Apache-2.0
 *
 * The documented answers of the cast, asked through the store and the rules, in worlds of several
 * days: before the reform, on it, and after each of the dates that the rules turn on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/insured_number.h"
#include "store/store.h"
#include "world/cast.h"
#include "world/loading.h"

#define LIMIT (32UL * 1024 * 1024)

/* A world of a date, the cast only, in memory. */
struct stage {
    struct scope scope;
    struct store *store;
    struct date t;
};

static void stage_begin(struct stage *stage, int32_t t)
{
    struct insurer_list insurers = {0};
    struct population_order population = {1, 0, DATE(t), &insurers};
    struct loading loading = {.population = &population};
    int64_t insurer_count = 0;
    int64_t institution_count = 0;

    stage->t = DATE(t);
    stage->scope = scope_begin_at(LIMIT, instant_noon(stage->t));
    assert_int_equal(store_open(&stage->scope, "sqlite::memory:", STORE_CREATE, &stage->store), 0);
    assert_int_equal(insurer_list_make(&stage->scope, &insurers), 0);
    assert_int_equal(loading_register(&stage->scope, stage->store, &insurers, 0, stage->t,
                                      &insurer_count, &institution_count),
                     0);
    loading.store = stage->store;
    if (loading_people(&stage->scope, &loading) != STATUS_OK)
        fail_msg("%s", stage->scope.failure);
}

static void stage_end(struct stage *stage)
{
    store_close(stage->store);
    scope_end(&stage->scope);
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* What came of a question; cause: of a refusal. */
struct outcome {
    struct eligibility eligibility;
    enum cause refusal;
    struct person person;
};

static void ask_by_numbers(struct stage *stage, const struct cast_scenario *scenario,
                           struct outcome *out)
{
    struct cast_inquiry inquiry = cast_inquiry(scenario, stage->t);
    struct insured_key key = {.birth = inquiry.birth};
    struct insured_match *matches = NULL;
    size_t count = 0;

    assert_int_equal(insurer_number_read(text_of(inquiry.insurer), &key.insurer), NUMBER_GOOD);
    assert_true(insured_text_normalise(text_of(inquiry.symbol), false, key.symbol));
    assert_true(insured_text_normalise(text_of(inquiry.number), true, key.number));
    assert_true(insured_branch_read(text_of(inquiry.branch), key.branch));
    assert_int_equal(store_list_matches(&stage->scope, stage->store, &key, &matches, &count), 0);
    count = eligibility_narrow(matches, count, key.branch);
    if (count == 0) {
        out->eligibility = eligibility_none(key.insurer, inquiry.on);
    } else if (eligibility_several(matches, count)) {
        out->eligibility = eligibility_several_answer();
    } else {
        assert_int_equal(
            store_find_person(&stage->scope, stage->store, matches[0].person_id, &out->person), 0);
        out->eligibility =
            eligibility_by_numbers(&out->person, matches, count, inquiry.on, scenario->consents);
    }
}

static bool card_refuses(const struct cast_person *person, const struct cast_scenario *scenario,
                         enum cause *cause)
{
    if (scenario->mode != IDENTITY_PIN || person->card == CARD_USUAL)
        return false;
    *cause = person->card == CARD_PINLESS ? CAUSE_CARD_PIN_NONE : CAUSE_CARD_PIN_LOCKED;
    return true;
}

static void ask_by_card(struct stage *stage, const struct cast_scenario *scenario,
                        struct outcome *out)
{
    const struct cast_person *row = cast_person(scenario->person);
    struct cast_inquiry inquiry = cast_inquiry(scenario, stage->t);
    struct card_holder holder = {0};

    if (card_refuses(row, scenario, &out->refusal))
        return;
    assert_int_equal(store_find_card_holder(&stage->scope, stage->store, 1,
                                            cast_serial(row, scenario->entry), &holder),
                     0);
    out->person = holder.person;
    out->refusal = eligibility_card_refusal(&out->person, &holder.certificate, inquiry.on);
    out->eligibility =
        eligibility_by_card(&out->person, &holder.certificate, inquiry.on, scenario->consents);
}

static struct outcome *ask(struct stage *stage, const struct cast_scenario *scenario)
{
    struct outcome *outcome = NULL;

    assert_int_equal(scope_alloc(&stage->scope, 1, sizeof *outcome, &outcome), 0);
    if (scenario->way == WAY_CARD)
        ask_by_card(stage, scenario, outcome);
    else
        ask_by_numbers(stage, scenario, outcome);
    return outcome;
}

static const struct cast_scenario *scenario_named(const char *name)
{
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    fail_msg("no scenario '%s'", name);
    return NULL;
}

/* --- every scenario, on every day --------------------------------------------------------------
 */

#define EXPECT(condition, scenario, stage)                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s on %d: %s", (scenario)->name, (int)(stage)->t.yyyymmdd, #condition);      \
    } while (0)

static void check_answer(struct stage *stage, const struct cast_scenario *scenario)
{
    const struct cast_answer *expected = cast_answer(scenario, stage->t);
    const struct outcome *outcome = ask(stage, scenario);
    const struct eligibility *answer = &outcome->eligibility;

    EXPECT(!expected->rule || strcmp(answer->rule->id, expected->rule) == 0, scenario, stage);
    if (expected->validity == 0) {
        EXPECT(outcome->refusal == expected->cause, scenario, stage);
        return;
    }
    EXPECT(outcome->refusal == CAUSE_NONE, scenario, stage);
    EXPECT(answer->validity == expected->validity, scenario, stage);
    EXPECT(answer->copayment_share == expected->share, scenario, stage);
    EXPECT(answer->remark == expected->cause, scenario, stage);
    EXPECT(scenario->way == WAY_NUMBERS || answer->validity != VALIDITY_VALID ||
               answer->medical == !expected->no_medical,
           scenario, stage);
    if (answer->coverage)
        EXPECT(answer->coverage->coverage_id ==
                   scenario->person * 100 + (int64_t)scenario->gives + 1,
               scenario, stage);
}

static void check_all(int32_t t)
{
    struct stage stage;
    size_t count = 0;
    const struct cast_scenario *scenarios = cast_scenarios(&count);

    stage_begin(&stage, t);
    for (size_t i = 0; i < count; i++)
        check_answer(&stage, &scenarios[i]);
    stage_end(&stage);
}

static void e1_e5_e9_k1_k3_documented_answers_today(void **state)
{
    (void)state;
    check_all(instant_date(instant_now()).yyyymmdd);
}

static void e1_e5_e9_k1_k3_documented_answers_before_the_reform(void **state)
{
    (void)state;
    check_all(20241120);
    check_all(20241201);
}

static void e1_e5_e9_k1_k2_k3_documented_answers_from_the_reform_on(void **state)
{
    static const int32_t days[] = {20241202, 20250731, 20250801, 20251201, 20251202, 20260331,
                                   20260401, 20260801, 20270228, 20280229, 20311130};

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        check_all(days[i]);
}

/* --- what single scenarios show ----------------------------------------------------------------
 */

static void e4_certificates_come_with_consent_only(void **state)
{
    struct stage stage;
    const struct outcome *outcome = NULL;

    (void)state;
    stage_begin(&stage, 20261105);
    outcome = ask(&stage, scenario_named("elderly-20"));
    assert_non_null(outcome->eligibility.elderly);
    assert_non_null(outcome->eligibility.limit);
    assert_string_equal(outcome->eligibility.limit->category, "B05");
    assert_int_equal(outcome->eligibility.limit->long_stay.yyyymmdd, 20260801);
    outcome = ask(&stage, scenario_named("elderly-20-no-consent"));
    assert_non_null(outcome->eligibility.elderly);
    assert_null(outcome->eligibility.limit);
    outcome = ask(&stage, scenario_named("specified-disease"));
    assert_int_equal(outcome->eligibility.disease_count, 2);
    assert_int_equal(outcome->eligibility.diseases[0]->category, 1);
    assert_int_equal(outcome->eligibility.diseases[1]->category, 3);
    assert_int_equal(outcome->eligibility.diseases[0]->monthly_limit, 10000);
    outcome = ask(&stage, scenario_named("late-elderly-20"));
    assert_string_equal(outcome->eligibility.limit->category, "B09");
    assert_null(outcome->eligibility.elderly);
    stage_end(&stage);
}

static void e1_preschool_is_told(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 20261105);
    assert_true(ask(&stage, scenario_named("preschool"))->eligibility.preschool);
    assert_false(ask(&stage, scenario_named("valid-family"))->eligibility.preschool);
    stage_end(&stage);
}

static void e1_protected_people_have_no_address_in_answers(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 20261105);
    assert_false(ask(&stage, scenario_named("protected"))->eligibility.show_address);
    assert_false(ask(&stage, scenario_named("protected-refusal"))->eligibility.show_address);
    assert_true(ask(&stage, scenario_named("valid-employee"))->eligibility.show_address);
    stage_end(&stage);
}

static void e1_hard_characters_survive_the_store(void **state)
{
    struct stage stage;
    const struct outcome *outcome = NULL;

    (void)state;
    stage_begin(&stage, 20261105);
    outcome = ask(&stage, scenario_named("hard-name"));
    assert_true(text_is(outcome->person.name, "髙﨑　𠮷次\U000E0100"));
    assert_true(text_is(outcome->person.other_name, "髙﨑　ジョー"));
    outcome = ask(&stage, scenario_named("sex-on-back"));
    assert_int_equal(outcome->person.sex1, SEX_NOT_SET);
    assert_int_equal(outcome->person.sex2, SEX_FEMALE);
    stage_end(&stage);
}

static void e3_institutions_have_good_codes_and_deadlines(void **state)
{
    struct stage stage;
    size_t count = 0;
    const struct cast_institution *rows = cast_institutions(&count);
    unsigned measures = 0;
    unsigned types = 0;

    (void)state;
    stage_begin(&stage, 20261105);
    for (size_t i = 0; i < count; i++) {
        struct institution_code code = {{0}};
        struct institution found = {0};
        assert_int_equal(institution_code_read(text_of(rows[i].code), &code), NUMBER_GOOD);
        assert_int_equal(store_find_institution(&stage.scope, stage.store, code, &found), 0);
        assert_int_equal(found.type, rows[i].type);
        assert_int_equal(found.measure, rows[i].measure);
        assert_int_equal(date_before(stage.t, found.measure_until), rows[i].measure > 0);
        measures |= 1U << found.measure;
        types |= 1U << found.type;
    }
    assert_int_equal(measures, 1U | 4U | 8U | 16U | 32U | 64U);
    assert_int_equal(types, 0x3FE);
    stage_end(&stage);
}

static void e1_insurers_of_the_cast_have_good_numbers(void **state)
{
    size_t count = 0;
    const struct cast_insurer *rows = cast_insurers(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(number_check(NUMBER_INSURER, text_of(rows[i].number)), NUMBER_GOOD);
}

static void ages_hold_on_every_day_of_a_year(void **state)
{
    size_t count = 0;
    const struct cast_person *people = cast_people(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (int day = 0; day < 366; day++) {
            struct date t = date_add_days(DATE(20270801), day);
            struct date birth = cast_birth(&people[i], t);
            assert_true(date_ok(birth));
            assert_int_equal(date_age(birth, t), people[i].age);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_e5_e9_k1_k3_documented_answers_today),
        cmocka_unit_test(e1_e5_e9_k1_k3_documented_answers_before_the_reform),
        cmocka_unit_test(e1_e5_e9_k1_k2_k3_documented_answers_from_the_reform_on),
        cmocka_unit_test(e4_certificates_come_with_consent_only),
        cmocka_unit_test(e1_preschool_is_told),
        cmocka_unit_test(e1_protected_people_have_no_address_in_answers),
        cmocka_unit_test(e1_hard_characters_survive_the_store),
        cmocka_unit_test(e3_institutions_have_good_codes_and_deadlines),
        cmocka_unit_test(e1_insurers_of_the_cast_have_good_numbers),
        cmocka_unit_test(ages_hold_on_every_day_of_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
