/* SPDX-License-Identifier: Apache-2.0
 *
 * register_option.h - the resident register that a command asks, as its options name it.
 */
#pragma once

#include "register/register_client.h"

/*
 * Opens the client of an address; none (NULL) where it has no url. prefix: of the names of the
 * options that belong to --register ("" or "register-"). Fails with USAGE where one is missing, and
 * as register_client_open() does. Call it before there are threads.
 */
MUST_CHECK enum status register_option_open(struct scope *scope, const char *prefix,
                                            const struct register_address *address,
                                            struct register_client **out);
