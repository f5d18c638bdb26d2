/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/registration.h"

#include "domain/policy.h"

static const struct {
    const char *name;
    bool use;
    enum cause refusal;
    enum rule_id rule;
} states[] = {
    [REGISTRATION_NONE] = {"not_registered", false, CAUSE_CARD_NOT_REGISTERED,
                           RULE_R1_NOT_REGISTERED},
    [REGISTRATION_HOLDS] = {"registered", true, CAUSE_NONE, RULE_R1_REGISTERED},
    [REGISTRATION_ENDING] = {"ending", true, CAUSE_NONE, RULE_R2_ENDING},
    [REGISTRATION_ENDED] = {"ended", false, CAUSE_CARD_NOT_REGISTERED, RULE_R2_DEREGISTERED},
    [REGISTRATION_BLOCKED] = {"blocked", false, CAUSE_CARD_USE_REFUSED, RULE_R1_REFUSED},
};

/* A last day counts where the person did not register anew after it. */
static bool has_last_day(const struct person *person)
{
    return date_is(person->deregisters) && !date_before(person->deregisters, person->registered);
}

static enum registration_state state_on(const struct person *person, struct date on)
{
    if (person->protection & PROTECTION_SELF_REFUSAL)
        return REGISTRATION_BLOCKED;
    if (!date_is(person->registered) || date_before(on, person->registered))
        return REGISTRATION_NONE;
    if (!has_last_day(person))
        return REGISTRATION_HOLDS;
    return date_before(person->deregisters, on) ? REGISTRATION_ENDED : REGISTRATION_ENDING;
}

struct registration_standing registration_on(const struct person *person, struct date on)
{
    enum registration_state state = state_on(person, on);

    return (struct registration_standing){
        .state = state,
        .use = states[state].use,
        .refusal = states[state].refusal,
        .rule = rule_at(states[state].rule),
    };
}

const char *registration_state_name(enum registration_state state)
{
    return states[state].name;
}

const char *registration_way_name(enum registration_way way)
{
    static const char *const names[] = {"before", "reader", "portal"};

    return names[way];
}

const char *registration_end_name(enum registration_end ended)
{
    static const char *const names[] = {"runs", "lapsed", "returned", "deregistered"};

    return names[ended];
}

const struct rule *registration_end_rule(enum registration_end ended)
{
    static const enum rule_id rules[] = {
        [REGISTRATION_RUNS] = RULE_R1_NOT_REGISTERED,
        [REGISTRATION_LAPSED] = RULE_R1_LAPSED,
        [REGISTRATION_RETURNED] = RULE_R1_RETURNED,
        [REGISTRATION_DEREGISTERED] = RULE_R2_DEREGISTERED,
    };

    return rule_at(rules[ended]);
}

static struct registration_decision refuse(enum cause cause, const struct rule *rule)
{
    return (struct registration_decision){.refusal = cause, .rule = rule};
}

/* What hinders a registration that is to be made. */
static struct registration_decision decide_new(const struct certificate_life *life,
                                               enum identity_mode mode, enum registration_way way)
{
    if (life->phase == PHASE_GRACE && !POLICY_REGISTRATION_IN_GRACE)
        return refuse(CAUSE_REGISTRATION_IN_GRACE, rule_at(RULE_R1_NOT_IN_GRACE));
    if (way == REGISTERED_AT_PORTAL && mode != IDENTITY_PIN)
        return refuse(CAUSE_REGISTRATION_NEEDS_PIN, rule_at(RULE_R1_PORTAL_PIN));
    return (struct registration_decision){.allowed = true, .rule = rule_at(RULE_R1_REGISTERED)};
}

struct registration_decision
registration_decide(const struct person *person,
                    const struct authentication_certificate *certificate, enum identity_mode mode,
                    enum registration_way way, struct date on)
{
    const struct certificate_life life = certificate_life_on(certificate, on);
    const struct registration_standing standing = registration_on(person, on);

    if (!life.check)
        return refuse(life.cause, rule_of(life.rule));
    if (standing.state == REGISTRATION_BLOCKED)
        return refuse(standing.refusal, standing.rule);
    if (standing.use)
        return (struct registration_decision){
            .allowed = true, .already = true, .rule = rule_at(RULE_R1_ONCE)};
    return decide_new(&life, mode, way);
}

/* The day to which the certificates lead that had begun by a day; the day itself where none did. */
static struct date reach_from(const struct authentication_certificate *certificates, size_t count,
                              struct date begun, struct date reach)
{
    for (size_t i = 0; i < count; i++) {
        struct date last = certificate_life_on(&certificates[i], begun).grace_ends;
        if (!date_before(begun, certificates[i].not_before) && date_before(reach, last))
            reach = last;
    }
    return reach;
}

struct date registration_lapse(const struct authentication_certificate *certificates, size_t count,
                               struct date since, struct date on)
{
    struct date reach = reach_from(certificates, count, since, DATE_NONE);

    if (!date_is(reach))
        return DATE_NONE; /* what was there that day is not known: nothing speaks against it */
    for (struct date before = DATE_NONE; date_before(before, reach) && date_before(reach, on);) {
        before = reach;
        reach = reach_from(certificates, count, reach, reach);
    }
    return date_before(reach, on) ? reach : DATE_NONE;
}
