/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_deregister.c - shikaku insurer deregister: what the insurer's terminal (統合専用端末)
 * does with requests for 利用登録解除, one by one or in bulk.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "batch/deregister.h"
#include "batch/deregister_file.h"
#include "batch/member_key.h"
#include "command/command.h"
#include "command/insurer_option.h"

#define KEYS_MAX 1000
#define ROUND_SCOPE_LIMIT (4UL * 1024 * 1024)

struct settings {
    const char *store, *insurer, *file;
    struct date on, requested;
    bool withdraw, proxy, json;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "The insurer that enters the requests.",
     "申請を登録する保険者の保険者番号。", AT(insurer), true},
    {"file", OPTION_TEXT, "FILE", NULL, 0, 0,
     "Bulk: a line KEY[,REQUESTED[,PROXY]] each, UTF-8; see docs/month-end.md.",
     "一括登録: 1行に「加入者キー[,申請日[,代理]]」(UTF-8)。", AT(file), false},
    {"withdraw", OPTION_FLAG, NULL, NULL, 0, 0,
     "Take open requests of this insurer back; to the day before they are carried out.",
     "この保険者の未執行の申請を取り下げる(解除日の前日まで)。", AT(withdraw), false},
    {"requested", OPTION_DATE, "DATE", NULL, 0, 0,
     "Day on which the people named asked; the day of entry where left out.",
     "本人の申請日(引数の人に共通)。省略時は登録日。", AT(requested), false},
    {"proxy", OPTION_FLAG, NULL, NULL, 0, 0, "Somebody asked on behalf of the people named.",
     "代理人による申請。", AT(proxy), false},
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day of entry; today where left out.",
     "登録日。省略時は今日。", AT(on), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object a line.",
     "1行に1つのJSONで出力する。", AT(json), false},
};

struct entry {
    const struct settings *settings;
    struct store *store;
    struct insurer_number insurer;
    int64_t accepted, refused;
};

/* --- printing --------------------------------------------------------------------------------- */

struct told {
    struct text key;
    const char *code; /* "ok", or the failure's */
    const char *ja, *en;
    const char *detail;
    const struct deregister_receipt *receipt; /* NULL where nothing was entered */
};

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text && *text)
        (void)json_object_set_new(object, name, json_string(text));
}

static void set_date(json_t *object, const char *name, struct date date)
{
    char written[11];

    if (!date_is(date))
        return;
    date_write_iso(date, written);
    set_text(object, name, written);
}

static void print_json(const struct told *told)
{
    const struct deregister_receipt *receipt = told->receipt;
    json_t *object = json_object();
    char *line = NULL;

    (void)json_object_set_new(object, "key", json_stringn(told->key.bytes, told->key.size));
    set_text(object, "code", told->code);
    set_text(object, "text_ja", told->ja);
    set_text(object, "text_en", told->en);
    set_text(object, "detail", told->detail);
    if (receipt) {
        set_date(object, "requested", receipt->requested);
        set_date(object, "received", receipt->received);
        set_date(object, "executes", receipt->executes);
        set_date(object, "list_from", receipt->list_from);
        (void)json_object_set_new(object, "again", json_boolean(receipt->again));
        (void)json_object_set_new(object, "certificate", json_boolean(receipt->certificate));
    }
    line = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (line)
        puts(line);
    free(line);
}

static void print_dates(const struct deregister_receipt *receipt)
{
    char received[11];
    char executes[11];
    char list[11];

    date_write_iso(receipt->received, received);
    date_write_iso(receipt->executes, executes);
    date_write_iso(receipt->list_from, list);
    printf("\t受付 / received %s\t解除 / ends %s\t一覧 / list %.7s", received, executes, list);
    if (receipt->certificate)
        fputs("\t資格確認書あり / certificate entered", stdout);
}

static void print_line(const struct told *told)
{
    printf("%.*s\t%s\t%s / %s", TEXT_ARGS(told->key), told->code, told->ja, told->en);
    if (told->receipt)
        print_dates(told->receipt);
    if (told->detail)
        printf("\t%s", told->detail);
    putchar('\n');
}

static void tell(const struct entry *entry, const struct told *told)
{
    if (entry->settings->json)
        print_json(told);
    else
        print_line(told);
}

static void tell_failure(struct entry *entry, struct text key, enum cause cause, const char *detail)
{
    const struct failure_text *text = failure_text(cause);

    entry->refused++;
    tell(entry, &(struct told){key, text->code, text->it_ja, text->it_en, detail, NULL});
}

static void tell_receipt(struct entry *entry, struct text key,
                         const struct deregister_receipt *receipt)
{
    const struct failure_text *error = failure_text(receipt->error);

    entry->accepted += receipt->error == CAUSE_NONE;
    entry->refused += receipt->error != CAUSE_NONE;
    if (receipt->error)
        tell(entry,
             &(struct told){key, error->code, error->desk_ja, error->desk_en, NULL, receipt});
    else
        tell(entry, &(struct told){key, "ok", receipt->rule->title_ja, receipt->rule->title_en,
                                   NULL, receipt});
}

/* --- entering --------------------------------------------------------------------------------- */

static enum status enter(struct scope *scope, const struct entry *entry,
                         const struct deregister_row *row, struct deregister_receipt *receipt)
{
    const struct settings *settings = entry->settings;
    struct deregister_order order = {
        .insurer = entry->insurer,
        .on = settings->on,
        .requested = row->requested,
        .channel = settings->file ? DEREGISTRATION_BY_FILE : DEREGISTRATION_BY_TERMINAL,
        .proxy = row->proxy,
    };

    TRY(member_find(scope, entry->store, entry->insurer, row->key, &order.person_id));
    if (settings->withdraw)
        return deregister_withdraw(
            scope, entry->store,
            &(struct deregister_withdrawal){order.person_id, entry->insurer, settings->on},
            receipt);
    return deregister_enter(scope, entry->store, &order, receipt);
}

/* One row, one result: a wrong row does not keep the others out. */
static enum status enter_row(struct scope *scope, struct entry *entry,
                             const struct deregister_row *row)
{
    CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_SCOPE_LIMIT, scope->now);
    struct deregister_receipt receipt = {0};
    char place[64];

    if (row->wrong) {
        snprintf(place, sizeof place, "line %zu: %s", row->line, row->wrong);
        tell_failure(entry, row->key, CAUSE_DEREGISTRATION_FILE_WRONG, place);
        return STATUS_OK;
    }
    if (enter(&round, entry, row, &receipt) == STATUS_OK) {
        tell_receipt(entry, row->key, &receipt);
        return STATUS_OK;
    }
    if (failure_text(round.cause)->status == STATUS_UNAVAILABLE)
        return scope_fail(scope, round.cause, "%s", round.failure);
    tell_failure(entry, row->key, round.cause, NULL);
    return STATUS_OK;
}

static enum status enter_file(struct scope *scope, struct entry *entry)
{
    struct deregister_reader reader = {0};
    struct deregister_row row;
    size_t rows = 0;

    TRY(file_read(scope, entry->settings->file, DEREGISTER_FILE_MAX, &reader.file));
    if (!text_is_utf8(reader.file))
        return scope_fail(scope, CAUSE_DEREGISTRATION_FILE_WRONG, "'%s' is no UTF-8",
                          entry->settings->file);
    while (deregister_row_next(&reader, &row)) {
        if (++rows > DEREGISTER_ROWS_MAX)
            return scope_fail(scope, CAUSE_DEREGISTRATION_FILE_WRONG, "more than %d rows",
                              DEREGISTER_ROWS_MAX);
        TRY(enter_row(scope, entry, &row));
    }
    return STATUS_OK;
}

static enum status enter_all(struct scope *scope, struct entry *entry, int words, char **argv)
{
    const struct settings *settings = entry->settings;

    if ((words > 0) == (settings->file != NULL))
        return scope_fail(scope, CAUSE_USAGE, "KEY..., or --file FILE");
    TRY(insurer_option_read(scope, settings->insurer, &entry->insurer));
    TRY(store_open(scope, settings->store, STORE_WRITE, &entry->store));
    if (settings->file)
        return enter_file(scope, entry);
    for (int i = 0; i < words; i++) {
        const struct deregister_row row = {
            .key = text_of(argv[i]), .requested = settings->requested, .proxy = settings->proxy};
        if (!text_is_utf8(row.key))
            return scope_fail(scope, CAUSE_MEMBER_KEY_WRONG, "a key is no UTF-8");
        TRY(enter_row(scope, entry, &row));
    }
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    struct entry entry = {.settings = settings_};
    enum status status = options_require(scope, command_insurer_deregister.table, settings_);

    if (status == STATUS_OK)
        status = enter_all(scope, &entry, words, argv);
    store_close(entry.store);
    if (status != STATUS_OK)
        return -1;
    return entry.refused > 0 ? 1 : 0;
}

static const char *const examples[] = {
    "shikaku insurer deregister --store sqlite:demo/store.sqlite --insurer 06139992 12-3456-01",
    "enters a request of today / 1人の解除申請を登録する",
    "shikaku insurer deregister --store sqlite:demo/store.sqlite --insurer 06139992 --file d.csv",
    "enters those of a file / ファイルで一括登録する",
    "shikaku insurer deregister --store URL --insurer 06139992 --withdraw 12-3456-01",
    "takes it back / 取り下げる",
    NULL};

const struct command command_insurer_deregister = {
    .name = "insurer deregister",
    .arguments = "[KEY...]",
    .summary_en = "Enters requests to end the card's registration (R2), or takes them back.",
    .summary_ja = "利用登録解除の申請を登録する、または取り下げる。",
    .description =
        "KEY is the insurer's own key of the member, or SYMBOL-NUMBER-BRANCH as printed. What is "
        "entered in a month is carried out at the end of the next; the list of the month after "
        "shows the outcome. The eligibility certificate that is due with it is entered into the "
        "register of papers. Where a request for the person is open already (R3) the result is "
        "SKK-6302 with the dates, never with who entered it: the certificate is entered all the "
        "same. The same row again changes nothing. Each row has a line with the result; exit code "
        "1 where one was refused.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_max = KEYS_MAX,
    .run = run,
};
