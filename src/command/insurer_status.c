/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_status.c - shikaku insurer status: registration files, and where each stands.
 */
#include <stdio.h>

#include "command/command.h"
#include "command/explanation.h"
#include "command/insurer_option.h"
#include "store/store_member.h"

#define INSTANT_SIZE 32

struct settings {
    const char *store, *insurer;
    int64_t limit;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Only files of this insurer.",
     "この保険者のファイルだけ。", AT(insurer), false},
    {"limit", OPTION_NUMBER, "N", "20", 1, 500, "At most so many, the newest first.",
     "最大件数(新しい順)。", AT(limit), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print a JSON array.", "JSONで出力。", AT(json), false},
};

static void store_drop(struct store **store)
{
    store_close(*store);
}

static const struct {
    const char *ja, *en;
} states[] = {
    [FILE_LOADING] = {"登録中または中断", "loading"},
    [FILE_DONE] = {"完了", "done"},
    [FILE_STOPPED] = {"確認待ち(多数の変更)", "stopped by the mass-change alarm"},
};

static enum status explain_instant(struct scope *scope, struct explanation *explanation,
                                   const char *name, const char *label, struct instant instant)
{
    struct text written = {0};
    char utc[INSTANT_SIZE];

    instant_write_utc(instant, utc);
    TRY(text_format(scope, &written, "%s", utc));
    explain_text(explanation, name, label, written.bytes);
    return STATUS_OK;
}

static enum status explain_file(struct scope *scope, const struct registration_file *file,
                                struct explanation *out)
{
    explain_text(out, "insurer", "保険者番号 / insurer", file->insurer.digits);
    explain_texts(out, "state", "状態 / state", states[file->state].ja, states[file->state].en);
    explain_number(out, "rows", "行数 / rows", file->rows);
    explain_number(out, "loaded", "処理済み / loaded", file->next_row - 1);
    explain_number(out, "accepted", "登録 / accepted", file->accepted);
    explain_number(out, "warned", "注意付きで登録 / with a warning", file->warned);
    explain_number(out, "refused", "拒否 / refused", file->refused);
    TRY(explain_instant(scope, out, "begun", "開始 / begun", file->begun));
    TRY(explain_instant(scope, out, "recorded", "最終更新 / last written", file->recorded));
    explain_text(out, "sha256", "sha256", file->sha256);
    return STATUS_OK;
}

static enum status show(struct scope *scope, const struct settings *settings)
{
    CLEANUP(store_drop) struct store *store = NULL;
    struct insurer_number insurer = {0};
    struct registration_file *files = NULL;
    struct explanation *explanations = NULL;
    size_t count = 0;

    if (settings->insurer)
        TRY(insurer_option_read(scope, settings->insurer, &insurer));
    TRY(store_open(scope, settings->store, STORE_READ, &store));
    TRY(store_list_registration_files(scope, store, insurer, (size_t)settings->limit, &files,
                                      &count));
    TRY(scope_alloc(scope, count + 1, sizeof *explanations, &explanations));
    for (size_t i = 0; i < count; i++)
        TRY(explain_file(scope, &files[i], &explanations[i]));
    if (count == 0 && !settings->json)
        puts("登録ファイルはありません / no registration file");
    return explanation_print_list(scope, explanations, count, settings->json);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_status.table, settings) != STATUS_OK)
        return -1;
    return show(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer status --store sqlite:demo/store.sqlite --insurer 06139992",
    "the society's files, the newest first / この保険者の登録ファイルの状況", NULL};

const struct command command_insurer_status = {
    .name = "insurer status",
    .arguments = "",
    .summary_en = "Shows registration files: rows, refused ones, and where each load stands.",
    .summary_ja = "登録ファイルの状況(行数・拒否・どこまで登録したか)を表示する。",
    .description =
        "A file that is loading for long was broken off: `shikaku insurer load` with the same "
        "file and reply goes on where it stands.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
