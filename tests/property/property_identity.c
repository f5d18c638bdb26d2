/* SPDX-License-Identifier: Apache-2.0
 *
 * property_identity.c - E2: every run of events up to a length, against what must hold of any run:
 * no signature without a mode that was satisfied, no PIN sent that was not typed for it, none at
 * the last try unasked, no visual check without an account that may; and random runs of the switch
 * for visual against a slow model. An event that changed nothing is not followed further: what
 * comes after it is a shorter run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/identity.h"
#include "random.h"

#define LENGTH 12
#define SWITCH_STEPS 200000

static const struct identity_event events[] = {
    {HAPPENED_PICK_FACE, 0, NULL, false},   {HAPPENED_PICK_PIN, 0, NULL, false},
    {HAPPENED_FACE_MATCH, 0, NULL, false},  {HAPPENED_FACE_OTHER, 0, NULL, false},
    {HAPPENED_FACE_ABSENT, 0, NULL, false}, {HAPPENED_FACE_BROKEN, 0, NULL, false},
    {HAPPENED_PIN_TYPED, 0, NULL, false},   {HAPPENED_PIN_RIGHT, 0, NULL, false},
    {HAPPENED_PIN_WRONG, 0, NULL, false},   {HAPPENED_PIN_WRONG, 1, NULL, false},
    {HAPPENED_PIN_WRONG, 3, NULL, false}, /* a card that lies about its counter */
    {HAPPENED_LAST_TRY, 0, NULL, false},    {HAPPENED_STAFF, 0, "desk-07", true},
    {HAPPENED_STAFF, 0, "desk-07", false},  {HAPPENED_STAFF, 0, "no account", true},
    {HAPPENED_STAFF, 0, NULL, true},        {HAPPENED_ALIKE, 0, NULL, false},
    {HAPPENED_UNLIKE, 0, NULL, false},      {HAPPENED_SIGNATURE, 0, NULL, false},
    {HAPPENED_CARD_GONE, 0, NULL, false},   {HAPPENED_CANCEL, 0, NULL, false},
    {HAPPENED_TIME_OVER, 0, NULL, false},
};

/* What happened so far, kept without the machine's states. */
struct ghost {
    bool comparing; /* the last act that was done was to compare */
    bool sending, looking;
    bool asked;            /* for a PIN, which was not sent since */
    bool wanted;           /* the last try, since it was warned of */
    bool face, pin, alike; /* were found, by whom they must be */
    int sent, compared, signatures;
    int tries; /* as the card told */
};

static uint64_t runs, signatures;

static void expect(bool holds, const struct identity *identity, size_t depth)
{
    if (!holds)
        print_error("bearer %d state %d tries %d after %zu events\n", (int)identity->bearer,
                    (int)identity->state, identity->tries, depth);
    assert_true(holds);
}

static void record_event(struct ghost *ghost, const struct identity_event *event)
{
    if (event->what == HAPPENED_FACE_MATCH)
        ghost->face |= ghost->comparing;
    if (event->what == HAPPENED_PIN_RIGHT)
        ghost->pin |= ghost->sending;
    if (event->what == HAPPENED_PIN_WRONG && ghost->sending)
        ghost->tries = event->tries;
    if (event->what == HAPPENED_ALIKE)
        ghost->alike |= ghost->looking;
    if (event->what == HAPPENED_LAST_TRY)
        ghost->wanted = true;
}

static void check_act(struct ghost *ghost, const struct identity *identity,
                      const struct identity_event *event, enum identity_act act, size_t depth)
{
    bool phone = identity->bearer == BEARER_PHONE;

    if (act == ACT_COMPARE) {
        expect(!phone && event->what == HAPPENED_PICK_FACE, identity, depth);
        expect(++ghost->compared <= identity->faces_max, identity, depth);
    }
    if (act == ACT_SEND_PIN) {
        expect(event->what == HAPPENED_PIN_TYPED && ghost->asked, identity, depth);
        expect(ghost->tries > 1 || ghost->wanted, identity, depth);
        expect(ghost->tries > 0 && identity->bearer != BEARER_CARD_NO_PIN, identity, depth);
        expect(++ghost->sent <= IDENTITY_PINS_MAX, identity, depth);
        ghost->wanted = false;
    }
    if (act == ACT_LOOK)
        expect(!phone && event->permitted && staff_id_ok(event->staff) && identity->staff[0],
               identity, depth);
    if (event->what == HAPPENED_SIGNATURE) {
        bool proven = (identity->mode == IDENTITY_FACE && ghost->face) ||
                      (identity->mode == IDENTITY_PIN && ghost->pin) ||
                      (identity->mode == IDENTITY_VISUAL && ghost->alike && identity->staff[0]);
        expect(proven && ++ghost->signatures == 1, identity, depth);
        signatures++;
    }
    ghost->asked = act == ACT_ASK_PIN;
    ghost->comparing = act == ACT_COMPARE;
    ghost->sending = act == ACT_SEND_PIN;
    ghost->looking = act == ACT_LOOK;
}

static void walk(const struct identity *before, const struct ghost *known, size_t depth)
{
    if (depth == LENGTH)
        return;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct identity identity = *before;
        struct ghost ghost = *known;
        enum identity_act act = identity_step(&identity, &events[i]);
        runs++;
        if (act == ACT_NONE) {
            expect(identity.state == before->state && identity.tries == before->tries &&
                       identity.pins == before->pins && identity.faces == before->faces &&
                       identity.mode == before->mode,
                   &identity, depth);
            continue;
        }
        record_event(&ghost, &events[i]);
        check_act(&ghost, &identity, &events[i], act, depth);
        expect((identity.mode != 0) ==
                   (identity.state == IDENTITY_PROVEN || identity.state == IDENTITY_SIGNED ||
                    (identity.state == IDENTITY_OVER && before->mode != 0)),
               &identity, depth);
        expect(identity.state != IDENTITY_OVER || identity.cause != CAUSE_NONE, &identity, depth);
        walk(&identity, &ghost, depth + 1);
    }
}

static void e2_no_run_of_events_signs_without_a_satisfied_mode(void **state)
{
    (void)state;
    for (int bearer = BEARER_CARD; bearer <= BEARER_PHONE; bearer++)
        for (int tries = -1; tries <= 3; tries++)
            for (int visual = 0; visual < 2; visual++) {
                const struct identity_settings settings = {(enum identity_bearer)bearer, tries, 2,
                                                           visual ? "admin-1" : NULL};
                enum identity_act act = ACT_NONE;
                struct identity identity = identity_begin(&settings, &act);
                struct ghost ghost = {.tries = tries, .looking = act == ACT_LOOK};
                if (act == ACT_LOOK)
                    assert_true(visual && bearer != BEARER_PHONE);
                walk(&identity, &ghost, 0);
            }
    print_message("# %llu steps, %llu signatures\n", (unsigned long long)runs,
                  (unsigned long long)signatures);
    assert_true(signatures > 0);
}

/* The switch is on only within the time that the last account which switched it on was given. */
static void e2_the_switch_for_visual_never_outlasts_its_time(void **state)
{
    struct visual_switch visual = {.until = 0};
    struct random random = random_begin();
    int64_t now = 0, until = 0;

    (void)state;
    for (int i = 0; i < SWITCH_STEPS; i++) {
        int64_t time = random_below(&random, 100) - 5;
        bool known = !random_one_in(&random, 3);
        if (random_one_in(&random, 4)) {
            bool on = visual_switch_on(&visual, known ? "admin-1" : "", now, time);
            assert_int_equal(on, known && time >= 1);
            until = on ? now + time : until;
        } else if (random_one_in(&random, 4)) {
            visual_switch_off(&visual);
            until = 0;
        } else {
            now += random_below(&random, 60);
        }
        assert_int_equal(visual_switch_staff(&visual, now) != NULL, now < until);
    }
    assert_false(visual_switch_on(&visual, "admin-1", now, INT64_C(86400001)));
    assert_true(visual_switch_on(&visual, "admin-1", now, INT64_C(86400000)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_no_run_of_events_signs_without_a_satisfied_mode),
        cmocka_unit_test(e2_the_switch_for_visual_never_outlasts_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
