/* SPDX-License-Identifier: Apache-2.0
 *
 * register_compare.c - shikaku register compare and register changes: the operator's jobs with the
 * resident register.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

#include "batch/filings_end.h"
#include "command/command.h"
#include "command/explanation.h"
#include "command/register_option.h"
#include "register/register_job.h"
#include "world/progress.h"

#define BATCH_SCOPE_LIMIT (64UL * 1024 * 1024)

struct settings {
    const char *store, *url, *ca, *certificate, *key;
    int64_t timeout;
    struct date on;
    bool all, json;
};

#define AT(member) OPTION_AT(struct settings, member)
#define STORE_OPTION                                                                               \
    {                                                                                              \
        "store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",      \
            "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true                     \
    }
#define CLIENT_OPTIONS                                                                             \
    {"register",                                                                                   \
     OPTION_TEXT,                                                                                  \
     "URL",                                                                                        \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "The resident register: https://host:port.",                                                  \
     "住民基本台帳の照会先(https://host:port)。",                                                  \
     AT(url),                                                                                      \
     true},                                                                                        \
        {"ca",                                                                                     \
         OPTION_TEXT,                                                                              \
         "FILE",                                                                                   \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "CA of the register's certificate, PEM.",                                                 \
         "照会先の証明書の認証局(PEM)。",                                                          \
         AT(ca),                                                                                   \
         true},                                                                                    \
        {"certificate",                                                                            \
         OPTION_TEXT,                                                                              \
         "FILE",                                                                                   \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "Our client certificate (operator), PEM.",                                                \
         "クライアント証明書(運用者、PEM)。",                                                      \
         AT(certificate),                                                                          \
         true},                                                                                    \
        {"key",           OPTION_TEXT,         "FILE",  NULL, 0, 0,                                \
         "Its key, PEM.", "その秘密鍵(PEM)。", AT(key), true},                                     \
    {                                                                                              \
        "timeout", OPTION_NUMBER, "SECONDS", "30", 1, 600, "For one request to the register.",     \
            "1回の照会の制限時間(秒)。", AT(timeout), false                                        \
    }
#define JSON_OPTION                                                                                \
    {                                                                                              \
        "json", OPTION_FLAG, NULL, NULL, 0, 0, "Print the result as JSON.", "結果をJSONで出力。",  \
            AT(json), false                                                                        \
    }

static const struct option compare_options[] = {
    STORE_OPTION,
    CLIENT_OPTIONS,
    {"on", OPTION_DATE, "DATE", NULL, 0, 0,
     "Day on which coverages hold (past ones stop less); today where left out.",
     "資格の有無を見る日。省略時は今日。", AT(on), false},
    {"all", OPTION_FLAG, NULL, NULL, 0, 0, "Compare everybody who has a link code, not only new.",
     "新規・変更だけでなく全件を照合する。", AT(all), false},
    JSON_OPTION,
};

static const struct option changes_options[] = {STORE_OPTION, CLIENT_OPTIONS, JSON_OPTION};

/* --- what both need -----------------------------------------------------------------------------
 */

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

struct job {
    struct store *store;
    struct register_client *client;
};

static void job_drop(struct job *job)
{
    register_client_close(job->client);
    store_close(job->store);
}

static enum status job_begin(struct scope *scope, const struct settings *settings, struct job *out)
{
    const struct register_address address = {settings->url, settings->ca, settings->certificate,
                                             settings->key, (int)settings->timeout};
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    TRY(register_option_open(scope, "", &address, &out->client));
    return store_open(scope, settings->store, STORE_WRITE, &out->store);
}

/* A batch has a scope of its own: memory stays flat. */
static enum status pass_up(struct scope *scope, const struct scope *batch, enum status status)
{
    if (status == STATUS_OK)
        return STATUS_OK;
    return scope_fail(scope, batch->cause == CAUSE_NONE ? CAUSE_INTERNAL : batch->cause, "%s",
                      batch->failure);
}

/* --- compare ------------------------------------------------------------------------------------
 */

static enum status compare_all(struct scope *scope, const struct job *job, struct date on,
                               struct progress *progress, struct register_tally *tally)
{
    int64_t after = -1;
    bool more = true;

    while (more && !atomic_load(&stop)) {
        CLEANUP(scope_end) struct scope batch = scope_begin(BATCH_SCOPE_LIMIT);
        int64_t before = tally->compared + tally->without_number;
        TRY(pass_up(
            scope, &batch,
            register_job_compare(&batch, job->store, job->client, on, &after, tally, &more)));
        progress_add(progress, tally->compared + tally->without_number - before);
    }
    return STATUS_OK;
}

static enum status report_comparison(struct scope *scope, const struct register_tally *tally,
                                     double rate, bool json)
{
    struct explanation report = {0};

    explain_number(&report, "compared", "照合した人数 / people compared", tally->compared);
    explain_number(&report, "equal", "一致 / equal", tally->classes[0]);
    explain_number(&report, "rewritten", "うち表記だけの違い / of them written otherwise",
                   tally->rewritten);
    explain_number(&report, "one_name", "うち氏名の一方だけ相違 / of them one of two names differs",
                   tally->one_name);
    explain_number(&report, "class_1", "区分1 生年月日・性別 / class 1, birth date or sex",
                   tally->classes[1]);
    explain_number(&report, "unknown", "うち台帳に番号なし / of them unknown to the register",
                   tally->unknown);
    explain_number(&report, "past", "うち過去の資格のみ / of them past coverages only",
                   tally->past);
    explain_number(&report, "class_2", "区分2 氏名 / class 2, names", tally->classes[2]);
    explain_number(&report, "class_3", "区分3 住所 / class 3, address", tally->classes[3]);
    explain_number(&report, "reasons", "理由付き疑いなし / no doubt, with reason", tally->reasons);
    explain_number(&report, "without_number", "個人番号なし / without an individual number",
                   tally->without_number);
    explain_number(&report, "per_second", "毎秒 / a second", (int64_t)rate);
    return explanation_print(scope, &report, json);
}

static enum status compare(struct scope *scope, const struct settings *settings)
{
    CLEANUP(job_drop) struct job job = {0};
    struct date on = date_is(settings->on) ? settings->on : instant_date(scope->now);
    struct register_tally tally = {0};
    struct progress progress = {0};
    int64_t waiting = 0;
    enum status status = STATUS_OK;
    double rate = 0;

    TRY(job_begin(scope, settings, &job));
    if (settings->all)
        TRY(store_request_all_register_checks(scope, job.store));
    TRY(store_count_register_waiting(scope, job.store, &waiting));
    progress_begin(&progress, "people", waiting);
    status = compare_all(scope, &job, on, &progress, &tally);
    rate = progress_end(&progress);
    if (status != STATUS_OK && tally.compared == 0)
        return status; /* nothing to report but the failure */
    TRY(report_comparison(scope, &tally, rate, settings->json));
    return status;
}

static int compare_run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_register_compare.table, settings) != STATUS_OK)
        return -1;
    return compare(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const compare_examples[] = {
    "shikaku register compare --store sqlite:demo/store.sqlite --register https://localhost:8445 "
    "--ca demo/pki/network-ca.pem --certificate demo/pki/operator.pem --key demo/pki/operator.key",
    "compares who was registered or changed since / 新規・変更分を照合する", NULL};

const struct command command_register_compare = {
    .name = "register compare",
    .arguments = "",
    .summary_en = "Compares registered people with the resident register.",
    .summary_ja = "登録された加入者を住民基本台帳と照合する。",
    .description =
        "Takes those who wait for a comparison (registered or changed since), asks the resident "
        "register by link code, and writes what was found: class 1 (birth date or sex) stops "
        "everything, 2 (both names, or one and the address) and 3 (address) stop medical "
        "information. Each batch is settled in one transaction: stopped with Ctrl-C, or broken "
        "off, it goes on at the next call, and nothing is done twice.",
    .examples = compare_examples,
    .table = {compare_options, sizeof compare_options / sizeof compare_options[0]},
    .settings_size = sizeof(struct settings),
    .run = compare_run,
};

/* --- changes ------------------------------------------------------------------------------------
 */

static enum status report_changes(struct scope *scope, const struct register_feed_tally *tally,
                                  int64_t ended, bool json)
{
    struct explanation report = {0};

    explain_number(&report, "taken", "取り込んだ異動 / changes taken in", tally->taken);
    explain_number(&report, "address", "住所 / address", tally->kinds[REGISTER_CHANGE_ADDRESS]);
    explain_number(&report, "name", "氏名 / name", tally->kinds[REGISTER_CHANGE_NAME]);
    explain_number(&report, "death", "死亡 / death", tally->kinds[REGISTER_CHANGE_DEATH]);
    explain_number(&report, "support_set", "支援措置の開始 / support measure set",
                   tally->kinds[REGISTER_CHANGE_SUPPORT_SET]);
    explain_number(&report, "support_ended", "支援措置の終了 / support measure ended",
                   tally->kinds[REGISTER_CHANGE_SUPPORT_ENDED]);
    explain_number(&report, "flagged", "保護フラグの変更 / protection flags changed",
                   tally->flagged);
    explain_number(&report, "filings_ended", "保護の届出の期限到来 / people whose filing ended",
                   ended);
    explain_number(&report, "unknown", "加入者以外 / people not of ours", tally->unknown);
    return explanation_print(scope, &report, json);
}

static enum status changes(struct scope *scope, const struct settings *settings)
{
    CLEANUP(job_drop) struct job job = {0};
    struct register_feed_tally tally = {0};
    int64_t ended = 0;
    bool more = true;

    TRY(job_begin(scope, settings, &job));
    while (more && !atomic_load(&stop)) {
        CLEANUP(scope_end) struct scope batch = scope_begin(BATCH_SCOPE_LIMIT);
        TRY(pass_up(scope, &batch,
                    register_job_changes(&batch, job.store, job.client, &tally, &more)));
    }
    TRY(filings_end(scope, job.store, instant_date(scope->now), &ended));
    return report_changes(scope, &tally, ended, settings->json);
}

static int changes_run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_register_changes.table, settings) != STATUS_OK)
        return -1;
    return changes(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const changes_examples[] = {
    "shikaku register changes --store sqlite:demo/store.sqlite --register https://localhost:8445 "
    "--ca demo/pki/network-ca.pem --certificate demo/pki/operator.pem --key demo/pki/operator.key",
    "takes in what changed since the last call / 前回以降の異動を取り込む", NULL};

const struct command command_register_changes = {
    .name = "register changes",
    .arguments = "",
    .summary_en = "Takes in moves, names, deaths and support measures from the resident register.",
    .summary_ja = "住民基本台帳の異動(住所・氏名・死亡・支援措置)を取り込む。",
    .description =
        "Each change of a person of ours becomes a notice for the insurer. A new address or name "
        "puts the person into the queue of comparisons: the address that the insurer was told "
        "stays, class 3 follows where it differs. A support measure sets the protection flags of "
        "people insured by a municipality or a union of the 75 and older. A death is the "
        "insurer's to act on. Where the feed was read up to is kept with the changes.",
    .examples = changes_examples,
    .table = {changes_options, sizeof changes_options / sizeof changes_options[0]},
    .settings_size = sizeof(struct settings),
    .run = changes_run,
};
