/* SPDX-License-Identifier: Apache-2.0
 *
 * card_issue.c - `shikaku card issue` and `card renew`: the municipality's counter.
 */
#include "command/command.h"
#include "command/issuer_words.h"

struct settings {
    const char *issuer, *kind, *municipality, *pin, *ocsp;
    int64_t holder;
    struct date birth, today;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

#define COMMON_OPTIONS                                                                             \
    {"issuer",                                                                                     \
     OPTION_TEXT,                                                                                  \
     "DIR",                                                                                        \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "The issuer's state folder: pki/ of a world.",                                                \
     "発行者のフォルダー(世界のpki/)。",                                                           \
     AT(issuer),                                                                                   \
     true},                                                                                        \
        {"ocsp-url",                                                                               \
         OPTION_TEXT,                                                                              \
         "URL",                                                                                    \
         "http://127.0.0.1:8444/ocsp",                                                             \
         0,                                                                                        \
         0,                                                                                        \
         "Address of the OCSP responder, for the certificate.",                                    \
         "証明書に書くOCSPのURL。",                                                                \
         AT(ocsp),                                                                                 \
         false},                                                                                   \
        {"today",                                                                                  \
         OPTION_DATE,                                                                              \
         "DATE",                                                                                   \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "Day of the act; today where not given.",                                                 \
         "手続きの日(省略時は今日)。",                                                             \
         AT(today),                                                                                \
         false},                                                                                   \
    {                                                                                              \
        "json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。", \
            AT(json), false                                                                        \
    }

static const struct option issue_options[] = {
    COMMON_OPTIONS,
    {"kind", OPTION_TEXT, "KIND", "plastic", 0, 0,
     "plastic, pinless (no PIN), android or iphone (beside the holder's card).",
     "plastic、pinless(顔認証)、android、iphone。", AT(kind), false},
    {"holder", OPTION_NUMBER, "N", "0", 0, INT64_MAX,
     "A holder of the issuer's book; 0 makes a new one.", "所持者番号(0は新規)。", AT(holder),
     false},
    {"birth", OPTION_DATE, "DATE", NULL, 0, 0, "Birth date of a new holder.",
     "新規所持者の生年月日。", AT(birth), false},
    {"municipality", OPTION_TEXT, "CODE", "13201", 0, 0, "Of a new holder: five digits.",
     "新規所持者の市区町村コード。", AT(municipality), false},
    {"pin", OPTION_TEXT, "PIN", "1234", 0, 0, "Four digits.", "暗証番号(4桁)。", AT(pin), false},
};

static const struct option renew_options[] = {COMMON_OPTIONS};

static enum status report(struct scope *scope, const struct issued *issued,
                          const struct settings *settings)
{
    struct explanation out = {0};

    TRY(tell_certificate(scope, &issued->certificate, instant_date(scope->now), &out));
    if (issued->former != 0)
        explain_number(&out, "former", "更新前のシリアル番号 / former", (int64_t)issued->former);
    TRY(explain_date(scope, &out, "card_expires", "カードの有効期限 / card expires",
                     issued->card_expires));
    explain_rule(&out, issued->rule);
    return explanation_print(scope, &out, settings->json);
}

static enum status issue(struct scope *scope, const struct settings *settings, const char *card)
{
    CLEANUP(office_drop) struct office *office = NULL;
    struct issued issued = {0};
    struct issue_order order = {.card = card,
                                .holder = settings->holder,
                                .birth = settings->birth,
                                .municipality = settings->municipality,
                                .pin = settings->pin,
                                .ocsp = settings->ocsp};

    if (!issued_kind_read(settings->kind, &order.kind))
        return scope_fail(scope, CAUSE_USAGE, "--kind: plastic, pinless, android or iphone");
    scope->now = act_time(scope, settings->today);
    TRY(office_open(scope, settings->issuer, &office));
    TRY(office_issue(scope, office, &order, &issued));
    return report(scope, &issued, settings);
}

static enum status renew(struct scope *scope, const struct settings *settings, const char *card)
{
    CLEANUP(office_drop) struct office *office = NULL;
    struct issued issued = {0};

    scope->now = act_time(scope, settings->today);
    TRY(office_open(scope, settings->issuer, &office));
    TRY(office_renew(scope, office, card, settings->ocsp, &issued));
    return report(scope, &issued, settings);
}

static const struct option_table issue_table = {issue_options,
                                                sizeof issue_options / sizeof issue_options[0]};
static const struct option_table renew_table = {renew_options,
                                                sizeof renew_options / sizeof renew_options[0]};

static int run_issue(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    if (options_require(scope, issue_table, settings) != STATUS_OK)
        return -1;
    return issue(scope, settings, argv[0]) == STATUS_OK ? 0 : -1;
}

static int run_renew(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    if (options_require(scope, renew_table, settings) != STATUS_OK)
        return -1;
    return renew(scope, settings, argv[0]) == STATUS_OK ? 0 : -1;
}

static const char *const issue_examples[] = {
    "shikaku card issue --issuer demo/pki --birth 1985-02-03 new.card",
    "a card for a new holder, whom no insurer knows yet / 新しい所持者のカード",
    "shikaku card issue --issuer demo/pki --holder 1 --kind android phone.card",
    "a phone beside the card of holder 1 / スマートフォン用電子証明書",
    NULL,
};

static const char *const renew_examples[] = {
    "shikaku card renew --issuer demo/pki demo/cards/grace.card",
    "a new key and certificate on that card / 電子証明書の更新",
    NULL,
};

const struct command command_card_issue = {
    .name = "card issue",
    .arguments = "CARD",
    .summary_en = "Issues a certificate and writes its card file, as a municipality would.",
    .summary_ja = "電子証明書を発行し、カードファイルを作成する(市区町村の窓口)。",
    .description =
        "The day of expiry follows the rule: the fifth birthday after the issue, and never later\n"
        "than the card itself. A holder's former certificate is superseded unless it was revoked\n"
        "or has lapsed. Needs the world's keys: the issuer is simulated.",
    .examples = issue_examples,
    .table = {issue_options, sizeof issue_options / sizeof issue_options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = 1,
    .run = run_issue,
};

const struct command command_card_renew = {
    .name = "card renew",
    .arguments = "CARD",
    .summary_en = "Renews the certificate of a card: a new key, the same card.",
    .summary_ja = "カードの電子証明書を更新する(カードは同じ)。",
    .description =
        "From three months before expiry on; the sixth birthday then ends the new one. After\n"
        "expiry it is a reissue. The old certificate is superseded (reason 4), and the issuer\n"
        "keeps that old and new belong together: the registration for insurance use goes on.",
    .examples = renew_examples,
    .table = {renew_options, sizeof renew_options / sizeof renew_options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 1,
    .words_max = 1,
    .run = run_renew,
};
