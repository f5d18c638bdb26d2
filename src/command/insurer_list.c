/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_list.c - shikaku insurer list: 初回登録・有効期限状況一覧 of one insurer on any day,
 * whole or for the members named: the daily enquiry on demand.
 */
#include <stdio.h>
#include <string.h>

#include "batch/list_row.h"
#include "batch/member_key.h"
#include "command/command.h"
#include "command/insurer_lists.h"
#include "domain/coverage.h"
#include "domain/deregistration.h"

#define KEYS_MAX 1000
#define RUN_LIMIT (256UL * 1024 * 1024)

struct settings {
    const char *store, *insurer;
    struct date on;
    bool json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "The insurer.", "保険者番号。", AT(insurer),
     true},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Seen on this day; today where left out.",
     "基準日。省略時は今日。", AT(on), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "One JSON object a line.", "1行1件のJSONで出力。",
     AT(json), false},
};

struct listing {
    struct store *store;
    struct insurer_number insurer;
    struct date on;
    bool json;
};

/* --- a row ------------------------------------------------------------------------------------ */

static enum status print_object(struct scope *scope, const struct listing *listing,
                                const struct standing *standing, const struct coverage *coverage)
{
    const struct standing_status status = standing_status(standing, coverage, listing->on);
    const struct deregistration_request *request = status.deregistration;
    char key[LIST_ROW_MAX];
    size_t size = list_key_write(standing, coverage, key, sizeof key);

    return insurer_lists_print(
        scope,
        json_pack("{s:o, s:s, s:b, s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:b, s:b, s:s, s:o}", "key",
                  insurer_lists_text((struct text){key, size}), "branch", coverage->branch,
                  "registered", status.registered, "since", insurer_lists_date(status.since),
                  "certificate", status.certificate, "expires", insurer_lists_date(status.expires),
                  "grace_ends", insurer_lists_date(status.grace_ends), "deregistration",
                  deregistration_shown_name(request), "requested",
                  insurer_lists_date(request ? request->requested : DATE_NONE), "executes",
                  insurer_lists_date(request ? request->executes : DATE_NONE), "returned",
                  status.returned, "recommended", status.recommended != NULL, "trigger",
                  status.recommended ? status.recommended->reason : "", "issue_by",
                  insurer_lists_date(status.recommended ? status.recommended->latest : DATE_NONE)));
}

static enum status print_row(struct scope *scope, const struct listing *listing,
                             const struct standing *standing, const struct coverage *coverage)
{
    char row[LIST_ROW_MAX];
    size_t size = 0;

    if (listing->json)
        return print_object(scope, listing, standing, coverage);
    size = list_row_write(standing, coverage, listing->on, row);
    if (size == 0 || fwrite(row, 1, size, stdout) != size)
        return scope_fail(scope, CAUSE_INTERNAL, "a row cannot be printed");
    return STATUS_OK;
}

/* The rows of one person: coverages of the insurer that hold that day. */
static enum status print_person(struct scope *scope, const struct listing *listing,
                                const struct standing *standing)
{
    for (size_t i = 0; i < standing->person.coverage_count; i++) {
        const struct coverage *coverage = &standing->person.coverages[i];
        if (strcmp(coverage->insurer.digits, listing->insurer.digits) == 0 &&
            coverage_holds(coverage, listing->on))
            TRY(print_row(scope, listing, standing, coverage));
    }
    return STATUS_OK;
}

/* --- which ------------------------------------------------------------------------------------ */

static enum status print_all(struct scope *failed, const struct listing *listing)
{
    struct standing_run run = {0};

    while (!run.last) {
        CLEANUP(scope_end) struct scope scope = scope_begin_at(RUN_LIMIT, failed->now);
        enum status status = store_read_standings(&scope, listing->store, run.next, &run);
        for (size_t i = 0; status == STATUS_OK && i < run.count; i++)
            status = print_person(&scope, listing, &run.standings[i]);
        if (status != STATUS_OK)
            return scope_fail(failed, scope.cause, "%s", scope.failure);
    }
    return STATUS_OK;
}

static enum status print_named(struct scope *scope, const struct listing *listing, int words,
                               char **keys)
{
    for (int i = 0; i < words; i++) {
        struct standing standing = {0};
        int64_t person_id = 0;
        TRY(member_find(scope, listing->store, listing->insurer, text_of(keys[i]), &person_id));
        TRY(store_find_standing(scope, listing->store, person_id, &standing));
        TRY(print_person(scope, listing, &standing));
    }
    return STATUS_OK;
}

static enum status list(struct scope *scope, const struct settings *settings, int words,
                        char **keys)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct insurer *insurer = NULL;
    struct listing listing = {.json = settings->json, .on = settings->on};
    size_t count = 0;

    if (!date_is(listing.on))
        listing.on = instant_date(scope->now);
    TRY(store_open(scope, settings->store, STORE_READ, &store));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &insurer, &count));
    listing.store = store;
    listing.insurer = insurer->number;
    return words > 0 ? print_named(scope, &listing, words, keys) : print_all(scope, &listing);
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    if (options_require(scope, command_insurer_list.table, settings) != STATUS_OK)
        return -1;
    return list(scope, settings, words, argv) == STATUS_OK ? 0 : -1;
}

static const char *const examples[] = {
    "shikaku insurer list --store sqlite:demo/store.sqlite --insurer 06139992",
    "the whole list, as of today / 今日現在の一覧",
    "shikaku insurer list --store sqlite:demo/store.sqlite --insurer 06139992 --json 12-345-01",
    "one member / 1人だけ照会する", NULL};

const struct command command_insurer_list = {
    .name = "insurer list",
    .arguments = "[KEY...]",
    .summary_en = "Registration and expiry status of an insurer's members, on any day.",
    .summary_ja = "加入者の初回登録・有効期限状況を照会する。",
    .description =
        "Prints rows as in the monthly list (docs/month-end.md), without header and trailer: all "
        "members of the insurer on the day, or those named by key. Reads only. The whole list "
        "looks through all people.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_max = KEYS_MAX,
    .run = run,
};
