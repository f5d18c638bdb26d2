/* SPDX-License-Identifier: Apache-2.0
 *
 * child.h - runs another command of this program as a process of its own: the demo's two daemons.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/scope.h"

struct child {
    pid_t pid;       /* 0 = not running */
    char ready[256]; /* the line it printed when ready, without the newline */
};

/*
 * Starts `shikaku ARGUMENTS...` (NULL-terminated, without the program's name) with standard error
 * in log_path, and waits for its first line, "ready ...". Fails with FILE_UNAVAILABLE where it ends
 * or stays silent for ten seconds; its log tells why.
 */
MUST_CHECK enum status child_start(struct scope *scope, const char *const *arguments,
                                   const char *log_path, struct child *out);

/* Runs a command to its end, with this process' output. Returns its exit code, or 3. */
int child_run(const char *const *arguments);

/* Asks it to stop (SIGTERM) and waits; after fifteen seconds it is killed. Accepts one not running.
 */
void child_stop(struct child *child);

/* False where it has ended by itself. */
bool child_alive(struct child *child);
