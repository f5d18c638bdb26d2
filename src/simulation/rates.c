/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation/rates.h"

#define CHILDBEARING_FIRST 22
#define CHILDBEARING_LAST 40
#define WORKING_FIRST 18
#define WORKING_LAST 64
#define RETIRED_LAST 73
#define OLD 70
#define DEATHS_OLDEST 120000 /* from 85 */

static int deaths(int age)
{
    static const struct {
        int below, rate;
    } rows[] = {{40, 500}, {65, 3000}, {75, 13000}, {85, 38000}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (age < rows[i].below)
            return rows[i].rate;
    return DEATHS_OLDEST;
}

/* Has an employer's insurance of one's own. */
static bool earns(const struct resident *resident)
{
    return resident->earner == NOBODY && (resident->enrolment.insurance == INSURANCE_EMPLOYEE ||
                                          resident->enrolment.insurance == INSURANCE_SDF);
}

static bool in_community(const struct resident *resident)
{
    return resident->enrolment.insurance == INSURANCE_COMMUNITY;
}

static bool between(int age, int first, int last)
{
    return age >= first && age <= last;
}

static bool can_meet(const struct resident *resident, enum happening happening, int age)
{
    switch (happening) {
    case HAPPENING_BIRTH:
        return resident->sex == SEX_FEMALE && between(age, CHILDBEARING_FIRST, CHILDBEARING_LAST);
    case HAPPENING_OTHER_EMPLOYER:
        return earns(resident) && between(age, WORKING_FIRST, WORKING_LAST);
    case HAPPENING_LEAVES_JOB:
        return earns(resident) && between(age, WORKING_FIRST, RETIRED_LAST);
    case HAPPENING_FINDS_JOB:
        return in_community(resident) && between(age, WORKING_FIRST, WORKING_LAST);
    case HAPPENING_ASSISTANCE:
        return in_community(resident);
    case HAPPENING_MOVE:
        return resident->role == ROLE_HEAD;
    case HAPPENING_CARD_ISSUED:
        return !resident->card;
    case HAPPENING_REGISTERED:
        return resident->card && !resident->registered;
    case HAPPENING_CARD_LOST:
    case HAPPENING_CARD_RETURNED:
        return resident->card;
    case HAPPENING_DEREGISTRATION:
        return resident->registered && !date_is(resident->requested);
    case HAPPENING_PROTECTED:
        return !date_is(resident->protected_since);
    case HAPPENING_HELPER:
        return age >= OLD && !resident->helper;
    case HAPPENING_DEATH:
    case HAPPENING_PAPER_LOST:
    case HAPPENING_DRAWN:
    case HAPPENING_RENEWED:
    case HAPPENING_LAPSED:
    case HAPPENING_CARD_REISSUED:
    case HAPPENING_PROTECTION_ENDS:
    case HAPPENING_ASKED_TWICE:
    case HAPPENING_LIVES:
    case HAPPENING_OFFICE_EXPECTS_75:
    case HAPPENING_OFFICE_LOOKS:
    case HAPPENING_OFFICE_ISSUES_CERTIFICATE:
    case HAPPENING_OFFICE_ISSUES_NOTICE:
    case HAPPENING_OFFICE_ISSUES_COMING:
    case HAPPENING_COUNT:
        break;
    }
    return true;
}

int rate_of(const struct resident *resident, enum happening happening, struct date on)
{
    static const int rates[HAPPENING_DRAWN] = {
        [HAPPENING_BIRTH] = 50000,         [HAPPENING_OTHER_EMPLOYER] = 60000,
        [HAPPENING_LEAVES_JOB] = 40000,    [HAPPENING_FINDS_JOB] = 90000,
        [HAPPENING_MOVE] = 45000,          [HAPPENING_ASSISTANCE] = 1000,
        [HAPPENING_CARD_ISSUED] = 80000,   [HAPPENING_REGISTERED] = 250000,
        [HAPPENING_CARD_LOST] = 8000,      [HAPPENING_CARD_RETURNED] = 3000,
        [HAPPENING_DEREGISTRATION] = 6000, [HAPPENING_PROTECTED] = 1000,
        [HAPPENING_HELPER] = 20000,        [HAPPENING_PAPER_LOST] = 10000,
    };
    int age = date_age(resident->birth, on);

    if (happening >= HAPPENING_DRAWN || !can_meet(resident, happening, age))
        return 0;
    return happening == HAPPENING_DEATH ? deaths(age) : rates[happening];
}
