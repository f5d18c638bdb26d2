/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_overlaps.c - shikaku insurer overlaps: what does not fit in coverages, told to both
 * insurers.
 */
#include <stdio.h>

#include "batch/overlap_files.h"
#include "command/command.h"
#include "command/insurer_lists.h"
#include "domain/policy.h"

struct settings {
    const char *store, *insurer, *out;
    struct date on, since;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)
static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Seen on this day: what begins later is left out.",
     "基準日。以後に始まる資格は見ない。", AT(on), true},
    {"since", OPTION_DATE, "DATE", NULL, 0, 0,
     "What ended before this day is left out; twelve months before --on where left out.",
     "この日より前に終わったものは除く。省略時は基準日の12か月前から。", AT(since), false},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Only what this insurer is told.",
     "この保険者への連絡だけ。", AT(insurer), false},
    {"out", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Write a file an insurer to DIR/overlaps-DATE instead of printing rows; made where missing.",
     "1件ごとの出力の代わりに、保険者ごとのファイルをDIR/"
     "overlaps-基準日に書く。なければ作成します。",
     AT(out), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

/* --- lines --------------------------------------------------------------------------------------
 */

static json_t *row_object(const struct overlap_row *row)
{
    return json_pack(
        "{s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:b, s:b, "
        "s:s, s:s, s:s, s:s}",
        "kind", "finding", "insurer", row->to.digits, "key", insurer_lists_text(row->key), "branch",
        row->branch, "finding", overlap_kind_name(row->kind), "rule", row->rule->id, "from",
        insurer_lists_date(row->from), "until", insurer_lists_date(row->until), "other",
        row->other.digits, "other_name", insurer_lists_text(row->other_name), "other_from",
        insurer_lists_date(row->other_from), "other_until", insurer_lists_date(row->other_until),
        "first", insurer_lists_date(row->first), "last", insurer_lists_date(row->last), "days",
        row->days, "counts", row->counts, "withheld", row->withheld, "found_ja",
        row->rule->title_ja, "found_en", row->rule->title_en, "do_ja", row->rule->desk_ja, "do_en",
        row->rule->desk_en);
}

static void print_other(const struct overlap_row *row)
{
    if (row->withheld)
        printf("    相手 / other: 保護のため表示しません / withheld under a protection flag\n");
    else if (row->other.digits[0])
        printf("    相手 / other: %s %.*s\n", row->other.digits, TEXT_ARGS(row->other_name));
}

static enum status print_row(struct scope *scope, void *context, const struct overlap_row *row)
{
    const bool *json = context;

    if (*json)
        return insurer_lists_print(scope, row_object(row));
    printf("%s %.*s: %s / %s (%d - %d, %d日 / days)\n", row->to.digits, TEXT_ARGS(row->key),
           row->rule->title_ja, row->rule->title_en, (int)row->first.yyyymmdd,
           (int)row->last.yyyymmdd, row->days);
    print_other(row);
    printf("    %s / %s\n", row->rule->desk_ja, row->rule->desk_en);
    return STATUS_OK;
}

static enum status print_total(struct scope *scope, const struct overlaps_figures *figures,
                               bool json)
{
    const int64_t *found = figures->found;

    if (json)
        return insurer_lists_print(
            scope, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "kind", "total", "people",
                             (json_int_t)figures->people, "live", (json_int_t)found[OVERLAP_LIVE],
                             "overlap", (json_int_t)found[OVERLAP_ENDED], "gap",
                             (json_int_t)found[OVERLAP_GAP], "late_loss",
                             (json_int_t)found[OVERLAP_LATE_LOSS], "rows",
                             (json_int_t)figures->rows, "withheld", (json_int_t)figures->withheld));
    printf("調べた人数 / people looked at: %lld; 二重加入 / two live %lld, 過去の重複 / ended "
           "overlaps %lld, 空白 / gaps %lld, 喪失の遅れ / late losses %lld; 連絡 / rows %lld (保護 "
           "/ withheld "
           "%lld)\n",
           (long long)figures->people, (long long)found[OVERLAP_LIVE],
           (long long)found[OVERLAP_ENDED], (long long)found[OVERLAP_GAP],
           (long long)found[OVERLAP_LATE_LOSS], (long long)figures->rows,
           (long long)figures->withheld);
    return STATUS_OK;
}

/* --- the list -----------------------------------------------------------------------------------
 */

static enum status list(struct scope *scope, const struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    bool json = settings->json;
    struct overlaps_order find = {
        .on = settings->on,
        .since = date_is(settings->since) ? settings->since
                                          : date_add_months(settings->on, -POLICY_OVERLAP_MONTHS),
        .row = print_row,
        .context = &json};
    struct overlap_files_order files = {.out = settings->out};
    struct overlaps_figures figures = {0};
    struct insurer *insurers = NULL;
    struct insurer *told = NULL;

    TRY(store_open(scope, settings->store, STORE_READ, &store));
    TRY(store_list_insurers(scope, store, &insurers, &find.insurer_count));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &told, &files.count));
    find.insurers = insurers;
    files.insurers = told;
    if (settings->insurer)
        find.insurer = told[0].number;
    TRY(settings->out ? overlap_files_write(scope, store, &find, &files, &figures)
                      : overlaps_read(scope, store, &find, &figures));
    return print_total(scope, &figures, json);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_overlaps.table, settings) != STATUS_OK)
        return -1;
    return list(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer overlaps --store sqlite:demo/store.sqlite --on 2026-11-25 --out demo/lists",
    "a file an insurer / 保険者ごとのファイル",
    "shikaku insurer overlaps --store sqlite:demo/store.sqlite --on 2026-11-25 --insurer 06139992",
    "what one insurer is told / 1保険者への連絡", NULL};

const struct command command_insurer_overlaps = {
    .name = "insurer overlaps",
    .arguments = "",
    .summary_en = "Two live coverages, gaps and late losses, told to both insurers.",
    .summary_ja = "二重加入・空白期間・喪失の遅れを探し、双方の保険者への連絡にする。",
    .description =
        "Of two coverages on one day the one issued later counts, then the one acquired later; the "
        "insurer of each is told which, and what to check. So are those on either side of a time "
        "without coverage, and of a loss that was registered later than 5 + 5 days. Of the other "
        "insurer a row has number, name and dates; under a protection flag dates only.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
