/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_certificate.c - `shikaku explain certificate`: what a certificate allows on a day
 * (K1-K3).
 */
#include "command/command.h"
#include "command/explanation.h"
#include "domain/certificate_life.h"

struct settings {
    struct date expires, issued, on;
    bool phone, revoked, superseded, json;
};

static const struct option options[] = {
    {"expires", OPTION_DATE, "DATE", NULL, 0, 0, "Last day of the certificate's validity.",
     "電子証明書の有効期限(最終日)。", OPTION_AT(struct settings, expires), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the visit; today where not given.",
     "受診日(省略時は今日)。", OPTION_AT(struct settings, on), false},
    {"issued", OPTION_DATE, "DATE", NULL, 0, 0, "First day of its validity, where it matters.",
     "電子証明書の発行日(必要なとき)。", OPTION_AT(struct settings, issued), false},
    {"phone", OPTION_FLAG, NULL, NULL, 0, 0, "It lives in a phone: there is no grace.",
     "スマートフォンの電子証明書(猶予期間なし)。", OPTION_AT(struct settings, phone), false},
    {"revoked", OPTION_FLAG, NULL, NULL, 0, 0, "It was revoked.", "失効している。",
     OPTION_AT(struct settings, revoked), false},
    {"superseded", OPTION_FLAG, NULL, NULL, 0, 0, "It was renewed: a newer one exists.",
     "更新済みで、新しい電子証明書がある。", OPTION_AT(struct settings, superseded), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。",
     OPTION_AT(struct settings, json), false},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

static struct authentication_certificate certificate_of(const struct settings *settings)
{
    struct authentication_certificate certificate = {
        .issuer = 1,
        .not_before = settings->issued,
        .expires = settings->expires,
        .state = CERTIFICATE_CURRENT,
        .phone = settings->phone,
    };

    if (settings->superseded)
        certificate.state = CERTIFICATE_SUPERSEDED;
    if (settings->revoked)
        certificate.state = CERTIFICATE_REVOKED;
    return certificate;
}

/* The reader shows a warning where a check is possible but not for long (K1, K2). */
static void explain_warning(struct explanation *out, const struct certificate_life *life)
{
    bool warns = life->check && life->cause != CAUSE_NONE;

    explain_flag(out, "warning", "警告を表示 / the reader warns", warns);
    if (life->cause != CAUSE_NONE)
        explain_texts(out, "screen", "画面の表示 / on the screen",
                      failure_text(life->cause)->desk_ja, failure_text(life->cause)->desk_en);
}

static enum status explain_life(struct scope *scope, const struct settings *settings,
                                struct explanation *out)
{
    struct authentication_certificate certificate = certificate_of(settings);
    struct date on = date_is(settings->on) ? settings->on : instant_date(scope->now);
    struct certificate_life life = certificate_life_on(&certificate, on);

    explain_text(out, "state", "状態 / state", certificate_phase_name(life.phase));
    explain_flag(out, "check", "資格確認 / eligibility check", life.check);
    explain_flag(out, "medical", "診療情報等(同意のうえ) / medical information, with consent",
                 life.medical);
    explain_warning(out, &life);
    TRY(explain_date(scope, out, "on", "受診日 / day", on));
    TRY(explain_date(scope, out, "alert_from", "警告の初日 / alert from", life.alert_from));
    TRY(explain_date(scope, out, "expires", "有効期限 / expires", settings->expires));
    TRY(explain_date(scope, out, "grace_ends", "猶予期間の末日 / grace ends", life.grace_ends));
    explain_rule(out, rule_of(life.rule));
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct explanation explanation = {0};

    (void)words;
    (void)argv;
    if (options_require(scope, table, settings) != STATUS_OK)
        return -1;
    if (date_is(settings->issued) && date_before(settings->expires, settings->issued)) {
        (void)scope_fail(scope, CAUSE_USAGE, "--issued lies after --expires");
        return -1;
    }
    if (explain_life(scope, settings, &explanation) != STATUS_OK ||
        explanation_print(scope, &explanation, settings->json) != STATUS_OK)
        return -1;
    return 0;
}

static const char *const examples[] = {
    "shikaku explain certificate --expires 2025-05-10 --on 2025-08-31",
    "the last day of grace: eligibility yes, medical information no / 猶予期間の末日",
    "shikaku explain certificate --expires 2026-12-01 --on 2026-11-23 --json",
    "for programs / プログラム向け",
    NULL,
};

const struct command command_explain_certificate = {
    .name = "explain certificate",
    .arguments = "",
    .summary_en = "Explain what a card's certificate allows on a day.",
    .summary_ja = "電子証明書がその日に何を許すかを説明する。",
    .description =
        "Prints the state (valid, alert, grace, lapsed; also not_yet, revoked, superseded), "
        "whether "
        "eligibility can be checked and medical information be seen, whether the reader warns, and "
        "the days on which that changes. The grace ends with the third month after the month of "
        "expiry; months and month end are policy (shikaku explain policy).",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = run,
};
