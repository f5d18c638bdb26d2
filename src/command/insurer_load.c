/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_load.c - shikaku insurer load: a registration file into the store, with an answer a row.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/explanation.h"
#include "command/insurer_option.h"
#include "command/register_option.h"
#include "insurer/load.h"
#include "store/store.h"
#include "world/progress.h"

struct settings {
    const char *store, *reply, *insurer, *link_key;
    const char *url, *ca, *certificate, *key;
    int64_t timeout, checkpoint;
    struct date today;
    bool dry_run, confirm, create, json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"link-key", OPTION_TEXT, "FILE", NULL, 0, 0,
     "The link key, mode 0600: numbers are kept as link codes only.",
     "連携符号の鍵(モード0600)。個人番号は連携符号としてのみ保存します。", AT(link_key), true},
    {"reply", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Where the answers go, one a row; FILE.reply.csv where left out.",
     "行ごとの結果の出力先。省略時は入力ファイル名.reply.csv。", AT(reply), false},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Refuse the file unless it is this insurer's.",
     "この保険者のファイルでなければ受け付けません。", AT(insurer), false},
    {"dry-run", OPTION_FLAG, NULL, NULL, 0, 0,
     "Look at everything and answer each row, but keep nothing.",
     "全行を検査して結果を出すが、登録しない。", AT(dry_run), false},
    {"confirm-mass-change", OPTION_FLAG, NULL, NULL, 0, 0,
     "It is meant that so many members lose an item.",
     "多数の加入者の項目が失われることを確認済み。", AT(confirm), false},
    {"create", OPTION_FLAG, NULL, NULL, 0, 0, "Make the database where it is missing or empty.",
     "データベースがない、または空のときは作成する。", AT(create), false},
    {"checkpoint", OPTION_NUMBER, "ROWS", "20000", 1, 1000000,
     "Rows that become final at once; a load that breaks off goes on behind the last of them.",
     "一度に確定する行数。中断後はその続きから登録します。", AT(checkpoint), false},
    {"today", OPTION_DATE, "DATE", NULL, 0, 0,
     "Register as if at noon of this day (Japan); now where left out.",
     "この日の正午(日本時間)の登録とする。省略時は現在。", AT(today), false},
    {"register", OPTION_TEXT, "URL", NULL, 0, 0,
     "Resident register to ask where an individual number is missing: https://host:port.",
     "個人番号がない行の照会先(住民基本台帳)https://host:port。", AT(url), false},
    {"ca", OPTION_TEXT, "FILE", NULL, 0, 0, "CA of the register's certificate, PEM.",
     "照会先の証明書の認証局(PEM)。", AT(ca), false},
    {"certificate", OPTION_TEXT, "FILE", NULL, 0, 0, "The insurer's client certificate, PEM.",
     "保険者のクライアント証明書(PEM)。", AT(certificate), false},
    {"key", OPTION_TEXT, "FILE", NULL, 0, 0, "Its key, PEM.", "その秘密鍵(PEM)。", AT(key), false},
    {"timeout", OPTION_NUMBER, "SECONDS", "30", 1, 600, "For one request to the register.",
     "1回の照会の制限時間(秒)。", AT(timeout), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print the result as JSON.", "結果をJSONで出力。",
     AT(json), false},
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

/* --- what a load needs --------------------------------------------------------------------------
 */

struct job {
    struct store *store;
    struct register_client *lookup;
    struct link_key key;
};

static void job_drop(struct job *job)
{
    register_client_close(job->lookup);
    store_close(job->store);
    link_key_drop(&job->key);
}

static enum status job_begin(struct scope *scope, const struct settings *settings, struct job *out)
{
    struct sigaction action = {.sa_handler = on_signal};
    const struct register_address address = {settings->url, settings->ca, settings->certificate,
                                             settings->key, (int)settings->timeout};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    TRY(link_key_read(scope, settings->link_key, &out->key));
    TRY(register_option_open(scope, "", &address, &out->lookup));
    return store_open(scope, settings->store, settings->create ? STORE_CREATE : STORE_WRITE,
                      &out->store);
}

/* --- how far it is ------------------------------------------------------------------------------
 */

struct meter {
    struct progress progress;
    enum file_stage stage;
    int64_t done;
    bool begun;
};

static void meter_end(struct meter *meter)
{
    if (meter->begun)
        progress_end(&meter->progress);
    meter->begun = false;
}

static void show(void *context, enum file_stage stage, int64_t done, int64_t total)
{
    struct meter *meter = context;

    if (!meter->begun || meter->stage != stage) {
        meter_end(meter);
        progress_begin(&meter->progress, stage == FILE_CHECKED_BYTES ? "bytes checked" : "rows",
                       total);
        meter->begun = true;
        meter->stage = stage;
        meter->done = 0;
    }
    progress_add(&meter->progress, done - meter->done);
    meter->done = done;
}

/* --- the command --------------------------------------------------------------------------------
 */

static enum status report(struct scope *scope, const struct settings *settings,
                          const struct registration_outcome *outcome, const char *reply)
{
    const struct registration_file *file = &outcome->file;
    struct explanation report = {0};

    explain_text(&report, "insurer", "保険者番号 / insurer", file->insurer.digits);
    explain_number(&report, "rows", "行数 / rows", file->rows);
    explain_number(&report, "accepted", "登録 / accepted", file->accepted);
    explain_number(&report, "warned", "注意付きで登録 / accepted with a warning", file->warned);
    explain_number(&report, "refused", "拒否(直して送り直す) / refused (correct and send again)",
                   file->refused);
    explain_number(&report, "new_people", "新しい加入者 / new people", outcome->new_people);
    explain_number(&report, "lessening", "項目が失われる行 / rows that take something away",
                   outcome->lessening);
    explain_flag(&report, "loaded_before",
                 "登録済みのファイル(変更なし) / loaded before (nothing was changed)",
                 outcome->loaded_before);
    explain_flag(&report, "resumed", "中断した続きから登録 / went on where it broke off",
                 outcome->resumed);
    explain_flag(&report, "dry_run", "検査のみ(登録なし) / looked at only, nothing kept",
                 settings->dry_run);
    if (!outcome->loaded_before)
        explain_text(&report, "reply", "行ごとの結果 / answers, one a row", reply);
    explain_text(&report, "sha256", "sha256", file->sha256);
    return explanation_print(scope, &report, settings->json);
}

static enum status load(struct scope *scope, const struct settings *settings, const char *file,
                        bool *refused)
{
    CLEANUP(job_drop) struct job job = {0};
    struct meter meter = {.begun = false};
    struct registration_order order = {
        .file = file,
        .reply = settings->reply,
        .dry_run = settings->dry_run,
        .confirm_mass_change = settings->confirm,
        .fixed_time = date_is(settings->today),
        .checkpoint = settings->checkpoint,
        .stop = &stop,
        .watch = {show, &meter},
    };
    struct registration_outcome outcome = {0};
    struct text reply = {0};
    enum status status = STATUS_OK;

    if (settings->insurer)
        TRY(insurer_option_read(scope, settings->insurer, &order.insurer));
    if (!order.reply) {
        TRY(text_format(scope, &reply, "%s.reply.csv", file));
        order.reply = reply.bytes;
    }
    TRY(job_begin(scope, settings, &job));
    order.store = job.store;
    order.key = &job.key;
    order.lookup = job.lookup;
    status = registration_load(scope, &order, &outcome);
    meter_end(&meter);
    TRY(status);
    *refused = outcome.file.refused > 0;
    return report(scope, settings, &outcome, order.reply);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    bool refused = false;

    (void)words;
    if (options_require(scope, command_insurer_load.table, settings) != STATUS_OK)
        return -1;
    if (date_is(settings->today))
        scope->now = instant_noon(settings->today);
    if (load(scope, settings, argv[0], &refused) != STATUS_OK)
        return -1;
    return refused ? 1 : 0;
}

static const char *const examples[] = {
    "shikaku insurer load april.csv --store sqlite:demo/store.sqlite --link-key demo/pki/link.key",
    "registers it; the answers are in april.csv.reply.csv / 登録し、行ごとの結果を出す",
    "shikaku insurer load april.csv --store sqlite:store.sqlite --link-key link.key --dry-run",
    "only looks at it / 検査だけ行う",
    NULL,
};

const struct command command_insurer_load = {
    .name = "insurer load",
    .arguments = "FILE",
    .summary_en = "Registers an insurer's members from a file and answers each row.",
    .summary_ja = "保険者の登録ファイルを取り込み、行ごとの結果を返す。",
    .description =
        "The layout is in docs/registration-files.md. The whole file is checked first: one that is "
        "cut off or damaged is refused, and nothing of it is registered. Then its rows are taken "
        "one by one: a row that is refused leaves the others alone, and the reply says what to "
        "correct. A load that breaks off, whatever the reason, goes on with the same command where "
        "it stood; the same file again changes nothing. A file that takes an item from more than "
        "1 % of the insurer's members is stopped until --confirm-mass-change.\n\n"
        "Exit codes: 0 all rows are registered, 1 some were refused, 2 the file was, 3 something "
        "needed is away, or the load was stopped.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
