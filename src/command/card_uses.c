/* SPDX-License-Identifier: Apache-2.0
 *
 * card_uses.c - shikaku card-uses: counts uses of the card from journals, for the late elderly's
 * papers.
 */
#include "batch/card_uses.h"

#include <signal.h>

#include "command/command.h"
#include "command/explanation.h"
#include "command/insurer_lists.h"

#define JOURNALS_MAX 1000

struct settings {
    const char *store;
    struct date on;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0,
     "Day of the count, today where left out: of months long before it nothing is kept.",
     "集計日。省略時は今日。", AT(on), false},
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

static enum status count_all(struct scope *scope, const struct settings *settings, int words,
                             char **journals)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct explanation report = {0};
    struct card_uses_figures sum = {0};

    TRY(store_open(scope, settings->store, STORE_WRITE, &store));
    for (int i = 0; i < words; i++) {
        const struct card_uses_order order = {
            .journal = journals[i],
            .on = date_is(settings->on) ? settings->on : instant_date(scope->now),
            .stop = &stop};
        struct card_uses_figures figures = {0};
        TRY(card_uses_count(scope, store, &order, &figures));
        sum.records += figures.records;
        sum.uses += figures.uses;
    }
    explain_number(&report, "records", "新しい監査記録 / records that are new", sum.records);
    explain_number(&report, "uses", "うちカードの利用 / of them, uses of the card", sum.uses);
    return explanation_print(scope, &report, settings->json);
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    catch_signals();
    if (options_require(scope, command_card_uses.table, settings) != STATUS_OK)
        return -1;
    return count_all(scope, settings, words, argv) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku card-uses --store sqlite:demo/store.sqlite demo/journal",
    "counts what came since the last time / 前回以降の利用を数える", NULL};

const struct command command_card_uses = {
    .name = "card-uses",
    .arguments = "JOURNAL...",
    .summary_en =
        "Counts uses of the card by month from the journal, for the late elderly's papers.",
    .summary_ja = "監査記録からカードの月ごとの利用回数を数える(後期高齢者の書面のため)。",
    .description =
        "Counts checks by card that were answered, by person and month, for those of 64 and over: "
        "no day, no time, no institution; months that no paper can ask for any more are dropped. "
        "Each record counts once: run again, killed, or given a copy of the journal, the result is "
        "the same. Run it after the end of a month, before shikaku month-end, or give month-end "
        "the journal; name the journals of all services. A journal that is not whole is refused "
        "(SKK-5002).",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = JOURNALS_MAX,
    .run = run,
};
