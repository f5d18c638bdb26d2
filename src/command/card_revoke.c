/* SPDX-License-Identifier: Apache-2.0
 *
 * card_revoke.c - `shikaku card revoke` and `card show`: a certificate's end, and its life.
 */
#include "command/command.h"
#include "command/issuer_words.h"

struct settings {
    const char *issuer, *reason;
    int64_t serial;
    struct date day;
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
        {"serial",                                                                                 \
         OPTION_NUMBER,                                                                            \
         "N",                                                                                      \
         "0",                                                                                      \
         0,                                                                                        \
         INT64_MAX,                                                                                \
         "The certificate's serial, where no card file is named.",                                 \
         "シリアル番号(カードファイルの代わり)。",                                                 \
         AT(serial),                                                                               \
         false},                                                                                   \
    {                                                                                              \
        "json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。", \
            AT(json), false                                                                        \
    }

static const struct option revoke_options[] = {
    COMMON_OPTIONS,
    {"reason", OPTION_TEXT, "REASON", NULL, 0, 0,
     "0 to 6 or a name: keyCompromise, cessationOfOperation, certificateHold ...",
     "失効理由(0〜6または名称)。", AT(reason), true},
    {"today", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the act; today where not given.",
     "手続きの日(省略時は今日)。", AT(day), false},
};

static const struct option show_options[] = {
    COMMON_OPTIONS,
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day looked at; today where not given.",
     "基準日(省略時は今日)。", AT(day), false},
};

static const struct option_table revoke_table = {revoke_options,
                                                 sizeof revoke_options / sizeof revoke_options[0]};
static const struct option_table show_table = {show_options,
                                               sizeof show_options / sizeof show_options[0]};

/* A card file or --serial, one of them. */
static enum status which(struct scope *scope, const struct settings *settings, int words,
                         char **argv, uint64_t *serial)
{
    if ((words == 1) == (settings->serial != 0))
        return scope_fail(scope, CAUSE_USAGE, "name a card file or --serial");
    *serial = (uint64_t)settings->serial;
    return words == 1 ? office_card_serial(scope, argv[0], serial) : STATUS_OK;
}

static enum status report(struct scope *scope, const struct book_certificate *certificate,
                          struct date on, bool json)
{
    struct explanation out = {0};
    const struct authentication_certificate row = office_life_of(certificate);
    struct certificate_life life = certificate_life_on(&row, on);

    TRY(tell_certificate(scope, certificate, on, &out));
    explain_flag(&out, "check", "資格確認 / eligibility check", life.check);
    explain_flag(&out, "medical", "診療情報等 / medical information", life.medical);
    explain_rule(&out, rule_of(life.rule));
    return explanation_print(scope, &out, json);
}

static enum status revoke_one(struct scope *scope, const struct settings *settings, int words,
                              char **argv)
{
    CLEANUP(office_drop) struct office *office = NULL;
    enum revocation_reason reason = REASON_UNSPECIFIED;
    struct book_certificate certificate = {0};
    uint64_t serial = 0;

    TRY(options_require(scope, revoke_table, settings));
    if (!reason_read(settings->reason, &reason))
        return scope_fail(scope, CAUSE_USAGE, "--reason: 0 to 6, or its name");
    TRY(which(scope, settings, words, argv, &serial));
    scope->now = act_time(scope, settings->day);
    TRY(office_open(scope, settings->issuer, &office));
    TRY(office_revoke(scope, office, serial, reason, &certificate));
    return report(scope, &certificate, instant_date(scope->now), settings->json);
}

static enum status show(struct scope *scope, const struct settings *settings, int words,
                        char **argv)
{
    CLEANUP(office_drop) struct office *office = NULL;
    struct book_certificate certificate = {0};
    uint64_t serial = 0;
    enum status status = STATUS_OK;

    TRY(options_require(scope, show_table, settings));
    TRY(which(scope, settings, words, argv, &serial));
    TRY(office_open(scope, settings->issuer, &office));
    status = book_find_certificate(scope, office_book(office), serial, &certificate);
    if (status == STATUS_NOT_FOUND)
        return scope_fail(scope, CAUSE_CERTIFICATE_NOT_ISSUED, "not in the issuer's book");
    TRY(status);
    return report(scope, &certificate, instant_date(act_time(scope, settings->day)),
                  settings->json);
}

static int run_revoke(struct scope *scope, void *settings, int words, char **argv)
{
    return revoke_one(scope, settings, words, argv) == STATUS_OK ? 0 : -1;
}

static int run_show(struct scope *scope, void *settings, int words, char **argv)
{
    return show(scope, settings, words, argv) == STATUS_OK ? 0 : -1;
}

static const char *const revoke_examples[] = {
    "shikaku card revoke --issuer demo/pki --reason keyCompromise demo/cards/valid-employee.card",
    "the card was lost / カードの紛失",
    NULL,
};

static const char *const show_examples[] = {
    "shikaku card show --issuer demo/pki demo/cards/grace.card",
    "its life: state, expiry, end of the grace / 電子証明書の状態",
    "shikaku card show --issuer demo/pki --serial 20000008 --on 2027-01-31 --json",
    "by serial, on another day, for programs / 日付を指定",
    NULL,
};

const struct command command_card_revoke = {
    .name = "card revoke",
    .arguments = "[CARD]",
    .summary_en = "Revokes a certificate in the issuer's book.",
    .summary_ja = "電子証明書を失効させる。",
    .description = "OCSP tells it at once, the CRL with its next number. What is revoked never "
                   "becomes good again, certificateHold included.",
    .examples = revoke_examples,
    .table = {revoke_options, sizeof revoke_options / sizeof revoke_options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 1,
    .run = run_revoke,
};

const struct command command_card_show = {
    .name = "card show",
    .arguments = "[CARD]",
    .summary_en = "Shows the life of a certificate: state, expiry, end of grace, successor.",
    .summary_ja = "電子証明書の状態・有効期限・猶予期間・更新後の番号を表示する。",
    .examples = show_examples,
    .table = {show_options, sizeof show_options / sizeof show_options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 1,
    .run = run_show,
};
