/* SPDX-License-Identifier: Apache-2.0
 *
 * explain_document.c - `shikaku explain document`: who gets which paper, by when (D1, D2, D4).
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/explanation.h"
#include "command/insurer_policy_option.h"
#include "domain/copayment.h"
#include "domain/document.h"
#include "domain/document_days.h"
#include "domain/policy.h"

struct settings {
    struct date on, birth, enrolled, certificate_expires, old_card_ends, deregister_requested,
        card_returned, applied, certificate_until;
    int64_t age, uses_12_months, uses_3_months;
    const char *insurance, *registered;
    bool notice_held, helper, protection, special_expense, number_missing, json;
    struct policy_words policy; /* of the insurer */
};

#define AT(member) OPTION_AT(struct settings, member)
#define NO_AGE (-1)

static const struct option options[] = {
    {"on", OPTION_DATE, "DATE", NULL, 0, 0, "Day to decide for; today where not given.",
     "判断する日(省略時は今日)。", AT(on), false},
    {"birth", OPTION_DATE, "DATE", NULL, 0, 0, "Birth date.", "生年月日。", AT(birth), false},
    {"age", OPTION_NUMBER, "YEARS", "-1", -1, 150, "Age on that day, instead of --birth.",
     "その日の満年齢(--birthの代わり)。", AT(age), false},
    {"insurance", OPTION_TEXT, "KIND", NULL, 0, 0,
     "employee, community, late_elderly, sdf, day_labourer or medical_assistance; where not given "
     "late_elderly from 75 on, else employee.",
     "制度(被用者、国保、後期高齢者、自衛官、日雇特例、医療扶助の順)"
     "。省略時は75歳以上は後期高齢者、"
     "それ以外は被用者。",
     AT(insurance), false},
    {"registered", OPTION_TEXT, "YES-NO", "no", 0, 0,
     "Is the card registered for insurance use: yes or no.", "利用登録の有無(yesまたはno)。",
     AT(registered), false},
    {"enrolled", OPTION_DATE, "DATE", NULL, 0, 0,
     "First day covered; where not given before the reform of 2024-12-02.",
     "資格取得日(省略時は2024年12月2日より前)。", AT(enrolled), false},
    {"certificate-expires", OPTION_DATE, "DATE", NULL, 0, 0,
     "Last day of the card's certificate; where not given it lies far ahead.",
     "電子証明書の有効期限(省略時は十分先)。", AT(certificate_expires), false},
    {"old-card-expires", OPTION_DATE, "DATE", NULL, 0, 0, "Last day of the old insurance card.",
     "健康保険証の有効期限。", AT(old_card_ends), false},
    {"deregistration-requested", OPTION_DATE, "DATE", NULL, 0, 0,
     "Day on which deregistration was asked for.", "利用登録解除の申請日。",
     AT(deregister_requested), false},
    {"card-returned", OPTION_DATE, "DATE", NULL, 0, 0, "Day on which the card was returned.",
     "カードの返納日。", AT(card_returned), false},
    {"applied", OPTION_DATE, "DATE", NULL, 0, 0,
     "Day on which a certificate was applied for (card lost, renewal under way ...).",
     "資格確認書の申請日(カードの紛失・更新中など)。", AT(applied), false},
    {"certificate-held-until", OPTION_DATE, "DATE", NULL, 0, 0,
     "Last day of the eligibility certificate in hand.", "手元の資格確認書の有効期限。",
     AT(certificate_until), false},
    {"notice-held", OPTION_FLAG, NULL, NULL, 0, 0, "A notice that still holds is in hand.",
     "有効なお知らせが手元にある。", AT(notice_held), false},
    {"protection", OPTION_FLAG, NULL, NULL, 0, 0, "The self-information refusal flag is set.",
     "自己情報提供不可フラグがある。", AT(protection), false},
    {"helper", OPTION_FLAG, NULL, NULL, 0, 0, "The person needs a helper.", "要配慮者である。",
     AT(helper), false},
    {"special-expense", OPTION_FLAG, NULL, NULL, 0, 0, "Under special medical expense.",
     "特別療養費の支給対象である。", AT(special_expense), false},
    {"certificate-needed", OPTION_FLAG, NULL, NULL, 0, 0,
     "The enrolment says that a certificate is needed, or lacks the individual number.",
     "届出で発行を希望した、または個人番号がない。", AT(number_missing), false},
    POLICY_OPTIONS(AT(policy)),
    {"uses-12-months", OPTION_NUMBER, "N", "0", 0, 10000, "Uses of the card in twelve months.",
     "直近12か月のカード利用回数。", AT(uses_12_months), false},
    {"uses-3-months", OPTION_NUMBER, "N", "0", 0, 10000, "Of them in the last three months.",
     "うち直近3か月の回数。", AT(uses_3_months), false},
    {"json", OPTION_FLAG, NULL, NULL, 0, 0, "Print one JSON object.", "結果をJSONで出力する。",
     AT(json), false},
};

/* --- reading ---------------------------------------------------------------------------------- */

/* Someone of this age on that day: the birthday was then. */
static enum status read_birth(struct scope *scope, const struct settings *settings, struct date on,
                              struct date *out)
{
    *out = settings->birth;
    if (settings->age == NO_AGE)
        return STATUS_OK;
    if (date_is(settings->birth))
        return scope_fail(scope, CAUSE_USAGE, "--birth or --age, not both");
    *out = date_add_months(on, -12 * (int)settings->age);
    return STATUS_OK;
}

static enum status read_insurance(struct scope *scope, const struct settings *settings,
                                  struct date birth, struct date on, enum insurance *out)
{
    bool late_elderly = date_is(birth) && date_age(birth, on) >= POLICY_LATE_ELDERLY_AGE;

    *out = late_elderly ? INSURANCE_LATE_ELDERLY : INSURANCE_EMPLOYEE;
    if (settings->insurance && !insurance_read(text_of(settings->insurance), out))
        return scope_fail(scope, CAUSE_USAGE,
                          "--insurance: employee, community, late_elderly, sdf, day_labourer or "
                          "medical_assistance");
    return STATUS_OK;
}

/* What cannot be together: whoever asks has mixed something up. */
static enum status check_facts(struct scope *scope, const struct document_facts *facts,
                               struct date on)
{
    struct date late = date_is(facts->birth) ? copayment_late_elderly_first(facts->birth) : on;
    bool elderly = date_is(facts->birth) && !date_before(on, late);
    bool by_age = facts->insurance == INSURANCE_EMPLOYEE ||
                  facts->insurance == INSURANCE_COMMUNITY || facts->insurance == INSURANCE_SDF;

    if (date_before(on, facts->birth))
        return scope_fail(scope, CAUSE_USAGE, "--birth: not after --on");
    if (date_is(facts->enrolled) && date_before(facts->enrolled, facts->birth))
        return scope_fail(scope, CAUSE_USAGE, "--enrolled: not before --birth");
    if (elderly && by_age)
        return scope_fail(scope, CAUSE_USAGE,
                          "--insurance: late_elderly from the 75th birthday on");
    if (facts->insurance == INSURANCE_LATE_ELDERLY && !date_is(facts->enrolled) &&
        date_before(on, document_lead(date_add_days(late, -1))))
        return scope_fail(scope, CAUSE_USAGE,
                          "--insurance: late_elderly before the 75th birthday needs --enrolled, "
                          "the day of entry (障害認定)");
    if (facts->uses_12_months < facts->uses_3_months)
        return scope_fail(scope, CAUSE_USAGE, "--uses-3-months: not more than --uses-12-months");
    return STATUS_OK;
}

static enum status read_registered(struct scope *scope, const char *word, bool *out)
{
    if (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
        return scope_fail(scope, CAUSE_USAGE, "--registered: yes or no");
    *out = strcmp(word, "yes") == 0;
    return STATUS_OK;
}

static enum status read_facts(struct scope *scope, const struct settings *settings, struct date on,
                              struct document_facts *out)
{
    *out = (struct document_facts){
        .enrolled = settings->enrolled,
        .certificate_expires = settings->certificate_expires,
        .old_card_ends = settings->old_card_ends,
        .deregister_requested = settings->deregister_requested,
        .card_returned = settings->card_returned,
        .applied = settings->applied,
        .certificate_until = settings->certificate_until,
        .notice_held = settings->notice_held,
        .helper = settings->helper,
        .protection = settings->protection,
        .special_expense = settings->special_expense,
        .number_missing = settings->number_missing,
        .uses_12_months = (int)settings->uses_12_months,
        .uses_3_months = (int)settings->uses_3_months,
    };
    TRY(read_birth(scope, settings, on, &out->birth));
    TRY(read_insurance(scope, settings, out->birth, on, &out->insurance));
    TRY(check_facts(scope, out, on));
    return read_registered(scope, settings->registered, &out->registered);
}

/* --- writing ---------------------------------------------------------------------------------- */

struct findings {
    struct document_facts facts;
    struct insurer_policy policy;
    struct date on;
    struct document_due documents[DOCUMENTS_MAX];
    size_t count;
    const struct rule *rule;
};

static json_t *json_date(struct date date)
{
    char written[11];

    if (!date_is(date) || date_compare(date, DATE_NEVER) == 0)
        return json_null();
    date_write_iso(date, written);
    return json_string(written);
}

static json_t *json_document(const struct document_due *due)
{
    const struct rule *rule = rule_at(due->rule);

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:s, s:s, s:s, s:s}", "kind",
                     document_kind_name(due->kind), "trigger", due->trigger, "state",
                     document_state_name(due->state), "due", json_date(due->due), "latest",
                     json_date(due->latest), "valid_from", json_date(due->valid_from),
                     "valid_until", json_date(due->valid_until), "address_check",
                     due->address_check, "special_expense", due->special_expense, "rule", rule->id,
                     "title_ja", rule->title_ja, "title_en", rule->title_en, "source",
                     rule->source);
}

static enum status print_json(struct scope *scope, const struct findings *findings)
{
    json_t *documents = json_array();
    json_t *all = NULL;
    int failed = 0;

    for (size_t i = 0; i < findings->count; i++)
        failed |= json_array_append_new(documents, json_document(&findings->documents[i]));
    all = json_pack("{s:o, s:s, s:b, s:b, s:o, s:s, s:s, s:s, s:s}", "on", json_date(findings->on),
                    "insurance", insurance_name(findings->facts.insurance), "card_works",
                    document_card_works(&findings->facts, findings->on), "means_held",
                    document_means_held(&findings->facts, findings->on), "documents", documents,
                    "rule", findings->rule->id, "title_ja", findings->rule->title_ja, "title_en",
                    findings->rule->title_en, "source", findings->rule->source);
    failed |= all ? json_dumpf(all, stdout, JSON_INDENT(2)) : -1;
    json_decref(all);
    if (failed)
        return scope_fail(scope, CAUSE_MEMORY_LIMIT, "the explanation cannot be written");
    putchar('\n');
    return STATUS_OK;
}

static enum status print_document(struct scope *scope, const struct document_due *due)
{
    struct explanation out = {0};

    explain_texts(&out, "kind", "書面 / document", document_kind_ja(due->kind),
                  document_kind_name(due->kind));
    explain_text(&out, "trigger", "事由 / trigger", due->trigger);
    explain_text(&out, "state", "状態 / state", document_state_name(due->state));
    TRY(explain_date(scope, &out, "due", "交付の開始 / due", due->due));
    TRY(explain_date(scope, &out, "latest", "交付の期限 / latest", due->latest));
    TRY(explain_date(scope, &out, "valid_from", "有効開始日 / valid from", due->valid_from));
    TRY(explain_date(scope, &out, "valid_until", "有効期限 / valid until", due->valid_until));
    if (due->address_check)
        explain_texts(&out, "address", "送付先 / address", "交付前に送付先を確かめる",
                      "make sure where it goes before it is sent");
    explain_rule(&out, rule_at(due->rule));
    return explanation_print(scope, &out, false);
}

static enum status print_text(struct scope *scope, const struct findings *findings)
{
    struct explanation none = {0};

    for (size_t i = 0; i < findings->count; i++) {
        if (i > 0)
            putchar('\n');
        TRY(print_document(scope, &findings->documents[i]));
    }
    if (findings->count > 0)
        return STATUS_OK;
    explain_texts(&none, "documents", "書面 / document", "なし", "none");
    explain_rule(&none, findings->rule);
    return explanation_print(scope, &none, false);
}

/* The insurer of the person; no number stands for it, its insurance does. */
static enum status read_policy(struct scope *scope, const struct settings *settings,
                               struct findings *findings)
{
    enum insurance insurance = findings->facts.insurance;

    findings->policy = insurer_policy_default(insurance);
    findings->policy.valid_from = POLICY_DATE(REFORM_DAY);
    TRY(policy_words_apply(scope, &settings->policy, &findings->policy));
    if (insurance == INSURANCE_LATE_ELDERLY)
        findings->policy.certificate_years = 0;
    findings->facts.policy = &findings->policy;
    return STATUS_OK;
}

static int run(struct scope *scope, void *settings_, int words, char **argv)
{
    const struct settings *settings = settings_;
    struct findings findings = {.on = date_is(settings->on) ? settings->on
                                                            : instant_date(scope->now)};
    enum rule_id rule = RULE_COUNT;

    (void)words;
    (void)argv;
    if (read_facts(scope, settings, findings.on, &findings.facts) != STATUS_OK ||
        read_policy(scope, settings, &findings) != STATUS_OK)
        return -1;
    findings.count = documents_due(&findings.facts, findings.on, findings.documents, &rule);
    findings.rule = rule_at(rule);
    if ((settings->json ? print_json : print_text)(scope, &findings) != STATUS_OK)
        return -1;
    return 0;
}

static const char *const examples[] = {
    "shikaku explain document --on 2025-07-01 --registered yes --certificate-expires 2025-05-10",
    "the certificate was not renewed: a paper before the grace ends / 電子証明書の更新忘れ",
    "shikaku explain document --on 2025-09-01 --age 80 --registered yes --json",
    "80 years old, with a registered card / 80歳、マイナ保険証あり",
    NULL,
};

const struct command command_explain_document = {
    .name = "explain document",
    .arguments = "",
    .summary_en = "Explain which paper a person gets, why, and by when.",
    .summary_ja = "だれに・なぜ・いつまでにどの書面を交付するかを説明する。",
    .description =
        "Prints the eligibility certificate or notice that the insurer owes this person: trigger "
        "(T1 to T7; N1 to N5 for notices), first and latest day to issue it, until when it holds, "
        "the rule and its source. held: another means still holds, so it comes later; due: to be "
        "issued now; overdue: it should be in the person's hands.",
    .examples = examples,
    .table = {options, sizeof options / sizeof options[0]},
    .settings_size = sizeof(struct settings),
    .words_min = 0,
    .words_max = 0,
    .run = run,
};
