/* SPDX-License-Identifier: Apache-2.0
 *
 * serve.c - shikaku serve: the central service, until it is told to stop.
 */
#include <arpa/inet.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "command/command.h"
#include "command/daemon.h"
#include "command/spool_loader.h"
#include "http/server.h"
#include "proof/issuer.h"

/* What is under way when we are told to stop has this long to end. */
#define STOP_SECONDS 10
/* Bytes of freed memory that are kept for what comes next. */
#define KEPT_MEMORY (64 * 1024 * 1024)

struct settings {
    struct daemon_settings daemon;
    const char *listen_address;
    int64_t listen_port;
    const char *certificate, *key, *client_ca;
    const char *store, *journal, *card_ca, *policy;
    int64_t threads, body_limit, header_memory, idle_timeout, request_timeout;
    int64_t connections, connections_per_address, requests;
    int64_t challenge_lifetime, challenges, certificate_cache, journal_segment;
    const char *ocsp_url, *crl_url, *link_url;
    int64_t status_age, status_grace;
    const char *spool, *link_key;
    int64_t spool_quota, spool_file_limit, spool_files, spool_files_per_insurer, spool_writers;
    int64_t spool_hours, spool_days, upload_timeout;
    struct {
        const char *url, *ca, *certificate, *key;
        int64_t timeout;
    } registrar;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"config", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Configuration file; the command line wins over it.",
     "設定ファイル(コマンドラインの指定が優先)。", AT(daemon.config), false},
    {"write-sample-config", OPTION_FLAG, NULL, NULL, 0, 0,
     "Write a configuration file with all defaults and stop.",
     "既定値の設定ファイルを出力して終了。", AT(daemon.write_sample_config), false},
    {"listen-address", OPTION_TEXT, "ADDRESS", "127.0.0.1", 0, 0, "Numeric address to listen on.",
     "待受アドレス(数値)。", AT(listen_address), false},
    {"listen-port", OPTION_NUMBER, "PORT", "8443", 0, 65535,
     "Port to listen on; 0 lets the system choose.", "待受ポート(0は自動)。", AT(listen_port),
     false},
    {"certificate", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Server certificate and its chain, PEM; best with a P-256 key.",
     "サーバー証明書(PEM、P-256を推奨)。", AT(certificate), true},
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "Key of the server certificate, PEM.",
     "サーバー証明書の秘密鍵(PEM)。", AT(key), true},
    {"client-ca", OPTION_TEXT, "FILE", NULL, 0, 0, "CAs that sign clients' certificates, PEM.",
     "クライアント証明書の認証局(PEM)。", AT(client_ca), true},
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"journal", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder of the audit journal.",
     "監査記録のフォルダー。", AT(journal), true},
    {"card-ca", OPTION_TEXT, "FILE", NULL, 0, 0,
     "CAs of authentication certificates, PEM; their order numbers them from 1.",
     "利用者証明用電子証明書の認証局(PEM、記載順が番号)。", AT(card_ca), true},
    {"policy", OPTION_TEXT, "OID", ISSUER_POLICY_OID, 0, 0,
     "Certificate policy that an authentication certificate must name.",
     "利用者証明用電子証明書に必要な証明書ポリシー。", AT(policy), false},
    {"threads", OPTION_NUMBER, "N", "0", 0, 256, "Threads that answer; 0 is one a core.",
     "処理スレッド数(0はコア数)。", AT(threads), false},
    {"body-limit", OPTION_NUMBER, "BYTES", "65536", 1024, 1048576, "Largest body of a request.",
     "要求本文の上限(バイト)。", AT(body_limit), false},
    {"header-memory", OPTION_NUMBER, "BYTES", "16384", 4096, 1048576,
     "Memory of a connection for headers and buffers.", "接続ごとのヘッダー用メモリ(バイト)。",
     AT(header_memory), false},
    {"idle-timeout", OPTION_NUMBER, "SECONDS", "120", 1, 86400,
     "A connection without a byte for so long is closed.", "無通信の接続を閉じるまでの秒数。",
     AT(idle_timeout), false},
    {"request-timeout", OPTION_NUMBER, "SECONDS", "30", 1, 3600,
     "A handshake or request that takes longer to arrive is cut off.",
     "ハンドシェイクまたは要求の受信を打ち切るまでの秒数。", AT(request_timeout), false},
    {"connections", OPTION_NUMBER, "N", "20000", 1, 1000000, "Connections at most.",
     "接続数の上限。", AT(connections), false},
    {"connections-per-address", OPTION_NUMBER, "N", "1000", 1, 1000000,
     "Connections at most from one address.", "1アドレスあたりの接続数の上限。",
     AT(connections_per_address), false},
    {"requests", OPTION_NUMBER, "N", "4096", 1, 1000000,
     "Requests under way at most; more are told to come again.", "同時処理数の上限。", AT(requests),
     false},
    {"challenge-lifetime", OPTION_NUMBER, "SECONDS", "60", 5, 600,
     "How long a card may take to sign.", "チャレンジの有効秒数。", AT(challenge_lifetime), false},
    {"challenges", OPTION_NUMBER, "N", "65536", 16, 16777216, "Challenges alive at most.",
     "有効なチャレンジ数の上限。", AT(challenges), false},
    {"certificate-cache", OPTION_NUMBER, "N", "65536", 0, 16777216,
     "Verified card certificates that are remembered.", "検証済み証明書の保持数。",
     AT(certificate_cache), false},
    {"ocsp-url", OPTION_TEXT, "URL", NULL, 0, 0,
     "OCSP responder of the card CAs; %d becomes the CA's number. Without: no question.",
     "失効確認のOCSPレスポンダー(%dは認証局の番号)。省略時は照会しない。", AT(ocsp_url), false},
    {"crl-url", OPTION_TEXT, "URL", NULL, 0, 0,
     "DER CRL of the card CAs (http, https or file:///); %d becomes the CA's number.",
     "失効リスト(DER形式、http・https・file:///、%dは認証局の番号)。", AT(crl_url), false},
    {"link-url", OPTION_TEXT, "URL", NULL, 0, 0,
     "The issuer's links from old to new certificates (https, or http on this machine).",
     "更新前後の電子証明書の紐付けサービス(https、または自機のhttp)。", AT(link_url), false},
    {"status-age", OPTION_NUMBER, "SECONDS", "900", 1, 86400,
     "How long an OCSP answer is used, and how often CRLs are fetched.",
     "OCSP応答を使う秒数、失効リストの取得間隔。", AT(status_age), false},
    {"status-grace", OPTION_NUMBER, "SECONDS", "86400", 0, 604800,
     "While the responder is away: how old the last known state or the CRL may be.",
     "レスポンダー停止中に使える記録の古さの上限(秒)。", AT(status_grace), false},
    {"journal-segment", OPTION_NUMBER, "BYTES", "67108864", 65536, 1073741824,
     "Size of one journal file.", "監査記録の1ファイルの大きさ(バイト)。", AT(journal_segment),
     false},
    {"spool", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Folder for registration files that insurers send; none are taken where left out.",
     "保険者の登録ファイルを受け付けるフォルダー。省略時は受け付けません。", AT(spool), false},
    {"link-key", OPTION_TEXT, "FILE", NULL, 0, 0,
     "The link key, mode 0600, for files with individual numbers; needed with --spool.",
     "連携符号の鍵(モード0600)。--spoolのときに必要です。", AT(link_key), false},
    {"spool-quota", OPTION_NUMBER, "BYTES", "68719476736", 1048576, INT64_MAX,
     "Bytes of all files and replies in it.", "受付フォルダー全体の容量(バイト)。", AT(spool_quota),
     false},
    {"spool-file-limit", OPTION_NUMBER, "BYTES", "17179869184", 1024, INT64_MAX,
     "Largest file that is taken.", "受け付けるファイルの上限(バイト)。", AT(spool_file_limit),
     false},
    {"spool-files", OPTION_NUMBER, "N", "4096", 1, 100000, "Files kept at most.",
     "保持するファイル数の上限。", AT(spool_files), false},
    {"spool-files-per-insurer", OPTION_NUMBER, "N", "64", 1, 200, "Files kept of one insurer.",
     "1保険者あたりのファイル数の上限。", AT(spool_files_per_insurer), false},
    {"spool-writers", OPTION_NUMBER, "N", "32", 1, 1024, "Files received at the same time.",
     "同時に受信するファイル数の上限。", AT(spool_writers), false},
    {"spool-hours", OPTION_NUMBER, "HOURS", "48", 1, 8760,
     "An unfinished file is removed so long after its last byte.",
     "受信途中のファイルを最後の受信から削除するまでの時間。", AT(spool_hours), false},
    {"spool-days", OPTION_NUMBER, "DAYS", "30", 1, 3650,
     "A loaded file's state and reply are removed so long after the load.",
     "登録を終えたファイルの状態と結果を削除するまでの日数。", AT(spool_days), false},
    {"upload-timeout", OPTION_NUMBER, "SECONDS", "3600", 1, 86400,
     "One request that sends a file, or a part of it, may take so long.",
     "ファイル(またはその一部)の送信1回の制限時間(秒)。", AT(upload_timeout), false},
    {"register", OPTION_TEXT, "URL", NULL, 0, 0,
     "Resident register to ask where a sent file lacks an individual number: https://host:port.",
     "送信されたファイルに個人番号がない行の照会先(住民基本台帳)https://host:port。",
     AT(registrar.url), false},
    {"register-ca", OPTION_TEXT, "FILE", NULL, 0, 0, "CA of the register's certificate, PEM.",
     "照会先の証明書の認証局(PEM)。", AT(registrar.ca), false},
    {"register-certificate", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Client certificate for it, PEM; the register answers insurers' only.",
     "照会に使うクライアント証明書(PEM、保険者の役割)。", AT(registrar.certificate), false},
    {"register-key", OPTION_TEXT, "FILE", NULL, 0, 0, "Its key, PEM.", "その秘密鍵(PEM)。",
     AT(registrar.key), false},
    {"register-timeout", OPTION_NUMBER, "SECONDS", "5", 1, 600, "For one request to the register.",
     "1回の照会の制限時間(秒)。", AT(registrar.timeout), false},
    {"log-level", OPTION_TEXT, "LEVEL", "info", 0, 0, "error, warning, info or debug.",
     "ログの詳しさ(error、warning、info、debug)。", AT(daemon.log_level), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

/* --- signals ---------------------------------------------------------------------------------- */

/* Taken by the main thread with sigwait(). */
static const int taken[] = {SIGTERM, SIGINT, SIGHUP, 0};

/*
 * GnuTLS takes and gives back some 16 KiB for each record; by default the C library returns that to
 * the system each time and faults it in again.
 */
static void keep_memory(void)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): there are no threads yet */
    mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
    mallopt(M_TOP_PAD, KEPT_MEMORY / 64);
    /* NOLINTEND(concurrency-mt-unsafe) */
}

/* As many files as we may have: a connection is one. */
static void raise_file_limit(void)
{
    struct rlimit limit = {0};

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* What can be read anew is; what fails stays as it was. */
static void reload(struct service *service, struct http_server *server)
{
    struct scope scope = scope_begin(SERVICE_SCOPE_LIMIT);

    if (http_server_reload(&scope, server) != STATUS_OK)
        log_failure(&scope, "reload: certificates stay as they were");
    else
        LOG(INFO, &scope, "reload: certificates read", "%s", "");
    scope_reset(&scope);
    if (service_reload(&scope, service) != STATUS_OK)
        log_failure(&scope, "reload: insurers stay as they were");
    else
        LOG(INFO, &scope, "reload: insurers read", "%s", "");
    scope_end(&scope);
}

static void wait_for_stop(const sigset_t *signals, struct service *service,
                          struct http_server *server)
{
    int signal = 0;

    while (sigwait(signals, &signal) == 0 && signal == SIGHUP)
        reload(service, server);
    LOG(INFO, NULL, "stopping", "signal='%d'", signal);
}

/* --- run -------------------------------------------------------------------------------------- */

static enum status open_service(struct scope *scope, const struct settings *settings,
                                struct service **out)
{
    const struct service_options service = {
        .store_url = settings->store,
        .journal_directory = settings->journal,
        .card_ca_path = settings->card_ca,
        .policy_oid = settings->policy,
        .challenge_lifetime = (int)settings->challenge_lifetime,
        .challenge_capacity = (size_t)settings->challenges,
        .certificate_cache = (size_t)settings->certificate_cache,
        .journal_segment = (size_t)settings->journal_segment,
        .link_url = settings->link_url,
        .status = {.ocsp_url = settings->ocsp_url,
                   .crl_url = settings->crl_url,
                   .age = (int)settings->status_age,
                   .grace = (int)settings->status_grace,
                   .cache = (size_t)settings->certificate_cache},
    };

    return service_open(scope, &service, out);
}

static enum status open_spool(struct scope *scope, const struct settings *settings,
                              struct service *service, struct spool_loading *loading,
                              struct spool **out)
{
    const struct spool_options spool = {
        .directory = settings->spool,
        .quota = settings->spool_quota,
        .file_limit = settings->spool_file_limit,
        .files = (int)settings->spool_files,
        .files_per_insurer = (int)settings->spool_files_per_insurer,
        .writers = (int)settings->spool_writers,
        .receive_hours = (int)settings->spool_hours,
        .keep_days = (int)settings->spool_days,
        .loader = spool_loading_loader(loading),
        .journal = service_journal(service),
    };

    const struct spool_loading_order load = {
        .store_url = settings->store,
        .link_key = settings->link_key,
        .registrar = {settings->registrar.url, settings->registrar.ca,
                      settings->registrar.certificate, settings->registrar.key,
                      (int)settings->registrar.timeout},
    };

    if (!settings->spool)
        return settings->registrar.url ? scope_fail(scope, CAUSE_USAGE, "--register is for --spool")
                                       : STATUS_OK;
    TRY(spool_loading_begin(scope, &load, loading));
    return spool_open(scope, &spool, out);
}

static enum status open_server(struct scope *scope, const struct settings *settings,
                               struct service *service, struct spool *spool,
                               struct http_server **out)
{
    const struct http_options http = {
        .address = settings->listen_address,
        .port = (int)settings->listen_port,
        .certificate_path = settings->certificate,
        .key_path = settings->key,
        .client_ca_path = settings->client_ca,
        .threads = (int)settings->threads,
        .body_limit = (size_t)settings->body_limit,
        .header_memory = (size_t)settings->header_memory,
        .idle_timeout = (int)settings->idle_timeout,
        .request_timeout = (int)settings->request_timeout,
        .connections = (int)settings->connections,
        .connections_per_address = (int)settings->connections_per_address,
        .requests_under_way = (int)settings->requests,
        .spool = spool,
        .upload_timeout = (int)settings->upload_timeout,
    };

    return http_server_open(scope, &http, service, out);
}

/* False where the disk did not take the last records in time: nothing can be tidied up then. */
static bool serve(const struct settings *settings, const sigset_t *signals, struct service *service,
                  struct http_server *server)
{
    daemon_say_ready("https", settings->listen_address, http_server_port(server));
    wait_for_stop(signals, service, server);
    if (http_server_close(server, STOP_SECONDS))
        return true;
    LOG(ERROR, NULL, "stopped with records not on disk", "seconds='%d'", STOP_SECONDS);
    return false;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;
    struct service *service = NULL;
    CLEANUP(spool_loading_drop) struct spool_loading loading = {.store_url = NULL};
    struct spool *spool = NULL;
    struct http_server *server = NULL;
    sigset_t signals;
    bool tidy = false;

    (void)words;
    if (settings->daemon.write_sample_config) {
        options_write_sample(stdout, table, "shikaku serve");
        return 0;
    }
    if (daemon_read_settings(scope, table, settings, argv) != STATUS_OK)
        return -1;
    signals = daemon_block_signals(taken);
    raise_file_limit();
    keep_memory();
    if (open_service(scope, settings, &service) != STATUS_OK)
        return -1;
    if (open_spool(scope, settings, service, &loading, &spool) != STATUS_OK ||
        open_server(scope, settings, service, spool, &server) != STATUS_OK) {
        spool_close(spool);
        service_close(service);
        return -1;
    }
    tidy = serve(settings, &signals, service, server);
    if (tidy) {
        spool_close(spool);
        service_close(service);
    }
    return failure_exit_code(tidy ? STATUS_OK : STATUS_UNAVAILABLE);
}

static const char *const examples[] = {
    "shikaku serve --config /etc/shikaku/serve.conf", "runs the service with a configuration file",
    "shikaku serve --write-sample-config", "writes a configuration file to begin with", NULL};

const struct command command_serve = {
    .name = "serve",
    .arguments = "",
    .summary_en = "Runs the central service.",
    .summary_ja = "資格確認サービスを実行する。",
    .description = "Answers eligibility checks by card and by numbers over HTTPS (TLS 1.3, client "
                   "certificates). "
                   "Prints one line when it is ready. SIGTERM and SIGINT stop it after what is "
                   "under way; SIGHUP "
                   "reads the server's certificate, the clients' CA and the insurers' names anew.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
