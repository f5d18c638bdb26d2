/* SPDX-License-Identifier: Apache-2.0 */
#include "register/register_parts.h"

#include "domain/number.h"
#include "register/link_code.h"

#define NUMBER_DIGITS 12
#define REQUEST_ROOM 4096

static const struct {
    const char *path, *list;
} questions[REGISTER_QUESTION_COUNT] = {
    [REGISTER_BY_NUMBER] = {"/v1/by-number", "numbers"},
    [REGISTER_BY_ITEMS] = {"/v1/by-items", "items"},
    [REGISTER_COMPARE] = {"/v1/compare", "records"},
    [REGISTER_CHANGES] = {"/v1/changes", NULL},
};

const char *register_path(enum register_question question)
{
    return questions[question].path;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static void add_one(struct text_buffer *buffer, const struct register_request *request, size_t i)
{
    text_buffer_add_string(buffer, i > 0 ? ",{" : "{");
    if (request->question == REGISTER_BY_NUMBER) {
        json_add_member(buffer, "number", request->numbers[i]);
    } else if (request->question == REGISTER_BY_ITEMS) {
        register_identity_add(buffer, &request->items[i]);
    } else {
        register_identity_add(buffer, &request->records[i].reported);
        register_text_add(buffer, "number", request->records[i].number);
        register_text_add(buffer, "link", request->records[i].link);
    }
    text_buffer_add_char(buffer, '}');
}

enum status register_request_write(struct scope *scope, const struct register_request *request,
                                   struct text *out)
{
    struct text_buffer buffer = text_buffer_begin(scope, REQUEST_ROOM);

    text_buffer_add_format(&buffer, "{\"version\":%d,", REGISTER_VERSION);
    if (request->question == REGISTER_CHANGES) {
        text_buffer_add_format(&buffer, "\"since\":%lld}", (long long)request->since);
        return text_buffer_end(&buffer, out);
    }
    text_buffer_add_format(&buffer, "\"%s\":[", questions[request->question].list);
    for (size_t i = 0; i < request->count; i++)
        add_one(&buffer, request, i);
    text_buffer_add_string(&buffer, "]}");
    return text_buffer_end(&buffer, out);
}

/* --- reading ------------------------------------------------------------------------------------
 */

/* left_out: whether it may be. */
static enum status read_individual(struct scope *scope, const struct json_node *object,
                                   bool left_out, struct text *out)
{
    TRY(register_text_read(scope, object, "number", NUMBER_DIGITS, out));
    if (left_out && out->size == 0)
        return STATUS_OK;
    if (number_check(NUMBER_INDIVIDUAL, *out) != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_INDIVIDUAL_NUMBER_WRONG,
                          "12 digits with a right check digit");
    return STATUS_OK;
}

static enum status read_numbers(struct scope *scope, const struct json_node *list,
                                struct register_request *out)
{
    size_t i = 0;

    TRY(scope_alloc(scope, list->count, sizeof *out->numbers, &out->numbers));
    for (const struct json_node *item = list->first; item; item = item->next)
        TRY(read_individual(scope, item, false, &out->numbers[i++]));
    return STATUS_OK;
}

static enum status read_items(struct scope *scope, const struct json_node *list,
                              struct register_request *out)
{
    size_t i = 0;

    TRY(scope_alloc(scope, list->count, sizeof *out->items, &out->items));
    for (const struct json_node *item = list->first; item; item = item->next)
        TRY(register_identity_read(scope, item, &out->items[i++]));
    return STATUS_OK;
}

static enum status read_record(struct scope *scope, const struct json_node *item,
                               struct register_record *out)
{
    TRY(register_identity_read(scope, item, &out->reported));
    TRY(read_individual(scope, item, true, &out->number));
    TRY(register_text_read(scope, item, "link", REGISTER_LINK_SIZE, &out->link));
    if ((out->number.size == 0) == (out->link.size == 0))
        return register_wrong(scope, "a record has a number or a link code, not both");
    if (out->link.size > 0 && !link_code_ok(out->link))
        return register_wrong(scope, "a link code has 64 hexadecimal digits");
    return STATUS_OK;
}

static enum status read_records(struct scope *scope, const struct json_node *list,
                                struct register_request *out)
{
    size_t i = 0;

    TRY(scope_alloc(scope, list->count, sizeof *out->records, &out->records));
    for (const struct json_node *item = list->first; item; item = item->next)
        TRY(read_record(scope, item, &out->records[i++]));
    return STATUS_OK;
}

enum status register_request_read(struct scope *scope, enum register_question question,
                                  struct text bytes, struct register_request *out)
{
    struct register_request request = {.question = question};
    const struct json_node *root = NULL;
    const struct json_node *list = NULL;

    TRY(register_root_read(scope, bytes, &root));
    if (question == REGISTER_CHANGES) {
        TRY(register_number_read(scope, root, "since", INT64_MAX, &request.since));
        *out = request;
        return STATUS_OK;
    }
    TRY(register_list_read(scope, root, questions[question].list, &list));
    request.count = list->count;
    if (request.count == 0 || request.count > REGISTER_BATCH_MAX)
        return scope_fail(scope, CAUSE_REGISTER_BATCH_WRONG, "1 to %d", REGISTER_BATCH_MAX);
    if (question == REGISTER_BY_NUMBER)
        TRY(read_numbers(scope, list, &request));
    else if (question == REGISTER_BY_ITEMS)
        TRY(read_items(scope, list, &request));
    else
        TRY(read_records(scope, list, &request));
    *out = request;
    return STATUS_OK;
}
