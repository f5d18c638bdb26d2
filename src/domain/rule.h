/* SPDX-License-Identifier: Apache-2.0
 *
 * rule.h - every decision's rule by name: what it says, where it is written, what the desk does.
 *
 * The rows stand in rules.def. The journal records the id with each answer; `shikaku explain`
 * prints the row. Ids are "<requirement>.<name>", never reused.
 */
#pragma once

#include <stddef.h>

/* RULE_E1_VALID ... one a row of rules.def, in its order. */
enum rule_id {
#define RULE(name, id, title_ja, title_en, source, desk_ja, desk_en) RULE_##name,
#include "domain/rules.def"
#undef RULE
    RULE_COUNT
};

struct rule {
    const char *id;       /* "E1.valid", "K2.grace" ... */
    const char *title_ja; /* what was decided */
    const char *title_en;
    const char *source;  /* requirement id, document, section */
    const char *desk_ja; /* what the desk does now */
    const char *desk_en;
};

/* The rule by its enumerator: the way for decisions. */
const struct rule *rule_at(enum rule_id id);
/* The rule of an id, or NULL: for ids from outside. */
const struct rule *rule_find(const char *id);
/* The rule of an id; asserts that it exists (ids are ours). */
const struct rule *rule_of(const char *id);
/* All rules, in the order of the requirements (E, K, R, D, M, P, C, S), then of their names. */
const struct rule *rule_list(size_t *count);
