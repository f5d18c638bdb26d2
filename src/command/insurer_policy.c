/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_policy.c - shikaku insurer policy show, set: what an insurer decides for itself about its
 * papers (方針), from a day on.
 */
#include <stdio.h>

#include "command/command.h"
#include "command/explanation.h"
#include "command/insurer_lists.h"
#include "command/insurer_policy_option.h"
#include "store/store_standing.h"

#define POLICIES_SHOWN 200

struct settings {
    const char *store, *insurer;
    struct date day;
    struct policy_words words;
    bool all, json;
};

#define AT(member) OPTION_AT(struct settings, member)
#define STORE_AND_INSURER                                                                          \
    {"store",                                                                                      \
     OPTION_TEXT,                                                                                  \
     "URL",                                                                                        \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "Database: sqlite:PATH or postgresql://...",                                                  \
     "データベース(sqlite:PATHまたはpostgresql://…)。",                                            \
     AT(store),                                                                                    \
     true},                                                                                        \
    {                                                                                              \
        "insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "The insurer.", "保険者番号。", AT(insurer), \
            true                                                                                   \
    }

static const struct option show_options[] = {
    STORE_AND_INSURER,
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "What holds on this day; today where left out.",
     "基準日。省略時は今日。", AT(day), false},
    {"all", OPTION_FLAG, NULL, NULL, 0, 0, "All that were set, past and to come.",
     "過去・将来を含むすべての設定。", AT(all), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print as JSON.", "JSONで出力。", AT(json), false},
};

static const struct option set_options[] = {
    STORE_AND_INSURER,
    {"from", OPTION_DATE, "DATE", NULL, 0, 0,
     "First day on which papers are decided by it; today where left out.",
     "適用開始日。省略時は今日。", AT(day), false},
    POLICY_OPTIONS(AT(words)),
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print as JSON.", "JSONで出力。", AT(json), false},
};

/* --- printing --------------------------------------------------------------------------------- */

static enum status explain_policy(struct scope *scope, const struct insurer_policy *policy,
                                  struct explanation *out)
{
    explain_text(out, "insurer", "保険者番号 / insurer", policy->insurer.digits);
    if (date_is(policy->valid_from))
        TRY(explain_date(scope, out, "valid_from", "適用開始日 / from", policy->valid_from));
    else
        explain_nothing(out, "valid_from", "設定 / set");
    explain_flag(out, "gives_both", "全員に資格確認書 / certificate to everybody",
                 policy->gives_both);
    if (policy->certificate_years == 0)
        explain_texts(out, "certificate_validity", "資格確認書の有効期間 / certificates hold",
                      "次の7月31日まで", "july");
    else
        explain_number(out, "certificate_years",
                       "資格確認書の有効期間(年) / certificates hold, years",
                       policy->certificate_years);
    explain_number(out, "expiry_months",
                   "更新忘れの方への交付(か月後) / papers after an expiry, months",
                   policy->expiry_months);
    explain_number(out, "uses_12_months", "利用実績(12か月の回数) / record of use, in 12 months",
                   policy->uses_12_months);
    explain_number(out, "uses_3_months", "うち直近3か月 / of them in the last 3",
                   policy->uses_3_months);
    explain_number(out, "uses_month", "基準の月(月末) / counted at the end of month",
                   policy->uses_month);
    return STATUS_OK;
}

static enum status print_policy(struct scope *scope, const struct insurer_policy *policy, bool json)
{
    struct explanation out = {0};

    TRY(explain_policy(scope, policy, &out));
    return explanation_print(scope, &out, json);
}

static enum status print_all(struct scope *scope, const struct insurer_policies *policies,
                             bool json)
{
    struct explanation *out = NULL;
    size_t count = policies->count < POLICIES_SHOWN ? policies->count : POLICIES_SHOWN;

    TRY(scope_alloc(scope, count + 1, sizeof *out, &out));
    for (size_t i = 0; i < count; i++) /* the last ones, where there are more */
        TRY(explain_policy(scope, &policies->items[policies->count - count + i], &out[i]));
    return explanation_print_list(scope, out, count, json);
}

/* --- the commands ----------------------------------------------------------------------------- */

/* What holds on a day: what was set, or the default without a first day. */
static struct insurer_policy in_force(const struct insurer_policies *policies,
                                      struct insurer_number insurer, struct date on)
{
    const struct insurer_policy *found = insurer_policy_on(policies, insurer, on);
    struct insurer_policy policy =
        found ? *found : insurer_policy_default(insurance_of(insurer, KIND_GENERAL));

    policy.insurer = insurer;
    return policy;
}

static enum status open_insurer(struct scope *scope, struct settings *settings,
                                enum store_mode mode, struct store **store,
                                struct insurer_number *insurer, struct insurer_policies *policies)
{
    struct insurer *chosen = NULL;
    size_t count = 0;

    if (!date_is(settings->day))
        settings->day = instant_date(scope->now);
    TRY(store_open(scope, settings->store, mode, store));
    TRY(insurer_lists_choose(scope, *store, settings->insurer, &chosen, &count));
    *insurer = chosen->number;
    return store_list_policies_of(scope, *store, *insurer, policies);
}

static enum status show(struct scope *scope, struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct insurer_number insurer = {""};
    struct insurer_policies policies = {0};
    struct insurer_policy policy;

    TRY(open_insurer(scope, settings, STORE_READ, &store, &insurer, &policies));
    if (settings->all)
        return print_all(scope, &policies, settings->json);
    policy = in_force(&policies, insurer, settings->day);
    return print_policy(scope, &policy, settings->json);
}

static enum status set(struct scope *scope, struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct insurer_number insurer = {""};
    struct insurer_policies policies = {0};
    struct insurer_policy policy;

    if (!policy_words_given(&settings->words))
        return scope_fail(scope, CAUSE_USAGE, "nothing to set: see the options");
    TRY(open_insurer(scope, settings, STORE_WRITE, &store, &insurer, &policies));
    policy = in_force(&policies, insurer, settings->day);
    policy.valid_from = settings->day;
    TRY(policy_words_apply(scope, &settings->words, &policy));
    TRY(store_put_policy(scope, store, &policy));
    return print_policy(scope, &policy, settings->json);
}

static int run_show(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_policy_show.table, settings) != STATUS_OK)
        return -1;
    return show(scope, settings) == STATUS_OK ? 0 : -1;
}

static int run_set(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_policy_set.table, settings) != STATUS_OK)
        return -1;
    return set(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const show_examples[] = {
    "shikaku insurer policy show --store sqlite:demo/store.sqlite --insurer 06139992",
    "what holds today / 現在の方針",
    "shikaku insurer policy show --store URL --insurer 39139993 --all --json",
    "all that were set, for a program / これまでの設定すべて", NULL};

const struct command command_insurer_policy_show = {
    .name = "insurer policy show",
    .arguments = "",
    .summary_en = "What an insurer decided for itself about its papers.",
    .summary_ja = "保険者の方針(資格確認書の有効期間・交付時期・利用実績など)を表示する。",
    .description =
        "Shows the settings that hold on a day, or all that were set. Where an insurer has set "
        "nothing, the defaults of its insurance are shown, without a first day.",
    .examples = show_examples,
    .table = {show_options, sizeof show_options / sizeof show_options[0]},
    .settings_size = sizeof(struct settings),
    .run = run_show,
};

static const char *const set_examples[] = {
    "shikaku insurer policy set --store URL --insurer 138016 --from 2026-07-01 --give-both yes",
    "a certificate to everybody from July on / 7月から全員に資格確認書を交付する",
    "shikaku insurer policy set --store URL --insurer 39139993 --use-record 4,1 --use-month 4",
    "a union's own record of use / 広域連合独自の利用実績の基準",
    "shikaku insurer policy set --store URL --insurer 06139992 --certificate-validity 4",
    "certificates hold four years / 資格確認書の有効期間を4年にする",
    NULL};

const struct command command_insurer_policy_set = {
    .name = "insurer policy set",
    .arguments = "",
    .summary_en = "Sets what an insurer decides for itself about its papers, from a day on.",
    .summary_ja = "保険者の方針を、適用開始日を付けて設定する。",
    .description =
        "Sets what is given; the rest stays as it was on that day. What held before it holds on "
        "for the days before; what is set again for the same day takes the place of the former, "
        "which is kept in the history. shikaku insurer papers and month-end decide by it; papers "
        "that were issued stay as they are. Refused is what the law does not allow (SKK-6330): "
        "certificates of more than five years, of the late elderly beyond 31 July, papers "
        "after the end of the grace.",
    .examples = set_examples,
    .table = {set_options, sizeof set_options / sizeof set_options[0]},
    .settings_size = sizeof(struct settings),
    .run = run_set,
};
