/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/identity.h"

#define FACE IDENTITY_BIT(IDENTITY_FACE)
#define PIN IDENTITY_BIT(IDENTITY_PIN)
#define VISUAL IDENTITY_BIT(IDENTITY_VISUAL)

static enum identity_act act;

static struct identity begin(enum identity_bearer bearer, int tries, const char *staff)
{
    const struct identity_settings settings = {bearer, tries, 2, staff};

    return identity_begin(&settings, &act);
}

static enum identity_act step(struct identity *identity, enum identity_happening what)
{
    const struct identity_event event = {.what = what};

    return act = identity_step(identity, &event);
}

static enum identity_act wrong(struct identity *identity, int left)
{
    const struct identity_event event = {.what = HAPPENED_PIN_WRONG, .tries = left};

    return act = identity_step(identity, &event);
}

static enum identity_act staff(struct identity *identity, const char *account, bool permitted)
{
    const struct identity_event event = {HAPPENED_STAFF, 0, account, permitted};

    return act = identity_step(identity, &event);
}

static void e2_it_starts_unattended_and_the_holder_picks(void **state)
{
    struct identity identity = begin(BEARER_CARD, 3, NULL);

    (void)state;
    assert_int_equal(act, ACT_ASK_MODE);
    assert_int_equal(identity_offers(&identity), FACE | PIN | VISUAL);
    assert_int_equal(step(&identity, HAPPENED_SIGNATURE), ACT_NONE);
    assert_int_equal(step(&identity, HAPPENED_FACE_MATCH), ACT_NONE); /* nobody compared */
    assert_int_equal(step(&identity, HAPPENED_PICK_FACE), ACT_COMPARE);
    assert_int_equal(step(&identity, HAPPENED_FACE_MATCH), ACT_GO_ON);
    assert_int_equal(identity.mode, IDENTITY_FACE);
    assert_int_equal(step(&identity, HAPPENED_SIGNATURE), ACT_GO_ON);
    assert_int_equal(step(&identity, HAPPENED_SIGNATURE), ACT_NONE); /* once */
}

static void e2_a_failed_face_may_be_tried_again_so_often_then_pin_or_staff(void **state)
{
    struct identity identity = begin(BEARER_CARD, 3, NULL);

    (void)state;
    step(&identity, HAPPENED_PICK_FACE);
    assert_int_equal(step(&identity, HAPPENED_FACE_OTHER), ACT_ASK_MODE);
    assert_int_equal(identity.cause, CAUSE_FACE_OTHER);
    step(&identity, HAPPENED_PICK_FACE);
    step(&identity, HAPPENED_FACE_ABSENT);
    assert_int_equal(step(&identity, HAPPENED_PICK_FACE), ACT_NONE);
    assert_int_equal(identity_offers(&identity), PIN | VISUAL);
    assert_int_equal(staff(&identity, "desk-07", true), ACT_LOOK);
    assert_int_equal(step(&identity, HAPPENED_ALIKE), ACT_GO_ON);
    assert_int_equal(identity.mode, IDENTITY_VISUAL);
    assert_string_equal(identity.staff, "desk-07");
    identity = begin(BEARER_CARD, 3, NULL);
    step(&identity, HAPPENED_PICK_FACE);
    step(&identity, HAPPENED_FACE_BROKEN);
    assert_int_equal(identity_offers(&identity), PIN | VISUAL);
}

static void e2_a_pin_is_sent_once_and_one_try_left_stops_it(void **state)
{
    struct identity identity = begin(BEARER_CARD, 3, NULL);

    (void)state;
    assert_int_equal(step(&identity, HAPPENED_PICK_PIN), ACT_ASK_PIN);
    assert_int_equal(step(&identity, HAPPENED_PIN_TYPED), ACT_SEND_PIN);
    assert_int_equal(wrong(&identity, 2), ACT_ASK_PIN); /* anew: not repeated */
    assert_int_equal(identity.tries, 2);
    step(&identity, HAPPENED_PIN_TYPED);
    assert_int_equal(wrong(&identity, 1), ACT_WARN);
    assert_int_equal(identity.cause, CAUSE_CARD_PIN_WRONG);
    assert_int_equal(step(&identity, HAPPENED_PIN_TYPED), ACT_NONE);
    assert_int_equal(step(&identity, HAPPENED_LAST_TRY), ACT_ASK_PIN);
    assert_int_equal(step(&identity, HAPPENED_PIN_TYPED), ACT_SEND_PIN);
    assert_int_equal(wrong(&identity, 0), ACT_ASK_MODE);
    assert_int_equal(identity.cause, CAUSE_CARD_PIN_LOCKED);
    assert_int_equal(identity_offers(&identity), FACE | VISUAL);
    identity = begin(BEARER_CARD, 1, NULL);
    assert_int_equal(step(&identity, HAPPENED_PICK_PIN), ACT_WARN);
    assert_int_equal(identity.cause, CAUSE_CARD_PIN_LAST_TRY);
}

static void e2_a_card_without_pin_has_face_and_visual_and_a_phone_its_pin(void **state)
{
    struct identity identity = begin(BEARER_CARD_NO_PIN, 0, NULL);

    (void)state;
    assert_int_equal(identity_offers(&identity), FACE | VISUAL);
    assert_int_equal(step(&identity, HAPPENED_PICK_PIN), ACT_NONE);
    assert_int_equal(identity.cause, CAUSE_CARD_PIN_NONE);
    identity = begin(BEARER_PHONE, 2, "admin-1");
    assert_int_equal(act, ACT_ASK_MODE); /* the switch for visual is not for phones */
    assert_int_equal(identity_offers(&identity), PIN);
    assert_int_equal(step(&identity, HAPPENED_PICK_FACE), ACT_NONE);
    assert_int_equal(identity.cause, CAUSE_MODE_NOT_ON_PHONE);
    assert_int_equal(staff(&identity, "desk-07", true), ACT_NONE);
    identity = begin(BEARER_PHONE, 0, NULL);
    assert_int_equal(act, ACT_END);
    assert_int_equal(identity.cause, CAUSE_CARD_PIN_LOCKED);
}

static void e2_visual_needs_an_account_that_may(void **state)
{
    struct identity identity = begin(BEARER_CARD, 3, NULL);

    (void)state;
    assert_int_equal(staff(&identity, "desk-07", false), ACT_NONE);
    assert_int_equal(identity.cause, CAUSE_VISUAL_NOT_PERMITTED);
    assert_int_equal(staff(&identity, "Yamada Hanako", true), ACT_NONE);
    assert_int_equal(identity.cause, CAUSE_STAFF_MISSING);
    assert_int_equal(staff(&identity, "desk-07", true), ACT_LOOK);
    assert_int_equal(step(&identity, HAPPENED_UNLIKE), ACT_END);
    assert_int_equal(identity.cause, CAUSE_VISUAL_UNLIKE);
    assert_int_equal(staff(&identity, "desk-07", true), ACT_NONE);
    identity = begin(BEARER_CARD, 3, "admin-1");
    assert_int_equal(act, ACT_LOOK); /* switched by an administrator */
    assert_int_equal(step(&identity, HAPPENED_PICK_FACE), ACT_NONE);
    assert_int_equal(step(&identity, HAPPENED_ALIKE), ACT_GO_ON);
    assert_string_equal(identity.staff, "admin-1");
}

static void e2_a_card_that_goes_ends_it(void **state)
{
    struct identity identity = begin(BEARER_CARD, 3, NULL);

    (void)state;
    step(&identity, HAPPENED_PICK_PIN);
    step(&identity, HAPPENED_PIN_TYPED);
    assert_int_equal(step(&identity, HAPPENED_CARD_GONE), ACT_END);
    assert_int_equal(step(&identity, HAPPENED_PIN_RIGHT), ACT_NONE);
    assert_int_equal(identity.mode, 0);
    identity = begin(BEARER_CARD, 3, NULL);
    assert_int_equal(step(&identity, HAPPENED_TIME_OVER), ACT_END);
    assert_int_equal(identity.cause, CAUSE_IDENTITY_TIME_OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e2_it_starts_unattended_and_the_holder_picks),
        cmocka_unit_test(e2_a_failed_face_may_be_tried_again_so_often_then_pin_or_staff),
        cmocka_unit_test(e2_a_pin_is_sent_once_and_one_try_left_stops_it),
        cmocka_unit_test(e2_a_card_without_pin_has_face_and_visual_and_a_phone_its_pin),
        cmocka_unit_test(e2_visual_needs_an_account_that_may),
        cmocka_unit_test(e2_a_card_that_goes_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
