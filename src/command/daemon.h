/* SPDX-License-Identifier: Apache-2.0
 *
 * daemon.h - what the commands that stay have in common: a configuration file, a log, signals.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/options.h"

/* First member of a daemon's settings; its table has options of these names. */
struct daemon_settings {
    const char *config;       /* path of a configuration file, NULL = none */
    bool write_sample_config; /* print one and stop */
    const char *log_level;    /* error, warning, info or debug */
};

/*
 * Reads the file that --config names, if one is named, into settings, and the command line again
 * after it, which wins; then checks what is required and sets the level of the log. settings begins
 * with a struct daemon_settings. Fails with USAGE or CONFIGURATION.
 */
MUST_CHECK enum status daemon_read_settings(struct scope *scope, struct option_table table,
                                            void *settings, char **argv);
/*
 * Blocks these signals (0 ends the list) in the calling thread and those it will start, ignores
 * SIGPIPE, and returns the set, to wait for. Call it before the first thread.
 */
sigset_t daemon_block_signals(const int *signals);

/* The one line on standard output that says where it listens: "ready https://127.0.0.1:8443". */
void daemon_say_ready(const char *scheme, const char *address, int port);
