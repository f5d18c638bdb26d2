/* SPDX-License-Identifier: Apache-2.0 */
#include "command/daemon.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

enum status daemon_read_settings(struct scope *scope, struct option_table table, void *settings,
                                 char **argv)
{
    const struct daemon_settings *daemon = settings;
    enum log_level level = LOG_INFO;
    int argc = 0;
    int words = 0;

    if (daemon->config) {
        TRY(options_read_file(scope, table, daemon->config, settings));
        while (argv[argc])
            argc++;
        TRY(options_parse(scope, table, argc, argv, settings, &words));
    }
    TRY(options_require(scope, table, settings));
    if (!log_read_level(daemon->log_level, &level))
        return scope_fail(scope, CAUSE_USAGE, "--log-level: error, warning, info or debug");
    log_set_level(level);
    return STATUS_OK;
}

sigset_t daemon_block_signals(const int *signals)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    for (; *signals; signals++)
        sigaddset(&set, *signals);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return set;
}

void daemon_say_ready(const char *scheme, const char *address, int port)
{
    bool six = strchr(address, ':') != NULL;

    printf("ready %s://%s%s%s:%d\n", scheme, six ? "[" : "", address, six ? "]" : "", port);
    fflush(stdout);
}
