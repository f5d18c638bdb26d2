/* SPDX-License-Identifier: Apache-2.0
 *
 * card_emulate.c - shikaku card emulate: an emulated card in the machine's own PC/SC service.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "card/emulated_card.h"
#include "card/vpcd.h"
#include "command/command.h"
#include "command/daemon.h"

struct settings {
    bool vpcd; /* the one way there is */
    const char *host;
    int64_t port;
    int64_t wait;
    const char *atr;
    bool log_commands;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"vpcd", OPTION_FLAG, NULL, NULL, 0, 0,
     "Into the virtual reader of vsmartcard-vpcd (the one way there is, and the default).",
     "vsmartcard-vpcdの仮想リーダーに入れる(唯一の方法、既定)。", AT(vpcd), false},
    {"host", OPTION_TEXT, "HOST", "127.0.0.1", 0, 0, "Where pcscd runs.", "pcscdのホスト。",
     AT(host), false},
    {"port", OPTION_NUMBER, "N", "35963", 1, 65535,
     "The reader's port: 35963 for its first slot, 35964 for the second.",
     "リーダーのポート(1番目のスロットは35963、2番目は35964)。", AT(port), false},
    {"wait-seconds", OPTION_NUMBER, "N", "10", 0, 86400,
     "How long the reader may be away, at the start and later.",
     "リーダーに接続できないときに待つ秒数。", AT(wait), false},
    {"atr", OPTION_TEXT, "HEX", "3BE000FF8131FE4514", 0, 0,
     "Answer to reset: the reader's choice of protocol rests on it.",
     "リセット応答(ATR)。プロトコルが決まる。", AT(atr), false},
    {"log-apdu", OPTION_FLAG, NULL, NULL, 0, 0,
     "Log every command and answer; what could be a PIN is left out.",
     "コマンドと応答を記録する(暗証番号は出さない)。", AT(log_commands), false},
};

static void link_drop(struct card_link **link)
{
    if (*link)
        (*link)->ops->close(*link);
}

static void descriptor_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* The first time on standard output, for scripts that wait; later in the log. */
static void tell_seen(void *options_)
{
    const struct vpcd_options *made = options_;

    printf("ready %s:%s\n", made->host, made->port);
    fflush(stdout);
}

static enum status emulate(struct scope *scope, const struct settings *settings, const char *path)
{
    static const int taken[] = {SIGTERM, SIGINT, SIGHUP, 0};
    CLEANUP(link_drop) struct card_link *link = NULL;
    struct vpcd_card card = {.log = settings->log_commands};
    char port[8];
    struct vpcd_options made = {
        .host = settings->host, .port = port, .patience = settings->wait * 1000, .seen = tell_seen};
    const sigset_t set = daemon_block_signals(taken);
    CLEANUP(descriptor_close) int stop = signalfd(-1, &set, SFD_CLOEXEC);

    if (stop < 0)
        return scope_fail(scope, CAUSE_INTERNAL, "no signalfd");
    if (!vpcd_atr_read(settings->atr, &card))
        return scope_fail(scope, CAUSE_USAGE, "--atr: 2 to 33 bytes in hexadecimal, from 3B or 3F");
    snprintf(port, sizeof port, "%d", (int)settings->port);
    made.context = &made;
    TRY(emulated_card_open(scope, path, &link));
    card.link = link;
    return vpcd_serve(scope, &made, &card, stop);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    (void)words;
    return emulate(scope, settings_, argv[0]) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku card emulate --vpcd demo/world/cards/valid-employee.card",
    "puts that card into the virtual reader; Ctrl-C takes it out",
    "shikaku card emulate --log-apdu world/cards/pinless.card",
    "the same with a card that has no PIN; each command shows in the log", NULL};

const struct command command_card_emulate = {
    .name = "card emulate",
    .arguments = "CARD",
    .summary_en = "Puts an emulated card into the PC/SC service, for any program to use.",
    .summary_ja = "模擬カードをPC/SCに接続する(どのプログラムからも使える)。",
    .description =
        "CARD is a .card file, as shikaku world makes them. Needs pcscd with vsmartcard-vpcd:\n"
        "start pcscd first, as root. Prints a line 'ready HOST:PORT' each time the reader has\n"
        "found the card. SIGINT and SIGTERM take the card out. PIN counters are kept in the\n"
        "card file before the answer that tells of them leaves: neither a restart nor kill -9\n"
        "gives a try back.\n\n"
        "Everything about the card is invented, and what nobody outside has seen of a real one\n"
        "is simulated: docs/card.md says what. The virtual reader listens on all interfaces\n"
        "without asking who comes: keep its ports behind a firewall.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
