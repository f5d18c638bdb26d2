/* SPDX-License-Identifier: Apache-2.0
 *
 * number.c - `shikaku number check` and `shikaku number make`: check digits of the numbers that
 * insurers, institutions and people have.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command/command.h"
#include "command/explanation.h"
#include "domain/number.h"

#define NUMBERS_MAX 100000 /* that `number check` takes at once */
#define NUMBER_SIZE 13     /* digits of the longest number and the NUL */
#define KINDS "KIND is insurer, institution, public, recipient or individual"

static enum status read_kind(struct scope *scope, const char *word, enum number_kind *out)
{
    if (!number_read_kind(word, out))
        return scope_fail(scope, CAUSE_USAGE, KINDS);
    return STATUS_OK;
}

/* --- check --- */

struct check_settings {
    bool json;
};

static const struct option check_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print a JSON array, one object a number.",
     .help_ja = "結果をJSONの配列で出力する。",
     .offset = OPTION_AT(struct check_settings, json)},
};

static enum status print_verdicts(struct scope *scope, enum number_kind kind, char **numbers,
                                  size_t count)
{
    struct explanation *explanations = NULL;

    TRY(scope_alloc(scope, count, sizeof *explanations, &explanations));
    for (size_t i = 0; i < count; i++) {
        enum number_verdict verdict = number_check(kind, text_of(numbers[i]));
        explain_text(&explanations[i], "number", "", numbers[i]);
        explain_text(&explanations[i], "verdict", "", number_verdict_name(verdict));
        explain_texts(&explanations[i], "text", "", number_verdict_ja(verdict),
                      number_verdict_en(verdict));
    }
    return explanation_print_list(scope, explanations, count, true);
}

/* Returns the exit code: 1 where one number is not good. */
static int print_lines(enum number_kind kind, char **numbers, size_t count, bool quiet)
{
    int code = 0;

    for (size_t i = 0; i < count; i++) {
        enum number_verdict verdict = number_check(kind, text_of(numbers[i]));
        if (verdict != NUMBER_GOOD)
            code = 1;
        if (!quiet)
            printf("%s %s %s %s\n", numbers[i], number_verdict_name(verdict),
                   number_verdict_ja(verdict), number_verdict_en(verdict));
    }
    return code;
}

static int check_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct check_settings *wanted = settings;
    enum number_kind kind = NUMBER_KIND_COUNT;
    size_t count = (size_t)words - 1;

    if (read_kind(scope, argv[0], &kind) != STATUS_OK)
        return -1;
    if (wanted->json && print_verdicts(scope, kind, argv + 1, count) != STATUS_OK)
        return -1;
    return print_lines(kind, argv + 1, count, wanted->json);
}

static const char *const check_examples[] = {
    "shikaku number check insurer 06139992 139998",
    "are these insurer numbers right? / 保険者番号の検証番号を確かめる",
    "shikaku number check --json institution 1319912349",
    "the verdict as JSON / 医療機関コードの検査結果をJSONで出力する",
    NULL,
};

const struct command command_number_check = {
    .name = "number check",
    .arguments = "KIND NUMBER...",
    .summary_en = "Check the check digits of insurer, institution and other numbers.",
    .summary_ja = "保険者番号・医療機関コードなどの検証番号を確かめる。",
    .description =
        "KIND is insurer (6 or 8 digits), institution (10), public (公費負担者番号, 8), recipient "
        "(受給者番号, 7) or individual (個人番号, 12). Besides the check digit, prefecture and law "
        "number are looked at. Exit code 1 where a number is not good; all sevens and all nines "
        "(不詳) are no good numbers either.",
    .examples = check_examples,
    .table = {check_options, sizeof check_options / sizeof check_options[0]},
    .settings_size = sizeof(struct check_settings),
    .words_min = 2,
    .words_max = NUMBERS_MAX,
    .run = check_run,
};

/* --- make --- */

struct make_settings {
    int64_t count, seed;
};

static const struct option make_options[] = {
    {.name = "count",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "1",
     .minimum = 1,
     .maximum = 1000000,
     .help_en = "How many numbers.",
     .help_ja = "作成する個数。",
     .offset = OPTION_AT(struct make_settings, count)},
    {.name = "seed",
     .type = OPTION_NUMBER,
     .placeholder = "S",
     .fallback = "0",
     .help_en = "The same seed gives the same numbers; 0 takes the clock.",
     .help_ja = "同じ値なら同じ番号になる(0は時刻)。",
     .offset = OPTION_AT(struct make_settings, seed)},
};

/* Digits of each kind; insurers' have a second length. */
static const size_t lengths[NUMBER_KIND_COUNT][2] = {
    [NUMBER_INSURER] = {8, 6},   [NUMBER_INSTITUTION] = {10, 10}, [NUMBER_PUBLIC_EXPENSE] = {8, 8},
    [NUMBER_RECIPIENT] = {7, 7}, [NUMBER_INDIVIDUAL] = {12, 12},
};

/* splitmix64: no secret depends on it. */
static uint64_t next_mixed(uint64_t *state)
{
    uint64_t mixed = *state += 0x9E3779B97F4A7C15U;

    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

/* Draws bodies until prefecture and law number are right too: about seven for an insurer. */
static void make_number(enum number_kind kind, uint64_t *state, char out[NUMBER_SIZE])
{
    size_t length = lengths[kind][next_mixed(state) % 2];

    do {
        for (size_t i = 0; i < length - 1; i++)
            out[i] = (char)('0' + next_mixed(state) % 10);
        out[length - 1] = (char)('0' + number_check_digit(kind, (struct text){out, length - 1}));
    } while (number_check(kind, (struct text){out, length}) != NUMBER_GOOD);
    out[length] = '\0';
}

static int make_run(struct scope *scope, void *settings, int words, char **argv)
{
    const struct make_settings *wanted = settings;
    enum number_kind kind = NUMBER_KIND_COUNT;
    uint64_t state = (uint64_t)(wanted->seed ? wanted->seed : scope->now.microseconds);
    char number[NUMBER_SIZE];

    (void)words;
    if (read_kind(scope, argv[0], &kind) != STATUS_OK)
        return -1;
    for (int64_t i = 0; i < wanted->count; i++) {
        make_number(kind, &state, number);
        puts(number);
    }
    return 0;
}

static const char *const make_examples[] = {
    "shikaku number make insurer --count 5 --seed 7",
    "five invented insurer numbers, the same each time / 架空の保険者番号を5個作る",
    NULL,
};

const struct command command_number_make = {
    .name = "number make",
    .arguments = "KIND",
    .summary_en = "Make invented numbers with right check digits, for tests.",
    .summary_ja = "検証番号の正しい架空の番号を作る(試験用)。",
    .description = "KIND as in shikaku number check. The numbers are drawn, not taken from a "
                   "list: one may happen to belong to somebody, so use them in tests only.",
    .examples = make_examples,
    .table = {make_options, sizeof make_options / sizeof make_options[0]},
    .settings_size = sizeof(struct make_settings),
    .words_min = 1,
    .words_max = 1,
    .run = make_run,
};
