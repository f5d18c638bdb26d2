/* SPDX-License-Identifier: Apache-2.0
 *
 * property_service_class.c - E3 with K1-K3: for every kind of card, every facility, measure and
 * class, each day from issue to a year after the certificate lapsed, what may be checked and seen;
 * against a model that reads the ministry's table as letters and walks the calendar.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "domain/certificate_life.h"
#include "domain/service_class.h"
#include "printed_table.h"

struct card {
    const char *kind;
    int issued, expires, last_grace; /* yyyymmdd, counted by hand from the specification */
    int first_alert;
    char state; /* c current, r revoked, s superseded */
};

static const struct card cards[] = {
    {"grown-up, from issue to the fifth birthday", 20200420, 20250510, 20250831, 20250211, 'c'},
    {"child, whose card ends with it", 20210901, 20260302, 20260630, 20251203, 'c'},
    {"renewed in its last months, to the sixth birthday", 20230115, 20280229, 20280531, 20271130,
     'c'},
    {"phone: no grace", 20230601, 20260815, 20260815, 20260516, 'c'},
    {"revoked", 20220101, 20260110, 20260430, 20251011, 'r'},
    {"superseded", 20220101, 20260110, 20260430, 20251011, 's'},
};

static int next_day(int day)
{
    return date_from_days(date_to_days(DATE(day)) + 1).yyyymmdd;
}

static bool model_check(const struct card *card, int day)
{
    bool reform = day >= 20241202;

    if (card->state != 'c' || day < card->issued)
        return false;
    return day <= card->expires || (reform && day <= card->last_grace);
}

static void compare_day(const struct printed_row *row, const struct service_place *place, int class,
                        const struct card *card,
                        const struct authentication_certificate *certificate, int day)
{
    struct service_permission may = service_class_on(place, (enum service_class) class, DATE(day));
    struct certificate_life life = certificate_life_on(certificate, DATE(day));
    char expected = letter(row, class, day);
    bool check = expected != 'x' && model_check(card, day);
    bool medical = check && class != 3 && day <= card->expires;
    bool warns = model_check(card, day) && day >= card->first_alert;

    if (may.allowed != (expected != 'x') || may.optional != (expected == 'v') ||
        (may.allowed && life.check) != check ||
        (may.allowed && may.medical && life.medical) != medical ||
        (life.check && life.cause != CAUSE_NONE) != warns)
        fail_msg("%s, measure %d, class %d, %s, on %d: %s %s, the model says %c", row->type,
                 row->measure, class, card->kind, day, may.allowed ? "allowed" : "refused",
                 certificate_phase_name(life.phase), expected);
}

static struct authentication_certificate certificate_of(const struct card *card)
{
    return (struct authentication_certificate){
        .not_before = DATE(card->issued),
        .expires = DATE(card->expires),
        .state = card->state == 'r'   ? CERTIFICATE_REVOKED
                 : card->state == 's' ? CERTIFICATE_SUPERSEDED
                                      : CERTIFICATE_CURRENT,
        .phone = strncmp(card->kind, "phone", 5) == 0,
    };
}

/* Returns the days compared. */
static int compare_life(const struct printed_row *row, const struct service_place *place, int class,
                        const struct card *card)
{
    struct authentication_certificate certificate = certificate_of(card);
    int last = date_from_days(date_to_days(DATE(card->last_grace)) + 366).yyyymmdd;
    int days = 0;

    for (int day = card->issued; day <= last; day = next_day(day), days++)
        compare_day(row, place, class, card, &certificate, day);
    return days;
}

static void e3_k1_k2_k3_every_day_card_facility_and_class(void **state)
{
    int days = 0;

    (void)state;
    for (size_t r = 0; r < sizeof printed / sizeof printed[0]; r++) {
        struct service_place place = {.measure = printed[r].measure};
        assert_true(facility_row_read(text_of(printed[r].type), &place.row));
        if (printed[r].ends != 0)
            place.measure_until = DATE(printed[r].ends);
        for (int class = 1; class <= 3; class ++)
            for (size_t c = 0; c < sizeof cards / sizeof cards[0]; c++)
                days += compare_life(&printed[r], &place, class, &cards[c]);
    }
    assert_true(days > 400000);
}

static void e3_a_measure_has_a_deadline_of_its_own_or_none(void **state)
{
    struct service_place place = {.row = ROW_TRANSITIONAL, .measure = 1};

    (void)state;
    assert_int_equal(service_class_on(&place, CLASS_ELIGIBILITY_ONLY, DATE(20250101)).rule,
                     RULE_E3_NOT_FOR_FACILITY);
    place.measure = 2;
    assert_int_equal(service_class_on(&place, CLASS_ELIGIBILITY_ONLY, DATE(20350101)).rule,
                     RULE_E3_CLASS_3_MEASURE);
    place.measure_until = DATE(20250930);
    assert_int_equal(service_class_on(&place, CLASS_ELIGIBILITY_ONLY, DATE(20250930)).rule,
                     RULE_E3_CLASS_3_MEASURE);
    assert_int_equal(service_class_on(&place, CLASS_ELIGIBILITY_ONLY, DATE(20251001)).rule,
                     RULE_E3_MEASURE_OVER);
    assert_int_equal(service_class_on(&place, CLASS_NORMAL, DATE(20251001)).deadline.yyyymmdd,
                     20250930);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e3_k1_k2_k3_every_day_card_facility_and_class),
        cmocka_unit_test(e3_a_measure_has_a_deadline_of_its_own_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
