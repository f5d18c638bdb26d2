/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/means.h"

#include "domain/policy.h"

/* --- what lies in the hands ------------------------------------------------------------------- */

struct hands {
    int certificates, notices, old_cards;
};

static struct hands hands_on(const struct resident *resident, struct date on)
{
    struct hands hands = {0};

    for (size_t i = 0; i < resident->paper_count; i++) {
        const struct held_paper *paper = &resident->papers[i];
        if (paper->enrolment != resident->enrolment.id || date_before(on, paper->in_hand) ||
            !date_within(on, paper->valid_from, paper->valid_until))
            continue;
        hands.certificates += paper->kind == PAPER_ELIGIBILITY_CERTIFICATE;
        hands.notices += paper->kind == PAPER_ELIGIBILITY_NOTICE;
        hands.old_cards +=
            paper->kind == PAPER_OLD_CARD && !date_before(POLICY_DATE(OLD_CARD_LAST_DAY), on);
    }
    return hands;
}

/* K1, K2: to the day of expiry, and since the reform to the end of the third month after it. */
static bool certificate_checks(struct date expires, struct date on)
{
    struct date grace =
        date_end_of_month(date_add_months(date_first_of_month(expires), POLICY_GRACE_MONTHS));

    return !date_before(expires, on) || date_within(on, POLICY_DATE(GRACE_BEGINS), grace);
}

/* The card works at a reader, and the reader finds a coverage. */
bool means_card_works(const struct resident *resident, struct date on)
{
    return resident->card && resident->registered && !date_is(resident->protected_since) &&
           !date_before(on, resident->enrolment.visible) &&
           certificate_checks(resident->expires, on);
}

/* Self-Defence Force members are in the system since the reform; the others stay outside. */
bool means_insured(const struct resident *resident, struct date on)
{
    if (!resident->alive || resident->enrolment.id == 0)
        return false;
    switch (resident->enrolment.insurance) {
    case INSURANCE_SDF:
        return !date_before(on, POLICY_DATE(SELF_DEFENCE_IN));
    case INSURANCE_DAY_LABOURER:
    case INSURANCE_ASSISTANCE:
        return false;
    case INSURANCE_EMPLOYEE:
    case INSURANCE_COMMUNITY:
    case INSURANCE_LATE_ELDERLY:
    case INSURANCE_COUNT:
        break;
    }
    return true;
}

/* --- why there is nothing --------------------------------------------------------------------- */

static enum means_reason reason_of_gone(enum gone gone)
{
    if (gone == GONE_PROTECTED)
        return REASON_PROTECTED;
    return gone == GONE_PAPER_LOST ? REASON_PAPER_LOST : REASON_CARD_GONE;
}

static enum means_reason reason_of_card(const struct resident *resident)
{
    if (resident->request_done)
        return REASON_DEREGISTERED;
    return resident->gone == GONE_NOT ? REASON_CERTIFICATE_LAPSED : reason_of_gone(resident->gone);
}

static enum means_reason reason_of(const struct resident *resident)
{
    switch (resident->last_means) {
    case MEANS_CARD:
        return reason_of_card(resident);
    case MEANS_OLD_CARD:
        return resident->gone == GONE_PAPER_LOST ? REASON_PAPER_LOST : REASON_OLD_CARD_ENDED;
    case MEANS_CERTIFICATE:
        return resident->gone == GONE_PAPER_LOST ? REASON_PAPER_LOST : REASON_PAPER_ENDED;
    case MEANS_NOT_INSURED:
    case MEANS_PENDING:
    case MEANS_WAITING:
    case MEANS_NONE:
    case MEANS_COUNT:
        break;
    }
    if (!date_is(resident->enrolment.allowed))
        return REASON_TURNED_75;
    return resident->enrolment.insurance == INSURANCE_COMMUNITY ? REASON_NEW_IN_COMMUNITY
                                                                : REASON_NEW_MEMBER;
}

/* The rules give some days: to notify and register an enrolment, and those of an application. */
static enum means without(const struct resident *resident, struct date on)
{
    struct date until = date_add_days(resident->gone_since, POLICY_CERTIFICATE_APPLICATION_DAYS);

    if (date_before(on, resident->enrolment.allowed))
        return MEANS_PENDING;
    return resident->gone != GONE_NOT && date_before(on, until) ? MEANS_WAITING : MEANS_NONE;
}

/* --- the count -------------------------------------------------------------------------------- */

struct means_today means_count(struct resident *resident, struct date on)
{
    struct means_today today = {0};
    struct hands hands = {0};

    if (!means_insured(resident, on))
        return today;
    hands = hands_on(resident, on);
    today.double_certificate = hands.certificates > 1;
    today.double_notice = hands.notices > 1;
    if (hands.certificates > 0)
        today.means = MEANS_CERTIFICATE;
    else if (hands.old_cards > 0)
        today.means = MEANS_OLD_CARD;
    else if (means_card_works(resident, on))
        today.means = MEANS_CARD;
    else
        today.means = without(resident, on);
    if (today.means <= MEANS_CERTIFICATE)
        resident->last_means = today.means;
    else
        today.reason = reason_of(resident);
    return today;
}

/* --- names ------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *ja, *en;
} reasons[REASON_COUNT] = {
    [REASON_NEW_MEMBER] = {"new_member", "新規加入", "new member"},
    [REASON_NEW_IN_COMMUNITY] = {"new_in_community", "新規加入(国保)",
                                 "new member of community insurance"},
    [REASON_TURNED_75] = {"turned_75", "75歳到達", "turned 75"},
    [REASON_CERTIFICATE_LAPSED] = {"certificate_lapsed", "電子証明書の失効", "certificate lapsed"},
    [REASON_DEREGISTERED] = {"deregistered", "利用登録解除", "deregistered"},
    [REASON_CARD_GONE] = {"card_gone", "カードの紛失・返納", "card lost or returned"},
    [REASON_PROTECTED] = {"protected", "自己情報提供不可", "protection flag"},
    [REASON_OLD_CARD_ENDED] = {"old_card_ended", "健康保険証の終了", "old card ended"},
    [REASON_PAPER_ENDED] = {"paper_ended", "資格確認書の終了", "eligibility certificate ended"},
    [REASON_PAPER_LOST] = {"paper_lost", "書面の紛失", "paper lost"},
};

const char *means_reason_name(enum means_reason reason)
{
    return reasons[reason].name;
}

const char *means_reason_ja(enum means_reason reason)
{
    return reasons[reason].ja;
}

const char *means_reason_en(enum means_reason reason)
{
    return reasons[reason].en;
}
