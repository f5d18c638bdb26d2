/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/service_class.h"

#include "domain/policy.h"

#define CLASS_COUNT 3

/* What a row of the table says of a class. */
enum word {
    NO,      /* × */
    YES,     /* the row's way */
    OFF_WAY, /* for a reception off the normal path, voluntary */
    BY_CASE, /* voluntary, for some of the transitional measures */
};

/* E3 as it stands in the deck: normal, mobile with consent, eligibility only. */
static const enum word table[FACILITY_ROW_COUNT][CLASS_COUNT] = {
    [ROW_INSURED_INSTITUTION] = {YES, OFF_WAY, NO},
    [ROW_PHARMACY] = {YES, OFF_WAY, NO},
    [ROW_WORKPLACE_CLINIC] = {YES, NO, NO},
    [ROW_HOME_CARE] = {NO, YES, NO},
    [ROW_TRANSITIONAL] = {YES, YES, BY_CASE},
    [ROW_CHECKUP_PROVIDER] = {NO, NO, YES},
    [ROW_MIDWIFERY] = {NO, NO, YES},
    [ROW_MANDATE_EXEMPT] = {NO, NO, YES},
    [ROW_THERAPY_CLINIC] = {NO, NO, YES},
};

/* The transitional measures: their last day where one is known, and whether class 3 is theirs. */
static const struct {
    int last;
    bool class_3;
} measures[MEASURE_LAST + 1] = {
    [1] = {POLICY_MEASURE_1_LAST_DAY, false},
    [2] = {0, true},
    [4] = {0, true},
    [6] = {0, true},
};

static const struct {
    int begins;
    enum rule_id rule;
    const char *ja, *en;
} classes[CLASS_COUNT] = {
    {POLICY_CLASS_1_BEGINS, RULE_E3_CLASS_1, "通常のオンライン資格確認", "normal, face reader"},
    {POLICY_CLASS_2_BEGINS, RULE_E3_CLASS_2, "居宅同意取得型", "mobile with consent"},
    {POLICY_CLASS_3_BEGINS, RULE_E3_CLASS_3, "資格確認限定型", "eligibility only"},
};

/* The last day of the place's measure: its own deadline, else the measure's, else none is known. */
static struct date last_day(const struct service_place *place)
{
    if (date_is(place->measure_until))
        return place->measure_until;
    return measures[place->measure].last ? DATE(measures[place->measure].last) : DATE_NONE;
}

static bool is_over(struct date last, struct date on)
{
    return date_is(last) && date_before(last, on);
}

static struct service_permission refuse(struct service_permission permission, enum rule_id rule)
{
    permission.allowed = false;
    permission.optional = false;
    permission.medical = false;
    permission.rule = rule;
    return permission;
}

/* A word of the table, before the calendar. */
static struct service_permission read_word(enum word word, enum service_class class)
{
    struct service_permission permission = {
        .allowed = word != NO,
        .optional = word == OFF_WAY || word == BY_CASE,
        .medical = word != NO && class != CLASS_ELIGIBILITY_ONLY,
        .rule = word == OFF_WAY ? RULE_E3_CLASS_2_OPTIONAL : classes[class - 1].rule,
        .from = DATE(classes[class - 1].begins),
    };

    return word == NO ? refuse(permission, RULE_E3_NOT_FOR_FACILITY) : permission;
}

/* While a measure runs the place may prepare; after it, it is a place like any other of its kind.
 */
static struct service_permission under_measure(const struct service_place *place,
                                               enum service_class class, struct date on)
{
    struct date last = last_day(place);
    struct service_permission permission = read_word(
        table[is_over(last, on) ? ROW_INSURED_INSTITUTION : ROW_TRANSITIONAL][class - 1], class);

    permission.deadline = last;
    if (class != CLASS_ELIGIBILITY_ONLY)
        return permission;
    if (!measures[place->measure].class_3)
        return refuse(permission, RULE_E3_NOT_FOR_FACILITY);
    if (is_over(last, on))
        return refuse(permission, RULE_E3_MEASURE_OVER);
    permission.rule = RULE_E3_CLASS_3_MEASURE;
    return permission;
}

struct service_permission service_class_on(const struct service_place *place,
                                           enum service_class class, struct date on)
{
    bool measure = place->row == ROW_TRANSITIONAL && place->measure >= MEASURE_FIRST &&
                   place->measure <= MEASURE_LAST;
    enum facility_row row = place->row == ROW_TRANSITIONAL ? ROW_INSURED_INSTITUTION : place->row;
    struct service_permission permission =
        measure ? under_measure(place, class, on) : read_word(table[row][class - 1], class);

    if (!permission.allowed)
        permission.from = DATE_NONE;
    else if (date_before(on, permission.from))
        permission = refuse(permission, RULE_E3_NOT_YET);
    return permission;
}

const char *service_class_ja(enum service_class class)
{
    return classes[class - 1].ja;
}

const char *service_class_en(enum service_class class)
{
    return classes[class - 1].en;
}
