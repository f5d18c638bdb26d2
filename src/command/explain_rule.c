/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_rule.c - `shikaku explain rule` and `shikaku explain policy`: the tables that decisions
 * rest on (domain/rules.def, domain/policy_values.def).
 */
#include <stdio.h>

#include "base/text.h"
#include "command/command.h"
#include "command/explanation.h"
#include "domain/policy.h"
#include "domain/rule.h"

struct settings {
    bool json;
};

static const struct option options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print JSON: one object, or an array of all.",
     .help_ja = "結果をJSONで出力する。",
     .offset = OPTION_AT(struct settings, json)},
};

/* --- rule --- */

static enum status explain_one(struct scope *scope, const char *id, bool json)
{
    struct explanation explanation = {0};
    const struct rule *rule = rule_find(id);

    if (!rule)
        return scope_fail(scope, CAUSE_USAGE, "no such rule; shikaku explain rule lists them");
    explain_rule(&explanation, rule);
    return explanation_print(scope, &explanation, json);
}

static enum status rules_as_json(struct scope *scope)
{
    size_t count = 0;
    const struct rule *rules = rule_list(&count);
    struct explanation *explanations = NULL;

    TRY(scope_alloc(scope, count, sizeof *explanations, &explanations));
    for (size_t i = 0; i < count; i++)
        explain_rule(&explanations[i], &rules[i]);
    return explanation_print_list(scope, explanations, count, true);
}

static enum status list_rules(struct scope *scope, bool json)
{
    size_t count = 0;
    const struct rule *rules = rule_list(&count);

    if (json)
        return rules_as_json(scope);
    for (size_t i = 0; i < count; i++)
        printf("%-28s %s\n%-28s %s\n", rules[i].id, rules[i].title_ja, "", rules[i].title_en);
    return STATUS_OK;
}

static int rule_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct settings *wanted = settings;
    enum status status =
        words ? explain_one(scope, argv[0], wanted->json) : list_rules(scope, wanted->json);

    return status == STATUS_OK ? 0 : -1;
}

static const char *const rule_examples[] = {
    "shikaku explain rule K2.grace",
    "what this rule of an answer or of the journal says / 規則の内容・出典・窓口の対応を調べる",
    "shikaku explain rule",
    "all rules by name / 規則の一覧",
    NULL,
};

const struct command command_explain_rule = {
    .name = "explain rule",
    .arguments = "[ID]",
    .summary_en = "Explain a rule that an answer or the journal names, or list all.",
    .summary_ja = "回答や監査記録にある規則を説明する(省略時は一覧)。",
    .description = "Prints what the rule says, where it is written and what the desk does. Ids are "
                   "the requirement and a name, such as E1.valid.",
    .examples = rule_examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 1,
    .run = rule_run,
};

/* --- policy --- */

static enum status policy_as_json(struct scope *scope)
{
    size_t count = 0;
    const struct policy_value *values = policy_list(&count);
    struct explanation *explanations = NULL;

    TRY(scope_alloc(scope, count, sizeof *explanations, &explanations));
    for (size_t i = 0; i < count; i++) {
        explain_text(&explanations[i], "name", "", values[i].name);
        explain_number(&explanations[i], "value", "", values[i].value);
        explain_text(&explanations[i], "meaning", "", values[i].meaning);
        explain_text(&explanations[i], "source", "", values[i].source);
    }
    return explanation_print_list(scope, explanations, count, true);
}

static enum status list_policy(struct scope *scope, bool json)
{
    size_t count = 0;
    const struct policy_value *values = policy_list(&count);

    if (json)
        return policy_as_json(scope);
    for (size_t i = 0; i < count; i++)
        printf("%-24s %8d  %s\n%-34s %s\n", values[i].name, values[i].value, values[i].meaning, "",
               values[i].source);
    return STATUS_OK;
}

static int policy_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct settings *wanted = settings;

    (void)words;
    (void)argv;
    return list_policy(scope, wanted->json) == STATUS_OK ? 0 : -1;
}

static const char *const policy_examples[] = {
    "shikaku explain policy",
    "every date, age and percentage that rules turn on / 規則が用いる日付・年齢・割合の一覧",
    NULL,
};

const struct command command_explain_policy = {
    .name = "explain policy",
    .arguments = "",
    .summary_en = "List the dates, ages, percentages and periods that rules turn on.",
    .summary_ja = "規則が用いる日付・年齢・割合・期間を一覧にする。",
    .description = "One row a value, with its source. Days are written yyyymmdd.",
    .examples = policy_examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = policy_run,
};
