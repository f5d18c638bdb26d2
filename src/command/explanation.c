/* SPDX-License-Identifier: Apache-2.0 */
#include "command/explanation.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void add(struct explanation *explanation, struct fact fact)
{
    assert(explanation->count < EXPLANATION_FACTS_MAX);
    explanation->facts[explanation->count++] = fact;
}

void explain_text(struct explanation *explanation, const char *name, const char *label,
                  const char *text)
{
    explain_texts(explanation, name, label, text, NULL);
}

void explain_texts(struct explanation *explanation, const char *name, const char *label,
                   const char *ja, const char *en)
{
    if (ja && *ja)
        add(explanation, (struct fact){.name = name, .label = label, .text = ja, .text_en = en});
}

void explain_number(struct explanation *explanation, const char *name, const char *label,
                    int64_t number)
{
    add(explanation,
        (struct fact){.kind = FACT_NUMBER, .name = name, .label = label, .number = number});
}

void explain_flag(struct explanation *explanation, const char *name, const char *label, bool flag)
{
    add(explanation,
        (struct fact){.kind = FACT_FLAG, .name = name, .label = label, .number = flag});
}

void explain_nothing(struct explanation *explanation, const char *name, const char *label)
{
    add(explanation, (struct fact){.kind = FACT_NOTHING, .name = name, .label = label});
}

enum status explain_date(struct scope *scope, struct explanation *explanation, const char *name,
                         const char *label, struct date date)
{
    char written[11];
    struct text text = {0};

    if (!date_is(date) || date_compare(date, DATE_NEVER) == 0)
        return STATUS_OK;
    date_write_iso(date, written);
    TRY(text_copy(scope, text_of(written), &text));
    explain_text(explanation, name, label, text.bytes);
    return STATUS_OK;
}

void explain_rule(struct explanation *explanation, const struct rule *rule)
{
    explain_text(explanation, "rule", "規則 / rule", rule->id);
    explain_texts(explanation, "title", "内容 / says", rule->title_ja, rule->title_en);
    explain_text(explanation, "source", "出典 / source", rule->source);
    explain_texts(explanation, "desk", "窓口では / at the desk", rule->desk_ja, rule->desk_en);
}

static void print_text(const struct fact *fact)
{
    if (fact->text_en)
        printf("%s:\n    %s\n    %s\n", fact->label, fact->text, fact->text_en);
    else
        printf("%s: %s\n", fact->label, fact->text);
}

static void print_fact(const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_TEXT:
        print_text(fact);
        break;
    case FACT_NUMBER:
        printf("%s: %" PRId64 "\n", fact->label, fact->number);
        break;
    case FACT_FLAG:
        printf("%s: %s\n", fact->label, fact->number ? "はい / yes" : "いいえ / no");
        break;
    case FACT_NOTHING:
        printf("%s: なし / none\n", fact->label);
        break;
    }
}

static int put_texts(json_t *object, const struct fact *fact)
{
    char name[64];

    if (!fact->text_en)
        return json_object_set_new(object, fact->name, json_string(fact->text));
    snprintf(name, sizeof name, "%s_ja", fact->name);
    if (json_object_set_new(object, name, json_string(fact->text)) != 0)
        return -1;
    snprintf(name, sizeof name, "%s_en", fact->name);
    return json_object_set_new(object, name, json_string(fact->text_en));
}

/* Returns 0, or -1 where memory is out or a text is no UTF-8. */
static int put_fact(json_t *object, const struct fact *fact)
{
    json_t *value = NULL;

    if (fact->kind == FACT_TEXT)
        return put_texts(object, fact);
    if (fact->kind == FACT_NUMBER)
        value = json_integer(fact->number);
    else
        value = fact->kind == FACT_FLAG ? json_boolean(fact->number != 0) : json_null();
    return json_object_set_new(object, fact->name, value);
}

static json_t *object_of(const struct explanation *explanation)
{
    json_t *object = json_object();

    for (size_t i = 0; i < explanation->count; i++) {
        if (object && put_fact(object, &explanation->facts[i]) == 0)
            continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *array_of(const struct explanation *explanations, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        if (array && json_array_append_new(array, object_of(&explanations[i])) == 0)
            continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

/* Takes the value. */
static enum status print_json(struct scope *scope, json_t *value)
{
    int failed = value ? json_dumpf(value, stdout, JSON_INDENT(2)) : -1;

    json_decref(value);
    if (failed)
        return scope_fail(scope, CAUSE_TEXT_WRONG, "the explanation cannot be written as JSON");
    putchar('\n');
    return STATUS_OK;
}

enum status explanation_print(struct scope *scope, const struct explanation *explanation, bool json)
{
    if (json)
        return print_json(scope, object_of(explanation));
    for (size_t i = 0; i < explanation->count; i++)
        print_fact(&explanation->facts[i]);
    return STATUS_OK;
}

enum status explanation_print_list(struct scope *scope, const struct explanation *explanations,
                                   size_t count, bool json)
{
    if (json)
        return print_json(scope, array_of(explanations, count));
    for (size_t i = 0; i < count; i++)
        TRY(explanation_print(scope, &explanations[i], false));
    return STATUS_OK;
}
