/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_papers.c - shikaku insurer papers: who gets which paper (資格確認書, 資格情報のお知らせ)
 * by a day, why, by when, and until when it holds; with --issue they are issued.
 */
#include <stdio.h>
#include <string.h>

#include "batch/filings_end.h"
#include "batch/list_row.h"
#include "batch/steps.h"
#include "command/command.h"
#include "command/insurer_lists.h"

#define KEY_MAX 512

struct settings {
    const char *store, *insurer;
    struct date on;
    bool issue, json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "The insurer.", "保険者番号。", AT(insurer),
     true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "What is due by this day; today where left out.",
     "基準日(この日までに交付すべきもの)。省略時は今日。", AT(on), false},
    {"issue", OPTION_FLAG, NULL, NULL, 0, 0,
     "They are printed and posted: enter them as issued on the day.",
     "印刷・発送する。この日の交付として登録する。", AT(issue), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

static const struct {
    const char *ja, *en;
} kinds[] = {
    [ISSUE_CERTIFICATE] = {"資格確認書", "eligibility certificate"},
    [ISSUE_NOTICE] = {"資格情報のお知らせ", "eligibility notice"},
};

/* --- a paper ---------------------------------------------------------------------------------- */

static struct text key_of(const struct standing *standing, const struct issue *issue,
                          char out[KEY_MAX])
{
    for (size_t i = 0; i < standing->person.coverage_count; i++)
        if (standing->person.coverages[i].coverage_id == issue->coverage_id)
            return (struct text){
                out, list_key_write(standing, &standing->person.coverages[i], out, KEY_MAX)};
    return (struct text){0};
}

static enum status print_object(struct scope *scope, struct text key, const struct issue *issue)
{
    return insurer_lists_print(
        scope,
        json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s}", "key",
                  insurer_lists_text(key), "kind", issue_kind_name(issue->kind), "trigger",
                  issue->reason, "state", issue_state_name(issue->state), "due",
                  insurer_lists_date(issue->due), "latest", insurer_lists_date(issue->latest),
                  "issued", insurer_lists_date(issue->issued), "valid_from",
                  insurer_lists_date(issue->valid_from), "valid_until",
                  insurer_lists_date(issue->valid_until), "special", issue->special, "rule",
                  issue->rule));
}

static void print_line(struct text key, const struct issue *issue)
{
    char latest[11] = "-";
    char until[11] = "-";

    if (date_is(issue->latest))
        date_write_iso(issue->latest, latest);
    if (date_is(issue->valid_until) && date_before(issue->valid_until, DATE_NEVER))
        date_write_iso(issue->valid_until, until);
    printf("%.*s\t%s / %s%s\t%s\t%s\t期限 / by %s\t有効期限 / until %s\t%s\n", TEXT_ARGS(key),
           kinds[issue->kind].ja, kinds[issue->kind].en,
           issue->special ? " (特別療養 / special expense)" : "", issue->reason,
           issue->state == ISSUE_ISSUED ? "交付 / issued" : "要交付 / due", latest, until,
           issue->rule);
}

static enum status print_paper(struct scope *scope, void *settings_,
                               const struct standing *standing, const struct issue *issue)
{
    const struct settings *settings = settings_;
    char room[KEY_MAX];
    struct text key = key_of(standing, issue, room);

    if (settings->json)
        return print_object(scope, key, issue);
    print_line(key, issue);
    return STATUS_OK;
}

/* --- the command ------------------------------------------------------------------------------ */

static enum status papers(struct scope *scope, struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct insurer *insurer = NULL;
    struct step_order order = {
        .on = settings->on, .issue = settings->issue, .context = settings, .paper = print_paper};
    struct step_figures figures = {0};
    int64_t ended = 0;
    size_t count = 0;

    if (!date_is(order.on))
        order.on = instant_date(scope->now);
    TRY(store_open(scope, settings->store, STORE_WRITE, &store));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &insurer, &count));
    order.insurer = insurer->number;
    TRY(filings_end(scope, store, order.on, &ended));
    return day_step(scope, store, &order, &figures);
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_papers.table, settings) != STATUS_OK)
        return -1;
    return papers(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer papers --store sqlite:demo/store.sqlite --insurer 06139992",
    "what this insurer owes today / 本日までに交付すべき書面",
    "shikaku insurer papers --store sqlite:demo/store.sqlite --insurer 06139992 --issue --json",
    "issues it, for a printing program / 交付として登録し、印刷用に出力する", NULL};

const struct command command_insurer_papers = {
    .name = "insurer papers",
    .arguments = "",
    .summary_en = "Who gets which paper by a day, why, and by when; issues them.",
    .summary_ja = "だれに・なぜ・いつまでにどの書面を交付するかを一覧にし、交付を登録する。",
    .description =
        "Enters the papers that are due by the day into the register of papers, as the rules say "
        "(shikaku explain document tells each), and prints those that are due, or with --issue "
        "were issued that day. Nobody gets two for one reason, nobody is left out; the same day "
        "again changes nothing. A protected person's paper waits until the insurer has made sure "
        "of the address (shikaku insurer need --need address_checked). Looks through all people.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
