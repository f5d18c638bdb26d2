/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_send.c - shikaku insurer send: a registration file to the service, and its reply back.
 */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/explanation.h"
#include "sending/sender.h"
#include "world/progress.h"

#define ANSWER_MAX ((size_t)2 * 1024 * 1024)

struct settings {
    const char *service, *ca, *certificate, *key, *reply;
    int64_t timeout, patience;
    bool no_wait, confirm, json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"service", OPTION_TEXT, "URL", NULL, 0, 0, "Where to send it: https://host:port.",
     "送信先(https://host:port)。", AT(service), true},
    {"ca", OPTION_TEXT, "FILE", NULL, 0, 0, "CA of the service's certificate, PEM.",
     "送信先の証明書の認証局(PEM)。", AT(ca), true},
    {"certificate", OPTION_TEXT, "FILE", NULL, 0, 0, "The insurer's client certificate, PEM.",
     "保険者のクライアント証明書(PEM)。", AT(certificate), true},
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "Its key, PEM.", "その秘密鍵(PEM)。", AT(key), true},
    {"reply", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Where the answers go, one a row; FILE.reply.csv where left out.",
     "行ごとの結果の出力先。省略時は入力ファイル名.reply.csv。", AT(reply), false},
    {"no-wait", OPTION_FLAG, NULL, NULL, 0, 0,
     "Stop when the service has the file; the same command fetches the reply later.",
     "送信が終わったら待たずに終了。結果は後で同じコマンドで受け取れます。", AT(no_wait), false},
    {"confirm-mass-change", OPTION_FLAG, NULL, NULL, 0, 0,
     "It is meant that so many members lose an item.",
     "多数の加入者の項目が失われることを確認済み。", AT(confirm), false},
    {"timeout", OPTION_NUMBER, "SECONDS", "60", 1, 3600,
     "A request on which nothing moves for so long is broken off and tried again.",
     "無通信の要求を打ち切って再試行するまでの秒数。", AT(timeout), false},
    {"patience", OPTION_NUMBER, "SECONDS", "600", 0, 604800,
     "Give up when nothing went on for so long.", "進まないまま諦めるまでの秒数。", AT(patience),
     false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print the result as JSON.", "結果をJSONで出力。",
     AT(json), false},
};

/* --- how far it is ------------------------------------------------------------------------------
 */

struct meter {
    struct progress progress;
    enum send_stage stage;
    int64_t done;
    bool begun;
};

static void meter_end(struct meter *meter)
{
    if (meter->begun)
        progress_end(&meter->progress);
    meter->begun = false;
}

static void show(void *context, enum send_stage stage, int64_t done, int64_t total, int64_t began)
{
    static const char *const units[] = {
        [SEND_READ_BYTES] = "bytes read / 読込",
        [SEND_SENT_BYTES] = "bytes sent / 送信",
        [SEND_LOADED_ROWS] = "rows loaded / 登録",
        [SEND_FETCHED_BYTES] = "bytes of the reply / 結果",
    };
    struct meter *meter = context;

    if (!meter->begun || meter->stage != stage || done < meter->done) {
        meter_end(meter);
        progress_begin_at(&meter->progress, units[stage], total, began);
        meter->begun = true;
        meter->stage = stage;
        meter->done = began;
    }
    progress_add(&meter->progress, done - meter->done);
    meter->done = done;
}

static void say_again(void *context, const struct scope *failed, int seconds)
{
    const struct failure_text *text = failure_text(failed->cause);

    meter_end(context);
    fprintf(stderr, "%s %s / %s (%s); %d秒後に再試行 / again in %d s\n", text->code, text->desk_ja,
            text->desk_en, failed->failure, seconds, seconds);
}

/* --- the command --------------------------------------------------------------------------------
 */

static void client_drop(struct https_client **client)
{
    https_client_close(*client);
}

static enum status open_client(struct scope *scope, const struct settings *settings,
                               struct https_client **out)
{
    const struct https_order order = {
        .name = "service",
        .url = settings->service,
        .ca = settings->ca,
        .certificate = settings->certificate,
        .key = settings->key,
        .agent = "shikaku/" SHIKAKU_VERSION,
        .content_type = "application/json",
        .timeout = (int)settings->timeout,
        .answer_max = ANSWER_MAX,
        .away = CAUSE_SEND_AWAY,
        .distrusted = CAUSE_SEND_UNTRUSTED,
    };

    signal(SIGPIPE, SIG_IGN); /* a broken connection is told by its write */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return scope_fail(scope, CAUSE_INTERNAL, "libcurl does not start");
    return https_client_open(scope, &order, out);
}

static void report_rows(struct explanation *report, const struct send_stand *stand)
{
    explain_number(report, "rows", "行数 / rows", stand->rows);
    explain_number(report, "accepted", "登録 / accepted", stand->accepted);
    explain_number(report, "warned", "注意付きで登録 / accepted with a warning", stand->warned);
    explain_number(report, "refused", "拒否(直して送り直す) / refused (correct and send again)",
                   stand->refused);
}

static enum status report(struct scope *scope, const struct settings *settings,
                          const struct send_outcome *outcome, const char *reply)
{
    const struct send_stand *stand = &outcome->stand;
    struct explanation report = {0};

    explain_text(&report, "state", "状態 / state", send_state_name(stand->state));
    explain_text(&report, "id", "受付番号 / id", stand->id);
    explain_number(&report, "bytes", "バイト数 / bytes", stand->length);
    explain_number(&report, "found", "送信済みだったバイト数 / bytes that were there already",
                   outcome->found);
    explain_number(&report, "sent", "今回送信したバイト数 / bytes sent now", outcome->sent);
    if (stand->state == SEND_DONE) {
        report_rows(&report, stand);
        explain_flag(&report, "loaded_before",
                     "登録済みのファイル(変更なし) / loaded before (nothing was changed)",
                     outcome->known || stand->loaded_before);
        explain_text(&report, "reply", "行ごとの結果 / answers, one a row",
                     stand->has_reply ? reply
                                      : "保存期間を過ぎています / no longer kept by the service");
    }
    explain_text(&report, "sha256", "sha256", stand->sha256);
    return explanation_print(scope, &report, settings->json);
}

static enum status send_and_report(struct scope *scope, const struct settings *settings,
                                   const char *file, bool *refused)
{
    CLEANUP(client_drop) struct https_client *client = NULL;
    struct meter meter = {.begun = false};
    struct text reply = {0};
    struct send_outcome outcome = {.found = 0};
    enum status status = STATUS_OK;

    TRY(text_format(scope, &reply, settings->reply ? "%s" : "%s.reply.csv",
                    settings->reply ? settings->reply : file));
    if (!text_starts_with(text_of(settings->service), "https://"))
        return scope_fail(scope, CAUSE_USAGE, "--service: https://host:port");
    TRY(open_client(scope, settings, &client));
    const struct send_order order = {
        .client = client,
        .file = file,
        .reply = reply.bytes,
        .wait = !settings->no_wait,
        .confirm = settings->confirm,
        .patience = (int)settings->patience,
        .watch = {show, say_again, &meter},
    };
    status = send_file(scope, &order, &outcome);
    meter_end(&meter);
    TRY(status);
    *refused = outcome.stand.refused > 0;
    return report(scope, settings, &outcome, reply.bytes);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    bool refused = false;

    (void)words;
    if (options_require(scope, command_insurer_send.table, settings) != STATUS_OK ||
        send_and_report(scope, settings, argv[0], &refused) != STATUS_OK)
        return -1;
    return refused ? 1 : 0;
}

static const char *const examples[] = {
    "shikaku insurer send april.csv --service https://127.0.0.1:8443 --ca demo/pki/network-ca.pem "
    "--certificate demo/pki/insurers/06139992.pem --key demo/pki/insurers/06139992.key",
    "sends it; the answers are in april.csv.reply.csv / 送信し、行ごとの結果を受け取る",
    "shikaku insurer send april.csv --service https://127.0.0.1:8443 --ca demo/pki/network-ca.pem "
    "--certificate demo/pki/insurers/06139992.pem --key demo/pki/insurers/06139992.key --no-wait",
    "only sends it; without --no-wait the same command fetches the reply / 送信だけ行う",
    NULL,
};

const struct command command_insurer_send = {
    .name = "insurer send",
    .arguments = "FILE",
    .summary_en = "Sends an insurer's registration file to the service and fetches the answers.",
    .summary_ja = "保険者の登録ファイルをサービスに送信し、行ごとの結果を受け取る。",
    .description =
        "The layout is in docs/registration-files.md. A file whose sending broke off, whatever the "
        "reason, goes on with the same command: the service is asked which part of it is there (it "
        "is known by its SHA-256), and only the rest is sent. While the service is away it is "
        "tried "
        "again, at first after a second, then less often, until nothing went on for --patience "
        "seconds. The reply is written when all of it is here. A file that was loaded already is "
        "told so; nothing is sent. A file that takes an item from more than 1 % of the insurer's "
        "members is not loaded until it is sent with --confirm-mass-change.\n\n"
        "Exit codes: 0 all rows are registered (with --no-wait: the service has the file), 1 some "
        "were refused, or the service says no (another insurer's file, a mass change), 2 the file "
        "is "
        "wrong, 3 something needed is away, or it is not loaded yet.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
