/* SPDX-License-Identifier: Apache-2.0
 *
 * register_serve.c - shikaku register serve: the resident register on the network.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "command/command.h"
#include "command/daemon.h"
#include "resident/resident_server.h"

struct settings {
    struct daemon_settings daemon;
    const char *store, *listen_address;
    const char *certificate, *key, *client_ca;
    int64_t listen_port, connections, idle_timeout;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"config", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Configuration file; the command line wins over it.",
     "設定ファイル(コマンドラインの指定が優先)。", AT(daemon.config), false},
    {"write-sample-config", OPTION_FLAG, NULL, NULL, 0, 0,
     "Write a configuration file with all defaults and stop.",
     "既定値の設定ファイルを出力して終了。", AT(daemon.write_sample_config), false},
    {"store", OPTION_TEXT, "PATH", NULL, 0, 0, "The register's file (SQLite, mode 0600).",
     "住民基本台帳のファイル(SQLite、モード0600)。", AT(store), true},
    {"listen-address", OPTION_TEXT, "ADDRESS", "127.0.0.1", 0, 0, "Numeric address to listen on.",
     "待受アドレス(数値)。", AT(listen_address), false},
    {"listen-port", OPTION_NUMBER, "PORT", "8445", 0, 65535,
     "Port to listen on; 0 lets the system choose.", "待受ポート(0は自動)。", AT(listen_port),
     false},
    {"certificate", OPTION_TEXT, "FILE", NULL, 0, 0, "Server certificate and its chain, PEM.",
     "サーバー証明書(PEM)。", AT(certificate), true},
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "Key of the server certificate, PEM.",
     "サーバー証明書の秘密鍵(PEM)。", AT(key), true},
    {"client-ca", OPTION_TEXT, "FILE", NULL, 0, 0, "CAs that sign clients' certificates, PEM.",
     "クライアント証明書の認証局(PEM)。", AT(client_ca), true},
    {"connections", OPTION_NUMBER, "N", "100", 1, 10000, "Connections at most.", "接続数の上限。",
     AT(connections), false},
    {"idle-timeout", OPTION_NUMBER, "SECONDS", "60", 1, 3600,
     "A connection without a byte for so long is closed.", "無通信の接続を閉じるまでの秒数。",
     AT(idle_timeout), false},
    {"log-level", OPTION_TEXT, "LEVEL", "info", 0, 0, "error, warning, info or debug.",
     "ログの詳しさ(error、warning、info、debug)。", AT(daemon.log_level), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};
static const int taken[] = {SIGTERM, SIGINT, 0};

static void file_drop(struct resident_file **file)
{
    resident_file_close(*file);
}

static void wait_for_stop(const sigset_t *signals)
{
    int signal = 0;

    sigwait(signals, &signal);
    LOG(INFO, NULL, "stopping", "signal='%d'", signal);
}

static enum status serve(struct scope *scope, const struct settings *settings,
                         const sigset_t *signals)
{
    CLEANUP(file_drop) struct resident_file *file = NULL;
    const struct resident_options server_options = {
        .address = settings->listen_address,
        .port = (int)settings->listen_port,
        .certificate_path = settings->certificate,
        .key_path = settings->key,
        .client_ca_path = settings->client_ca,
        .connections = (int)settings->connections,
        .idle_timeout = (int)settings->idle_timeout,
    };
    struct resident_server *server = NULL;
    int64_t residents = 0;

    TRY(resident_file_open(scope, settings->store, RESIDENT_READ, &file));
    TRY(resident_count(scope, file, &residents));
    LOG(INFO, scope, "register opened", "residents='%lld'", (long long)residents);
    TRY(resident_server_open(scope, &server_options, file, &server));
    daemon_say_ready("https", settings->listen_address, resident_server_port(server));
    wait_for_stop(signals);
    resident_server_close(server);
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;
    sigset_t signals;

    (void)words;
    if (settings->daemon.write_sample_config) {
        options_write_sample(stdout, table, "shikaku register serve");
        return 0;
    }
    if (daemon_read_settings(scope, table, settings, argv) != STATUS_OK)
        return -1;
    signals = daemon_block_signals(taken);
    return serve(scope, settings, &signals) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {"shikaku register serve --config demo/register.conf",
                                       "runs the register of a world / 世界の住民基本台帳を動かす",
                                       NULL};

const struct command command_register_serve = {
    .name = "register serve",
    .arguments = "",
    .summary_en = "Runs the resident register that insurers and the operator ask.",
    .summary_ja = "照会先となる住民基本台帳(模擬)を実行する。",
    .description =
        "Stands in for the resident register network (住民基本台帳ネットワーク), which is another "
        "organisation's: look-ups by individual number and by the five items, comparisons, and a "
        "feed of changes, over HTTPS with client certificates of insurers and of the operator "
        "(docs/resident-register.md). Prints one line when it is ready; SIGTERM and SIGINT stop "
        "it.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
