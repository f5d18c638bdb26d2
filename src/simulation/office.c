/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/office.h"

#include <string.h>

#include "domain/copayment.h"
#include "domain/document_days.h"
#include "domain/insurer_policy.h"
#include "domain/policy.h"
#include "domain/registration_clock.h"

#define ENDOW_ROUNDS 4 /* papers that follow one another before the first day, at most */
#define NUMBER_MISSING_RATE                                                                        \
    100000 /* of a million enrolments: without the individual number (T6)                          \
            */

/* --- pace ------------------------------------------------------------------------------------- */

static struct draw insurer_draw(const struct society *society, const struct world_insurer *insurer)
{
    return draw_begin(society->seed, DRAW_OFFICES, (uint64_t)(insurer - society->insurers.items));
}

enum pace office_pace(const struct society *society, const struct world_insurer *insurer)
{
    static const int weights[] = {30, 40, 30};
    struct draw draw = insurer_draw(society, insurer);

    return (enum pace)draw_weighted(&draw, weights, sizeof weights / sizeof *weights);
}

/* Days that an office takes of those it has. */
static int draw_days(struct draw *draw, enum pace pace, int most)
{
    if (pace == PACE_LAST_DAY)
        return most;
    return draw_between(draw, 0, pace == PACE_PROMPT ? most / 3 : most);
}

/* Community insurers' cards mostly end in July 2025; some run on to autumn. */
struct date office_old_card_ends(const struct society *society, const struct enrolment *enrolment)
{
    static const int weights[] = {85, 10, 5};
    const struct date community[] = {POLICY_DATE(COMMUNITY_OLD_CARD_LAST_DAY), DATE(20250930),
                                     DATE(20251130)};
    struct draw draw = insurer_draw(society, enrolment->insurer);

    if (enrolment->insurance == INSURANCE_LATE_ELDERLY)
        return POLICY_DATE(COMMUNITY_OLD_CARD_LAST_DAY);
    (void)draw_bits(&draw); /* the pace's */
    return enrolment->insurance == INSURANCE_COMMUNITY
               ? community[draw_weighted(&draw, weights, sizeof weights / sizeof *weights)]
               : POLICY_DATE(OLD_CARD_LAST_DAY);
}

/* --- what an office knows --------------------------------------------------------------------- */

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

/* What the office has issued and not heard to be lost. */
static void add_paper(struct document_facts *facts, const struct held_paper *paper, struct date on)
{
    if (paper->kind == PAPER_OLD_CARD)
        facts->old_card_ends = later(facts->old_card_ends, paper->valid_until);
    if (paper->kind == PAPER_ELIGIBILITY_NOTICE &&
        date_compare(paper->valid_until, DATE_NEVER) == 0)
        facts->notice_held = true;
    else if (paper->kind == PAPER_ELIGIBILITY_NOTICE)
        facts->notice_until = later(facts->notice_until, paper->valid_until);
    if (paper->kind != PAPER_ELIGIBILITY_CERTIFICATE || date_before(paper->valid_until, on))
        return;
    if (!date_is(facts->certificate_until) ||
        date_before(paper->valid_from, facts->certificate_from))
        facts->certificate_from = paper->valid_from;
    facts->certificate_until = later(facts->certificate_until, paper->valid_until);
}

/* Registration and expiry come from the daily enquiry (R2), the rest from the office's files. */
static struct document_facts facts_of(const struct society *society,
                                      const struct resident *resident,
                                      const struct enrolment *enrolment)
{
    struct document_facts facts = {
        .birth = resident->birth,
        .insurance = enrolment->insurance,
        .enrolled = enrolment->enrolled,
        .registered = resident->registered && resident->card,
        .certificate_expires = resident->expires,
        .deregister_requested = resident->requested,
        .card_returned = resident->returned,
        .applied = resident->applied,
        .helper = resident->helper,
        .protection = date_is(resident->protected_since),
        .number_missing = resident->number_missing,
        .policy = society->policies ? &society->policies[enrolment->insurance] : NULL,
        .uses_12_months = resident->uses_card ? 12 : 0,
        .uses_3_months = resident->uses_card ? 3 : 0,
    };

    for (size_t i = 0; i < resident->paper_count; i++)
        if (resident->papers[i].enrolment == enrolment->id)
            add_paper(&facts, &resident->papers[i], society->today);
    if (!date_before(society->today, facts.certificate_from))
        facts.certificate_from = DATE_NONE;
    return facts;
}

/* --without: this rule's answers are not carried out. */
static bool left_out(const struct society *society, const struct document_due *due)
{
    return society->without && (strcmp(society->without, due->trigger) == 0 ||
                                strcmp(society->without, rule_at(due->rule)->id) == 0);
}

static size_t find_due(const struct society *society, const struct resident *resident,
                       const struct enrolment *enrolment, struct document_due out[DOCUMENTS_MAX])
{
    const struct document_facts facts = facts_of(society, resident, enrolment);
    struct document_due found[DOCUMENTS_MAX];
    enum rule_id rule = RULE_COUNT;
    size_t count = documents_due(&facts, society->today, found, &rule);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (!left_out(society, &found[i]))
            out[kept++] = found[i];
    return kept;
}

/* --- papers ----------------------------------------------------------------------------------- */

static bool still_counts(const struct resident *resident, const struct held_paper *paper,
                         struct date on)
{
    return (paper->enrolment == resident->enrolment.id ||
            paper->enrolment == resident->coming.id) &&
           !date_before(paper->valid_until, on);
}

static void put_away(struct resident *resident, struct date on)
{
    size_t kept = 0;

    for (size_t i = 0; i < resident->paper_count; i++)
        if (still_counts(resident, &resident->papers[i], on))
            resident->papers[kept++] = resident->papers[i];
    resident->paper_count = kept;
}

static enum status give(struct society *society, struct resident *resident,
                        const struct held_paper *paper)
{
    put_away(resident, society->today);
    if (resident->paper_count == RESIDENT_PAPERS_MAX)
        return scope_fail(society->scope, CAUSE_SIMULATION_TOO_MANY, "D1: more than %d papers",
                          RESIDENT_PAPERS_MAX);
    resident->papers[resident->paper_count++] = *paper;
    return STATUS_OK;
}

static enum status give_old_card(struct society *society, struct resident *resident,
                                 const struct enrolment *enrolment, struct date in_hand)
{
    const struct held_paper paper = {
        .kind = PAPER_OLD_CARD,
        .rule = RULE_COUNT,
        .enrolment = enrolment->id,
        .in_hand = in_hand,
        .valid_from = enrolment->enrolled,
        .valid_until = office_old_card_ends(society, enrolment),
    };

    society->month->papers[TALLY_OLD_CARD]++;
    return give(society, resident, &paper);
}

static enum status give_due(struct society *society, struct resident *resident,
                            const struct enrolment *enrolment, const struct document_due *due,
                            struct date in_hand)
{
    const struct held_paper paper = {
        .kind = due->kind == DOCUMENT_CERTIFICATE ? PAPER_ELIGIBILITY_CERTIFICATE
                                                  : PAPER_ELIGIBILITY_NOTICE,
        .rule = due->rule,
        .enrolment = enrolment->id,
        .in_hand = in_hand,
        .valid_from = due->valid_from,
        .valid_until = due->valid_until,
    };

    society->month->papers[tally_paper_of(due->trigger)]++;
    if (enrolment == &resident->enrolment)
        TRY(registry_issue(society->registry, society->today, resident, due));
    return give(society, resident, &paper);
}

/* --- planning --------------------------------------------------------------------------------- */

/* When to issue so that it is in hand on the last day at the latest, as the office's pace is. */
static struct planned plan_issue(const struct society *society, struct resident *resident,
                                 const struct enrolment *enrolment, struct date latest)
{
    enum pace pace = office_pace(society, enrolment->insurer);
    int delivery = draw_between(&resident->draw, 1, pace == PACE_PROMPT ? 3 : 4);
    int room = date_to_days(latest) - date_to_days(society->today) - delivery;

    if (room < 0)
        room = 0;
    return (struct planned){
        .issue = date_add_days(society->today, draw_days(&resident->draw, pace, room)),
        .delivery = delivery,
    };
}

static enum status plan(struct society *society, struct resident *resident,
                        const struct enrolment *enrolment, const struct document_due *due)
{
    bool coming = enrolment == &resident->coming;
    bool notice = due->kind == DOCUMENT_NOTICE && !coming;
    struct planned *planned = coming ? &resident->coming_paper : NULL;
    struct planned next = {0};
    enum happening what = HAPPENING_OFFICE_ISSUES_COMING;

    if (!coming) {
        planned = notice ? &resident->notice : &resident->certificate;
        what = notice ? HAPPENING_OFFICE_ISSUES_NOTICE : HAPPENING_OFFICE_ISSUES_CERTIFICATE;
    }
    /* what is under way stays, unless it would come too late for what happened since */
    if (date_is(planned->issue) &&
        !date_before(due->latest, date_add_days(planned->issue, planned->delivery)))
        return STATUS_OK;
    next = plan_issue(society, resident, enrolment, due->latest);
    if (date_is(planned->issue) && !date_before(next.issue, planned->issue))
        return STATUS_OK;
    *planned = next;
    return society_note(society, resident, next.issue, what);
}

static enum status look_at(struct society *society, struct resident *resident,
                           const struct enrolment *enrolment)
{
    struct document_due due[DOCUMENTS_MAX];
    size_t count = find_due(society, resident, enrolment, due);

    for (size_t i = 0; i < count; i++) {
        if (due[i].state != DOCUMENT_HELD) {
            TRY(plan(society, resident, enrolment, &due[i]));
        } else if (date_compare(resident->look, due[i].due) != 0) {
            resident->look = due[i].due;
            TRY(society_note(society, resident, due[i].due, HAPPENING_OFFICE_LOOKS));
        }
    }
    return STATUS_OK;
}

static bool office_serves(const struct resident *resident, const struct enrolment *enrolment,
                          struct date on)
{
    return resident->alive && enrolment->id != 0 && !date_before(on, enrolment->notified);
}

enum status office_look(struct society *society, struct resident *resident)
{
    if (office_serves(resident, &resident->enrolment, society->today))
        TRY(look_at(society, resident, &resident->enrolment));
    return resident->alive && resident->coming.id != 0
               ? look_at(society, resident, &resident->coming)
               : STATUS_OK;
}

enum status office_work_off_list(struct society *society)
{
    for (size_t i = 0; i < society->count; i++)
        TRY(office_look(society, &society->residents[i]));
    return STATUS_OK;
}

/* --- enrolments ------------------------------------------------------------------------------- */

/* A family that changes together stands in one form. */
static void share_notification(struct enrolment *enrolment, const struct enrolment *earner)
{
    if (enrolment->insurer != earner->insurer ||
        date_compare(enrolment->enrolled, earner->enrolled) != 0)
        return;
    enrolment->notified = earner->notified;
    enrolment->visible = earner->visible;
}

/* Days that the household, or the employer, has; the late elderly's move is told by the city. */
static int notice_days(const struct world_insurer *insurer)
{
    int days = clock_notice_days(insurer->number);

    return days < 0 ? POLICY_NOTIFICATION_DAYS : days;
}

enum status office_enrol(struct society *society, struct resident *resident,
                         const struct world_insurer *insurer, uint32_t earner, struct date enrolled)
{
    enum pace pace = office_pace(society, insurer);
    int told = draw_days(&resident->draw, pace, notice_days(insurer));
    int registered = draw_days(&resident->draw, pace, POLICY_REGISTRATION_DAYS);

    resident->enrolment = (struct enrolment){
        .id = ++resident->enrolments,
        .insurance = society_insurance(insurer),
        .insurer = insurer,
        .enrolled = enrolled,
        .notified = date_add_days(enrolled, told),
        .visible = date_add_days(enrolled, told + registered),
        .allowed = document_registration_due(society_insurance(insurer), enrolled),
    };
    TRY(registry_number_enrolment(society->registry, resident->person_id, &resident->enrolment));
    resident->earner = earner;
    resident->last_means = MEANS_NOT_INSURED;
    resident->certificate = resident->notice = (struct planned){0};
    resident->look = DATE_NONE;
    resident->applied = DATE_NONE;
    resident->number_missing = draw_chance(&resident->draw, NUMBER_MISSING_RATE);
    if (earner != NOBODY)
        share_notification(&resident->enrolment, &society->residents[earner].enrolment);
    put_away(resident, society->today);
    return society_note(society, resident, resident->enrolment.notified, HAPPENING_OFFICE_NOTIFIED);
}

/* The last insurance cards were issued on the day before the reform. */
static enum status take_notification(struct society *society, struct resident *resident)
{
    const struct enrolment *enrolment = &resident->enrolment;
    int delivery = draw_between(&resident->draw, 1, 4);

    if (date_compare(enrolment->notified, society->today) != 0 || !resident->alive)
        return STATUS_OK; /* of a membership that has ended */
    TRY(registry_enrol(society->registry, society->today, resident));
    if (date_before(society->today, POLICY_DATE(REFORM_DAY)))
        TRY(give_old_card(society, resident, enrolment, date_add_days(society->today, delivery)));
    return office_look(society, resident);
}

static enum status prepare_75(struct society *society, struct resident *resident)
{
    const struct enrolment *coming = &resident->coming;

    if (date_before(coming->enrolled, POLICY_DATE(REFORM_DAY)))
        return give_old_card(society, resident, coming, date_add_days(coming->enrolled, -1));
    return look_at(society, resident, coming);
}

enum status office_expect(struct society *society, struct resident *resident)
{
    const struct home *home = &society->homes[resident->home];
    struct date birthday = copayment_late_elderly_first(resident->birth);

    resident->coming_paper = (struct planned){0};
    resident->coming = (struct enrolment){
        .id = ++resident->enrolments,
        .insurance = INSURANCE_LATE_ELDERLY,
        .insurer = insurer_late_elderly(&society->insurers, home->place.prefecture),
        .enrolled = birthday,
        .notified = birthday,
        .visible = birthday,
    };
    TRY(registry_number_enrolment(society->registry, resident->person_id, &resident->coming));
    put_away(resident, society->today);
    return prepare_75(society, resident);
}

/* --- issuing ---------------------------------------------------------------------------------- */

static enum status issue(struct society *society, struct resident *resident,
                         const struct enrolment *enrolment, struct planned *planned,
                         enum document_kind kind)
{
    struct document_due due[DOCUMENTS_MAX];
    size_t count = 0;

    if (!resident->alive || enrolment->id == 0 || date_compare(planned->issue, society->today) != 0)
        return STATUS_OK; /* planned anew since */
    count = find_due(society, resident, enrolment, due);
    for (size_t i = 0; i < count; i++)
        if ((due[i].kind == kind || enrolment == &resident->coming) &&
            due[i].state != DOCUMENT_HELD)
            TRY(give_due(society, resident, enrolment, &due[i],
                         date_add_days(society->today, planned->delivery)));
    *planned = (struct planned){0};
    return look_at(society, resident, enrolment); /* what was issued may end soon */
}

enum status office_do(struct society *society, struct resident *resident, enum happening what)
{
    struct enrolment *enrolment = &resident->enrolment;

    if (what == HAPPENING_OFFICE_NOTIFIED)
        return take_notification(society, resident);
    if (what == HAPPENING_OFFICE_EXPECTS_75)
        return resident->alive && resident->enrolment.insurance != INSURANCE_ASSISTANCE
                   ? office_expect(society, resident)
                   : STATUS_OK;
    if (what == HAPPENING_OFFICE_ISSUES_CERTIFICATE)
        return issue(society, resident, enrolment, &resident->certificate, DOCUMENT_CERTIFICATE);
    if (what == HAPPENING_OFFICE_ISSUES_NOTICE)
        return issue(society, resident, enrolment, &resident->notice, DOCUMENT_NOTICE);
    if (what == HAPPENING_OFFICE_ISSUES_COMING)
        return issue(society, resident, &resident->coming, &resident->coming_paper,
                     DOCUMENT_CERTIFICATE);
    return office_look(society, resident);
}

/* --- the end of a month, the first day -------------------------------------------------------- */

void office_end_month(struct society *society)
{
    for (size_t i = 0; i < society->count; i++) {
        struct resident *resident = &society->residents[i];
        if (!date_is(resident->requested) || resident->request_done ||
            date_compare(document_deregistered_on(resident->requested), society->today) != 0)
            continue;
        resident->request_done = true;
        resident->registered = false;
    }
}

/* What is due or overdue on the first day is in hand; what is due after it comes in its time. */
static enum status endow_due(struct society *society, struct resident *resident, bool *given)
{
    struct document_due due[DOCUMENTS_MAX];
    size_t count = find_due(society, resident, &resident->enrolment, due);

    *given = false;
    for (size_t i = 0; i < count; i++) {
        if (due[i].state == DOCUMENT_HELD)
            continue;
        TRY(give_due(society, resident, &resident->enrolment, &due[i], society->today));
        *given = true;
    }
    return STATUS_OK;
}

enum status office_endow(struct society *society, struct resident *resident)
{
    const struct enrolment *enrolment = &resident->enrolment;
    bool given = !date_before(society->today, POLICY_DATE(REFORM_DAY));

    if (enrolment->id == 0)
        return STATUS_OK;
    if (date_before(enrolment->enrolled, POLICY_DATE(REFORM_DAY)) &&
        !date_before(office_old_card_ends(society, enrolment), society->today))
        TRY(give_old_card(society, resident, enrolment, society->today));
    for (int i = 0; i < ENDOW_ROUNDS && given; i++)
        TRY(endow_due(society, resident, &given));
    return STATUS_OK;
}
