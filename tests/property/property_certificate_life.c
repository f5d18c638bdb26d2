/* SPDX-License-Identifier: Apache-2.0
 *
 * property_certificate_life.c - K1-K3: every day from issue to a year after the certificate lapsed,
 * against a model that walks the calendar a day at a time and knows no arithmetic of months.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "domain/certificate_life.h"
#include "random.h"

#define CERTIFICATES 150

static struct date next(struct date date)
{
    return date_from_days(date_to_days(date) + 1);
}

static struct date previous(struct date date)
{
    return date_from_days(date_to_days(date) - 1);
}

/* Walks back into the third month before, to its day of the same number or the last below it. */
static struct date slow_last_valid(struct date expires)
{
    struct date at = expires;
    int months = 0;

    while (months < 3 || date_day(at) > date_day(expires)) {
        struct date before = previous(at);
        months += date_month(before) != date_month(at);
        at = before;
    }
    return at;
}

/* Walks on to the last day before the fourth month begins. */
static struct date slow_last_grace(struct date expires)
{
    struct date at = expires;
    int months = 0;

    while (months < 4) {
        struct date after = next(at);
        months += date_month(after) != date_month(at);
        at = after;
    }
    return previous(at);
}

struct model {
    struct date last_valid, expires, last_grace, issued;
    bool phone;
};

static enum certificate_phase slow_phase(const struct model *model, struct date on)
{
    int day = on.yyyymmdd;

    if (day < model->issued.yyyymmdd)
        return PHASE_NOT_YET;
    if (day <= model->last_valid.yyyymmdd)
        return PHASE_VALID;
    if (day <= model->expires.yyyymmdd)
        return PHASE_ALERT;
    if (day <= model->last_grace.yyyymmdd && !model->phone && day >= 20241202)
        return PHASE_GRACE;
    return PHASE_LAPSED;
}

static void check_day(const struct authentication_certificate *certificate,
                      const struct model *model, struct date on, uint64_t seed)
{
    struct certificate_life life = certificate_life_on(certificate, on);
    enum certificate_phase expected = slow_phase(model, on);
    bool check = expected <= PHASE_GRACE;

    if (life.phase != expected || life.check != check ||
        life.medical != (check && expected != PHASE_GRACE))
        fail_msg("seed %" PRIu64 ": expires %d, on %d: %s, the model says %s", seed,
                 model->expires.yyyymmdd, on.yyyymmdd, certificate_phase_name(life.phase),
                 certificate_phase_name(expected));
}

/* Issued 2015 to 2034 on any day; expires on the fifth birthday, as first issues do. */
static void check_one(struct random *random)
{
    struct date issued = date_from_days(16436 + random_below(random, 7300));
    struct date birth = date_from_days(random_below(random, 16000));
    struct model model = {.issued = issued, .phone = random_one_in(random, 8)};
    struct authentication_certificate certificate = {
        .not_before = issued, .state = CERTIFICATE_CURRENT, .phone = model.phone};

    model.expires = date_birthday(birth, date_year(issued) - date_year(birth) + 5);
    model.last_valid = slow_last_valid(model.expires);
    model.last_grace = slow_last_grace(model.expires);
    certificate.expires = model.expires;
    for (int day = date_to_days(issued) - 2; day <= date_to_days(model.last_grace) + 366; day++)
        check_day(&certificate, &model, date_from_days(day), random->seed);
}

static void k1_k2_k3_every_day_of_a_certificates_life(void **state)
{
    struct random random = random_begin();

    (void)state;
    for (int i = 0; i < CERTIFICATES; i++)
        check_one(&random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k1_k2_k3_every_day_of_a_certificates_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
