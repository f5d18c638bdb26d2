/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/rule.h"

#include <assert.h>
#include <string.h>

static const struct rule rules[RULE_COUNT] = {
#define RULE(name, id, title_ja, title_en, source, desk_ja, desk_en)                               \
    [RULE_##name] = {id, title_ja, title_en, source, desk_ja, desk_en},
#include "domain/rules.def"
#undef RULE
};

const struct rule *rule_at(enum rule_id id)
{
    return &rules[id];
}

/* Where the requirements put a letter; those they lack come last. */
static size_t letter_rank(char letter)
{
    static const char order[] = "EKRDMPCS";

    for (size_t i = 0; i < sizeof order - 1; i++)
        if (order[i] == letter)
            return i;
    return sizeof order;
}

static int compare_ids(const char *a, const char *b)
{
    size_t rank_a = letter_rank(a[0]);
    size_t rank_b = letter_rank(b[0]);

    return rank_a == rank_b ? strcmp(a, b) : (rank_a > rank_b) - (rank_a < rank_b);
}

const struct rule *rule_find(const char *id)
{
    size_t low = 0;
    size_t high = RULE_COUNT;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_ids(id, rules[middle].id);
        if (order == 0)
            return &rules[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct rule *rule_of(const char *id)
{
    const struct rule *rule = rule_find(id);

    assert(rule);
    return rule;
}

const struct rule *rule_list(size_t *count)
{
    *count = RULE_COUNT;
    return rules;
}
