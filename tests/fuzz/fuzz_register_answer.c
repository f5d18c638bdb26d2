/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_register_answer.c - aims at register_answer_read() and register_refusal_read(), which the
 * client runs on what a register sends; corpus: tests/data/register_answer/. The first byte names
 * the question, the second how many were asked about.
 */
#include <stdint.h>
#include <stdlib.h>

#include "register/register_message.h"

#define FUZZ_MEMORY_LIMIT (32UL * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(scope_end) struct scope scope = scope_begin(FUZZ_MEMORY_LIMIT);
    struct register_answer read = {0};
    struct register_answer again = {0};
    struct text text = {0};
    enum register_question question = REGISTER_BY_NUMBER;
    size_t count = 0;

    if (size < 2)
        return 0;
    question = (enum register_question)(bytes[0] % REGISTER_QUESTION_COUNT);
    count = bytes[1] % 8;
    text = (struct text){(const char *)bytes + 2, size - 2};
    (void)register_refusal_read(&scope, text);
    if (register_answer_read(&scope, question, count, text, &read) != STATUS_OK)
        return 0;
    if (question != REGISTER_CHANGES && read.count != count)
        abort();
    if (register_answer_write(&scope, question, &read, &text) != STATUS_OK ||
        register_answer_read(&scope, question, count, text, &again) != STATUS_OK ||
        again.count != read.count || again.changes.count != read.changes.count)
        abort(); /* what we accept, we can write and read back */
    return 0;
}
