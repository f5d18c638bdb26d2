/* SPDX-License-Identifier: Apache-2.0
 *
 * insurer_need.c - shikaku insurer need: what makes a paper needed and no file tells: an
 * application (交付申請), a returned card (返納), a helper's need (要配慮者), an address that was
 * checked.
 */
#include <stdio.h>
#include <string.h>

#include "batch/member_key.h"
#include "command/command.h"
#include "command/insurer_lists.h"

#define KEYS_MAX 1000
#define ROUND_SCOPE_LIMIT (4UL * 1024 * 1024)

struct settings {
    const char *store, *insurer, *need;
    struct date since, until;
};

#define AT(member) OPTION_AT(struct settings, member)

static const struct option options[] = {
    {"store", OPTION_TEXT, "URL", NULL, 0, 0, "Database: sqlite:PATH or postgresql://...",
     "データベース(sqlite:PATHまたはpostgresql://…)。", AT(store), true},
    {"insurer", OPTION_TEXT, "NUMBER", NULL, 0, 0, "The insurer.", "保険者番号。", AT(insurer),
     true},
    {"need", OPTION_TEXT, "KIND", NULL, 0, 0,
     "card_returned, applied, helper, at_enrolment, address_checked or paper_lost.",
     "card_returned(返納)、applied(交付申請)、helper(要配慮者)、at_enrolment(資格取得時の希望)、"
     "address_checked(送付先確認済み)、paper_lost(書面の紛失・再交付申請)。",
     AT(need), true},
    {"since", OPTION_DATE, "DATE", NULL, 0, 0, "Day of it; today where left out.",
     "その日。省略時は今日。", AT(since), false},
    {"until", OPTION_DATE, "DATE", NULL, 0, 0,
     "Last day of it, where it has one; to end one, the same --since with an --until.",
     "最終日(あれば)。終わらせるには同じ--sinceに--untilを付ける。", AT(until), false},
};

static const char *const needs[] = {
    [NEED_CARD_RETURNED] = "card_returned",
    [NEED_APPLIED] = "applied",
    [NEED_HELPER] = "helper",
    [NEED_AT_ENROLMENT] = "at_enrolment",
    [NEED_ADDRESS_CHECKED] = "address_checked",
    [NEED_PAPER_LOST] = "paper_lost",
};

static enum status read_need(struct scope *scope, const char *word, enum need *out)
{
    for (enum need need = NEED_CARD_RETURNED; need <= NEED_LAST; need++)
        if (strcmp(needs[need], word) == 0) {
            *out = need;
            return STATUS_OK;
        }
    return scope_fail(scope, CAUSE_USAGE,
                      "--need is card_returned, applied, helper, at_enrolment, "
                      "address_checked or paper_lost");
}

static enum status put(struct scope *scope, struct store *store, struct insurer_number insurer,
                       struct text key, const struct need_row *row)
{
    struct need_row need = *row;

    if (!text_is_utf8(key))
        return scope_fail(scope, CAUSE_MEMBER_KEY_WRONG, "a key is no UTF-8");
    TRY(member_find(scope, store, insurer, key, &need.person_id));
    return store_put_need(scope, store, &need);
}

/* One member, one line: a wrong key does not keep the others out. */
static enum status put_one(struct scope *scope, struct store *store, struct insurer_number insurer,
                           struct text key, const struct need_row *row, bool *refused)
{
    CLEANUP(scope_end) struct scope round = scope_begin_at(ROUND_SCOPE_LIMIT, scope->now);
    const struct failure_text *text = NULL;

    if (put(&round, store, insurer, key, row) == STATUS_OK) {
        printf("%.*s\tok\t登録しました / entered\n", TEXT_ARGS(key));
        return STATUS_OK;
    }
    text = failure_text(round.cause);
    if (text->status == STATUS_UNAVAILABLE)
        return scope_fail(scope, round.cause, "%s", round.failure);
    *refused = true;
    printf("%.*s\t%s\t%s / %s\n", TEXT_ARGS(key), text->code, text->desk_ja, text->desk_en);
    return STATUS_OK;
}

static enum status put_all(struct scope *scope, const struct settings *settings, int words,
                           char **keys, bool *refused)
{
    CLEANUP(insurer_lists_store_drop) struct store *store = NULL;
    struct insurer *insurer = NULL;
    struct need_row row = {.since = settings->since, .until = settings->until};
    size_t count = 0;

    TRY(read_need(scope, settings->need, &row.need));
    if (words == 0)
        return scope_fail(scope, CAUSE_USAGE, "KEY... names the members");
    if (!date_is(row.since))
        row.since = instant_date(scope->now);
    if (!date_is(row.until))
        row.until = DATE_NEVER;
    if (date_before(row.until, row.since))
        return scope_fail(scope, CAUSE_USAGE, "--until lies before --since");
    TRY(store_open(scope, settings->store, STORE_WRITE, &store));
    TRY(insurer_lists_choose(scope, store, settings->insurer, &insurer, &count));
    for (int i = 0; i < words; i++)
        TRY(put_one(scope, store, insurer->number, text_of(keys[i]), &row, refused));
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    bool refused = false;

    if (options_require(scope, command_insurer_need.table, settings) != STATUS_OK ||
        put_all(scope, settings, words, argv, &refused) != STATUS_OK)
        return -1;
    return refused ? 1 : 0;
}

static const char *const examples[] = {
    "shikaku insurer need --store URL --insurer 06139992 --need applied 12-345-01",
    "the card was lost: a certificate was applied for / カード紛失による交付申請",
    "shikaku insurer need --store URL --insurer 06139992 --need address_checked 12-345-01",
    "a protected person's address was made sure of / 送付先を確認した", NULL};

const struct command command_insurer_need = {
    .name = "insurer need",
    .arguments = "KEY...",
    .summary_en = "Enters what makes a paper needed: an application, a returned card, a helper.",
    .summary_ja = "書面の交付が必要となる事由(申請・返納・要配慮者など)を登録する。",
    .description =
        "KEY is the insurer's own key of the member, or SYMBOL-NUMBER-BRANCH as printed. What "
        "follows is told by shikaku insurer papers. Each member has a line with the result; exit "
        "code 1 where one was refused.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_max = KEYS_MAX,
    .run = run,
};
