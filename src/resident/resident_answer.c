/* SPDX-License-Identifier: Apache-2.0 */
#include "resident/resident_answer.h"

#include <string.h>

bool resident_question(const char *path, enum register_question *out)
{
    for (int i = 0; i < REGISTER_QUESTION_COUNT; i++)
        if (strcmp(path, register_path((enum register_question)i)) == 0) {
            *out = (enum register_question)i;
            return true;
        }
    return false;
}

/* --- may they? ----------------------------------------------------------------------------------
 */

/* Beyond the insurers nobody sends or is told an individual number. */
static bool may_ask(enum resident_role role, const struct register_request *request)
{
    if (role != RESIDENT_OPERATOR)
        return role == RESIDENT_INSURER;
    for (size_t i = 0; request->question == REGISTER_COMPARE && i < request->count; i++)
        if (request->records[i].number.size > 0)
            return false;
    return request->question == REGISTER_COMPARE || request->question == REGISTER_CHANGES;
}

/* --- the questions ------------------------------------------------------------------------------
 */

static enum status by_number(struct scope *scope, struct resident_file *file,
                             const struct register_request *request, struct register_answer *out)
{
    for (size_t i = 0; i < request->count; i++) {
        enum status status =
            resident_find_number(scope, file, request->numbers[i], &out->findings[i].person);
        if (status == STATUS_OK)
            out->findings[i].found = REGISTER_FOUND_ONE;
        else if (status != STATUS_NOT_FOUND)
            return status;
    }
    return STATUS_OK;
}

static enum status by_items(struct scope *scope, struct resident_file *file,
                            const struct register_request *request, struct register_answer *out)
{
    for (size_t i = 0; i < request->count; i++)
        TRY(resident_find_items(scope, file, &request->items[i], &out->findings[i]));
    return STATUS_OK;
}

static enum status compare_one(struct scope *scope, struct resident_file *file,
                               const struct register_record *record,
                               struct register_comparison *out)
{
    struct register_person person = {0};
    enum status status = record->number.size > 0
                             ? resident_find_number(scope, file, record->number, &person)
                             : resident_find_link(scope, file, record->link, &person);

    if (status == STATUS_NOT_FOUND)
        *out = register_unknown();
    else if (status == STATUS_OK)
        *out = register_compare(&record->reported, &person.identity);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status compare(struct scope *scope, struct resident_file *file,
                           const struct register_request *request, struct register_answer *out)
{
    for (size_t i = 0; i < request->count; i++)
        TRY(compare_one(scope, file, &request->records[i], &out->comparisons[i]));
    return STATUS_OK;
}

static enum status changes(struct scope *scope, struct resident_file *file,
                           const struct register_request *request, struct register_answer *out)
{
    return resident_list_changes(scope, file, request->since, &out->changes);
}

/* --- the answer ---------------------------------------------------------------------------------
 */

static enum status decide(struct scope *scope, struct resident_file *file, enum resident_role role,
                          const struct register_request *request, struct register_answer *out)
{
    static enum status (*const questions[REGISTER_QUESTION_COUNT])(
        struct scope *, struct resident_file *, const struct register_request *,
        struct register_answer *) = {
        [REGISTER_BY_NUMBER] = by_number,
        [REGISTER_BY_ITEMS] = by_items,
        [REGISTER_COMPARE] = compare,
        [REGISTER_CHANGES] = changes,
    };

    if (!may_ask(role, request))
        return scope_fail(scope, CAUSE_REGISTER_REFUSED, "this role may not ask that");
    out->count = request->count;
    TRY(scope_alloc(scope, request->count + 1, sizeof *out->findings, &out->findings));
    TRY(scope_alloc(scope, request->count + 1, sizeof *out->comparisons, &out->comparisons));
    return questions[request->question](scope, file, request, out);
}

static enum status try_answer(struct scope *scope, struct resident_file *file,
                              enum resident_role role, enum register_question question,
                              struct text body, struct resident_reply *out)
{
    struct register_request request = {0};
    struct register_answer answer = {0};

    if (role == RESIDENT_NOBODY)
        return scope_fail(scope, CAUSE_REGISTER_REFUSED, "a client certificate is needed");
    TRY(register_request_read(scope, question, body, &request));
    TRY(decide(scope, file, role, &request, &answer));
    out->count = question == REGISTER_CHANGES ? answer.changes.count : request.count;
    return register_answer_write(scope, question, &answer, &out->body);
}

enum status resident_answer(struct scope *scope, struct resident_file *file,
                            enum resident_role role, enum register_question question,
                            struct text body, struct resident_reply *out)
{
    struct resident_reply reply = {.http_code = 200};
    enum status status = try_answer(scope, file, role, question, body, &reply);

    if (status != STATUS_OK) {
        reply = (struct resident_reply){failure_http_code(status), scope->cause, 0, {0}};
        scope_forgive(scope);
        TRY(register_refusal_write(scope, reply.cause, &reply.body));
    }
    *out = reply;
    return STATUS_OK;
}
