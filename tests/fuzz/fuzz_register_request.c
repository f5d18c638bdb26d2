/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_register_request.c - aims at register_request_read(), which the resident register runs on
 * what anybody sends; corpus: tests/data/register_request/. The first byte names the question.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "register/register_message.h"

#define FUZZ_MEMORY_LIMIT (32UL * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool same_identity(const struct register_identity *a, const struct register_identity *b)
{
    return text_equal(a->name, b->name) && text_equal(a->kana, b->kana) &&
           text_equal(a->address, b->address) && date_compare(a->birth, b->birth) == 0 &&
           a->sex == b->sex;
}

static bool same(const struct register_request *a, const struct register_request *b)
{
    if (a->question != b->question || a->count != b->count || a->since != b->since)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->question == REGISTER_BY_NUMBER && !text_equal(a->numbers[i], b->numbers[i]))
            return false;
        if (a->question == REGISTER_BY_ITEMS && !same_identity(&a->items[i], &b->items[i]))
            return false;
        if (a->question == REGISTER_COMPARE &&
            (!text_equal(a->records[i].number, b->records[i].number) ||
             !text_equal(a->records[i].link, b->records[i].link) ||
             !same_identity(&a->records[i].reported, &b->records[i].reported)))
            return false;
    }
    return true;
}

/* What is accepted may be compared: the normalisers run on it too. */
static void compare_all(const struct register_request *request)
{
    for (size_t i = 1; request->question == REGISTER_BY_ITEMS && i < request->count; i++) {
        struct register_comparison found =
            register_compare(&request->items[i - 1], &request->items[i]);
        if (found.difference < 0 || found.difference > 3 || (found.items & found.rewritten) != 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct register_request read = {0};
    struct register_request again = {0};
    struct text text = {0};
    enum register_question question = REGISTER_BY_NUMBER;

    if (size == 0)
        return 0;
    question = (enum register_question)(bytes[0] % REGISTER_QUESTION_COUNT);
    text = (struct text){(const char *)bytes + 1, size - 1};
    if (register_request_read(&scope, question, text, &read) != STATUS_OK)
        return 0;
    compare_all(&read);
    if (register_request_write(&scope, &read, &text) != STATUS_OK ||
        register_request_read(&scope, question, text, &again) != STATUS_OK || !same(&read, &again))
        abort(); /* what we accept, we can write and read back the same */
    return 0;
}
