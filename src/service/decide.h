/* SPDX-License-Identifier: Apache-2.0
 *
 * decide.h - from what was asked, through the store, to the decision. Shared by the operations and
 * by `shikaku explain check`, so that both take the same way.
 */
#pragma once

#include "domain/eligibility.h"
#include "store/store.h"

/*
 * E1: whom the numbers name, and what holds of them that day. The person lives in the scope; no
 * match and several persons are answers. Fails with the store, or STORE_CORRUPT where a way in
 * leads to nobody.
 */
MUST_CHECK enum status decide_by_numbers(struct scope *scope, struct store *store,
                                         const struct insured_key *key, struct date on,
                                         unsigned consents, struct eligibility *out);
