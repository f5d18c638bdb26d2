/* SPDX-License-Identifier: Apache-2.0 */
#include "world/household.h"

#include "world/person_name.h"

enum household_type { SINGLE, COUPLE, CHILDREN, LONE_PARENT, THREE_GENERATIONS, OLD_PARENT };
#define TYPE_COUNT 6
#define BAND_COUNT 16 /* age of the head: 20-24, 25-29 ... 95 and over */

/*
 * How often each type occurs by age of the head, in ten-thousandths of all households. Fitted by
 * iterated proportional scaling so that the people who come out have the pyramid of 2024 (five-year
 * bands of the Statistics Bureau's estimates) and the types the shares of the census.
 */
static const int composition[TYPE_COUNT][BAND_COUNT] = {
    [SINGLE] = {192, 59, 120, 167, 129, 128, 317, 328, 292, 261, 550, 525, 352, 237, 128, 15},
    [COUPLE] = {0, 46, 59, 86, 76, 75, 146, 180, 167, 155, 266, 292, 214, 145, 80, 13},
    [CHILDREN] = {0, 167, 290, 300, 309, 402, 343, 225, 209, 255, 0, 0, 0, 0, 0, 0},
    [LONE_PARENT] = {0, 0, 111, 85, 97, 138, 86, 43, 40, 0, 0, 0, 0, 0, 0, 0},
    [THREE_GENERATIONS] = {0, 0, 74, 80, 86, 109, 90, 60, 0, 0, 0, 0, 0, 0, 0, 0},
    [OLD_PARENT] = {0, 0, 0, 0, 88, 100, 133, 109, 75, 42, 53, 0, 0, 0, 0, 0},
};

/* Rates per million; how they were chosen stands in docs/decisions/0060. */
#define SEX_NOT_SET_RATE 200
#define SEX_ON_BACK_RATE 200
#define NON_DISCLOSURE_RATE 1200
#define SELF_REFUSAL_RATE 250000 /* of those households */
#define DIFFERENCE_1_RATE 100
#define DIFFERENCE_2_RATE 9000
#define DIFFERENCE_3_RATE 3000

static void add(struct household *household, enum household_role role, int age, enum sex sex)
{
    size_t at = household->count;

    if (at >= HOUSEHOLD_MAX)
        return;
    household->roles[at] = role;
    household->ages[at] = age;
    household->people[at].sex1 = sex;
    household->count++;
}

static enum sex other_sex(enum sex sex)
{
    return sex == SEX_MALE ? SEX_FEMALE : SEX_MALE;
}

/* Women live longer: most who live alone at a high age are women. */
static enum sex draw_single_sex(struct draw *draw, int age)
{
    int women = age >= 75 ? 700000 : age >= 65 ? 560000 : 450000;

    return draw_chance(draw, women) ? SEX_FEMALE : SEX_MALE;
}

static void add_spouse(struct household *household, struct draw *draw)
{
    int age = household->ages[0] - draw_between(draw, -2, 6);

    add(household, ROLE_SPOUSE, age < 18 ? 18 : age, other_sex(household->people[0].sex1));
}

/* The first child comes at 25 to 35; who is 30 has moved out. */
static void add_children(struct household *household, struct draw *draw, int count)
{
    int age = household->ages[0] - draw_between(draw, 25, 35);

    for (int i = 0; i < count; i++) {
        if (age >= 0 && age <= 29)
            add(household, ROLE_CHILD, age, draw_chance(draw, 512000) ? SEX_MALE : SEX_FEMALE);
        /* one in ninety is a twin */
        age -= draw_chance(draw, 11000) ? 0 : draw_between(draw, 2, 4);
    }
}

static void add_parents(struct household *household, struct draw *draw, int generation, int both)
{
    int age = household->ages[0] + generation;
    enum sex sex = draw_chance(draw, 680000) ? SEX_FEMALE : SEX_MALE;

    if (age <= 102)
        add(household, ROLE_PARENT, age, sex);
    if (age <= 101 && draw_chance(draw, both))
        add(household, ROLE_PARENT, age - draw_between(draw, 0, 5), other_sex(sex));
}

static enum sex draw_head_sex(struct draw *draw, enum household_type type, int age)
{
    if (type == SINGLE || type == OLD_PARENT)
        return draw_single_sex(draw, age);
    return draw_chance(draw, type == LONE_PARENT ? 130000 : 850000) ? SEX_MALE : SEX_FEMALE;
}

/* What a household of a type has beside its head. */
static const struct {
    bool spouse, children;
    int generation_least, generation_most; /* the parents are so much older; 0 = none */
    int both_parents;                      /* chance of a second one, per million */
} types[TYPE_COUNT] = {
    [SINGLE] = {false, false, 0, 0, 0},
    [COUPLE] = {true, false, 0, 0, 0},
    [CHILDREN] = {true, true, 0, 0, 0},
    [LONE_PARENT] = {false, true, 0, 0, 0},
    [THREE_GENERATIONS] = {true, true, 24, 34, 450000},
    [OLD_PARENT] = {false, false, 23, 33, 400000},
};

static void draw_members(struct household *household, struct draw *draw)
{
    static const int children_weights[3] = {45, 42, 13};
    size_t cell = draw_weighted(draw, &composition[0][0], (size_t)TYPE_COUNT * BAND_COUNT);
    enum household_type type = (enum household_type)(cell / BAND_COUNT);
    int band = (int)(cell % BAND_COUNT);
    int age = 20 + 5 * band + draw_below(draw, band == BAND_COUNT - 1 ? 7 : 5);
    int children = 1 + (int)draw_weighted(draw, children_weights, 3);

    add(household, ROLE_HEAD, age, draw_head_sex(draw, type, age));
    if (types[type].spouse)
        add_spouse(household, draw);
    if (type == LONE_PARENT && children > 2)
        children = 2;
    if (types[type].children)
        add_children(household, draw, children);
    if (types[type].generation_least > 0)
        add_parents(household, draw,
                    draw_between(draw, types[type].generation_least, types[type].generation_most),
                    types[type].both_parents);
}

/* Born so that the age is reached on T or up to a year before. */
static struct date draw_birth(struct draw *draw, struct date on, int age)
{
    struct date latest = date_add_months(on, -12 * age);

    return date_add_days(latest, -draw_below(draw, 364));
}

static bool is_twin(const struct household *household, size_t at)
{
    return at > 0 && household->roles[at] == ROLE_CHILD && household->roles[at - 1] == ROLE_CHILD &&
           household->ages[at] == household->ages[at - 1];
}

static void draw_flags(struct draw *draw, struct person *person)
{
    int difference = draw_below(draw, 1000000);

    if (draw_chance(draw, SEX_NOT_SET_RATE)) {
        person->sex2 = person->sex1;
        person->sex1 = SEX_NOT_SET;
    } else if (draw_chance(draw, SEX_ON_BACK_RATE)) {
        person->sex2 = person->sex1;
    }
    if (difference < DIFFERENCE_1_RATE)
        person->register_difference = 1;
    else if (difference < DIFFERENCE_1_RATE + DIFFERENCE_2_RATE)
        person->register_difference = 2;
    else if (difference < DIFFERENCE_1_RATE + DIFFERENCE_2_RATE + DIFFERENCE_3_RATE)
        person->register_difference = 3;
}

enum status household_make(struct scope *scope, uint64_t seed, uint64_t number, struct date on,
                           int64_t first_person_id, struct household *out)
{
    struct draw draw = draw_begin(seed, DRAW_HOUSEHOLD, number);
    struct family_name family = family_name_draw(&draw);
    struct text address = {0};
    struct text postal_code = {0};
    unsigned protection = draw_chance(&draw, NON_DISCLOSURE_RATE) ? PROTECTION_NON_DISCLOSURE : 0;

    if (protection != 0 && draw_chance(&draw, SELF_REFUSAL_RATE))
        protection |= PROTECTION_SELF_REFUSAL;
    *out = (struct household){.seed = seed, .number = number, .on = on, .place = place_draw(&draw)};
    draw_members(out, &draw);
    TRY(place_write_address(scope, &draw, out->place, &address, &postal_code));
    for (size_t i = 0; i < out->count; i++) {
        struct person *person = &out->people[i];
        person->person_id = first_person_id + (int64_t)i;
        person->birth = draw_birth(&draw, on, out->ages[i]);
        if (is_twin(out, i))
            person->birth = out->people[i - 1].birth;
        TRY(person_name_write(scope, &draw, &family, person));
        person->address = address;
        person->postal_code = postal_code;
        person->protection = protection;
        draw_flags(&draw, person);
    }
    return STATUS_OK;
}
