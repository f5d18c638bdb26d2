/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_names.h - the insurers' names (保険者名称) by number, read once and shared by all
 * threads.
 *
 * A directory never changes; a reload makes a new one. It lives until the last who holds it lets
 * go.
 */
#pragma once

#include "base/scope.h"
#include "base/text.h"
#include "domain/number.h"
#include "store/store.h"

/* Bytes one directory may use: some thousands of insurers. */
#define INSURER_NAMES_LIMIT (16UL * 1024 * 1024)

struct insurer_names; /* opaque, counted */

/* Reads the directory from the store; the caller holds it. */
MUST_CHECK enum status insurer_names_read(struct scope *scope, struct store *store,
                                          struct insurer_names **out);
/* One more holder. */
struct insurer_names *insurer_names_hold(struct insurer_names *names);
/* One holder less; the last frees it. Accepts NULL. */
void insurer_names_drop(struct insurer_names *names);

/* The name, or the empty text where the number is not known. Lives as long as it is held. */
struct text insurer_name(const struct insurer_names *names, struct insurer_number number);
