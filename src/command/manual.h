/* SPDX-License-Identifier: Apache-2.0
 *
 * manual.h - what people read about the commands, made from the command table: --help, man pages.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "command/command.h"

/* All commands, a line each. */
void manual_write_overview(FILE *out);
/* The commands of a group such as "explain"; false where there is no such group. */
bool manual_write_group(FILE *out, const char *group);
/* One command: usage, options in English and Japanese, examples. */
void manual_write_help(FILE *out, const struct command *command);
/* One manual page, section 1, in mdoc. */
void manual_write_page(FILE *out, const struct command *command);
/* All manual pages into a folder: shikaku.1, shikaku-serve.1 ... Returns an exit code. */
int manual_write_pages(const char *folder);
