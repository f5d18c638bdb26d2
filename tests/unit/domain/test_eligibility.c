/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/eligibility.h"

#define TODAY 20261105
#define SOCIETY                                                                                    \
    {                                                                                              \
        "06139992"                                                                                 \
    }
#define ASSOCIATION                                                                                \
    {                                                                                              \
        "01139997"                                                                                 \
    }
#define COMMUNITY                                                                                  \
    {                                                                                              \
        "139998"                                                                                   \
    }

/* A person with up to four coverages, and a card; tests change what they need. */
struct cast {
    struct coverage coverages[4];
    struct person person;
    struct authentication_certificate card;
    struct insured_match match;
};

static struct coverage coverage_from(int64_t id, struct insurer_number insurer, int from, int until)
{
    return (struct coverage){
        .coverage_id = id,
        .insurer = insurer,
        .from = DATE(from),
        .until = DATE(until),
        .issued = DATE(from),
        .valid_from = DATE(from),
        .valid_until = DATE_NEVER,
        .kind = KIND_GENERAL,
        .loss_reason = until == DATE_NEVER.yyyymmdd ? LOSS_NONE : LOSS_OTHER,
        .paper = PAPER_ELIGIBILITY_CERTIFICATE,
    };
}

/* 41 years old, member of the society since 2020, registered card valid for years. */
static void begin(struct cast *cast)
{
    memset(cast, 0, sizeof *cast);
    cast->coverages[0] =
        coverage_from(11, (struct insurer_number)SOCIETY, 20200401, DATE_NEVER.yyyymmdd);
    cast->person = (struct person){
        .person_id = 1,
        .birth = DATE(19850203),
        .registered = DATE(20220101),
        .coverages = cast->coverages,
        .coverage_count = 1,
    };
    cast->card = (struct authentication_certificate){
        .issuer = 1,
        .serial = 7,
        .person_id = 1,
        .not_before = DATE(20240203),
        .expires = DATE(20290203),
        .state = CERTIFICATE_CURRENT,
    };
    cast->match = (struct insured_match){1, 11, "00"};
}

static void lose(struct coverage *coverage, int until, enum loss_reason reason)
{
    coverage->until = DATE(until);
    coverage->loss_reason = reason;
}

static struct eligibility by_numbers(struct cast *cast, int on)
{
    return eligibility_by_numbers(&cast->person, &cast->match, 1, DATE(on), CONSENT_LIMIT);
}

static struct eligibility by_card(struct cast *cast, int on)
{
    return eligibility_by_card(&cast->person, &cast->card, DATE(on), ~0U);
}

static void is(struct eligibility answer, enum validity validity, const char *rule)
{
    assert_int_equal(answer.validity, validity);
    assert_string_equal(answer.rule->id, rule);
    if (validity == VALIDITY_NONE || validity == VALIDITY_SEVERAL) {
        assert_null(answer.person);
        assert_null(answer.coverage);
    } else {
        assert_non_null(answer.person);
        assert_non_null(answer.coverage);
    }
    if (validity != VALIDITY_VALID) {
        assert_int_equal(answer.copayment_share, 0);
        assert_int_equal(answer.consents, 0);
        assert_false(answer.medical || answer.preschool);
        assert_null(answer.elderly);
        assert_null(answer.limit);
        assert_int_equal(answer.disease_count, 0);
    }
}

static void e1_valid_by_numbers_and_by_card(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    answer = by_numbers(&cast, TODAY);
    is(answer, VALIDITY_VALID, "E1.valid");
    assert_int_equal(answer.copayment_share, 30);
    assert_int_equal(answer.remark, CAUSE_NONE);
    assert_true(answer.show_address);
    assert_ptr_equal(answer.coverage, &cast.coverages[0]);
    answer = by_card(&cast, TODAY);
    is(answer, VALIDITY_VALID, "E1.valid");
    assert_true(answer.medical);
    assert_int_equal(answer.remark, CAUSE_NONE);
}

static void e1_the_first_day_counts_and_the_day_of_loss_does_not(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    is(by_numbers(&cast, 20200401), VALIDITY_VALID, "E1.valid");
    is(by_numbers(&cast, 20200331), VALIDITY_NONE, "E1.before_start");
    lose(&cast.coverages[0], 20261016, LOSS_OTHER);
    is(by_numbers(&cast, 20261015), VALIDITY_VALID, "E1.valid");
    is(by_numbers(&cast, 20261016), VALIDITY_INVALID, "E1.late_registration");
    is(by_numbers(&cast, 20261026), VALIDITY_INVALID, "E1.late_registration");
    is(by_numbers(&cast, 20261027), VALIDITY_INVALID, "E1.lost");
}

static void e1_a_loss_says_its_reason(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    lose(&cast.coverages[0], 20261101, LOSS_DEATH);
    is(by_numbers(&cast, TODAY), VALIDITY_INVALID, "E1.lost_death");
    is(by_card(&cast, TODAY), VALIDITY_INVALID, "E1.lost_death");
    cast.coverages[0].loss_reason = LOSS_PUBLIC_ASSISTANCE;
    is(by_numbers(&cast, TODAY), VALIDITY_INVALID, "E1.lost_public_assistance");
    cast.coverages[0].loss_reason = LOSS_OTHER_INSURANCE;
    is(by_numbers(&cast, 20261201), VALIDITY_INVALID, "E1.lost");
    assert_ptr_equal(by_numbers(&cast, 20261201).coverage, &cast.coverages[0]);
}

static void e1_a_newer_coverage_gives_three_with_the_old_data(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    lose(&cast.coverages[0], 20261001, LOSS_OTHER_INSURANCE);
    cast.coverages[1] =
        coverage_from(12, (struct insurer_number)ASSOCIATION, 20261001, DATE_NEVER.yyyymmdd);
    cast.person.coverage_count = 2;
    answer = by_numbers(&cast, TODAY);
    is(answer, VALIDITY_INVALID_NEWER, "E1.newer_coverage");
    assert_int_equal(answer.remark, CAUSE_REMARK_NEWER_COVERAGE);
    assert_ptr_equal(answer.coverage, &cast.coverages[0]);
    is(by_numbers(&cast, 20260930), VALIDITY_VALID, "E1.valid");
    answer = by_card(&cast, TODAY);
    is(answer, VALIDITY_VALID, "E1.valid");
    assert_ptr_equal(answer.coverage, &cast.coverages[1]);
    /* known already, but begins later */
    cast.coverages[1].from = DATE(20261201);
    is(by_numbers(&cast, TODAY), VALIDITY_INVALID_NEWER, "E1.newer_coverage");
    is(by_card(&cast, TODAY), VALIDITY_INVALID, "E1.lost");
    /* a newer one that was lost as well is nothing to go to */
    cast.coverages[1].from = DATE(20261001);
    lose(&cast.coverages[1], 20261020, LOSS_OTHER);
    is(by_numbers(&cast, TODAY), VALIDITY_INVALID, "E1.lost");
}

static void e1_one_number_with_two_memberships_answers_with_the_one_of_the_day(void **state)
{
    struct cast cast;
    struct insured_match matches[2] = {{1, 12, ""}, {1, 11, ""}};
    struct eligibility answer;

    (void)state;
    begin(&cast);
    lose(&cast.coverages[0], 20230401, LOSS_OTHER);
    cast.coverages[1] =
        coverage_from(12, (struct insurer_number)SOCIETY, 20250401, DATE_NEVER.yyyymmdd);
    cast.person.coverage_count = 2;
    answer = eligibility_by_numbers(&cast.person, matches, 2, DATE(20220101), 0);
    assert_ptr_equal(answer.coverage, &cast.coverages[0]);
    assert_int_equal(answer.validity, VALIDITY_VALID);
    answer = eligibility_by_numbers(&cast.person, matches, 2, DATE(TODAY), 0);
    assert_ptr_equal(answer.coverage, &cast.coverages[1]);
    answer = eligibility_by_numbers(&cast.person, matches, 2, DATE(20240101), 0);
    is(answer, VALIDITY_INVALID_NEWER, "E1.newer_coverage");
    assert_ptr_equal(answer.coverage, &cast.coverages[0]);
    is(eligibility_by_numbers(&cast.person, matches, 2, DATE(20190101), 0), VALIDITY_NONE,
       "E1.before_start");
    lose(&cast.coverages[1], 20260101, LOSS_OTHER);
    answer = eligibility_by_numbers(&cast.person, matches, 2, DATE(TODAY), 0);
    is(answer, VALIDITY_INVALID, "E1.lost");
    assert_ptr_equal(answer.coverage, &cast.coverages[1]);
}

static void e1_of_two_live_coverages_the_card_takes_the_one_issued_later(void **state)
{
    struct cast cast;
    struct insured_match second = {1, 12, ""};

    (void)state;
    begin(&cast);
    cast.coverages[1] =
        coverage_from(12, (struct insurer_number)COMMUNITY, 20190401, DATE_NEVER.yyyymmdd);
    cast.person.coverage_count = 2;
    cast.coverages[1].issued = DATE(20260401);
    assert_ptr_equal(by_card(&cast, TODAY).coverage, &cast.coverages[1]);
    is(by_numbers(&cast, TODAY), VALIDITY_VALID, "E1.valid");
    assert_ptr_equal(eligibility_by_numbers(&cast.person, &second, 1, DATE(TODAY), 0).coverage,
                     &cast.coverages[1]);
    cast.coverages[1].issued = cast.coverages[0].issued;
    assert_ptr_equal(by_card(&cast, TODAY).coverage, &cast.coverages[0]); /* the later from */
    cast.coverages[0].issued = DATE_NONE;
    assert_ptr_equal(by_card(&cast, TODAY).coverage, &cast.coverages[1]);
    cast.coverages[1].issued = DATE_NONE;
    cast.coverages[1].from = cast.coverages[0].from;
    assert_ptr_equal(by_card(&cast, TODAY).coverage, &cast.coverages[1]); /* the later entry */
}

static void e1_by_card_the_most_recently_lost_is_given_back(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    lose(&cast.coverages[0], 20261102, LOSS_OTHER_INSURANCE);
    cast.coverages[1] = coverage_from(12, (struct insurer_number)COMMUNITY, 20150401, 20200401);
    cast.person.coverage_count = 2;
    answer = by_card(&cast, TODAY);
    is(answer, VALIDITY_INVALID, "E1.late_registration");
    assert_ptr_equal(answer.coverage, &cast.coverages[0]);
    is(by_card(&cast, 20261113), VALIDITY_INVALID, "E1.lost");
    cast.person.coverage_count = 0;
    is(by_card(&cast, TODAY), VALIDITY_NONE, "E1.none");
    cast.person.coverage_count = 1;
    cast.coverages[0].from = DATE(20261106);
    cast.coverages[0].until = DATE_NEVER;
    is(by_card(&cast, TODAY), VALIDITY_NONE, "E1.before_start");
}

static void e1_no_match_is_no_information(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    is(eligibility_none((struct insurer_number)SOCIETY, DATE(TODAY)), VALIDITY_NONE, "E1.none");
    is(eligibility_none((struct insurer_number)COMMUNITY, DATE(TODAY)), VALIDITY_NONE, "E1.none");
    is(eligibility_none((struct insurer_number){""}, DATE_NONE), VALIDITY_NONE, "E1.none");
    cast.match.coverage_id = 99; /* a match that the person does not have */
    is(by_numbers(&cast, TODAY), VALIDITY_NONE, "E1.none");
    is(eligibility_by_numbers(&cast.person, NULL, 0, DATE(TODAY), 0), VALIDITY_NONE, "E1.none");
}

static void e1_branches_narrow_and_several_persons_are_told(void **state)
{
    struct insured_match twins[3] = {{1, 11, "01"}, {2, 21, "02"}, {2, 22, ""}};

    (void)state;
    assert_true(eligibility_several(twins, 3));
    assert_int_equal(eligibility_narrow(twins, 3, ""), 3);
    assert_int_equal(eligibility_narrow(twins, 3, "02"), 2);
    assert_int_equal(twins[0].coverage_id, 21);
    assert_int_equal(twins[1].coverage_id, 22);
    assert_false(eligibility_several(twins, 2));
    assert_int_equal(eligibility_narrow(twins, 3, "09"), 1); /* the one without branch */
    assert_int_equal(twins[0].coverage_id, 22);
    assert_false(eligibility_several(twins, 0));
    assert_int_equal(eligibility_narrow(NULL, 0, "01"), 0);
    is(eligibility_several_answer(), VALIDITY_SEVERAL, "E1.several");
    assert_int_equal(eligibility_several_answer().remark, CAUSE_REMARK_ASK_BRANCH);
}

static void e9_self_defence_members_are_known_from_the_reform_on(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    cast.coverages[0].insurer = (struct insurer_number){"07139991"};
    is(by_numbers(&cast, 20241202), VALIDITY_VALID, "E1.valid");
    is(by_numbers(&cast, 20241201), VALIDITY_NONE, "E9.before_sdf");
    is(by_card(&cast, 20241201), VALIDITY_NONE, "E9.before_sdf");
    is(by_card(&cast, 20241202), VALIDITY_VALID, "E1.valid");
    is(eligibility_none(cast.coverages[0].insurer, DATE(20241201)), VALIDITY_NONE, "E9.before_sdf");
    is(eligibility_none(cast.coverages[0].insurer, DATE(20241202)), VALIDITY_NONE, "E1.none");
}

static void e9_day_labourers_are_not_covered(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    is(eligibility_none((struct insurer_number){"03139995"}, DATE(TODAY)), VALIDITY_NONE,
       "E9.day_labourer");
    is(eligibility_none((struct insurer_number){"04139994"}, DATE(TODAY)), VALIDITY_NONE,
       "E9.day_labourer");
    cast.coverages[0].insurer = (struct insurer_number){"03139995"};
    is(by_numbers(&cast, TODAY), VALIDITY_NONE, "E9.day_labourer");
    is(by_card(&cast, TODAY), VALIDITY_NONE, "E9.day_labourer");
    /* nor is it the newer coverage of somebody else's loss */
    cast.coverages[1] = cast.coverages[0];
    cast.coverages[0] = coverage_from(11, (struct insurer_number)SOCIETY, 20200401, 20260101);
    cast.coverages[1].coverage_id = 12;
    cast.coverages[1].from = DATE(20261201);
    cast.person.coverage_count = 2;
    is(by_numbers(&cast, TODAY), VALIDITY_INVALID, "E1.lost");
}

static void e1_differences_with_the_register_stop_as_their_class_says(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    cast.person.register_difference = 1;
    is(by_numbers(&cast, TODAY), VALIDITY_NONE, "E1.register_stopped");
    is(by_card(&cast, TODAY), VALIDITY_NONE, "E1.register_stopped");
    for (int class = 2; class <= 3; class ++) {
        cast.person.register_difference = class;
        answer = by_card(&cast, TODAY);
        is(answer, VALIDITY_VALID, "E1.register_mismatch");
        assert_int_equal(answer.remark, CAUSE_REMARK_REGISTER_MISMATCH);
        assert_false(answer.medical);
        assert_int_equal(answer.consents, CONSENT_LIMIT | CONSENT_DISEASE);
        is(by_numbers(&cast, TODAY), VALIDITY_VALID, "E1.register_mismatch");
    }
}

static void e1_protection_hides_the_address_and_refusal_stops_the_card(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    cast.person.protection = PROTECTION_NON_DISCLOSURE;
    assert_false(by_numbers(&cast, TODAY).show_address);
    assert_false(by_card(&cast, TODAY).show_address);
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)), CAUSE_NONE);
    cast.person.protection = PROTECTION_SELF_REFUSAL;
    assert_false(by_numbers(&cast, TODAY).show_address);
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)),
                     CAUSE_CARD_USE_REFUSED);
    is(by_card(&cast, TODAY), VALIDITY_NONE, "R1.refused");
    cast.person.registered = DATE_NONE; /* registration is not offered to a person at risk */
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)),
                     CAUSE_CARD_USE_REFUSED);
    lose(&cast.coverages[0], 20261101, LOSS_OTHER);
    assert_false(by_numbers(&cast, TODAY).show_address);
}

static void r1_a_card_counts_from_its_registration(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    cast.person.registered = DATE(TODAY);
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)), CAUSE_NONE);
    cast.person.registered = DATE(TODAY + 1);
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)),
                     CAUSE_CARD_NOT_REGISTERED);
    cast.person.registered = DATE_NONE;
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)),
                     CAUSE_CARD_NOT_REGISTERED);
    is(by_card(&cast, TODAY), VALIDITY_NONE, "R1.not_registered");
    is(by_numbers(&cast, TODAY), VALIDITY_VALID, "E1.valid");
}

static void r1_the_use_of_a_card_names_its_rule(void **state)
{
    struct cast cast;
    struct card_use use;

    (void)state;
    begin(&cast);
    use = eligibility_card_use(&cast.person, &cast.card, DATE(TODAY));
    assert_int_equal(use.refusal, CAUSE_NONE);
    assert_string_equal(use.rule->id, "K1.valid");
    cast.person.registered = DATE_NONE;
    use = eligibility_card_use(&cast.person, &cast.card, DATE(TODAY));
    assert_string_equal(use.rule->id, "R1.not_registered");
    cast.person.protection = PROTECTION_SELF_REFUSAL;
    use = eligibility_card_use(&cast.person, &cast.card, DATE(TODAY));
    assert_string_equal(use.rule->id, "R1.refused");
    use = eligibility_card_use(&cast.person, &cast.card, DATE(20290601));
    assert_string_equal(use.rule->id, "K3.lapsed"); /* the certificate goes first */
}

static void r2_a_deregistered_card_counts_to_its_last_day(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    cast.person.deregisters = DATE(20261130);
    is(by_card(&cast, 20261130), VALIDITY_VALID, "E1.valid");
    is(by_card(&cast, 20261201), VALIDITY_NONE, "R2.deregistered");
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(20261201)),
                     CAUSE_CARD_NOT_REGISTERED);
    cast.person.registered = DATE(20261201); /* registered anew */
    is(by_card(&cast, 20261201), VALIDITY_VALID, "E1.valid");
}

static void k1_k2_k3_the_certificates_life_decides_the_card(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    answer = by_card(&cast, 20290110);
    is(answer, VALIDITY_VALID, "K1.alert");
    assert_int_equal(answer.remark, CAUSE_REMARK_CERTIFICATE_ALERT);
    assert_true(answer.medical);
    answer = by_card(&cast, 20290204);
    is(answer, VALIDITY_VALID, "K2.grace");
    assert_int_equal(answer.remark, CAUSE_REMARK_CERTIFICATE_GRACE);
    assert_false(answer.medical);
    assert_int_equal(answer.consents, CONSENT_LIMIT | CONSENT_DISEASE);
    is(by_card(&cast, 20290531), VALIDITY_VALID, "K2.grace");
    is(by_card(&cast, 20290601), VALIDITY_NONE, "K3.lapsed");
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(20290601)),
                     CAUSE_CARD_CERTIFICATE_LAPSED);
    is(by_card(&cast, 20240202), VALIDITY_NONE, "K1.not_yet");
    cast.card.state = CERTIFICATE_REVOKED;
    is(by_card(&cast, TODAY), VALIDITY_NONE, "K1.revoked");
    cast.card.state = CERTIFICATE_SUPERSEDED;
    is(by_card(&cast, TODAY), VALIDITY_NONE, "K1.superseded");
    assert_int_equal(eligibility_card_refusal(&cast.person, &cast.card, DATE(TODAY)),
                     CAUSE_CARD_CERTIFICATE_SUPERSEDED);
}

static void e5_an_old_card_ends_but_the_coverage_holds(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    cast.coverages[0].paper = PAPER_OLD_CARD;
    is(by_numbers(&cast, 20251201), VALIDITY_VALID, "E1.valid");
    answer = by_numbers(&cast, 20251202);
    is(answer, VALIDITY_VALID, "E5.old_card_lenient");
    assert_int_equal(answer.remark, CAUSE_REMARK_OLD_CARD_ENDED);
    is(by_numbers(&cast, 20260331), VALIDITY_VALID, "E5.old_card_lenient");
    answer = by_numbers(&cast, 20260401);
    is(answer, VALIDITY_VALID, "E5.old_card_ended");
    assert_int_equal(answer.remark, CAUSE_REMARK_OLD_CARD_ENDED);
    cast.coverages[0].valid_until = DATE(20250731);
    is(by_numbers(&cast, 20250731), VALIDITY_VALID, "E1.valid");
    is(by_numbers(&cast, 20250801), VALIDITY_VALID, "E5.old_card_lenient");
    is(by_card(&cast, TODAY), VALIDITY_VALID, "E1.valid"); /* the card needs no paper */
    cast.coverages[0].paper = PAPER_ELIGIBILITY_CERTIFICATE;
    is(by_numbers(&cast, TODAY), VALIDITY_VALID, "E1.valid");
}

static void e5_numbers_give_no_medical_information(void **state)
{
    struct cast cast;
    struct specified_disease disease = {11, 1, DATE_NONE, DATE(20250101), DATE_NEVER, 10000};
    struct eligibility answer;

    (void)state;
    begin(&cast);
    cast.person.diseases = &disease;
    cast.person.disease_count = 1;
    answer = eligibility_by_numbers(&cast.person, &cast.match, 1, DATE(TODAY), ~0U);
    is(answer, VALIDITY_VALID, "E1.valid");
    assert_false(answer.medical);
    assert_int_equal(answer.consents, CONSENT_LIMIT);
    assert_int_equal(answer.disease_count, 0);
}

static void e1_special_expense_is_remarked(void **state)
{
    struct cast cast;
    struct eligibility answer;

    (void)state;
    begin(&cast);
    cast.coverages[0].kind = KIND_SPECIAL_EXPENSE;
    answer = by_numbers(&cast, TODAY);
    is(answer, VALIDITY_VALID, "E1.special_expense");
    assert_int_equal(answer.copayment_share, 100);
    assert_int_equal(answer.remark, CAUSE_REMARK_SPECIAL_EXPENSE);
    cast.person.register_difference = 2;
    assert_int_equal(by_card(&cast, 20290110).remark, CAUSE_REMARK_SPECIAL_EXPENSE);
    assert_int_equal(by_card(&cast, 20290204).remark, CAUSE_REMARK_SPECIAL_EXPENSE);
    assert_false(by_card(&cast, 20290204).medical);
}

static void e1_void_kinds_are_passed_on(void **state)
{
    static const enum certificate_kind kinds[] = {KIND_RETIRED, KIND_SHORT_TERM,
                                                  KIND_SHORT_TERM_RETIRED, KIND_SPECIAL_RETIRED};
    struct cast cast;

    (void)state;
    begin(&cast);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        cast.coverages[0].kind = kinds[i];
        is(by_numbers(&cast, 20241201), VALIDITY_VALID, "E1.valid");
        is(by_numbers(&cast, 20241202), VALIDITY_VALID, "E1.void_kind");
        assert_int_equal(by_numbers(&cast, 20241202).coverage->kind, kinds[i]);
        assert_int_equal(by_numbers(&cast, 20241202).remark, CAUSE_NONE);
    }
}

static void e4_the_elderly_certificate_of_the_day_goes_with_the_answer(void **state)
{
    struct cast cast;
    struct elderly_certificate certificates[] = {
        {11, DATE_NONE, DATE(20250801), DATE(20260731), 30},
        {11, DATE_NONE, DATE(20260801), DATE(20270731), 20},
        {99, DATE_NONE, DATE(20260901), DATE(20270731), 10},
    };

    (void)state;
    begin(&cast);
    cast.person.birth = DATE(19540203);
    cast.person.elderly = certificates;
    cast.person.elderly_count = 3;
    assert_ptr_equal(by_numbers(&cast, TODAY).elderly, &certificates[1]);
    assert_int_equal(by_numbers(&cast, TODAY).copayment_share, 20);
    assert_ptr_equal(by_card(&cast, 20260731).elderly, &certificates[0]);
    assert_int_equal(by_card(&cast, 20260731).copayment_share, 30);
    assert_null(by_numbers(&cast, 20270801).elderly);
    assert_int_equal(by_numbers(&cast, 20270801).copayment_share, 20);
    cast.person.birth = DATE(19800203); /* not at that age */
    assert_null(by_numbers(&cast, TODAY).elderly);
    assert_int_equal(by_numbers(&cast, TODAY).copayment_share, 30);
}

static void e4_the_limit_certificate_needs_consent(void **state)
{
    struct cast cast;
    struct limit_certificate limits[] = {
        {11, 1, "A03", DATE_NONE, DATE(20260801), DATE(20270731), DATE_NONE},
        {11, 1, "A02", DATE_NONE, DATE(20250801), DATE(20260731), DATE_NONE},
        {12, 1, "A01", DATE_NONE, DATE(20260801), DATE(20270731), DATE_NONE},
    };

    (void)state;
    begin(&cast);
    cast.person.limits = limits;
    cast.person.limit_count = 3;
    assert_ptr_equal(by_numbers(&cast, TODAY).limit, &limits[0]);
    assert_ptr_equal(by_card(&cast, 20260731).limit, &limits[1]);
    assert_null(by_card(&cast, 20270801).limit);
    assert_null(eligibility_by_numbers(&cast.person, &cast.match, 1, DATE(TODAY), 0).limit);
    assert_null(eligibility_by_card(&cast.person, &cast.card, DATE(TODAY),
                                    CONSENT_DISEASE | CONSENT_MEDICAL)
                    .limit);
}

/* The insurer replaced a certificate before it ended: the one that is valid since later counts. */
static void e4_of_two_valid_certificates_the_later_counts(void **state)
{
    struct cast cast;
    struct limit_certificate limits[] = {
        {11, 1, "A03", DATE_NONE, DATE(20260801), DATE(20270731), DATE_NONE},
        {11, 2, "A05", DATE_NONE, DATE(20261001), DATE(20270731), DATE_NONE},
        {11, 1, "A02", DATE_NONE, DATE(20260901), DATE_NONE, DATE_NONE},
    };
    struct elderly_certificate elderly[] = {
        {11, DATE_NONE, DATE(20260801), DATE(20270731), 20},
        {11, DATE_NONE, DATE(20261101), DATE(20270731), 30},
        {11, DATE_NONE, DATE(20260901), DATE_NONE, 10},
    };

    (void)state;
    begin(&cast);
    cast.person.birth = DATE(19540203);
    cast.person.limits = limits;
    cast.person.limit_count = 3;
    cast.person.elderly = elderly;
    cast.person.elderly_count = 3;
    assert_ptr_equal(by_numbers(&cast, TODAY).limit, &limits[1]);
    assert_ptr_equal(by_numbers(&cast, 20260930).limit, &limits[2]);
    assert_ptr_equal(by_numbers(&cast, TODAY).elderly, &elderly[1]);
    assert_int_equal(by_numbers(&cast, TODAY).copayment_share, 30);
    assert_ptr_equal(by_numbers(&cast, 20261031).elderly, &elderly[2]);
    assert_ptr_equal(by_numbers(&cast, 20280101).limit, &limits[2]); /* no end: open */
}

static void e4_diseases_are_one_a_category(void **state)
{
    struct cast cast;
    struct specified_disease diseases[] = {
        {11, 3, DATE_NONE, DATE(20250101), DATE_NEVER, 10000},
        {11, 1, DATE_NONE, DATE(20240101), DATE_NEVER, 20000},
        {11, 1, DATE_NONE, DATE(20260101), DATE_NEVER, 10000},
        {11, 2, DATE_NONE, DATE(20240101), DATE(20241231), 10000},
        {12, 2, DATE_NONE, DATE(20240101), DATE_NEVER, 10000},
        {11, 9, DATE_NONE, DATE(20240101), DATE_NEVER, 10000},
    };
    struct eligibility answer;

    (void)state;
    begin(&cast);
    cast.person.diseases = diseases;
    cast.person.disease_count = 6;
    answer = by_card(&cast, TODAY);
    assert_int_equal(answer.disease_count, 2);
    assert_ptr_equal(answer.diseases[0], &diseases[2]);
    assert_ptr_equal(answer.diseases[1], &diseases[0]);
    answer = eligibility_by_card(&cast.person, &cast.card, DATE(TODAY), CONSENT_LIMIT);
    assert_int_equal(answer.disease_count, 0);
    assert_int_equal(answer.consents, CONSENT_LIMIT);
}

static void e1_preschool_children_are_flagged(void **state)
{
    struct cast cast;

    (void)state;
    begin(&cast);
    cast.person.birth = DATE(20220203);
    assert_true(by_numbers(&cast, TODAY).preschool);
    assert_int_equal(by_numbers(&cast, TODAY).copayment_share, 20);
    assert_false(by_numbers(&cast, 20280401).preschool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e1_valid_by_numbers_and_by_card),
        cmocka_unit_test(e1_the_first_day_counts_and_the_day_of_loss_does_not),
        cmocka_unit_test(e1_a_loss_says_its_reason),
        cmocka_unit_test(e1_a_newer_coverage_gives_three_with_the_old_data),
        cmocka_unit_test(e1_one_number_with_two_memberships_answers_with_the_one_of_the_day),
        cmocka_unit_test(e1_of_two_live_coverages_the_card_takes_the_one_issued_later),
        cmocka_unit_test(e1_by_card_the_most_recently_lost_is_given_back),
        cmocka_unit_test(e1_no_match_is_no_information),
        cmocka_unit_test(e1_branches_narrow_and_several_persons_are_told),
        cmocka_unit_test(e9_self_defence_members_are_known_from_the_reform_on),
        cmocka_unit_test(e9_day_labourers_are_not_covered),
        cmocka_unit_test(e1_differences_with_the_register_stop_as_their_class_says),
        cmocka_unit_test(e1_protection_hides_the_address_and_refusal_stops_the_card),
        cmocka_unit_test(r1_a_card_counts_from_its_registration),
        cmocka_unit_test(r1_the_use_of_a_card_names_its_rule),
        cmocka_unit_test(r2_a_deregistered_card_counts_to_its_last_day),
        cmocka_unit_test(k1_k2_k3_the_certificates_life_decides_the_card),
        cmocka_unit_test(e5_an_old_card_ends_but_the_coverage_holds),
        cmocka_unit_test(e5_numbers_give_no_medical_information),
        cmocka_unit_test(e1_special_expense_is_remarked),
        cmocka_unit_test(e1_void_kinds_are_passed_on),
        cmocka_unit_test(e4_the_elderly_certificate_of_the_day_goes_with_the_answer),
        cmocka_unit_test(e4_the_limit_certificate_needs_consent),
        cmocka_unit_test(e4_of_two_valid_certificates_the_later_counts),
        cmocka_unit_test(e4_diseases_are_one_a_category),
        cmocka_unit_test(e1_preschool_children_are_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
