/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/register_comparison.h"

#include <string.h>

enum sameness { SAME, REWRITTEN, OTHER };

typedef bool (*normaliser)(struct text text, char out[REGISTER_ITEM_MAX + 1]);

static enum sameness same_text(struct text a, struct text b, normaliser normalise)
{
    char one[REGISTER_ITEM_MAX + 1];
    char other[REGISTER_ITEM_MAX + 1];

    if (a.size <= REGISTER_ITEM_MAX && text_equal(a, b))
        return SAME;
    if (!normalise(a, one) || !normalise(b, other))
        return OTHER;
    return strcmp(one, other) == 0 ? REWRITTEN : OTHER;
}

/* A paper may show no sex (3), and a record none: then there is nothing to compare. */
static bool sex_differs(enum sex reported, enum sex held)
{
    bool told = reported == SEX_MALE || reported == SEX_FEMALE;
    bool known = held == SEX_MALE || held == SEX_FEMALE;

    return told && known && reported != held;
}

static void note(struct register_comparison *comparison, unsigned item, enum sameness sameness)
{
    if (sameness == OTHER)
        comparison->items |= item;
    else if (sameness == REWRITTEN)
        comparison->rewritten |= item;
}

/* The table of 2.4, worst first. One name alone is in no class. */
static int class_of(unsigned items)
{
    bool name = items & REGISTER_NAME;
    bool kana = items & REGISTER_KANA;
    bool address = items & REGISTER_ADDRESS;

    if (items & (REGISTER_BIRTH | REGISTER_SEX))
        return 1;
    if ((name && kana) || ((name || kana) && address))
        return 2;
    return address ? 3 : 0;
}

enum rule_id register_rule_of(int difference)
{
    static const enum rule_id rules[] = {RULE_E1_REGISTER_EQUAL, RULE_E1_REGISTER_CLASS_1,
                                         RULE_E1_REGISTER_CLASS_2, RULE_E1_REGISTER_CLASS_3};

    return rules[difference];
}

static enum rule_id rule_for(const struct register_comparison *comparison)
{
    if (comparison->difference != 0)
        return register_rule_of(comparison->difference);
    if (comparison->items != 0)
        return RULE_E1_REGISTER_ONE_NAME;
    return comparison->rewritten != 0 ? RULE_E1_REGISTER_VARIANT : RULE_E1_REGISTER_EQUAL;
}

struct register_comparison register_compare(const struct register_identity *reported,
                                            const struct register_identity *held)
{
    struct register_comparison comparison = {0};

    if (date_compare(reported->birth, held->birth) != 0)
        comparison.items |= REGISTER_BIRTH;
    if (sex_differs(reported->sex, held->sex))
        comparison.items |= REGISTER_SEX;
    note(&comparison, REGISTER_NAME,
         same_text(reported->name, held->name, register_normalise_name));
    note(&comparison, REGISTER_KANA,
         same_text(reported->kana, held->kana, register_normalise_kana));
    note(&comparison, REGISTER_ADDRESS,
         same_text(reported->address, held->address, register_normalise_address));
    comparison.difference = class_of(comparison.items);
    comparison.rule = rule_for(&comparison);
    return comparison;
}

struct register_comparison register_unknown(void)
{
    return (struct register_comparison){.difference = 1, .rule = RULE_E1_REGISTER_UNKNOWN};
}

/* A reason for a grave class covers the lighter ones: 1 covers all, 2 covers 3. */
bool register_reason_stands(int given_for, int found)
{
    return given_for != 0 && found >= given_for;
}
