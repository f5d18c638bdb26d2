/* SPDX-License-Identifier: Apache-2.0
 *
 * register_show.c - shikaku register differences and register notices: what insurers have to look
 * after. Neither prints a name or an address: the insurer has them.
 */
#include <stdio.h>

#include "command/command.h"
#include "command/explanation.h"
#include "domain/coverage.h"
#include "register/register_client.h"
#include "store/store_register.h"

#define ROUND_SCOPE_LIMIT (64UL * 1024 * 1024)
#define PAGE 500

struct settings {
    const char *store, *insurer;
    struct date on;
    int64_t after;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)
#define COMMON_OPTIONS                                                                             \
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
        {"insurer",                                                                                \
         OPTION_TEXT,                                                                              \
         "NUMBER",                                                                                 \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "Only people of this insurer.",                                                           \
         "この保険者の加入者だけ。",                                                               \
         AT(insurer),                                                                              \
         false},                                                                                   \
        {"on",                                                                                     \
         OPTION_DATE,                                                                              \
         "DATE",                                                                                   \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "Day on which the insurer is looked at.",                                                 \
         "保険者を見る日。",                                                                       \
         AT(on),                                                                                   \
         false},                                                                                   \
    {                                                                                              \
        "json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",  \
            AT(json), false                                                                        \
    }

static const struct option differences_options[] = {COMMON_OPTIONS};
static const struct option notices_options[] = {
    COMMON_OPTIONS,
    {"after", OPTION_NUMBER, "SEQUENCE", "0", 0, INT64_MAX, "Only notices behind this one.",
     "この通番より後だけ。", AT(after), false},
};

static void store_drop(struct store **store)
{
    store_close(*store);
}

/* The insurer that covers a person on the day, or did last; "" where there is none. */
static enum status insurer_of(struct scope *scope, struct store *store, int64_t person_id,
                              struct date on, struct insurer_number *out)
{
    struct person person = {0};
    const struct coverage *coverage = NULL;

    TRY(store_find_person(scope, store, person_id, &person));
    coverage = coverage_on(&person, on);
    if (!coverage)
        coverage = coverage_last_lost(&person, on);
    *out = coverage ? coverage->insurer : (struct insurer_number){""};
    return STATUS_OK;
}

static bool is_wanted(const struct settings *settings, const struct insurer_number *insurer)
{
    return !settings->insurer || text_is(text_of(insurer->digits), settings->insurer);
}

/* --- differences --------------------------------------------------------------------------------
 */

static void print_difference(const struct register_check *check,
                             const struct insurer_number *insurer, bool json)
{
    char day[11];

    date_write_iso(instant_date(check->compared), day);
    if (json)
        printf("{\"person\":%lld,\"insurer\":\"%s\",\"class\":%d,\"rule\":\"%.*s\","
               "\"compared\":\"%s\"}\n",
               (long long)check->person_id, insurer->digits, check->difference,
               TEXT_ARGS(check->rule), day);
    else
        printf("%lld\t%s\t区分%d / class %d\t%.*s\t%s\n", (long long)check->person_id,
               insurer->digits, check->difference, check->difference, TEXT_ARGS(check->rule), day);
}

/* Past coverages only: nobody is asked about them (2.4). */
static enum status show_difference(struct scope *scope, struct store *store,
                                   const struct settings *settings,
                                   const struct register_check *check)
{
    struct insurer_number insurer = {""};

    if (text_is(check->rule, rule_at(RULE_E1_REGISTER_PAST)->id))
        return STATUS_OK;
    TRY(insurer_of(scope, store, check->person_id, settings->on, &insurer));
    if (is_wanted(settings, &insurer))
        print_difference(check, &insurer, settings->json);
    return STATUS_OK;
}

static enum status page_of_differences(struct scope *scope, struct store *store,
                                       const struct settings *settings, int64_t *after, bool *more)
{
    struct register_check *checks = NULL;
    size_t count = 0;

    TRY(store_list_register_differences(scope, store, *after, PAGE, &checks, &count));
    for (size_t i = 0; i < count; i++)
        TRY(show_difference(scope, store, settings, &checks[i]));
    *more = count == PAGE;
    if (count > 0)
        *after = checks[count - 1].person_id;
    return STATUS_OK;
}

/* --- notices ------------------------------------------------------------------------------------
 */

static void print_notice(const struct register_notice *notice, const struct insurer_number *insurer,
                         bool json)
{
    static const struct {
        const char *word, *ja;
    } kinds[] = {
        {"", ""},          {"address", "住所変更"},         {"name", "氏名変更"},
        {"death", "死亡"}, {"support-set", "支援措置開始"}, {"support-ended", "支援措置終了"}};
    char day[11];

    date_write_iso(notice->day, day);
    if (json)
        printf("{\"sequence\":%lld,\"person\":%lld,\"insurer\":\"%s\",\"kind\":\"%s\","
               "\"day\":\"%s\",\"protection\":%u}\n",
               (long long)notice->sequence, (long long)notice->person_id, insurer->digits,
               kinds[notice->kind].word, day, notice->protection);
    else
        printf("%lld\t%lld\t%s\t%s / %s\t%s\n", (long long)notice->sequence,
               (long long)notice->person_id, insurer->digits, kinds[notice->kind].ja,
               kinds[notice->kind].word, day);
}

static enum status page_of_notices(struct scope *scope, struct store *store,
                                   const struct settings *settings, int64_t *after, bool *more)
{
    struct register_notice *notices = NULL;
    size_t count = 0;

    TRY(store_list_register_notices(scope, store, *after, PAGE, &notices, &count));
    for (size_t i = 0; i < count; i++) {
        struct insurer_number insurer = {""};
        TRY(insurer_of(scope, store, notices[i].person_id, settings->on, &insurer));
        if (is_wanted(settings, &insurer))
            print_notice(&notices[i], &insurer, settings->json);
    }
    *more = count == PAGE;
    if (count > 0)
        *after = notices[count - 1].sequence;
    return STATUS_OK;
}

/* --- both ---------------------------------------------------------------------------------------
 */

typedef enum status (*pager)(struct scope *scope, struct store *store,
                             const struct settings *settings, int64_t *after, bool *more);

static enum status show(struct scope *scope, const struct settings *settings, pager page,
                        int64_t after)
{
    CLEANUP(store_drop) struct store *store = NULL;
    bool more = true;

    TRY(store_open(scope, settings->store, STORE_READ, &store));
    while (more) {
        CLEANUP(scope_end) struct scope round = scope_begin(ROUND_SCOPE_LIMIT);
        if (page(&round, store, settings, &after, &more) != STATUS_OK)
            return scope_fail(scope, round.cause, "%s", round.failure);
    }
    return STATUS_OK;
}

static int show_run(struct scope *scope, struct settings *settings, struct option_table table,
                    pager page, int64_t after)
{
    if (!date_is(settings->on))
        settings->on = instant_date(scope->now);
    if (options_require(scope, table, settings) != STATUS_OK)
        return -1;
    return show(scope, settings, page, after) == STATUS_OK ? 0 : -1;
}

static int differences_run(struct scope *scope, void *settings, int words, char **argv)
{
    (void)words;
    (void)argv;
    return show_run(scope, settings, command_register_differences.table, page_of_differences, -1);
}

static int notices_run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct settings *settings = settings_;

    (void)words;
    (void)argv;
    return show_run(scope, settings, command_register_notices.table, page_of_notices,
                    settings->after);
}

static const char *const differences_examples[] = {
    "shikaku register differences --store sqlite:demo/store.sqlite --insurer 06139992",
    "whom this insurer must look after / この保険者が確認すべき人", NULL};

const struct command command_register_differences = {
    .name = "register differences",
    .arguments = "",
    .summary_en = "Lists people whose record differs from the resident register.",
    .summary_ja = "住民基本台帳と差異のある人を一覧にする。",
    .description = "One line each: person, insurer, class, rule, day of the comparison. Those for "
                   "whom \"no doubt, with reason\" was registered, and those who have past "
                   "coverages only, are left out: nobody has to act.",
    .examples = differences_examples,
    .table = {differences_options, sizeof differences_options / sizeof differences_options[0]},
    .settings_size = sizeof(struct settings),
    .run = differences_run,
};

static const char *const notices_examples[] = {
    "shikaku register notices --store sqlite:demo/store.sqlite --after 120 --json",
    "what came since notice 120 / 通番120より後の異動", NULL};

const struct command command_register_notices = {
    .name = "register notices",
    .arguments = "",
    .summary_en = "Lists what the resident register told: moves, names, deaths, support measures.",
    .summary_ja = "住民基本台帳から届いた異動の通知を一覧にする。",
    .description = "One line each: sequence, person, insurer, kind, day. A death asks the insurer "
                   "to register the loss of the coverage.",
    .examples = notices_examples,
    .table = {notices_options, sizeof notices_options / sizeof notices_options[0]},
    .settings_size = sizeof(struct settings),
    .run = notices_run,
};
