/* SPDX-License-Identifier: Apache-2.0
 *
 * rule.h - every decision's rule by name: what it says, where it is written, what the desk does.
 *
 * The journal records the id with each answer; `shikaku explain` prints the row. Ids are
 * "<requirement>.<name>", never reused.
 */
#pragma once

#include <stddef.h>

struct rule {
    const char *id;       /* "E1.valid", "K2.grace" ... */
    const char *title_ja; /* what was decided */
    const char *title_en;
    const char *source; /* requirement id, document, section */
    const char *desk_ja; /* what the desk does now */
    const char *desk_en;
};

/* The rule of an id; asserts that it exists (ids are ours). */
const struct rule *rule_of(const char *id);
/* All rules, in the order of the requirements. */
const struct rule *rule_list(size_t *count);
