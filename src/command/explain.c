/* SPDX-License-Identifier: Apache-2.0
 *
 * explain.c - `shikaku explain number` and `shikaku explain copayment`: rules that need no store.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command/command.h"
#include "command/explanation.h"
#include "domain/copayment.h"
#include "domain/coverage.h"
#include "domain/number.h"

/* --- number --- */

struct number_settings {
    bool json;
};

static const struct option number_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print one JSON object.",
     .help_ja = "結果をJSONで出力する。",
     .offset = OPTION_AT(struct number_settings, json)},
};

/* The check digit that would be right, where there is a body at all. */
static void explain_check_digit(struct explanation *explanation, enum number_kind kind,
                                struct text number)
{
    int expected = -1;

    if (number.size == 0)
        return;
    expected = number_check_digit(kind, (struct text){number.bytes, number.size - 1});
    if (expected >= 0)
        explain_number(explanation, "check_digit", "正しい検証番号 / right check digit", expected);
}

static void explain_law(struct explanation *explanation, struct text number)
{
    struct insurer_number insurer = {{0}};
    enum number_verdict verdict = insurer_number_read(number, &insurer);
    int law = insurer_number_law(insurer);

    if (verdict != NUMBER_GOOD)
        return;
    explain_number(explanation, "law", "法別番号 / law number", law);
    explain_texts(explanation, "insurance", "制度 / insurance", insurer_law_ja(law),
                  insurer_law_en(law));
}

static int number_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct number_settings *wanted = settings;
    struct explanation explanation = {0};
    enum number_kind kind = NUMBER_KIND_COUNT;
    enum number_verdict verdict = NUMBER_WRONG_LENGTH;
    struct text number = text_of(argv[1]);

    (void)words;
    if (!number_read_kind(argv[0], &kind)) {
        scope_fail(scope, CAUSE_USAGE,
                   "KIND is insurer, institution, public, recipient or individual");
        return -1;
    }
    verdict = number_check(kind, number);
    explain_text(&explanation, "number", "番号 / number", argv[1]);
    explain_text(&explanation, "verdict", "判定 / verdict", number_verdict_name(verdict));
    explain_texts(&explanation, "text", "内容 / says", number_verdict_ja(verdict),
                  number_verdict_en(verdict));
    explain_check_digit(&explanation, kind, number);
    if (kind == NUMBER_INSURER)
        explain_law(&explanation, number);
    explain_text(&explanation, "source", "出典 / source",
                 kind == NUMBER_INDIVIDUAL ? "平成26年総務省令85号5条; insurers-and-documents 2.2"
                                           : "claims 3.1 to 3.4");
    if (explanation_print(scope, &explanation, wanted->json) != STATUS_OK)
        return -1;
    return verdict == NUMBER_GOOD ? 0 : 1;
}

static const char *const number_examples[] = {
    "shikaku explain number insurer 06139993",
    "what is wrong with this insurer number? / 保険者番号のどこが誤りかを調べる",
    NULL,
};

const struct command command_explain_number = {
    .name = "explain number",
    .arguments = "KIND NUMBER",
    .summary_en = "Explain what a number is, and what is wrong with it.",
    .summary_ja = "番号の意味と、誤りがあればその内容を説明する。",
    .description = "KIND as in shikaku number check. Exit code 1 where the number is not good.",
    .examples = number_examples,
    .table = {number_options, sizeof number_options / sizeof number_options[0]},
    .settings_size = sizeof(struct number_settings),
    .words_min = 2,
    .words_max = 2,
    .run = number_run,
};

/* --- copayment --- */

struct copayment_settings {
    struct date birth, on;
    int64_t law, certificate_share, kind;
    const char *insurer;
    bool json;
};

static const struct option copayment_options[] = {
    {.name = "birth",
     .type = OPTION_DATE,
     .placeholder = "DATE",
     .help_en = "Birth date.",
     .help_ja = "生年月日。",
     .offset = OPTION_AT(struct copayment_settings, birth),
     .required = true},
    {.name = "on",
     .type = OPTION_DATE,
     .placeholder = "DATE",
     .help_en = "Day of the visit; today where not given.",
     .help_ja = "受診日(省略時は今日)。",
     .offset = OPTION_AT(struct copayment_settings, on)},
    {.name = "law",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "0",
     .minimum = 0,
     .maximum = 99,
     .help_en = "Law number of the insurer, 0 = community insurance.",
     .help_ja = "法別番号(0は国民健康保険)。",
     .offset = OPTION_AT(struct copayment_settings, law)},
    {.name = "insurer",
     .type = OPTION_TEXT,
     .placeholder = "NUMBER",
     .help_en = "Insurer number, instead of --law.",
     .help_ja = "保険者番号(--lawの代わり)。",
     .offset = OPTION_AT(struct copayment_settings, insurer)},
    {.name = "certificate-share",
     .type = OPTION_NUMBER,
     .placeholder = "PERCENT",
     .fallback = "0",
     .minimum = 0,
     .maximum = 100,
     .help_en = "Share on the certificate (70 and over), 0 = none is registered.",
     .help_ja = "高齢受給者証等の負担割合(%、0は登録なし)。",
     .offset = OPTION_AT(struct copayment_settings, certificate_share)},
    {.name = "kind",
     .type = OPTION_NUMBER,
     .placeholder = "CODE",
     .fallback = "01",
     .minimum = 1,
     .maximum = 7,
     .help_en = "Certificate kind (OQSCD010); 05 is special medical expense.",
     .help_ja = "被保険者証区分(05は特別療養費)。",
     .offset = OPTION_AT(struct copayment_settings, kind)},
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print one JSON object.",
     .help_ja = "結果をJSONで出力する。",
     .offset = OPTION_AT(struct copayment_settings, json)},
};

static const struct option_table copayment_table = {
    copayment_options, sizeof copayment_options / sizeof copayment_options[0]};

/* The insurer as given, or one of the law number. */
static enum status read_insurer(struct scope *scope, const struct copayment_settings *wanted,
                                struct insurer_number *out)
{
    enum number_verdict verdict = NUMBER_GOOD;

    if (wanted->insurer)
        verdict = insurer_number_read(text_of(wanted->insurer), out);
    else if (wanted->law > 0)
        snprintf(out->digits, sizeof out->digits, "%02d000000", (int)(wanted->law % 100));
    if (verdict != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_INSURER_NUMBER_WRONG, "--insurer: %s",
                          number_verdict_en(verdict));
    if (*insurer_law_en(insurer_number_law(*out)) == '\0')
        return scope_fail(scope, CAUSE_USAGE, "--law: no insurer has this law number");
    return STATUS_OK;
}

static enum status explain_share(struct scope *scope, const struct copayment_settings *wanted,
                                 struct explanation *out)
{
    const struct person person = {.birth = wanted->birth};
    const struct elderly_certificate elderly = {.share = (int)wanted->certificate_share};
    struct coverage coverage = {.kind = (enum certificate_kind)wanted->kind,
                                .share = (int)wanted->certificate_share};
    struct date on = date_is(wanted->on) ? wanted->on : instant_date(scope->now);
    struct copayment copayment = {0};

    TRY(read_insurer(scope, wanted, &coverage.insurer));
    copayment = copayment_decide(&person, &coverage, elderly.share ? &elderly : NULL, on);
    explain_number(out, "share", "負担割合(%) / share, percent", copayment.share);
    explain_rule(out, rule_at(copayment.rule));
    TRY(explain_date(scope, out, "on", "受診日 / day", on));
    TRY(explain_date(scope, out, "preschool_last", "未就学の最終日 / last preschool day",
                     copayment_preschool_last(wanted->birth)));
    TRY(explain_date(scope, out, "elderly_first", "高齢受給者の初日 / first day of 70 to 74",
                     copayment_elderly_first(wanted->birth)));
    return explain_date(scope, out, "late_elderly_first", "75歳の初日 / first day of 75",
                        copayment_late_elderly_first(wanted->birth));
}

static int copayment_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct copayment_settings *wanted = settings;
    struct explanation explanation = {0};

    (void)words;
    (void)argv;
    if (options_require(scope, copayment_table, settings) != STATUS_OK ||
        explain_share(scope, wanted, &explanation) != STATUS_OK ||
        explanation_print(scope, &explanation, wanted->json) != STATUS_OK)
        return -1;
    return 0;
}

static const char *const copayment_examples[] = {
    "shikaku explain copayment --birth 1955-09-15 --on 2025-10-01",
    "which share does the desk collect, and why? / 窓口の負担割合とその理由を調べる",
    "shikaku explain copayment --birth 1944-02-03 --law 39 --certificate-share 20 --json",
    "the late elderly, as JSON / 後期高齢者の割合をJSONで出力する",
    NULL,
};

const struct command command_explain_copayment = {
    .name = "explain copayment",
    .arguments = "",
    .summary_en = "Explain the share that the desk collects, by age, insurer and certificate.",
    .summary_ja = "窓口の負担割合を年齢・保険者・証から説明する。",
    .description =
        "Prints the share in percent, the rule and its source, and the days on which the share "
        "changes with age. Ages are counted by law: one is reached at the end of the day before "
        "the birthday.",
    .examples = copayment_examples,
    .table = {copayment_options, sizeof copayment_options / sizeof copayment_options[0]},
    .settings_size = sizeof(struct copayment_settings),
    .words_min = 0,
    .words_max = 0,
    .run = copayment_run,
};
