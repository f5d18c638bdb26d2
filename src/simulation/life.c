/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/life.h"

#include "domain/policy.h"
#include "simulation/family.h"
#include "simulation/office.h"
#include "simulation/rates.h"

#define MONTHS_A_YEAR 12
#define MILLION 1000000

/* --- the month -------------------------------------------------------------------------------- */

/* Monthly chance of a yearly rate; drawn for each person and month from a stream of its own. */
enum status life_draw_month(struct society *society, int month)
{
    int days = date_day(date_end_of_month(society->today));

    for (size_t i = 0; i < society->count; i++) {
        const struct resident *resident = &society->residents[i];
        struct draw draw =
            draw_begin(society->seed, DRAW_LIFE,
                       (uint64_t)resident->person_id * TALLY_MONTHS_MAX + (uint64_t)month);
        if (!resident->alive)
            continue;
        for (int what = 0; what < HAPPENING_DRAWN; what++) {
            int rate = rate_of(resident, (enum happening)what, society->today);
            if (draw_below(&draw, MILLION * MONTHS_A_YEAR) < rate)
                TRY(society_note(
                    society, resident,
                    date_add_days(date_first_of_month(society->today), draw_below(&draw, days)),
                    (enum happening)what));
        }
    }
    return STATUS_OK;
}

/* --- the card --------------------------------------------------------------------------------- */

static bool certificate_current(const struct resident *resident, struct date on)
{
    return resident->card && !date_before(resident->expires, on);
}

static struct date grace_ends(const struct resident *resident)
{
    const struct authentication_certificate certificate = {.expires = resident->expires,
                                                           .state = CERTIFICATE_CURRENT};

    return certificate_life_on(&certificate, resident->expires).grace_ends;
}

/* Most renew in time, some in the grace or after it, some never. */
enum status life_plan_renewal(struct society *society, struct resident *resident)
{
    static const int weights[] = {76, 11, 7, 6};
    struct date expires = resident->expires;
    struct date grace = grace_ends(resident);
    struct date alert = date_add_days(date_add_months(expires, -POLICY_ALERT_MONTHS), 1);
    struct draw *draw = &resident->draw;
    int in_alert = date_to_days(expires) - date_to_days(alert);
    int in_grace = date_to_days(grace) - date_to_days(expires);
    const struct date days[] = {date_add_days(alert, draw_between(draw, 0, in_alert)),
                                date_add_days(expires, draw_between(draw, 1, in_grace)),
                                date_add_days(grace, draw_between(draw, 1, 200)), DATE_NONE};

    TRY(society_note(society, resident,
                     days[draw_weighted(draw, weights, sizeof weights / sizeof *weights)],
                     HAPPENING_RENEWED));
    return society_note(society, resident, date_add_days(grace, 1), HAPPENING_LAPSED);
}

/* A certificate holds to the fifth birthday, one that was renewed in time to the sixth (K1). */
static enum status give_certificate(struct society *society, struct resident *resident,
                                    int birthdays)
{
    if (date_is(resident->expires) && date_before(grace_ends(resident), society->today))
        resident->registered = false; /* the store ends it with the new certificate */
    resident->card = true;
    resident->returned = DATE_NONE;
    resident->expires =
        date_birthday(resident->birth, date_age(resident->birth, society->today) + birthdays);
    resident->certificates++;
    TRY(registry_certify(society->registry, society->today, resident));
    return life_plan_renewal(society, resident);
}

/* R1: made once; a request that was carried out is over with it. */
static enum status register_card(struct society *society, struct resident *resident)
{
    if (resident->registered || date_is(resident->protected_since))
        return STATUS_OK;
    resident->registered = true;
    if (resident->request_done) {
        resident->requested = DATE_NONE;
        resident->request_done = false;
    }
    TRY(office_end_applications(society, resident));
    resident->gone = GONE_NOT;
    return registry_register(society->registry, society->today, resident);
}

static enum status card_issued(struct society *society, struct resident *resident, bool *happened)
{
    *happened = !resident->card;
    if (!*happened)
        return STATUS_OK;
    TRY(give_certificate(society, resident, 5));
    return draw_chance(&resident->draw, 800000) ? register_card(society, resident) : STATUS_OK;
}

static enum status registered(struct society *society, struct resident *resident, bool *happened)
{
    *happened = certificate_current(resident, society->today) && !resident->registered &&
                !date_is(resident->protected_since);
    return *happened ? register_card(society, resident) : STATUS_OK;
}

/* In time or in the grace the registration goes on; later it has to be made anew (K3). */
static enum status renewed(struct society *society, struct resident *resident, bool *happened)
{
    bool in_time = !date_before(resident->expires, society->today);
    bool lapsed = date_before(grace_ends(resident), society->today);
    struct date alert = date_add_months(resident->expires, -POLICY_ALERT_MONTHS);

    *happened = resident->card && date_before(alert, society->today);
    if (!*happened)
        return STATUS_OK;
    TRY(give_certificate(society, resident, in_time ? 6 : 5));
    return lapsed && draw_chance(&resident->draw, 700000) ? register_card(society, resident)
                                                          : STATUS_OK;
}

static enum status lapsed(struct society *society, struct resident *resident, bool *happened)
{
    *happened = resident->registered && date_before(grace_ends(resident), society->today);
    if (!*happened)
        return STATUS_OK;
    resident->registered = false;
    return registry_end_registration(society->registry, society->today, resident,
                                     REGISTRATION_LAPSED);
}

/* --- the card is gone ------------------------------------------------------------------------- */

static void note_gone(struct society *society, struct resident *resident, enum gone gone)
{
    resident->gone = gone;
    resident->gone_since = society->today;
}

/* T4: whoever loses a card that was in use has it stopped and asks for a paper the same day. */
static enum status card_lost(struct society *society, struct resident *resident, bool *happened)
{
    *happened = resident->card;
    if (!*happened)
        return STATUS_OK;
    resident->card = false;
    TRY(registry_revoke(society->registry, society->today, resident));
    if (draw_chance(&resident->draw, 850000))
        TRY(society_note(society, resident,
                         date_add_days(society->today, draw_between(&resident->draw, 30, 60)),
                         HAPPENING_CARD_REISSUED));
    if (!resident->registered)
        return STATUS_OK;
    TRY(office_note_need(society, resident, NEED_APPLIED));
    note_gone(society, resident, GONE_CARD_LOST);
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

static enum status card_reissued(struct society *society, struct resident *resident, bool *happened)
{
    *happened = !resident->card && !date_is(resident->returned);
    return *happened ? give_certificate(society, resident, 5) : STATUS_OK;
}

/* The insurer sees it in the next day's enquiry. */
static enum status card_returned(struct society *society, struct resident *resident, bool *happened)
{
    bool used = resident->registered;

    *happened = resident->card;
    if (!*happened)
        return STATUS_OK;
    resident->card = resident->registered = false;
    resident->returned = society->today;
    TRY(registry_revoke(society->registry, society->today, resident));
    if (!used)
        return STATUS_OK;
    note_gone(society, resident, GONE_CARD_RETURNED);
    TRY(registry_end_registration(society->registry, society->today, resident,
                                  REGISTRATION_RETURNED));
    return society_note(society, resident, date_add_days(society->today, 1),
                        HAPPENING_OFFICE_LOOKS);
}

static enum status is_protected(struct society *society, struct resident *resident, bool *happened)
{
    *happened = !date_is(resident->protected_since);
    if (!*happened)
        return STATUS_OK;
    resident->protected_since = society->today;
    note_gone(society, resident, GONE_PROTECTED);
    TRY(registry_protect(society->registry, society->today, resident));
    TRY(society_note(society, resident,
                     date_add_days(society->today, draw_between(&resident->draw, 120, 400)),
                     HAPPENING_PROTECTION_ENDS));
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

static enum status protection_ends(struct society *society, struct resident *resident,
                                   bool *happened)
{
    *happened = date_is(resident->protected_since);
    resident->protected_since = DATE_NONE;
    TRY(office_end_need(society, resident, NEED_ADDRESS_CHECKED));
    return *happened ? registry_protect(society->registry, society->today, resident) : STATUS_OK;
}

/* --- what people ask of their insurer --------------------------------------------------------- */

/* R2, and R3: some ask again, because nothing seems to happen. */
static enum status deregistration(struct society *society, struct resident *resident,
                                  bool *happened)
{
    *happened = resident->registered && !date_is(resident->requested) &&
                resident->enrolment.id != 0 &&
                !date_before(society->today, POLICY_DATE(DEREGISTRATION_BEGINS));
    if (!*happened)
        return STATUS_OK;
    resident->requested = society->today;
    TRY(registry_request(society->registry, society->today, resident));
    if (draw_chance(&resident->draw, 100000))
        TRY(society_note(society, resident, date_add_days(society->today, 12),
                         HAPPENING_ASKED_TWICE));
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

static enum status asked_twice(struct society *society, struct resident *resident, bool *happened)
{
    *happened = date_is(resident->requested) && !resident->request_done;
    if (!*happened)
        return STATUS_OK;
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

static enum status helper(struct society *society, struct resident *resident, bool *happened)
{
    *happened = !resident->helper;
    if (resident->helper)
        return STATUS_OK;
    resident->helper = true;
    TRY(office_note_need(society, resident, NEED_HELPER));
    TRY(office_note_need(society, resident, NEED_APPLIED));
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

/* Old cards are issued anew to the reform, certificates ever since. */
static enum status paper_lost(struct society *society, struct resident *resident, bool *happened)
{
    if (date_before(society->today, POLICY_DATE(REFORM_DAY)))
        return STATUS_OK;
    for (size_t i = 0; i < resident->paper_count && !*happened; i++) {
        const struct held_paper *paper = &resident->papers[i];
        *happened = paper->enrolment == resident->enrolment.id &&
                    paper->kind != PAPER_ELIGIBILITY_NOTICE &&
                    !date_before(society->today, paper->in_hand) &&
                    date_within(society->today, paper->valid_from, paper->valid_until);
        if (!*happened)
            continue;
        resident->papers[i] = resident->papers[--resident->paper_count];
    }
    if (!*happened)
        return STATUS_OK;
    TRY(office_note_need(society, resident, NEED_PAPER_LOST));
    note_gone(society, resident, GONE_PAPER_LOST);
    return society_note(society, resident, society->today, HAPPENING_OFFICE_LOOKS);
}

/* --- all of them ------------------------------------------------------------------------------ */

typedef enum status (*life_event)(struct society *society, struct resident *resident,
                                  bool *happened);

enum status life_happens(struct society *society, struct resident *resident, enum happening what)
{
    static const life_event events[HAPPENING_LIVES] = {
        [HAPPENING_BIRTH] = family_birth,
        [HAPPENING_DEATH] = family_death,
        [HAPPENING_OTHER_EMPLOYER] = family_other_employer,
        [HAPPENING_LEAVES_JOB] = family_leaves_job,
        [HAPPENING_FINDS_JOB] = family_finds_job,
        [HAPPENING_MOVE] = family_moves,
        [HAPPENING_ASSISTANCE] = family_assistance,
        [HAPPENING_TURNS_75] = family_turns_75,
        [HAPPENING_CARD_ISSUED] = card_issued,
        [HAPPENING_REGISTERED] = registered,
        [HAPPENING_CARD_LOST] = card_lost,
        [HAPPENING_CARD_RETURNED] = card_returned,
        [HAPPENING_DEREGISTRATION] = deregistration,
        [HAPPENING_PROTECTED] = is_protected,
        [HAPPENING_HELPER] = helper,
        [HAPPENING_PAPER_LOST] = paper_lost,
        [HAPPENING_RENEWED] = renewed,
        [HAPPENING_LAPSED] = lapsed,
        [HAPPENING_CARD_REISSUED] = card_reissued,
        [HAPPENING_PROTECTION_ENDS] = protection_ends,
        [HAPPENING_ASKED_TWICE] = asked_twice,
    };
    bool happened = false;

    if (!resident->alive)
        return STATUS_OK;
    TRY(events[what](society, resident, &happened));
    society->month->events[what] += happened;
    return STATUS_OK;
}
