/* SPDX-License-Identifier: Apache-2.0
 *
 * store_protection.h - filings behind person.protection: who holds which flag, until when (2.5).
 *
 * Outside of a transaction each change is one of its own.
 */
#pragma once

#include "domain/protection.h"
#include "store/store.h"

/*
 * The filings that are kept of a person, with those that the person's flags alone tell of
 * (protection_inherit(), as of the scope's day), and room for two more. Lies in the scope.
 */
MUST_CHECK enum status store_find_protection(struct scope *scope, struct store *store,
                                             const struct person *person,
                                             struct protection_book *out);
/*
 * Makes these the person's filings, and person.protection what they hold on the scope's day: what
 * differs is put, what is not among them moves to the history. The same again changes nothing.
 */
MUST_CHECK enum status store_put_protection(struct scope *scope, struct store *store,
                                            int64_t person_id, const struct protection_book *book);

/* Most people that one call lists. */
#define PROTECTION_LIST_MAX 1000
/* People with a filing that ended before a day, ascending, above one; at most limit. */
MUST_CHECK enum status store_list_ended_protections(struct scope *scope, struct store *store,
                                                    struct date day, int64_t after, size_t limit,
                                                    int64_t **out, size_t *count);
