/* SPDX-License-Identifier: Apache-2.0 */
#include "command/insurer_policy_option.h"

#include <string.h>

#include "base/text.h"

bool policy_words_given(const struct policy_words *words)
{
    return words->give_both || words->validity || words->use_record || words->expiry_months != 0 ||
           words->uses_month != 0;
}

static enum status read_give_both(struct scope *scope, const char *word, bool *out)
{
    if (strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
        return scope_fail(scope, CAUSE_USAGE, "--give-both: yes or no");
    *out = strcmp(word, "yes") == 0;
    return STATUS_OK;
}

/* A number that an int holds; what the law allows is asked of it later. */
static bool read_small(struct text text, int *out)
{
    int64_t number = 0;

    if (text.size > 4 || !text_is_digits(text) || !text_read_number(text, &number))
        return false;
    *out = (int)number;
    return true;
}

static enum status read_validity(struct scope *scope, const char *word, int *out)
{
    if (strcmp(word, "july") == 0) {
        *out = 0;
        return STATUS_OK;
    }
    if (!read_small(text_of(word), out) || *out == 0)
        return scope_fail(scope, CAUSE_USAGE, "--certificate-validity: 1 to 5 (years), or july");
    return STATUS_OK;
}

static enum status read_use_record(struct scope *scope, const char *word,
                                   struct insurer_policy *policy)
{
    const char *comma = strchr(word, ',');

    if (!comma ||
        !read_small((struct text){word, (size_t)(comma - word)}, &policy->uses_12_months) ||
        !read_small(text_of(comma + 1), &policy->uses_3_months))
        return scope_fail(scope, CAUSE_USAGE, "--use-record: two numbers, as in 6,1");
    return STATUS_OK;
}

enum status policy_words_apply(struct scope *scope, const struct policy_words *words,
                               struct insurer_policy *policy)
{
    struct insurer_policy changed = *policy;
    const char *fault = NULL;

    if (words->give_both)
        TRY(read_give_both(scope, words->give_both, &changed.gives_both));
    if (words->validity)
        TRY(read_validity(scope, words->validity, &changed.certificate_years));
    if (words->use_record)
        TRY(read_use_record(scope, words->use_record, &changed));
    if (words->expiry_months != 0)
        changed.expiry_months = (int)words->expiry_months;
    if (words->uses_month != 0)
        changed.uses_month = (int)words->uses_month;
    fault = insurer_policy_fault(&changed);
    if (fault)
        return scope_fail(scope, CAUSE_INSURER_POLICY_WRONG, "%s", fault);
    *policy = changed;
    return STATUS_OK;
}
