/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/eligibility.h"

#include <string.h>

#include "domain/coverage.h"
#include "domain/policy.h"
#include "domain/registration.h"

/* Differences with the resident register, insurers-and-documents 2.4. */
enum { DIFFERENCE_NONE = 0, DIFFERENCE_STOPS_ALL = 1 };

/* What the numbers lead to. */
struct asked {
    const struct coverage *holding; /* of the coverages named: the one that holds, or NULL */
    const struct coverage *lost;    /* else the one lost last, or NULL */
    enum rule_id rule;              /* why there is neither */
};

static struct eligibility answer(enum validity validity, const struct rule *rule)
{
    return (struct eligibility){.validity = validity, .rule = rule, .show_address = true};
}

size_t eligibility_narrow(struct insured_match *matches, size_t count, const char *branch)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct insured_match match = matches[i];
        if (branch[0] && match.branch[0] && strcmp(match.branch, branch) != 0)
            continue;
        matches[i] = matches[kept];
        matches[kept++] = match;
    }
    return kept;
}

bool eligibility_several(const struct insured_match *matches, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (matches[i].person_id != matches[0].person_id)
            return true;
    return false;
}

struct eligibility eligibility_none(struct insurer_number asked, struct date on)
{
    enum rule_id rule = RULE_E1_NONE;

    coverage_excluded(asked, on, &rule);
    return answer(VALIDITY_NONE, rule_at(rule));
}

struct eligibility eligibility_several_answer(void)
{
    struct eligibility several = answer(VALIDITY_SEVERAL, rule_at(RULE_E1_SEVERAL));

    several.remark = CAUSE_REMARK_ASK_BRANCH;
    return several;
}

/* DATE_NONE at either end: open on that side. */
static bool certificate_valid(struct date from, struct date last, struct date on)
{
    return !date_before(on, from) && (!date_is(last) || !date_before(last, on));
}

/* Of two valid certificates the one that is valid since later. */
static const struct elderly_certificate *
find_elderly(const struct person *person, const struct coverage *coverage, struct date on)
{
    const struct elderly_certificate *found = NULL;

    if (person->elderly_count == 0 || !copayment_elderly(person->birth, on))
        return NULL;
    for (size_t i = 0; i < person->elderly_count; i++) {
        const struct elderly_certificate *one = &person->elderly[i];
        if (one->coverage_id == coverage->coverage_id &&
            certificate_valid(one->valid_from, one->valid_until, on) &&
            (!found || !date_before(one->valid_from, found->valid_from)))
            found = one;
    }
    return found;
}

static const struct limit_certificate *find_limit(const struct person *person,
                                                  const struct coverage *coverage, struct date on)
{
    const struct limit_certificate *found = NULL;

    for (size_t i = 0; i < person->limit_count; i++) {
        const struct limit_certificate *one = &person->limits[i];
        if (one->coverage_id == coverage->coverage_id &&
            certificate_valid(one->valid_from, one->valid_until, on) &&
            (!found || !date_before(one->valid_from, found->valid_from)))
            found = one;
    }
    return found;
}

/* The valid entry of one category, or NULL. */
static const struct specified_disease *find_disease(const struct person *person,
                                                    const struct coverage *coverage, int category,
                                                    struct date on)
{
    const struct specified_disease *found = NULL;

    for (size_t i = 0; i < person->disease_count; i++) {
        const struct specified_disease *one = &person->diseases[i];
        if (one->category == category && one->coverage_id == coverage->coverage_id &&
            certificate_valid(one->valid_from, one->valid_until, on) &&
            (!found || !date_before(one->valid_from, found->valid_from)))
            found = one;
    }
    return found;
}

static void add_diseases(struct eligibility *eligibility, struct date on)
{
    for (int category = 1; category <= SPECIFIED_DISEASES_MAX; category++) {
        const struct specified_disease *one =
            find_disease(eligibility->person, eligibility->coverage, category, on);
        if (one)
            eligibility->diseases[eligibility->disease_count++] = one;
    }
}

static struct eligibility with_person(struct eligibility eligibility, const struct person *person,
                                      const struct coverage *coverage)
{
    eligibility.person = person;
    eligibility.coverage = coverage;
    eligibility.show_address = person->protection == 0;
    return eligibility;
}

/* E1, E4: everything that goes with a coverage that holds. consents: those allowed. */
static struct eligibility valid(const struct person *person, const struct coverage *coverage,
                                struct date on, unsigned consents)
{
    struct eligibility eligibility =
        with_person(answer(VALIDITY_VALID, rule_at(RULE_E1_VALID)), person, coverage);

    eligibility.consents = consents;
    eligibility.preschool = copayment_preschool(person->birth, on);
    eligibility.elderly = find_elderly(person, coverage, on);
    eligibility.copayment_share = copayment_share(person, coverage, eligibility.elderly, on);
    if (consents & CONSENT_LIMIT)
        eligibility.limit = find_limit(person, coverage, on);
    if (consents & CONSENT_DISEASE)
        add_diseases(&eligibility, on);
    return eligibility;
}

static bool kind_is_void(enum certificate_kind kind)
{
    return kind == KIND_RETIRED || kind == KIND_SHORT_TERM || kind == KIND_SHORT_TERM_RETIRED ||
           kind == KIND_SPECIAL_RETIRED;
}

static void remark(struct eligibility *eligibility, enum cause cause, enum rule_id rule)
{
    eligibility->remark = cause;
    eligibility->rule = rule_at(rule);
}

/* One remark an answer, and its rule: what changes the money first, then what limits the use. */
static void remark_common(struct eligibility *eligibility, struct date on)
{
    if (eligibility->coverage->kind == KIND_SPECIAL_EXPENSE)
        remark(eligibility, CAUSE_REMARK_SPECIAL_EXPENSE, RULE_E1_SPECIAL_EXPENSE);
    else if (eligibility->remark == CAUSE_NONE &&
             eligibility->person->register_difference != DIFFERENCE_NONE)
        remark(eligibility, CAUSE_REMARK_REGISTER_MISMATCH, RULE_E1_REGISTER_MISMATCH);
    else if (eligibility->remark == CAUSE_NONE && kind_is_void(eligibility->coverage->kind) &&
             !date_before(on, POLICY_DATE(REFORM_DAY)))
        eligibility->rule = rule_at(RULE_E1_VOID_KIND);
}

static bool old_card_ended(const struct coverage *coverage, struct date on)
{
    if (coverage->paper != PAPER_OLD_CARD)
        return false;
    return date_before(POLICY_DATE(OLD_CARD_LAST_DAY), on) ||
           (date_is(coverage->valid_until) && date_before(coverage->valid_until, on));
}

/* E5: what the desk must know of the paper the numbers were read from. */
static void remark_paper(struct eligibility *eligibility, struct date on)
{
    if (!old_card_ended(eligibility->coverage, on))
        return;
    remark(eligibility, CAUSE_REMARK_OLD_CARD_ENDED,
           date_before(POLICY_DATE(LENIENCY_LAST_DAY), on) ? RULE_E5_OLD_CARD_ENDED
                                                           : RULE_E5_OLD_CARD_LENIENT);
}

static bool recently_lost(const struct coverage *coverage, struct date on)
{
    return !date_before(
        date_add_days(coverage->until, POLICY_NOTIFICATION_DAYS + POLICY_REGISTRATION_DAYS), on);
}

static enum rule_id rule_of_loss(const struct coverage *lost, struct date on)
{
    if (lost->loss_reason == LOSS_DEATH)
        return RULE_E1_LOST_DEATH;
    if (lost->loss_reason == LOSS_PUBLIC_ASSISTANCE)
        return RULE_E1_LOST_PUBLIC_ASSISTANCE;
    return recently_lost(lost, on) ? RULE_E1_LATE_REGISTRATION : RULE_E1_LOST;
}

static struct eligibility lost_answer(const struct person *person, const struct coverage *lost,
                                      struct date on)
{
    return with_person(answer(VALIDITY_INVALID, rule_at(rule_of_loss(lost, on))), person, lost);
}

static bool is_matched(const struct insured_match *matches, size_t count, int64_t coverage_id)
{
    for (size_t i = 0; i < count; i++)
        if (matches[i].coverage_id == coverage_id)
            return true;
    return false;
}

static void weigh(struct asked *asked, const struct coverage *coverage, struct date on)
{
    if (coverage_excluded(coverage->insurer, on, &asked->rule))
        return;
    if (coverage_holds(coverage, on))
        asked->holding = coverage_later_issued(asked->holding, coverage);
    else if (coverage_lost(coverage, on))
        asked->lost = coverage_later_lost(asked->lost, coverage);
    else
        asked->rule = RULE_E1_BEFORE_START;
}

static struct asked find_asked(const struct person *person, const struct insured_match *matches,
                               size_t count, struct date on)
{
    struct asked asked = {.rule = RULE_E1_NONE};

    for (size_t i = 0; i < person->coverage_count; i++)
        if (is_matched(matches, count, person->coverages[i].coverage_id))
            weigh(&asked, &person->coverages[i], on);
    return asked;
}

/* Another coverage holds on the day, or begins later and is known already. */
static bool newer_known(const struct person *person, struct date on)
{
    for (size_t i = 0; i < person->coverage_count; i++)
        if (coverage_holds(&person->coverages[i], on) ||
            coverage_begins_later(&person->coverages[i], on))
            return true;
    return false;
}

static struct eligibility newer_answer(const struct person *person, const struct coverage *lost)
{
    struct eligibility newer =
        with_person(answer(VALIDITY_INVALID_NEWER, rule_at(RULE_E1_NEWER_COVERAGE)), person, lost);

    newer.remark = CAUSE_REMARK_NEWER_COVERAGE;
    return newer;
}

static struct eligibility valid_by_numbers(const struct person *person,
                                           const struct coverage *coverage, struct date on,
                                           unsigned consents)
{
    struct eligibility eligibility = valid(person, coverage, on, consents & CONSENT_LIMIT);

    remark_paper(&eligibility, on);
    remark_common(&eligibility, on);
    return eligibility;
}

bool eligibility_stopped(const struct person *person)
{
    return person->register_difference == DIFFERENCE_STOPS_ALL;
}

struct eligibility eligibility_by_numbers(const struct person *person,
                                          const struct insured_match *matches, size_t count,
                                          struct date on, unsigned consents)
{
    struct asked asked = find_asked(person, matches, count, on);

    if (eligibility_stopped(person))
        return answer(VALIDITY_NONE, rule_at(RULE_E1_REGISTER_STOPPED));
    if (asked.holding)
        return valid_by_numbers(person, asked.holding, on, consents);
    if (!asked.lost)
        return answer(VALIDITY_NONE, rule_at(asked.rule));
    if (newer_known(person, on))
        return newer_answer(person, asked.lost);
    return lost_answer(person, asked.lost, on);
}

/* The order of card-and-pki 2.6: the certificate first, then the person. */
struct card_use eligibility_card_use(const struct person *person,
                                     const struct authentication_certificate *certificate,
                                     struct date on)
{
    struct card_use use = {.life = certificate_life_on(certificate, on)};
    const struct registration_standing standing = registration_on(person, on);

    use.refusal = use.life.check ? standing.refusal : use.life.cause;
    use.rule = use.life.check && !standing.use ? standing.rule : rule_of(use.life.rule);
    return use;
}

enum cause eligibility_card_refusal(const struct person *person,
                                    const struct authentication_certificate *certificate,
                                    struct date on)
{
    return eligibility_card_use(person, certificate, on).refusal;
}

/* E1.before_start where a coverage is to come, E9 where one is left out, else E1.none. */
static enum rule_id rule_of_none(const struct person *person, struct date on)
{
    enum rule_id rule = RULE_E1_NONE;

    for (size_t i = 0; i < person->coverage_count; i++) {
        if (coverage_begins_later(&person->coverages[i], on))
            return RULE_E1_BEFORE_START;
        coverage_excluded(person->coverages[i].insurer, on, &rule);
    }
    return rule;
}

static struct eligibility valid_by_card(const struct person *person,
                                        const struct coverage *coverage,
                                        const struct certificate_life *life, struct date on,
                                        unsigned consents)
{
    bool medical = life->medical && person->register_difference == DIFFERENCE_NONE;
    unsigned allowed = CONSENT_LIMIT | CONSENT_DISEASE | (medical ? CONSENT_MEDICAL : 0U);
    struct eligibility eligibility = valid(person, coverage, on, consents & allowed);

    eligibility.medical = medical;
    if (life->phase == PHASE_GRACE)
        remark(&eligibility, life->cause, RULE_K2_GRACE);
    remark_common(&eligibility, on);
    if (life->phase == PHASE_ALERT && eligibility.remark == CAUSE_NONE)
        remark(&eligibility, life->cause, RULE_K1_ALERT);
    return eligibility;
}

/* E1: what holds of a person who was identified by a card. */
static struct eligibility of_holder(const struct person *person,
                                    const struct certificate_life *life, struct date on,
                                    unsigned consents)
{
    const struct coverage *coverage = coverage_on(person, on);

    if (eligibility_stopped(person))
        return answer(VALIDITY_NONE, rule_at(RULE_E1_REGISTER_STOPPED));
    if (coverage)
        return valid_by_card(person, coverage, life, on, consents);
    coverage = coverage_last_lost(person, on);
    if (coverage)
        return lost_answer(person, coverage, on);
    return answer(VALIDITY_NONE, rule_at(rule_of_none(person, on)));
}

struct eligibility eligibility_by_card(const struct person *person,
                                       const struct authentication_certificate *certificate,
                                       struct date on, unsigned consents)
{
    struct card_use use = eligibility_card_use(person, certificate, on);

    return use.refusal != CAUSE_NONE ? answer(VALIDITY_NONE, use.rule)
                                     : of_holder(person, &use.life, on, consents);
}

struct eligibility eligibility_by_consent(const struct person *person, struct date on,
                                          unsigned consents)
{
    const struct certificate_life life = {.phase = PHASE_VALID, .check = true, .medical = true};

    if (person->protection & PROTECTION_SELF_REFUSAL)
        return answer(VALIDITY_NONE, rule_at(RULE_R1_REFUSED));
    return of_holder(person, &life, on, consents);
}
