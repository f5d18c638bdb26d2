/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_same_person.c - shikaku insurer same-person: one human under two records, told to the
 * insurers.
 */
#include <stdio.h>

#include "batch/same_person_files.h"
#include "command/command.h"
#include "command/insurer_lists.h"
#include "store/store_standing.h"
#include "world/progress.h"

struct settings {
    const char *store, *insurer, *out;
    struct date on;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)
static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0,
     "The insurers of this day are told; of who has none, the last one.",
     "この日の保険者に知らせる。なければ最後の保険者。", AT(on), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Only what this insurer is told.",
     "この保険者への連絡だけ。", AT(insurer), false},
    {"out", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Write a file an insurer to DIR/same-person-DATE instead of printing rows; made where "
     "missing.",
     "1件ごとの出力の代わりに、保険者ごとのファイルをDIR/"
     "same-person-基準日に書く。なければ作成します。",
     AT(out), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

/* Who sees one insurer's rows is not told which of them belong together. */
static json_t *row_object(const struct settings *settings, const struct same_person_row *row)
{
    const struct rule *rule = same_person_rule(row->answer);
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:s, s:s, s:s, s:s}", "kind", "same_person",
                  "insurer", row->to.digits, "key", insurer_lists_text(row->key), "answer",
                  same_person_answer_name(row->answer), "rule", rule->id, "other_key",
                  insurer_lists_text(row->other_key), "found_ja", rule->title_ja, "found_en",
                  rule->title_en, "do_ja", rule->desk_ja, "do_en", rule->desk_en);

    if (object && !settings->insurer)
        json_object_set_new(object, "pair", json_integer((json_int_t)row->pair));
    return object;
}

static enum status print_row(struct scope *scope, void *context, const struct same_person_row *row)
{
    const struct settings *settings = context;
    const struct rule *rule = same_person_rule(row->answer);

    if (settings->json)
        return insurer_lists_print(scope, row_object(settings, row));
    if (!settings->insurer)
        printf("[%lld] ", (long long)row->pair);
    printf("%s %.*s: %s / %s\n", row->to.digits, TEXT_ARGS(row->key), rule->title_ja,
           rule->title_en);
    if (row->other_key.size > 0)
        printf("    もう一つの記録 / the other record: %.*s\n", TEXT_ARGS(row->other_key));
    printf("    %s / %s\n", rule->desk_ja, rule->desk_en);
    return STATUS_OK;
}

static enum status print_total(struct scope *scope, const struct same_people_figures *figures,
                               bool json)
{
    const int64_t *pairs = figures->pairs;

    if (json)
        return insurer_lists_print(
            scope,
            json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "kind", "total", "people",
                      (json_int_t)figures->people, "certain",
                      (json_int_t)pairs[SAME_PERSON_CERTAIN], "probable",
                      (json_int_t)pairs[SAME_PERSON_PROBABLE], "rows", (json_int_t)figures->rows,
                      "one_sided", (json_int_t)figures->one_sided, "crowded",
                      (json_int_t)figures->crowded, "untold", (json_int_t)figures->untold));
    printf("調べた人数 / people looked at: %lld; 同一人 / certain %lld, 同一人の可能性 / probable "
           "%lld; 連絡 / rows %lld; 保護の届出が一方だけ / a flag on one record only %lld; "
           "比べきれない同名 / crowded %lld; 未連絡 / untold %lld\n",
           (long long)figures->people, (long long)pairs[SAME_PERSON_CERTAIN],
           (long long)pairs[SAME_PERSON_PROBABLE], (long long)figures->rows,
           (long long)figures->one_sided, (long long)figures->crowded, (long long)figures->untold);
    return STATUS_OK;
}

static void on_progress(void *context, int64_t people)
{
    progress_add(context, people);
}

static enum status find(struct scope *scope, const struct settings *settings, struct store *store,
                        struct same_people_figures *figures)
{
    struct settings printing = *settings;
    struct same_person_files_order files = {.out = settings->out};
    struct progress progress = {0};
    struct same_people_order order = {.on = settings->on,
                                      .progress = on_progress,
                                      .progress_context = &progress,
                                      .row = print_row,
                                      .context = &printing};
    struct insurer *told = NULL;
    enum status status = STATUS_OK;
    int64_t people = 0;

    TRY(insurer_lists_choose(scope, store, settings->insurer, &told, &files.count));
    files.insurers = told;
    if (settings->insurer)
        order.insurer = told[0].number;
    TRY(store_find_last_person(scope, store, &people));
    progress_begin(&progress, "people", people);
    status = settings->out ? same_person_files_write(scope, store, &order, &files, figures)
                           : same_people_read(scope, store, &order, figures);
    (void)progress_end(&progress);
    return status;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    const struct settings *settings = settings_;
    struct same_people_figures figures = {0};
    enum status status = options_require(scope, command_insurer_same_person.table, settings);

    (void)words;
    (void)argv;
    if (status == STATUS_OK)
        status = store_open(scope, settings->store, STORE_READ, &store);
    if (status == STATUS_OK)
        status = find(scope, settings, store, &figures);
    if (status == STATUS_OK && !settings->insurer)
        status = print_total(scope, &figures, settings->json);
    return status == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer same-person --store sqlite:demo/store.sqlite --on 2026-11-25 --out lists",
    "a file an insurer / 保険者ごとのファイル",
    "shikaku insurer same-person --store sqlite:demo/store.sqlite --on 2026-11-25 --insurer 139998",
    "what one insurer is told / 1保険者への連絡", NULL};

const struct command command_insurer_same_person = {
    .name = "insurer same-person",
    .arguments = "",
    .summary_en = "One person under two records, told to the insurers of both.",
    .summary_ja = "同じ人が二つの記録で登録されていないかを探し、双方の保険者に知らせる。",
    .description =
        "Records of one birth date, sex and kana name are compared by kanji name, address and "
        "whether they have an individual number: certain where all five items agree and not both "
        "have one, probable where one item or the numbers differ; three items alone say nothing. "
        "An insurer is told its own key and how sure it is, nothing of the other record, and "
        "nothing where only the other one has a protection flag.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
