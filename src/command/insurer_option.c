/* SPDX-License-Identifier: Apache-2.0 */
#include "command/insurer_option.h"

enum status insurer_option_read(struct scope *scope, const char *word, struct insurer_number *out)
{
    enum number_verdict verdict = insurer_number_read(text_of(word), out);

    if (verdict != NUMBER_GOOD)
        return scope_fail(scope, CAUSE_USAGE, "--insurer: %s", number_verdict_en(verdict));
    return STATUS_OK;
}
