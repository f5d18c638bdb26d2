/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/certificate_life.h"

#include "domain/policy.h"
#include "domain/rule.h"

/* What each phase allows: one row a phase. Source: card-and-pki 2.6. */
static const struct {
    const char *name;
    enum cause cause;
    enum rule_id rule;
    bool check;
    bool medical;
} phases[] = {
    [PHASE_VALID] = {"valid", CAUSE_NONE, RULE_K1_VALID, true, true},
    [PHASE_ALERT] = {"alert", CAUSE_REMARK_CERTIFICATE_ALERT, RULE_K1_ALERT, true, true},
    [PHASE_GRACE] = {"grace", CAUSE_REMARK_CERTIFICATE_GRACE, RULE_K2_GRACE, true, false},
    [PHASE_LAPSED] = {"lapsed", CAUSE_CARD_CERTIFICATE_LAPSED, RULE_K3_LAPSED, false, false},
    [PHASE_REVOKED] = {"revoked", CAUSE_CARD_CERTIFICATE_REVOKED, RULE_K1_REVOKED, false, false},
    [PHASE_SUPERSEDED] = {"superseded", CAUSE_CARD_CERTIFICATE_SUPERSEDED, RULE_K1_SUPERSEDED,
                          false, false},
    [PHASE_NOT_YET] = {"not_yet", CAUSE_CARD_CERTIFICATE_NOT_YET, RULE_K1_NOT_YET, false, false},
};

/* The last day of grace; the day of expiry itself where there is none (phones). */
static struct date last_day_of_grace(const struct authentication_certificate *certificate)
{
    struct date last = certificate->expires;

    if (certificate->phone)
        return last;
    last = date_add_months(last, POLICY_GRACE_MONTHS);
    return POLICY_GRACE_TO_MONTH_END ? date_end_of_month(last) : last;
}

static enum certificate_phase phase_by_date(const struct authentication_certificate *certificate,
                                            struct date alert_from, struct date grace_ends,
                                            struct date on)
{
    if (date_before(on, certificate->not_before))
        return PHASE_NOT_YET;
    if (date_before(on, alert_from))
        return PHASE_VALID;
    if (!date_before(certificate->expires, on))
        return PHASE_ALERT;
    if (!date_before(on, POLICY_DATE(GRACE_BEGINS)) && !date_before(grace_ends, on))
        return PHASE_GRACE;
    return PHASE_LAPSED;
}

/* What the issuer told us goes before the calendar: a revoked certificate has no grace. */
static enum certificate_phase phase_on(const struct authentication_certificate *certificate,
                                       const struct certificate_life *life, struct date on)
{
    if (certificate->state == CERTIFICATE_REVOKED)
        return PHASE_REVOKED;
    if (certificate->state == CERTIFICATE_SUPERSEDED)
        return PHASE_SUPERSEDED;
    if (!date_ok(certificate->expires))
        return PHASE_LAPSED; /* without an end it was never valid */
    return phase_by_date(certificate, life->alert_from, life->grace_ends, on);
}

struct certificate_life certificate_life_on(const struct authentication_certificate *certificate,
                                            struct date on)
{
    struct certificate_life life = {0};

    if (date_ok(certificate->expires)) {
        life.alert_from =
            date_add_days(date_add_months(certificate->expires, -POLICY_ALERT_MONTHS), 1);
        life.grace_ends = last_day_of_grace(certificate);
    }
    life.phase = phase_on(certificate, &life, on);
    life.check = phases[life.phase].check;
    life.medical = phases[life.phase].medical;
    life.cause = phases[life.phase].cause;
    life.rule = rule_at(phases[life.phase].rule)->id;
    return life;
}

/* The n-th birthday after a day. */
static struct date birthday_after(struct date birth, struct date day, int n)
{
    return date_birthday(birth, date_age(birth, day) + n);
}

struct date card_expiry(struct date birth, struct date issued)
{
    bool young = date_before(issued, date_birthday(birth, POLICY_CARD_ADULT_AGE));

    return birthday_after(birth, issued, young ? POLICY_CARD_YEARS_YOUNG : POLICY_CARD_YEARS);
}

struct date certificate_expiry(struct date birth, struct date issued, bool renewal,
                               struct date card_expires)
{
    struct date last = birthday_after(
        birth, issued, renewal ? POLICY_CERTIFICATE_BIRTHDAY_RENEWED : POLICY_CERTIFICATE_BIRTHDAY);

    return date_before(card_expires, last) ? card_expires : last;
}

const char *certificate_phase_name(enum certificate_phase phase)
{
    return phases[phase].name;
}
