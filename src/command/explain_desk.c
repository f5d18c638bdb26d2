/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_desk.c - `shikaku explain desk`: the ladder of E6, a case or the whole table.
 */
#include <string.h>

#include "command/command.h"
#include "command/explanation.h"
#include "domain/desk_ladder.h"

struct settings {
    const char *situation, *holds, *known;
    bool new_coverage_told, outage_mode, all, json;
    struct date old_card_ends, on;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"situation", OPTION_TEXT, "WHAT", NULL, 0, 0,
     "What happened: card_valid, face_failed, card_unreadable, reader_broken, no_network, "
     "certificate_grace, certificate_lapsed, invalid, no_information, no_card or not_in_system.",
     "起きたこと(カード有効、顔認証不可、カード読取不可、リーダー故障、停電・通信障害、"
     "証明書猶予期間、証明書失効、資格無効、資格情報なし、カードなし、システム対象外の順)。",
     AT(situation), false},
    {"holds", OPTION_TEXT, "PAPERS", "nothing", 0, 0,
     "What the patient holds, with commas: card, portal (screen or PDF), notice, certificate, "
     "old_card; or nothing.",
     "患者が持つもの(カンマ区切り: カード、マイナポータル画面・PDF、お知らせ、資格確認書、"
     "保険証、なし)。",
     AT(holds), false},
    {"known", OPTION_TEXT, "ANSWER", "no", 0, 0,
     "From an earlier visit: same, changed, or no (first visit).",
     "以前の受診で把握した資格(same 変更なし、changed 変更あり、no 初診)。", AT(known), false},
    {"new-coverage-told", OPTION_FLAG, NULL, NULL, 0, 0,
     "The patient can tell the new insurer and numbers.", "患者が新しい資格を申告できる。",
     AT(new_coverage_told), false},
    {"outage-mode", OPTION_FLAG, NULL, NULL, 0, 0, "The outage mode is open.",
     "システム障害時モードを使える。", AT(outage_mode), false},
    {"old-card-ends", OPTION_DATE, "DATE", NULL, 0, 0, "Last day printed on the old card.",
     "健康保険証の有効期限。", AT(old_card_ends), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the visit; today where not given.",
     "受診日(省略時は今日)。", AT(on), false},
    {"all", OPTION_FLAG, NULL, NULL, 0, 0, "Print the whole table instead.",
     "すべての行を出力する。", AT(all), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print JSON.", "結果をJSONで出力する。", AT(json),
     false},
};

static enum status read_known(struct scope *scope, const char *word, enum desk_known *out)
{
    static const char *const words[] = {
        [KNOWN_NO] = "no", [KNOWN_SAME] = "same", [KNOWN_CHANGED] = "changed"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0) {
            *out = (enum desk_known)i;
            return STATUS_OK;
        }
    return scope_fail(scope, CAUSE_USAGE, "--known: same, changed or no");
}

static enum status read_case(struct scope *scope, const struct settings *settings,
                             struct desk_case *out)
{
    *out = (struct desk_case){
        .new_coverage_told = settings->new_coverage_told,
        .outage_mode = settings->outage_mode,
        .old_card_ends = settings->old_card_ends,
        .on = date_is(settings->on) ? settings->on : instant_date(scope->now),
    };
    if (!settings->situation)
        return scope_fail(scope, CAUSE_USAGE, "--situation WHAT is needed, or --all");
    if (!desk_situation_read(text_of(settings->situation), &out->situation))
        return scope_fail(scope, CAUSE_USAGE,
                          "--situation: no such case; shikaku explain desk --help lists them");
    if (!desk_papers_read(text_of(settings->holds), &out->holds))
        return scope_fail(scope, CAUSE_USAGE,
                          "--holds: card, portal, notice, certificate, old_card or nothing");
    return read_known(scope, settings->known, &out->known);
}

static void explain_step(struct explanation *out, const struct desk_step *step)
{
    explain_text(out, "row", "行 / row", step->row);
    explain_rule(out, rule_at(step->rule));
    explain_texts(out, "asked", "患者に求めること / asked of the patient", step->asked_ja,
                  step->asked_en);
    explain_flag(out, "declaration", "被保険者資格申立書 / declaration", step->form);
    explain_texts(out, "pays", "患者の支払い / the patient pays", step->pays_ja, step->pays_en);
    explain_number(out, "claim", "請求の段階 / claim step", step->claim);
    explain_text(out, "claim_basis", "請求の資格 / claimed as", claim_basis_name(step->claim));
    explain_texts(out, "claimed", "請求 / the claim", step->claimed_ja, step->claimed_en);
    explain_texts(out, "payer", "負担する者 / who pays", step->payer_ja, step->payer_en);
}

static enum status explain_case(struct scope *scope, const struct desk_case *desk,
                                struct explanation *out)
{
    enum unconfirmed_reason reason = desk_situation_reason(desk->situation);

    explain_text(out, "situation", "区分 / case", desk_situation_name(desk->situation));
    explain_texts(out, "happened", "起きたこと / what happened", desk_situation_ja(desk->situation),
                  desk_situation_en(desk->situation));
    TRY(explain_date(scope, out, "on", "受診日 / day", desk->on));
    explain_step(out, desk_ladder_step(desk));
    if (reason != UNCONFIRMED_NOT)
        explain_text(out, "unconfirmed", "確認できない理由 / why unconfirmed",
                     unconfirmed_reason_name(reason));
    return STATUS_OK;
}

static enum status explain_all(struct scope *scope, bool json)
{
    size_t count = 0;
    const struct desk_step *rows = desk_ladder_rows(&count);
    struct explanation *explanations = NULL;

    TRY(scope_alloc(scope, count, sizeof *explanations, &explanations));
    for (size_t i = 0; i < count; i++)
        explain_step(&explanations[i], &rows[i]);
    return explanation_print_list(scope, explanations, count, json);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct explanation explanation = {0};
    struct desk_case desk = {0};

    (void)words;
    (void)argv;
    if (settings->all)
        return explain_all(scope, settings->json) == STATUS_OK ? 0 : -1;
    if (read_case(scope, settings, &desk) != STATUS_OK ||
        explain_case(scope, &desk, &explanation) != STATUS_OK ||
        explanation_print(scope, &explanation, settings->json) != STATUS_OK)
        return -1;
    return 0;
}

static const char *const examples[] = {
    "shikaku explain desk --situation card_unreadable --holds card,notice",
    "the chip does not answer, the patient has the notice too / カードが読めず、お知らせがある",
    "shikaku explain desk --situation no_network --known same --json",
    "the line is down, the patient has been here before / 通信障害、再診の患者",
    "shikaku explain desk --all",
    "the whole table / すべての行",
    NULL,
};

const struct command command_explain_desk = {
    .name = "explain desk",
    .arguments = "",
    .summary_en = "Explain what the desk does when coverage cannot simply be confirmed.",
    .summary_ja = "資格をそのまま確認できないときの窓口の対応を説明する。",
    .description =
        "Given what happened, what the patient holds and what is known from an earlier visit, "
        "prints what the desk does now, what is asked of the patient, what he pays, what is "
        "claimed (1 the current coverage, 2 the former, 3 unknown, 0 no claim) and who pays: the "
        "rows D1 to D16 of the decision table.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = run,
};
