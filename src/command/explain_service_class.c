/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_service_class.c - `shikaku explain service-class`: who may check how (E3).
 */
#include "command/command.h"
#include "command/explanation.h"
#include "domain/service_class.h"

struct settings {
    const char *facility;
    int64_t measure, class;
    struct date measure_until, on;
    bool json;
};

static const struct option options[] = {
    {"facility", OPTION_TEXT, "TYPE", NULL, 0, 0,
     "insured_institution, pharmacy, workplace_clinic, home_care, transitional, checkup_provider, "
     "midwifery, mandate_exempt or therapy_clinic.",
     "施設類型(保険医療機関、薬局、職域診療所、訪問診療等、経過措置、健診実施機関、助産所、"
     "義務化対象外、施術所の順)。",
     OPTION_AT(struct settings, facility), true},
    {"measure", OPTION_NUMBER, "N", "0", 0, MEASURE_LAST,
     "Transitional measure 1 to 6; needed for transitional, and only there.",
     "経過措置の番号(1〜6、transitionalのとき必須)。", OPTION_AT(struct settings, measure), false},
    {"measure-until", OPTION_DATE, "DATE", NULL, 0, 0,
     "The measure's deadline for this place, where it has one of its own.",
     "その施設の経過措置の期限(個別に定めがあるとき)。", OPTION_AT(struct settings, measure_until),
     false},
    {"class", OPTION_NUMBER, "N", "0", 0, CLASS_ELIGIBILITY_ONLY,
     "1 normal, 2 mobile with consent, 3 eligibility only.",
     "1 通常、2 居宅同意取得型、3 資格確認限定型。", OPTION_AT(struct settings, class), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the check; today where not given.",
     "資格確認日(省略時は今日)。", OPTION_AT(struct settings, on), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。",
     OPTION_AT(struct settings, json), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

static enum status read_place(struct scope *scope, const struct settings *settings,
                              struct service_place *out)
{
    TRY(options_require(scope, table, settings));
    if (settings->class < CLASS_NORMAL)
        return scope_fail(scope, CAUSE_USAGE, "--class: 1, 2 or 3");
    if (!facility_row_read(text_of(settings->facility), &out->row))
        return scope_fail(
            scope, CAUSE_USAGE,
            "--facility: no such type; shikaku explain service-class --help lists them");
    if (out->row == ROW_TRANSITIONAL && settings->measure == MEASURE_NONE)
        return scope_fail(scope, CAUSE_USAGE, "--facility transitional needs --measure 1 to 6");
    if (out->row != ROW_TRANSITIONAL &&
        (settings->measure != MEASURE_NONE || date_is(settings->measure_until)))
        return scope_fail(scope, CAUSE_USAGE, "--measure goes with --facility transitional only");
    out->measure = (int)settings->measure;
    out->measure_until = settings->measure_until;
    return STATUS_OK;
}

static enum status explain_permission(struct scope *scope, const struct settings *settings,
                                      const struct service_place *place, struct explanation *out)
{
    enum service_class class = (enum service_class)settings->class;
    struct date on = date_is(settings->on) ? settings->on : instant_date(scope->now);
    struct service_permission permission = service_class_on(place, class, on);

    explain_text(out, "facility", "施設類型 / facility type", facility_row_name(place->row));
    explain_texts(out, "facility_name", "施設類型名 / its name", facility_row_ja(place->row),
                  facility_row_en(place->row));
    if (place->measure != MEASURE_NONE) {
        explain_number(out, "measure", "経過措置 / transitional measure", place->measure);
        explain_texts(out, "measure_name", "経過措置の内容 / its ground",
                      facility_measure_ja(place->measure), facility_measure_en(place->measure));
    }
    explain_number(out, "class", "区分 / class", class);
    explain_texts(out, "class_name", "区分名 / its name", service_class_ja(class),
                  service_class_en(class));
    TRY(explain_date(scope, out, "on", "資格確認日 / day", on));
    explain_flag(out, "allowed", "利用の可否 / allowed", permission.allowed);
    explain_flag(out, "optional", "任意 / voluntary", permission.optional);
    explain_flag(out, "medical", "医療情報の取得・活用 / medical information", permission.medical);
    TRY(explain_date(scope, out, "from", "開始日 / from", permission.from));
    TRY(explain_date(scope, out, "deadline", "経過措置の期限 / deadline of the measure",
                     permission.deadline));
    explain_rule(out, rule_at(permission.rule));
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct service_place place = {0};
    struct explanation explanation = {0};

    (void)words;
    (void)argv;
    if (read_place(scope, settings, &place) != STATUS_OK ||
        explain_permission(scope, settings, &place, &explanation) != STATUS_OK ||
        explanation_print(scope, &explanation, settings->json) != STATUS_OK)
        return -1;
    return 0;
}

static const char *const examples[] = {
    "shikaku explain service-class --facility pharmacy --class 2 --on 2024-12-02",
    "may a pharmacy use a tablet? / 薬局は居宅同意取得型を利用できるか",
    "shikaku explain service-class --facility transitional --measure 4 --class 3 --json",
    "a clinic that is being rebuilt / 改築工事中の診療所",
    NULL,
};

const struct command command_explain_service_class = {
    .name = "explain service-class",
    .arguments = "",
    .summary_en = "Explain which facility may use which way of checking a card.",
    .summary_ja = "施設類型ごとに使えるカードの確認方法を説明する。",
    .description =
        "Prints whether the class may be used on the day, whether its use is voluntary, "
        "whether medical information can be seen with it, and the rule. Exit code 0 also "
        "where the answer is no.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = run,
};
