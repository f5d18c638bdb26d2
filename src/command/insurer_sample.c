/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_sample.c - shikaku insurer sample: registration files of invented people, to try.
 */
#include <signal.h>
#include <stdio.h>

#include "command/command.h"
#include "command/insurer_option.h"
#include "world/enrolment.h"

struct settings {
    const char *dir, *insurer;
    int64_t people, seed;
    struct date on;
    bool no_cast;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"dir", OPTION_TEXT, "DIR", NULL, 0, 0, "Folder for the files; made where missing.",
     "ファイルを置くフォルダー。なければ作成します。", AT(dir), true},
    {"people", OPTION_NUMBER, "N", "1000", 0, 100000000, "People beside the fixed cast.",
     "固定の登場人物のほかに作る人数。", AT(people), false},
    {"seed", OPTION_NUMBER, "S", "1", 0, INT64_MAX,
     "The same value, people and date make the people of `shikaku world`.",
     "同じ値・人数・基準日でshikaku worldと同じ人々になります。", AT(seed), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of the files; today where left out.",
     "ファイルの基準日。省略時は今日。", AT(on), false},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "Only this insurer's file.",
     "この保険者のファイルだけ。", AT(insurer), false},
    {"no-cast", OPTION_FLAG, NULL, NULL, 0, 0, "Leave the fixed cast out.",
     "固定の登場人物を含めません。", AT(no_cast), false},
};

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

static enum status write_files(struct scope *scope, const struct settings *settings)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct progress progress = {0};
    struct enrolment_figures figures = {0};
    struct enrolment_order order = {.directory = settings->dir,
                                    .seed = (uint64_t)settings->seed,
                                    .people = settings->people,
                                    .on = date_is(settings->on) ? settings->on
                                                                : instant_date(scope->now),
                                    .cast = !settings->no_cast,
                                    .stop = &stop,
                                    .progress = &progress};
    enum status status = STATUS_OK;

    if (settings->insurer)
        TRY(insurer_option_read(scope, settings->insurer, &order.only));
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    progress_begin(&progress, "people", settings->people);
    status = enrolment_write(scope, &order, &figures);
    progress_end(&progress);
    TRY(status);
    printf("%lld files, %lld rows, %lld members in %s\n", (long long)figures.files,
           (long long)figures.rows, (long long)figures.members, settings->dir);
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_sample.table, settings) != STATUS_OK)
        return -1;
    return write_files(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer sample --dir files --people 10000",
    "a file an insurer, of the people of `shikaku world --people 10000` / 保険者ごとの登録ファイル",
    NULL};

const struct command command_insurer_sample = {
    .name = "insurer sample",
    .arguments = "",
    .summary_en = "Writes registration files of invented people, one an insurer.",
    .summary_ja = "架空の加入者の登録ファイルを保険者ごとに作成する。",
    .description =
        "The people are those of a world of the same number, seed and date, with the individual "
        "numbers that its resident register knows. The layout is in docs/registration-files.md.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
