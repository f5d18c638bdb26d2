/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/office.h"

#include <string.h>

#include "domain/copayment.h"
#include "domain/document_days.h"
#include "domain/insurer_policy.h"
#include "domain/policy.h"
#include "domain/registration_clock.h"
#include "domain/standing.h"
#include "world/population.h"

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

/* What the rules ask for, but for the rule that is left out: as the register of papers asks. */
static size_t find_due(const struct society *society, const struct resident *resident,
                       const struct enrolment *enrolment, const struct standing *known,
                       struct document_due out[DOCUMENTS_MAX])
{
    struct document_due found[DOCUMENTS_MAX];
    struct standing standing = *known;
    struct document_facts facts;
    enum rule_id rule = RULE_COUNT;
    size_t count = 0;
    size_t kept = 0;

    registry_count_uses(resident, &standing);
    for (size_t i = 0; i < standing.person.coverage_count; i++) {
        const struct coverage *coverage = &standing.person.coverages[i];
        if (coverage->coverage_id != enrolment->coverage_id)
            continue;
        facts = standing_facts(&standing, coverage, society->today, NULL);
        facts.policy = society->policies ? &society->policies[enrolment->insurance] : NULL;
        count = documents_due(&facts, society->today, found, &rule);
    }
    for (size_t i = 0; i < count; i++)
        if (!issue_left_out(&found[i], society->without))
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
        .enrolment = enrolment->id,
        .in_hand = in_hand,
        .valid_from = enrolment->enrolled,
        .valid_until = office_old_card_ends(society, enrolment),
    };

    society->month->papers[TALLY_OLD_CARD]++;
    return give(society, resident, &paper);
}

/* What the register says of a paper: it is on its way, or no more in anybody's hands. */
struct taking {
    struct society *society;
    struct resident *resident;
    struct date in_hand; /* of what is issued today */
    int issued;
};

static int enrolment_of(const struct resident *resident, int64_t coverage_id)
{
    return coverage_id == resident->coming.coverage_id ? resident->coming.id
                                                       : resident->enrolment.id;
}

static enum paper paper_of(enum issue_kind kind)
{
    return kind == ISSUE_CERTIFICATE ? PAPER_ELIGIBILITY_CERTIFICATE : PAPER_ELIGIBILITY_NOTICE;
}

static struct held_paper *find_held(struct resident *resident, const struct issue *issue)
{
    for (size_t i = 0; i < resident->paper_count; i++)
        if (resident->papers[i].kind == paper_of(issue->kind) &&
            resident->papers[i].serial == issue->serial)
            return &resident->papers[i];
    return NULL;
}

static enum status take_row(void *context, const struct issue *issue)
{
    struct taking *taking = context;
    struct held_paper *held = find_held(taking->resident, issue);
    const struct held_paper paper = {
        .kind = paper_of(issue->kind),
        .serial = issue->serial,
        .enrolment = enrolment_of(taking->resident, issue->coverage_id),
        .in_hand = taking->in_hand,
        .valid_from = issue->valid_from,
        .valid_until = issue->valid_until,
    };

    if (held && (issue->state == ISSUE_REPLACED || issue->state == ISSUE_RECALLED ||
                 issue->state == ISSUE_VOID))
        *held = taking->resident->papers[--taking->resident->paper_count];
    if (held || issue->state != ISSUE_ISSUED ||
        date_compare(issue->issued, taking->society->today) != 0)
        return STATUS_OK;
    taking->issued++;
    taking->society->month->papers[tally_paper_of(issue->reason)]++;
    return give(taking->society, taking->resident, &paper);
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
                           const struct enrolment *enrolment, const struct standing *known)
{
    struct document_due due[DOCUMENTS_MAX];
    size_t count = find_due(society, resident, enrolment, known, due);

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

/* Somebody's standing, seen by the insurer of today and by the one of the 75th birthday. */
static enum status look(struct scope *scope, void *context, const struct standing *known)
{
    struct society *society = context;
    size_t index = (size_t)(known->person.person_id - POPULATION_FIRST_ID);
    struct resident *resident = NULL;

    (void)scope;
    if (index >= society->count || !society->residents[index].alive)
        return STATUS_OK;
    resident = &society->residents[index];
    if (office_serves(resident, &resident->enrolment, society->today))
        TRY(look_at(society, resident, &resident->enrolment, known));
    return resident->coming.id != 0 ? look_at(society, resident, &resident->coming, known)
                                    : STATUS_OK;
}

enum status office_look(struct society *society, struct resident *resident)
{
    bool served = office_serves(resident, &resident->enrolment, society->today) ||
                  (resident->alive && resident->coming.id != 0);

    return served ? registry_see(society->registry, resident, look, society) : STATUS_OK;
}

enum status office_work_off_list(struct society *society)
{
    return registry_walk(society->registry, look, society);
}

/* --- by the register of papers -----------------------------------------------------------------
 */

/* What was issued may end soon; where the register issues nothing today, it may tomorrow. */
static enum status look_again(struct scope *scope, void *context, const struct standing *known)
{
    const struct taking *taking = context;
    struct society *society = taking->society;

    return taking->issued > 0
               ? look(scope, society, known)
               : society_note(society, taking->resident, date_add_days(society->today, 1),
                              HAPPENING_OFFICE_LOOKS);
}

/* Somebody new: what became of former papers was followed. */
static enum status look_first(struct scope *scope, void *context, const struct standing *known)
{
    const struct taking *taking = context;

    return look(scope, taking->society, known);
}

/* What an insurer has decided for its papers: all of an insurance have decided the same. */
static struct insurer_policies policies_of(const struct society *society,
                                           const struct enrolment *enrolment,
                                           struct insurer_policy *room)
{
    if (!society->policies || !enrolment->insurer)
        return (struct insurer_policies){0};
    *room = society->policies[enrolment->insurance];
    room->insurer = enrolment->insurer->number;
    room->valid_from = society->first;
    return (struct insurer_policies){room, 1};
}

/* What is due is issued today. */
static enum status issue_due(struct society *society, struct resident *resident,
                             const struct enrolment *enrolment, struct taking *taking)
{
    struct insurer_policy policy = {0};
    const struct registry_papers papers = {
        .order = {.on = society->today,
                  .horizon = society->today,
                  .issue = true,
                  .insurer = enrolment->insurer->number,
                  .policies = policies_of(society, enrolment, &policy),
                  .left_out = society->without},
        .taken = take_row,
        .then = look_again,
        .context = taking,
    };

    if (date_is(resident->protected_since))
        TRY(office_note_need(society, resident, NEED_ADDRESS_CHECKED));
    return registry_papers(society->registry, resident, &papers);
}

/* What became of somebody's papers; none is entered. */
static enum status follow(struct society *society, struct resident *resident, registry_visit then)
{
    struct taking taking = {.society = society, .resident = resident};
    struct insurer_policy policy = {0};
    const struct registry_papers papers = {
        .order = {.on = society->today,
                  .policies = policies_of(society, &resident->enrolment, &policy),
                  .left_out = society->without},
        .taken = take_row,
        .then = then,
        .context = &taking,
    };

    return registry_papers(society->registry, resident, &papers);
}

enum status office_follow(struct society *society, struct resident *resident)
{
    return follow(society, resident, NULL);
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
    TRY(office_end_applications(society, resident));
    TRY(office_end_need(society, resident, NEED_AT_ENROLMENT));
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
    if (date_before(society->today, POLICY_DATE(REFORM_DAY)))
        TRY(give_old_card(society, resident, enrolment, date_add_days(society->today, delivery)));
    TRY(registry_enrol(society->registry, society->today, resident));
    if (resident->number_missing)
        TRY(office_note_need(society, resident, NEED_AT_ENROLMENT));
    return follow(society, resident, look_first);
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
    if (date_before(birthday, POLICY_DATE(REFORM_DAY)))
        TRY(give_old_card(society, resident, &resident->coming, date_add_days(birthday, -1)));
    TRY(registry_expect(society->registry, society->today, resident));
    return office_look(society, resident);
}

/* --- issuing ---------------------------------------------------------------------------------- */

static enum status issue(struct society *society, struct resident *resident,
                         const struct enrolment *enrolment, struct planned *planned)
{
    struct taking taking = {.society = society,
                            .resident = resident,
                            .in_hand = date_add_days(society->today, planned->delivery)};

    if (!resident->alive || enrolment->id == 0 || date_compare(planned->issue, society->today) != 0)
        return STATUS_OK; /* planned anew since */
    *planned = (struct planned){0};
    return issue_due(society, resident, enrolment, &taking);
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
        return issue(society, resident, enrolment, &resident->certificate);
    if (what == HAPPENING_OFFICE_ISSUES_NOTICE)
        return issue(society, resident, enrolment, &resident->notice);
    if (what == HAPPENING_OFFICE_ISSUES_COMING)
        return issue(society, resident, &resident->coming, &resident->coming_paper);
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

enum status office_endow_old_card(struct society *society, struct resident *resident)
{
    const struct enrolment *enrolment = &resident->enrolment;

    if (enrolment->id == 0 || !date_before(enrolment->enrolled, POLICY_DATE(REFORM_DAY)) ||
        date_before(office_old_card_ends(society, enrolment), society->today))
        return STATUS_OK;
    return give_old_card(society, resident, enrolment, society->today);
}

/* What is due or overdue on the first day is in hand; what is due after it comes in its time. */
enum status office_endow(struct society *society, struct resident *resident)
{
    struct taking taking = {.society = society,
                            .resident = resident,
                            .in_hand = society->today,
                            .issued = !date_before(society->today, POLICY_DATE(REFORM_DAY))};

    if (resident->enrolment.id == 0)
        return STATUS_OK;
    for (int i = 0; i < ENDOW_ROUNDS && taking.issued > 0; i++) {
        taking.issued = 0;
        TRY(issue_due(society, resident, &resident->enrolment, &taking));
    }
    return STATUS_OK;
}
