/* SPDX-License-Identifier: Apache-2.0 */
#include "world/card_life.h"

#include "domain/policy.h"

#define ISSUER_FIRST 1 /* number of the world's only card CA */
#define SERIAL_BASE 20000000
#define SERIALS_EACH 8
#define CARDS_BEGIN DATE(20160104)
#define REGISTRATION_BEGINS DATE(20200807)

/* Rates per million. */
#define HOLDER_RATE 752000     /* September 2024 */
#define REGISTERED_RATE 812000 /* of the holders */
#define RENEWED_RATE 880000    /* of certificates that end (assumed) */
#define REVOKED_RATE 8000
#define PHONE_RATE 50000
#define DEREGISTERING_RATE 800 /* in a given two months (insurers 4.4: some 15,000 a month) */
#define DEREGISTERED_RATE 2000

uint64_t card_life_serial(int64_t person_id, size_t n)
{
    return SERIAL_BASE + (uint64_t)person_id * SERIALS_EACH + n;
}

static struct date later(struct date a, struct date b)
{
    return date_before(a, b) ? b : a;
}

/* First issues by year: few to 2019, the two campaigns with points in 2020 to 2023. */
static struct date draw_first_issue(struct draw *draw, struct date birth, struct date on)
{
    static const int weights[] = {5, 4, 3, 3, 11, 17, 22, 19, 7, 5, 4};
    struct date first = later(CARDS_BEGIN, birth);
    int year = 2016 + (int)draw_weighted(draw, weights, sizeof weights / sizeof *weights);
    struct date day = date_add_days(date_of(year, 1, 5), draw_below(draw, 356));

    if (date_before(day, first) || date_before(on, day)) {
        int32_t from = date_to_days(first);
        day = date_from_days(from + draw_below(draw, date_to_days(on) - from + 1));
    }
    return day;
}

static struct authentication_certificate make(const struct person *person, size_t n,
                                              struct date from, struct date expires)
{
    return (struct authentication_certificate){
        .issuer = ISSUER_FIRST,
        .serial = card_life_serial(person->person_id, n),
        .person_id = person->person_id,
        .not_before = from,
        .expires = expires,
        .state = CERTIFICATE_CURRENT,
    };
}

/* Follows the renewals up to T; a card that ends meanwhile is replaced. */
static void draw_certificates(struct draw *draw, struct card_life *life,
                              const struct person *person, struct date on)
{
    struct date from = draw_first_issue(draw, person->birth, on);
    bool renewal = false;

    while (life->count < CARD_LIFE_MAX - 1) {
        size_t at = life->count++;
        struct authentication_certificate *made = &life->certificates[at];
        *made =
            make(person, at, from, certificate_expiry(person->birth, from, renewal, DATE_NEVER));
        life->newest = at;
        from = date_add_days(date_add_months(made->expires, -POLICY_ALERT_MONTHS), 1);
        from = date_add_days(from, draw_below(draw, 90));
        renewal = true;
        if (date_before(on, from) || life->count == CARD_LIFE_MAX - 1 ||
            !draw_chance(draw, RENEWED_RATE))
            return;
        made->state = CERTIFICATE_SUPERSEDED;
        made->successor = card_life_serial(person->person_id, life->count);
    }
}

static void draw_phone(struct draw *draw, struct card_life *life, const struct person *person,
                       struct date on)
{
    const struct authentication_certificate *card = &life->certificates[life->newest];
    struct authentication_certificate *phone = &life->certificates[life->count];

    if (date_age(person->birth, on) < 15 || date_before(on, DATE(20250919)) ||
        card->state != CERTIFICATE_CURRENT || !draw_chance(draw, PHONE_RATE))
        return;
    *phone = *card;
    phone->serial = card_life_serial(person->person_id, SERIALS_EACH - 1);
    phone->not_before = date_before(card->expires, on) ? card->expires : on;
    phone->not_before = date_add_days(phone->not_before, -1 - draw_below(draw, 60));
    phone->not_before = later(card->not_before, phone->not_before);
    phone->phone = true;
    life->count++;
}

/* Registered for insurance use, and perhaps on the way out of it. */
static void draw_registration(struct draw *draw, const struct card_life *life,
                              struct person *person, struct date on)
{
    const struct authentication_certificate *newest = &life->certificates[life->newest];
    struct date first = later(REGISTRATION_BEGINS, life->certificates[0].not_before);
    int32_t from = date_to_days(first);

    if (date_before(on, first) || !draw_chance(draw, REGISTERED_RATE))
        return;
    if (certificate_life_on(newest, on).phase == PHASE_LAPSED ||
        draw_chance(draw, DEREGISTERED_RATE))
        return; /* the registration ended with the grace, or on request */
    person->registered = date_from_days(from + draw_below(draw, date_to_days(on) - from + 1));
    if (draw_chance(draw, DEREGISTERING_RATE))
        person->deregisters =
            date_end_of_month(date_add_months(date_first_of_month(on), draw_below(draw, 2)));
}

struct card_life card_life_draw(struct draw *draw, struct person *person, struct date on)
{
    struct card_life life = {0};
    int holders = date_age(person->birth, on) < 1 ? HOLDER_RATE / 2 : HOLDER_RATE;

    if (date_before(on, CARDS_BEGIN) || !draw_chance(draw, holders))
        return life;
    draw_certificates(draw, &life, person, on);
    if (draw_chance(draw, REVOKED_RATE))
        life.certificates[life.newest].state = CERTIFICATE_REVOKED;
    draw_registration(draw, &life, person, on);
    draw_phone(draw, &life, person, on);
    return life;
}
