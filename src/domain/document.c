/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/document.h"

#include <string.h>

#include "domain/certificate_life.h"
#include "domain/copayment.h"
#include "domain/coverage.h"
#include "domain/document_days.h"
#include "domain/insurer_policy.h"
#include "domain/policy.h"

#define INSURER_DIGITS_COMMUNITY 6
#define JULY 7 /* the papers of August are issued from it on */

static struct insurer_policy policy_of(const struct document_facts *facts)
{
    return facts->policy ? *facts->policy : insurer_policy_default(facts->insurance);
}

/* --- the means that are held ------------------------------------------------------------------ */

static bool happened(struct date date, struct date on)
{
    return date_is(date) && !date_before(on, date);
}

static struct date grace_ends(struct date expires)
{
    const struct authentication_certificate certificate = {.expires = expires,
                                                           .state = CERTIFICATE_CURRENT};

    return certificate_life_on(&certificate, expires).grace_ends;
}

static bool certificate_of_card_works(const struct document_facts *facts, struct date on)
{
    const struct authentication_certificate certificate = {.expires = facts->certificate_expires,
                                                           .state = CERTIFICATE_CURRENT};

    return !date_is(facts->certificate_expires) || certificate_life_on(&certificate, on).check;
}

bool document_card_works(const struct document_facts *facts, struct date on)
{
    bool deregistered = date_is(facts->deregister_requested) &&
                        date_before(document_deregistered_on(facts->deregister_requested), on);

    return facts->registered && !facts->protection && !deregistered &&
           !happened(facts->card_returned, on) && certificate_of_card_works(facts, on);
}

static bool old_card_works(const struct document_facts *facts, struct date on)
{
    return date_is(facts->old_card_ends) && !date_before(facts->old_card_ends, on) &&
           !date_before(POLICY_DATE(OLD_CARD_LAST_DAY), on);
}

static bool certificate_holds(const struct document_facts *facts, struct date on)
{
    return date_is(facts->certificate_until) && !date_before(facts->certificate_until, on) &&
           !date_before(on, facts->certificate_from);
}

bool document_means_held(const struct document_facts *facts, struct date on)
{
    return certificate_holds(facts, on) || old_card_works(facts, on) ||
           document_card_works(facts, on);
}

/* The 75th birthday, which is known long before; DATE_NONE where the birth is not. */
static struct date birthday_75(const struct document_facts *facts)
{
    return date_is(facts->birth) ? copayment_late_elderly_first(facts->birth) : DATE_NONE;
}

/* Some enter before it, at 65 or later (障害認定): they are in from their enrolment. */
static struct date first_as_late_elderly(const struct document_facts *facts)
{
    struct date birthday = birthday_75(facts);

    return date_is(facts->enrolled) && date_before(facts->enrolled, birthday) ? facts->enrolled
                                                                              : birthday;
}

/*
 * The next certificate lies ready, but what was to hold until its first day does not reach it: the
 * paper was lost, or the card is taken away, or lapses, in between.
 */
static bool gap_before_certificate(const struct document_facts *facts, struct date on)
{
    bool too_early =
        date_before(on, facts->enrolled) || (facts->insurance == INSURANCE_LATE_ELDERLY &&
                                             date_before(on, first_as_late_elderly(facts)));

    return !too_early && date_before(on, facts->certificate_from) &&
           !document_means_held(facts, date_add_days(facts->certificate_from, -1));
}

/* --- certificates: the triggers T1 to T6 ------------------------------------------------------ */

/* Why a certificate is needed, and between which days it is to be issued. */
struct need {
    const char *trigger;
    enum rule_id rule;
    struct date due, latest;
};

/* T5: the card is in other hands, or its holder is in danger. */
static bool by_protection(const struct document_facts *facts, struct date on, struct need *out)
{
    *out = (struct need){"T5", RULE_D1_T5_PROTECTION, on,
                         date_add_days(on, POLICY_CERTIFICATE_APPLICATION_DAYS)};
    return facts->protection;
}

/* The grace was over already: there is no registration left to end. */
static bool had_lapsed(const struct document_facts *facts, struct date on)
{
    return date_is(facts->certificate_expires) &&
           date_before(grace_ends(facts->certificate_expires), on);
}

/* T2, group B: the same day, and in hand before the registration ends. */
static bool by_deregistration(const struct document_facts *facts, struct date on, struct need *out)
{
    if (!happened(facts->deregister_requested, on) ||
        had_lapsed(facts, facts->deregister_requested))
        return false;
    *out = (struct need){"T2", RULE_D1_T2_DEREGISTERED, facts->deregister_requested,
                         document_deregistered_on(facts->deregister_requested)};
    return true;
}

/*
 * T3, group C: the card went back and works no more, so that the paper cannot wait for the list's
 * month: the insurer sees it in its daily enquiry (R2) and treats it as an application (D4).
 */
static bool by_return(const struct document_facts *facts, struct date on, struct need *out)
{
    if (!happened(facts->card_returned, on))
        return false;
    *out = (struct need){"T3", RULE_D1_T3_RETURNED, facts->card_returned,
                         date_add_days(facts->card_returned, POLICY_CERTIFICATE_APPLICATION_DAYS)};
    return true;
}

/* The list day of the month in which the insurer issues what follows an expiry (4.5). */
static struct date expiry_due(const struct document_facts *facts)
{
    struct date first = date_first_of_month(facts->certificate_expires);

    return document_list_day(date_add_months(first, policy_of(facts).expiry_months - 1));
}

/* T3, group C: expired and not renewed; in hand before the grace ends. */
static bool by_expiry(const struct document_facts *facts, struct date on, struct need *out)
{
    struct date expires = facts->certificate_expires;

    if (!facts->registered || !date_is(expires) || !date_before(expires, on))
        return false;
    *out = (struct need){"T3", RULE_D1_T3_EXPIRED, expiry_due(facts), grace_ends(expires)};
    return true;
}

/* T4: on application; a helper's need is one without a form. */
static bool by_application(const struct document_facts *facts, struct date on, struct need *out)
{
    struct date asked = happened(facts->applied, on) ? facts->applied : on;

    *out = (struct need){"T4", facts->helper ? RULE_D1_T4_HELPER : RULE_D1_T4_APPLIED, asked,
                         date_add_days(asked, POLICY_CERTIFICATE_APPLICATION_DAYS)};
    return facts->helper || happened(facts->applied, on);
}

/*
 * Before the reform everybody had a card; from then on papers go with the enrolment. Who enrolled
 * in the days before it and has no paper yet will not get a card any more.
 */
static bool is_new_member(const struct document_facts *facts)
{
    struct date reform = POLICY_DATE(REFORM_DAY);
    bool has_papers = date_is(facts->old_card_ends) || date_is(facts->certificate_until) ||
                      date_is(facts->notice_until) || facts->notice_held;

    if (!date_is(facts->enrolled))
        return false;
    return !date_before(facts->enrolled, reform) ||
           (!has_papers &&
            !date_before(document_registration_due(facts->insurance, facts->enrolled), reform));
}

/* T6: the form says that a certificate is needed, or lacks the individual number. */
static bool by_enrolment(const struct document_facts *facts, struct date on, struct need *out)
{
    if (!is_new_member(facts) || facts->registered || !facts->number_missing)
        return false;
    (void)on;
    *out = (struct need){"T6", RULE_D1_T6_ENROLLED, facts->enrolled,
                         document_registration_due(facts->insurance, facts->enrolled)};
    return true;
}

/* T1, group A: whoever was there before the reform had an old card, to its last day at most. */
static bool by_not_registered(const struct document_facts *facts, struct date on, struct need *out)
{
    struct date ends = POLICY_DATE(OLD_CARD_LAST_DAY);

    if (facts->registered)
        return false;
    *out = (struct need){.trigger = "T1", .rule = RULE_D1_T1_NOT_REGISTERED};
    if (is_new_member(facts)) { /* has nothing yet: the list's month would be too late (D4) */
        out->due = facts->enrolled;
        out->latest = document_registration_due(facts->insurance, facts->enrolled);
        return true;
    }
    if (facts->insurance == INSURANCE_COMMUNITY)
        ends = document_community_year_ends_before(on);
    if (date_is(facts->old_card_ends) && date_before(facts->old_card_ends, ends))
        ends = facts->old_card_ends;
    if (!date_is(facts->old_card_ends) && date_is(facts->certificate_until) &&
        date_before(facts->certificate_until, ends))
        ends = facts->certificate_until; /* it came in the place of an old card */
    out->due = document_lead(ends);
    out->latest = ends;
    return true;
}

/*
 * A reason on a day of its own may end the card sooner than the one that is told: the grace runs
 * out before the deregistration, or the card went back since. The paper is there by the first (D4).
 */
static void come_before_first_end(const struct document_facts *facts, struct date on,
                                  struct need *need)
{
    struct need other = {0};

    if (by_return(facts, on, &other) && date_before(other.latest, need->latest))
        need->latest = other.latest;
    if (by_expiry(facts, on, &other) && date_before(other.latest, need->latest))
        need->latest = other.latest;
    if (happened(facts->applied, on) && by_application(facts, on, &other) &&
        date_before(other.latest, need->latest))
        need->latest = other.latest;
    if (date_before(need->latest, need->due))
        need->due = need->latest;
}

/* In this order: the first that holds is the reason. */
static bool find_need(const struct document_facts *facts, struct date on, struct need *out)
{
    static bool (*const triggers[])(const struct document_facts *, struct date, struct need *) = {
        by_protection,  by_deregistration, by_return,        by_expiry,
        by_application, by_enrolment,      by_not_registered};

    for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++)
        if (triggers[i](facts, on, out)) {
            come_before_first_end(facts, on, out);
            return true;
        }
    return false;
}

/*
 * A new member whose card does not work has nothing: whatever the reason, the paper comes by the
 * day by which the enrolment is registered (D4).
 */
static void come_with_enrolment(const struct document_facts *facts, struct date on,
                                struct need *need)
{
    struct date registered = document_registration_due(facts->insurance, facts->enrolled);

    if (!is_new_member(facts) || document_card_works(facts, on))
        return;
    if (!date_before(registered, need->due) && date_before(registered, need->latest))
        need->latest = registered;
}

/* What is still in hand holds the next one back: it comes in the last month before the end. */
static bool hold_back(struct date in_hand, struct need *need)
{
    if (!date_is(in_hand) || date_before(in_hand, need->due))
        return false;
    if (date_before(need->due, document_lead(in_hand)))
        need->due = document_lead(in_hand);
    if (date_before(need->latest, in_hand))
        need->latest = in_hand;
    return true;
}

static enum document_state state_on(struct date due, struct date latest, struct date on)
{
    if (date_before(on, due))
        return DOCUMENT_HELD;
    return date_before(latest, on) ? DOCUMENT_OVERDUE : DOCUMENT_DUE;
}

static struct date old_card_end(const struct document_facts *facts)
{
    struct date last = POLICY_DATE(OLD_CARD_LAST_DAY);

    return date_is(facts->old_card_ends) && date_before(last, facts->old_card_ends)
               ? last
               : facts->old_card_ends;
}

/*
 * Until when a certificate holds. Where its year ends so soon after the day by which it is in hand
 * that the next one could not come in time, it holds for the next year too (D4).
 */
static struct date last_day(const struct document_facts *facts, struct date from, struct date on,
                            struct date latest)
{
    struct date in_hand = date_before(latest, on) ? on : latest;
    struct date needed = date_add_days(in_hand, POLICY_CERTIFICATE_APPLICATION_DAYS);
    int years = policy_of(facts).certificate_years;
    struct date until = document_certificate_ends(facts->insurance, years, facts->birth, from);

    if (gap_before_certificate(facts, on))
        return date_add_days(facts->certificate_from, -1);
    while (!date_before(needed, until)) {
        struct date next = date_add_days(until, 1);
        if (facts->insurance != INSURANCE_LATE_ELDERLY &&
            date_compare(next, birthday_75(facts)) == 0)
            return until; /* another insurer's from then on */
        until = document_certificate_ends(facts->insurance, years, facts->birth, next);
    }
    return until;
}

static struct document_due certificate_for(const struct document_facts *facts, struct need need,
                                           struct date on)
{
    bool gap = gap_before_certificate(facts, on);
    struct date from = need.due;

    come_with_enrolment(facts, on, &need);
    if (hold_back(old_card_end(facts), &need))
        from = date_add_days(old_card_end(facts), 1);
    if (!gap && hold_back(facts->certificate_until, &need))
        from = date_add_days(facts->certificate_until, 1);
    if (need.rule == RULE_D1_T1_NOT_REGISTERED && !is_new_member(facts))
        from = date_add_days(need.latest, 1);
    return (struct document_due){
        .kind = DOCUMENT_CERTIFICATE,
        .trigger = need.trigger,
        .rule = need.rule,
        .due = need.due,
        .latest = need.latest,
        .valid_from = from,
        .valid_until = last_day(facts, from, on, need.latest),
        .state = state_on(need.due, need.latest, on),
        .address_check = facts->protection,
        .special_expense = facts->special_expense,
    };
}

/* --- the late elderly ------------------------------------------------------------------------- */

/* The period whose paper is asked about: the one that holds on the day, or the next to come. */
static struct date late_elderly_period(const struct document_facts *facts, struct date on)
{
    struct date begins = document_year_begins(on);
    struct date old_card = old_card_end(facts);

    if (date_before(begins, first_as_late_elderly(facts)))
        begins = first_as_late_elderly(facts);
    if (date_is(facts->enrolled) && date_before(begins, facts->enrolled))
        begins = facts->enrolled;
    if (date_before(begins, POLICY_DATE(REFORM_DAY)) && !is_new_member(facts))
        begins = date_add_days(document_year_ends(POLICY_DATE(REFORM_DAY)), 1);
    if (date_is(old_card) && !date_before(old_card, begins))
        begins = date_add_days(old_card, 1);
    if (date_is(facts->certificate_until) && !date_before(facts->certificate_until, begins) &&
        !(gap_before_certificate(facts, on) && !date_before(on, begins)))
        begins = date_add_days(facts->certificate_until, 1);
    if (date_is(facts->notice_until) && !date_before(facts->notice_until, begins))
        begins = date_add_days(facts->notice_until, 1);
    return begins;
}

/* Moved in: the paper follows. */
static bool moves_in(const struct document_facts *facts, struct date from)
{
    return date_compare(from, facts->enrolled) == 0 &&
           date_compare(from, birthday_75(facts)) != 0;
}

struct date document_uses_until(const struct document_facts *facts, struct date on)
{
    struct date from = late_elderly_period(facts, on);
    struct date due = moves_in(facts, from) ? from : document_lead(date_add_days(from, -1));
    int before = JULY - policy_of(facts).uses_month;

    return date_end_of_month(date_add_months(date_first_of_month(due), -before));
}

/* The use of the card counts where it is a habit: so often in a year, and lately. */
static bool uses_card(const struct document_facts *facts, struct date on)
{
    struct insurer_policy policy = policy_of(facts);

    return document_card_works(facts, on) && facts->uses_12_months >= policy.uses_12_months &&
           facts->uses_3_months >= policy.uses_3_months;
}

/* Why somebody gets a certificate since not all do. */
static enum rule_id late_elderly_rule(const struct document_facts *facts, bool oldest,
                                      struct date on)
{
    if (oldest)
        return RULE_D1_T7_OLDEST;
    return policy_of(facts).gives_both && uses_card(facts, on) ? RULE_D1_BOTH : RULE_D1_T7_NO_USE;
}

/* The paper of a period that begins on a day. */
static struct document_due late_elderly(const struct document_facts *facts, struct date from,
                                        struct date on)
{
    bool all = !date_before(POLICY_DATE(LATE_ELDERLY_ALL_LAST_DAY), from);
    bool oldest = date_is(facts->birth) &&
                  date_age(facts->birth, document_year_begins(from)) >= POLICY_LATE_ELDERLY_ALL_AGE;
    bool both = policy_of(facts).gives_both;
    bool notice = !all && !oldest && !both && uses_card(facts, on);
    struct document_due due = {
        .kind = notice ? DOCUMENT_NOTICE : DOCUMENT_CERTIFICATE,
        .trigger = notice ? "N5" : "T7",
        .rule = RULE_D1_T7_LATE_ELDERLY,
        .due = document_lead(date_add_days(from, -1)),
        .latest = date_add_days(from, -1),
        .valid_from = from,
        .valid_until = document_year_ends(from),
        .address_check = facts->protection,
        .special_expense = facts->special_expense,
    };

    if (!all)
        due.rule = late_elderly_rule(facts, oldest, on);
    if (notice)
        due.rule = RULE_D2_LATE_ELDERLY_USER;
    if (moves_in(facts, from)) {
        due.due = from;
        due.latest = document_registration_due(facts->insurance, from);
    }
    if (!notice)
        due.valid_until = last_day(facts, from, on, due.latest);
    due.state = state_on(due.due, due.latest, on);
    return due;
}

/* --- notices ---------------------------------------------------------------------------------- */

static struct document_due notice_of(const char *trigger, enum rule_id rule, struct date due,
                                     struct date latest, struct date on)
{
    return (struct document_due){
        .kind = DOCUMENT_NOTICE,
        .trigger = trigger,
        .rule = rule,
        .due = due,
        .latest = latest,
        .valid_from = due,
        .valid_until = DATE_NEVER,
        .state = state_on(due, latest, on),
    };
}

/* 70 to 74 in community insurance: with the share, each July, or before the first month of 70. */
static struct document_due yearly_notice(const struct document_facts *facts, struct date on)
{
    struct date from = document_year_begins(on);
    struct date elderly = copayment_elderly_first(facts->birth);
    struct date old_card = old_card_end(facts); /* it tells the share as long as it holds */
    struct date last = {0};
    struct document_due due;

    if (!date_is(old_card))
        old_card = POLICY_DATE(COMMUNITY_OLD_CARD_LAST_DAY);
    if (date_before(from, elderly))
        from = elderly;
    if (!date_before(old_card, from))
        from = date_add_days(old_card, 1);
    if (date_is(facts->notice_until) && !date_before(facts->notice_until, from))
        from = date_add_days(facts->notice_until, 1);
    last = date_add_days(from, -1);
    due = notice_of("N3", RULE_D2_YEARLY_SHARE, document_lead(last), last, on);
    due.valid_from = from;
    due.valid_until = document_certificate_ends(INSURANCE_COMMUNITY, 0, facts->birth, from);
    return due;
}

static struct document_due notice_for(const struct document_facts *facts, struct date on)
{
    struct date ends = old_card_end(facts);

    if (is_new_member(facts))
        return notice_of("N4", RULE_D2_ENROLLED, facts->enrolled,
                         document_list_month_ends(facts->enrolled), on);
    if (facts->insurance != INSURANCE_COMMUNITY)
        return notice_of("N1", RULE_D2_EMPLOYEES_2024, POLICY_DATE(NOTICE_EMPLOYEES_FIRST_DAY),
                         POLICY_DATE(NOTICE_EMPLOYEES_LAST_DAY), on);
    if (date_is(facts->birth) && !date_before(on, copayment_elderly_first(facts->birth)))
        return yearly_notice(facts, on);
    if (!date_is(ends))
        ends = POLICY_DATE(COMMUNITY_OLD_CARD_LAST_DAY);
    return notice_of("N2", RULE_D2_OLD_CARD_ENDS, document_lead(ends), ends, on);
}

/* --- the decision ----------------------------------------------------------------------------- */

/* Who gets no paper whatever else holds; RULE_COUNT: nobody of these. */
static enum rule_id outside(enum insurance insurance, struct date on)
{
    if (insurance == INSURANCE_SDF && date_before(on, POLICY_DATE(SELF_DEFENCE_IN)))
        return RULE_E9_BEFORE_SDF;
    if (insurance == INSURANCE_DAY_LABOURER)
        return RULE_D1_NONE_DAY_LABOURER;
    return insurance == INSURANCE_ASSISTANCE ? RULE_D1_NONE_ASSISTANCE : RULE_COUNT;
}

/* A notice is the last that was given: without a card it is of no use. */
static bool relies_on_notice(const struct document_facts *facts, struct date on)
{
    return date_is(facts->notice_until) && !date_before(facts->notice_until, on) &&
           date_before(facts->certificate_until, facts->notice_until);
}

/* What was to hold until the next paper was lost. */
static bool lost_before(const struct document_facts *facts, struct date from, struct date on)
{
    return date_before(on, from) && happened(facts->applied, on) && !certificate_holds(facts, on) &&
           !old_card_works(facts, on);
}

/* T2 to T5; whoever has no registered card any more is one that does not use it. */
static bool find_late_elderly_need(const struct document_facts *facts, struct date on,
                                   struct need *out)
{
    if (!find_need(facts, on, out))
        return false;
    if (out->rule == RULE_D1_T1_NOT_REGISTERED)
        *out = (struct need){"T7", RULE_D1_T7_NO_USE, on,
                             date_add_days(on, POLICY_CERTIFICATE_APPLICATION_DAYS)};
    return true;
}

/* 75 and over: everybody, or else whoever does not use the card; a need of T2 to T5 comes first. */
static size_t of_late_elderly(const struct document_facts *facts, struct date on,
                              struct document_due *out)
{
    struct date from = late_elderly_period(facts, on);
    struct need need = {0};
    bool other = false;

    *out = late_elderly(facts, from, on);
    other =
        out->kind == DOCUMENT_NOTICE || relies_on_notice(facts, on) || lost_before(facts, from, on);
    if (other && find_late_elderly_need(facts, on, &need))
        *out = certificate_for(facts, need, on);
    return 1;
}

static size_t of_others(const struct document_facts *facts, struct date on,
                        struct document_due out[DOCUMENTS_MAX])
{
    struct need need = {0};
    bool both = policy_of(facts).gives_both;
    size_t count = 0;

    if (find_need(facts, on, &need)) {
        out[count++] = certificate_for(facts, need, on);
        if (!both || !facts->registered)
            return count;
    } else if (both) {
        need = (struct need){"T4", RULE_D1_BOTH, on,
                             date_add_days(on, POLICY_CERTIFICATE_APPLICATION_DAYS)};
        out[count++] = certificate_for(facts, need, on);
    }
    if (!facts->notice_held)
        out[count++] = notice_for(facts, on);
    return count;
}

size_t documents_due(const struct document_facts *facts, struct date on,
                     struct document_due out[DOCUMENTS_MAX], enum rule_id *rule)
{
    size_t count = 0;

    *rule = outside(facts->insurance, on);
    if (*rule != RULE_COUNT)
        return 0;
    count = facts->insurance == INSURANCE_LATE_ELDERLY ? of_late_elderly(facts, on, &out[0])
                                                       : of_others(facts, on, out);
    *rule = count ? out[0].rule : RULE_D2_NONE_HELD;
    return count;
}

/* Schemes without a law number have six digits: municipalities and societies of 国保. */
enum insurance insurance_of(struct insurer_number insurer, enum certificate_kind kind)
{
    if (kind == KIND_MEDICAL_ASSISTANCE)
        return INSURANCE_ASSISTANCE;
    if (strlen(insurer.digits) == INSURER_DIGITS_COMMUNITY)
        return INSURANCE_COMMUNITY;
    switch (insurer_number_law(insurer)) {
    case LAW_LATE_ELDERLY:
        return INSURANCE_LATE_ELDERLY;
    case LAW_SELF_DEFENCE:
        return INSURANCE_SDF;
    case LAW_DAY_LABOURER:
    case LAW_DAY_LABOURER_SPECIAL:
        return INSURANCE_DAY_LABOURER;
    default:
        return INSURANCE_EMPLOYEE;
    }
}

/* --- names ------------------------------------------------------------------------------------ */

const char *document_kind_name(enum document_kind kind)
{
    return kind == DOCUMENT_CERTIFICATE ? "eligibility_certificate" : "eligibility_notice";
}

const char *document_kind_ja(enum document_kind kind)
{
    return kind == DOCUMENT_CERTIFICATE ? "資格確認書" : "資格情報のお知らせ";
}

const char *document_state_name(enum document_state state)
{
    static const char *const names[] = {"held", "due", "overdue"};

    return names[state];
}

static const char *const insurances[INSURANCE_COUNT] = {
    [INSURANCE_EMPLOYEE] = "employee",         [INSURANCE_COMMUNITY] = "community",
    [INSURANCE_LATE_ELDERLY] = "late_elderly", [INSURANCE_SDF] = "sdf",
    [INSURANCE_DAY_LABOURER] = "day_labourer", [INSURANCE_ASSISTANCE] = "medical_assistance",
};

bool insurance_read(struct text name, enum insurance *out)
{
    for (int i = 0; i < INSURANCE_COUNT; i++)
        if (text_equal(name, text_of(insurances[i]))) {
            *out = (enum insurance)i;
            return true;
        }
    return false;
}

const char *insurance_name(enum insurance insurance)
{
    return insurances[insurance];
}
