/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_invitations.c - shikaku insurer invitations: who lost a coverage and has had no new one
 * for three months, told to the city where they live.
 */
#include <stdio.h>

#include "batch/invitations.h"
#include "command/command.h"
#include "command/insurer_lists.h"

struct settings {
    const char *store, *insurer, *out;
    struct date on, since;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)
static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0,
     "Seen on this day: those of the month before it who still have no coverage.",
     "基準日。前月分のうち、まだ新しい資格がない人を見る。", AT(on), true},
    {"since", OPTION_DATE, "DATE", NULL, 0, 0,
     "Also those of earlier months, from the month of this day.",
     "この日の月の分から見る。省略時は前月分だけ。", AT(since), false},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Only what this city or insurer is told.",
     "この市区町村・保険者への連絡だけ。", AT(insurer), false},
    {"out", OPTION_TEXT, "DIR", NULL, 0, 0,
     "Write a file an insurer to DIR/invitations-DATE instead of printing rows; made where "
     "missing.",
     "1件ごとの出力の代わりに、保険者ごとのファイルをDIR/"
     "invitations-基準日に書く。なければ作成します。",
     AT(out), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

/* --- lines --------------------------------------------------------------------------------------
 */

static json_t *row_object(const struct invitation_row *row)
{
    static const struct person nobody = {0};
    const struct person *person = row->person ? row->person : &nobody;
    const struct rule *rule = invitation_rule(row->way);

    return json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:i, s:o, s:o, s:o, s:i, s:o, s:o, s:s, s:s, s:s, "
        "s:s}",
        "kind", "invitation", "insurer", row->to.digits, "key", insurer_lists_text(row->key),
        "rule", rule->id, "lost", insurer_lists_date(row->lost), "reason", (int)row->reason, "name",
        insurer_lists_text(person->name), "kana", insurer_lists_text(person->name_kana), "birth",
        insurer_lists_date(person->birth), "sex", (int)person->sex1, "postal_code",
        insurer_lists_text(person->postal_code), "address", insurer_lists_text(person->address),
        "found_ja", rule->title_ja, "found_en", rule->title_en, "do_ja", rule->desk_ja, "do_en",
        rule->desk_en);
}

static void print_person(const struct person *person)
{
    printf("    %.*s (%.*s) %d %.*s %.*s\n", TEXT_ARGS(person->name), TEXT_ARGS(person->name_kana),
           (int)person->birth.yyyymmdd, TEXT_ARGS(person->postal_code), TEXT_ARGS(person->address));
}

static enum status print_row(struct scope *scope, void *context, const struct invitation_row *row)
{
    const bool *json = context;
    const struct rule *rule = invitation_rule(row->way);

    if (*json)
        return insurer_lists_print(scope, row_object(row));
    printf("%s %.*s: %s / %s (喪失 / lost %d, %02d)\n", row->to.digits, TEXT_ARGS(row->key),
           rule->title_ja, rule->title_en, (int)row->lost.yyyymmdd, (int)row->reason);
    if (row->person)
        print_person(row->person);
    printf("    %s / %s\n", rule->desk_ja, rule->desk_en);
    return STATUS_OK;
}

static enum status print_total(struct scope *scope, const struct invitations_figures *figures,
                               bool json)
{
    const int64_t *rows = figures->rows;

    if (json)
        return insurer_lists_print(scope,
                                   json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "kind", "total",
                                             "people", (json_int_t)figures->people, "by_city",
                                             (json_int_t)rows[INVITATION_BY_CITY], "protected",
                                             (json_int_t)rows[INVITATION_PROTECTED], "doubtful",
                                             (json_int_t)rows[INVITATION_DOUBTFUL], "no_city",
                                             (json_int_t)rows[INVITATION_NO_CITY]));
    printf("調べた人数 / people looked at: %lld; 市区町村へ / told to cities %lld; 前の保険者へ / "
           "told to former insurers: 保護 / protected %lld, 住基と相違 / register differs %lld, "
           "住所不明 / "
           "city unknown %lld\n",
           (long long)figures->people, (long long)rows[INVITATION_BY_CITY],
           (long long)rows[INVITATION_PROTECTED], (long long)rows[INVITATION_DOUBTFUL],
           (long long)rows[INVITATION_NO_CITY]);
    return STATUS_OK;
}

/* One insurer is not told for which reason a person is not named: a flag may be among them. */
static enum status print_end(struct scope *scope, const struct settings *settings,
                             const struct invitations_figures *figures)
{
    return settings->insurer ? STATUS_OK : print_total(scope, figures, settings->json);
}

/* --- the list -----------------------------------------------------------------------------------
 */

static enum status list(struct scope *scope, const struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    bool json = settings->json;
    struct date last = date_add_days(date_first_of_month(settings->on), -1);
    struct invitations_order order = {.on = settings->on,
                                      .from = date_is(settings->since) ? settings->since : last,
                                      .to = last,
                                      .row = print_row,
                                      .context = &json};
    struct invitation_files_order files = {.out = settings->out};
    struct invitations_figures figures = {0};
    struct insurer *insurers = NULL;
    struct insurer *told = NULL;
    size_t count = 0;

    if (date_before(last, order.from))
        return scope_fail(scope, CAUSE_USAGE, "--since: a day before the month of --on");
    TRY(store_open(scope, settings->store, STORE_READ, &store));
    TRY(store_list_insurers(scope, store, &insurers, &count));
    TRY(invitation_cities_make(scope, insurers, count, &order.cities));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &told, &files.count));
    files.insurers = told;
    if (settings->insurer)
        order.insurer = told[0].number;
    TRY(settings->out ? invitation_files_write(scope, store, &order, &files, &figures)
                      : invitations_read(scope, store, &order, &figures));
    return print_end(scope, settings, &figures);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_invitations.table, settings) != STATUS_OK)
        return -1;
    return list(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer invitations --store sqlite:demo/store.sqlite --on 2026-12-01 --insurer 139998",
    "whom a city is to invite / 市区町村が加入を勧奨する人",
    "shikaku insurer invitations --store sqlite:demo/store.sqlite --on 2026-12-01 --out lists",
    "a file an insurer / 保険者ごとのファイル", NULL};

const struct command command_insurer_invitations = {
    .name = "insurer invitations",
    .arguments = "",
    .summary_en = "People without a new coverage three months after a loss, told to their city.",
    .summary_ja = "資格喪失から3か月、新しい資格がない人を住所地の市区町村に知らせる(加入勧奨)。",
    .description =
        "At the end of the third month after that of the loss the city where the person lives is "
        "told whom to invite to join; month-end writes the same list for each month. Who died, is "
        "on public assistance or 75 is not asked. Under a protection flag, with a difference from "
        "the resident register, or with an address that leads to no city, no city is told: the "
        "former insurer is, by its own key, without a name and without the reason. This is the one "
        "list that shows names and addresses.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
