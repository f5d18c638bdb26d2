/* SPDX-License-Identifier: Apache-2.0
 *
 * world.c - shikaku world: a synthetic population with its keys, cards and samples.
 */
#include "world/world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "command/command.h"
#include "world/samples.h"

struct settings {
    const char *dir, *store, *document;
    int64_t people, cards, seed, register_limit;
    struct date on;
    bool force;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"dir", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder of the world; made where missing.",
     "世界を置くフォルダー。なければ作成します。", AT(dir), false},
    {"people", OPTION_NUMBER, "N", "10000", 0, 100000000, "People beside the fixed cast.",
     "固定の登場人物のほかに作る人数。", AT(people), false},
    {"cards", OPTION_NUMBER, "K", "5", 0, 1000000,
     "Of them, how many get a card with real keys (0.1 s each).",
     "そのうち実際の鍵を持つカードの枚数(1枚約0.1秒)。", AT(cards), false},
    {"seed", OPTION_NUMBER, "S", "1", 0, INT64_MAX,
     "The same seed, people and date make the same people and numbers; keys are always new.",
     "同じ値・人数・基準日からは同じ人々と番号ができます(鍵は毎回新規)。", AT(seed), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "The world's date T; today in Japan where left out.",
     "世界の基準日。省略時は今日(日本時間)。", AT(on), false},
    {"store", OPTION_TEXT, "URL", NULL, 0, 0,
     "Database to fill instead of DIR/store.sqlite; it must be empty.",
     "DIR/store.sqliteの代わりに使う空のデータベース。", AT(store), false},
    {"register-limit", OPTION_NUMBER, "N", "200000", 0, 100000000,
     "A world of more people gets no resident register.",
     "人数がこれを超える世界には住民基本台帳を作りません。", AT(register_limit), false},
    {"force", OPTION_FLAG, NULL, NULL, 0, 0, "Replace the world that lies in DIR.",
     "DIRにある世界を置き換えます。", AT(force), false},
    {"write-sandbox-doc", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Only write the page about the cast (docs/sandbox.md).",
     "登場人物の説明(docs/sandbox.md)だけを書き出します。", AT(document), false},
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

static enum status write_document(struct scope *scope, const char *path)
{
    struct text document = {0};

    TRY(samples_write_document(scope, &document));
    return file_write(scope, path, document, FILE_MODE_PUBLIC);
}

static void report(const struct settings *settings, const struct world_figures *figures)
{
    char on[11];

    date_write_iso(settings->on, on);
    printf("world of %s in %s: %lld people and the cast, %lld insurers, %lld institutions, %lld "
           "cards of the people\n%.0f people/s, %.1f s in all. Who can be asked about: "
           "%s/samples/cast.csv\n",
           on, settings->dir, (long long)figures->people, (long long)figures->insurers,
           (long long)figures->institutions, (long long)figures->cards, figures->people_rate,
           figures->seconds, settings->dir);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;
    struct world_figures figures = {0};
    struct world_order order = {0};

    (void)words;
    (void)argv;
    if (settings->document)
        return write_document(scope, settings->document) == STATUS_OK ? 0 : -1;
    if (!settings->dir) {
        (void)scope_fail(scope, CAUSE_USAGE, "--dir DIR is needed");
        return -1;
    }
    if (!date_is(settings->on))
        settings->on = instant_date(scope->now);
    order = (struct world_order){.directory = settings->dir,
                                 .store = settings->store,
                                 .seed = (uint64_t)settings->seed,
                                 .people = settings->people,
                                 .cards = settings->cards,
                                 .on = settings->on,
                                 .force = settings->force,
                                 .register_limit = settings->register_limit,
                                 .stop = &stop};
    catch_signals();
    if (world_make(scope, &order, &figures) != STATUS_OK)
        return -1;
    report(settings, &figures);
    return 0;
}

static const char *const examples[] = {
    "shikaku world --dir demo",
    "Ten thousand people, the cast and five cards, of today.",
    "shikaku world --people 10000000 --cards 1000 --seed 7 --dir /srv/world",
    "A tenth of the country, in minutes.",
    "shikaku world --dir w --on 2025-12-02 --force",
    "Another date, in place of an earlier world.",
    NULL,
};

const struct command command_world = {
    .name = "world",
    .arguments = "",
    .summary_en = "Makes a synthetic population with its keys, cards and samples.",
    .summary_ja = "架空の加入者・カード・鍵・試験用ファイルを作成する。",
    .description =
        "Writes a folder with a store, keys and certificates, cards, requests to try, and a "
        "configuration of the service and of one terminal. People, names, numbers and addresses "
        "are "
        "invented; ages, households and insurers are distributed as in Japan. A fixed cast, the "
        "same in every world, has one person for each case a check can meet (docs/sandbox.md).\n\n"
        "Ctrl-C stops and removes what was made.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
