/* SPDX-License-Identifier: Apache-2.0
 *
 * simulate.c - `shikaku simulate`: does anybody fall through the rules (D4)?
 */
#include <signal.h>
#include <stdio.h>

#include "command/command.h"
#include "command/insurer_policy_option.h"
#include "command/simulate_report.h"
#include "domain/policy.h"
#include "simulation/simulation.h"
#include "world/progress.h"

/* People, calendar and lists of the largest simulation. */
#define SIMULATION_SCOPE_LIMIT (4UL * 1024 * 1024 * 1024)

struct settings {
    int64_t people, months, seed;
    struct date from;
    const char *without, *store;
    struct policy_words policy; /* of all insurers */
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"people", OPTION_NUMBER, "N", "3000", 1, SIMULATION_PEOPLE_MAX, "People on the first day.",
     "初日の人数。", AT(people), false},
    {"months", OPTION_NUMBER, "M", "24", 1, TALLY_MONTHS_MAX, "Months to live through.",
     "期間(月数)。", AT(months), false},
    {"from", OPTION_DATE, "DATE", "2024-10-01", 0, 0, "First day, from 2024-10-01 to 2030-01-01.",
     "初日(2024-10-01から2030-01-01まで)。", AT(from), false},
    {"seed", OPTION_NUMBER, "S", "1", 0, INT64_MAX, "The same seed and order give the same lives.",
     "同じ値と条件からは同じ結果になります。", AT(seed), false},
    {"without", OPTION_TEXT, "RULE", NULL, 0, 0,
     "Leave out a trigger (T1 to T7, N1 to N5) or a rule id, to see who falls through.",
     "事由(T1〜T7、N1〜N5)または規則IDを除外し、だれが漏れるかを見ます。", AT(without), false},
    POLICY_OPTIONS(AT(policy)),
    {"store", OPTION_TEXT, "URL", NULL, 0, 0,
     "Empty database to use instead of a temporary one; it is kept.",
     "一時データベースの代わりに使う空のデータベース(残ります)。", AT(store), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。",
     AT(json), false},
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int64_t count_days(const struct settings *settings)
{
    struct date end = date_add_months(settings->from, (int)settings->months);

    return date_to_days(end) - date_to_days(settings->from);
}

/* What all insurers decide, where anything was given: a row for each insurance. */
static enum status read_policies(struct scope *scope, const struct policy_words *words,
                                 struct insurer_policy policies[INSURANCE_COUNT])
{
    for (int i = 0; i < INSURANCE_COUNT; i++) {
        policies[i] = insurer_policy_default((enum insurance)i);
        policies[i].valid_from = POLICY_DATE(REFORM_DAY);
        TRY(policy_words_apply(scope, words, &policies[i]));
    }
    policies[INSURANCE_LATE_ELDERLY].certificate_years = 0;
    return STATUS_OK;
}

static enum status simulate(struct scope *scope, const struct settings *settings,
                            struct tally *tally)
{
    CLEANUP(scope_end) struct scope run = scope_begin_at(SIMULATION_SCOPE_LIMIT, scope->now);
    struct progress progress;
    enum status status = STATUS_OK;
    struct insurer_policy policies[INSURANCE_COUNT];
    const struct simulation_order order = {
        .society = {.seed = (uint64_t)settings->seed,
                    .people = settings->people,
                    .first = settings->from,
                    .store = settings->store,
                    .without = settings->without,
                    .policies = policies},
        .months = (int)settings->months,
        .stop = &stop,
        .progress = &progress,
    };

    TRY(read_policies(scope, &settings->policy, policies));
    progress_begin(&progress, "days", count_days(settings));
    status = simulation_run(&run, &order, tally);
    (void)progress_end(&progress);
    return status == STATUS_OK ? STATUS_OK : scope_fail(scope, run.cause, "%s", run.failure);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct instant begun = instant_now();
    struct tally *tally = NULL;
    struct simulate_about about = {.people = settings->people,
                                   .months = settings->months,
                                   .seed = settings->seed,
                                   .from = settings->from,
                                   .without = settings->without};

    (void)words;
    (void)argv;
    catch_signals();
    if (scope_alloc(scope, 1, sizeof *tally, &tally) != STATUS_OK ||
        simulate(scope, settings, tally) != STATUS_OK)
        return -1;
    about.seconds = (double)(instant_now().microseconds - begun.microseconds) / 1e6;
    if (!settings->json)
        simulate_report_text(&about, tally);
    else if (simulate_report_json(scope, &about, tally) != STATUS_OK)
        return -1;
    return tally_seamless(tally) ? 0 : 1;
}

static const char *const examples[] = {
    "shikaku simulate --people 1000 --months 12",
    "a year of a thousand people; exit 0: nobody fell through / 千人の1年",
    "shikaku simulate --people 1000 --months 24 --without T3 --json",
    "what happens if expired certificates bring no paper / 更新忘れの方に交付しない場合",
    "shikaku simulate --people 1000 --months 24 --expiry-months 3",
    "all insurers wait for the last month of the grace / 全保険者が猶予の最終月に交付する場合",
    NULL,
};

const struct command command_simulate = {
    .name = "simulate",
    .arguments = "",
    .summary_en = "Lets a population live under the rules and counts who falls through.",
    .summary_ja = "架空の加入者の生活を日ごとに進め、受診の手段を失う人を数える。",
    .description =
        "Simulates births, deaths, jobs, moves, 75th birthdays, cards that are issued, renewed, "
        "forgotten, lost or returned, deregistrations, protection flags and applications, day by "
        "day. Insurers follow the documents' rules and take all the time that the rules allow "
        "them. Counted is each day on which an insured person has nothing to be treated with "
        "(D4), and each on which somebody holds two of the same paper. What counts stands in "
        "docs/simulation.md.\n\n"
        "Exit 0: nobody; 1: somebody.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
