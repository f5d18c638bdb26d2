/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_option.h - the insurer that a command is for.
 */
#pragma once

#include "base/scope.h"
#include "domain/number.h"

/* Reads a 保険者番号; fails with USAGE and says what is wrong with it. */
MUST_CHECK enum status insurer_option_read(struct scope *scope, const char *word,
                                           struct insurer_number *out);
