/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_lists.h - what the lists for insurers share: which insurers, and JSON a line.
 */
#pragma once

#include <jansson.h>

#include "store/store.h"

/*
 * The insurers of a store by number, or the one of an option (NULL: all). Fails with
 * INSURER_UNKNOWN where the store has no such insurer.
 */
MUST_CHECK enum status insurer_lists_choose(struct scope *scope, struct store *store,
                                            const char *number, struct insurer **out,
                                            size_t *count);
/* The name of one of them; "" where it is not among them. insurers: by number. */
struct text insurer_lists_name(const struct insurer *insurers, size_t count,
                               struct insurer_number number);
/* Prints an object as one line, and drops it; NULL (memory is out) fails. */
MUST_CHECK enum status insurer_lists_print(struct scope *scope, json_t *object);
/* A text that may not end in NUL; NULL where memory is out or it is no UTF-8. */
json_t *insurer_lists_text(struct text text);
/* yyyy-mm-dd, or null for no date and for the open end. */
json_t *insurer_lists_date(struct date date);
void insurer_lists_store_drop(struct store **store);
