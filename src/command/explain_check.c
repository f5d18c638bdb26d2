/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_check.c - `shikaku explain check`: what a check of a store's data would answer, and why.
 *
 * Takes the service's way to the decision, without a proof of the card and without a record in the
 * journal: it is for those who hold the database. Names and addresses are not shown.
 */
#include <string.h>

#include "command/command.h"
#include "command/explanation.h"
#include "domain/unconfirmed_reason.h"
#include "service/decide.h"

struct settings {
    const char *store, *insurer, *symbol, *number, *branch;
    const char *known;
    struct date birth, on;
    int64_t issuer, serial, person, coverage;
    bool consent_limit, json;
};

static const struct option options[] = {
    {.name = "store",
     .type = OPTION_TEXT,
     .placeholder = "URL",
     .help_en = "Database: sqlite:PATH or postgresql://...",
     .help_ja = "データベース(sqlite:PATHまたはpostgresql://…)。",
     .offset = OPTION_AT(struct settings, store),
     .required = true},
    {.name = "insurer",
     .type = OPTION_TEXT,
     .placeholder = "NUMBER",
     .help_en = "By numbers: insurer number.",
     .help_ja = "保険者番号(番号による照会)。",
     .offset = OPTION_AT(struct settings, insurer)},
    {.name = "symbol",
     .type = OPTION_TEXT,
     .placeholder = "TEXT",
     .fallback = "",
     .help_en = "By numbers: symbol, if there is one.",
     .help_ja = "記号(ある場合)。",
     .offset = OPTION_AT(struct settings, symbol)},
    {.name = "number",
     .type = OPTION_TEXT,
     .placeholder = "TEXT",
     .help_en = "By numbers: number.",
     .help_ja = "番号。",
     .offset = OPTION_AT(struct settings, number)},
    {.name = "branch",
     .type = OPTION_TEXT,
     .placeholder = "NN",
     .fallback = "",
     .help_en = "By numbers: branch, if known.",
     .help_ja = "枝番(分かる場合)。",
     .offset = OPTION_AT(struct settings, branch)},
    {.name = "birth",
     .type = OPTION_DATE,
     .placeholder = "DATE",
     .help_en = "By numbers: birth date.",
     .help_ja = "生年月日。",
     .offset = OPTION_AT(struct settings, birth)},
    {.name = "issuer",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "1",
     .minimum = 1,
     .maximum = 1000,
     .help_en = "By card: number of the certification authority.",
     .help_ja = "カードによる照会: 認証局の番号。",
     .offset = OPTION_AT(struct settings, issuer)},
    {.name = "serial",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help_en = "By card: serial number of the authentication certificate.",
     .help_ja = "カードによる照会: 利用者証明用電子証明書のシリアル番号。",
     .offset = OPTION_AT(struct settings, serial)},
    {.name = "person",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help_en = "By the person's number in the store, as `shikaku audit show` tells it.",
     .help_ja = "監査記録(audit show)の個人の内部番号による確認。",
     .offset = OPTION_AT(struct settings, person)},
    {.name = "coverage",
     .type = OPTION_NUMBER,
     .placeholder = "N",
     .fallback = "0",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help_en = "With --person: this coverage alone; else all of the person's.",
     .help_ja = "--personとともに: この資格だけ(省略時はすべて)。",
     .offset = OPTION_AT(struct settings, coverage)},
    {.name = "known",
     .type = OPTION_TEXT,
     .placeholder = "TIME",
     .help_en =
         "With --person: what was known then: a day (its end, Japan) or the time of an audit "
         "record, 2026-11-05T00:15:30.123456Z.",
     .help_ja = "--personとともに: その時点で登録されていた内容(日付はその日の終わり)。",
     .offset = OPTION_AT(struct settings, known)},
    {.name = "on",
     .type = OPTION_DATE,
     .placeholder = "DATE",
     .help_en = "Day asked for; today where not given.",
     .help_ja = "照会する日(省略時は今日)。",
     .offset = OPTION_AT(struct settings, on)},
    {.name = "consent-limit",
     .type = OPTION_FLAG,
     .help_en = "The patient consents to the copayment-limit certificate.",
     .help_ja = "限度額適用認定証の提供に同意あり。",
     .offset = OPTION_AT(struct settings, consent_limit)},
    {.name = "json",
     .type = OPTION_FLAG,
     .help_en = "Print one JSON object.",
     .help_ja = "結果をJSONで出力する。",
     .offset = OPTION_AT(struct settings, json)},
};

static const struct option_table table = {options, sizeof options / sizeof options[0]};

/* OQSCD006. */
static const struct {
    const char *ja;
    const char *en;
} validity_texts[] = {
    [VALIDITY_VALID] = {"有効", "valid"},
    [VALIDITY_INVALID] = {"無効", "invalid"},
    [VALIDITY_INVALID_NEWER] = {"無効(新しい資格あり)", "invalid, a newer coverage exists"},
    [VALIDITY_NONE] = {"該当資格なし", "no information"},
    [VALIDITY_SEVERAL] = {"複数該当", "several persons match"},
    [VALIDITY_VALID_UNREGISTERED] = {"有効(未登録)", "valid, not registered"},
};

static void explain_cause(struct explanation *out, const char *name, const char *label,
                          enum cause cause)
{
    if (cause == CAUSE_NONE)
        return;
    explain_text(out, name, label, failure_text(cause)->code);
    explain_texts(out, "message", "表示 / message", failure_text(cause)->desk_ja,
                  failure_text(cause)->desk_en);
}

static enum status explain_coverage(struct scope *scope, const struct coverage *coverage,
                                    struct explanation *out)
{
    int law = insurer_number_law(coverage->insurer);

    explain_text(out, "insurer", "保険者番号 / insurer", coverage->insurer.digits);
    explain_texts(out, "insurance", "制度 / insurance", insurer_law_ja(law), insurer_law_en(law));
    TRY(explain_date(scope, out, "from", "資格取得日 / first day covered", coverage->from));
    TRY(explain_date(scope, out, "until", "資格喪失日 / first day not covered", coverage->until));
    if (coverage->loss_reason != LOSS_NONE)
        explain_number(out, "loss_reason", "喪失事由 / reason of loss", coverage->loss_reason);
    return STATUS_OK;
}

/* E4: the share, its rule, and the certificates that go with a valid answer. */
static void explain_valid(const struct eligibility *eligibility, struct date on,
                          struct explanation *out)
{
    enum rule_id rule =
        copayment_decide(eligibility->person, eligibility->coverage, eligibility->elderly, on).rule;

    explain_number(out, "share", "負担割合(%) / share, percent", eligibility->copayment_share);
    explain_text(out, "share_rule", "割合の規則 / rule of the share", rule_at(rule)->id);
    explain_texts(out, "share_title", "割合の理由 / why this share", rule_at(rule)->title_ja,
                  rule_at(rule)->title_en);
    if (eligibility->limit)
        explain_text(out, "limit", "限度額適用区分 / copayment limit",
                     eligibility->limit->category);
}

static enum status explain_decision(struct scope *scope, const struct eligibility *eligibility,
                                    struct date on, struct explanation *out)
{
    enum unconfirmed_reason reason =
        unconfirmed_reason_of(eligibility->validity, eligibility->remark);

    explain_number(out, "validity", "資格有効性 / validity", eligibility->validity);
    explain_texts(out, "decision", "判定 / decision", validity_texts[eligibility->validity].ja,
                  validity_texts[eligibility->validity].en);
    explain_rule(out, eligibility->rule);
    TRY(explain_date(scope, out, "on", "照会日 / day", on));
    if (eligibility->coverage)
        TRY(explain_coverage(scope, eligibility->coverage, out));
    if (eligibility->validity == VALIDITY_VALID)
        explain_valid(eligibility, on, out);
    explain_cause(out, "remark", "注意 / remark", eligibility->remark);
    if (reason != UNCONFIRMED_NOT)
        explain_text(out, "unconfirmed", "確認できない理由 / why unconfirmed",
                     unconfirmed_reason_name(reason));
    return STATUS_OK;
}

/* --- by numbers --- */

static enum status read_key(struct scope *scope, const struct settings *wanted,
                            struct insured_key *out)
{
    enum number_verdict verdict = NUMBER_GOOD;

    if (!wanted->insurer || !wanted->number || !date_is(wanted->birth))
        return scope_fail(scope, CAUSE_USAGE,
                          "--serial, or --insurer, --number and --birth are needed");
    verdict = insurer_number_read(text_of(wanted->insurer), &out->insurer);
    if (!out->insurer.digits[0])
        return scope_fail(scope, CAUSE_INSURER_NUMBER_WRONG, "--insurer: %s",
                          number_verdict_en(verdict));
    if (!insured_text_normalise(text_of(wanted->symbol), false, out->symbol) ||
        !insured_text_normalise(text_of(wanted->number), true, out->number) ||
        !insured_branch_read(text_of(wanted->branch), out->branch))
        return scope_fail(scope, CAUSE_TEXT_WRONG,
                          "--symbol and --number have at most %d characters, --branch two digits",
                          INSURED_TEXT_MAX);
    out->birth = wanted->birth;
    return STATUS_OK;
}

static enum status explain_by_numbers(struct scope *scope, struct store *store,
                                      const struct settings *wanted, struct date on,
                                      struct explanation *out, bool *yes)
{
    struct insured_key key = {0};
    struct eligibility eligibility = {0};

    TRY(read_key(scope, wanted, &key));
    TRY(decide_by_numbers(scope, store, &key, on, wanted->consent_limit ? CONSENT_LIMIT : 0,
                          &eligibility));
    *yes = eligibility.validity == VALIDITY_VALID;
    return explain_decision(scope, &eligibility, on, out);
}

/* --- a person, as known at a time --- */

static enum status read_known(struct scope *scope, const char *word, struct instant *out)
{
    struct date day = DATE_NONE;

    *out = scope->now;
    if (!word || instant_read_utc(word, out))
        return STATUS_OK;
    if (!date_read_option(word, &day))
        return scope_fail(scope, CAUSE_USAGE, "--known: a day, or a time as audit show writes it");
    *out = (struct instant){instant_start(date_add_days(day, 1)).microseconds - 1};
    return STATUS_OK;
}

/* The person's coverages that were known, as if the numbers had named them. */
static size_t list_known(const struct person *person, int64_t coverage_id,
                         struct insured_match *matches)
{
    size_t count = 0;

    for (size_t i = 0; i < person->coverage_count; i++)
        if (coverage_id == 0 || person->coverages[i].coverage_id == coverage_id)
            matches[count++] =
                (struct insured_match){person->person_id, person->coverages[i].coverage_id, ""};
    return count;
}

/* What was answered, and why: from what was believed then, also where it was corrected since. */
static enum status explain_person(struct scope *scope, struct store *store,
                                  const struct settings *wanted, struct date on,
                                  struct explanation *out, bool *yes)
{
    struct insured_match *matches = NULL;
    struct eligibility eligibility = {0};
    struct person *person = NULL;
    struct instant known = {0};
    size_t count = 0;
    enum status status = STATUS_OK;

    TRY(read_known(scope, wanted->known, &known));
    TRY(scope_alloc(scope, 1, sizeof *person, &person));
    status = store_find_person_as_of(scope, store, wanted->person, known, person);
    if (status == STATUS_NOT_FOUND) {
        scope_forgive(scope);
        return scope_fail(scope, CAUSE_REGISTER_PERSON_UNKNOWN, "nobody of that number then");
    }
    TRY(status);
    TRY(scope_alloc(scope, person->coverage_count + 1, sizeof *matches, &matches));
    count = list_known(person, wanted->coverage, matches);
    eligibility = count > 0 ? eligibility_by_numbers(person, matches, count, on,
                                                     wanted->consent_limit ? CONSENT_LIMIT : 0)
                            : eligibility_none((struct insurer_number){0}, on);
    *yes = eligibility.validity == VALIDITY_VALID;
    return explain_decision(scope, &eligibility, on, out);
}

/* --- by card --- */

static enum status explain_life(struct scope *scope,
                                const struct authentication_certificate *certificate,
                                const struct certificate_life *life, struct explanation *out)
{
    explain_text(out, "phase", "電子証明書の状態 / certificate",
                 certificate_phase_name(life->phase));
    TRY(explain_date(scope, out, "expires", "有効期限 / expires", certificate->expires));
    return explain_date(scope, out, "grace_ends", "猶予期間の最終日 / last day of grace",
                        life->grace_ends);
}

static enum status explain_refusal(struct scope *scope, const struct card_use *use, struct date on,
                                   struct explanation *out)
{
    enum unconfirmed_reason reason = unconfirmed_reason_of(VALIDITY_NONE, use->refusal);

    explain_texts(out, "decision", "判定 / decision", "カードは使えません",
                  "the card cannot be used");
    explain_rule(out, use->rule);
    TRY(explain_date(scope, out, "on", "照会日 / day", on));
    explain_cause(out, "refusal", "エラーコード / code", use->refusal);
    explain_text(out, "unconfirmed", "確認できない理由 / why unconfirmed",
                 unconfirmed_reason_name(reason));
    return STATUS_OK;
}

static enum status find_holder(struct scope *scope, struct store *store,
                               const struct settings *wanted, struct card_holder **out)
{
    enum status status = STATUS_OK;

    TRY(scope_alloc(scope, 1, sizeof **out, out));
    status =
        store_find_card_holder(scope, store, (int)wanted->issuer, (uint64_t)wanted->serial, *out);
    if (status != STATUS_NOT_FOUND)
        return status;
    scope_forgive(scope);
    return scope_fail(scope, CAUSE_CARD_SERIAL_UNKNOWN, "no holder of this serial");
}

static enum status explain_by_card(struct scope *scope, struct store *store,
                                   const struct settings *wanted, struct date on,
                                   struct explanation *out, bool *yes)
{
    struct card_holder *holder = NULL;
    struct card_use use = {0};
    struct eligibility eligibility = {0};

    TRY(find_holder(scope, store, wanted, &holder));
    use = eligibility_card_use(&holder->person, &holder->certificate, on);
    if (use.refusal != CAUSE_NONE) {
        TRY(explain_refusal(scope, &use, on, out));
    } else {
        eligibility = eligibility_by_card(&holder->person, &holder->certificate, on,
                                          wanted->consent_limit ? CONSENT_LIMIT : 0);
        TRY(explain_decision(scope, &eligibility, on, out));
    }
    *yes = eligibility.validity == VALIDITY_VALID;
    return explain_life(scope, &holder->certificate, &use.life, out);
}

/* --- the command --- */

/* For CLEANUP. */
static void store_drop(struct store **store)
{
    store_close(*store);
}

static enum status explain(struct scope *scope, const struct settings *wanted, bool *yes)
{
    CLEANUP(store_drop) struct store *store = NULL;
    struct explanation explanation = {0};
    struct date on = date_is(wanted->on) ? wanted->on : instant_date(scope->now);

    TRY(options_require(scope, table, wanted));
    if ((wanted->serial != 0) + (wanted->insurer != NULL) + (wanted->person != 0) > 1)
        return scope_fail(scope, CAUSE_USAGE, "one of --serial, --insurer and --person");
    if (!wanted->person && (wanted->known || wanted->coverage))
        return scope_fail(scope, CAUSE_USAGE, "--known and --coverage need --person");
    TRY(store_open(scope, wanted->store, STORE_READ, &store));
    if (wanted->person)
        TRY(explain_person(scope, store, wanted, on, &explanation, yes));
    else if (wanted->serial)
        TRY(explain_by_card(scope, store, wanted, on, &explanation, yes));
    else
        TRY(explain_by_numbers(scope, store, wanted, on, &explanation, yes));
    return explanation_print(scope, &explanation, wanted->json);
}

static int run(struct scope *scope, void *settings, int words, char **argv)
{
    bool yes = false;

    (void)words;
    (void)argv;
    if (explain(scope, settings, &yes) != STATUS_OK)
        return -1;
    return yes ? 0 : 1;
}

static const char by_numbers[] = "shikaku explain check --store demo/store.sqlite --insurer "
                                 "06139992 --symbol 架電12 --number 12345 --birth 1985-05-10";

static const char as_known[] = "shikaku explain check --store demo/store.sqlite --person 42 --on "
                               "2026-11-05 --known 2026-11-05";

static const char *const examples[] = {
    by_numbers,
    "what would a check by these numbers answer, and why? / 番号による照会の結果と理由を調べる",
    "shikaku explain check --store demo/store.sqlite --issuer 1 --serial 42 --on 2026-11-05",
    "the same by card / カードによる照会の結果と理由を調べる",
    as_known,
    "what was answered that day, and why, whatever was corrected since / その日の回答とその理由",
    NULL,
};

const struct command command_explain_check = {
    .name = "explain check",
    .arguments = "",
    .summary_en = "Explain what a check would answer: decision, rule, source, what the desk does.",
    .summary_ja = "照会の結果と、その規則・出典・窓口の対応を説明する。",
    .description =
        "Reads the store itself and decides as the service does, by numbers or by card (without "
        "the card's proof). Nothing is recorded in the journal and no name is shown. Exit code 1 "
        "where the coverage is not valid or the card cannot be used.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = run,
};
