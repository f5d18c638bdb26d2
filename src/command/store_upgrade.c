/* SPDX-License-Identifier: Apache-2.0
 *
 * store_upgrade.c - `shikaku store upgrade`: a database of an older release, made this one's.
 */
#include "command/command.h"
#include "command/explanation.h"
#include "store/store.h"

struct settings {
    const char *store;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。",
     AT(json), false},
};

static void store_drop(struct store **store)
{
    store_close(*store);
}

static enum status upgrade(struct scope *scope, const struct settings *settings)
{
    CLEANUP(store_drop) struct store *store = NULL;
    struct explanation explanation = {0};
    int known = 0;
    int applied = 0;

    TRY(store_open(scope, settings->store, STORE_UPGRADE, &store));
    TRY(store_schema_version(scope, store, &known, &applied));
    explain_number(&explanation, "schema", "データベースの版 / version of the database", applied);
    return explanation_print(scope, &explanation, settings->json);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_store_upgrade.table, settings) != STATUS_OK)
        return -1;
    return upgrade(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku store upgrade --store sqlite:demo/store.sqlite",
    "after a new release, with the service stopped / 新しい版の導入後(サービス停止中)", NULL};

const struct command command_store_upgrade = {
    .name = "store upgrade",
    .arguments = "",
    .summary_en = "Brings the database of an older release to this one; nothing is lost.",
    .summary_ja = "旧版のデータベースをこの版に更新する(データはそのまま)。",
    .description =
        "All that is missing is done in one transaction: whole, or not at all. A database that is "
        "up to date is left as it is. Stop the service and make a backup first "
        "(docs/operations.md).",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
