/* SPDX-License-Identifier: Apache-2.0
 *
 * card_respond.c - shikaku card respond: OCSP, CRLs and links of the issuer, on the network.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "command/command.h"
#include "command/daemon.h"
#include "command/issuer_words.h"
#include "issuance/responder.h"

#define STOP_SECONDS 5

struct settings {
    struct daemon_settings daemon;
    const char *issuer, *listen_address;
    int64_t listen_port, connections, idle_timeout, request_timeout;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"config", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Configuration file; the command line wins over it.",
     "設定ファイル(コマンドラインの指定が優先)。", AT(daemon.config), false},
    {"write-sample-config", OPTION_FLAG, NULL, NULL, 0, 0,
     "Write a configuration file with all defaults and stop.",
     "既定値の設定ファイルを出力して終了。", AT(daemon.write_sample_config), false},
    {"issuer", OPTION_TEXT, "DIR", NULL, 0, 0, "The issuer's state folder: pki/ of a world.",
     "発行者のフォルダー(世界のpki/)。", AT(issuer), true},
    {"listen-address", OPTION_TEXT, "ADDRESS", "127.0.0.1", 0, 0, "Numeric address to listen on.",
     "待受アドレス(数値)。", AT(listen_address), false},
    {"listen-port", OPTION_NUMBER, "PORT", "8444", 0, 65535,
     "Port to listen on; 0 lets the system choose.", "待受ポート(0は自動)。", AT(listen_port),
     false},
    {"connections", OPTION_NUMBER, "N", "200", 1, RESPONDER_CONNECTIONS_MAX, "Connections at most.",
     "接続数の上限。", AT(connections), false},
    {"idle-timeout", OPTION_NUMBER, "SECONDS", "60", 1, 3600,
     "A connection without a byte for so long is closed.", "無通信の接続を閉じるまでの秒数。",
     AT(idle_timeout), false},
    {"request-timeout", OPTION_NUMBER, "SECONDS", "10", 1, 600,
     "A request that is not complete after so long is dropped, however slow its bytes come.",
     "受信が完了しない要求を打ち切るまでの秒数。", AT(request_timeout), false},
    {"log-level", OPTION_TEXT, "LEVEL", "info", 0, 0, "error, warning, info or debug.",
     "ログの詳しさ(error、warning、info、debug)。", AT(daemon.log_level), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};
static const int taken[] = {SIGTERM, SIGINT, 0};

static void desk_drop(struct status_desk **desk)
{
    status_desk_close(*desk);
}

static void wait_for_stop(const sigset_t *signals, struct responder *responder)
{
    const struct timespec second = {.tv_sec = 1};
    int signal = -1;

    while ((signal = sigtimedwait(signals, NULL, &second)) < 0)
        responder_sweep(responder);
    LOG(INFO, NULL, "stopping", "signal='%d'", signal);
}

static enum status respond(struct scope *scope, const struct settings *settings,
                           const sigset_t *signals)
{
    CLEANUP(office_drop) struct office *office = NULL;
    CLEANUP(desk_drop) struct status_desk *desk = NULL;
    const struct responder_options responder_options = {
        .address = settings->listen_address,
        .port = (int)settings->listen_port,
        .connections = (int)settings->connections,
        .idle_timeout = (int)settings->idle_timeout,
        .request_timeout = (int)settings->request_timeout,
    };
    struct responder *responder = NULL;

    TRY(office_open(scope, settings->issuer, &office));
    TRY(status_desk_open(scope, office, &desk));
    TRY(responder_open(scope, &responder_options, desk, &responder));
    LOG(INFO, scope, "issuer opened", "generations='%d'", office_generations(office));
    daemon_say_ready("http", settings->listen_address, responder_port(responder));
    wait_for_stop(signals, responder);
    responder_close(responder, STOP_SECONDS);
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;
    sigset_t signals;

    (void)words;
    if (settings->daemon.write_sample_config) {
        options_write_sample(stdout, table, "shikaku card respond");
        return 0;
    }
    if (daemon_read_settings(scope, table, settings, argv) != STATUS_OK)
        return -1;
    signals = daemon_block_signals(taken);
    return respond(scope, settings, &signals) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku card respond --issuer demo/pki",
    "answers whether certificates of a world are good / 世界の電子証明書の有効性を回答する",
    "curl -s http://127.0.0.1:8444/links?after=0",
    "which certificates took the place of which / 新旧シリアル番号の対応", NULL};

const struct command command_card_respond = {
    .name = "card respond",
    .arguments = "",
    .summary_en = "Tells whether certificates are good: OCSP, CRLs, and which follows which.",
    .summary_ja = "電子証明書の有効性(OCSP・失効リスト)と新旧の対応を回答する。",
    .description =
        "The issuer's service (J-LIS role, simulated), over plain HTTP: POST / or /ocsp and GET\n"
        "/ocsp/BASE64 for OCSP, GET /crl/ISSUER.crl, GET /links/ISSUER/SERIAL and /links?after=N.\n"
        "What `card issue`, `renew` and `revoke` do meanwhile is told at once. Prints one line\n"
        "when it is ready; SIGTERM and SIGINT stop it.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
