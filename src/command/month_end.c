/* SPDX-License-Identifier: Apache-2.0
 *
 * month_end.c - shikaku month-end: deregistrations, lapsed registrations, papers and lists.
 */
#include "batch/month_end.h"
#include "batch/card_uses.h"
#include "batch/filings_end.h"

#include <signal.h>
#include <stdio.h>

#include "command/command.h"
#include "command/explanation.h"
#include "store/store_card_use.h"
#include "world/progress.h"

struct settings {
    const char *store, *out, *journal;
    struct date on;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Last day of the month that ends.",
     "処理する月の末日。", AT(on), true},
    {"out", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder for the lists; made where missing.",
     "一覧の出力先フォルダー。なければ作成します。", AT(out), true},
    {"journal", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Journal of the service: uses of the card are counted first, as shikaku card-uses does.",
     "監査記録のフォルダー。先にカードの利用回数を数えます(shikaku card-usesと同じ)。", AT(journal),
     false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print the result as JSON.", "結果をJSONで出力。",
     AT(json), false},
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void on_progress(void *context, int64_t people)
{
    progress_add(context, people);
}

static enum status report(struct scope *scope, const struct settings *settings, struct store *store,
                          const struct month_end_figures *figures)
{
    struct explanation report = {0};
    struct date counted = DATE_NONE;

    TRY(store_find_last_use_count(scope, store, &counted));
    TRY(explain_date(scope, &report, "month_end", "月末処理 / month-end", settings->on));
    explain_flag(&report, "again", "処理済みの月(変更なし) / done before, nothing changed",
                 figures->again);
    explain_number(&report, "deregistered", "利用登録の解除 / deregistrations carried out",
                   figures->step.executed);
    explain_number(&report, "deregistrations_failed",
                   "解除できなかった申請 / deregistrations that found nothing to end",
                   figures->step.failed);
    explain_number(&report, "registrations_ended",
                   "証明書の失効・返納による登録の終了 / registrations ended with their "
                   "certificate or card",
                   figures->step.lapsed);
    explain_number(&report, "papers_entered", "交付対象の登録 / papers entered as due",
                   figures->step.documents);
    explain_number(&report, "papers_changed", "交付簿の変更 / papers whose state changed",
                   figures->step.changed);
    explain_number(&report, "lists", "保険者別の一覧 / lists", figures->lists);
    explain_number(&report, "rows", "一覧の行数 / rows", figures->rows);
    explain_number(&report, "invitations", "加入勧奨の行数 / rows of invitations to join",
                   figures->invitations);
    explain_number(&report, "passed",
                   "保険者が未登録の資格 / coverages of insurers that are not registered",
                   figures->passed);
    if (date_is(counted))
        TRY(explain_date(scope, &report, "uses_counted",
                         "カード利用回数の集計日 / uses of the card counted", counted));
    else
        explain_nothing(&report, "uses_counted",
                        "カード利用回数の集計日 / uses of the card counted");
    return explanation_print(scope, &report, settings->json);
}

/* Before the month is ended: its papers ask for them. */
static enum status count_uses(struct scope *scope, const struct settings *settings,
                              struct store *store)
{
    const struct card_uses_order order = {
        .journal = settings->journal, .on = settings->on, .stop = &stop};
    struct card_uses_figures figures;

    return settings->journal ? card_uses_count(scope, store, &order, &figures) : STATUS_OK;
}

static enum status end_month(struct scope *scope, const struct settings *settings,
                             struct store *store)
{
    struct month_end_figures figures = {0};
    struct progress progress = {0};
    struct month_end_order order = {
        .day = settings->on,
        .out = settings->out,
        .stop = &stop,
        .progress = on_progress,
        .context = &progress,
    };
    enum status status = STATUS_OK;
    int64_t people = 0;

    TRY(count_uses(scope, settings, store));
    TRY(filings_end(scope, store, settings->on, &people));
    TRY(store_find_last_person(scope, store, &people));
    progress_begin(&progress, "people", people);
    status = month_end(scope, store, &order, &figures);
    (void)progress_end(&progress);
    TRY(status);
    return report(scope, settings, store, &figures);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct store *store = NULL;
    enum status status = options_require(scope, command_month_end.table, settings);

    (void)words;
    (void)argv;
    catch_signals();
    if (status == STATUS_OK)
        status = store_open(scope, settings->store, STORE_WRITE, &store);
    if (status == STATUS_OK)
        status = end_month(scope, settings, store);
    store_close(store);
    return status == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku month-end --store sqlite:demo/store.sqlite --on 2026-12-31 --out lists",
    "ends December and writes lists/2026-12/ / 12月の月末処理と一覧の作成",
    "shikaku month-end --store URL --on 2026-12-31 --out lists --journal /var/lib/shikaku/journal",
    "counts uses of the card before / 先にカードの利用回数を数える", NULL};

const struct command command_month_end = {
    .name = "month-end",
    .arguments = "",
    .summary_en = "Ends a month: deregistrations, lapsed registrations, papers, insurers' lists.",
    .summary_ja = "月末処理: 利用登録の解除・失効、交付対象の登録、保険者別一覧の作成。",
    .description =
        "Carries out the deregistrations that were entered in the month before (R2), ends "
        "registrations whose certificate's grace is over (K3) or whose card went back, enters the "
        "papers that are due in the next month (D1, D2), and writes a list of registration and "
        "expiry status and one of people to invite to join (加入勧奨) for each insurer into "
        "DIR/yyyy-mm, with an index of rows and SHA-256. Run "
        "it in the night to the first. Stopped, or killed, it is begun again with the same words "
        "and comes to the same lists; run once more it changes nothing. docs/month-end.md has the "
        "layout and the calendar.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
