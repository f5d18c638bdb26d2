/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/same_person.h"

#include <string.h>

#include "domain/register_comparison.h"

typedef bool (*normaliser)(struct text text, char out[REGISTER_ITEM_MAX + 1]);

/* What is not told on one side is not the same. */
static bool same_text(struct text a, struct text b, normaliser normalise)
{
    char one[REGISTER_ITEM_MAX + 1];
    char other[REGISTER_ITEM_MAX + 1];

    return normalise(a, one) && normalise(b, other) && one[0] != '\0' && strcmp(one, other) == 0;
}

/* The paper may show it on its back. */
static enum sex told_sex(const struct person *person)
{
    return person->sex1 == SEX_MALE || person->sex1 == SEX_FEMALE ? person->sex1 : person->sex2;
}

static bool sex_differs(const struct person *a, const struct person *b)
{
    enum sex one = told_sex(a);
    enum sex other = told_sex(b);

    return (one == SEX_MALE && other == SEX_FEMALE) || (one == SEX_FEMALE && other == SEX_MALE);
}

/* The register has another person under its number. */
static bool number_doubted(const struct person *person)
{
    return person->register_difference == 1 || person->register_difference == 2;
}

enum same_person_answer same_person_decide(const struct same_person_record *a,
                                           const struct same_person_record *b)
{
    const struct person *one = a->person;
    const struct person *other = b->person;
    bool two_numbers = a->numbered && b->numbered;
    bool name = false;
    bool address = false;

    if (date_compare(one->birth, other->birth) != 0 || sex_differs(one, other) ||
        !same_text(one->name_kana, other->name_kana, register_normalise_kana))
        return SAME_PERSON_NO;
    name = same_text(one->name, other->name, register_normalise_name);
    address = same_text(one->address, other->address, register_normalise_address);
    if (name && address)
        return two_numbers ? SAME_PERSON_PROBABLE : SAME_PERSON_CERTAIN;
    if ((name || address) && (!two_numbers || number_doubted(one) || number_doubted(other)))
        return SAME_PERSON_PROBABLE;
    return SAME_PERSON_NO;
}

const char *same_person_answer_name(enum same_person_answer answer)
{
    static const char *const names[SAME_PERSON_ANSWER_COUNT] = {"no", "probable", "certain"};

    return names[answer];
}

const struct rule *same_person_rule(enum same_person_answer answer)
{
    return rule_at(answer == SAME_PERSON_CERTAIN ? RULE_E1_SAME_PERSON_CERTAIN
                                                 : RULE_E1_SAME_PERSON_PROBABLE);
}

bool same_person_tells(const struct person *own, const struct person *other)
{
    return own->protection != 0 || other->protection == 0;
}
