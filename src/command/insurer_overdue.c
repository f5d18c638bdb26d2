/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_overdue.c - shikaku insurer overdue: the 5 + 5 day clock, whose delay, how many days.
 */
#include <stdio.h>

#include "batch/member_label.h"
#include "batch/overdue.h"
#include "command/command.h"
#include "command/insurer_lists.h"
#include "domain/policy.h"

struct settings {
    const char *store, *insurer;
    struct date on, since;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)
static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0,
     "Seen on this day: what was registered only later is not registered yet.",
     "基準日。以後に登録されたものは未登録として数える。", AT(on), true},
    {"since", OPTION_DATE, "DATE", NULL, 0, 0,
     "Notices that came from this day on; three months before --on where left out.",
     "この日以後に届いた届出だけ。省略時は基準日の3か月前から。", AT(since), false},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0,
     "Only this insurer, with its offices and each registration.",
     "この保険者だけ。事業所ごと・1件ごとに出力する。", AT(insurer), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

struct printing {
    struct store *store;
    const struct insurer *insurer;
    bool json;
};

/* --- who is late --------------------------------------------------------------------------------
 */

struct party {
    const char *name, *ja, *en;
};

static const struct party *notifier_of(struct insurer_number insurer)
{
    static const struct party parties[] = {
        [CLOCK_EMPLOYER] = {"employer", "事業主", "the employer"},
        [CLOCK_HOUSEHOLD] = {"household", "世帯主", "the household"},
        [CLOCK_NOBODY] = {"nobody", "届出なし", "no notice"},
    };

    return &parties[clock_notifier(insurer)];
}

/* --- lines --------------------------------------------------------------------------------------
 */

static void print_count(const struct overdue_count *count, const struct party *notifier)
{
    printf("%lld件 / events; %sの遅れ / by %s %lld (最長 / most %d日 / days); 保険者の遅れ / by "
           "the insurer %lld (最長 / most %d日 / days); 未登録 / not registered yet %lld\n",
           (long long)count->events, notifier->ja, notifier->en, (long long)count->notices,
           count->notice_most, (long long)count->registrations, count->registration_most,
           (long long)count->open);
}

static json_t *count_object(const char *kind, const struct printing *printing, struct text symbol,
                            const struct overdue_count *count)
{
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:I, s:s, s:I, s:i, s:I, s:i, s:I}", "kind", kind, "insurer",
        printing->insurer->number.digits, "name", insurer_lists_text(printing->insurer->name),
        "symbol", insurer_lists_text(symbol), "events", (json_int_t)count->events, "notifier",
        notifier_of(printing->insurer->number)->name, "notices_late", (json_int_t)count->notices,
        "notice_days_most", count->notice_most, "registrations_late",
        (json_int_t)count->registrations, "registration_days_most", count->registration_most,
        "open", (json_int_t)count->open);
}

static enum status print_event(struct scope *scope, void *context,
                               const struct overdue_event *event)
{
    static const struct party what[] = {
        [CLOCK_ACQUISITION] = {"acquisition", "取得", "acquisition"},
        [CLOCK_LOSS] = {"loss", "喪失", "loss"}};
    const struct printing *printing = context;
    const struct registration_clock *clock = event->clock;
    const struct party *notifier = notifier_of(clock->insurer);
    struct date registered = instant_date(clock->registered);
    struct text key = {0};

    TRY(member_label_of(scope, printing->store, clock, &key));
    if (printing->json)
        return insurer_lists_print(
            scope,
            json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:i, s:i}", "kind", "event",
                      "insurer", clock->insurer.digits, "symbol", insurer_lists_text(clock->symbol),
                      "key", insurer_lists_text(key), "event", what[clock->event].name, "happened",
                      insurer_lists_date(clock->happened), "received",
                      insurer_lists_date(clock->received), "registered",
                      event->delay.open ? json_null() : insurer_lists_date(registered), "notifier",
                      notifier->name, "notice_days", event->delay.notice, "registration_days",
                      event->delay.registration));
    printf("    %.*s  %s %d / %s; 届出 / notice %d, 登録 / registered %s", TEXT_ARGS(key),
           what[clock->event].ja, (int)clock->happened.yyyymmdd, what[clock->event].en,
           (int)clock->received.yyyymmdd, event->delay.open ? "未 / not yet" : "");
    if (!event->delay.open)
        printf("%d", (int)registered.yyyymmdd);
    if (event->delay.notice > 0)
        printf("; %s +%d日 / %s +%d days", notifier->ja, event->delay.notice, notifier->en,
               event->delay.notice);
    if (event->delay.registration > 0)
        printf("; 保険者 +%d日 / the insurer +%d days", event->delay.registration,
               event->delay.registration);
    putchar('\n');
    return STATUS_OK;
}

static enum status print_office(struct scope *scope, void *context, struct text symbol,
                                const struct overdue_count *count)
{
    const struct printing *printing = context;

    if (printing->json)
        return insurer_lists_print(scope, count_object("office", printing, symbol, count));
    printf("  記号 / symbol %s%.*s: ", symbol.size ? "" : "-", TEXT_ARGS(symbol));
    print_count(count, notifier_of(printing->insurer->number));
    return STATUS_OK;
}

static enum status print_insurer(struct scope *scope, const struct printing *printing,
                                 const struct overdue_count *count)
{
    if (printing->json)
        return insurer_lists_print(scope, count_object("insurer", printing, TEXT(""), count));
    printf("%s %.*s: ", printing->insurer->number.digits, TEXT_ARGS(printing->insurer->name));
    print_count(count, notifier_of(printing->insurer->number));
    return STATUS_OK;
}

/* --- the list -----------------------------------------------------------------------------------
 */

static enum status list_insurer(struct scope *scope, struct printing *printing,
                                const struct overdue_order *order, bool whole,
                                struct overdue_count *total)
{
    const struct overdue_reader reader = {.event = whole ? print_event : NULL,
                                          .office = whole ? print_office : NULL,
                                          .context = printing};
    struct overdue_count count = {0};

    TRY(overdue_read(scope, printing->store, printing->insurer->number, order, &reader, &count));
    overdue_add(total, &count);
    return count.events > 0 || whole ? print_insurer(scope, printing, &count) : STATUS_OK;
}

static enum status print_total(struct scope *scope, const struct overdue_count *total, bool json)
{
    if (json)
        return insurer_lists_print(
            scope, json_pack("{s:s, s:I, s:I, s:I, s:I}", "kind", "total", "events",
                             (json_int_t)total->events, "notices_late", (json_int_t)total->notices,
                             "registrations_late", (json_int_t)total->registrations, "open",
                             (json_int_t)total->open));
    printf("合計 / total: %lld件 / events, 届出の遅れ / notices late %lld, 登録の遅れ / "
           "registrations late %lld, 未登録 / not registered yet %lld\n",
           (long long)total->events, (long long)total->notices, (long long)total->registrations,
           (long long)total->open);
    return STATUS_OK;
}

static enum status list(struct scope *scope, const struct settings *settings)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    const struct overdue_order order = {
        settings->on, date_is(settings->since)
                          ? settings->since
                          : date_add_months(settings->on, -POLICY_OVERDUE_MONTHS)};
    struct printing printing = {.json = settings->json};
    struct overdue_count total = {0};
    struct insurer *insurers = NULL;
    size_t count = 0;

    TRY(store_open(scope, settings->store, STORE_READ, &store));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &insurers, &count));
    printing.store = store;
    for (size_t i = 0; i < count; i++) {
        printing.insurer = &insurers[i];
        TRY(list_insurer(scope, &printing, &order, settings->insurer != NULL, &total));
    }
    return settings->insurer ? STATUS_OK : print_total(scope, &total, settings->json);
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;

    (void)words;
    (void)argv;
    if (options_require(scope, command_insurer_overdue.table, settings) != STATUS_OK)
        return -1;
    return list(scope, settings) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer overdue --store sqlite:demo/store.sqlite --on 2026-11-25",
    "all insurers, a line each / 保険者ごとの件数",
    "shikaku insurer overdue --store sqlite:demo/store.sqlite --on 2026-11-25 --insurer 06139992",
    "one insurer's offices and registrations / 1保険者の事業所ごと・1件ごと", NULL};

const struct command command_insurer_overdue = {
    .name = "insurer overdue",
    .arguments = "",
    .summary_en = "Registrations that came too late: whose delay, and how many days.",
    .summary_ja = "資格登録の遅れを、誰の何日の遅れかとともに一覧にする(5日+5日)。",
    .description =
        "An employer notifies within 5 days of the event (a household within 14), the insurer "
        "registers within 5 days of the notice. A notice that came later is the notifier's delay, "
        "a registration the insurer's; days beyond those allowed are told. Registrations without "
        "the day of their notice are not counted. With --insurer, offices (記号) and registrations "
        "follow, each by the insurer's own key.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .run = run,
};
