/* SPDX-License-Identifier: Apache-2.0
 *
 * member_label.h - how a list names a member to the insurer that reads it.
 */
#pragma once

#include "store/store_member.h"

/*
 * The key that the insurer registered the person with; where it registered none,
 * SYMBOL-NUMBER-BRANCH of its coverage, as printed on the papers. person: with the coverages.
 */
MUST_CHECK enum status member_label(struct scope *scope, struct store *store,
                                    const struct person *person, const struct coverage *coverage,
                                    struct text *out);
/* The same by ids alone: the coverage of that id, which may be gone: then "". */
MUST_CHECK enum status member_label_of(struct scope *scope, struct store *store,
                                       const struct registration_clock *clock, struct text *out);
