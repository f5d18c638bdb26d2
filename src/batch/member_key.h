/* SPDX-License-Identifier: Apache-2.0
 *
 * member_key.h - the person whom an insurer names by a key.
 *
 * An insurer's own key is the one it registered the person with. Where it registered none, the key
 * is SYMBOL-NUMBER-BRANCH, as printed on the papers; symbol and branch may be empty, the hyphens
 * stand. Written the same way in the monthly list.
 */
#pragma once

#include "domain/standing.h"
#include "store/store_standing.h"

/*
 * Fails with MEMBER_KEY_WRONG, MEMBER_NOT_FOUND, MEMBER_AMBIGUOUS. Only who is, or was, a member of
 * this insurer is found.
 */
MUST_CHECK enum status member_find(struct scope *scope, struct store *store,
                                   struct insurer_number insurer, struct text key, int64_t *out);
