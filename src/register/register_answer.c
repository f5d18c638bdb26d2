/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "domain/number.h"
#include "register/link_code.h"
#include "register/register_parts.h"

#define ANSWER_ROOM 4096
#define MUNICIPALITY_DIGITS 5
#define RULE_MAX 64

static const char *const founds[] = {"none", "one", "several"};
static const char *const kinds[] = {"", "address", "name", "death", "support-set", "support-ended"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The index of a word in a table, or -1. */
static int word_at(struct text word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words[i][0] && text_is(word, words[i]))
            return (int)i;
    return -1;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static void add_finding(struct text_buffer *buffer, const struct register_finding *finding)
{
    const struct register_person *person = &finding->person;

    text_buffer_add_format(buffer, "{\"found\":\"%s\"", founds[finding->found]);
    if (finding->found == REGISTER_FOUND_ONE) {
        text_buffer_add_char(buffer, ',');
        register_identity_add(buffer, &person->identity);
        register_text_add(buffer, "number", person->number);
        register_text_add(buffer, "link", person->link);
        register_text_add(buffer, "municipality", person->municipality);
        register_day_add(buffer, "died", person->died);
        text_buffer_add_format(buffer, ",\"supported\":%s", person->supported ? "true" : "false");
    }
    text_buffer_add_char(buffer, '}');
}

static void add_comparison(struct text_buffer *buffer, const struct register_comparison *comparison)
{
    text_buffer_add_format(buffer,
                           "{\"difference\":%d,\"items\":%u,\"rewritten\":%u,\"rule\":\"%s\"}",
                           comparison->difference, comparison->items, comparison->rewritten,
                           rule_at(comparison->rule)->id);
}

static void add_changes(struct text_buffer *buffer, const struct register_changes *changes)
{
    text_buffer_add_string(buffer, "\"changes\":[");
    for (size_t i = 0; i < changes->count; i++) {
        const struct register_change *change = &changes->items[i];
        text_buffer_add_format(buffer, "%s{\"sequence\":%lld,\"kind\":\"%s\"", i > 0 ? "," : "",
                               (long long)change->sequence, kinds[change->kind]);
        register_text_add(buffer, "link", change->link);
        register_day_add(buffer, "day", change->day);
        text_buffer_add_char(buffer, '}');
    }
    text_buffer_add_format(buffer, "],\"next\":%lld,\"more\":%s", (long long)changes->next,
                           changes->more ? "true" : "false");
}

enum status register_answer_write(struct scope *scope, enum register_question question,
                                  const struct register_answer *answer, struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, ANSWER_ROOM);
    bool comparisons = question == REGISTER_COMPARE;

    text_buffer_add_format(&buffer, "{\"version\":%d,", REGISTER_VERSION);
    if (question == REGISTER_CHANGES) {
        add_changes(&buffer, &answer->changes);
    } else {
        text_buffer_add_string(&buffer, comparisons ? "\"comparisons\":[" : "\"findings\":[");
        for (size_t i = 0; i < answer->count; i++) {
            text_buffer_add_string(&buffer, i > 0 ? "," : "");
            if (comparisons)
                add_comparison(&buffer, &answer->comparisons[i]);
            else
                add_finding(&buffer, &answer->findings[i]);
        }
        text_buffer_add_char(&buffer, ']');
    }
    text_buffer_add_string(&buffer, "}\n");
    return text_buffer_end(&buffer, out);
}

enum status register_refusal_write(struct scope *scope, enum cause cause, struct text *out)
{
    const struct failure_text *text = failure_text(cause);
    struct text_buffer buffer = text_buffer_begin(scope, 512);

    text_buffer_add_format(&buffer, "{\"version\":%d,", REGISTER_VERSION);
    json_add_member(&buffer, "code", text_of(text->code));
    register_text_add(&buffer, "text_ja", text_of(text->it_ja));
    register_text_add(&buffer, "text_en", text_of(text->it_en));
    text_buffer_add_string(&buffer, "}\n");
    return text_buffer_end(&buffer, out);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static enum status read_person(struct scope *scope, const struct json_node *item,
                               struct register_person *out)
{
    TRY(register_identity_read(scope, item, &out->identity));
    TRY(register_text_read(scope, item, "number", 12, &out->number));
    TRY(register_text_read(scope, item, "link", REGISTER_LINK_SIZE, &out->link));
    TRY(register_text_read(scope, item, "municipality", MUNICIPALITY_DIGITS, &out->municipality));
    TRY(register_day_read(scope, item, "died", &out->died));
    TRY(register_flag_read(scope, item, "supported", &out->supported));
    if (out->number.size > 0 && number_check(NUMBER_INDIVIDUAL, out->number) != NUMBER_GOOD)
        return register_wrong(scope, "a person's number is none");
    if (!link_code_ok(out->link) || !date_is(out->identity.birth))
        return register_wrong(scope, "a person has a link code and a birth date");
    return STATUS_OK;
}

static enum status read_findings(struct scope *scope, const struct json_node *list,
                                 struct register_answer *out)
{
    size_t i = 0;

    TRY(scope_alloc(scope, list->count + 1, sizeof *out->findings, &out->findings));
    for (const struct json_node *item = list->first; item; item = item->next, i++) {
        struct text word = {0};
        int found = 0;
        TRY(register_text_read(scope, item, "found", 16, &word));
        found = word_at(word, founds, COUNT(founds));
        if (found < 0)
            return register_wrong(scope, "found is none, one or several");
        out->findings[i].found = (enum register_found)found;
        if (found == REGISTER_FOUND_ONE)
            TRY(read_person(scope, item, &out->findings[i].person));
    }
    return STATUS_OK;
}

static enum status read_comparison(struct scope *scope, const struct json_node *item,
                                   struct register_comparison *out)
{
    struct text rule = {0};
    const struct rule *known = NULL;
    int64_t difference = 0;
    int64_t items = 0;
    int64_t rewritten = 0;
    size_t count = 0;

    TRY(register_number_read(scope, item, "difference", 3, &difference));
    TRY(register_number_read(scope, item, "items", 31, &items));
    TRY(register_number_read(scope, item, "rewritten", 31, &rewritten));
    TRY(register_text_read(scope, item, "rule", RULE_MAX, &rule));
    known = rule_find(rule.size ? rule.bytes : "");
    if (!known || !text_starts_with(rule, "E1.register_"))
        return register_wrong(scope, "a rule that nobody knows");
    *out = (struct register_comparison){.difference = (int)difference,
                                        .items = (unsigned)items,
                                        .rewritten = (unsigned)rewritten,
                                        .rule = (enum rule_id)(known - rule_list(&count))};
    return STATUS_OK;
}

static enum status read_comparisons(struct scope *scope, const struct json_node *list,
                                    struct register_answer *out)
{
    size_t i = 0;

    TRY(scope_alloc(scope, list->count + 1, sizeof *out->comparisons, &out->comparisons));
    for (const struct json_node *item = list->first; item; item = item->next)
        TRY(read_comparison(scope, item, &out->comparisons[i++]));
    return STATUS_OK;
}

static enum status read_change(struct scope *scope, const struct json_node *item,
                               struct register_change *out)
{
    struct text kind = {0};
    int at = 0;

    TRY(register_number_read(scope, item, "sequence", INT64_MAX, &out->sequence));
    TRY(register_text_read(scope, item, "kind", 16, &kind));
    TRY(register_text_read(scope, item, "link", REGISTER_LINK_SIZE, &out->link));
    TRY(register_day_read(scope, item, "day", &out->day));
    at = word_at(kind, kinds, COUNT(kinds));
    if (at < 1 || !link_code_ok(out->link) || !date_is(out->day))
        return register_wrong(scope, "a change has a kind, a link code and a day");
    out->kind = (enum register_change_kind)at;
    return STATUS_OK;
}

static enum status read_changes(struct scope *scope, const struct json_node *root,
                                struct register_changes *out)
{
    const struct json_node *list = NULL;
    int64_t before = 0;

    TRY(register_list_read(scope, root, "changes", &list));
    if (list->count > REGISTER_CHANGES_MAX)
        return register_wrong(scope, "too many changes in one answer");
    TRY(scope_alloc(scope, list->count + 1, sizeof *out->items, &out->items));
    for (const struct json_node *item = list->first; item; item = item->next) {
        struct register_change *change = &out->items[out->count++];
        TRY(read_change(scope, item, change));
        if (change->sequence <= before)
            return register_wrong(scope, "changes come in ascending sequence");
        before = change->sequence;
    }
    TRY(register_number_read(scope, root, "next", INT64_MAX, &out->next));
    TRY(register_flag_read(scope, root, "more", &out->more));
    if (out->next < before || (out->more && out->count == 0))
        return register_wrong(scope, "a feed must go on");
    return STATUS_OK;
}

enum status register_answer_read(struct scope *scope, enum register_question question, size_t count,
                                 struct text bytes, struct register_answer *out)
{
    struct register_answer answer = {0};
    const struct json_node *root = NULL;
    const struct json_node *list = NULL;
    bool comparisons = question == REGISTER_COMPARE;

    TRY(register_root_read(scope, bytes, &root));
    if (question == REGISTER_CHANGES) {
        TRY(read_changes(scope, root, &answer.changes));
        *out = answer;
        return STATUS_OK;
    }
    TRY(register_list_read(scope, root, comparisons ? "comparisons" : "findings", &list));
    if (list->count != count)
        return register_wrong(scope, "one answer for each who was asked about");
    answer.count = count;
    if (comparisons)
        TRY(read_comparisons(scope, list, &answer));
    else
        TRY(read_findings(scope, list, &answer));
    *out = answer;
    return STATUS_OK;
}

enum cause register_refusal_read(struct scope *scope, struct text bytes)
{
    const struct json_node *root = NULL;
    struct text code = {0};

    if (register_root_read(scope, bytes, &root) == STATUS_OK &&
        register_text_read(scope, root, "code", 16, &code) == STATUS_OK && code.size > 0)
        return failure_cause(code.bytes);
    scope_forgive(scope);
    return CAUSE_NONE;
}
