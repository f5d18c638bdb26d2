/* SPDX-License-Identifier: Apache-2.0 */
#include "command/command.h"

/* In the order of --help. */
const struct command *const commands[] = {
    NULL,
};
